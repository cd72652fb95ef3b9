//! Go: an error that is asked for and dropped, and a panic that is caught and dropped.

use assize_grammars::Node;
use assize_model::Span;

use super::super::walk::{Walk, span_of};
use super::{Dropped, counts, explained, statements, write};
use crate::Flags;
use crate::lang::practice;

/// How far above a call of `recover` its function is looked for.
const LEVELS: usize = 10;

/// `if err != nil {}`
pub(in super::super) fn of_if(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    let Some(condition) = node.child_by_field_name("condition") else { return };
    let asks = condition.kind() == "binary_expression"
        && walk.field(condition, "operator") == "!="
        && walk.field(condition, "right") == "nil";
    let Some(block) = node.child_by_field_name("consequence").filter(|_| asks) else { return };
    if !is_empty(block) || node.child_by_field_name("alternative").is_some() {
        return;
    }
    let name = walk.field(condition, "left");
    let attempt = walk.field(node, "initializer");
    let panic = attempt.ends_with("recover()");
    let error = name == "err" || name.ends_with("Err") || name.starts_with("err");
    if !(panic || error) || !counts(walk, node) {
        return;
    }
    let mut flags = explained(walk, span_of(node));
    if ends_something(walk, node, attempt) {
        flags = flags.with(Flags::OPTIONAL);
    }
    let caught = if panic { "panic" } else { "*" };
    let at = span_of(condition);
    write(walk, Dropped { at, caught, does: "nothing", guarded: 1, flags });
}

fn is_empty(block: Node<'_>) -> bool {
    statements(block)
        .iter()
        .all(|one| one.kind() == "statement_list" && statements(*one).is_empty())
}

/// Whether the error came from closing something: by the call before the question.
fn ends_something(walk: &Walk<'_, '_>, node: Node<'_>, attempt: &str) -> bool {
    let before = node.prev_named_sibling().map_or("", |one| walk.text_of(one));
    let attempt = if attempt.is_empty() { before } else { attempt };
    let call = attempt.split_once("= ").map_or(attempt, |(_, call)| call);
    let function = call.split('(').next().unwrap_or(call);
    practice::is_harmless(function.rsplit('.').next().unwrap_or(function))
}

/// `recover()` whose answer nobody takes.
pub(in super::super) fn of_call(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    if walk.field(node, "function") != "recover" || !counts(walk, node) {
        return;
    }
    let Some(around) = node.parent() else { return };
    let dropped = match around.kind() {
        "expression_statement" => true,
        "expression_list" => {
            around.parent().is_some_and(|statement| walk.field(statement, "left") == "_")
        }
        _ => false,
    };
    if !dropped {
        return;
    }
    let mut flags = says_why(walk, around);
    if hands_over(walk, around) {
        flags = flags.with(Flags::OPTIONAL);
    }
    let at = span_of(node);
    write(walk, Dropped { at, caught: "panic", does: "nothing", guarded: 1, flags });
}

/// Words by which the remark above a function says that a panic is nothing to it.
const REASONS: [&str; 5] = ["closed", "drop", "ignore", "panic", "recover"];

/// Whether a comment stands in the function that is deferred, right above it, or above the whole
/// function, where it says so.
fn says_why(walk: &Walk<'_, '_>, inside: Node<'_>) -> Flags {
    let mut node = inside;
    for _ in 0..LEVELS {
        let Some(around) = node.parent() else { break };
        node = around;
        if node.kind() == "defer_statement" {
            let before = walk.text.get(..node.start_byte()).unwrap_or("").trim_end();
            let start = before.rfind('\n').unwrap_or(0);
            let here = explained(walk, Span::new(start, node.end_byte()));
            if here != Flags::NONE {
                return here;
            }
        }
        if matches!(node.kind(), "function_declaration" | "method_declaration") {
            let remark = remark_above(walk, node);
            let says = REASONS.iter().any(|word| remark.contains(word));
            return if says { Flags::MENTIONED } else { Flags::NONE };
        }
    }
    Flags::NONE
}

/// Whether a short function sends into a channel or closes one: it panics where another closed it
/// before, and can do nothing else about it.
fn hands_over(walk: &Walk<'_, '_>, inside: Node<'_>) -> bool {
    const LINES_MAX: usize = 16;
    let mut node = inside;
    for _ in 0..LEVELS {
        let Some(around) = node.parent() else { return false };
        node = around;
        if matches!(node.kind(), "function_declaration" | "method_declaration") {
            let text = walk.text_of(node);
            let sends = text.contains(" <- ") || text.contains("close(");
            return sends && text.lines().count() <= LINES_MAX;
        }
    }
    false
}

/// The lines of comment right above a function.
fn remark_above<'f>(walk: &Walk<'_, 'f>, function: Node<'_>) -> &'f str {
    let before = walk.text.get(..function.start_byte()).unwrap_or("");
    let mut start = before.len();
    for line in before.split_inclusive('\n').rev() {
        if !line.trim_start().starts_with("//") {
            break;
        }
        start -= line.len();
    }
    before.get(start..).unwrap_or("")
}
