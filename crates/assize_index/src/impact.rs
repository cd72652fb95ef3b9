//! What rests on files: who imports them, names them, or uses what they define, and so on outwards.
//!
//! An import counts when it means a module of ours and would mean none without the file: the
//! look-up rules of the language decide, never a likeness of names. The answer is the same for the
//! same index, whatever order the paths come in.

use std::collections::{BTreeMap, BTreeSet};

use assize_model::FileClass;
use assize_syntax::{FactKind, Flags, Language, Role};

use crate::resolve::{Resolution, World};
use crate::{FactRef, FileRef, Layers, View};

/// A file that rests on another one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Affected {
    pub path: String,
    /// Where in it the other is meant.
    pub line: u32,
    /// How many steps from the first files; at least 1.
    pub depth: u32,
    /// How it rests on the other: `imports`, `names`, or `uses env NAME`.
    pub how: String,
    /// The file that it rests on.
    pub on: String,
}

/// How far an answer goes.
#[derive(Debug, Clone, Copy)]
pub struct Reach {
    pub steps: u32,
    pub files: usize,
}

/// What rests on the files, by path: each file once, by its shortest way. The second value says
/// whether there is more than the reach lets in.
pub fn impact(index: &Layers, paths: &BTreeSet<String>, reach: Reach) -> (Vec<Affected>, bool) {
    let world = World::new();
    let mut found: BTreeMap<String, Affected> = BTreeMap::new();
    let mut last: BTreeSet<String> = paths.clone();
    for depth in 1..=reach.steps {
        let mut next: BTreeMap<String, Affected> = BTreeMap::new();
        for path in &last {
            for (file, line, how) in users(index, path, &world) {
                if paths.contains(&file) || found.contains_key(&file) {
                    continue;
                }
                let on = path.clone();
                let one = Affected { path: file.clone(), line, depth, how, on };
                let known = next.entry(file).or_insert_with(|| one.clone());
                if one < *known {
                    *known = one;
                }
            }
        }
        last = next.keys().cloned().collect();
        for (path, one) in next {
            if found.len() >= reach.files {
                return (found.into_values().collect(), true);
            }
            found.insert(path, one);
        }
        if last.is_empty() {
            return (found.into_values().collect(), false);
        }
    }
    let more = last.iter().any(|path| {
        let users = users(index, path, &world);
        users.iter().any(|(file, ..)| !paths.contains(file) && !found.contains_key(file))
    });
    (found.into_values().collect(), more)
}

type User = (String, u32, String);

/// Files that rest on one file themselves.
fn users(index: &Layers, path: &str, world: &World) -> Vec<User> {
    let view = index.view();
    let Some(file) = view.file(path) else { return named(view, path) };
    let mut without = index.changes().clone();
    for other in as_one(file, view) {
        without.delete(&other);
    }
    let without = View::new(index.base(), &without);
    let gone = World::new();
    let means = |import: &FactRef<'_>| {
        let resolved = |world: &World, view: View<'_>| world.resolve(import.file, import, &view);
        resolved(world, view) == Resolution::Local
            && !matches!(resolved(&gone, without), Resolution::Local | Resolution::External)
    };
    let mut found = named(view, path);
    for import in importing(view, path) {
        if counts(import.file) && import.file.path() != path && means(&import) {
            found.push(user(&import, "imports".to_owned()));
        }
    }
    found.extend(used(file, view));
    found
}

/// The files that importers cannot tell apart: a package of Go is a folder.
fn as_one(file: FileRef<'_>, view: View<'_>) -> Vec<String> {
    if file.dialect().language() != Language::Go {
        return vec![file.path().to_owned()];
    }
    let folder = file.folder();
    let beside = view
        .files_under(folder)
        .filter(|other| other.folder() == folder && other.dialect().language() == Language::Go);
    beside.map(|other| other.path().to_owned()).collect()
}

/// Imports that may mean a file: by its stem, or by the folder of which it is the index.
pub fn importing<'a>(view: View<'a>, path: &str) -> Vec<FactRef<'a>> {
    let mut parts = path.rsplit('/');
    let name = parts.next().unwrap_or(path);
    let folder = parts.next().unwrap_or("");
    let stem = name.split('.').next().unwrap_or(name);
    let mut found = Vec::new();
    let tails: BTreeSet<&str> = [name, stem, folder, ""].into_iter().collect();
    for tail in tails {
        let facts = view.referring(FactKind::Import, tail);
        found.extend(facts.into_iter().filter(|import| {
            // `from folder import stem` names the file by what is imported.
            // A package of Go is a folder.
            tail == stem
                || tail == name
                || is_index(stem)
                || import.value == stem
                || name.ends_with(".go")
        }));
    }
    found
}

/// Whether a module is called by its folder.
fn is_index(stem: &str) -> bool {
    matches!(stem, "__init__" | "index")
}

/// Paths, links and commands that name exactly this file or folder and rely on it.
pub fn naming<'a>(view: View<'a>, path: &str) -> Vec<FactRef<'a>> {
    let command = format!("file:{path}");
    let idle = [Flags::UNRESOLVED, Flags::CODE, Flags::PROBE, Flags::CREATED, Flags::MENTIONED];
    let keys = [(FactKind::Path, path), (FactKind::Link, path), (FactKind::Command, &command)];
    let all = keys.into_iter().flat_map(|(kind, key)| view.lookup(kind, Role::Reference, key));
    all.filter(|fact| !idle.iter().any(|flag| fact.flags.has(*flag))).collect()
}

fn named(view: View<'_>, path: &str) -> Vec<User> {
    let named = naming(view, path).into_iter();
    let others = named.filter(|fact| counts(fact.file) && fact.file.path() != path);
    others.map(|fact| user(&fact, "names".to_owned())).collect()
}

/// Files that use what a file defines, by kinds of which the key alone says what is meant.
fn used(file: FileRef<'_>, view: View<'_>) -> Vec<User> {
    let mut found = Vec::new();
    for defined in file.facts().filter(|fact| fact.role == Role::Definition) {
        let (kind, word) = match defined.kind {
            FactKind::Env if !defined.flags.has(Flags::MENTIONED) => (FactKind::Env, "env"),
            FactKind::Target => (FactKind::Command, "target"),
            FactKind::Table if defined.value.is_empty() => (FactKind::Table, "table"),
            FactKind::Agent => (FactKind::Agent, "agent"),
            _ => continue,
        };
        for fact in view.lookup(kind, Role::Reference, defined.key) {
            let elsewhere = fact.file.path() != file.path() && counts(fact.file);
            // A target is of the folder in which it is called.
            let same = kind != FactKind::Command || fact.value == defined.value;
            if elsewhere && same {
                found.push(user(&fact, format!("uses {word} {}", defined.key)));
            }
        }
    }
    found
}

fn user(fact: &FactRef<'_>, how: String) -> User {
    (fact.file.path().to_owned(), fact.place.line, how)
}

/// Whether somebody keeps what the file says up to date by hand.
fn counts(file: FileRef<'_>) -> bool {
    !matches!(file.class(), FileClass::Generated | FileClass::Vendored)
}
