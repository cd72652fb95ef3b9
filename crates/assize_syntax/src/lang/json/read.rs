//! A reader of JSON that does not recurse, keeps spans and says what is wrong in plain words.
//!
//! Written here because both grammars that are met (the strict one, and the one with comments and
//! trailing commas) must be told apart exactly, and because most JSON in a repository is data that
//! needs a check but no tree.

use crate::hostile::NESTING_MAX;

/// What is allowed beyond the standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grammar {
    Strict,
    /// Comments and trailing commas.
    Commented,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ReadError {
    pub(super) at: usize,
    pub(super) message: &'static str,
}

/// The message where brackets nest deeper than any text that people write: refused, no error of
/// the syntax.
pub(super) const TOO_DEEP: &str = "brackets nest too deep";

/// What is wrong where a comment stands and the grammar has none.
pub(super) const NO_COMMENTS: &str = "JSON has no comments";

/// A step of the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Event {
    Open { object: bool, at: usize },
    Close { end: usize },
    Key { start: usize, end: usize },
    Scalar { start: usize, end: usize },
}

/// Reads the whole text as one value.
pub(super) fn check(text: &str, grammar: Grammar) -> Result<(), ReadError> {
    events(text, grammar, |_| {})
}

/// Reads the whole text as one value and hands each of its events on.
pub(super) fn events(
    text: &str,
    grammar: Grammar,
    take: impl FnMut(Event),
) -> Result<(), ReadError> {
    let end = document(text, 0, grammar, take)?;
    Reader { bytes: text.as_bytes(), at: end, grammar }.finish()
}

/// Whether the text is a sequence of documents, each beginning on a line of its own.
pub(super) fn is_sequence(text: &str) -> bool {
    let mut at = 0;
    let mut count = 0;
    while !text.get(at..).unwrap_or("").trim().is_empty() {
        let rest = text.get(at..).unwrap_or("");
        let start = at + rest.len() - rest.trim_start().len();
        if count > 0 && !text.get(at..start).unwrap_or("").contains('\n') {
            return false;
        }
        match document(text, start, Grammar::Strict, |_| {}) {
            Ok(end) => at = end,
            Err(_) => return false,
        }
        count += 1;
    }
    count > 1
}

/// What may come next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expect {
    Value,
    /// After `[`: a value or the end.
    ValueOrEnd,
    /// After `{`: a key or the end.
    KeyOrEnd,
    Key,
    CommaOrEnd,
}

/// Reads one value from `start` on; gives its end.
fn document(
    text: &str,
    start: usize,
    grammar: Grammar,
    mut sink: impl FnMut(Event),
) -> Result<usize, ReadError> {
    let mut reader = Reader { bytes: text.as_bytes(), at: start, grammar };
    let mut open: Vec<bool> = Vec::new();
    let mut expect = Expect::Value;
    loop {
        reader.skip_space()?;
        let Some(byte) = reader.peek() else {
            return Err(reader.ended(open.last().copied()));
        };
        match (expect, byte) {
            (Expect::ValueOrEnd | Expect::CommaOrEnd, b']') if open.last() == Some(&false) => {
                open.pop();
                reader.at += 1;
                sink(Event::Close { end: reader.at });
                expect = Expect::CommaOrEnd;
            }
            (Expect::KeyOrEnd | Expect::CommaOrEnd, b'}') if open.last() == Some(&true) => {
                open.pop();
                reader.at += 1;
                sink(Event::Close { end: reader.at });
                expect = Expect::CommaOrEnd;
            }
            (Expect::CommaOrEnd, b',') => expect = reader.comma(open.last() == Some(&true))?,
            (Expect::CommaOrEnd, _) => return Err(reader.no_comma(open.last() == Some(&true))),
            (Expect::KeyOrEnd | Expect::Key, b'"') => {
                let start = reader.at;
                reader.string()?;
                sink(Event::Key { start, end: reader.at });
                reader.skip_space()?;
                if reader.peek() != Some(b':') {
                    return Err(reader.wrong("expected `:` after a key"));
                }
                reader.at += 1;
                expect = Expect::Value;
                continue;
            }
            (Expect::KeyOrEnd | Expect::Key, _) => {
                return Err(reader.wrong("expected a key in double quotes"));
            }
            (Expect::Value | Expect::ValueOrEnd, b'{' | b'[') => {
                if open.len() >= NESTING_MAX {
                    return Err(reader.wrong(TOO_DEEP));
                }
                let object = byte == b'{';
                sink(Event::Open { object, at: reader.at });
                open.push(object);
                reader.at += 1;
                expect = if object { Expect::KeyOrEnd } else { Expect::ValueOrEnd };
                continue;
            }
            (Expect::Value | Expect::ValueOrEnd, _) => {
                let start = reader.at;
                reader.scalar(byte)?;
                sink(Event::Scalar { start, end: reader.at });
                expect = Expect::CommaOrEnd;
            }
        }
        if open.is_empty() {
            return Ok(reader.at);
        }
    }
}

struct Reader<'t> {
    bytes: &'t [u8],
    at: usize,
    grammar: Grammar,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn wrong(&self, message: &'static str) -> ReadError {
        ReadError { at: self.at, message }
    }

    fn ended(&self, object: Option<bool>) -> ReadError {
        let message = match object {
            Some(true) => "the file ends inside an object",
            Some(false) => "the file ends inside an array",
            None => "expected a value",
        };
        let kept = self.bytes.trim_ascii_end().len();
        ReadError { at: kept.saturating_sub(1), message }
    }

    fn no_comma(&self, object: bool) -> ReadError {
        self.wrong(if object { "expected `,` or `}`" } else { "expected `,` or `]`" })
    }

    /// Reads a comma and says what may follow it.
    fn comma(&mut self, object: bool) -> Result<Expect, ReadError> {
        let comma = self.at;
        self.at += 1;
        self.skip_space()?;
        let closes = matches!((self.peek(), object), (Some(b'}'), true) | (Some(b']'), false));
        if closes && self.grammar == Grammar::Strict {
            return Err(ReadError {
                at: comma,
                message: "a comma stands before the closing bracket",
            });
        }
        Ok(match (closes, object) {
            (true, _) => Expect::CommaOrEnd,
            (false, true) => Expect::Key,
            (false, false) => Expect::Value,
        })
    }

    fn finish(&mut self) -> Result<(), ReadError> {
        self.skip_space()?;
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.wrong("more text follows the end of the value")),
        }
    }

    fn skip_space(&mut self) -> Result<(), ReadError> {
        loop {
            match self.peek() {
                Some(b' ' | b'\t' | b'\n' | b'\r') => self.at += 1,
                Some(b'/') => self.comment()?,
                _ => return Ok(()),
            }
        }
    }

    fn comment(&mut self) -> Result<(), ReadError> {
        let rest = self.bytes.get(self.at..).unwrap_or(&[]);
        let line = rest.starts_with(b"//");
        if !line && !rest.starts_with(b"/*") {
            return Err(self.wrong("expected a value"));
        }
        if self.grammar == Grammar::Strict {
            return Err(self.wrong(NO_COMMENTS));
        }
        if line {
            let len = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            self.at += len;
            return Ok(());
        }
        let body = rest.get(2..).unwrap_or(&[]);
        match memchr::memmem::find(body, b"*/") {
            Some(len) => {
                self.at += len + 4;
                Ok(())
            }
            None => Err(self.wrong("a comment is not closed")),
        }
    }

    fn scalar(&mut self, first: u8) -> Result<(), ReadError> {
        match first {
            b'"' => self.string(),
            b'-' | b'0'..=b'9' => self.number(),
            b'\'' => Err(self.wrong("strings stand in double quotes")),
            _ => {
                for word in [b"true".as_slice(), b"false", b"null"] {
                    let rest = self.bytes.get(self.at..).unwrap_or(&[]);
                    let after = rest.get(word.len());
                    if rest.starts_with(word) && !after.is_some_and(u8::is_ascii_alphanumeric) {
                        self.at += word.len();
                        return Ok(());
                    }
                }
                Err(self.wrong("expected a value"))
            }
        }
    }

    fn string(&mut self) -> Result<(), ReadError> {
        let start = self.at;
        self.at += 1;
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => self.escape()?,
                Some(0..=31) | None => {
                    let broken = self.peek().is_none_or(|byte| byte == b'\n' || byte == b'\r');
                    return Err(if broken {
                        ReadError { at: start, message: "a string is not closed" }
                    } else {
                        self.wrong("a control character stands in a string")
                    });
                }
                Some(_) => self.at += 1,
            }
        }
    }

    fn escape(&mut self) -> Result<(), ReadError> {
        let len = match self.bytes.get(self.at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => 2,
            Some(b'u') => {
                let digits = self.bytes.get(self.at + 2..self.at + 6).unwrap_or(&[]);
                if digits.len() != 4 || !digits.iter().all(u8::is_ascii_hexdigit) {
                    return Err(self.wrong("an escape is not one of JSON's"));
                }
                6
            }
            _ => return Err(self.wrong("an escape is not one of JSON's")),
        };
        self.at += len;
        Ok(())
    }

    fn number(&mut self) -> Result<(), ReadError> {
        let start = self.at;
        let wrong = ReadError { at: start, message: "a number is not written as JSON wants it" };
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        let whole = self.digits();
        let leads = self.bytes.get(self.at - whole) == Some(&b'0') && whole > 1;
        if whole == 0 || leads {
            return Err(wrong);
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            if self.digits() == 0 {
                return Err(wrong);
            }
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            if self.digits() == 0 {
                return Err(wrong);
            }
        }
        if self.peek().is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'.') {
            return Err(wrong);
        }
        Ok(())
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        self.at - start
    }
}

#[cfg(test)]
mod tests {
    use super::{Grammar, NESTING_MAX, TOO_DEEP, check, is_sequence};

    #[test]
    fn the_standard_and_nothing_else() {
        for text in
            ["{}", "[]", "1", "\"a\"", " { \"a\" : [1, -0.5e+3, null], \"b\": {} } \n", "[[],{}]"]
        {
            assert_eq!(check(text, Grammar::Strict), Ok(()), "{text}");
        }
        for text in [
            "",
            "{",
            "[1,]",
            "{\"a\":1,}",
            "{a: 1}",
            "{'a': 1}",
            "[01]",
            "[1.]",
            "[.5]",
            "[+1]",
            "[NaN]",
            "\"a\nb\"",
            "\"\\x\"",
            "\"\\u12\"",
            "// c\n1",
            "{\"a\" 1}",
            "[1 2]",
            "[1}",
            "{]",
            "[]]",
            "{\"a\":}",
            "nulls",
            "\"\t\"",
            "[,]",
            "{,}",
            "1 2",
            "/",
            "[\"a]",
        ] {
            assert!(check(text, Grammar::Strict).is_err(), "{text}");
        }
    }

    #[test]
    fn comments_and_trailing_commas() {
        for text in ["// a\n{ \"a\": [1, /* b */ 2,], } // c", "/**/[]", "[1,//\n]"] {
            assert_eq!(check(text, Grammar::Commented), Ok(()), "{text}");
        }
        for text in ["/* a", "[,]", "{,}", "[1,,]", "/ a"] {
            assert!(check(text, Grammar::Commented).is_err(), "{text}");
        }
    }

    #[test]
    fn depth_has_a_limit_and_brackets_in_strings_count_for_nothing() {
        let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(check(&deep(NESTING_MAX), Grammar::Strict), Ok(()));
        let error = check(&deep(NESTING_MAX + 1), Grammar::Strict).unwrap_err();
        assert_eq!(error.message, TOO_DEEP);
        let quoted = format!("[{}1]", "\"[[{\",".repeat(NESTING_MAX));
        assert_eq!(check(&quoted, Grammar::Strict), Ok(()));
    }

    #[test]
    fn sequences_of_documents() {
        assert!(is_sequence("{\"a\":1}\n{\"a\":2}\n"));
        assert!(is_sequence("{\n\"a\":1\n}\n[2]\n"));
        assert!(!is_sequence("{\"a\":1} {\"a\":2}"));
        assert!(!is_sequence("{\"a\":1}\n{\"a\":2"));
        assert!(!is_sequence("{\"a\":1}\n"));
    }
}
