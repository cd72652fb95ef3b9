//! From a path without its ending to the file that is meant.

use assize_model::FileClass;
use assize_syntax::FileFlags;

use super::within;
use crate::View;

/// Endings that are tried, in the order in which compilers try them.
const ENDINGS: [&str; 16] = [
    ".ts", ".tsx", ".d.ts", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts", ".json", ".vue",
    ".svelte", ".astro", ".d.mts", ".d.cts", ".node",
];

/// What a JavaScript ending can stand for in sources.
const SOURCES: [(&str, &[&str]); 4] = [
    (".js", &[".ts", ".tsx", ".d.ts", ".jsx"]),
    (".jsx", &[".tsx"]),
    (".mjs", &[".mts", ".d.mts"]),
    (".cjs", &[".cts", ".d.cts"]),
];

/// Style sheets that compile to what is imported.
const STYLES: [&str; 5] = [".scss", ".sass", ".less", ".styl", ".pcss"];

/// Names of folders that builds, code generators and frameworks fill.
const MADE_FOLDERS: [&str; 23] = [
    ".astro",
    ".contentlayer",
    ".next",
    ".nuxt",
    ".output",
    ".prisma",
    ".react-router",
    ".svelte-kit",
    ".tanstack",
    ".velite",
    ".wxt",
    "+types",
    "__generated__",
    "build",
    "coverage",
    "dist",
    "gen",
    "generated",
    "node_modules",
    "out",
    "paraglide",
    "styled-system",
    "target",
];

/// Folders beside a manifest that are made in some projects and written in others: made when they
/// are not there.
const OUTPUT_FOLDERS: [&str; 13] = [
    "assets", "bundle", "cjs", "compiled", "es", "esm", "lib", "output", "pkg", "public", "static",
    "umd", "wasm",
];

/// Endings that a bundler or a runtime takes in place of a plain one: `x.native.tsx`.
const PLATFORMS: [&str; 13] = [
    "android", "browser", "client", "desktop", "ios", "macos", "mobile", "native", "node",
    "server", "web", "windows", "wasm",
];

/// Languages that compile to JavaScript, or that loaders turn into modules.
const OTHER_ENDINGS: [&str; 16] = [
    "coffee",
    "ejs",
    "elm",
    "es",
    "es6",
    "gql",
    "graphql",
    "hbs",
    "html",
    "litcoffee",
    "ls",
    "marko",
    "mdx",
    "pug",
    "res",
    "riot",
];

/// How many files beside a missing one are looked at.
const SIBLINGS_MAX: usize = 4_000;

/// What a path stands for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Module {
    File(String),
    /// A folder with a manifest of its own, or a file of a kind that is not read.
    Folder,
    Missing,
}

/// Looks for the module at a path. `folder`: it was written with a slash at its end.
pub(super) fn find(path: &str, folder: bool, view: &View<'_>) -> Module {
    if path.is_empty() {
        return index_of(path, view);
    }
    if !folder {
        if view.is_file(path) {
            return exact(path, view);
        }
        for ending in ENDINGS {
            let candidate = format!("{path}{ending}");
            if view.is_file(&candidate) {
                return Module::File(candidate);
            }
        }
        if let Some(source) = source_of(path, view) {
            return Module::File(source);
        }
    }
    match index_of(path, view) {
        Module::Missing if has_variant(path, view) => Module::Folder,
        found => found,
    }
}

/// A file with its ending written out. The source beside a script holds its names, whether or not
/// it was compiled anew; so do declarations.
fn exact(path: &str, view: &View<'_>) -> Module {
    let compiled = [(".js", ".ts"), (".js", ".tsx"), (".mjs", ".mts"), (".cjs", ".cts")];
    for (ending, source) in compiled {
        if let Some(stem) = path.strip_suffix(ending)
            && view.is_file(&format!("{stem}{source}"))
        {
            return Module::File(format!("{stem}{source}"));
        }
    }
    let script = [(".js", ".d.ts"), (".mjs", ".d.mts"), (".cjs", ".d.cts")];
    for (ending, declarations) in script {
        if let Some(stem) = path.strip_suffix(ending)
            && view.is_file(&format!("{stem}{declarations}"))
        {
            return Module::File(format!("{stem}{declarations}"));
        }
    }
    Module::File(path.to_owned())
}

/// The source from which `x.js` is compiled, `x.ts` for one.
fn source_of(path: &str, view: &View<'_>) -> Option<String> {
    for (ending, sources) in SOURCES {
        let Some(stem) = path.strip_suffix(ending) else { continue };
        for source in sources {
            let candidate = format!("{stem}{source}");
            if view.is_file(&candidate) {
                return Some(candidate);
            }
        }
    }
    let stem = path.strip_suffix(".css")?;
    STYLES.iter().map(|style| format!("{stem}{style}")).find(|candidate| view.is_file(candidate))
}

fn index_of(path: &str, view: &View<'_>) -> Module {
    for ending in ENDINGS {
        let candidate = within(path, &format!("index{ending}"));
        if view.is_file(&candidate) {
            return Module::File(candidate);
        }
    }
    if view.is_file(&within(path, "package.json")) { Module::Folder } else { Module::Missing }
}

/// Whether a file beside the path has its name and an ending that only a bundler takes.
fn has_variant(path: &str, view: &View<'_>) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = ENDINGS.iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(name);
    siblings(folder, view).any(|sibling| {
        sibling.strip_prefix(stem).and_then(|rest| rest.strip_prefix('.')).is_some_and(|rest| {
            let first = rest.split('.').next().unwrap_or(rest);
            PLATFORMS.contains(&first) || OTHER_ENDINGS.contains(&rest)
        })
    })
}

/// The names of the files that lie directly in a folder.
pub(super) fn siblings<'a>(
    folder: &'a str,
    view: &View<'a>,
) -> impl Iterator<Item = &'a str> + use<'a> {
    let skip = if folder.is_empty() { 0 } else { folder.len() + 1 };
    view.files_under(folder)
        .take(SIBLINGS_MAX)
        .filter_map(move |file| file.path().get(skip..))
        .filter(|rest| !rest.contains('/'))
}

/// Whether a module that is not in the tree may come into being by itself: a build makes it, it
/// lies in another repository, or it is kept out of the repository on purpose.
pub(super) fn may_be_made(path: &str, view: &View<'_>) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    if path.split('/').any(|part| MADE_FOLDERS.contains(&part)) || is_made_name(name) {
        return true;
    }
    // Folders such as `.next` and `.source` are filled by tools.
    if folder.split('/').any(|part| part.starts_with('.')) && !view.is_folder(folder) {
        return true;
    }
    // Generators of Prisma write beside its schema.
    if path.split('/').any(|part| part == "prisma") {
        return true;
    }
    let mut above = String::new();
    for part in folder.split('/').filter(|part| !part.is_empty()) {
        let home = view.is_file(&within(&above, "package.json"));
        above = within(&above, part);
        if let Some(file) = view.file(&above) {
            // A link: to another repository, or to somewhere else in this one.
            let flags = file.flags();
            return flags.has(FileFlags::GIT_LINK) || flags.has(FileFlags::LINK);
        }
        if home && OUTPUT_FOLDERS.contains(&part) && !view.is_folder(&above) {
            return true;
        }
    }
    let home = view.is_file(&within(folder, "package.json"));
    if home && OUTPUT_FOLDERS.contains(&name) {
        return true;
    }
    // In a folder of generated files more may be generated.
    let mut here = view.files_under(folder).take(SIBLINGS_MAX);
    here.any(|file| file.class() == FileClass::Generated && file.folder() == folder)
}

fn is_made_name(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    const PARTS: [&str; 14] = [
        ".gen",
        "generated",
        "_pb",
        ".pb",
        "_grpc",
        ".g.",
        ".bs.",
        ".res.",
        ".wasm",
        ".node",
        "secret",
        "credential",
        ".local",
        "autogen",
    ];
    PARTS.iter().any(|part| lower.contains(part))
        || lower.starts_with("$types")
        || matches!(lower.as_str(), "version" | "auto-imports" | "components.d")
}
