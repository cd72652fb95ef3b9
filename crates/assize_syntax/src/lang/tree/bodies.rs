//! Function bodies as hashes of their tokens, so that clones share a key.
//!
//! As for the other languages: the shape replaces names and literals by the order in which they
//! first appear, but for names after a dot, which belong to something else. A comma before a
//! closing bracket does not count. A body without a decision in it is a list of facts, which is
//! only ever like an exact copy.

use std::collections::HashMap;

use assize_model::Span;

use super::tongue::Token;
use crate::{Extraction, FactKind, Flags, Role};

/// So many calls are as good as a decision.
const CALLS_MIN: usize = 4;

/// Smaller bodies are alike by nature.
const TOKENS_MIN: usize = 50;

/// What [`TOKENS_MIN`] tokens take at the least.
const BYTES_MIN: usize = TOKENS_MIN;

/// A token.
#[derive(Debug, Clone, Copy)]
pub(in crate::lang) struct Leaf {
    pub(in crate::lang) span: Span,
    pub(in crate::lang) kind: u16,
    pub(in crate::lang) token: Token,
}

/// A body that the walk met.
#[derive(Debug)]
pub(in crate::lang) struct Body {
    /// From the parameters to the end.
    pub(in crate::lang) whole: Span,
    /// Up to the body.
    pub(in crate::lang) head: Span,
    pub(in crate::lang) item: String,
    /// It stands in another body.
    pub(in crate::lang) nested: bool,
}

/// Whether a body of this extent is worth its tokens.
pub(in crate::lang) fn may_count(whole: Span) -> bool {
    whole.end.saturating_sub(whole.start) >= BYTES_MIN
}

/// Writes down the bodies that are large enough.
pub(in crate::lang) fn write(sheet: &mut Extraction<'_>, leaves: &[Leaf], bodies: Vec<Body>) {
    for body in bodies {
        let Some(hashes) = hashes(sheet.text, leaves, body.whole) else { continue };
        sheet
            .fact(FactKind::Body, Role::Definition, hashes.shape, body.head)
            .value(hashes.exact)
            .item(body.item)
            .number(hashes.size)
            .flags(if body.nested { Flags::NESTED } else { Flags::NONE })
            .done();
    }
}

/// What is kept of one body.
struct Hashes {
    shape: String,
    exact: String,
    size: u32,
}

/// The hashes of the tokens within a span, if they are enough to be told apart.
fn hashes(text: &str, leaves: &[Leaf], span: Span) -> Option<Hashes> {
    let start = leaves.partition_point(|leaf| leaf.span.start < span.start);
    let end = leaves.partition_point(|leaf| leaf.span.end <= span.end);
    let leaves = leaves.get(start..end)?;
    if leaves.len() < TOKENS_MIN {
        return None;
    }
    let mut shape = Vec::with_capacity(leaves.len() * 4);
    let mut exact = Vec::with_capacity(leaves.len() * 8);
    let mut order: HashMap<&str, u32> = HashMap::new();
    let (mut size, mut calls) = (0_u32, 0_usize);
    let (mut decides, mut after_dot) = (false, false);
    for (at, leaf) in leaves.iter().enumerate() {
        let next = leaves.get(at + 1).map(|next| next.token);
        if leaf.token == Token::Comma && next == Some(Token::Closing) {
            continue;
        }
        let word = text.get(leaf.span.start..leaf.span.end).unwrap_or("");
        decides |= leaf.token == Token::Decision;
        calls += usize::from(leaf.token == Token::Name && next == Some(Token::Opening));
        size = size.saturating_add(1);
        exact.extend_from_slice(word.as_bytes());
        exact.push(0);
        shape.extend_from_slice(&leaf.kind.to_le_bytes());
        match leaf.token {
            Token::Name if after_dot => {
                shape.extend_from_slice(word.as_bytes());
                shape.push(0);
            }
            Token::Name | Token::Literal => {
                let fresh = u32::try_from(order.len()).unwrap_or(u32::MAX);
                let number = *order.entry(word).or_insert(fresh);
                shape.extend_from_slice(&number.to_le_bytes());
            }
            _ => {}
        }
        after_dot = leaf.token == Token::Dot;
    }
    let shape = short_hash(if decides || calls >= CALLS_MIN { &shape } else { &exact });
    Some(Hashes { shape, exact: short_hash(&exact), size })
}

/// BLAKE3 shortened to 128 bits.
fn short_hash(bytes: &[u8]) -> String {
    let hash = blake3::hash(bytes);
    hash.to_hex().chars().take(32).collect()
}
