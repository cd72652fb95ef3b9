//! The first pass: YAML as strict readers have it.
//!
//! Events are folded into a small tree by a loop, so that no nesting can exhaust the stack.

use assize_model::Span;
use saphyr_parser::{Event, Parser, ScalarStyle};

use crate::{Defect, Field, Value};

/// Longer front matter is left to the line scanner: no definition needs it, and it bounds the time.
pub(crate) const BLOCK_BYTES_MAX: usize = 128 * 1024;

/// Deeper front matter is refused.
const NESTING_MAX: usize = 64;

/// What strict YAML yields.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) fields: Vec<Field>,
    /// Keys that stand twice in one mapping.
    pub(crate) defects: Vec<Defect>,
}

/// Where and why the text is no YAML mapping.
#[derive(Debug)]
pub(crate) struct Refusal {
    /// An offset in the text that was parsed.
    pub(crate) at: usize,
    pub(crate) reason: String,
}

/// Parses the block of a text; spans are those of the whole text.
pub(crate) fn parse(text: &str, block: Span) -> Result<Found, Refusal> {
    let part = text.get(block.start..block.end).unwrap_or("");
    if part.len() > BLOCK_BYTES_MAX {
        let reason = format!("the front matter is longer than {BLOCK_BYTES_MAX} bytes");
        return Err(Refusal { at: block.start, reason });
    }
    let offsets = Offsets::new(part, block.start);
    let mut builder = Builder::default();
    for event in Parser::new_from_str(part) {
        let (event, span) = event.map_err(|error| Refusal {
            at: offsets.byte(error.marker().index()),
            reason: error.info().to_owned(),
        })?;
        let span = Span::new(offsets.byte(span.start.index()), offsets.byte(span.end.index()));
        builder.take(event, span)?;
    }
    builder.finish(block)
}

/// From the parser's offsets, which count characters, to bytes of the whole text.
struct Offsets {
    base: usize,
    /// Absent for ASCII, where both are equal.
    starts: Option<Vec<usize>>,
    len: usize,
}

impl Offsets {
    fn new(part: &str, base: usize) -> Self {
        let starts = (!part.is_ascii()).then(|| part.char_indices().map(|(at, _)| at).collect());
        Self { base, starts, len: part.len() }
    }

    fn byte(&self, index: usize) -> usize {
        let at = match &self.starts {
            Some(starts) => starts.get(index).copied().unwrap_or(self.len),
            None => index.min(self.len),
        };
        self.base + at
    }
}

/// A value in the making.
#[derive(Debug)]
struct Node {
    span: Span,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Scalar { text: String, plain: bool },
    List(Vec<Node>),
    Map(Vec<(Node, Node)>),
}

/// A list or mapping that is still open.
#[derive(Debug)]
struct Open {
    span: Span,
    map: bool,
    children: Vec<Node>,
}

#[derive(Debug, Default)]
struct Builder {
    open: Vec<Open>,
    root: Option<Node>,
    defects: Vec<Defect>,
    documents: usize,
}

impl Builder {
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), Refusal> {
        match event {
            Event::Scalar(text, style, _, tag) => {
                let plain = style == ScalarStyle::Plain && tag.is_none();
                self.put(Node { span, kind: Kind::Scalar { text: text.into_owned(), plain } });
            }
            Event::Alias(_) => {
                self.put(Node { span, kind: Kind::Scalar { text: String::new(), plain: false } });
            }
            Event::SequenceStart(..) | Event::MappingStart(..) => {
                if self.open.len() >= NESTING_MAX {
                    let reason = format!("values nest deeper than {NESTING_MAX}");
                    return Err(Refusal { at: span.start, reason });
                }
                let map = matches!(event, Event::MappingStart(..));
                self.open.push(Open { span, map, children: Vec::new() });
            }
            Event::SequenceEnd | Event::MappingEnd => self.shut(span),
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 {
                    let reason = "a second document begins".to_owned();
                    return Err(Refusal { at: span.start, reason });
                }
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
        }
        Ok(())
    }

    fn put(&mut self, node: Node) {
        match self.open.last_mut() {
            Some(open) => open.children.push(node),
            None => self.root = Some(node),
        }
    }

    fn shut(&mut self, end: Span) {
        let Some(open) = self.open.pop() else { return };
        // The end of a block collection is seen only at the next token.
        let last = open.children.last().map_or(open.span.end, |child| child.span.end);
        let stop = if end.start < end.end { end.end } else { last };
        let span = Span::new(open.span.start, stop.max(open.span.start));
        if !open.map {
            self.put(Node { span, kind: Kind::List(open.children) });
            return;
        }
        let mut entries = Vec::with_capacity(open.children.len() / 2);
        let mut children = open.children.into_iter();
        while let (Some(key), Some(value)) = (children.next(), children.next()) {
            entries.push((key, value));
        }
        self.find_twins(&entries);
        self.put(Node { span, kind: Kind::Map(entries) });
    }

    fn find_twins(&mut self, entries: &[(Node, Node)]) {
        let mut seen = std::collections::BTreeSet::new();
        for (key, _) in entries {
            let Kind::Scalar { text, .. } = &key.kind else { continue };
            if text == "<<" || seen.insert(text.as_str()) {
                continue;
            }
            self.defects.push(Defect {
                code: "key-duplicate",
                span: key.span,
                message: format!(
                    "`{text}` stands twice in one mapping: readers refuse it or keep one of the two"
                ),
                help: "keep one of the two".to_owned(),
                key: text.clone(),
                fix: None,
            });
        }
    }

    fn finish(self, block: Span) -> Result<Found, Refusal> {
        match self.root {
            Some(Node { kind: Kind::Map(entries), .. }) => {
                let fields = entries.into_iter().filter_map(field).collect();
                Ok(Found { fields, defects: self.defects })
            }
            Some(Node { span, .. }) => {
                let reason = "the front matter is no mapping of keys to values".to_owned();
                Err(Refusal { at: span.start, reason })
            }
            None => {
                let reason = "the front matter is empty".to_owned();
                Err(Refusal { at: block.start, reason })
            }
        }
    }
}

fn field((key, value): (Node, Node)) -> Option<Field> {
    let Kind::Scalar { text, .. } = key.kind else { return None };
    let shape = match value.kind {
        Kind::Scalar { text, plain } if plain && !is_text(&text) => Value::Other(text),
        Kind::Scalar { text, .. } => Value::Text(text),
        Kind::List(items) => Value::List(items.into_iter().filter_map(scalar).collect()),
        Kind::Map(entries) => Value::Map(
            entries.into_iter().filter_map(|(k, v)| Some((scalar(k)?, scalar(v)?))).collect(),
        ),
    };
    Some(Field { key: text, key_span: key.span, value: shape, value_span: value.span })
}

fn scalar(node: Node) -> Option<String> {
    match node.kind {
        Kind::Scalar { text, .. } => Some(text),
        Kind::List(_) | Kind::Map(_) => None,
    }
}

/// Whether readers of YAML 1.1 and 1.2 take a plain scalar for a text.
fn is_text(text: &str) -> bool {
    const WORDS: [&str; 9] = ["", "~", "null", "true", "false", "yes", "no", "on", "off"];
    if WORDS.iter().any(|word| text.eq_ignore_ascii_case(word)) {
        return false;
    }
    let body = text.strip_prefix(['+', '-']).unwrap_or(text);
    let number = body.starts_with(|letter: char| letter.is_ascii_digit() || letter == '.')
        && body.contains(|letter: char| letter.is_ascii_digit())
        && (body.replace('_', "").parse::<f64>().is_ok() || is_radix(body));
    !number && !is_date(text)
}

fn is_radix(body: &str) -> bool {
    let hex = body.strip_prefix("0x").filter(|rest| !rest.is_empty());
    let octal = body.strip_prefix("0o").filter(|rest| !rest.is_empty());
    hex.is_some_and(|rest| rest.chars().all(|letter| letter.is_ascii_hexdigit()))
        || octal.is_some_and(|rest| rest.chars().all(|letter| letter.is_digit(8)))
}

/// `2026-11-23`, which YAML 1.1 reads as a day.
fn is_date(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}
