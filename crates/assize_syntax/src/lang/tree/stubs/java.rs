//! Java: `throw new UnsupportedOperationException("not implemented")`, and what only returns a
//! constant.
//!
//! `UnsupportedOperationException` without a word of its being owed is a contract. What a subclass
//! may override, and what an annotation makes something of, is left alone.

use assize_grammars::Node;

use super::{Content, How, Word, around, count, word};
use crate::lang::tree::notes::modifiers;
use crate::lang::tree::walk::Walk;

/// The number of parameters of a function that is one.
pub(super) fn judge(walk: &Walk<'_, '_>, function: Node<'_>, how: How) -> Option<usize> {
    let (_, owner) = around(function)?;
    if !matches!(owner.kind(), "class_declaration" | "record_declaration" | "enum_declaration") {
        return None;
    }
    let mut said = Said::default();
    for word in modifiers(walk, function) {
        said.overrides |= word == "@Override";
        said.annotated |= word.starts_with('@');
        said.closed |= matches!(word, "private" | "static");
        said.last |= word == "final";
    }
    let judged = match how {
        How::Unwritten(Word::Owed) => true,
        How::Unwritten(Word::Absent) => {
            let open = modifiers(walk, owner).any(|word| word == "abstract");
            !said.overrides && (!open || said.closed || said.last)
        }
        How::Empty | How::Constant => said.closed && !said.annotated,
    };
    judged.then(|| count(function.child_by_field_name("parameters")))
}

/// What stands before a method.
#[derive(Debug, Default)]
struct Said {
    overrides: bool,
    annotated: bool,
    closed: bool,
    last: bool,
}

pub(super) fn how(walk: &Walk<'_, '_>, content: Content<'_>) -> Option<How> {
    let Content::One(statement) = content else { return Some(How::Empty) };
    let inner = statement.named_child(0);
    match statement.kind() {
        "return_statement" => inner
            .map_or(Some(How::Empty), |value| is_constant(walk, value).then_some(How::Constant)),
        "throw_statement" => thrown(walk, inner?),
        _ => None,
    }
}

fn thrown(walk: &Walk<'_, '_>, made: Node<'_>) -> Option<How> {
    if made.kind() != "object_creation_expression" {
        return None;
    }
    let arguments = walk.field(made, "arguments");
    match walk.field(made, "type") {
        "NotImplementedException" if arguments == "()" => Some(How::Unwritten(Word::Absent)),
        _ => word(arguments).map(How::Unwritten),
    }
}

fn is_constant(walk: &Walk<'_, '_>, value: Node<'_>) -> bool {
    match value.kind() {
        "true" | "false" | "null_literal" | "string_literal" => true,
        kind if kind.ends_with("_literal") => true,
        "method_invocation" => {
            let text = walk.text_of(value);
            matches!(text, "Optional.empty()" | "List.of()" | "Map.of()" | "Set.of()")
                || text.starts_with("Collections.empty") && text.ends_with("()")
        }
        "field_access" => walk.text_of(value) == "BigDecimal.ZERO",
        _ => false,
    }
}
