//! Files that are not made by choice: a framework wants them, or they are no code of the product.

use assize_index::FileRef;
use assize_model::FileClass;
use assize_syntax::Dialect;

use crate::controls::delete_dossier::unsearched;

/// Stems of files that frameworks look for by name.
const WANTED: [&str; 44] = [
    "__init__",
    "__main__",
    "mod",
    "lib",
    "main",
    "index",
    "page",
    "layout",
    "loading",
    "error",
    "not-found",
    "global-error",
    "template",
    "default",
    "route",
    "middleware",
    "instrumentation",
    "setup",
    "conftest",
    "manage",
    "wsgi",
    "asgi",
    "urls",
    "admin",
    "apps",
    "models",
    "views",
    "serializers",
    "forms",
    "signals",
    "tasks",
    "tests",
    "doc",
    "settings",
    "config",
    "conf",
    "build",
    "types",
    "constants",
    "schema",
    "schemas",
    "routes",
    "_app",
    "_document",
];
/// Folders whose files are written once and stay as they are, or show something.
const APART: [&str; 14] = [
    "migrations",
    "migration",
    "versions",
    "alembic",
    "fixtures",
    "examples",
    "example",
    "samples",
    "stories",
    "__mocks__",
    "docs",
    "generated",
    "locales",
    "i18n",
];

/// What is to be asked of a new file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Nothing.
    Exempt,
    /// The index knows its like.
    Searched,
    /// The index knows only the names of files in this language.
    Unsearched(&'static str),
}

/// Go chooses files by the end of their names: what they hold is alike by design.
fn is_of_platform(name: &str) -> bool {
    const PLATFORMS: [&str; 10] = [
        "linux", "windows", "darwin", "unix", "freebsd", "openbsd", "amd64", "arm64", "other",
        "wasm",
    ];
    let stem = name.strip_suffix(".go").and_then(|stem| stem.rsplit_once('_'));
    stem.is_some_and(|(_, end)| PLATFORMS.contains(&end))
}

/// What is to be asked of a new file.
pub fn kind(file: FileRef<'_>) -> Kind {
    let name = file.name();
    let stem = name.split('.').next().unwrap_or(name);
    // `vite.config.ts`, `button.stories.tsx`, `user.d.ts`.
    let marked = name.split('.').skip(1).any(|part| {
        matches!(part, "config" | "stories" | "d" | "test" | "spec" | "setup" | "mock" | "pb")
    });
    let apart = file.folder().split('/').any(|part| APART.contains(&part) || part.starts_with('.'));
    if file.class() != FileClass::Production
        || WANTED.contains(&stem)
        || marked
        || apart
        || name.starts_with(['.', '['])
        || name.ends_with("_pb2.py")
        || name.ends_with("_pb2_grpc.py")
        || is_of_platform(name)
    {
        return Kind::Exempt;
    }
    match file.dialect() {
        Dialect::Python
        | Dialect::JavaScript
        | Dialect::Jsx
        | Dialect::TypeScript
        | Dialect::Tsx
        | Dialect::Go
        | Dialect::Java
        | Dialect::Rust
        | Dialect::CSharp => Kind::Searched,
        Dialect::Component => Kind::Unsearched("components"),
        _ => unsearched(file.path()).map_or(Kind::Exempt, Kind::Unsearched),
    }
}
