//! Function bodies as hashes of their tokens, for clone detection.
//!
//! Two hashes: of the exact tokens, and of the shape, in which a name is the order of its first
//! appearance and a literal is only its kind. Comments, blank lines and the docstring do not count.

use std::collections::HashMap;
use std::fmt::Write as _;

use ruff_python_ast::token::{TokenKind, Tokens};
use ruff_python_ast::{self as ast, Stmt};
use ruff_text_size::{Ranged, TextRange};

use super::walk::span_of;
use crate::{Extraction, FactKind, Role};

/// Bodies below this size are alike by nature.
const TOKENS_MIN: u32 = 50;

pub(super) fn record(
    sheet: &mut Extraction<'_>,
    function: &ast::StmtFunctionDef,
    item: String,
    tokens: &Tokens,
) {
    let body = match function.body.first() {
        Some(Stmt::Expr(first)) if first.value.is_string_literal_expr() => {
            function.body.get(1..).unwrap_or(&[])
        }
        _ => &function.body[..],
    };
    let (Some(first), Some(last)) = (body.first(), body.last()) else { return };
    let range = TextRange::new(first.start(), last.end());
    let mut exact = blake3::Hasher::new();
    let mut shape = blake3::Hasher::new();
    let mut names: HashMap<&str, u32> = HashMap::new();
    let mut count = 0;
    for token in tokens.in_range(range) {
        let kind = token.kind();
        if matches!(kind, TokenKind::Comment | TokenKind::NonLogicalNewline) {
            continue;
        }
        count += 1;
        let text = sheet.text.get(token.start().to_usize()..token.end().to_usize()).unwrap_or("");
        // White space is a token of its own kind: how wide an indentation is does not count.
        let text = match kind {
            TokenKind::Indent | TokenKind::Dedent | TokenKind::Newline => "",
            _ => text,
        };
        exact.update(&[kind as u8, 0]).update(text.as_bytes());
        shape.update(&[kind as u8, 0]);
        match kind {
            TokenKind::Name => {
                let next = u32::try_from(names.len()).unwrap_or(u32::MAX);
                let number = *names.entry(text).or_insert(next);
                shape.update(&number.to_le_bytes());
            }
            TokenKind::String
            | TokenKind::Int
            | TokenKind::Float
            | TokenKind::Complex
            | TokenKind::FStringMiddle => {}
            _ => {
                shape.update(text.as_bytes());
            }
        }
    }
    if count < TOKENS_MIN {
        return;
    }
    sheet
        .fact(FactKind::Body, Role::Definition, short_hex(&shape), span_of(&function.name))
        .value(short_hex(&exact))
        .item(item)
        .number(count)
        .done();
}

fn short_hex(hasher: &blake3::Hasher) -> String {
    let hash = hasher.finalize();
    hash.as_bytes().iter().take(16).fold(String::with_capacity(32), |mut out, byte| {
        // Writing to a string cannot fail.
        let _ = write!(out, "{byte:02x}");
        out
    })
}
