//! TOML files of platforms and tools that set environment variables.

use toml_edit::{Item, TableLike};

use crate::lang::dotenv::safe_value;
use crate::{Extraction, FactKind, Role};

use super::reading::{entries, table_at};

/// Files by name and the tables of variables in them; `*` stands for every key.
const TABLES: &[(&str, &[&[&str]])] = &[
    ("fly.toml", &[&["env"]]),
    ("wrangler.toml", &[&["vars"], &["env", "*", "vars"]]),
    ("mise.toml", &[&["env"]]),
    (".mise.toml", &[&["env"]]),
    (
        "netlify.toml",
        &[
            &["build", "environment"],
            &["context", "*", "environment"],
            &["template", "environment"],
        ],
    ),
    ("pixi.toml", &[&["activation", "env"], &["feature", "*", "activation", "env"]]),
];

/// cargo's own configuration, whose name alone says nothing.
const CARGO_CONFIG: &[&[&str]] = &[&["env"]];

pub(super) fn read(sheet: &mut Extraction<'_>, table: &dyn TableLike) {
    let path = sheet.path.as_str();
    let tables = if path.ends_with(".cargo/config.toml") {
        CARGO_CONFIG
    } else {
        let name = sheet.path.name();
        match TABLES.iter().find(|(file, _)| *file == name) {
            Some((_, tables)) => tables,
            None => return,
        }
    };
    for path in tables {
        match path.iter().position(|key| *key == "*") {
            None => {
                if let Some(found) = table_at(table, path) {
                    variables(sheet, found);
                }
            }
            Some(star) => {
                let (before, after) = path.split_at(star);
                let Some(sets) = table_at(table, before) else { continue };
                for set in entries(sets).filter_map(|(_, _, item)| item.as_table_like()) {
                    if let Some(found) = table_at(set, after.get(1..).unwrap_or(&[])) {
                        variables(sheet, found);
                    }
                }
            }
        }
    }
}

fn variables(sheet: &mut Extraction<'_>, table: &dyn TableLike) {
    for (name, span, item) in entries(table) {
        let valid = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        if !valid || name == "_" {
            continue;
        }
        let value = item.as_str().or_else(|| value_of(item)).unwrap_or("");
        let value = safe_value(name, value);
        sheet.fact(FactKind::Env, Role::Definition, name, span).value(value).done();
    }
}

/// cargo writes `NAME = { value = "..", force = true }`.
fn value_of(item: &Item) -> Option<&str> {
    item.as_table_like()?.get("value")?.as_str()
}
