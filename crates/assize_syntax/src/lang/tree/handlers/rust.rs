//! Rust: an arm for any error that does nothing.

use assize_grammars::Node;
use assize_model::Span;

use super::super::walk::{Walk, span_of};
use super::{Dropped, counts, explained, statements, write};
use crate::Flags;
use crate::lang::practice;

/// What fails because nothing is there, or nobody listens any more.
const ASKED: [&str; 24] = [
    "canonicalize",
    "downcast",
    "downcast_ref",
    "emit",
    "from_str",
    "from_utf8",
    "get",
    "lock",
    "metadata",
    "parse",
    "peek",
    "read_dir",
    "recv",
    "recv_timeout",
    "send",
    "set",
    "spawn",
    "symlink_metadata",
    "to_str",
    "try_into",
    "upgrade",
    "var",
    "var_os",
    "write_all",
];

/// `match f() { .., Err(_) => {} }`
pub(in super::super) fn of_match(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    let Some(block) = node.child_by_field_name("body") else { return };
    let mut cursor = block.walk();
    let arms: Vec<Node<'_>> =
        block.named_children(&mut cursor).filter(|one| one.kind() == "match_arm").collect();
    let dropping = arms.iter().find(|arm| drops(walk, **arm));
    let Some(arm) = dropping.filter(|arm| counts(walk, **arm)) else { return };
    let Some(pattern) = arm.child_by_field_name("pattern") else { return };
    let mut flags = explained(walk, above(walk, *arm));
    let others_leave = arms
        .iter()
        .filter(|other| other.id() != arm.id())
        .any(|other| other.child_by_field_name("value").is_some_and(leaves));
    // Of errors that are told apart, the rest are those that were thought of.
    let told_apart = arms.iter().filter(|arm| is_error(walk, **arm)).count() > 1;
    let asked = node.child_by_field_name("value").is_some_and(|value| is_asked(walk, value));
    if others_leave || told_apart || asked {
        flags = flags.with(Flags::OPTIONAL);
    }
    let at = span_of(pattern);
    write(walk, Dropped { at, caught: "*", does: "nothing", guarded: 1, flags });
}

/// An arm, with the line above it where that is a comment.
fn above(walk: &Walk<'_, '_>, arm: Node<'_>) -> Span {
    let before = walk.text.get(..arm.start_byte()).unwrap_or("").trim_end();
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    let comment = before.get(line..).unwrap_or("").trim_start().starts_with("//");
    Span::new(if comment { line } else { arm.start_byte() }, arm.end_byte())
}

/// Whether an arm takes any error and does nothing.
fn drops(walk: &Walk<'_, '_>, arm: Node<'_>) -> bool {
    let Some(pattern) = arm.child_by_field_name("pattern") else { return false };
    let any = matches!(walk.text_of(pattern), "Err(_)" | "Err(..)") || {
        let name = walk.text_of(pattern).strip_prefix("Err(_").and_then(|it| it.strip_suffix(')'));
        name.is_some_and(|name| name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'))
    };
    any && arm.child_by_field_name("value").is_some_and(is_empty)
}

fn is_error(walk: &Walk<'_, '_>, arm: Node<'_>) -> bool {
    walk.field(arm, "pattern").starts_with("Err(")
}

fn is_empty(value: Node<'_>) -> bool {
    match value.kind() {
        "unit_expression" => true,
        "block" => statements(value).is_empty(),
        _ => false,
    }
}

/// Whether an expression leaves the function or the loop at its end.
fn leaves(value: Node<'_>) -> bool {
    match value.kind() {
        "return_expression" | "break_expression" | "continue_expression" => true,
        "block" => statements(value).last().is_some_and(|last| leaves(*last)),
        "expression_statement" => value.named_child(0).is_some_and(leaves),
        "if_expression" => value.child_by_field_name("consequence").is_some_and(leaves),
        _ => false,
    }
}

/// Whether what is matched ends something, or asks for what need not be there.
fn is_asked(walk: &Walk<'_, '_>, value: Node<'_>) -> bool {
    const DEEP: usize = 4;
    let mut node = value;
    for _ in 0..DEEP {
        match node.kind() {
            "await_expression" => match node.named_child(0) {
                Some(inner) => node = inner,
                None => return false,
            },
            "call_expression" => {
                let function = walk.field(node, "function");
                let plain = function.split("::<").next().unwrap_or(function);
                let name = plain.rsplit(['.', ':']).next().unwrap_or(plain);
                return practice::is_harmless(name) || ASKED.binary_search(&name).is_ok();
            }
            _ => return false,
        }
    }
    false
}
