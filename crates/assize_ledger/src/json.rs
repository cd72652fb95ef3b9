//! Entries as JSON, for people and other programs. It is never read back: the segments are the
//! truth. Bytes are written in hexadecimal.

use std::fmt::Write as _;

use crate::entry::{Entry, Payload};
use crate::value::{Map, Value};

impl Entry {
    /// The entry on one line, as an export has it.
    pub fn to_json(&self) -> String {
        line(self)
    }
}

fn line(entry: &Entry) -> String {
    let text = |text: &str| Value::Text(text.to_owned());
    let actor = &entry.origin.actor;
    let payload = match &entry.payload {
        Payload::Present(map) => Value::Map(map.clone()),
        Payload::Absent => Value::Null,
    };
    let members = [
        ("seq", Value::Integer(i64::try_from(entry.sequence).unwrap_or(i64::MAX))),
        ("time_ms", Value::Integer(entry.origin.time_ms)),
        ("session", text(&entry.origin.session)),
        ("harness", text(&actor.harness)),
        ("agent", actor.agent.as_deref().map_or(Value::Null, text)),
        ("user", text(&actor.user)),
        ("kind", text(entry.kind.as_str())),
        ("payload", payload),
        ("payload_hash", text(&entry.payload_hash.to_string())),
        ("previous", text(&entry.previous.to_string())),
        ("hash", text(&entry.hash.to_string())),
    ];
    object_text(&members)
}

/// An object whose members stand in this order.
pub(crate) fn object_text(members: &[(&str, Value)]) -> String {
    let mut out = String::new();
    object(members.iter().map(|(key, value)| (*key, value)), &mut out);
    out
}

fn object<'a>(members: impl Iterator<Item = (&'a str, &'a Value)>, out: &mut String) {
    out.push('{');
    for (number, (key, value)) in members.enumerate() {
        if number > 0 {
            out.push(',');
        }
        string(key, out);
        out.push(':');
        put(value, out);
    }
    out.push('}');
}

fn map(map: &Map, out: &mut String) {
    object(map.iter().map(|(key, value)| (key.as_str(), value)), out);
}

fn put(value: &Value, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Integer(number) => out.push_str(&number.to_string()),
        Value::Bytes(bytes) => {
            let digits = bytes.iter().fold(String::new(), |mut digits, byte| {
                // Writing to a string does not fail.
                if write!(digits, "{byte:02x}").is_err() {
                    digits.clear();
                }
                digits
            });
            string(&digits, out);
        }
        Value::Text(text) => string(text, out),
        Value::List(members) => {
            out.push('[');
            for (number, member) in members.iter().enumerate() {
                if number > 0 {
                    out.push(',');
                }
                put(member, out);
            }
            out.push(']');
        }
        Value::Map(members) => map(members, out),
    }
}

fn string(text: &str, out: &mut String) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            // Control characters, and what ends a line for some readers of lines.
            '\0'..=' ' | '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' if letter != ' ' => {
                out.push_str(&format!("\\u{:04x}", u32::from(letter)));
            }
            _ => out.push(letter),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_json_on_one_line() {
        let text: String = ('\0'..'\u{300}').chain("\u{2028}\u{2029}𝄞".chars()).collect();
        let members = Map::from([
            (text.clone(), Value::Text(text.clone())),
            ("bytes".to_owned(), Value::Bytes(vec![0, 0xff])),
            ("list".to_owned(), Value::List(vec![Value::Null, true.into(), (-7).into()])),
        ]);
        let mut out = String::new();
        map(&members, &mut out);
        assert_eq!(out.lines().count(), 1);
        let read: serde_json::Value = serde_json::from_str(&out).unwrap();
        assert_eq!(read[&text], text);
        assert_eq!(read["bytes"], "00ff");
        assert_eq!(read["list"], serde_json::json!([null, true, -7]));
    }
}
