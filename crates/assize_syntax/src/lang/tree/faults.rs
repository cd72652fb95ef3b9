//! Where a text does not parse.
//!
//! Grammars are written after compilers and lag behind them. A text that the grammar refuses is
//! broken for certain only where its brackets do not pair up, or a text or a comment stays open: no
//! notation to come changes that. Else the file counts as one that was not parsed, what was not
//! understood is told under a code of its own, and the facts of its sound parts are kept.

use assize_grammars::{Node, Tree};

use super::brackets;
use super::tongue::Tongue;
use super::walk::span_of;
use crate::{Extraction, NOTATION, Parsed};

/// How much of what is not understood is shown.
const SHOWN_MAX: usize = 24;

pub(super) fn record(sheet: &mut Extraction<'_>, tongue: &Tongue, tree: &Tree) {
    let paired = brackets::pair_up(sheet.text, sheet.dialect.language());
    let fault = first(tree);
    let Some(fault) = fault.filter(|fault| !(tongue.is_gap)(sheet.text, *fault, paired)) else {
        sheet.set_parsed(Parsed::NotParsed);
        return;
    };
    let rest = sheet.text.get(fault.start_byte()..).unwrap_or("");
    let line = rest.trim_start().lines().next().unwrap_or("").trim_end();
    let shown: String = line.chars().take(SHOWN_MAX).collect();
    if paired {
        sheet.set_parsed(Parsed::NotParsed);
        let message = format!("no such notation as what stands before or at `{shown}` is known");
        sheet.error_with_code(span_of(fault), message, NOTATION);
    } else if fault.is_missing() {
        sheet.error(span_of(fault), format!("`{}` is missing", fault.kind()));
    } else {
        let message = format!("nothing can be made of what begins with `{shown}`");
        sheet.error(span_of(fault), message);
    }
}

/// The first place of which the grammar can make nothing, as deep inside as it is known.
fn first(tree: &Tree) -> Option<Node<'_>> {
    let mut cursor = tree.walk();
    let mut found = None;
    loop {
        let node = cursor.node();
        if node.is_missing() {
            return Some(node);
        }
        if node.is_error() {
            found = Some(node);
        }
        if node.has_error() && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if found.is_some() || !cursor.goto_parent() {
                return found;
            }
        }
    }
}
