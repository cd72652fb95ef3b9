//! The HTML that stands in documents: tags and their attributes, nothing more.
//!
//! Linear: every byte is looked at a fixed number of times, and a tag or comment that is not
//! closed ends the scan.

/// A part of an HTML text.
#[derive(Debug)]
pub(super) enum Piece<'a> {
    Text(&'a str),
    Open(OpenTag<'a>),
    Close(&'a str),
}

/// An opening tag.
#[derive(Debug)]
pub(super) struct OpenTag<'a> {
    pub(super) name: &'a str,
    inside: &'a str,
    /// Byte offsets of the whole tag.
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The pieces of an HTML text; comments are left out.
#[derive(Debug)]
pub(super) struct Pieces<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Pieces<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    fn tag(&mut self, rest: &'a str) -> Option<Piece<'a>> {
        let start = self.at;
        let end = tag_end(rest)?;
        self.at = start + end;
        let inside = rest.get(1..end - 1)?;
        if let Some(name) = inside.strip_prefix('/') {
            return Some(Piece::Close(name.trim()));
        }
        let split = inside.find(|c: char| c.is_whitespace() || c == '/').unwrap_or(inside.len());
        let (name, inside) = inside.split_at(split);
        Some(Piece::Open(OpenTag { name, inside, start, end: self.at }))
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        loop {
            let rest = self.text.get(self.at..)?;
            if rest.is_empty() {
                return None;
            }
            if let Some(comment) = rest.strip_prefix("<!--") {
                self.at += 4 + comment.find("-->")? + 3;
                continue;
            }
            let second = rest.as_bytes().get(1).copied().unwrap_or(b' ');
            if rest.starts_with('<') && (second.is_ascii_alphabetic() || second == b'/') {
                return self.tag(rest);
            }
            let after_first = rest.as_bytes().get(1..).unwrap_or(&[]);
            let length = memchr::memchr(b'<', after_first).map_or(rest.len(), |at| at + 1);
            self.at += length;
            return self.text.get(self.at - length..self.at).map(Piece::Text);
        }
    }
}

/// The offset behind the `>` that closes the tag at the start of `rest`.
fn tag_end(rest: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in rest.bytes().enumerate() {
        match (quote, byte) {
            (Some(open), _) if open == byte => quote = None,
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'>') => return Some(at + 1),
            _ => {}
        }
    }
    None
}

impl<'a> OpenTag<'a> {
    /// Names and values; an attribute without a value has an empty one.
    pub(super) fn attributes(&self) -> Vec<(&'a str, &'a str)> {
        let mut found = Vec::new();
        let mut rest = self.inside;
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
            if rest.is_empty() {
                return found;
            }
            let end = rest
                .find(|c: char| c.is_whitespace() || matches!(c, '=' | '/'))
                .unwrap_or(rest.len());
            let (name, after) = rest.split_at(end);
            let after = after.trim_start();
            let Some(after) = after.strip_prefix('=') else {
                found.push((name, ""));
                rest = after;
                continue;
            };
            let after = after.trim_start();
            let (value, after) = value(after);
            found.push((name, value));
            rest = after;
        }
    }
}

/// The value at the start of a text, and what follows it.
fn value(text: &str) -> (&str, &str) {
    for quote in ['"', '\''] {
        if let Some(rest) = text.strip_prefix(quote) {
            return rest.split_once(quote).unwrap_or((rest, ""));
        }
    }
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    text.split_at(end)
}

/// Whether a tag's name is `h1` to `h6`.
pub(super) fn is_heading(name: &str) -> bool {
    matches!(name.as_bytes(), [b'h' | b'H', b'1'..=b'6'])
}

/// The few entities that occur in addresses.
pub(super) fn unescape(value: &str) -> String {
    let value = value.trim();
    if value.contains('&') {
        value.replace("&amp;", "&").replace("&#38;", "&").replace("&quot;", "\"")
    } else {
        value.to_owned()
    }
}
