//! Function bodies as hashes of their tokens, so that clones share a key.
//!
//! The shape of a body is its token kinds, with identifiers and literals replaced by the order in
//! which they first appear: two bodies that differ in the names of their variables and in their
//! literals have one shape. A name after a dot is kept, because it belongs to another object: code
//! that asks other things of its surroundings is no clone. A comma before a closing bracket does
//! not count. A body without a decision in it is a list of facts, whose shape says nothing: it is
//! only ever like an exact copy.

use std::collections::HashMap;

use assize_model::Span;
use oxc_ast::ast::{FunctionBody, Statement};
use oxc_parser::{Kind, Token};

use crate::{Extraction, FactKind, Flags, Role};

/// So many calls are as good as a decision.
const CALLS_MIN: usize = 4;

/// Smaller bodies are alike by nature.
const TOKENS_MIN: usize = 50;

/// What [`TOKENS_MIN`] tokens take at the least.
const BYTES_MIN: usize = TOKENS_MIN;

/// A body that the walk met.
#[derive(Debug)]
pub(super) struct Body {
    /// From the parameters to the end.
    pub(super) whole: Span,
    /// From the first word of the function to the end of its parameters.
    pub(super) head: Span,
    pub(super) item: String,
    /// It stands in another body.
    pub(super) nested: bool,
}

/// The extent of a body that is worth comparing. What only refuses to work shares nothing but a
/// signature with another of its kind.
pub(super) fn compared(body: &FunctionBody<'_>) -> Option<oxc_span::Span> {
    (!matches!(body.statements.as_slice(), [Statement::ThrowStatement(_)])).then_some(body.span)
}

/// Whether a body of this extent is worth its tokens.
pub(super) fn may_count(whole: Span) -> bool {
    whole.end.saturating_sub(whole.start) >= BYTES_MIN
}

/// Writes down the bodies that are large enough.
pub(super) fn write(sheet: &mut Extraction<'_>, tokens: &[Token], bodies: Vec<Body>) {
    let tokens = Tokens { text: sheet.text, tokens };
    for body in bodies {
        let Some(hashes) = tokens.hashes(body.whole) else { continue };
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

/// The tokens of one file.
struct Tokens<'t> {
    text: &'t str,
    tokens: &'t [Token],
}

impl Tokens<'_> {
    /// The hashes of the tokens within a span, if they are enough to be told apart.
    fn hashes(&self, span: Span) -> Option<Hashes> {
        let start = self.tokens.partition_point(|token| (token.start() as usize) < span.start);
        let end = self.tokens.partition_point(|token| (token.end() as usize) <= span.end);
        let tokens = self.tokens.get(start..end)?;
        if tokens.len() < TOKENS_MIN {
            return None;
        }
        let mut shape = Vec::with_capacity(tokens.len() * 3);
        let mut exact = Vec::with_capacity(tokens.len() * 8);
        let mut order: HashMap<&str, u32> = HashMap::new();
        let mut size = 0_u32;
        let mut after_dot = false;
        let mut decides = false;
        let mut calls = 0;
        for (at, token) in tokens.iter().enumerate() {
            let text = self.text.get(token.start() as usize..token.end() as usize).unwrap_or("");
            let kind = token.kind();
            if kind == Kind::JSXText && text.trim().is_empty() {
                continue;
            }
            if kind == Kind::Comma && tokens.get(at + 1).is_some_and(|next| closes(next.kind())) {
                continue;
            }
            decides |= is_decision(kind);
            let called = tokens.get(at + 1).is_some_and(|next| next.kind() == Kind::LParen);
            calls += usize::from(kind.is_identifier_name() && called);
            size = size.saturating_add(1);
            push_words(&mut exact, text, kind);
            shape.push(kind as u8);
            if after_dot && kind.is_identifier_name() {
                shape.extend_from_slice(text.as_bytes());
                shape.push(0);
            } else if folds(kind) {
                let next = u32::try_from(order.len()).unwrap_or(u32::MAX);
                let number = *order.entry(text).or_insert(next);
                shape.extend_from_slice(&number.to_le_bytes());
            }
            after_dot = matches!(kind, Kind::Dot | Kind::QuestionDot);
        }
        let shape = short_hash(if decides || calls >= CALLS_MIN { &shape } else { &exact });
        Some(Hashes { shape, exact: short_hash(&exact), size })
    }
}

/// Text between JSX tags counts without its line breaks and indentation.
fn push_words(exact: &mut Vec<u8>, text: &str, kind: Kind) {
    if kind == Kind::JSXText {
        for word in text.split_whitespace() {
            exact.extend_from_slice(word.as_bytes());
            exact.push(b' ');
        }
    } else {
        exact.extend_from_slice(text.as_bytes());
    }
    exact.push(0);
}

fn closes(kind: Kind) -> bool {
    matches!(kind, Kind::RParen | Kind::RBrack | Kind::RCurly)
}

fn is_decision(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::If
            | Kind::For
            | Kind::While
            | Kind::Do
            | Kind::Switch
            | Kind::Try
            | Kind::Throw
            | Kind::Await
            | Kind::Yield
            | Kind::Arrow
            | Kind::Question
            | Kind::Amp2
            | Kind::Pipe2
            | Kind::Plus
            | Kind::Minus
            | Kind::Slash
            | Kind::Percent
            | Kind::Eq3
            | Kind::Neq2
    )
}

fn folds(kind: Kind) -> bool {
    kind.is_number()
        || matches!(
            kind,
            Kind::Ident
                | Kind::Str
                | Kind::RegExp
                | Kind::NoSubstitutionTemplate
                | Kind::TemplateHead
                | Kind::TemplateMiddle
                | Kind::TemplateTail
                | Kind::PrivateIdentifier
                | Kind::JSXText
        )
}

/// BLAKE3 shortened to 128 bits.
fn short_hash(bytes: &[u8]) -> String {
    let hash = blake3::hash(bytes);
    hash.to_hex().chars().take(32).collect()
}
