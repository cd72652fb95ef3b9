//! Lock files of Poetry, uv, PDM and PEP 751: what is installed, wanted directly or not.

use toml_edit::{Item, TableLike};

use crate::lang::requirements::manifest::{Section, declare_named};
use crate::{Extraction, Flags};

use super::reading::{span_of, tables};

pub(super) fn read(sheet: &mut Extraction<'_>, table: &dyn TableLike) {
    let section = Section::new("", Flags::LOCKED);
    for item in ["package", "packages"].into_iter().filter_map(|key| table.get(key)) {
        for package in tables(item) {
            let Some(name) = package.get("name").filter(|_| !is_ours(package)) else { continue };
            let version = package.get("version").and_then(Item::as_str).unwrap_or("");
            if let Some(text) = name.as_str() {
                declare_named(sheet, text, version, span_of(name), section);
            }
        }
    }
}

/// A member of the workspace stands in its own lock file; its manifest declares it.
fn is_ours(package: &dyn TableLike) -> bool {
    let source = package.get("source").and_then(Item::as_table_like);
    source.is_some_and(|source| source.contains_key("editable") || source.contains_key("virtual"))
        || package.contains_key("directory")
}
