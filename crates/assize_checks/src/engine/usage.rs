//! Which packages may now be used, or be used no more.

use std::collections::BTreeSet;

use assize_index::resolve::uses::{self, Signs};
use assize_index::{FactRef, FileRef, View};
use assize_syntax::{FactKind, Role};

/// A file before and after.
type Pair<'a> = (Option<FileRef<'a>>, Option<FileRef<'a>>);

/// The keys of declared packages of which changes of these files may say something else: by an
/// import, a word, or by being there at all.
pub(super) fn keys<'a>(
    pairs: impl Iterator<Item = Pair<'a>>,
    old: View<'a>,
    new: View<'a>,
) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    let mut changed = Signs::default();
    let mut declares = false;
    let mut all = false;
    for (before, after) in pairs {
        keys.append(&mut peers(before, after));
        changed = changed.joined(match (before, after) {
            (Some(one), Some(other)) if one.class() == other.class() => {
                Signs::of(one).difference(&Signs::of(other))
            }
            _ => signs(before).joined(signs(after)),
        });
        // What is declared beside may depend on what is named for its version.
        declares |= declared(before) != declared(after);
        all |= before.or(after).is_some_and(|file| file.path() == uses::SUBMODULES);
    }
    changed.forget_code_among_more(old, new);
    if changed.is_empty() && !declares && !all {
        return keys;
    }
    for (index, view) in
        ["py:", "npm:", "go:", "cargo:"].into_iter().flat_map(|index| [(index, old), (index, new)])
    {
        view.find_key(FactKind::Package, Role::Definition, index, |fact| {
            let known = keys.contains(fact.key);
            if !known && uses::is_declared(fact) {
                let beside = declares && index == "py:";
                if all || beside || changed.may_mean(fact) {
                    keys.insert(fact.key.to_owned());
                }
            }
            false
        });
    }
    keys
}

fn signs(file: Option<FileRef<'_>>) -> Signs<'_> {
    file.map(Signs::of).unwrap_or_default()
}

/// The packages that a lock file now leaves to others to bring, or no more.
fn peers(before: Option<FileRef<'_>>, after: Option<FileRef<'_>>) -> BTreeSet<String> {
    let of = |file: Option<FileRef<'_>>| -> BTreeSet<String> {
        let facts = file.into_iter().flat_map(packages);
        facts.filter_map(|fact| Some(format!("npm:{}", fact.key.strip_prefix("peer:")?))).collect()
    };
    of(before).symmetric_difference(&of(after)).cloned().collect()
}

/// The Python packages that a manifest declares.
fn declared(file: Option<FileRef<'_>>) -> BTreeSet<&str> {
    let facts = file.into_iter().flat_map(packages);
    facts.filter(|fact| fact.key.starts_with("py:")).map(|fact| fact.key).collect()
}

fn packages(file: FileRef<'_>) -> impl Iterator<Item = FactRef<'_>> {
    file.facts_of(FactKind::Package, Role::Definition)
}
