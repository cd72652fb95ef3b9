//! Documents that a tool makes into a site: their links may mean pages, not files.

use assize_index::{FileRef, View};

/// Files that say that the documents below their folder become a site.
const MARKERS: [&str; 22] = [
    "mkdocs.yml",
    "mkdocs.yaml",
    "docusaurus.config.js",
    "docusaurus.config.ts",
    "docusaurus.config.mjs",
    "_config.yml",
    "_config.yaml",
    "book.toml",
    "conf.py",
    "hugo.toml",
    "hugo.yaml",
    "antora.yml",
    "_sidebar.md",
    "_toc.yml",
    "astro.config.mjs",
    "astro.config.ts",
    "mint.json",
    "docs.json",
    "gatsby-config.js",
    "zensical.toml",
    ".gitbook.yaml",
    "SUMMARY.md",
];

/// Endings with which a site's tool finds the page behind a link.
const ENDINGS: [&str; 8] =
    [".md", ".mdx", ".markdown", ".rst", "/index.md", "/index.mdx", "/README.md", "/_index.md"];

/// Whether a document is a page of a site.
pub(super) fn holds(view: &View<'_>, document: FileRef<'_>) -> bool {
    let readme = document.name().to_ascii_lowercase().starts_with("readme");
    let folder = document.folder();
    if folder.is_empty() && readme {
        return false;
    }
    let above = |marker: &str| {
        marker.is_empty()
            || folder == marker
            || folder.strip_prefix(marker).is_some_and(|rest| rest.starts_with('/'))
    };
    let configures = |folder: &str| folder.strip_suffix(".vitepress").map(str::to_owned);
    MARKERS.iter().any(|name| view.files_named(name).iter().any(|file| above(file.folder())))
        || ["config.js", "config.ts", "config.mts", "config.mjs"].iter().any(|name| {
            view.files_named(name)
                .iter()
                .filter_map(|file| configures(file.folder()))
                .any(|marker| above(marker.trim_end_matches('/')))
        })
}

/// Whether a page stands behind a path that is no file: `guide` for `guide.md`, `guide.html` for
/// `guide.md`, or any of them counted from a folder above.
pub(super) fn has_page(view: &View<'_>, document: FileRef<'_>, written: &str) -> bool {
    let path = written.split(['#', '?']).next().unwrap_or(written);
    let path = path.strip_suffix(".html").or_else(|| path.strip_suffix(".htm")).unwrap_or(path);
    let path = path.trim_end_matches('/').trim_start_matches('/');
    // A page with an address of its own is a folder to the links on it.
    let own = document.path().rsplit_once('.').map_or("", |(stem, _)| stem);
    let mut folder = own;
    loop {
        if let Ok(key) = assize_model::normalise(folder, path) {
            let stem = key.strip_suffix(".md").or_else(|| key.strip_suffix(".mdx")).unwrap_or(&key);
            let found = view.exists(&key)
                || ENDINGS.iter().any(|ending| view.is_file(&format!("{stem}{ending}")));
            if found && !key.is_empty() {
                return true;
            }
        }
        match folder.rsplit_once('/') {
            Some((above, _)) => folder = above,
            None if folder.is_empty() => return false,
            None => folder = "",
        }
    }
}
