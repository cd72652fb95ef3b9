//! Comments that put the real thing off.

use assize_grammars::Node;

use super::notes::is_comment;
use super::walk::{Walk, span_of};
use crate::lang::practice;
use crate::{FactKind, Role};

pub(super) fn meet(walk: &mut Walk<'_, '_>, comment: Node<'_>) {
    if !walk.notes.defers || walk.is_aside(comment) {
        return;
    }
    let Some(words) = practice::deferring(walk.text_of(comment)) else { return };
    if walk.notes.may_look() && is_of_other_builds(walk, comment) {
        return;
    }
    walk.sheet
        .fact(FactKind::StandIn, Role::Definition, "remark", span_of(comment))
        .value(words)
        .done();
}

/// Whether the remark stands above what only some builds of Rust compile: the others have the real
/// thing.
fn is_of_other_builds(walk: &Walk<'_, '_>, comment: Node<'_>) -> bool {
    let below = std::iter::successors(comment.next_sibling(), |one| one.next_sibling());
    below
        .take_while(|one| is_comment(*one) || one.kind() == "attribute_item")
        .any(|one| !is_comment(one) && walk.text_of(one).starts_with("#[cfg("))
}
