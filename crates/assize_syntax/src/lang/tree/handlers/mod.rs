//! Error handlers that drop what they catch.

pub(super) mod braces;
pub(super) mod go;
pub(super) mod rust;

#[cfg(test)]
mod tests;

use assize_grammars::Node;
use assize_model::{FileClass, Span};

use super::walk::Walk;
use crate::lang::practice;
use crate::{FactKind, Flags, Role};

/// A handler that does nothing with what it catches.
#[derive(Debug)]
struct Dropped<'a> {
    /// Where it is pointed at.
    at: Span,
    caught: &'a str,
    does: &'static str,
    guarded: usize,
    flags: Flags,
}

/// Whether a node is code of the product.
fn counts(walk: &Walk<'_, '_>, node: Node<'_>) -> bool {
    walk.sheet.class == FileClass::Production && !walk.is_aside(node)
}

fn write(walk: &mut Walk<'_, '_>, dropped: Dropped<'_>) {
    let item = walk.item();
    let over = item.split(['.', ':']).any(practice::is_ending);
    let flags = if over { dropped.flags.with(Flags::OPTIONAL) } else { dropped.flags };
    walk.sheet
        .fact(FactKind::Catch, Role::Definition, dropped.caught, dropped.at)
        .value(dropped.does)
        .item(item)
        .number(u32::try_from(dropped.guarded).unwrap_or(u32::MAX))
        .flags(flags)
        .done();
}

/// Whether a comment stands in a handler, behind it on its last line, or alone on the line below.
fn explained(walk: &Walk<'_, '_>, handler: Span) -> Flags {
    let rest = walk.text.get(handler.end..).unwrap_or("");
    let line = rest.find('\n').unwrap_or(rest.len());
    let text = walk.text.get(handler.start..handler.end + line).unwrap_or("");
    let below = rest.get(line..).unwrap_or("").trim_start();
    let says = text.contains("//") || text.contains("/*") || below.starts_with("//");
    if says { Flags::MENTIONED } else { Flags::NONE }
}

/// The statements of a block, without comments.
fn statements<'t>(block: Node<'t>) -> Vec<Node<'t>> {
    let mut cursor = block.walk();
    let all = block.named_children(&mut cursor);
    all.filter(|one| !one.kind().ends_with("comment")).collect()
}
