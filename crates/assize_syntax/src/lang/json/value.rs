//! JSON as a tree: values with their places, built from the reader's events.

use std::borrow::Cow;

use assize_model::Span;

use super::read::{Event, Grammar, ReadError, events};

/// A value with its place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Value<'t> {
    pub(super) span: Span,
    pub(super) kind: ValueKind<'t>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum ValueKind<'t> {
    Object(Vec<Member<'t>>),
    Array(Vec<Value<'t>>),
    String(Cow<'t, str>),
    /// A number, `true`, `false` or `null`, as written.
    Other(&'t str),
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Member<'t> {
    pub(super) key: Cow<'t, str>,
    pub(super) at: Span,
    pub(super) value: Value<'t>,
}

impl<'t> Value<'t> {
    pub(super) fn members(&self) -> &[Member<'t>] {
        match &self.kind {
            ValueKind::Object(members) => members,
            _ => &[],
        }
    }

    pub(super) fn elements(&self) -> &[Self] {
        match &self.kind {
            ValueKind::Array(elements) => elements,
            _ => &[],
        }
    }

    pub(super) fn text(&self) -> Option<&str> {
        match &self.kind {
            ValueKind::String(text) => Some(text),
            _ => None,
        }
    }

    /// The value of the last member with this key, as readers of JSON take it.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        self.members().iter().rev().find(|member| member.key == key).map(|member| &member.value)
    }

    pub(super) fn is_true(&self) -> bool {
        matches!(self.kind, ValueKind::Other("true"))
    }
}

/// Reads the whole text into a tree.
pub(super) fn tree(text: &str, grammar: Grammar) -> Result<Value<'_>, ReadError> {
    let mut builder = Builder { text, open: Vec::new(), root: None };
    events(text, grammar, |event| builder.take(event))?;
    builder.root.ok_or(ReadError { at: 0, message: "expected a value" })
}

/// A key that waits for its value.
type Key<'t> = (Cow<'t, str>, Span);

/// Builds the tree from events.
struct Builder<'t> {
    text: &'t str,
    /// The open containers, each with the key under which it stands.
    open: Vec<(Value<'t>, Option<Key<'t>>)>,
    root: Option<Value<'t>>,
}

impl<'t> Builder<'t> {
    fn take(&mut self, event: Event) {
        match event {
            Event::Open { object, at } => {
                let kind = if object {
                    ValueKind::Object(Vec::new())
                } else {
                    ValueKind::Array(Vec::new())
                };
                self.open.push((Value { span: Span::new(at, at), kind }, None));
            }
            Event::Close { end } => {
                if let Some((mut value, _)) = self.open.pop() {
                    value.span.end = end;
                    self.place(value);
                }
            }
            Event::Key { start, end } => {
                let key = unescape(self.text.get(start + 1..end - 1).unwrap_or(""));
                if let Some((_, pending)) = self.open.last_mut() {
                    *pending = Some((key, Span::new(start, end)));
                }
            }
            Event::Scalar { start, end } => {
                let written = self.text.get(start..end).unwrap_or("");
                let kind = match written.strip_prefix('"').and_then(|it| it.strip_suffix('"')) {
                    Some(inner) => ValueKind::String(unescape(inner)),
                    None => ValueKind::Other(written),
                };
                self.place(Value { span: Span::new(start, end), kind });
            }
        }
    }

    fn place(&mut self, value: Value<'t>) {
        match self.open.last_mut() {
            None => self.root = Some(value),
            Some((container, pending)) => match &mut container.kind {
                ValueKind::Object(members) => {
                    if let Some((key, at)) = pending.take() {
                        members.push(Member { key, at, value });
                    }
                }
                ValueKind::Array(elements) => elements.push(value),
                _ => {}
            },
        }
    }
}

/// The text of a string's inside; what is no character becomes U+FFFD.
fn unescape(inner: &str) -> Cow<'_, str> {
    if !inner.contains('\\') {
        return Cow::Borrowed(inner);
    }
    let mut out = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let mut chars = after.chars();
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('b') => out.push('\u{8}'),
            Some('f') => out.push('\u{c}'),
            Some('u') => {
                let code = after.get(1..5).and_then(|hex| u32::from_str_radix(hex, 16).ok());
                out.push(code.and_then(char::from_u32).unwrap_or('\u{FFFD}'));
                rest = after.get(5..).unwrap_or("");
                continue;
            }
            Some(other) => out.push(other),
            None => {}
        }
        rest = chars.as_str();
    }
    out.push_str(rest);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::tree;
    use crate::lang::json::read::Grammar;

    #[test]
    fn trees_have_spans_and_texts() {
        let text = "{\"a\\u0041\": [\"x\\n\", true]}";
        let value = tree(text, Grammar::Strict).unwrap();
        let inner = value.get("aA").unwrap();
        assert_eq!(inner.elements()[0].text(), Some("x\n"));
        assert!(inner.elements()[1].is_true());
        assert_eq!(&text[inner.span.start..inner.span.end], "[\"x\\n\", true]");
        assert_eq!(value.members()[0].at.start, 1);
    }
}
