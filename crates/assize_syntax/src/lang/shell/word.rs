//! A word of shell text, taken apart: quotes, expansions, patterns.
//!
//! rable keeps every word's source text, but hands out the expansions in it only in part; this
//! scanner reads that text again, so that no place where a command or a variable can hide is
//! missed. It runs over each byte once per level of nesting.

use crate::shell_words::{ansi_end, name_length, split_name, tick_end};

/// One part of a word.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Text that stands for itself, quotes removed.
    Plain(&'a str),
    /// `$name`, `${name}`, `${name<rest>}`.
    Variable { name: &'a str, rest: &'a str },
    /// The text inside `$( )`, back ticks, `<( )`.
    Command(&'a str),
    /// A pattern, a brace list, an arithmetic result, an escape that is not read.
    Pattern,
}

/// How a text treats quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quoting {
    /// A word.
    Word,
    /// The inside of double quotes, a here-document.
    Double,
}

/// The parts of a word, in order.
pub(super) fn pieces(raw: &str) -> Vec<Piece<'_>> {
    let mut out = Vec::new();
    if let Some(rest) = raw.strip_prefix("<(").or_else(|| raw.strip_prefix(">(")) {
        let end = command_end(rest);
        out.push(Piece::Command(rest.get(..end).unwrap_or("")));
        out.push(Piece::Pattern);
        return out;
    }
    take_pieces(raw, Quoting::Word, &mut out);
    out
}

/// The parts of a text in which only expansions are special.
pub(super) fn pieces_quoted(raw: &str) -> Vec<Piece<'_>> {
    let mut out = Vec::new();
    take_pieces(raw, Quoting::Double, &mut out);
    out
}

fn take_pieces<'a>(raw: &'a str, quoting: Quoting, out: &mut Vec<Piece<'a>>) {
    let bytes = raw.as_bytes();
    let mut at = 0;
    let mut plain = 0;
    let flush = |from: usize, to: usize, out: &mut Vec<Piece<'a>>| {
        if let Some(text) = raw.get(from..to).filter(|text| !text.is_empty()) {
            out.push(Piece::Plain(text));
        }
    };
    while let Some(&byte) = bytes.get(at) {
        let word = quoting == Quoting::Word;
        let next = match byte {
            b'\\' => {
                flush(plain, at, out);
                let keep = at + 1;
                let width =
                    raw.get(keep..).and_then(|r| r.chars().next()).map_or(0, char::len_utf8);
                flush(keep, keep + width, out);
                keep + width
            }
            b'\'' if word => {
                flush(plain, at, out);
                let end = find(bytes, at + 1, b'\'');
                flush(at + 1, end, out);
                end + 1
            }
            b'"' if word => {
                flush(plain, at, out);
                let end = at + 1 + quoted_end(raw.get(at + 1..).unwrap_or(""));
                take_pieces(raw.get(at + 1..end).unwrap_or(""), Quoting::Double, out);
                end + 1
            }
            b'`' => {
                flush(plain, at, out);
                let end = at + 1 + tick_end(raw.get(at + 1..).unwrap_or(""));
                out.push(Piece::Command(raw.get(at + 1..end).unwrap_or("")));
                end + 1
            }
            b'$' => {
                flush(plain, at, out);
                at + take_dollar(raw.get(at..).unwrap_or(""), quoting, out)
            }
            b'*' | b'?' if word => {
                flush(plain, at, out);
                out.push(Piece::Pattern);
                at + 1
            }
            b'[' | b'{' if word && closes(byte, bytes.get(at..).unwrap_or(&[])) => {
                flush(plain, at, out);
                out.push(Piece::Pattern);
                at + 1
            }
            _ => {
                at += 1;
                continue;
            }
        };
        at = next;
        plain = next;
    }
    flush(plain, bytes.len(), out);
}

/// Whether what a bracket opens is a pattern: `[ab]`, `{a,b}`; a lone bracket is text.
fn closes(open: u8, rest: &[u8]) -> bool {
    let close = if open == b'[' { b']' } else { b'}' };
    memchr::memchr(close, rest).is_some_and(|at| at > 1)
}

/// Reads what a `$` begins and says how many bytes it took.
fn take_dollar<'a>(text: &'a str, quoting: Quoting, out: &mut Vec<Piece<'a>>) -> usize {
    let bytes = text.as_bytes();
    match bytes.get(1) {
        Some(b'(') if bytes.get(2) == Some(&b'(') => {
            let end = 2 + command_end(text.get(2..).unwrap_or(""));
            // What stands in an arithmetic expansion is read like quoted text.
            take_pieces(text.get(3..end).unwrap_or(""), Quoting::Double, out);
            out.push(Piece::Pattern);
            end + 1
        }
        Some(b'(') => {
            let end = 2 + command_end(text.get(2..).unwrap_or(""));
            out.push(Piece::Command(text.get(2..end).unwrap_or("")));
            end + 1
        }
        Some(b'{') => {
            let end = 2 + brace_end(text.get(2..).unwrap_or(""));
            let inner = text.get(2..end).unwrap_or("");
            let (name, rest) = split_name(inner);
            out.push(Piece::Variable { name, rest });
            end + 1
        }
        Some(b'\'') if quoting == Quoting::Word => {
            let end = ansi_end(bytes);
            let inner = text.get(2..end).unwrap_or("");
            out.push(if inner.contains('\\') { Piece::Pattern } else { Piece::Plain(inner) });
            end + 1
        }
        Some(b'"') if quoting == Quoting::Word => 1,
        Some(byte) if byte.is_ascii_alphabetic() || *byte == b'_' => {
            let length = name_length(text.get(1..).unwrap_or(""));
            out.push(Piece::Variable { name: text.get(1..1 + length).unwrap_or(""), rest: "" });
            1 + length
        }
        Some(b'0'..=b'9' | b'@' | b'*' | b'#' | b'?' | b'-' | b'$' | b'!') => {
            out.push(Piece::Variable { name: text.get(1..2).unwrap_or(""), rest: "" });
            2
        }
        _ => {
            out.push(Piece::Plain(text.get(..1).unwrap_or("")));
            1
        }
    }
}

fn find(bytes: &[u8], from: usize, wanted: u8) -> usize {
    bytes
        .get(from..)
        .and_then(|rest| memchr::memchr(wanted, rest))
        .map_or(bytes.len(), |at| from + at)
}

/// Where the double quote that is already open ends.
fn quoted_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => return at,
            b'\\' => at += 2,
            b'`' => at += 2 + tick_end(text.get(at + 1..).unwrap_or("")),
            b'$' if bytes.get(at + 1) == Some(&b'(') => {
                at += 3 + command_end(text.get(at + 2..).unwrap_or(""));
            }
            b'$' if bytes.get(at + 1) == Some(&b'{') => {
                at += 3 + brace_end(text.get(at + 2..).unwrap_or(""));
            }
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
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

fn brace_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'}' if depth == 0 => return at,
            b'}' => depth -= 1,
            b'$' if bytes.get(at + 1) == Some(&b'{') => {
                depth += 1;
                at += 1;
            }
            b'$' if bytes.get(at + 1) == Some(&b'(') => {
                at += 2 + command_end(text.get(at + 2..).unwrap_or(""));
            }
            b'\\' => at += 1,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

/// The words of one simple text, operators as words of their own.
pub(super) fn words(text: &str) -> Vec<&str> {
    let bytes = text.as_bytes();
    let mut out = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' => {
                out.extend(text.get(start..at).filter(|word| !word.is_empty()));
                let run = bytes.get(at..).unwrap_or(&[]).iter().take_while(|b| **b == byte).count();
                if !byte.is_ascii_whitespace() {
                    out.extend(text.get(at..at + run));
                }
                at += run;
                start = at;
                continue;
            }
            b'\\' => at += 1,
            b'\'' => at = find(bytes, at + 1, b'\''),
            b'"' => at += 1 + quoted_end(text.get(at + 1..).unwrap_or("")),
            b'`' => at += 1 + tick_end(text.get(at + 1..).unwrap_or("")),
            b'$' if bytes.get(at + 1) == Some(&b'(') => {
                at += 2 + command_end(text.get(at + 2..).unwrap_or(""));
            }
            _ => {}
        }
        at += 1;
    }
    out.extend(text.get(start..).filter(|word| !word.is_empty()));
    out
}

#[cfg(test)]
mod tests {
    use super::{Piece, pieces, words};

    #[test]
    fn quotes_and_expansions_come_apart() {
        assert_eq!(
            pieces(r#"a"b $X"'c d'\ e"#),
            [
                Piece::Plain("a"),
                Piece::Plain("b "),
                Piece::Variable { name: "X", rest: "" },
                Piece::Plain("c d"),
                Piece::Plain(" "),
                Piece::Plain("e"),
            ]
        );
        assert_eq!(
            pieces(r#""$(dirname "$0")"/x"#),
            [Piece::Command(r#"dirname "$0""#), Piece::Plain("/x")]
        );
        assert_eq!(
            pieces("${BASH_SOURCE%/*}/a*"),
            [
                Piece::Variable { name: "BASH_SOURCE", rest: "%/*" },
                Piece::Plain("/a"),
                Piece::Pattern
            ]
        );
    }

    #[test]
    fn broken_words_end_somewhere() {
        for raw in ["$", "${", "$(", "`", "'", "\"", "\\", "$'", "$((", "<(", "é\\", "\"\\"] {
            let _ = pieces(raw);
            let _ = words(raw);
        }
        assert_eq!(words("cd \"$(a b)\" && pwd -P"), ["cd", "\"$(a b)\"", "&&", "pwd", "-P"]);
    }
}
