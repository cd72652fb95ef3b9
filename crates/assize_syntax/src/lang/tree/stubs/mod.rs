//! Functions whose body does nothing.
//!
//! A body is looked at first, since nearly all do something; only then is it asked what the
//! function is a member of. What another type may override, or an interface may ask for, is kept
//! only where the body says in so many words that it is not written.

mod csharp;
mod go;
mod java;
mod rust;

use assize_grammars::Node;

use super::notes::is_comment;
use super::walk::{Walk, span_of};
use crate::lang::practice;
use crate::{FactKind, Language, Role};

/// A body that does nothing is no longer than this, remarks included.
const BYTES_MAX: usize = 512;

/// How a body does nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    Empty,
    Constant,
    /// It fails, and says that it is not written.
    Unwritten(Word),
}

/// How sure it is that a body will be written yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    /// `todo!()`, "not yet implemented".
    Owed,
    /// "not implemented", which may be all that was ever meant.
    Absent,
}

/// What a body holds, remarks aside.
#[derive(Debug, Clone, Copy)]
enum Content<'t> {
    Nothing,
    One(Node<'t>),
}

pub(super) fn meet(walk: &mut Walk<'_, '_>, function: Node<'_>) {
    let Some(body) = function.child_by_field_name("body") else { return };
    if body.end_byte() - body.start_byte() > BYTES_MAX {
        return;
    }
    let Some(content) = content(walk, body) else { return };
    let language = walk.sheet.dialect.language();
    let Some(how) = how(walk, language, content).filter(|_| walk.notes.may_look()) else { return };
    let parameters = match language {
        Language::Go => go::judge(walk, function, how, content),
        Language::Java => java::judge(walk, function, how),
        Language::Rust => rust::judge(walk, function, how),
        _ => csharp::judge(walk, function, how),
    };
    let Some(parameters) = parameters else { return };
    // A remark in a body that does nothing says why, unless it says that the body is owed.
    if !matches!(how, How::Unwritten(_)) && is_explained(walk, body) {
        return;
    }
    write(walk, function, how, parameters);
}

fn how(walk: &Walk<'_, '_>, language: Language, content: Content<'_>) -> Option<How> {
    match language {
        Language::Go => go::how(walk, content),
        Language::Java => java::how(walk, content),
        Language::Rust => rust::how(walk, content),
        Language::CSharp => csharp::how(walk, content),
        _ => None,
    }
}

fn write(walk: &mut Walk<'_, '_>, function: Node<'_>, how: How, parameters: usize) {
    let Some(name) = function.child_by_field_name("name") else { return };
    let promised = ["result", "return_type"].iter().any(|it| !walk.field(function, it).is_empty());
    let how = match how {
        How::Empty => "empty",
        How::Constant => "constant",
        How::Unwritten(_) => "unwritten",
    };
    let item = walk.item();
    walk.sheet
        .fact(FactKind::StandIn, Role::Definition, "body", span_of(name))
        .value(if promised { format!("{how} promised") } else { how.to_owned() })
        .item(item)
        .number(u32::try_from(parameters).unwrap_or(u32::MAX))
        .done();
}

/// What a body holds; `None` where it holds more than one thing.
fn content<'t>(walk: &Walk<'_, '_>, body: Node<'t>) -> Option<Content<'t>> {
    let block = match body.named_child(0) {
        Some(list) if list.kind() == "statement_list" => list,
        _ => body,
    };
    let mut found = Content::Nothing;
    let mut cursor = block.walk();
    for statement in block.named_children(&mut cursor) {
        let skipped = is_comment(statement) || walk.text_of(statement) == ";";
        match found {
            _ if skipped => {}
            Content::Nothing => found = Content::One(statement),
            Content::One(_) => return None,
        }
    }
    Some(found)
}

fn is_explained(walk: &Walk<'_, '_>, body: Node<'_>) -> bool {
    let mut cursor = body.walk();
    let mut inside = body.named_children(&mut cursor);
    let explains = |node: Node<'_>| {
        let text = walk.text_of(node);
        is_comment(node) && !practice::says_unwritten(text) && practice::deferring(text).is_none()
    };
    inside.any(|one| {
        let mut cursor = one.walk();
        explains(one)
            || one.kind() == "statement_list" && one.named_children(&mut cursor).any(explains)
    })
}

/// What a text says of the thing that fails with it.
fn word(text: &str) -> Option<Word> {
    if practice::says_owed(text) {
        Some(Word::Owed)
    } else {
        practice::says_unwritten(text).then_some(Word::Absent)
    }
}

/// How many parameters a list has.
fn count(parameters: Option<Node<'_>>) -> usize {
    parameters.map_or(0, |list| {
        let mut cursor = list.walk();
        list.named_children(&mut cursor)
            .filter(|one| one.kind().ends_with("parameter") && one.kind() != "self_parameter")
            .count()
    })
}

/// What a function stands in, two levels up: `class A { .. }` around its block.
fn around(function: Node<'_>) -> Option<(Node<'_>, Node<'_>)> {
    let list = function.parent()?;
    Some((list, list.parent()?))
}
