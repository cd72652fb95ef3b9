//! `pyproject.toml`: what the project is called, what it depends on, where its modules lie.
//!
//! The standard tables (PEP 518, 621, 735) first, then those of the tools that keep dependencies
//! of their own. Where a name stands decides its flags; the tables below are the whole list.

use toml_edit::{Item, TableLike};

use crate::lang::dotenv::safe_value;
use crate::lang::names::normalise_python_name;
use crate::lang::requirements::manifest::{Section, declare, needed_path, project};
use crate::lang::requirements::read_line;
use crate::{Extraction, FactKind, Flags, Role};

use super::poetry;
use super::reading::{at, entries, table_at, text_at, texts, texts_at};
use super::roots;

/// Arrays of requirements: where, under which item, with which flags.
const LISTS: &[(&[&str], &str, Flags)] = &[
    (&["project", "dependencies"], "dependencies", Flags::NONE),
    (&["build-system", "requires"], "build-system", Flags::DEV),
    (&["tool", "uv", "dev-dependencies"], "dev-dependencies", Flags::DEV),
    (&["tool", "uv", "constraint-dependencies"], "constraint-dependencies", Flags::LOCKED),
    (&["tool", "uv", "override-dependencies"], "override-dependencies", Flags::LOCKED),
    (&["tool", "rye", "dev-dependencies"], "dev-dependencies", Flags::DEV),
    (&["tool", "flit", "metadata", "requires"], "dependencies", Flags::NONE),
    (&["tool", "flit", "metadata", "dev-requires"], "dev-dependencies", Flags::DEV),
];

/// Tables whose entries are arrays of requirements; the entry's name is the item.
const GROUPS: &[(&[&str], Flags)] = &[
    (&["project", "optional-dependencies"], Flags::OPTIONAL),
    (&["dependency-groups"], Flags::DEV),
    (&["tool", "pdm", "dev-dependencies"], Flags::DEV),
    (&["tool", "flit", "metadata", "requires-extra"], Flags::OPTIONAL),
];

/// Tables of environments; the arrays of requirements that each may hold.
const ENVIRONMENTS: &[(&[&str], &[&str])] = &[
    (&["tool", "hatch", "envs"], &["dependencies", "extra-dependencies"]),
    (&["tool", "tox", "env"], &["deps"]),
];

/// Files of requirements that stand in for a list.
const FILES: &[&[&str]] = &[
    &["tool", "setuptools", "dynamic", "dependencies", "file"],
    &["tool", "hatch", "metadata", "hooks", "requirements_txt", "files"],
];

pub(super) fn read(sheet: &mut Extraction<'_>, table: &dyn TableLike) {
    let own = own_name(sheet, table);
    for (path, item, flags) in LISTS {
        if let Some(found) = at(table, path) {
            list(sheet, found, Section::new(item, *flags), &own);
        }
    }
    for (path, flags) in GROUPS {
        let Some(groups) = table_at(table, path) else { continue };
        for (group, _, found) in entries(groups) {
            list(sheet, found, Section::new(group, *flags), &own);
        }
    }
    for (path, keys) in ENVIRONMENTS {
        let Some(environments) = table_at(table, path) else { continue };
        for (name, _, environment) in entries(environments) {
            let Some(environment) = environment.as_table_like() else { continue };
            for found in keys.iter().filter_map(|key| environment.get(key)) {
                list(sheet, found, Section::new(name, Flags::DEV), &own);
            }
        }
    }
    if let Some(found) = at(table, &["tool", "tox", "env_run_base", "deps"]) {
        list(sheet, found, Section::new("env_run_base", Flags::DEV), &own);
    }
    for path in FILES {
        for (file, span) in texts_at(table, path) {
            needed_path(sheet, file, span, "requirements");
        }
    }
    poetry::read(sheet, table);
    roots::read(sheet, table);
    variables(sheet, table);
}

/// Declares the project and gives its name, normalised; extras may refer to it.
fn own_name(sheet: &mut Extraction<'_>, table: &dyn TableLike) -> String {
    let places: [&[&str]; 3] = [
        &["project", "name"],
        &["tool", "poetry", "name"],
        &["tool", "flit", "metadata", "module"],
    ];
    let Some((name, span)) = places.into_iter().find_map(|path| text_at(table, path)) else {
        return String::new();
    };
    project(sheet, name, span);
    normalise_python_name(name)
}

fn list(sheet: &mut Extraction<'_>, found: &Item, section: Section<'_>, own: &str) {
    for (text, span) in texts(found) {
        // `all = ["this-project[a,b]"]` refers to the project's own extras.
        let name = text.split(['[', ' ', '@']).next().unwrap_or("");
        if !own.is_empty() && normalise_python_name(name) == own {
            continue;
        }
        if text.starts_with('-') {
            read_line(sheet, text, span, section);
        } else {
            declare(sheet, text, span, section);
        }
    }
}

/// Variables that the test runner sets.
fn variables(sheet: &mut Extraction<'_>, table: &dyn TableLike) {
    for (text, span) in texts_at(table, &["tool", "pytest", "ini_options", "env"]) {
        crate::lang::ini::pytest_variable(sheet, text, span);
    }
    let Some(set) = table_at(table, &["tool", "pytest_env"]) else { return };
    for (name, span, item) in entries(set) {
        if item.is_table_like() && item.as_inline_table().is_none() {
            continue;
        }
        let value = item.as_str().map(|value| safe_value(name, value)).unwrap_or_default();
        sheet.fact(FactKind::Env, Role::Definition, name, span).value(value).done();
    }
}
