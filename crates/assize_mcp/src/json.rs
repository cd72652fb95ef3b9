//! JSON, with the comments and trailing commas that clients take.

use jsonc_parser::ast::Value;
use jsonc_parser::common::Ranged as _;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use crate::node::{Member, Node};

/// The parser recurses: a deeper text is not read.
const NESTING_MAX: usize = 100;

/// The tree of a text; nothing where it is no JSON.
pub(crate) fn read(text: &str) -> Option<Node> {
    if nests_too_deep(text) {
        return None;
    }
    let options = ParseOptions {
        allow_comments: true,
        allow_trailing_commas: true,
        allow_loose_object_property_names: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    let parsed = parse_to_ast(text, &CollectOptions::default(), &options).ok()?;
    Some(node(parsed.value.as_ref()?))
}

fn nests_too_deep(text: &str) -> bool {
    let mut depth = 0_usize;
    for byte in text.bytes() {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > NESTING_MAX {
            return true;
        }
    }
    false
}

fn node(value: &Value<'_>) -> Node {
    match value {
        Value::StringLit(text) => Node::Text(text.value.to_string()),
        Value::NumberLit(number) => Node::Other(number.value.to_owned()),
        Value::BooleanLit(flag) => Node::Flag(flag.value),
        Value::NullKeyword(_) => Node::Other("null".to_owned()),
        Value::Array(list) => Node::List(list.elements.iter().map(node).collect()),
        Value::Object(map) => Node::Map(
            map.properties
                .iter()
                .map(|member| {
                    let range = member.name.range();
                    let key = member.name.as_str().to_owned();
                    Member { key, at: range.start..range.end, value: node(&member.value) }
                })
                .collect(),
        ),
    }
}

/// A text as JSON writes it.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            _ if letter.is_control() => out.push_str(&format!("\\u{:04x}", u32::from(letter))),
            _ => out.push(letter),
        }
    }
    out.push('"');
    out
}
