//! Harmless calls, in the words of each client, and the answers that they must get.

use std::path::Path;

use assize_harness::{Client, Handler};
use assize_repo::CONFIG_NAME;
use serde_json::{Map, Value, json};

use super::super::history::DOCTOR;
use crate::clients::Place;

/// What a hook is asked, and what it must say.
pub(super) struct Canary {
    pub(super) name: &'static str,
    pub(super) input: Vec<u8>,
    pub(super) expected: Expected,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expected {
    /// The client's exact denial.
    Denied,
    /// Nothing at all: the client goes on.
    Silent,
    /// Nothing, or something that the client understands.
    Understood,
    /// Status 2 and a reason.
    Refused,
}

/// Everything that the hook of one event is asked.
pub(super) fn all(place: &Place, handler: &Handler, root: &Path) -> Vec<Canary> {
    let client = place.file.client();
    let event = handler.event.as_str();
    let spoken = |name, expected, members: Value| Canary {
        name,
        input: payload(event, root, members).to_string().into_bytes(),
        expected,
    };
    if event != "PreToolUse" {
        return vec![spoken(
            "an ordinary event",
            Expected::Understood,
            ordinary(event, place, root),
        )];
    }
    let whole = payload(event, root, read(client, root)).to_string().into_bytes();
    let half = whole.get(..whole.len() / 2).unwrap_or_default().to_vec();
    let refused = |name, input| Canary { name, input, expected: Expected::Refused };
    vec![
        spoken("a write that must be denied", Expected::Denied, forbidden(client, root)),
        spoken("a read", Expected::Silent, read(client, root)),
        refused("half a JSON", half),
        refused("bytes that are no text", b"{\"session_id\": \"\xff\xfe\"}".to_vec()),
        refused("nothing", Vec::new()),
    ]
}

fn payload(event: &str, root: &Path, members: Value) -> Value {
    let mut all = Map::new();
    all.insert("session_id".to_owned(), json!(DOCTOR));
    all.insert("transcript_path".to_owned(), json!(""));
    all.insert("cwd".to_owned(), json!(root.display().to_string()));
    all.insert("hook_event_name".to_owned(), json!(event));
    all.insert("permission_mode".to_owned(), json!("default"));
    if let Value::Object(members) = members {
        all.extend(members);
    }
    Value::Object(all)
}

fn call(tool: &str, input: Value) -> Value {
    json!({ "tool_name": tool, "tool_input": input, "tool_use_id": DOCTOR })
}

/// A write to Assize's own configuration: denied in every mode, and only asked about.
fn forbidden(client: Client, root: &Path) -> Value {
    match client {
        Client::ClaudeCode
        | Client::GeminiCli
        | Client::QwenCode
        | Client::CopilotCli
        | Client::Cline
        | Client::OpenCode
        | Client::Cursor
        | Client::VsCode => {
            let path = root.join(CONFIG_NAME).display().to_string();
            call("Write", json!({ "file_path": path, "content": "root = true\n" }))
        }
        Client::Codex => {
            let patch = format!(
                "*** Begin Patch\n*** Add File: {CONFIG_NAME}\n+root = true\n*** End Patch\n"
            );
            call("apply_patch", json!({ "command": patch }))
        }
    }
}

fn read(client: Client, root: &Path) -> Value {
    let path = root.join(CONFIG_NAME).display().to_string();
    match client {
        Client::ClaudeCode => call("Read", json!({ "file_path": path })),
        Client::GeminiCli
        | Client::QwenCode
        | Client::CopilotCli
        | Client::Cline
        | Client::OpenCode
        | Client::Cursor
        | Client::VsCode => call("Read", json!({ "file_path": path })),
        Client::Codex => call("view_image", json!({ "path": path })),
    }
}

/// An event at which nothing has happened.
fn ordinary(event: &str, place: &Place, root: &Path) -> Value {
    match event {
        "PostToolUse" | "PostToolUseFailure" | "PermissionRequest" => {
            read(place.file.client(), root)
        }
        "UserPromptSubmit" => json!({ "prompt": "assize doctor" }),
        "SessionStart" => json!({ "source": "startup" }),
        "SessionEnd" => json!({ "reason": "other" }),
        "Stop" | "SubagentStop" => json!({ "stop_hook_active": false }),
        "SubagentStart" => json!({ "agent_id": DOCTOR, "agent_type": DOCTOR }),
        "ConfigChange" => json!({ "file_path": place.path.display().to_string() }),
        "PreCompact" => json!({ "trigger": "manual" }),
        _ => Value::Null,
    }
}
