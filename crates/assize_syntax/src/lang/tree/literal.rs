//! Texts that are written out, in the languages whose grammars call them alike.

use assize_grammars::Node;

use super::environment::{Name, Read};
use super::walk::{Walk, span_of};
use crate::Flags;

/// Keeps a name that stands for a text.
pub(super) fn constant(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    let value = node.child_by_field_name("value").filter(|value| value.kind() == "string_literal");
    if let Some(value) = value {
        let text = unquoted(walk.text_of(value));
        let name = walk.field(node, "name");
        walk.reads.constant(name, text);
    }
}

/// Keeps a read of the environment by a text or by a constant's name.
pub(super) fn read(walk: &mut Walk<'_, '_>, call: Node<'_>, named: Node<'_>, flags: Flags) {
    let written = walk.text_of(named);
    let name = match named.kind() {
        "identifier" => Name::Constant(written.to_owned()),
        "string_literal" => Name::Text(unquoted(written).to_owned()),
        _ => return,
    };
    let nested = if walk.in_function() { Flags::NESTED } else { Flags::NONE };
    let item = walk.item();
    let flags = flags.with(nested);
    walk.reads.add(Read { name, span: span_of(call), item, flags, variable: None });
}

/// Takes in what has no rule of its own: a text, or a thing with a name in which others stand.
pub(super) fn other(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    if node.kind() == "string_literal" {
        let written = unquoted(walk.text_of(node));
        walk.reads.text(written, span_of(node));
    } else if let Some(name) = node.child_by_field_name("name") {
        if walk.is_outermost() {
            walk.symbol(name, "");
        }
        let name = walk.text_of(name);
        walk.open(node, name, false);
    }
}

pub(super) fn unquoted(written: &str) -> &str {
    written.trim_matches('"')
}
