//! C#: `using` names a namespace, which is there when something is declared in it or below it.
//!
//! Only namespaces directly below one of ours are judged. Generators, markup and packages declare
//! namespaces as well: where a folder or a description bears the name, or a package begins like
//! ours, nothing is said.

use std::collections::BTreeSet;

use assize_syntax::{FactKind, Flags, Language, Role, hash_word};

use super::{Resolution, java, nearest};
use crate::{FactRef, View};

/// Namespaces that the platform and everybody else add to.
const SHARED: [&str; 4] = ["Microsoft", "System", "Windows", "Xunit"];

#[derive(Debug, Default)]
pub(super) struct CSharpWorld {
    /// All namespaces in which something is declared, and those around them.
    namespaces: BTreeSet<String>,
    /// The parts of the folders of the tree, in lower case: markup declares by its folder.
    folders: BTreeSet<String>,
    /// The first parts of the names of packages.
    packages: BTreeSet<String>,
    /// What the files name from which types are made.
    made: BTreeSet<u32>,
    /// The tree holds all that it is built from, as far as can be told.
    whole: bool,
}

impl CSharpWorld {
    pub(super) fn new(view: &View<'_>) -> Self {
        let mut world = Self { made: java::made(view), ..Self::default() };
        view.find_key(FactKind::Symbol, Role::Definition, "namespace:", |symbol| {
            let name = symbol.key.trim_start_matches("namespace:");
            let ends = name.match_indices('.').map(|(end, _)| end).chain([name.len()]);
            world.namespaces.extend(ends.filter_map(|end| name.get(..end)).map(str::to_owned));
            false
        });
        view.find_key(FactKind::Package, Role::Definition, "nuget:", |package| {
            let name = package.key.trim_start_matches("nuget:");
            world.packages.insert(name.split('.').next().unwrap_or(name).to_owned());
            false
        });
        for file in view.files() {
            let parts = file.folder().split(['/', '.']).filter(|part| !part.is_empty());
            for part in parts {
                if !world.folders.contains(part) {
                    world.folders.insert(part.to_owned());
                }
            }
        }
        world.whole = !view.is_file(".gitmodules");
        world
    }

    pub(super) fn resolve(&self, import: &FactRef<'_>, view: &View<'_>) -> Resolution {
        let key = import.key.trim_start_matches("global::");
        if !import.value.is_empty() || self.namespaces.contains(key) {
            return Resolution::Local;
        }
        let Some((above, last)) = key.rsplit_once('.') else { return Resolution::External };
        let first = key.split('.').next().unwrap_or(key);
        if SHARED.contains(&first) || !self.namespaces.contains(above) {
            return Resolution::External;
        }
        let elsewhere = self.packages.contains(&first.to_ascii_lowercase())
            || self.folders.contains(last)
            || self.made.contains(&hash_word(key))
            || self.made.contains(&hash_word(last));
        let unread = import.flags.has(Flags::CONDITIONAL) || !self.whole || elsewhere;
        if unread || !declares(above, view) {
            return Resolution::Unresolved;
        }
        let beside = self.namespaces.iter().filter_map(|one| one.strip_prefix(above));
        let nearest = nearest(last, beside.filter_map(|rest| rest.strip_prefix('.')));
        Resolution::NoModule {
            expected: key.to_owned(),
            nearest: nearest.map(|last| format!("{above}.{last}")),
        }
    }
}

/// Whether something is declared in the namespace itself, in C#: one that only holds others may be
/// the name of a company.
fn declares(namespace: &str, view: &View<'_>) -> bool {
    let key = format!("namespace:{namespace}");
    let symbols = view.lookup(FactKind::Symbol, Role::Definition, &key);
    symbols.iter().any(|symbol| symbol.file.dialect().language() == Language::CSharp)
}
