//! Where values stand in a JSON text.
//!
//! A notebook is changed in place, so spans are all that is needed; the text is checked as a whole
//! while they are found.

use std::ops::Range;

/// How deep values may be nested.
const DEPTH_MAX: usize = 128;
/// How many values a text may hold; each takes far more memory than the text of the shortest.
const VALUES_MAX: usize = 500_000;

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Value {
    pub(super) span: Range<usize>,
    pub(super) kind: Kind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// Keys in order, as they are after escapes.
    Object(Vec<(String, Value)>),
    Array(Vec<Value>),
    Text(String),
    /// A number, a truth value or null.
    Other,
}

impl Value {
    /// The value of `key`; of several, the last, as clients read it.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        match &self.kind {
            Kind::Object(members) => {
                members.iter().rev().find(|(name, _)| name == key).map(|(_, value)| value)
            }
            Kind::Array(_) | Kind::Text(_) | Kind::Other => None,
        }
    }

    pub(super) fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text(text) => Some(text),
            Kind::Object(_) | Kind::Array(_) | Kind::Other => None,
        }
    }
}

/// Reads a whole text; nothing where it is no JSON or beyond a limit.
pub(super) fn parse(text: &str) -> Option<Value> {
    let mut reader = Reader { text, at: 0, left: VALUES_MAX };
    let value = reader.value(0)?;
    reader.spaces();
    (reader.at == text.len()).then_some(value)
}

/// `text` as a JSON string.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len().saturating_add(2));
    quoted.push('"');
    for mark in text.chars() {
        match mark {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            mark if u32::from(mark) < 0x20 => {
                quoted.push_str(&format!("\\u{:04x}", u32::from(mark)));
            }
            mark => quoted.push(mark),
        }
    }
    quoted.push('"');
    quoted
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// How many more values may be read.
    left: usize,
}

impl<'a> Reader<'a> {
    fn value(&mut self, depth: usize) -> Option<Value> {
        if depth > DEPTH_MAX {
            return None;
        }
        self.left = self.left.checked_sub(1)?;
        self.spaces();
        let start = self.at;
        let kind = match self.peek()? {
            '{' => Kind::Object(self.list('}', |reader| reader.member(depth))?),
            '[' => Kind::Array(self.list(']', |reader| reader.value(depth.saturating_add(1)))?),
            '"' => Kind::Text(self.string()?),
            _ => self.literal()?,
        };
        Some(Value { span: start..self.at, kind })
    }

    /// Items between an opening mark and `close`, with commas between them.
    fn list<T>(&mut self, close: char, item: impl Fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        self.next()?;
        let mut items = Vec::new();
        self.spaces();
        if self.peek()? == close {
            self.next()?;
            return Some(items);
        }
        loop {
            items.push(item(self)?);
            self.spaces();
            match self.next()? {
                ',' => {}
                mark if mark == close => return Some(items),
                _ => return None,
            }
        }
    }

    fn member(&mut self, depth: usize) -> Option<(String, Value)> {
        self.spaces();
        let key = self.string()?;
        self.spaces();
        (self.next()? == ':').then_some(())?;
        Some((key, self.value(depth.saturating_add(1))?))
    }

    fn string(&mut self) -> Option<String> {
        (self.next()? == '"').then_some(())?;
        let mut text = String::new();
        loop {
            match self.next()? {
                '"' => return Some(text),
                '\\' => text.push(self.escape()?),
                mark if u32::from(mark) < 0x20 => return None,
                mark => text.push(mark),
            }
        }
    }

    fn escape(&mut self) -> Option<char> {
        Some(match self.next()? {
            mark @ ('"' | '\\' | '/') => mark,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => return self.code_point(),
            _ => return None,
        })
    }

    /// The character of `\uXXXX`; two of them where it takes two.
    fn code_point(&mut self) -> Option<char> {
        let first = self.code_unit()?;
        let mut units = vec![first];
        if (0xd800..0xdc00).contains(&first) && self.rest().starts_with("\\u") {
            let at = self.at;
            self.at = self.at.saturating_add(2);
            let second = self.code_unit()?;
            if (0xdc00..0xe000).contains(&second) {
                units.push(second);
            } else {
                self.at = at;
            }
        }
        let decoded = char::decode_utf16(units).next()?;
        Some(decoded.unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn code_unit(&mut self) -> Option<u16> {
        let digits = self.rest().get(..4)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        self.at = self.at.saturating_add(4);
        u16::from_str_radix(digits, 16).ok()
    }

    fn literal(&mut self) -> Option<Kind> {
        let rest = self.rest();
        let end = rest
            .find(|mark: char| !(mark.is_ascii_alphanumeric() || matches!(mark, '+' | '-' | '.')))
            .unwrap_or(rest.len());
        let word = rest.get(..end)?;
        self.at = self.at.saturating_add(end);
        let known = matches!(word, "true" | "false" | "null") || is_number(word);
        known.then_some(Kind::Other)
    }

    fn spaces(&mut self) {
        let rest = self.rest();
        let others = rest.trim_start_matches([' ', '\t', '\n', '\r']);
        self.at = self.at.saturating_add(rest.len().saturating_sub(others.len()));
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let mark = self.peek()?;
        self.at = self.at.saturating_add(mark.len_utf8());
        Some(mark)
    }
}

/// Whether `word` is a number of JSON: no sign but `-`, no zero before other digits.
fn is_number(word: &str) -> bool {
    let word = word.strip_prefix('-').unwrap_or(word);
    let (mantissa, exponent) = match word.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (word, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|text| digits(text.strip_prefix(['+', '-']).unwrap_or(text)))
}
