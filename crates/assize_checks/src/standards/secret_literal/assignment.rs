//! Names of secrets with a literal behind them: `password = "..."`, `TOKEN=...`, `"apiKey": "..."`.
//!
//! Reads the place only. Whether name and value make a secret is decided in `judgement`.

use super::alphabet::{Alphabet, WORD};

/// Longer names are no names.
const NAME_BYTES: usize = 64;
/// Longer values are texts or data.
const VALUE_BYTES: usize = 300;
/// How long a type between name and `=` may be.
const TYPE_BYTES: usize = 48;
const NAME: Alphabet = WORD.with(b".-");

/// A name and the literal that is assigned to it, as byte ranges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Assignment {
    pub(super) name: (usize, usize),
    pub(super) value: (usize, usize),
    /// Whether the value stands in quotes.
    pub(super) quoted: bool,
}

/// What counts as a value in a file besides quoted literals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bare {
    /// Nothing: in code, a bare word is a name.
    No,
    /// The rest of a word after `=` without spaces around it.
    Equals,
    /// The rest of the line after `:` or `=`.
    Line,
    /// None, but a text may follow its name without an operator: `PASSWORD '...'`.
    Statement,
}

/// The assignment in whose name a word stands at this place.
pub(super) fn read(text: &str, word: (usize, usize), bare: Bare) -> Option<Assignment> {
    let bytes = text.as_bytes();
    let before = NAME.run_back(bytes, word.0, NAME_BYTES);
    let after = NAME.run(bytes, word.1, NAME_BYTES);
    (before < NAME_BYTES && after < NAME_BYTES).then_some(())?;
    let (start, end) = (word.0 - before, word.1 + after);
    let name = text.get(start..end)?;
    let end = end - (name.len() - name.trim_end_matches(['-', '.']).len());
    let start = start + (name.len() - name.trim_start_matches(['-', '.']).len());
    let (operator, at) = match operator(bytes, end) {
        Some(found) => found,
        None if bare == Bare::Line => (Operator::Colon, value_below(text, start, end)?),
        None if bare == Bare::Statement => (Operator::Equals, text_after(bytes, end)?),
        None => return None,
    };
    let prefixed = at + string_prefix(bytes, at);
    match bytes.get(prefixed)? {
        quote @ (b'"' | b'\'' | b'`') => {
            let value = quoted(bytes, prefixed + 1, *quote)?;
            Some(Assignment { name: (start, end), value, quoted: true })
        }
        _ if operator == Operator::Comma => None,
        _ if matches!(bare, Bare::No | Bare::Statement) => {
            let value = fallback(bytes, prefixed)?;
            Some(Assignment { name: (start, end), value, quoted: true })
        }
        _ => {
            let value = bare_value(text, at, bare, operator, end)?;
            Some(Assignment { name: (start, end), value, quoted: false })
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Equals,
    Colon,
    /// The second argument of a read with a default: `getenv("TOKEN", "...")`.
    Comma,
}

/// The operator behind a name, and where the value starts.
fn operator(bytes: &[u8], name_end: usize) -> Option<(Operator, usize)> {
    let mut at = name_end;
    let closed = matches!(bytes.get(at), Some(b'"' | b'\'' | b'`'));
    if closed {
        at += 1;
    }
    if bytes.get(at) == Some(&b']') {
        at += 1;
    }
    at = skip_spaces(bytes, at);
    match bytes.get(at)? {
        b',' if closed => Some((Operator::Comma, skip_spaces(bytes, at + 1))),
        b'=' => Some((Operator::Equals, after_equals(bytes, at)?)),
        b'?' | b'|' | b'+' if bytes.get(at + 1) == Some(&b'=') => {
            Some((Operator::Equals, after_equals(bytes, at + 1)?))
        }
        b':' => Some(after_colon(bytes, at)),
        _ => None,
    }
}

/// Where a text opens that follows a word of a statement, with blanks alone between.
fn text_after(bytes: &[u8], end: usize) -> Option<usize> {
    let at = skip_spaces(bytes, end);
    (at > end && bytes.get(at) == Some(&b'\'')).then_some(at)
}

/// Where the value of a list entry stands whose `name:` line holds the name: `value:` below it.
fn value_below(text: &str, start: usize, end: usize) -> Option<usize> {
    let rest = text.get(end..)?;
    let rest = rest.strip_prefix(['"', '\'']).unwrap_or(rest);
    let line_end = rest.bytes().take(TYPE_BYTES).position(|byte| byte == b'\n')?;
    rest.get(..line_end)?.trim().is_empty().then_some(())?;
    let before = text.get(start.saturating_sub(TYPE_BYTES)..start)?;
    let before = before.trim_end_matches(['"', '\'']).trim_end();
    before.ends_with("name:").then_some(())?;
    let below = rest.get(line_end + 1..)?;
    let indent = below.len() - below.trim_start_matches(' ').len();
    let value = below.get(indent..)?.strip_prefix("value:")?;
    Some(skip_spaces(text.as_bytes(), text.len() - value.len()))
}

/// Behind `=` or `=>`; a comparison is no assignment.
fn after_equals(bytes: &[u8], at: usize) -> Option<usize> {
    match bytes.get(at + 1) {
        Some(b'=' | b'~') => None,
        Some(b'>') => Some(skip_spaces(bytes, at + 2)),
        _ => Some(skip_spaces(bytes, at + 1)),
    }
}

/// Behind `:`, or behind the `=` that follows a type: `token: str = "..."`.
fn after_colon(bytes: &[u8], at: usize) -> (Operator, usize) {
    if bytes.get(at + 1) == Some(&b'=') {
        return (Operator::Equals, skip_spaces(bytes, at + 2));
    }
    const TYPE: Alphabet = WORD.with(b" &'.<>[]|,?()");
    let length = TYPE.run(bytes, at + 1, TYPE_BYTES);
    let typed =
        bytes.get(at + 1 + length) == Some(&b'=') && bytes.get(at + 2 + length) != Some(&b'=');
    if typed && length > 1 {
        return (Operator::Equals, skip_spaces(bytes, at + 2 + length));
    }
    (Operator::Colon, skip_spaces(bytes, at + 1))
}

fn skip_spaces(bytes: &[u8], at: usize) -> usize {
    at + Alphabet::SPACES.run(bytes, at, TYPE_BYTES)
}

/// The literal that stands in for an expression without a value: `process.env.TOKEN || "..."`.
fn fallback(bytes: &[u8], from: usize) -> Option<(usize, usize)> {
    let line = bytes.get(from..)?;
    let length = line.iter().take(VALUE_BYTES).position(|byte| *byte == b'\n');
    let line = line.get(..length.unwrap_or(line.len().min(VALUE_BYTES)))?;
    [b" || ".as_slice(), b" ?? ", b" or "].iter().find_map(|operator| {
        let found = line.windows(operator.len()).position(|window| window == *operator)?;
        let at = from + found + operator.len();
        let quote = bytes.get(at).filter(|byte| matches!(byte, b'"' | b'\'' | b'`'))?;
        quoted(bytes, at + 1, *quote)
    })
}

/// `b"..."`, `r'...'`; an `f` string is a template and judged by its braces.
fn string_prefix(bytes: &[u8], at: usize) -> usize {
    const PREFIX: Alphabet = Alphabet::of(b"").with(b"brufBRUF@");
    let length = PREFIX.run(bytes, at, 2);
    let quote = matches!(bytes.get(at + length), Some(b'"' | b'\''));
    if quote { length } else { 0 }
}

/// A literal up to the quote that closes it on the same line.
fn quoted(bytes: &[u8], from: usize, quote: u8) -> Option<(usize, usize)> {
    let mut at = from;
    while at - from <= VALUE_BYTES {
        match *bytes.get(at)? {
            byte if byte == quote => return (at > from).then_some((from, at)),
            b'\n' => return None,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    None
}

fn bare_value(
    text: &str,
    at: usize,
    bare: Bare,
    operator: Operator,
    name_end: usize,
) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let tight = operator == Operator::Equals && at == name_end + 1;
    match bare {
        Bare::No | Bare::Statement => return None,
        Bare::Equals if !tight => return None,
        Bare::Equals | Bare::Line => {}
    }
    let rest = bytes.get(at..)?;
    let ends = |byte: &u8| {
        byte.is_ascii_whitespace()
            || matches!(byte, b'"' | b'\'' | b'`' | b';' | b'\\' | b',' | b'<')
    };
    let length = rest.iter().take(VALUE_BYTES).position(ends);
    let end = at + length.or((rest.len() < VALUE_BYTES).then_some(rest.len()))?;
    // Words behind the value make it a sentence, unless they are a comment.
    let line_end = rest.iter().take(VALUE_BYTES).position(|byte| *byte == b'\n');
    let tail = text.get(end..at + line_end.unwrap_or(rest.len().min(VALUE_BYTES)))?.trim();
    let alone = tail.is_empty() || tail.starts_with('#') || operator == Operator::Equals;
    (end > at && alone).then_some((at, end))
}

#[cfg(test)]
mod tests {
    use super::{Bare, read};

    fn value(text: &str, bare: Bare) -> Option<&str> {
        let at = text.to_ascii_lowercase().find("token")?;
        let found = read(text, (at, at + 5), bare)?;
        text.get(found.value.0..found.value.1)
    }

    #[test]
    fn literals_behind_names() {
        let cases = [
            ("token = \"abc\"", Bare::No, Some("abc")),
            ("{\"authToken\": \"abc\"}", Bare::No, Some("abc")),
            ("token: str = 'abc'", Bare::No, Some("abc")),
            ("const token: &'static str = \"abc\";", Bare::No, Some("abc")),
            ("config['token'] = 'abc'", Bare::No, Some("abc")),
            ("os.getenv(\"TOKEN\", \"abc\")", Bare::No, Some("abc")),
            ("token := `abc`", Bare::No, Some("abc")),
            ("'token' => 'abc',", Bare::No, Some("abc")),
            ("token == \"abc\"", Bare::No, None),
            ("token = abc", Bare::No, None),
            ("token = env.TOKEN || \"abc\";", Bare::No, Some("abc")),
            ("token = os.environ.get('T') or 'abc'", Bare::No, Some("abc")),
            ("token = a || b\nx || \"abc\"", Bare::No, None),
            ("export TOKEN=abc # why", Bare::Line, Some("abc")),
            ("token: abc", Bare::Line, Some("abc")),
            ("token: the one that", Bare::Line, None),
            ("docker run -e TOKEN=abc image", Bare::Equals, Some("abc")),
            ("token = \"abc", Bare::No, None),
            ("with token 'abc'", Bare::Statement, Some("abc")),
            ("with token 'abc'", Bare::No, None),
            ("the token's 'abc'", Bare::Statement, None),
            ("- name: TOKEN\n  value: \"abc\"", Bare::Line, Some("abc")),
            ("- name: token\n  image: abc", Bare::Line, None),
        ];
        for (text, bare, expected) in cases {
            assert_eq!(value(text, bare), expected, "{text}");
        }
    }
}
