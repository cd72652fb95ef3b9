//! `Pipfile`: every table of packages is a category; a few tables are about Pipenv itself.

use toml_edit::TableLike;

use crate::lang::requirements::manifest::{Section, source_root};
use crate::{Extraction, Flags};

use super::poetry::packages_of;
use super::reading::entries;

/// Tables that name no packages.
const OWN_TABLES: &[&str] = &["source", "requires", "scripts", "pipenv", "pipfile"];

pub(super) fn read(sheet: &mut Extraction<'_>, table: &dyn TableLike) {
    let mut first = None;
    for (name, span, item) in entries(table) {
        first = first.or(Some(span));
        let Some(packages) = item.as_table_like().filter(|_| !OWN_TABLES.contains(&name)) else {
            continue;
        };
        let flags = if name == "packages" { Flags::NONE } else { Flags::DEV };
        packages_of(sheet, packages, Section::new(name, flags));
    }
    if let Some(span) = first {
        source_root(sheet, ".", span, "project");
    }
}
