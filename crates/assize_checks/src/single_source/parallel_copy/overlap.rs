//! How much of one module another defines too.

use std::collections::BTreeSet;

use assize_index::FileRef;
use assize_syntax::{FactKind, Flags, Language, Role};

/// So many names are hardly shared by chance, or because a framework asks for them.
const SHARED_MIN: usize = 3;
/// So few are enough where they are all that the smaller file has.
const SHARED_ALL_MIN: usize = 2;

/// What two files have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Overlap {
    None,
    Some,
    /// Nothing is known of what they define.
    Unknown,
}

/// Whether a file defines what another does: at least three names of its own that are half of what
/// the smaller one has.
pub(super) fn of(variant: FileRef<'_>, live: FileRef<'_>) -> Overlap {
    let languages = [variant, live].map(|file| file.dialect().language());
    let code = |language| {
        matches!(
            language,
            Language::Python | Language::JavaScript | Language::TypeScript | Language::Sql
        )
    };
    let (ours, theirs) = (names(variant), names(live));
    let shared = ours.intersection(&theirs).count();
    if !languages.iter().all(|language| code(*language)) {
        // Where both have names and none is the same, one cannot be a state of the other.
        let apart = !ours.is_empty() && !theirs.is_empty() && shared == 0;
        return if apart { Overlap::None } else { Overlap::Unknown };
    }
    let smaller = ours.len().min(theirs.len());
    let most = shared >= SHARED_MIN && shared * 2 >= smaller;
    if most || shared >= SHARED_ALL_MIN && shared == smaller {
        Overlap::Some
    } else {
        Overlap::None
    }
}

/// The public names that a module defines itself; those that it only imports say nothing.
fn names(file: FileRef<'_>) -> BTreeSet<&str> {
    let imported: BTreeSet<&str> = file
        .facts_of(FactKind::Import, Role::Reference)
        .filter(|import| !import.flags.has(Flags::REEXPORT))
        .flat_map(|import| {
            let last = import.key.rsplit(['.', '/']).next().unwrap_or(import.key);
            [import.value, last, import.key]
        })
        .collect();
    let tables = file.facts_of(FactKind::Table, Role::Definition);
    let tables = tables.filter(|table| matches!(table.item, "table" | "view"));
    file.facts_of(FactKind::Symbol, Role::Definition)
        .chain(tables)
        .map(|symbol| symbol.key)
        .filter(|name| !name.starts_with('_') && !imported.contains(name))
        .filter(|name| !matches!(*name, "logger" | "log" | "main" | "router" | "app" | "default"))
        .collect()
}
