//! Comments that put the real thing off.

use assize_grammars::Node;

use super::walk::{Walk, span_of};
use crate::lang::practice;
use crate::{FactKind, Role};

pub(super) fn meet(walk: &mut Walk<'_, '_>, comment: Node<'_>) {
    if !walk.notes.defers || walk.is_aside(comment) {
        return;
    }
    let Some(words) = practice::deferring(walk.text_of(comment)) else { return };
    walk.sheet
        .fact(FactKind::StandIn, Role::Definition, "remark", span_of(comment))
        .value(words)
        .done();
}
