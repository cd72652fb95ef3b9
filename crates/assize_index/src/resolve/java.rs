//! Java: an import names a type by its package, and a package is a folder below a source root.
//!
//! Only packages that have sources in the tree are judged. A type that is in none of their files
//! may still be made from something, by an annotation processor or from an interface description:
//! where that can be, and where another language of the platform shares the package, nothing is
//! said.

use std::collections::{BTreeMap, BTreeSet};

use assize_model::FileClass;
use assize_syntax::{FactKind, Language, Role, hash_word, kept_words};

use super::Resolution;
use crate::{FactRef, FileRef, View};

/// Languages whose types Java sees like its own.
const KIN: [&str; 4] = [".kt", ".scala", ".groovy", ".aj"];
/// Folders that packages begin below.
const ROOTS: [&str; 8] = ["app", "java", "main", "source", "sources", "src", "test", "tests"];
/// A shorter name is part of many others by chance.
const STEM_MIN: usize = 3;

#[derive(Debug, Default)]
pub(super) struct JavaWorld {
    /// Folders with sources, by their last part.
    folders: BTreeMap<String, BTreeSet<String>>,
    /// Last parts of the folders in which another language has sources.
    kin: BTreeSet<String>,
    /// What the files name from which types are made.
    made: BTreeSet<u32>,
    /// The names of grammars, which the names of their parsers begin with.
    grammars: BTreeSet<String>,
}

impl JavaWorld {
    pub(super) fn new(view: &View<'_>) -> Self {
        let mut world = Self::default();
        for file in view.files() {
            let last = file.folder().rsplit('/').next().unwrap_or("");
            if file.dialect().language() == Language::Java {
                if file.class() != FileClass::Fixture {
                    let folders = world.folders.entry(last.to_owned()).or_default();
                    folders.insert(file.folder().to_owned());
                }
            } else if KIN.iter().any(|end| file.name().ends_with(end)) {
                world.kin.insert(last.to_owned());
            } else if let Some(grammar) = file.name().strip_suffix(".g4") {
                world.grammars.insert(grammar.trim_end_matches("Parser").to_owned());
            }
        }
        world.made = made(view);
        world
    }

    pub(super) fn resolve(&self, import: &FactRef<'_>, view: &View<'_>) -> Resolution {
        let whole = match import.value {
            "" | "*" => import.key.to_owned(),
            value => format!("{}.{value}", import.key),
        };
        let parts: Vec<&str> = whole.split('.').collect();
        let typed = parts.iter().position(|part| part.starts_with(|c: char| c.is_uppercase()));
        let Some((at, name)) = typed.and_then(|at| Some((at, *parts.get(at)?))) else {
            return Resolution::External;
        };
        let package = parts.get(..at).unwrap_or(&[]);
        let homes = self.homes(package);
        if homes.is_empty() {
            return Resolution::External;
        }
        // Some write packages like types.
        if homes.iter().any(|home| view.is_folder(&format!("{home}/{name}"))) {
            return Resolution::Local;
        }
        let files: Vec<FileRef<'_>> = homes.iter().flat_map(|home| sources(home, view)).collect();
        let stems = || files.iter().filter_map(|file| file.name().strip_suffix(".java"));
        if stems().any(|stem| stem == name) || files.iter().any(|file| defines(*file, name)) {
            return Resolution::Local;
        }
        let Some(home) = homes.first().filter(|_| !self.may_be_made(package, name, stems())) else {
            return Resolution::Unresolved;
        };
        // A tree that links to others does not hold all that it is built from.
        if files.len() < 2 || homes.iter().any(|home| view.is_opaque(home)) {
            return Resolution::Unresolved;
        }
        let same =
            view.files_named(&format!("{name}.java")).first().map(|one| one.path().to_owned());
        let slip = |stem: &&str| strsim::osa_distance(stem, name) == 1;
        let alike = || stems().find(slip).map(|stem| format!("{home}/{stem}.java"));
        // Packages go over several archives, and one of them may come from elsewhere.
        match same.or_else(alike) {
            None => Resolution::Unresolved,
            nearest => Resolution::NoModule { expected: format!("{home}/{name}.java"), nearest },
        }
    }

    /// The folders that hold a package.
    fn homes(&self, package: &[&str]) -> Vec<&String> {
        let Some(last) = package.last().filter(|_| package.len() > 1) else { return Vec::new() };
        let path = package.join("/");
        let is_home = |folder: &&String| {
            folder.strip_suffix(path.as_str()).is_some_and(|root| {
                let last = root.strip_suffix('/').map(|root| root.rsplit('/').next());
                root.is_empty() || last.flatten().is_some_and(|last| ROOTS.contains(&last))
            })
        };
        self.folders.get(*last).into_iter().flatten().filter(is_home).collect()
    }

    /// Whether a type that nobody wrote may come into being in a package.
    fn may_be_made<'s>(
        &self,
        package: &[&str],
        name: &str,
        mut beside: impl Iterator<Item = &'s str>,
    ) -> bool {
        let last = package.last().copied().unwrap_or("");
        self.kin.contains(last)
            || self.made.contains(&hash_word(&package.join(".")))
            || self.made.contains(&hash_word(name))
            || self.grammars.iter().any(|grammar| name.starts_with(grammar.as_str()))
            // `QOrder`, `Order_`, `OrderMapperImpl`: made for what stands beside.
            || beside.any(|stem| stem.len() >= STEM_MIN && name.contains(stem))
    }
}

/// What the files name from which types are made.
pub(super) fn made(view: &View<'_>) -> BTreeSet<u32> {
    let mut made = BTreeSet::new();
    view.find_key(FactKind::Words, Role::Definition, "", |kept| {
        made.extend(kept_words(kept.value));
        false
    });
    made
}

/// The sources that lie directly in a folder.
fn sources<'a>(folder: &str, view: &View<'a>) -> impl Iterator<Item = FileRef<'a>> + use<'a> {
    let folder = folder.to_owned();
    view.files_under(&folder)
        .filter(move |file| file.folder() == folder && file.dialect().language() == Language::Java)
}

fn defines(file: FileRef<'_>, name: &str) -> bool {
    file.facts_of(FactKind::Symbol, Role::Definition).any(|symbol| symbol.key == name)
}
