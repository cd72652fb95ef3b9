//! Paths that by their name come to be after the checkout: build outputs, caches, secrets.

use assize_index::FactRef;

/// Folders that tools make and repositories ignore.
const FOLDERS: &[&str] = &[
    "__pycache__",
    "_build",
    "_output",
    "_site",
    "artifacts",
    "bin",
    "build",
    "cache",
    "coverage",
    "dist",
    "gen",
    "generated",
    "htmlcov",
    "log",
    "logs",
    "node_modules",
    "obj",
    "out",
    "output",
    "outputs",
    "secrets",
    "site-packages",
    "target",
    "temp",
    "tmp",
    "venv",
    "wheelhouse",
    "wheels",
];

/// Hidden folders that are made likewise.
const HIDDEN: &[&str] = &[
    ".aws",
    ".cache",
    ".git",
    ".gradle",
    ".kube",
    ".next",
    ".nuxt",
    ".output",
    ".pytest_cache",
    ".ssh",
    ".svelte-kit",
    ".terraform",
    ".tox",
    ".turbo",
    ".venv",
    ".yarn",
];

/// Endings of what is built, recorded or kept private.
const ENDINGS: &[&str] = &[
    "cer",
    "crt",
    "db",
    "deb",
    "dll",
    "env",
    "exe",
    "gz",
    "jar",
    "jks",
    "key",
    "lcov",
    "local",
    "log",
    "p12",
    "pem",
    "pfx",
    "pid",
    "rpm",
    "sarif",
    "so",
    "sock",
    "sqlite",
    "sqlite3",
    "tar",
    "tfplan",
    "tfstate",
    "tfvars",
    "tgz",
    "tsbuildinfo",
    "war",
    "wasm",
    "whl",
    "xz",
    "zip",
];

/// Names of files that hold what nobody publishes.
const PRIVATE: &[&str] = &["env", ".netrc", ".npmrc", ".pypirc", "kubeconfig"];

/// Whether the path is one that a repository is not expected to hold.
pub(super) fn comes_later(path: &FactRef<'_>) -> bool {
    let mut parts = path.key.rsplit('/');
    let name = parts.next().unwrap_or("");
    let lower = name.to_ascii_lowercase();
    let ending = lower.rsplit_once('.').map_or("", |(_, ending)| ending);
    is_made(name)
        || parts.any(is_made)
        || ENDINGS.contains(&ending)
        || PRIVATE.contains(&lower.as_str())
        || lower.starts_with(".env")
        || lower.contains("secret")
        || lower.contains("credential")
}

fn is_made(part: &str) -> bool {
    FOLDERS.contains(&part) || HIDDEN.contains(&part)
}
