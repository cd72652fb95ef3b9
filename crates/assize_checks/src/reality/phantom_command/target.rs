//! Whether a make target, or a script of `package.json`, is defined where it is called.

use assize_index::{FactRef, FileRef, View};
use assize_model::normalise;
use assize_syntax::{FactKind, FileFlags, Flags, Parsed, Role};

use super::{Answer, near};

const MAKEFILES: [&str; 3] = ["GNUmakefile", "makefile", "Makefile"];

pub(super) fn make(target: &str, fact: &FactRef<'_>, view: &View<'_>) -> Answer {
    let mut known = Vec::new();
    let mut place = None;
    for folder in &folders(fact) {
        let Some(makefile) = MAKEFILES.iter().find_map(|name| file_in(folder, name, view)) else {
            continue;
        };
        let key = |name: &str| format!("make:{name}");
        let defined = |name: &str| {
            let facts = view.lookup(FactKind::Target, Role::Definition, &key(name));
            facts.iter().any(|fact| fact.value == folder.as_str())
        };
        if defined(target) || view.exists(&normalise(folder, target).unwrap_or_default()) {
            return Answer::Found;
        }
        // Included and generated rules; rules that make has built in.
        if defined("*") || target.contains(['.', '/', '%']) || is_open(makefile) {
            return Answer::Unknown;
        }
        for fact in makefile.facts_of(FactKind::Target, Role::Definition) {
            let name = fact.key.trim_start_matches("make:");
            if fact.flags.has(Flags::GLOB) && fits(name, target) {
                return Answer::Found;
            }
            known.push(name);
        }
        place.get_or_insert_with(|| makefile.path().to_owned());
    }
    missing(target, place, &known)
}

pub(super) fn npm(script: &str, fact: &FactRef<'_>, view: &View<'_>) -> Answer {
    let mut known = Vec::new();
    let mut place = None;
    for folder in &folders(fact) {
        // In a module of another repository, or in what is not there, lies another manifest.
        if !folder.is_empty() && (view.is_opaque(folder) || !view.is_folder(folder)) {
            return Answer::Unknown;
        }
        let Some(package) = nearest_package(folder, view) else { continue };
        if package.parsed() != Parsed::Valid || is_open(package) {
            return Answer::Unknown;
        }
        for fact in package.facts_of(FactKind::Target, Role::Definition) {
            known.push(fact.key.trim_start_matches("npm:"));
        }
        let built_in = script == "start" && file_in(package.folder(), "server.js", view).is_some();
        if known.contains(&script) || built_in {
            return Answer::Found;
        }
        place.get_or_insert_with(|| package.path().to_owned());
    }
    missing(script, place, &known)
}

/// The folders in which the reference may look: a script may be started from any above its own.
fn folders(fact: &FactRef<'_>) -> Vec<String> {
    let own = fact.file.repo_path();
    let mut folders = vec![fact.value.to_owned()];
    if fact.flags.has(Flags::DYNAMIC) {
        folders.extend(own.ancestors().filter_map(|folder| normalise(folder, fact.value).ok()));
    }
    folders.dedup();
    folders
}

fn missing(name: &str, place: Option<String>, known: &[&str]) -> Answer {
    match place {
        Some(place) => Answer::Missing { place, nearest: near::name(name, known) },
        None => Answer::Unknown,
    }
}

fn is_open(file: FileRef<'_>) -> bool {
    file.flags().0 & (FileFlags::TEMPLATE | FileFlags::LINK) != 0
}

fn file_in<'a>(folder: &str, name: &str, view: &View<'a>) -> Option<FileRef<'a>> {
    view.file(&normalise(folder, name).ok()?)
}

/// npm uses the first `package.json` in the folder or above it.
fn nearest_package<'a>(folder: &str, view: &View<'a>) -> Option<FileRef<'a>> {
    let mut folder = folder;
    loop {
        if let Some(package) = file_in(folder, "package.json", view) {
            return Some(package);
        }
        if folder.is_empty() {
            return None;
        }
        folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
    }
}

/// Whether a pattern with one `%` fits a target.
fn fits(pattern: &str, target: &str) -> bool {
    pattern.split_once('%').is_some_and(|(head, tail)| {
        target.len() > head.len() + tail.len() && target.starts_with(head) && target.ends_with(tail)
    })
}
