//! Tables that name packages by key: Poetry's, pixi's and the sources of uv.

use assize_model::Span;
use toml_edit::{Item, TableLike, Value};

use crate::lang::requirements::manifest::{Section, declare_named, needed_path};
use crate::{Extraction, Flags};

use super::reading::{entries, span_of, table_at};

/// Tables of packages: where, under which item, with which flags.
const TABLES: &[(&[&str], &str, Flags)] = &[
    (&["tool", "poetry", "dependencies"], "dependencies", Flags::NONE),
    (&["tool", "poetry", "dev-dependencies"], "dev-dependencies", Flags::DEV),
    (&["tool", "pixi", "dependencies"], "dependencies", Flags::NONE),
    (&["tool", "pixi", "pypi-dependencies"], "pypi-dependencies", Flags::NONE),
    (&["tool", "uv", "sources"], "sources", Flags::NONE),
];

/// Tables of named sets: where, the tables of packages in each, and the flags.
const SETS: &[(&[&str], &[&str], Flags)] = &[
    (&["tool", "poetry", "group"], &["dependencies"], Flags::DEV),
    (&["tool", "pixi", "feature"], &["dependencies", "pypi-dependencies"], Flags::DEV),
];

pub(super) fn read(sheet: &mut Extraction<'_>, table: &dyn TableLike) {
    for (path, item, flags) in TABLES {
        if let Some(packages) = table_at(table, path) {
            packages_of(sheet, packages, Section::new(item, *flags));
        }
    }
    for (path, keys, flags) in SETS {
        let Some(sets) = table_at(table, path) else { continue };
        for (name, _, set) in entries(sets) {
            let Some(set) = set.as_table_like() else { continue };
            let optional = set.get("optional").and_then(Item::as_bool) == Some(true);
            let flags = if optional { flags.with(Flags::OPTIONAL) } else { *flags };
            for packages in keys.iter().filter_map(|key| set.get(key)?.as_table_like()) {
                packages_of(sheet, packages, Section::new(name, flags));
            }
        }
    }
}

/// The entries of one table of packages. `python` is the interpreter, no package.
pub(super) fn packages_of(
    sheet: &mut Extraction<'_>,
    packages: &dyn TableLike,
    section: Section<'_>,
) {
    for (name, span, item) in entries(packages) {
        if name == "python" {
            continue;
        }
        if let Some(version) = item.as_str() {
            declare_named(sheet, name, version, span, section);
            continue;
        }
        // Several constraints for one package: one per Python version or platform.
        if let Some(variants) = item.as_array() {
            for variant in variants.iter().filter_map(Value::as_inline_table) {
                one(sheet, name, variant, span, section);
            }
            continue;
        }
        match item.as_table_like() {
            Some(table) => one(sheet, name, table, span, section),
            None => {
                declare_named(sheet, name, "", span, section);
            }
        }
    }
}

fn one(
    sheet: &mut Extraction<'_>,
    name: &str,
    table: &dyn TableLike,
    span: Span,
    section: Section<'_>,
) {
    let optional = table.get("optional").and_then(Item::as_bool) == Some(true);
    let flags = if optional { section.flags.with(Flags::OPTIONAL) } else { section.flags };
    declare_named(sheet, name, &constraint(table), span, Section { flags, ..section });
    let folder = table.get("path").and_then(|item| Some((item.as_str()?, span_of(item))));
    if let Some((path, place)) = folder.filter(|(path, _)| !is_archive(path) && *path != ".") {
        needed_path(sheet, path, place, "requirements");
    }
}

/// Built archives are mostly outputs, which the repository does not hold.
fn is_archive(path: &str) -> bool {
    [".whl", ".gz", ".zip", ".bz2"].iter().any(|end| path.ends_with(end))
}

fn constraint(table: &dyn TableLike) -> String {
    if let Some(version) = table.get("version").and_then(Item::as_str) {
        return version.to_owned();
    }
    ["git", "path", "url", "file", "workspace"]
        .into_iter()
        .find_map(|key| {
            let item = table.get(key)?;
            Some(item.as_str().map_or_else(|| key.to_owned(), |text| format!("{key} = {text}")))
        })
        .unwrap_or_default()
}
