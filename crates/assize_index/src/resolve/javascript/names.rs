//! Names that runtimes, bundlers and hosts give, and what a package's name looks like.

/// Whether the specifier is an address or names its registry, so that no manifest is needed.
pub(super) fn is_address(specifier: &str) -> bool {
    const SCHEMES: [&str; 9] =
        ["http:", "https:", "data:", "blob:", "file:", "npm:", "jsr:", "resource:", "chrome:"];
    SCHEMES.iter().any(|scheme| specifier.starts_with(scheme))
}

/// Whether the specifier names a module of Node.
pub(super) fn is_builtin(specifier: &str) -> bool {
    if specifier.starts_with("node:") {
        return true;
    }
    let first = specifier.split('/').next().unwrap_or(specifier);
    BUILTINS.binary_search(&first).is_ok()
}

/// Whether a runtime or a bundler makes the module.
pub(super) fn is_of_runtime(specifier: &str) -> bool {
    const PREFIXES: [&str; 20] = [
        "virtual:",
        "bun:",
        "deno:",
        "cloudflare:",
        "astro:",
        "ext:",
        "gi:",
        "wasi:",
        "workerd:",
        "sass:",
        "~icons/",
        "$app/",
        "$env/",
        "@theme/",
        "@theme-original/",
        "@theme-init/",
        "@docusaurus/",
        "@site/",
        "@generated/",
        "k6/",
    ];
    matches!(specifier, "k6" | "bun" | "#imports" | "$service-worker" | "vscode" | "obsidian")
        || PREFIXES.iter().any(|prefix| specifier.starts_with(prefix))
}

/// Whether the host in which the code runs may bring the package along.
pub(super) fn is_given_by_host(name: &str) -> bool {
    matches!(name, "aws-sdk" | "server-only" | "client-only" | "electron" | "atom" | "uxp")
        || name.starts_with("@aws-sdk/")
        || name.starts_with("@docusaurus/")
}

/// Packages that several others depend on, sorted. Gathered from public lock files.
const TRANSITIVE: &str = include_str!("../../../data/npm_transitive.txt");

/// Whether a declared package may well bring this one where no lock file tells.
pub(super) fn often_transitive(name: &str) -> bool {
    let lines = TRANSITIVE.lines();
    lines.take_while(|line| *line <= name).any(|line| line == name)
}

/// Whether the name stands for types that come with other packages.
pub(super) fn is_of_types_alone(name: &str) -> bool {
    const NAMES: [&str; 11] = [
        "estree",
        "geojson",
        "hast",
        "json-schema",
        "mdast",
        "mdx",
        "nlcst",
        "trusted-types",
        "unist",
        "xast",
        "express-serve-static-core",
    ];
    NAMES.contains(&name)
}

/// The package that holds the types of another.
pub(super) fn types_of(name: &str) -> String {
    match name.strip_prefix('@').and_then(|scoped| scoped.split_once('/')) {
        Some((scope, rest)) => format!("@types/{scope}__{rest}"),
        None => format!("@types/{name}"),
    }
}

/// The package that a bare specifier names; `None` where it cannot be a package.
pub(super) fn package(specifier: &str) -> Option<&str> {
    let scoped = specifier.starts_with('@');
    let mut slashes = specifier.match_indices('/').map(|(at, _)| at);
    let end = if scoped {
        let first = slashes.next()?;
        if first == 1 {
            return None;
        }
        slashes.next()
    } else {
        slashes.next()
    };
    let name = specifier.get(..end.unwrap_or(specifier.len()))?;
    let body = name.strip_prefix('@').unwrap_or(name);
    let valid = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphanumeric())
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b))
    };
    body.split('/').all(valid).then_some(name)
}

/// Modules of Node that need no prefix.
const BUILTINS: &[&str] = &[
    "_http_agent",
    "_http_client",
    "_http_common",
    "_http_server",
    "_stream_duplex",
    "_stream_readable",
    "_stream_transform",
    "_stream_writable",
    "_tls_common",
    "assert",
    "async_hooks",
    "buffer",
    "child_process",
    "cluster",
    "console",
    "constants",
    "crypto",
    "dgram",
    "diagnostics_channel",
    "dns",
    "domain",
    "events",
    "fs",
    "http",
    "http2",
    "https",
    "inspector",
    "module",
    "net",
    "os",
    "path",
    "perf_hooks",
    "process",
    "punycode",
    "querystring",
    "readline",
    "repl",
    "stream",
    "string_decoder",
    "sys",
    "timers",
    "tls",
    "trace_events",
    "tty",
    "url",
    "util",
    "v8",
    "vm",
    "wasi",
    "worker_threads",
    "zlib",
];

#[cfg(test)]
mod tests {
    use super::{BUILTINS, is_builtin, package, types_of};

    #[test]
    fn the_table_is_sorted() {
        assert!(BUILTINS.is_sorted());
        assert!(is_builtin("fs/promises") && is_builtin("node:sqlite") && !is_builtin("fs-extra"));
    }

    #[test]
    fn packages_of_specifiers() {
        assert_eq!(package("react/jsx-runtime"), Some("react"));
        assert_eq!(package("@a/b/c"), Some("@a/b"));
        assert_eq!(package("lodash.get"), Some("lodash.get"));
        for alias in ["@/a", "~/a", "#a", "@a", "$lib/a", "", "a b", ".x", "{{a}}"] {
            assert_eq!(package(alias), None, "{alias}");
        }
        assert_eq!(types_of("@a/b"), "@types/a__b");
    }
}
