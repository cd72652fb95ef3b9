//! C#: `throw new NotImplementedException()`, and what only returns a constant.
//!
//! `NotSupportedException` is the contract, `NotImplementedException` means that the member is
//! owed. Overrides, what a base or an interface may ask for and what a directive surrounds are left
//! alone.

use assize_grammars::Node;

use super::{Content, How, Word, around, count, word};
use crate::lang::tree::notes::modifiers;
use crate::lang::tree::walk::Walk;

/// The half of an interface of the framework that nearly nobody needs.
const ONE_WAY: [&str; 2] = ["ConvertBack", "SetSchema"];

/// The number of parameters of a function that is one.
pub(super) fn judge(walk: &Walk<'_, '_>, function: Node<'_>, how: How) -> Option<usize> {
    let (list, owner) = around(function)?;
    let member = list.kind() == "declaration_list" && owner.kind() != "interface_declaration";
    if !member || ONE_WAY.contains(&walk.field(function, "name")) || is_explicit(function) {
        return None;
    }
    let mut said = Said::default();
    for word in modifiers(walk, function) {
        said.open |= matches!(word, "override" | "virtual" | "abstract" | "partial" | "extern");
        said.public |= word == "public";
        said.reachable |= matches!(word, "public" | "protected" | "internal");
        said.shared |= word == "static";
        said.annotated |= word.starts_with('[');
    }
    let mut cursor = owner.walk();
    let derives = owner.children(&mut cursor).any(|one| one.kind() == "base_list");
    let judged = match how {
        How::Unwritten(Word::Owed) => true,
        // What is public may be there because a base or an interface asks for it.
        How::Unwritten(Word::Absent) => !said.open && (!said.public || said.shared || !derives),
        How::Empty | How::Constant => {
            !said.open && !said.annotated && (said.shared || !said.reachable)
        }
    };
    judged.then(|| count(function.child_by_field_name("parameters")))
}

/// What stands before a method.
#[derive(Debug, Default)]
struct Said {
    open: bool,
    public: bool,
    reachable: bool,
    shared: bool,
    annotated: bool,
}

/// `int IShelf.Count() => ..`
fn is_explicit(function: Node<'_>) -> bool {
    let mut cursor = function.walk();
    function.children(&mut cursor).any(|one| one.kind() == "explicit_interface_specifier")
}

pub(super) fn how(walk: &Walk<'_, '_>, content: Content<'_>) -> Option<How> {
    let Content::One(statement) = content else { return Some(How::Empty) };
    match statement.kind() {
        "throw_statement" | "throw_expression" => thrown(walk, statement.named_child(0)?),
        "return_statement" => statement
            .named_child(0)
            .map_or(Some(How::Empty), |value| is_constant(walk, value).then_some(How::Constant)),
        _ => is_constant(walk, statement).then_some(How::Constant),
    }
}

fn thrown(walk: &Walk<'_, '_>, made: Node<'_>) -> Option<How> {
    if made.kind() != "object_creation_expression" {
        return None;
    }
    let arguments = walk.field(made, "arguments");
    let kind = walk.field(made, "type");
    match kind.rsplit('.').next().unwrap_or(kind) {
        "NotImplementedException" if arguments.contains("support") => None,
        "NotImplementedException" => Some(How::Unwritten(word(arguments).unwrap_or(Word::Absent))),
        _ => word(arguments).map(How::Unwritten),
    }
}

fn is_constant(walk: &Walk<'_, '_>, value: Node<'_>) -> bool {
    match value.kind() {
        kind if kind.ends_with("_literal") || kind == "default_expression" => true,
        "invocation_expression" => {
            let text = walk.text_of(value);
            matches!(text, "Task.FromResult(true)" | "Task.FromResult(false)")
                || text.starts_with("Array.Empty<")
        }
        "member_access_expression" => {
            matches!(walk.text_of(value), "Task.CompletedTask" | "string.Empty" | "String.Empty")
        }
        _ => false,
    }
}
