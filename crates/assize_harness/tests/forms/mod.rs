//! Settings files as people and programs write them, at random.

use proptest::prelude::*;

/// Blanks and remarks, as they may stand between any two parts.
fn blank() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["", "", " ", "\n  ", "\r\n\t", " // a \"b\" {\n", "/* [ */"])
        .prop_map(str::to_owned)
}

/// Members between brackets, with blanks, and a comma at the end or not.
fn enclosed(
    member: impl Strategy<Value = String>,
    brackets: (char, char),
) -> impl Strategy<Value = String> {
    let members = prop::collection::vec((blank(), member, blank()), 0..4);
    (members, any::<bool>(), blank()).prop_map(move |(members, trailing, end)| {
        let parts: Vec<String> =
            members.iter().map(|(a, member, b)| format!("{a}{member}{b}")).collect();
        let comma = if trailing && !parts.is_empty() { "," } else { "" };
        format!("{}{}{comma}{end}{}", brackets.0, parts.join(","), brackets.1)
    })
}

fn pair(
    key: impl Strategy<Value = String>,
    value: impl Strategy<Value = String>,
) -> impl Strategy<Value = String> {
    (key, blank(), blank(), value).prop_map(|(key, a, b, value)| format!("\"{key}\"{a}:{b}{value}"))
}

fn value() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec!["1", "null", "true", "\"a\"", "\"\\\"]}\"", "-2.5e3"])
        .prop_map(str::to_owned);
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            enclosed(inner.clone(), ('[', ']')),
            enclosed(pair("[a-z]{1,3}", inner), ('{', '}')),
        ]
    })
}

fn group() -> impl Strategy<Value = String> {
    let nested = r#"{"matcher": "Bash", "hooks": [{"type": "command", "command": "lint"}]}"#;
    let flat = r#"{"type": "command", "bash": "lint"}"#;
    prop_oneof![Just(nested.to_owned()), Just(flat.to_owned()), value()]
}

/// A member of `hooks` for each of some events, each at most once.
fn hooks() -> impl Strategy<Value = String> {
    let lists = ["PreToolUse", "preToolUse", "BeforeTool", "sessionStart", "Stop", "Elsewhere"]
        .map(|event| prop::option::of(pair(Just(event.to_owned()), enclosed(group(), ('[', ']')))));
    (lists, blank(), blank()).prop_map(|(lists, start, end)| {
        let lists: Vec<String> = lists.into_iter().flatten().collect();
        format!("{{{start}{}{end}}}", lists.join(","))
    })
}

pub(crate) fn settings() -> impl Strategy<Value = String> {
    let hooks = prop::option::of(pair(Just("hooks".to_owned()), hooks()));
    let other = |start: &'static str| prop::option::of(pair(Just(start.to_owned()), value()));
    let version = prop_oneof![other("model"), Just(Some("\"version\": 1".to_owned()))];
    (blank(), version, blank(), hooks, blank(), other("env"), blank()).prop_map(
        |(a, first, b, hooks, c, last, d)| {
            let all: Vec<String> = [first, hooks, last].into_iter().flatten().collect();
            format!("{a}{{{b}{}{c}}}{d}", all.join(","))
        },
    )
}
