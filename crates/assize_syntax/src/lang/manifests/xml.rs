//! As much of XML as manifests need: elements with their attributes, and the text in them.
//!
//! Nothing is resolved and nothing is judged: what is not well formed yields what stands before.

use assize_model::Span;

/// What the reader meets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Event<'a> {
    /// An element begins; the flag says that it ends at once.
    Open {
        name: &'a str,
        attributes: &'a str,
        span: Span,
        empty: bool,
    },
    Close {
        name: &'a str,
    },
    Text {
        text: &'a str,
    },
}

/// The elements and texts of a document, in order.
pub(super) struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    pub(super) const fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    /// Goes past what is no element, and says whether it did.
    fn skip(&mut self) -> bool {
        let pairs = [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>"), ("<!", ">")];
        let rest = self.rest();
        let Some((_, end)) = pairs.iter().find(|(start, _)| rest.starts_with(start)) else {
            return false;
        };
        self.at += rest.find(end).map_or(rest.len(), |at| at + end.len());
        true
    }
}

impl<'a> Iterator for Reader<'a> {
    type Item = Event<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.rest().starts_with('<') && self.skip() {}
        let rest = self.rest();
        let start = self.at;
        if rest.is_empty() {
            return None;
        }
        let Some(inside) = rest.strip_prefix('<') else {
            let end = rest.find('<').unwrap_or(rest.len());
            self.at += end;
            return Some(Event::Text { text: rest.get(..end)?.trim() });
        };
        let end = inside.find('>')?;
        let tag = inside.get(..end)?;
        self.at += end + 2;
        if let Some(name) = tag.strip_prefix('/') {
            return Some(Event::Close { name: name.trim() });
        }
        let empty = tag.ends_with('/');
        let tag = tag.trim_end_matches('/');
        let (name, attributes) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
        Some(Event::Open { name, attributes, span: Span::new(start, self.at), empty })
    }
}

/// The value of an attribute.
pub(super) fn attribute<'a>(attributes: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = attributes;
    while let Some((key, after)) = rest.split_once('=') {
        let after = after.trim_start();
        let quote = after.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        let (value, more) = after.get(1..)?.split_once(quote)?;
        if key.trim() == name {
            return Some(value);
        }
        rest = more;
    }
    None
}
