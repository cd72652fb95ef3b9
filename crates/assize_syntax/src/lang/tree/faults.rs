//! Where a text does not parse.
//!
//! Grammars are written after compilers and lag behind them. A text that the grammar refuses is
//! broken only where the language says that no newer notation can be meant; else the file counts
//! as one that was not parsed, and the facts of its sound parts are kept all the same.

use assize_grammars::{Node, Tree};

use super::tongue::Tongue;
use super::walk::span_of;
use crate::{Extraction, Parsed};

/// How much of what is not understood is shown.
const SHOWN_MAX: usize = 24;

pub(super) fn record(sheet: &mut Extraction<'_>, tongue: &Tongue, tree: &Tree) {
    let fault = first(tree);
    let Some(fault) = fault.filter(|fault| !(tongue.is_gap)(sheet.text, *fault)) else {
        sheet.set_parsed(Parsed::NotParsed);
        return;
    };
    let message = if fault.is_missing() {
        format!("`{}` is missing", fault.kind())
    } else {
        let rest = sheet.text.get(fault.start_byte()..).unwrap_or("");
        let line = rest.trim_start().lines().next().unwrap_or("").trim_end();
        let shown: String = line.chars().take(SHOWN_MAX).collect();
        format!("nothing can be made of what begins with `{shown}`")
    };
    sheet.error(span_of(fault), message);
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
