//! Function bodies as hashes of their tokens, for clone detection.
//!
//! Two hashes: of the exact tokens, and of the shape, in which a name is the order of its first
//! appearance and a literal is only its kind. A name after a dot is kept, because it belongs to
//! another object; names of arguments are counted apart from variables, because they may be alike
//! by chance. Comments, blank lines, the docstring and a comma before a closing bracket do not
//! count. A body without a decision in it is a list of facts, whose shape says nothing: it is only
//! ever like an exact copy.

use std::collections::HashMap;
use std::fmt::Write as _;

use ruff_python_ast::token::{TokenKind, Tokens};
use ruff_python_ast::{self as ast, Stmt};
use ruff_text_size::{Ranged, TextRange};

use super::walk::span_of;
use crate::{Extraction, FactKind, Role};

/// So many calls are as good as a decision.
const CALLS_MIN: u32 = 4;

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
    let mut names = Names::default();
    let mut count = 0;
    let mut decides = false;
    let mut calls = 0;
    let kept: Vec<_> = tokens
        .in_range(range)
        .iter()
        .filter(|one| !matches!(one.kind(), TokenKind::Comment | TokenKind::NonLogicalNewline))
        .collect();
    for (at, token) in kept.iter().enumerate() {
        let kind = token.kind();
        let next = kept.get(at + 1).map(|token| token.kind());
        if kind == TokenKind::Comma && next.is_some_and(closes) {
            continue;
        }
        count += 1;
        decides |= is_decision(kind);
        calls += u32::from(kind == TokenKind::Name && next == Some(TokenKind::Lpar));
        names.enter(kind);
        let text = sheet.text.get(token.start().to_usize()..token.end().to_usize()).unwrap_or("");
        // White space is a token of its own kind: how wide an indentation is does not count.
        let text = match kind {
            TokenKind::Indent | TokenKind::Dedent | TokenKind::Newline => "",
            _ => text,
        };
        exact.update(&[kind as u8, 0]).update(text.as_bytes());
        shape.update(&[kind as u8, 0]);
        match kind {
            TokenKind::Name => names.hash(text, next, &mut shape),
            TokenKind::String
            | TokenKind::Int
            | TokenKind::Float
            | TokenKind::Complex
            | TokenKind::FStringMiddle => {}
            _ => {
                shape.update(text.as_bytes());
            }
        }
        names.after_dot = kind == TokenKind::Dot;
    }
    if count < TOKENS_MIN {
        return;
    }
    let shape = short_hex(if decides || calls >= CALLS_MIN { &shape } else { &exact });
    sheet
        .fact(FactKind::Body, Role::Definition, shape, span_of(&function.name))
        .value(short_hex(&exact))
        .item(item)
        .number(count)
        .done();
}

/// The names of one body, numbered in the order of their first appearance.
#[derive(Debug, Default)]
struct Names<'t> {
    variables: HashMap<&'t str, u32>,
    arguments: HashMap<&'t str, u32>,
    /// Open brackets.
    depth: u32,
    after_dot: bool,
}

impl<'t> Names<'t> {
    fn enter(&mut self, kind: TokenKind) {
        if matches!(kind, TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace) {
            self.depth += 1;
        } else if closes(kind) {
            self.depth = self.depth.saturating_sub(1);
        }
    }

    fn hash(&mut self, name: &'t str, next: Option<TokenKind>, shape: &mut blake3::Hasher) {
        if self.after_dot {
            shape.update(name.as_bytes()).update(&[0]);
            return;
        }
        let argument = self.depth > 0 && next == Some(TokenKind::Equal);
        let known = if argument { &mut self.arguments } else { &mut self.variables };
        let fresh = u32::try_from(known.len()).unwrap_or(u32::MAX);
        let number = *known.entry(name).or_insert(fresh);
        shape.update(&[u8::from(argument)]).update(&number.to_le_bytes());
    }
}

fn closes(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace)
}

fn is_decision(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::If
            | TokenKind::For
            | TokenKind::While
            | TokenKind::Try
            | TokenKind::With
            | TokenKind::Await
            | TokenKind::Yield
            | TokenKind::Raise
            | TokenKind::Match
            | TokenKind::And
            | TokenKind::Or
            | TokenKind::Not
            | TokenKind::Plus
            | TokenKind::Minus
            | TokenKind::Slash
            | TokenKind::Percent
            | TokenKind::EqEqual
            | TokenKind::NotEqual
            | TokenKind::Less
            | TokenKind::Greater
    )
}

fn short_hex(hasher: &blake3::Hasher) -> String {
    let hash = hasher.finalize();
    hash.as_bytes().iter().take(16).fold(String::with_capacity(32), |mut out, byte| {
        // Writing to a string cannot fail.
        let _ = write!(out, "{byte:02x}");
        out
    })
}
