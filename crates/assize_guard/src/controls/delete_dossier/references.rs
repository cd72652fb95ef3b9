//! Places that refer to files that would go.
//!
//! An import counts when it meant a module of ours before and means none afterwards: the look-up
//! rules of the language decide, never a likeness of names. A path counts when it is the whole
//! path.

use std::collections::{BTreeMap, BTreeSet};

use assize_index::impact::{importing, naming};
use assize_index::resolve::{Resolution, World};
use assize_index::{FactRef, FileRef, View};
use assize_model::FileClass;

/// A place that refers to a file that would go.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reference {
    pub path: String,
    pub line: u32,
    /// The file that it refers to.
    pub to: String,
}

/// What refers to the files of `gone`. `before` is the tree with what the call writes, `after` the
/// same without what it deletes.
pub fn references(
    before: View<'_>,
    after: View<'_>,
    gone: &BTreeSet<String>,
) -> BTreeSet<Reference> {
    let worlds = (World::new(), World::new());
    let mut found = BTreeSet::new();
    for path in gone {
        for import in importing(before, path) {
            if counts(import.file) && meant(&import, before, after, &worlds) {
                found.insert(reference(&import, path));
            }
        }
        named(before, path, &mut found);
    }
    for folder in folders(after, gone) {
        named(before, &folder, &mut found);
    }
    found.retain(|one| !gone.contains(&one.path));
    once(found)
}

/// Each place once: what is called `./view` may be a script or a style sheet beside it, and the
/// shorter name is the likelier.
fn once(found: BTreeSet<Reference>) -> BTreeSet<Reference> {
    let mut places: BTreeMap<(String, u32), String> = BTreeMap::new();
    for one in found {
        let to = places.entry((one.path, one.line)).or_insert_with(|| one.to.clone());
        if one.to.len() < to.len() {
            *to = one.to;
        }
    }
    places.into_iter().map(|((path, line), to)| Reference { path, line, to }).collect()
}

/// Whether an import means a module of ours now, and none afterwards. What is then another package
/// always was: a module of its name only lay beside it.
fn meant(import: &FactRef<'_>, before: View<'_>, after: View<'_>, worlds: &(World, World)) -> bool {
    worlds.0.resolve(import.file, import, &before) == Resolution::Local
        && !matches!(
            worlds.1.resolve(import.file, import, &after),
            Resolution::Local | Resolution::External
        )
}

/// Adds paths, links and commands that name exactly this file or folder.
fn named(view: View<'_>, path: &str, found: &mut BTreeSet<Reference>) {
    let named = naming(view, path).into_iter().filter(|fact| counts(fact.file));
    found.extend(named.map(|fact| reference(&fact, path)));
}

/// The folders that hold nothing any more.
fn folders(after: View<'_>, gone: &BTreeSet<String>) -> BTreeSet<String> {
    let mut empty = BTreeSet::new();
    for path in gone {
        let mut above = path.as_str();
        while let Some((folder, _)) = above.rsplit_once('/') {
            if after.is_folder(folder) || !empty.insert(folder.to_owned()) {
                break;
            }
            above = folder;
        }
    }
    empty
}

fn reference(fact: &FactRef<'_>, to: &str) -> Reference {
    Reference { path: fact.file.path().to_owned(), line: fact.place.line, to: to.to_owned() }
}

/// Whether what the file says must stay true: records of the past and others' code need not.
fn counts(file: FileRef<'_>) -> bool {
    let kept = matches!(
        file.class(),
        FileClass::Production
            | FileClass::Test
            | FileClass::Example
            | FileClass::Doc
            | FileClass::RuleSelf
    );
    kept && !is_record(file.name())
}

/// Whether a document tells what once was.
pub(super) fn is_record(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    ["CHANGELOG", "CHANGES", "HISTORY", "NEWS", "RELEASE"]
        .iter()
        .any(|word| upper.starts_with(word))
}
