//! Walking a parsed document: the same whether tables are written as headers, with dots or inline.

use assize_model::Span;
use toml_edit::{Item, Key, TableLike, Value};

/// What stands at a path of keys.
pub(super) fn at<'t>(table: &'t dyn TableLike, path: &[&str]) -> Option<&'t Item> {
    let (last, folders) = path.split_last()?;
    let mut table = table;
    for folder in folders {
        table = table.get(folder)?.as_table_like()?;
    }
    table.get(last)
}

/// The table at a path of keys.
pub(super) fn table_at<'t>(table: &'t dyn TableLike, path: &[&str]) -> Option<&'t dyn TableLike> {
    at(table, path)?.as_table_like()
}

/// The text at a path of keys, with its span.
pub(super) fn text_at<'t>(table: &'t dyn TableLike, path: &[&str]) -> Option<(&'t str, Span)> {
    let item = at(table, path)?;
    Some((item.as_str()?, span_of(item)))
}

/// The texts of an array; a text that stands alone counts as an array of one.
pub(super) fn texts(item: &Item) -> Vec<(&str, Span)> {
    match item.as_value() {
        Some(Value::String(_)) => {
            item.as_str().map(|text| (text, span_of(item))).into_iter().collect()
        }
        Some(Value::Array(array)) => array
            .iter()
            .filter_map(|value| Some((value.as_str()?, to_span(value.span()))))
            .collect(),
        _ => Vec::new(),
    }
}

/// The texts of the array at a path of keys.
pub(super) fn texts_at<'t>(table: &'t dyn TableLike, path: &[&str]) -> Vec<(&'t str, Span)> {
    at(table, path).map(texts).unwrap_or_default()
}

/// The tables of an array, written with headers or inline; one table counts as an array of one.
pub(super) fn tables(item: &Item) -> Vec<&dyn TableLike> {
    if let Some(array) = item.as_array_of_tables() {
        return array.iter().map(|table| table as &dyn TableLike).collect();
    }
    if let Some(array) = item.as_array() {
        let inline = array.iter().filter_map(Value::as_inline_table);
        return inline.map(|table| table as &dyn TableLike).collect();
    }
    item.as_table_like().into_iter().collect()
}

/// The entries of a table with the spans of their keys.
pub(super) fn entries(table: &dyn TableLike) -> impl Iterator<Item = (&str, Span, &Item)> {
    table.iter().map(move |(name, item)| {
        let span = table.key(name).and_then(Key::span).or_else(|| item.span());
        (name, to_span(span), item)
    })
}

pub(super) fn span_of(item: &Item) -> Span {
    to_span(item.span())
}

fn to_span(span: Option<std::ops::Range<usize>>) -> Span {
    span.map_or(Span::new(0, 0), |span| Span::new(span.start, span.end))
}
