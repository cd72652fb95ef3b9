//! `Cargo.toml` and `Cargo.lock`: the crate that a folder holds, and those that it needs.

use assize_model::Span;
use toml_edit::{Item, TableLike};

use super::reading::{entries, span_of, tables};
use crate::{Extraction, FactKind, Flags, Role};

pub(super) fn read(sheet: &mut Extraction<'_>, table: &dyn TableLike) {
    let named = table.get("package").and_then(Item::as_table_like);
    if let Some(name) = named.and_then(|package| package.get("name"))
        && let Some(text) = name.as_str()
    {
        let folder = sheet.path.folder().to_owned();
        let key = format!("cargo:{text}");
        sheet.fact(FactKind::Project, Role::Definition, key, span_of(name)).value(folder).done();
    }
    let library = table.get("lib").and_then(Item::as_table_like);
    if let Some(name) = library.and_then(|library| library.get("name"))
        && let Some(text) = name.as_str()
    {
        // What others call the crate.
        let alias = Package { name: text, version: "", flags: Flags::MENTIONED };
        alias.declare(sheet, span_of(name), "lib");
    }
    sections(sheet, table, "");
    if let Some(workspace) = table.get("workspace").and_then(Item::as_table_like) {
        sections(sheet, workspace, "workspace.");
    }
    let targets = table.get("target").and_then(Item::as_table_like);
    for (_, _, target) in targets.map(entries).into_iter().flatten() {
        if let Some(target) = target.as_table_like() {
            sections(sheet, target, "");
        }
    }
}

fn sections(sheet: &mut Extraction<'_>, table: &dyn TableLike, prefix: &str) {
    for (section, flags) in [
        ("dependencies", Flags::NONE),
        ("dev-dependencies", Flags::DEV),
        ("build-dependencies", Flags::DEV),
    ] {
        let named = table.get(section).and_then(Item::as_table_like);
        for (name, span, item) in named.map(entries).into_iter().flatten() {
            let part = |key: &str| {
                let parts = item.as_table_like();
                parts.and_then(|parts| parts.get(key)).and_then(Item::as_str)
            };
            let version = item.as_str().or_else(|| part("version")).unwrap_or("");
            let optional = item.as_table_like().and_then(|parts| parts.get("optional"));
            let optional = optional.and_then(Item::as_bool) == Some(true);
            let flags = if optional { flags.with(Flags::OPTIONAL) } else { flags };
            let section = format!("{prefix}{section}");
            if let Some(package) = part("package") {
                // What the code calls it.
                let alias = Package { name, version: package, flags: Flags::MENTIONED };
                alias.declare(sheet, span, &section);
            }
            let package = Package { name: part("package").unwrap_or(name), version, flags };
            package.declare(sheet, span, &section);
        }
    }
}

pub(super) fn lock(sheet: &mut Extraction<'_>, table: &dyn TableLike) {
    for package in table.get("package").map(tables).into_iter().flatten() {
        let Some(name) = package.get("name") else { continue };
        let version = package.get("version").and_then(Item::as_str).unwrap_or("");
        if let Some(text) = name.as_str() {
            let package = Package { name: text, version, flags: Flags::LOCKED };
            package.declare(sheet, span_of(name), "lock");
        }
    }
}

/// A crate that a manifest or the lock file names.
struct Package<'a> {
    name: &'a str,
    version: &'a str,
    flags: Flags,
}

impl Package<'_> {
    fn declare(self, sheet: &mut Extraction<'_>, span: Span, section: &str) {
        sheet
            .fact(FactKind::Package, Role::Definition, format!("cargo:{}", self.name), span)
            .value(self.version)
            .item(section)
            .flags(self.flags)
            .done();
    }
}
