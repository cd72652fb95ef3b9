//! What the manifests of a repository say, taken together: which packages an install may bring
//! beside those that are named.

use std::collections::BTreeSet;

use assize_syntax::{FactKind, Flags, Language, Role, normalise_python_name, top_segment};

use super::{distributions, names};
use crate::{FileRef, View};

/// How far dependents of dependents are followed.
const DEPTH_MAX: u32 = 4;

#[derive(Debug, Default)]
pub(super) struct Manifests {
    /// Folders for which a manifest declares packages.
    homes: BTreeSet<String>,
    /// Folders for which a lock file says what an install brings.
    locks: BTreeSet<String>,
    /// Names that manifests declare, or lock files alone.
    declared: BTreeSet<String>,
    locked: BTreeSet<String>,
    /// Folders whose manifest names a package of which nobody can tell what it brings: it may be
    /// any module.
    opaque: BTreeSet<String>,
    /// All of them, in words.
    words: Vec<names::Words>,
    /// Packages and modules of which a text speaks.
    said: BTreeSet<String>,
    said_squashed: BTreeSet<String>,
    said_words: Vec<names::Words>,
}

impl Manifests {
    pub(super) fn new(view: &View<'_>) -> Self {
        let mut all = Self::default();
        view.find_key(FactKind::Package, Role::Definition, "py:", |fact| {
            let name = fact.key.trim_start_matches("py:").to_owned();
            let home = home(fact.file.folder()).to_owned();
            if fact.flags.has(Flags::LOCKED) {
                all.locks.insert(home);
                all.locked.insert(name);
            } else {
                if fact.item != "install" {
                    all.homes.insert(home);
                }
                all.declared.insert(name);
            }
            false
        });
        view.find_key(FactKind::Package, Role::Definition, "said:", |fact| {
            all.said.insert(fact.key.trim_start_matches("said:").to_owned());
            false
        });
        all.find_opaque(view);
        all.words = all.declared.union(&all.locked).map(|name| names::Words::of(name)).collect();
        let several = all.said.iter().filter(|name| name.contains('-'));
        all.said_words = several.map(|name| names::Words::of(name)).collect();
        all.said_squashed = all.said.iter().map(|name| names::squash(name)).collect();
        all
    }

    /// A package that is in no table and that nothing imports by its own name is here for another
    /// module, or for a program.
    fn find_opaque(&mut self, view: &View<'_>) {
        let mut unclear: BTreeSet<String> = self
            .declared
            .iter()
            .filter(|name| !distributions::is_known_package(name))
            .filter(|name| !view.has(FactKind::Project, Role::Definition, &key(name)))
            .cloned()
            .collect();
        if !unclear.is_empty() {
            let modules = imported(view);
            unclear.retain(|name| {
                let package = names::Words::of(name);
                !modules.iter().any(|module| module.may_come_with(&package))
            });
        }
        for name in unclear {
            for fact in view.lookup(FactKind::Package, Role::Definition, &key(&name)) {
                // Lists in a `setup.py` hold other words as well, and tools bring programs.
                let counts = !matches!(fact.item, "install" | "setup.py");
                if counts && !fact.flags.any(Flags::DEV.with(Flags::LOCKED)) {
                    self.opaque.insert(home(fact.file.folder()).to_owned());
                }
            }
        }
    }

    /// Whether a manifest lies in the folder.
    pub(super) fn is_home(&self, folder: &str) -> bool {
        self.homes.contains(folder)
    }

    /// Whether a manifest governs the file: it lies in a folder above.
    pub(super) fn reach(&self, file: FileRef<'_>) -> bool {
        file.repo_path().ancestors().any(|folder| self.homes.contains(folder))
    }

    /// Whether the module may come with something that is declared under another name, or that a
    /// declared package depends on, or whether the repository speaks of it.
    pub(super) fn may_bring(&self, file: FileRef<'_>, top: &str, flags: Flags) -> bool {
        // A package that everybody knows, imported where it is needed, is optional on purpose.
        if flags.has(Flags::NESTED) && distributions::is_known(top) {
            return true;
        }
        let opaque = file.repo_path().ancestors().any(|folder| self.opaque.contains(folder));
        if opaque && !distributions::is_known(top) {
            return true;
        }
        let module = names::Words::of(top);
        if self.words.iter().any(|package| module.may_come_with(package)) {
            return true;
        }
        // A single word may be any word of a sentence.
        let candidates = distributions::names(top);
        if self.said_words.iter().any(|said| module.may_come_with(said))
            || self.said_squashed.contains(&names::squash(top))
            || candidates.iter().any(|name| self.said.contains(name))
        {
            return true;
        }
        !self.locked(file)
            && (distributions::often_transitive(top)
                || candidates.iter().any(|name| self.reached(name, DEPTH_MAX)))
    }

    /// Whether a lock file says all that an install brings for the file.
    pub(super) fn locked(&self, file: FileRef<'_>) -> bool {
        file.repo_path().ancestors().any(|folder| self.locks.contains(folder))
    }

    /// Whether a declared package may depend on this one.
    pub(super) fn may_be_depended_on(&self, name: &str) -> bool {
        self.reached(name, DEPTH_MAX)
    }

    /// Whether a declared package depends on this one, as far as is known.
    fn reached(&self, name: &str, depth: u32) -> bool {
        let Some(depth) = depth.checked_sub(1) else { return false };
        distributions::dependents(name).any(|dependent| {
            dependent == "*" || self.declared.contains(dependent) || self.reached(dependent, depth)
        })
    }
}

/// The first segments of all modules that Python imports.
pub(super) fn imported(view: &View<'_>) -> Vec<names::Words> {
    let mut tops = BTreeSet::new();
    view.find_key(FactKind::Import, Role::Reference, "", |fact| {
        let python = fact.file.dialect().language() == Language::Python;
        if python && !fact.key.starts_with('.') {
            tops.insert(top_segment(fact.key));
        }
        false
    });
    tops.into_iter().map(names::Words::of).collect()
}

/// Whether a module of this name may come with a package of that name.
pub fn may_come_with(module: &str, package: &str) -> bool {
    names::Words::of(module).may_come_with(&names::Words::of(package))
}

/// The folder that a manifest speaks for: requirement lists often lie in a folder of their own.
fn home(folder: &str) -> &str {
    let (above, name) = folder.rsplit_once('/').unwrap_or(("", folder));
    if matches!(name, "requirements" | "requirement" | "deps" | "dependencies") {
        above
    } else {
        folder
    }
}

/// The key under which a manifest declares a package of this name.
pub(super) fn key(name: &str) -> String {
    format!("py:{}", normalise_python_name(name))
}
