//! For what the files of containers are, by their names: what runs in development, in tests and in
//! builds alone is not held to the same as what runs for others.

/// Words of such names.
const ASIDE: [&str; 27] = [
    "build",
    "builder",
    "ci",
    "cypress",
    "debug",
    "demo",
    "dev",
    "devcontainer",
    "devel",
    "development",
    "docs",
    "e2e",
    "emulator",
    "emulators",
    "example",
    "examples",
    "integration",
    "lint",
    "local",
    "localdev",
    "maildev",
    "playwright",
    "sandbox",
    "test",
    "testing",
    "tests",
    "toolchain",
];

/// Whether a file is not for what is deployed.
pub(crate) fn is_aside(path: &str) -> bool {
    path.split(|c: char| !c.is_ascii_alphanumeric())
        .any(|word| ASIDE.iter().any(|aside| word.eq_ignore_ascii_case(aside)))
}

/// Whether a service prepares something for the others and ends, by its name.
pub(crate) fn prepares(name: &str) -> bool {
    let words = [
        "init",
        "setup",
        "permissions",
        "perms",
        "chown",
        "migrate",
        "migration",
        "migrations",
        "fix",
        "bootstrap",
    ];
    name.split(|c: char| !c.is_ascii_alphanumeric())
        .any(|word| words.iter().any(|one| word.eq_ignore_ascii_case(one)))
}

#[cfg(test)]
mod tests {
    use super::{is_aside, prepares};

    #[test]
    fn names_say_for_what_files_are() {
        for path in
            ["docker-compose.dev.yml", "tests/Dockerfile", "Dockerfile-CI", ".devcontainer/x"]
        {
            assert!(is_aside(path), "{path}");
        }
        for path in ["Dockerfile", "deploy/compose.yaml", "latest/Dockerfile", "device/Dockerfile"]
        {
            assert!(!is_aside(path), "{path}");
        }
        assert!(prepares("db-init") && !prepares("initial"));
    }
}
