//! What a payload says of parts: the lines that are read, how a session began, what came of a
//! command of ours, and whether a word beside the answer reaches the model.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use assize_harness::{Client, Event, Lines, hands_on, parse};
use serde_json::{Value, json};

fn event(client: Client, more: &Value) -> Event {
    let mut payload = json!({ "session_id": "s", "cwd": "/r", "hook_event_name": "PreToolUse" });
    for (key, value) in more.as_object().unwrap() {
        payload[key] = value.clone();
    }
    parse(client, payload.to_string().as_bytes()).unwrap()
}

#[test]
fn lines_are_claimed_only_where_a_client_is_known_to_count_them() {
    let read = |client, tool: &str, input: Value| {
        event(client, &json!({ "tool_name": tool, "tool_input": input })).lines
    };
    let whole = json!({ "file_path": "/r/a" });
    let part = json!({ "file_path": "/r/a", "offset": 20, "limit": 5 });
    let rest = json!({ "file_path": "/r/a", "offset": 20 });
    let known = |first, count| Some(Lines { first, count });
    assert_eq!(read(Client::ClaudeCode, "Read", whole.clone()), None);
    assert_eq!(read(Client::ClaudeCode, "Read", part.clone()), known(20, Some(5)));
    assert_eq!(read(Client::ClaudeCode, "Read", rest), known(20, None));
    assert_eq!(read(Client::GeminiCli, "read_file", whole), None);
    assert_eq!(read(Client::GeminiCli, "read_file", part), known(1, Some(0)));
}

#[test]
fn what_came_of_a_command_of_ours_is_told_and_of_others_is_not() {
    let after = |command: &str, response: Value| {
        let input = json!({ "command": command });
        let called = json!({
            "hook_event_name": "PostToolUse",
            "tool_name": "Bash",
            "tool_input": input,
            "tool_response": response,
        });
        event(Client::ClaudeCode, &called).result
    };
    let printed = after("assize preflight", json!({ "stdout": "state 1234" })).unwrap();
    assert!(printed.contains("state 1234"), "{printed}");
    assert_eq!(after("make", json!({ "stdout": "state 1234" })), None);
    assert_eq!(after("assize preflight", Value::Null), None);
}

#[test]
fn a_session_that_begins_is_told_where_its_client_hands_it_on() {
    for (client, expected) in [
        (Client::ClaudeCode, true),
        (Client::Codex, true),
        (Client::QwenCode, true),
        (Client::OpenCode, false),
        (Client::VsCode, false),
    ] {
        let begun = json!({ "hook_event_name": "SessionStart", "source": "compact" });
        let begun = event(client, &begun);
        assert_eq!(hands_on(&begun), expected, "{client:?}");
        assert_eq!(begun.source.as_deref(), Some("compact"));
    }
    assert!(!hands_on(&event(Client::ClaudeCode, &json!({ "hook_event_name": "SessionEnd" }))));
}
