//! Copies inside of copies: one finding says it all.

use assize_index::FactRef;
use assize_syntax::{FactKind, Flags, Role};

/// Whether the function around this one is a copy of the function around the other: then the
/// finding on the outer one says it all.
pub(super) fn outer_is_copied(member: &FactRef<'_>, first: &FactRef<'_>) -> bool {
    if !member.flags.has(Flags::NESTED) {
        return false;
    }
    // Within one file only exact copies are reported, and two bodies may stand in one.
    let apart = member.file.path() != first.file.path();
    let around = |outer: &FactRef<'_>, inner: &FactRef<'_>| {
        inner.item.strip_prefix(outer.item).is_some_and(|rest| rest.starts_with('.'))
    };
    member.file.facts_of(FactKind::Body, Role::Definition).any(|outer| {
        around(&outer, member)
            && first.file.facts_of(FactKind::Body, Role::Definition).any(|other| {
                let twin = apart || other.value == outer.value && other.place != outer.place;
                other.key == outer.key && twin && around(&other, first)
            })
    })
}
