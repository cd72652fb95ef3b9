//! Who refers to a file, what it refers to, and the tests beside it.
//!
//! An import counts where the end of its module is the end of the path: that is read in a moment,
//! and a brief is no verdict.

use std::collections::BTreeSet;

use assize_index::{FactRef, FileRef, View};
use assize_model::FileClass;
use assize_syntax::{FactKind, Flags, Role};

use super::{Line, What, listed};

/// How many places of one sort are named.
const PLACES_MAX: usize = 4;
/// So many references are looked through.
const LOOKED_MAX: usize = 2_000;

pub(super) fn of(path: &str, file: Option<FileRef<'_>>, view: View<'_>) -> Vec<Line> {
    let sorts = [
        (What::UsedBy, "used by", used_by(path, view)),
        (What::Uses, "uses", file.map(|file| uses(file, view)).unwrap_or_default()),
        (What::Tests, "tests beside it:", tests(path, view)),
    ];
    sorts
        .into_iter()
        .filter(|(_, _, places)| !places.is_empty())
        .map(|(what, words, places)| {
            let text = format!("{words} {}", listed(&Vec::from_iter(places), PLACES_MAX));
            Line { what, text }
        })
        .collect()
}

/// The places that name the file by its path, or import it.
fn used_by(path: &str, view: View<'_>) -> BTreeSet<String> {
    let command = format!("file:{path}");
    let keys =
        [(FactKind::Path, path), (FactKind::Link, path), (FactKind::Command, command.as_str())];
    let mut found: BTreeSet<String> = keys
        .iter()
        .flat_map(|(kind, key)| view.lookup(*kind, Role::Reference, key))
        .filter(|fact| !fact.flags.has(Flags::UNRESOLVED))
        .map(|fact| place(&fact))
        .collect();
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.split('.').next().unwrap_or(name);
    let folder = path.rsplit('/').nth(1).unwrap_or("");
    let tail = if matches!(stem, "__init__" | "index" | "mod") { folder } else { stem };
    if !tail.is_empty() {
        let imports = view.referring(FactKind::Import, tail).into_iter().take(LOOKED_MAX);
        found.extend(imports.filter(|import| imports_file(import, path)).map(|one| place(&one)));
        let from = view.referring(FactKind::Import, folder).into_iter().take(LOOKED_MAX);
        let named = from.filter(|import| import.value == stem && ends_with_folder(import, path));
        found.extend(named.map(|one| place(&one)));
    }
    found.retain(|place| !place.starts_with(&format!("{path}:")));
    found
}

fn place(fact: &FactRef<'_>) -> String {
    format!("{}:{}", fact.file.path(), fact.place.line)
}

/// Whether the module of an import is the end of a path, or lies beside its importer.
fn imports_file(import: &FactRef<'_>, path: &str) -> bool {
    let plain = path.rsplit_once('.').map_or(path, |(plain, _)| plain);
    let plain = ["/__init__", "/index", "/mod"]
        .iter()
        .find_map(|end| plain.strip_suffix(end))
        .unwrap_or(plain);
    if import.key.starts_with("./") || import.key.starts_with("../") {
        let key = assize_model::normalise(import.file.folder(), import.key).unwrap_or_default();
        return key == plain
            || key == path
            || key.rsplit_once('.').is_some_and(|(key, _)| key == plain);
    }
    let key = import.key.trim_start_matches('.').replace("::", ".");
    let parts: Vec<&str> = key.split(['.', '/']).filter(|part| !part.is_empty()).collect();
    let own: Vec<&str> = plain.split('/').collect();
    let beside = import.key.starts_with('.') || parts.len() > 1;
    !parts.is_empty() && own.ends_with(&parts) && (beside || own.len() == 1)
        || parts.is_empty() && import.file.folder() == folder_of(plain)
}

/// Whether an import takes a name from the folder of a path.
fn ends_with_folder(import: &FactRef<'_>, path: &str) -> bool {
    let parts: Vec<&str> = import.key.split(['.', '/']).filter(|part| !part.is_empty()).collect();
    let own: Vec<&str> = folder_of(path).split('/').collect();
    !parts.is_empty() && own.ends_with(&parts)
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The files that it names.
fn uses(file: FileRef<'_>, view: View<'_>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for kind in [FactKind::Path, FactKind::Link, FactKind::Command] {
        for fact in file.facts_of(kind, Role::Reference).take(LOOKED_MAX) {
            let key = fact.key.strip_prefix("file:").unwrap_or(fact.key);
            if !fact.flags.has(Flags::UNRESOLVED) && key != file.path() && view.is_file(key) {
                found.insert(key.to_owned());
            }
        }
    }
    found
}

/// Files of tests that are called by the file's name.
fn tests(path: &str, view: View<'_>) -> BTreeSet<String> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let Some((stem, ending)) = name.rsplit_once('.') else { return BTreeSet::new() };
    let names = [
        format!("test_{stem}.{ending}"),
        format!("{stem}_test.{ending}"),
        format!("{stem}.test.{ending}"),
        format!("{stem}.spec.{ending}"),
        format!("{stem}Test.{ending}"),
        format!("{stem}Tests.{ending}"),
        format!("test_{stem}.py"),
        format!("{stem}.bats"),
    ];
    let of_test = |file: &FileRef<'_>| file.class() == FileClass::Test;
    let found = names.iter().flat_map(|name| view.files_named(name)).filter(of_test);
    found.map(|file| file.path().to_owned()).collect()
}
