//! A word of shell text, taken apart: quotes, expansions, patterns.
//!
//! rable keeps every word's source text, but hands out the expansions in it only in part; this
//! scanner reads that text again, so that no place where a command can hide is missed.

use std::borrow::Cow;

use assize_syntax::shell_words::{ansi_end, name_length, split_name, tick_end};

/// One part of a word.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Text that stands for itself, quotes removed.
    Plain(Cow<'a, str>),
    /// Quotes stand here: the word is one even if it is empty.
    Quote,
    /// `$name`, `${name<rest>}`. Outside of quotes its value is split into words.
    Variable { name: &'a str, rest: &'a str, quoted: bool },
    /// The text inside `$( )` or back ticks.
    Command { text: Cow<'a, str>, quoted: bool },
    /// The same in back ticks that hold escapes, which the parser leaves as they are.
    Escaped { text: String, quoted: bool },
    /// The text inside `<( )` and `>( )`.
    Process { text: &'a str, reads: bool },
    /// Text in which only expansions count, and whose value is not told: arithmetic.
    Hidden(&'a str),
    /// A sign of a pattern outside of quotes.
    Pattern(&'a str),
}

/// How a text treats quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quoting {
    /// A word.
    Word,
    /// The inside of double quotes, a here-document.
    Double,
}

/// The parts of a text, in order.
pub(super) fn pieces(raw: &str, quoting: Quoting) -> Vec<Piece<'_>> {
    let mut out = Vec::new();
    take_pieces(raw, quoting, &mut out);
    out
}

fn take_pieces<'a>(raw: &'a str, quoting: Quoting, out: &mut Vec<Piece<'a>>) {
    let bytes = raw.as_bytes();
    let word = quoting == Quoting::Word;
    let mut at = 0;
    let mut plain = 0;
    let flush = |from: usize, to: usize, out: &mut Vec<Piece<'a>>| {
        if let Some(text) = raw.get(from..to).filter(|text| !text.is_empty()) {
            out.push(Piece::Plain(Cow::Borrowed(text)));
        }
    };
    while let Some(&byte) = bytes.get(at) {
        if !is_special(byte, word, bytes.get(at + 1).copied()) {
            at += 1;
            continue;
        }
        flush(plain, at, out);
        let rest = raw.get(at..).unwrap_or("");
        at += take_special(rest, byte, quoting, out).max(1);
        plain = at;
    }
    flush(plain, bytes.len(), out);
}

fn is_special(byte: u8, word: bool, next: Option<u8>) -> bool {
    match byte {
        b'\\' | b'`' | b'$' => true,
        b'\'' | b'"' | b'*' | b'?' | b'[' => word,
        b'<' | b'>' => word && next == Some(b'('),
        b'@' | b'+' | b'!' => word && next == Some(b'('),
        _ => false,
    }
}

/// Reads what a special sign begins and says how many bytes it took.
fn take_special<'a>(text: &'a str, byte: u8, quoting: Quoting, out: &mut Vec<Piece<'a>>) -> usize {
    let tail = text.get(1..).unwrap_or("");
    match byte {
        b'\\' => take_escape(tail, quoting, out),
        b'\'' => {
            let end = find(tail.as_bytes(), 0, b'\'');
            out.push(Piece::Quote);
            push_plain(tail.get(..end).unwrap_or(""), out);
            end + 2
        }
        b'"' => {
            let end = quoted_end(tail);
            out.push(Piece::Quote);
            take_pieces(tail.get(..end).unwrap_or(""), Quoting::Double, out);
            end + 2
        }
        b'`' => {
            let end = tick_end(tail);
            let quoted = quoting == Quoting::Double;
            out.push(match unescape_ticks(tail.get(..end).unwrap_or(""), quoting) {
                Cow::Owned(text) => Piece::Escaped { text, quoted },
                text @ Cow::Borrowed(_) => Piece::Command { text, quoted },
            });
            end + 2
        }
        b'$' => take_dollar(text, quoting, out),
        b'<' | b'>' => {
            let inner = text.get(2..).unwrap_or("");
            let end = command_end(inner);
            let text = inner.get(..end).unwrap_or("");
            out.push(Piece::Process { text, reads: byte == b'<' });
            end + 3
        }
        b'[' if !closes(tail.as_bytes()) => {
            push_plain("[", out);
            1
        }
        _ => {
            out.push(Piece::Pattern(text.get(..1).unwrap_or("")));
            1
        }
    }
}

fn push_plain<'a>(text: &'a str, out: &mut Vec<Piece<'a>>) {
    if !text.is_empty() {
        out.push(Piece::Plain(Cow::Borrowed(text)));
    }
}

fn take_escape<'a>(tail: &'a str, quoting: Quoting, out: &mut Vec<Piece<'a>>) -> usize {
    let Some(next) = tail.chars().next() else {
        push_plain("\\", out);
        return 1;
    };
    let width = next.len_utf8();
    if next == '\n' {
        return 2;
    }
    if quoting == Quoting::Double && !matches!(next, '$' | '`' | '"' | '\\') {
        push_plain("\\", out);
        return 1;
    }
    out.push(Piece::Quote);
    push_plain(tail.get(..width).unwrap_or(""), out);
    1 + width
}

fn unescape_ticks(text: &str, quoting: Quoting) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut out = text.replace("\\`", "`").replace("\\$", "$").replace("\\\\", "\\");
    if quoting == Quoting::Double {
        out = out.replace("\\\"", "\"");
    }
    Cow::Owned(out)
}

/// In longer words brace lists are not followed.
const PATTERN_MAX: usize = 2048;

/// How far the end of a pattern in square brackets is sought.
const BRACKET_MAX: usize = 256;

/// Whether what a square bracket opens is a pattern: a lone bracket is text. One whose end is far
/// away counts as a pattern.
fn closes(rest: &[u8]) -> bool {
    let end = rest.iter().take(BRACKET_MAX).position(|byte| *byte == b']');
    end.map_or(rest.len() > BRACKET_MAX, |at| at > 0)
}

/// Reads what a `$` begins and says how many bytes it took.
fn take_dollar<'a>(text: &'a str, quoting: Quoting, out: &mut Vec<Piece<'a>>) -> usize {
    let bytes = text.as_bytes();
    let quoted = quoting == Quoting::Double;
    match bytes.get(1) {
        Some(b'(') => {
            let inner = text.get(2..).unwrap_or("");
            let end = command_end(inner);
            let body = inner.get(..end).unwrap_or("");
            let arithmetic = body.strip_prefix('(').and_then(|body| body.strip_suffix(')'));
            match arithmetic {
                Some(sum) => out.push(Piece::Hidden(sum)),
                None => out.push(Piece::Command { text: Cow::Borrowed(body), quoted }),
            }
            end + 3
        }
        Some(b'[') => {
            let inner = text.get(2..).unwrap_or("");
            let end = find(inner.as_bytes(), 0, b']');
            out.push(Piece::Hidden(inner.get(..end).unwrap_or("")));
            end + 3
        }
        Some(b'{') => {
            let inner = text.get(2..).unwrap_or("");
            let end = brace_end(inner);
            let (name, rest) = split_name(inner.get(..end).unwrap_or(""));
            out.push(Piece::Variable { name, rest, quoted });
            end + 3
        }
        Some(b'\'') if !quoted => {
            let end = ansi_end(bytes);
            out.push(Piece::Quote);
            let plain = super::decode::ansi(text.get(2..end).unwrap_or(""));
            out.push(Piece::Plain(Cow::Owned(plain)));
            end + 1
        }
        Some(b'"') if !quoted => 1,
        Some(byte) if byte.is_ascii_alphabetic() || *byte == b'_' => {
            let length = name_length(text.get(1..).unwrap_or(""));
            let name = text.get(1..1 + length).unwrap_or("");
            out.push(Piece::Variable { name, rest: "", quoted });
            1 + length
        }
        Some(b'0'..=b'9' | b'@' | b'*' | b'#' | b'?' | b'-' | b'$' | b'!') => {
            let name = text.get(1..2).unwrap_or("");
            out.push(Piece::Variable { name, rest: "", quoted });
            2
        }
        _ => {
            push_plain("$", out);
            1
        }
    }
}

fn find(bytes: &[u8], from: usize, wanted: u8) -> usize {
    let rest = bytes.get(from..).unwrap_or(&[]);
    rest.iter().position(|byte| *byte == wanted).map_or(bytes.len(), |at| from + at)
}

/// Where the double quote that is already open ends.
fn quoted_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let next = bytes.get(at + 1);
        match byte {
            b'"' => return at,
            b'\\' => at += 2,
            b'`' => at += 2 + tick_end(text.get(at + 1..).unwrap_or("")),
            b'$' if next == Some(&b'(') => {
                at += 3 + command_end(text.get(at + 2..).unwrap_or(""));
            }
            b'$' if next == Some(&b'{') => at += 3 + brace_end(text.get(at + 2..).unwrap_or("")),
            _ => at += 1,
        }
    }
    bytes.len()
}

/// Where the command substitution that is already open ends.
fn command_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b')' if depth == 0 => return at,
            b')' => depth -= 1,
            b'(' => depth += 1,
            b'\\' => at += 1,
            b'\'' => at = find(bytes, at + 1, b'\''),
            b'"' => at += 1 + quoted_end(text.get(at + 1..).unwrap_or("")),
            b'`' => at += 1 + tick_end(text.get(at + 1..).unwrap_or("")),
            b'<' if text.get(at..).is_some_and(|rest| rest.starts_with("<<<")) => at += 2,
            b'<' if bytes.get(at + 1) == Some(&b'<') => {
                at += here_document_end(text.get(at..).unwrap_or(""));
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

/// How long the operator and the body of a here-document are. What follows the delimiter on its
/// line is passed over with them.
fn here_document_end(text: &str) -> usize {
    let Some((line, _)) = text.split_once('\n') else { return 2 };
    let word = line.trim_start_matches(['<', '-']).trim_start();
    let delimiter: String = word
        .chars()
        .take_while(|c| !c.is_whitespace() && !matches!(c, ';' | '|' | '&' | ')' | '>' | '<'))
        .filter(|c| !matches!(c, '\'' | '"' | '\\'))
        .collect();
    let mut at = line.len() + 1;
    if delimiter.is_empty() {
        return 2;
    }
    for body in text.get(at..).unwrap_or("").split_inclusive('\n') {
        let bare = body.trim_end_matches('\n').trim_start_matches('\t');
        if bare == delimiter {
            return at + body.trim_end_matches('\n').len();
        }
        at += body.len();
    }
    2
}

fn brace_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let next = bytes.get(at + 1);
        match byte {
            b'}' if depth == 0 => return at,
            b'}' => depth -= 1,
            b'$' if next == Some(&b'{') => {
                depth += 1;
                at += 1;
            }
            b'$' if next == Some(&b'(') => {
                at += 2 + command_end(text.get(at + 2..).unwrap_or(""));
            }
            b'`' => at += 1 + tick_end(text.get(at + 1..).unwrap_or("")),
            b'\\' => at += 1,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

/// What `{a,b}` and `{1..3}` outside of quotes stand for; `None` if there is none, an empty list
/// if there are too many.
pub(super) fn braces(raw: &str) -> Option<Vec<String>> {
    if raw.len() > PATTERN_MAX {
        return raw.contains(['{']).then(Vec::new);
    }
    let (open, close) = brace_span(raw)?;
    let mut out = Vec::new();
    let mut work = vec![(raw.to_owned(), Some((open, close)))];
    while let Some((text, span)) = work.pop() {
        let Some((open, close)) = span else {
            out.push(text);
            continue;
        };
        if out.len() + work.len() > BRACES_MAX {
            return Some(Vec::new());
        }
        let head = text.get(..open).unwrap_or("");
        let tail = text.get(close + 1..).unwrap_or("");
        for choice in choices(text.get(open + 1..close).unwrap_or("")).iter().rev() {
            let made = format!("{head}{choice}{tail}");
            let span = brace_span(&made);
            work.push((made, span));
        }
    }
    Some(out)
}

/// How many words one word may become.
const BRACES_MAX: usize = 64;

/// The first brace pair outside of quotes that holds a comma or a range.
fn brace_span(text: &str) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let mut open = Vec::new();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let next = bytes.get(at + 1);
        match byte {
            b'\\' => at += 1,
            b'\'' => at = find(bytes, at + 1, b'\''),
            b'"' => at += 1 + quoted_end(text.get(at + 1..).unwrap_or("")),
            b'`' => at += 1 + tick_end(text.get(at + 1..).unwrap_or("")),
            b'$' if next == Some(&b'{') => at += 2 + brace_end(text.get(at + 2..).unwrap_or("")),
            b'$' | b'<' | b'>' if next == Some(&b'(') => {
                at += 2 + command_end(text.get(at + 2..).unwrap_or(""));
            }
            b'{' => open.push((at, false)),
            b',' => {
                if let Some(top) = open.last_mut() {
                    top.1 = true;
                }
            }
            b'.' if next == Some(&b'.') => {
                if let Some(top) = open.last_mut() {
                    top.1 = true;
                }
            }
            b'}' => {
                if let Some((from, true)) = open.pop()
                    && choices(text.get(from + 1..at).unwrap_or("")).len() > 1
                {
                    return Some((from, at));
                }
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// The members of one brace list or range.
fn choices(inner: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut at = 0;
    let bytes = inner.as_bytes();
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1,
            b'\'' => at = find(bytes, at + 1, b'\''),
            b'"' => at += 1 + quoted_end(inner.get(at + 1..).unwrap_or("")),
            b'$' if bytes.get(at + 1) == Some(&b'(') => {
                at += 2 + command_end(inner.get(at + 2..).unwrap_or(""));
            }
            b',' => {
                out.extend(inner.get(start..at).map(str::to_owned));
                start = at + 1;
            }
            _ => {}
        }
        at += 1;
    }
    if start > 0 {
        out.extend(inner.get(start..).map(str::to_owned));
        return out;
    }
    range(inner).unwrap_or_default()
}

fn range(inner: &str) -> Option<Vec<String>> {
    let (from, to) = inner.split_once("..")?;
    if let (Ok(from), Ok(to)) = (from.parse::<i32>(), to.parse::<i32>()) {
        let (low, high) = (from.min(to), from.max(to));
        let last = high.min(low.saturating_add(BRACES_MAX as i32 + 1));
        return Some((low..=last).map(|number| number.to_string()).collect());
    }
    let one = |text: &str| text.chars().next().filter(|c| text.len() == 1 && c.is_ascii());
    let (from, to) = (one(from)?, one(to)?);
    Some((from.min(to)..=from.max(to)).map(String::from).collect())
}
