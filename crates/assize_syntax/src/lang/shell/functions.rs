//! Functions of a script: their bodies, as the comparison of all languages takes them, and those
//! that only say that something was done. Also the remarks that put the real thing off.

use assize_model::{FileClass, Span};
use rable::{Node, NodeKind};

use super::survey::{flattened, raw};
use super::text::Offsets;
use super::walk::{Arg, Walk};
use crate::allowance::comments::openers;
use crate::lang::practice;
use crate::lang::tree::bodies::{self, Body, Leaf};
use crate::lang::tree::tongue::Token;
use crate::{Extraction, FactKind, Flags, Language, Role};

/// A function at the top level, by its name.
#[derive(Debug)]
struct Function<'n> {
    name: &'n str,
    /// From the name to the end.
    span: Span,
    body: &'n Node,
}

pub(super) fn extract(sheet: &mut Extraction<'_>, nodes: &[Node]) {
    if sheet.class != FileClass::Production {
        return;
    }
    let functions = functions(sheet.text, nodes);
    for function in &functions {
        let head = Span::new(function.span.start, function.span.start + function.name.len());
        let again = functions.iter().filter(|other| other.name == function.name).count() > 1;
        if !again && only_tells(function.body) {
            sheet
                .fact(FactKind::StandIn, Role::Definition, "body", head)
                .value("empty")
                .item(function.name)
                .done();
        }
        let whole = Span::new(head.end, function.span.end);
        if bodies::may_count(whole) {
            let leaves = leaves(sheet.text, whole);
            let item = function.name.to_owned();
            let body = Body { whole, head, item, nested: false };
            bodies::write(sheet, &leaves, vec![body]);
        }
    }
}

impl Walk<'_, '_> {
    /// Whether a command may be a function for all that it looks like a path: where a script
    /// defines one with a slash in its name, so do those that it takes in.
    pub(super) fn if_function(&self, command: &Arg) -> Flags {
        let bare = command.text().is_some_and(|text| {
            let name = text.rsplit('/').next().unwrap_or(text);
            !text.starts_with(['.', '/']) && !name.contains('.')
        });
        let defines = || self.sheet.text.lines().any(names_with_slash);
        if bare && defines() { Flags::UNRESOLVED } else { Flags::NONE }
    }
}

/// `function a/b {` or `a/b() {`
fn names_with_slash(line: &str) -> bool {
    let line = line.trim_start();
    let name = match line.strip_prefix("function ") {
        Some(rest) => rest.split([' ', '(', '{']).next(),
        None => line.split_once("()").map(|(name, _)| name),
    };
    let odd = |letter: char| letter.is_whitespace() || "$\"'`=#<>|&;(".contains(letter);
    name.is_some_and(|name| {
        name.contains('/') && !name.starts_with(['/', '.']) && !name.contains(odd)
    })
}

/// Comments that put the real thing off.
pub(super) fn remarks(sheet: &mut Extraction<'_>) {
    let text = sheet.text;
    if sheet.class != FileClass::Production || !practice::may_defer(text) {
        return;
    }
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let words = line.split_once('#').and_then(|(before, remark)| {
            let at = start + before.len() + 1;
            let blanks = remark.len() - remark.trim_start().len();
            practice::deferring(remark.trim_end()).map(|words| (at + blanks, words))
        });
        found.extend(words);
        start += line.len();
    }
    let places: Vec<usize> = found.iter().map(|(at, _)| *at).collect();
    for ((at, words), opener) in found.into_iter().zip(openers(Language::Shell, text, &places)) {
        if opener.is_some() {
            let span = sheet.lines.line_span(sheet.lines.line(at), text);
            let span = Span::new(at, span.end.max(at));
            sheet.fact(FactKind::StandIn, Role::Definition, "remark", span).value(words).done();
        }
    }
}

fn functions<'n>(text: &str, nodes: &'n [Node]) -> Vec<Function<'n>> {
    let offsets = Offsets::of(text);
    let mut found = Vec::new();
    for (node, _) in nodes.iter().flat_map(flattened) {
        let NodeKind::Function { name, body } = &node.kind else { continue };
        let (start, end) = (offsets.byte(node.span.start), offsets.byte(node.span.end));
        let named = text.get(start..end).and_then(|whole| whole.find(name.as_str()));
        if let Some(at) = named {
            found.push(Function { name, span: Span::new(start + at, end), body });
        }
    }
    found
}

/// Whether all that a body does is to tell people, in words that are written out, that something
/// is done.
fn only_tells(body: &Node) -> bool {
    let NodeKind::BraceGroup { body, redirects } = &body.kind else { return false };
    let mut tells = false;
    let quiet = flattened(body).into_iter().all(|(command, _)| {
        let NodeKind::Command { assignments, words, redirects } = &command.kind else {
            return false;
        };
        let words: Vec<&str> = words.iter().map(raw).collect();
        let Some((name, rest)) = words.split_first() else { return false };
        let plain = assignments.is_empty() && redirects.is_empty();
        plain
            && match *name {
                "echo" | "printf" | "log" | "log_info" | "info" => {
                    let said = rest.join(" ");
                    tells |= said.split_whitespace().count() > 1;
                    !said.contains(['$', '`', '%'])
                }
                "sleep" | "true" | ":" => true,
                "return" => matches!(rest, [] | ["0"]),
                _ => false,
            }
    });
    redirects.is_empty() && quiet && tells
}

/// The tokens of a span: words, texts in quotes and operators, without comments.
fn leaves(text: &str, span: Span) -> Vec<Leaf> {
    let bytes = text.as_bytes();
    let mut leaves = Vec::new();
    let mut at = span.start;
    while at < span.end {
        let byte = bytes.get(at).copied().unwrap_or(b' ');
        let rest = bytes.get(at..span.end).unwrap_or(&[]);
        let (length, token) = match byte {
            b'#' => (rest.iter().take_while(|byte| **byte != b'\n').count(), Token::Comment),
            b'\n' | b' ' | b'\t' | b'\r' => (1, Token::Comment),
            b'\'' | b'"' => (quoted(rest, byte), Token::Literal),
            b'(' => (1, Token::Opening),
            b')' | b'}' => (1, Token::Closing),
            b';' | b'&' | b'|' | b'<' | b'>' => {
                (rest.iter().take_while(|other| **other == byte).count(), Token::Word)
            }
            _ => (word(rest), Token::Word),
        };
        let end = (at + length.max(1)).min(span.end);
        if token != Token::Comment {
            let written = text.get(at..end).unwrap_or("");
            let token = if is_decision(written) { Token::Decision } else { token };
            let kind = if token == Token::Literal { 0 } else { number(written) };
            leaves.push(Leaf { span: Span::new(at, end), kind, token });
        }
        at = end;
    }
    leaves
}

fn is_decision(word: &str) -> bool {
    matches!(word, "if" | "case" | "for" | "while" | "until" | "&&" | "||")
}

fn word(rest: &[u8]) -> usize {
    rest.iter()
        .take_while(|byte| !byte.is_ascii_whitespace() && !b"\"'();&|<>".contains(byte))
        .count()
}

fn quoted(rest: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while let Some(byte) = rest.get(at) {
        at += 1;
        if *byte == quote {
            break;
        }
        at += usize::from(*byte == b'\\' && quote == b'"');
    }
    at
}

/// A number by which words differ: they are commands and options, which a copy with other names
/// keeps.
fn number(word: &str) -> u16 {
    const START: u32 = 0x811c_9dc5;
    const FACTOR: u32 = 0x0100_0193;
    let mixed = word.bytes().fold(START, |sum, byte| (sum ^ u32::from(byte)).wrapping_mul(FACTOR));
    let folded = (mixed >> 16) ^ (mixed & 0xffff);
    u16::try_from(folded).unwrap_or(1).max(1)
}
