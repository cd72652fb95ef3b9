//! The folders from which a project's modules are found, as its tools are told.

use assize_model::{Span, normalise};
use toml_edit::{Item, TableLike, Value};

use crate::Extraction;
use crate::lang::requirements::manifest::source_root;

use super::reading::{at, entries, span_of, table_at, tables, text_at, texts, texts_at};

/// Settings whose texts are folders, and what to call the reason.
const FOLDERS: &[(&[&str], &str)] = &[
    (&["tool", "pytest", "pythonpath"], "pytest"),
    (&["tool", "setuptools", "packages", "find", "where"], "setuptools"),
    (&["tool", "pyright", "extraPaths"], "pyright"),
    (&["tool", "pyright", "root"], "pyright"),
    (&["tool", "basedpyright", "extraPaths"], "pyright"),
    (&["tool", "ty", "environment", "root"], "ty"),
    (&["tool", "ty", "environment", "extra-paths"], "ty"),
    (&["tool", "ruff", "src"], "ruff"),
    (&["tool", "isort", "src_paths"], "isort"),
    (&["tool", "pylint", "main", "source-roots"], "pylint"),
    (&["tool", "pdm", "build", "package-dir"], "pdm"),
    (&["tool", "pdm", "package-dir"], "pdm"),
    (&["tool", "uv", "build-backend", "module-root"], "uv"),
    (&["tool", "maturin", "python-source"], "maturin"),
    (&["tool", "hatch", "build", "dev-mode-dirs"], "hatch"),
];

pub(super) fn read(sheet: &mut Extraction<'_>, table: &dyn TableLike) {
    let first = entries(table).next().map_or(Span::new(0, 0), |(_, span, _)| span);
    source_root(sheet, ".", first, "project");
    for (path, says) in FOLDERS {
        for (folder, span) in texts_at(table, path) {
            source_root(sheet, folder, span, says);
        }
    }
    // Lists in one text: pytest separates with spaces, mypy with commas or colons.
    if let Some(item) = at(table, &["tool", "pytest", "ini_options", "pythonpath"]) {
        split(sheet, item, &[' ', '\n', '\t'], "pytest");
    }
    if let Some(item) = at(table, &["tool", "mypy", "mypy_path"]) {
        split(sheet, item, &[',', ':', '\n'], "mypy");
    }
    for environment in
        at(table, &["tool", "pyright", "executionEnvironments"]).map(tables).unwrap_or_default()
    {
        for (folder, span) in ["root", "extraPaths"]
            .into_iter()
            .filter_map(|key| environment.get(key))
            .flat_map(texts)
        {
            source_root(sheet, folder, span, "pyright");
        }
    }
    package_dirs(sheet, table);
    poetry(sheet, table);
    hatch(sheet, table);
    default_layout(sheet, table);
}

fn split(sheet: &mut Extraction<'_>, item: &Item, separators: &[char], says: &str) {
    for (list, span) in texts(item) {
        for folder in list.split(separators).filter(|folder| !folder.is_empty()) {
            source_root(sheet, folder, span, says);
        }
    }
}

/// `package-dir = {"" = "src"}` moves the root; `{a = "lib/a"}` moves one package.
fn package_dirs(sheet: &mut Extraction<'_>, table: &dyn TableLike) {
    let Some(dirs) = table_at(table, &["tool", "setuptools", "package-dir"]) else { return };
    for (package, _, item) in entries(dirs) {
        let Some(folder) = item.as_str() else { continue };
        moved_package(sheet, package, folder, span_of(item), "setuptools");
    }
}

/// A package is found from the folder above its own, if the last parts of both agree.
pub(in crate::lang) fn moved_package(
    sheet: &mut Extraction<'_>,
    package: &str,
    folder: &str,
    span: Span,
    says: &str,
) {
    let mut root = folder.trim_end_matches('/');
    for part in package.rsplit('.').filter(|part| !part.is_empty()) {
        let Some(above) = root.strip_suffix(part) else { return };
        if !above.is_empty() && !above.ends_with('/') {
            return;
        }
        root = above.trim_end_matches('/');
    }
    source_root(sheet, if root.is_empty() { "." } else { root }, span, says);
}

fn poetry(sheet: &mut Extraction<'_>, table: &dyn TableLike) {
    let packages = at(table, &["tool", "poetry", "packages"]).map(tables).unwrap_or_default();
    for package in packages {
        let from = package.get("from");
        if let Some((folder, item)) = from.and_then(|item| Some((item.as_str()?, item))) {
            source_root(sheet, folder, span_of(item), "poetry");
        }
    }
}

fn hatch(sheet: &mut Extraction<'_>, table: &dyn TableLike) {
    let Some(build) = table_at(table, &["tool", "hatch", "build"]) else { return };
    let targets = table_at(build, &["targets"]);
    let targets = targets.into_iter().flat_map(entries);
    let targets = targets.filter_map(|(_, _, target)| target.as_table_like());
    for target in std::iter::once(build).chain(targets) {
        // What is named is the package itself: the folder above it is the root.
        for (package, span) in texts_at(target, &["packages"]) {
            let above = normalise("", package).unwrap_or_default();
            let above = above.rsplit_once('/').map_or(".", |(above, _)| above);
            source_root(sheet, above, span, "hatch");
        }
        let Some(sources) = target.get("sources") else { continue };
        for (folder, span) in texts(sources) {
            source_root(sheet, folder, span, "hatch");
        }
        for (folder, span, to) in sources.as_table_like().into_iter().flat_map(entries) {
            if to.as_value().and_then(Value::as_str) == Some("") {
                source_root(sheet, folder, span, "hatch");
            }
        }
    }
}

/// The build backends find a project in `src` without being told.
fn default_layout(sheet: &mut Extraction<'_>, table: &dyn TableLike) {
    let place = text_at(table, &["build-system", "build-backend"])
        .map(|(_, span)| span)
        .or_else(|| text_at(table, &["tool", "poetry", "name"]).map(|(_, span)| span))
        .or_else(|| at(table, &["build-system", "requires"]).map(span_of));
    if let Some(span) = place {
        source_root(sheet, "src", span, "build-backend");
    }
}
