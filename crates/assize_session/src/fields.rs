//! Members of maps, read with their types.

use assize_ledger::{Map, Value};

use crate::KeptError;

/// The form of what is kept. Another one is thrown away and folded anew.
const VERSION: i64 = 2;

pub(crate) fn versioned() -> Map {
    Map::from([("version".to_owned(), Value::Integer(VERSION))])
}

pub(crate) fn of_version(map: &Map) -> Result<(), KeptError> {
    match integer(map, "version")? {
        VERSION => Ok(()),
        other => Err(KeptError::Version(other)),
    }
}

pub(crate) fn integer(map: &Map, key: &'static str) -> Result<i64, KeptError> {
    match map.get(key) {
        Some(Value::Integer(number)) => Ok(*number),
        _ => Err(KeptError::Member(key)),
    }
}

pub(crate) fn text(map: &Map, key: &'static str) -> Result<String, KeptError> {
    match map.get(key) {
        Some(Value::Text(text)) => Ok(text.clone()),
        _ => Err(KeptError::Member(key)),
    }
}

pub(crate) fn maybe_text(map: &Map, key: &str) -> Option<String> {
    match map.get(key) {
        Some(Value::Text(text)) => Some(text.clone()),
        _ => None,
    }
}

pub(crate) fn maybe_integer(map: &Map, key: &str) -> Option<i64> {
    match map.get(key) {
        Some(Value::Integer(number)) => Some(*number),
        _ => None,
    }
}

pub(crate) fn truth(map: &Map, key: &str) -> bool {
    matches!(map.get(key), Some(Value::Bool(true)))
}

/// The texts of a list; what is no text in it is passed over.
pub(crate) fn texts(map: &Map, key: &str) -> Vec<String> {
    let Some(Value::List(members)) = map.get(key) else { return Vec::new() };
    let text = |member: &Value| match member {
        Value::Text(text) => Some(text.clone()),
        _ => None,
    };
    members.iter().filter_map(text).collect()
}

pub(crate) fn list<'a>(texts: impl IntoIterator<Item = &'a String>) -> Value {
    Value::List(texts.into_iter().map(|text| text.as_str().into()).collect())
}

/// The maps of a list.
pub(crate) fn maps<'m>(map: &'m Map, key: &str) -> Vec<&'m Map> {
    let Some(Value::List(members)) = map.get(key) else { return Vec::new() };
    let inner = |member: &'m Value| match member {
        Value::Map(map) => Some(map),
        _ => None,
    };
    members.iter().filter_map(inner).collect()
}

/// The texts of a map of texts.
pub(crate) fn pairs(map: &Map, key: &str) -> Vec<(String, String)> {
    let Some(Value::Map(members)) = map.get(key) else { return Vec::new() };
    let pair = |(key, value): (&String, &Value)| match value {
        Value::Text(text) => Some((key.clone(), text.clone())),
        _ => None,
    };
    members.iter().filter_map(pair).collect()
}
