//! Registries that programs read: YAML, JSON and TOML.
//!
//! All three become one small tree; JSON is read as the YAML that it is. Nodes deeper than
//! [`DEPTH_MAX`] are left out, so that no recursion depends on the input.

use assize_model::Span;
use saphyr_parser::{Event, Parser};
use toml_edit::{Document, Item, TableLike, Value};

use super::Row;
use super::numbers::{number, ports};
use crate::Dialect;

/// How deep a registry may nest. Real ones stay below ten.
const DEPTH_MAX: usize = 32;

#[derive(Debug)]
enum Node {
    Map(Vec<(String, Span, Node)>),
    List(Vec<(Span, Node)>),
    Scalar(String),
}

/// The rows of a structured registry; one that does not parse has none.
pub(super) fn rows(text: &str, dialect: Dialect) -> Vec<Row> {
    let tree = if dialect.language() == crate::Language::Toml { toml(text) } else { yaml(text) };
    let mut found = Vec::new();
    if let Some(tree) = tree {
        walk(&tree, &[], &mut found);
    }
    found
}

fn walk(node: &Node, path: &[&str], found: &mut Vec<Row>) {
    match node {
        Node::Scalar(_) => {}
        Node::List(entries) => {
            for (span, entry) in entries {
                match entry {
                    Node::Scalar(text) if path.last().is_some_and(|key| is_port_key(key)) => {
                        push(ports(text), &parent_name(path), path, *span, found);
                    }
                    _ => walk(entry, path, found),
                }
            }
        }
        Node::Map(entries) => entry_rows(entries, path, found),
    }
}

fn entry_rows(entries: &[(String, Span, Node)], path: &[&str], found: &mut Vec<Row>) {
    for (key, span, value) in entries {
        if is_plan(key) {
            continue;
        }
        let mut below = path.to_vec();
        below.push(key);
        match (number(key), value) {
            (Some(port), Node::Scalar(service)) => push(vec![port], service, path, *span, found),
            (Some(port), Node::Map(inner)) => {
                if let Some(service) = service_of(inner) {
                    push(vec![port], service, path, *span, found);
                }
            }
            (None, Node::Scalar(text)) if is_port_key(key) => {
                let own = service_of(entries).map_or_else(|| parent_name(&below), str::to_owned);
                push(ports(text), &own, path, *span, found);
            }
            (None, Node::Scalar(text)) if names_service(key) => {
                let port = number(text).filter(|port| *port >= NAMED_PORT_MIN);
                // Directly below a section, `api` and `web` are services, not protocols of one.
                let name = if path.len() > 1 && is_protocol(key) {
                    format!("{} {key}", path.last().copied().unwrap_or("")).trim().to_owned()
                } else {
                    key.clone()
                };
                push(port.into_iter().collect(), &name, path, *span, found);
            }
            _ => walk(value, &below, found),
        }
    }
}

/// `name: 8` is a count; below this a bare number behind a name is no port.
const NAMED_PORT_MIN: u16 = 80;

fn push(ports: Vec<u16>, service: &str, path: &[&str], span: Span, found: &mut Vec<Row>) {
    if !ports.is_empty() && !service.is_empty() {
        let section = path.first().copied().unwrap_or("").to_owned();
        found.push(Row { ports, service: service.to_owned(), section, span });
    }
}

/// The nearest key above that is no port key.
fn parent_name(path: &[&str]) -> String {
    path.iter().rev().find(|key| !is_port_key(key)).copied().unwrap_or("").to_owned()
}

fn service_of(entries: &[(String, Span, Node)]) -> Option<&str> {
    ["service", "name", "container", "container_name", "app", "application", "description"]
        .iter()
        .find_map(|wanted| {
            entries.iter().find_map(|(key, _, value)| match value {
                Node::Scalar(text) if key == wanted && !text.is_empty() => Some(text.as_str()),
                _ => None,
            })
        })
}

fn is_port_key(key: &str) -> bool {
    let key = key.to_ascii_lowercase().replace('-', "_");
    matches!(
        key.as_str(),
        "port"
            | "ports"
            | "host_port"
            | "hostport"
            | "external_port"
            | "published"
            | "public_port"
            | "node_port"
            | "nodeport"
            | "external"
    )
}

/// Keys below which ranges are planned.
fn is_plan(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    key.contains("range") || key.contains("reserved") || key.contains("available")
}

fn is_protocol(key: &str) -> bool {
    matches!(
        key,
        "http"
            | "https"
            | "grpc"
            | "tcp"
            | "udp"
            | "api"
            | "ui"
            | "admin"
            | "metrics"
            | "amqp"
            | "bolt"
            | "web"
            | "proxy"
            | "management"
            | "tls"
            | "ws"
    )
}

/// Whether a number behind this key may be the port of a service of this name.
fn names_service(key: &str) -> bool {
    let words: Vec<String> = key.split(['_', '-', ' ']).map(str::to_ascii_lowercase).collect();
    !words.iter().any(|word| {
        matches!(
            word.as_str(),
            "total"
                | "count"
                | "timeout"
                | "max"
                | "min"
                | "version"
                | "size"
                | "limit"
                | "retries"
                | "interval"
                | "internal"
                | "target"
                | "start"
                | "end"
                | "updated"
                | "date"
                | "year"
                | "used"
                | "number"
                | "container"
                | "line"
        )
    })
}

/// A container that is open while the events go by.
#[derive(Debug)]
struct Open {
    node: Node,
    key: Option<(String, Span)>,
    span: Span,
}

fn yaml(text: &str) -> Option<Node> {
    let places = CharOffsets::new(text);
    let mut open: Vec<Open> = Vec::new();
    let mut too_deep = 0_usize;
    for event in Parser::new_from_str(text) {
        let (event, at) = event.ok()?;
        let span = places.span(at.start.index(), at.end.index());
        let done = match event {
            Event::MappingStart(..) | Event::SequenceStart(..) if open.len() >= DEPTH_MAX => {
                too_deep += 1;
                continue;
            }
            Event::MappingEnd | Event::SequenceEnd if too_deep > 0 => {
                too_deep -= 1;
                (too_deep == 0).then(|| (Node::Scalar(String::new()), span))
            }
            _ if too_deep > 0 => continue,
            Event::MappingStart(..) => {
                open.push(Open { node: Node::Map(Vec::new()), key: None, span });
                continue;
            }
            Event::SequenceStart(..) => {
                open.push(Open { node: Node::List(Vec::new()), key: None, span });
                continue;
            }
            Event::MappingEnd | Event::SequenceEnd => {
                open.pop().map(|closed| (closed.node, closed.span))
            }
            Event::Scalar(value, ..) => Some((Node::Scalar(value.into_owned()), span)),
            Event::Alias(_) => Some((Node::Scalar(String::new()), span)),
            _ => continue,
        };
        let Some((node, span)) = done else { continue };
        let Some(parent) = open.last_mut() else { return Some(node) };
        attach(parent, node, span);
    }
    None
}

fn attach(parent: &mut Open, node: Node, span: Span) {
    match (&mut parent.node, parent.key.take()) {
        (Node::Map(entries), Some((key, place))) => entries.push((key, place, node)),
        (Node::Map(_), None) => {
            let key = if let Node::Scalar(text) = node { text } else { String::new() };
            parent.key = Some((key, span));
        }
        (Node::List(entries), _) => entries.push((span, node)),
        (Node::Scalar(_), _) => {}
    }
}

/// The YAML parser counts characters; spans count bytes.
#[derive(Debug)]
struct CharOffsets {
    /// Byte offsets by character; empty where both counts agree.
    bytes: Vec<usize>,
    length: usize,
}

impl CharOffsets {
    fn new(text: &str) -> Self {
        let bytes = if text.is_ascii() {
            Vec::new()
        } else {
            text.char_indices().map(|(at, _)| at).collect()
        };
        Self { bytes, length: text.len() }
    }

    fn byte(&self, character: usize) -> usize {
        if self.bytes.is_empty() {
            return character.min(self.length);
        }
        self.bytes.get(character).copied().unwrap_or(self.length)
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.byte(start), self.byte(end))
    }
}

fn toml(text: &str) -> Option<Node> {
    let document = Document::parse(text).ok()?;
    Some(table(document.as_table(), DEPTH_MAX))
}

fn table(table: &dyn TableLike, depth: usize) -> Node {
    let entries = table.iter().filter_map(|(name, item)| {
        let span = table.key(name).and_then(toml_edit::Key::span).unwrap_or(0..0);
        let node = item_node(item, depth.checked_sub(1)?)?;
        Some((name.to_owned(), Span::new(span.start, span.end), node))
    });
    Node::Map(entries.collect())
}

fn item_node(item: &Item, depth: usize) -> Option<Node> {
    match item {
        Item::None => None,
        Item::Value(value) => value_node(value, depth),
        Item::Table(inner) => Some(table(inner, depth)),
        Item::ArrayOfTables(tables) => Some(Node::List(
            tables
                .iter()
                .map(|inner| {
                    let span = inner.span().unwrap_or(0..0);
                    (Span::new(span.start, span.end), table(inner, depth))
                })
                .collect(),
        )),
    }
}

fn value_node(value: &Value, depth: usize) -> Option<Node> {
    let depth = depth.checked_sub(1)?;
    Some(match value {
        Value::String(text) => Node::Scalar(text.value().clone()),
        Value::Integer(number) => Node::Scalar(number.value().to_string()),
        Value::Array(values) => Node::List(
            values
                .iter()
                .filter_map(|value| {
                    let span = value.span().unwrap_or(0..0);
                    Some((Span::new(span.start, span.end), value_node(value, depth)?))
                })
                .collect(),
        ),
        Value::InlineTable(inner) => table(inner, depth),
        Value::Float(_) | Value::Boolean(_) | Value::Datetime(_) => Node::Scalar(String::new()),
    })
}
