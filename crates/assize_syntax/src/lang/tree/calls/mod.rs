//! Calls of library functions that controls ask about, by their full names.
//!
//! A name means a library only where an import of the same file says so. What a call says is what
//! the file shows: the fields of a literal, the methods of a chain. Where the file shows another
//! way to set a limit, the call is unresolved.

pub(super) mod csharp;
pub(super) mod go;
pub(super) mod java;
pub(super) mod rust;

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use assize_grammars::Node;
use assize_model::FileClass;

use super::walk::{Walk, span_of};
use crate::{FactKind, Flags, Role};

/// How many calls of one chain are followed: each step up begins at the root of the tree.
const CHAIN_MAX: usize = 32;

/// What the names of a file mean.
#[derive(Debug, Default)]
pub(super) struct Libraries {
    /// Full names by names of the file; none where two imports give the same name.
    names: HashMap<String, Option<String>>,
}

impl Libraries {
    fn learn(&mut self, name: &str, full: &str) {
        let known = self.names.entry(name.to_owned()).or_insert_with(|| Some(full.to_owned()));
        if known.as_deref() != Some(full) {
            *known = None;
        }
    }

    fn full(&self, name: &str) -> Option<&str> {
        self.names.get(name)?.as_deref()
    }
}

/// Whether a node is code of the product, whose calls are asked about.
fn counts(walk: &Walk<'_, '_>, node: Node<'_>) -> bool {
    walk.sheet.class == FileClass::Production && !walk.is_aside(node)
}

/// Whether the file holds one of some words anywhere.
fn mentions(walk: &Walk<'_, '_>, words: &[&str]) -> bool {
    words.iter().any(|word| walk.text.contains(word))
}

/// What a call says, and whether it may say more.
#[derive(Debug, Default)]
struct Said {
    names: String,
    open: bool,
}

/// How far above a call the question is looked for whether anybody wants to see it.
const QUESTION_LEVELS: usize = 8;

/// Writes down what is printed, unless somebody asked for it.
fn print(walk: &mut Walk<'_, '_>, node: Node<'_>, key: &str) {
    let mut around = node.parent();
    for _ in 0..QUESTION_LEVELS {
        let Some(one) = around else { break };
        if matches!(one.kind(), "if_expression" | "if_statement") {
            let condition = walk.field(one, "condition").to_ascii_lowercase();
            if ["debug", "quiet", "trace", "verbos"].iter().any(|word| condition.contains(word)) {
                return;
            }
        }
        around = one.parent();
    }
    write(walk, node, key, Said::default());
}

fn write(walk: &mut Walk<'_, '_>, node: Node<'_>, key: &str, said: Said) {
    let item = walk.item();
    let open = if said.open { Flags::UNRESOLVED } else { Flags::NONE };
    let nested = if walk.in_function() { Flags::NESTED } else { Flags::NONE };
    let arguments = node.child_by_field_name("arguments").map_or(0, |all| all.named_child_count());
    walk.sheet
        .fact(FactKind::Call, Role::Reference, key, span_of(node))
        .value(said.names)
        .item(item)
        .number(u32::try_from(arguments).unwrap_or(u32::MAX))
        .flags(open.with(nested))
        .done();
}
