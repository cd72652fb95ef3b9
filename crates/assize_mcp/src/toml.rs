//! TOML as the same tree.

use std::ops::Range;

use toml_edit::{Document, Item, TableLike, Value};

use crate::node::{Member, Node};

/// The tree of a text; nothing where it is no TOML.
pub(crate) fn read(text: &str) -> Option<Node> {
    Document::parse(text).ok().map(|document| table(document.as_table()))
}

pub(crate) fn table(table: &dyn TableLike) -> Node {
    let member = |(key, item): (&str, &Item)| {
        let at: Range<usize> = table.key(key).and_then(toml_edit::Key::span).unwrap_or_default();
        Member { key: key.to_owned(), at, value: item_node(item) }
    };
    Node::Map(table.iter().map(member).collect())
}

fn item_node(item: &Item) -> Node {
    match item {
        Item::None => Node::Other(String::new()),
        Item::Value(value) => node(value),
        Item::Table(members) => table(members),
        Item::ArrayOfTables(members) => {
            Node::List(members.iter().map(|member| table(member)).collect())
        }
    }
}

fn node(value: &Value) -> Node {
    match value {
        Value::String(text) => Node::Text(text.value().to_owned()),
        Value::Boolean(flag) => Node::Flag(*flag.value()),
        Value::Integer(number) => Node::Other(number.value().to_string()),
        Value::Float(number) => Node::Other(number.value().to_string()),
        Value::Datetime(moment) => Node::Other(moment.value().to_string()),
        Value::Array(members) => Node::List(members.iter().map(node).collect()),
        Value::InlineTable(members) => table(members),
    }
}
