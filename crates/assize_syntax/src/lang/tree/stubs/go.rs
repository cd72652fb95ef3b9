//! Go: `panic("not implemented")`, and what returns nothing but zero values.
//!
//! A method may be there because an interface asks for it, and any type may meet an interface
//! without saying so: of methods only those are kept that panic.

use assize_grammars::Node;

use super::{Content, How, Word, word};
use crate::lang::tree::walk::Walk;

/// Build constraints stand above the package, below a licence.
const LINES_OF_HEAD: usize = 40;

/// The number of parameters of a function that is one.
pub(super) fn judge(
    walk: &Walk<'_, '_>,
    function: Node<'_>,
    how: How,
    content: Content<'_>,
) -> Option<usize> {
    let free = function.kind() == "function_declaration";
    let panics = matches!(content, Content::One(one) if one.kind() == "expression_statement");
    let judged = match how {
        How::Unwritten(Word::Owed) => true,
        How::Unwritten(Word::Absent) => free || panics,
        How::Empty | How::Constant => free,
    };
    (judged && !is_platforms(walk)).then(|| parameters(walk, function))
}

pub(super) fn how(walk: &Walk<'_, '_>, content: Content<'_>) -> Option<How> {
    let Content::One(statement) = content else { return Some(How::Empty) };
    let inner = statement.named_child(0);
    match statement.kind() {
        "return_statement" => inner.map_or(Some(How::Empty), |values| returned(walk, values)),
        "expression_statement" => {
            let call = inner.filter(|call| walk.field(*call, "function") == "panic")?;
            word(walk.field(call, "arguments")).map(How::Unwritten)
        }
        _ => None,
    }
}

/// `return nil, nil`, or `return nil, errors.New("not implemented")`.
fn returned(walk: &Walk<'_, '_>, values: Node<'_>) -> Option<How> {
    let mut cursor = values.walk();
    let values: Vec<Node<'_>> = values.named_children(&mut cursor).collect();
    let (last, others) = values.split_last()?;
    if !others.iter().all(|value| is_zero(walk, *value)) {
        return None;
    }
    if is_zero(walk, *last) {
        return Some(How::Constant);
    }
    let makes = walk.field(*last, "function");
    matches!(makes, "errors.New" | "fmt.Errorf")
        .then(|| word(walk.field(*last, "arguments")).map(How::Unwritten))?
}

fn is_zero(walk: &Walk<'_, '_>, value: Node<'_>) -> bool {
    match value.kind() {
        "nil" | "true" | "false" | "int_literal" | "float_literal" => true,
        kind if kind.ends_with("string_literal") => true,
        "composite_literal" => walk.field(value, "body") == "{}",
        _ => false,
    }
}

/// The parameters that the function could use: a context alone decides nothing.
fn parameters(walk: &Walk<'_, '_>, function: Node<'_>) -> usize {
    let Some(list) = function.child_by_field_name("parameters") else { return 0 };
    let mut cursor = list.walk();
    let mut count = 0;
    for one in list.named_children(&mut cursor) {
        let mut inner = one.walk();
        let names = one.children_by_field_name("name", &mut inner);
        count += names.filter(|name| !matches!(walk.text_of(*name), "_" | "ctx" | ",")).count();
    }
    count
}

/// Whether only some builds have the file: the others do what it leaves out.
fn is_platforms(walk: &Walk<'_, '_>) -> bool {
    const SYSTEMS: [&str; 8] =
        ["_windows", "_linux", "_darwin", "_unix", "_other", "_others", "_wasm", "_unsupported"];
    let stem = walk.sheet.path.name().trim_end_matches(".go");
    let mut head = walk.text.lines().take(LINES_OF_HEAD);
    SYSTEMS.iter().any(|end| stem.ends_with(end))
        || head.any(|line| line.starts_with("//go:build") || line.starts_with("// +build"))
}
