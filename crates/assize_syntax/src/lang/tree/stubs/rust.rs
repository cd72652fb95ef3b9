//! Rust: `todo!()`, `unimplemented!()`, and what only returns a constant.
//!
//! A trait asks for what its implementations need not have: there `unimplemented!` is a contract,
//! while `todo!` never is. What only some builds compile stands in for the others.

use assize_grammars::Node;

use super::{Content, How, Word, around, count, word};
use crate::lang::tree::notes::{attributes, marked};
use crate::lang::tree::walk::Walk;

/// The number of parameters of a function that is one.
pub(super) fn judge(walk: &Walk<'_, '_>, function: Node<'_>, how: How) -> Option<usize> {
    let mut asked = false;
    let within = around(function).filter(|(list, _)| list.kind() == "declaration_list");
    if let Some((_, owner)) = within {
        // The default of a trait is there to be replaced.
        if owner.kind() == "trait_item" || marked(walk, owner, "cfg") {
            return None;
        }
        asked = owner.child_by_field_name("trait").is_some();
    }
    let owed = how == How::Unwritten(Word::Owed);
    let judged = owed || !asked && attributes(walk, function).all(is_mild);
    let judged = judged && !marked(walk, function, "cfg") && !is_conditional(walk);
    judged.then(|| count(function.child_by_field_name("parameters")))
}

/// An attribute that makes nothing else of a function.
fn is_mild(attribute: &str) -> bool {
    ["#[inline", "#[must_use", "#[allow", "#[expect", "#[tracing::instrument", "#[instrument"]
        .iter()
        .any(|start| attribute.starts_with(start))
}

/// What is said of a whole file stands above it, below a licence.
const LINES_OF_HEAD: usize = 40;

/// Whether the whole file is for some builds alone.
fn is_conditional(walk: &Walk<'_, '_>) -> bool {
    walk.text.lines().take(LINES_OF_HEAD).any(|line| line.starts_with("#![cfg("))
}

pub(super) fn how(walk: &Walk<'_, '_>, content: Content<'_>) -> Option<How> {
    let Content::One(statement) = content else { return Some(How::Empty) };
    let value = match statement.kind() {
        "expression_statement" => statement.named_child(0)?,
        _ => statement,
    };
    if value.kind() == "return_expression" {
        return value
            .named_child(0)
            .map_or(Some(How::Empty), |it| is_constant(walk, it).then_some(How::Constant));
    }
    if value.kind() == "macro_invocation" {
        return unwritten(walk, value)
            .or_else(|| is_constant(walk, value).then_some(How::Constant));
    }
    is_constant(walk, value).then_some(How::Constant)
}

fn unwritten(walk: &Walk<'_, '_>, call: Node<'_>) -> Option<How> {
    let text = walk.text_of(call);
    let told = text.split_once('!').map_or("", |(_, told)| told);
    match walk.field(call, "macro") {
        "todo" => Some(How::Unwritten(Word::Owed)),
        // What such a macro says beyond its name may be why it is never called.
        "unimplemented" if told.len() <= "()".len() => Some(How::Unwritten(Word::Absent)),
        "unimplemented" | "panic" => word(told).map(How::Unwritten),
        _ => None,
    }
}

fn is_constant(walk: &Walk<'_, '_>, value: Node<'_>) -> bool {
    match value.kind() {
        kind if kind.ends_with("_literal") => true,
        "identifier" => walk.text_of(value) == "None",
        "call_expression" => {
            let inner = value.child_by_field_name("arguments").and_then(|all| all.named_child(0));
            match walk.field(value, "function") {
                "Ok" | "Some" => inner.is_some_and(|inner| {
                    inner.kind() == "unit_expression" || is_constant(walk, inner)
                }),
                "Vec::new" | "String::new" | "HashMap::new" | "Default::default" => inner.is_none(),
                _ => false,
            }
        }
        "macro_invocation" => matches!(walk.text_of(value), "vec![]"),
        _ => false,
    }
}
