//! Harmless calls, in the words of each client, and the answers that they must get.

use std::path::Path;

use assize_harness::{Client, Handler};
use assize_repo::CONFIG_NAME;
use serde_json::{Value, json};

use super::super::history::DOCTOR;
use crate::clients::Place;

/// What a hook is asked, and what it must say.
pub(super) struct Canary {
    pub(super) name: &'static str,
    pub(super) client: Client,
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
    /// Status 2 and a reason; of a client that passes over both, its exact denial.
    Refused,
}

/// Everything that the hook of one event is asked.
pub(super) fn all(place: &Place, handler: &Handler, root: &Path) -> Vec<Canary> {
    let client = place.client();
    let event = handler.event.as_str();
    let spoken = |name, expected, members: Value| Canary {
        name,
        client,
        input: payload(client, event, root, members).to_string().into_bytes(),
        expected,
    };
    if !handler.gate {
        let members = ordinary(event, place, root);
        return vec![spoken("an ordinary event", Expected::Understood, members)];
    }
    let looks = call(client, event, read(client, root));
    let whole = payload(client, event, root, looks.clone()).to_string().into_bytes();
    let half = whole.get(..whole.len() / 2).unwrap_or_default().to_vec();
    let refused = |name, input| Canary { name, client, input, expected: Expected::Refused };
    let denied = call(client, event, forbidden(client, root));
    vec![
        spoken("a write that must be denied", Expected::Denied, denied),
        spoken("a read", Expected::Silent, looks),
        refused("half a JSON", half),
        refused("bytes that are no text", b"{\"session_id\": \"\xff\xfe\"}".to_vec()),
        refused("nothing", Vec::new()),
    ]
}

/// What every event of a client has, with the members of this one.
fn payload(client: Client, event: &str, root: &Path, members: Value) -> Value {
    let folder = root.display().to_string();
    let mut all = match client {
        Client::CopilotCli => json!({ "sessionId": DOCTOR, "timestamp": 0, "cwd": folder }),
        Client::Cline => json!({
            "clineVersion": "",
            "taskId": DOCTOR,
            "sessionContext": { "rootSessionId": DOCTOR },
            "workspaceRoots": [folder],
            "hookName": in_words_of_cline(event),
        }),
        Client::Cursor => json!({
            "conversation_id": DOCTOR,
            "generation_id": DOCTOR,
            "hook_event_name": event,
            "cursor_version": "",
            "workspace_roots": [folder],
        }),
        _ => json!({
            "session_id": DOCTOR,
            "transcript_path": "",
            "cwd": folder,
            "hook_event_name": event,
            "permission_mode": "default",
        }),
    };
    if let (Value::Object(all), Value::Object(members)) = (&mut all, members) {
        all.extend(members);
    }
    all
}

/// Its events say another name than the files that it runs.
fn in_words_of_cline(event: &str) -> &str {
    match event {
        "PreToolUse" => "tool_call",
        "PostToolUse" => "tool_result",
        "UserPromptSubmit" => "prompt_submit",
        "TaskStart" => "agent_start",
        "TaskResume" => "agent_resume",
        "TaskComplete" => "agent_end",
        "SessionShutdown" => "session_shutdown",
        other => other,
    }
}

/// A call of a tool, as a client tells it before or after.
fn call(client: Client, event: &str, (tool, input): (&str, Value)) -> Value {
    match client {
        Client::CopilotCli => json!({ "toolName": tool, "toolArgs": input }),
        Client::Cline => {
            let name = in_words_of_cline(event);
            json!({ name: { "id": DOCTOR, "name": tool, "input": input } })
        }
        _ => json!({ "tool_name": tool, "tool_input": input, "tool_use_id": DOCTOR }),
    }
}

/// A write to Assize's own configuration: denied in every mode, and only asked about.
fn forbidden(client: Client, root: &Path) -> (&'static str, Value) {
    let path = root.join(CONFIG_NAME).display().to_string();
    let text = "root = true\n";
    let written = |key: &str, content: &str| json!({ key: path, content: text });
    match client {
        Client::ClaudeCode | Client::Cursor | Client::VsCode => {
            ("Write", written("file_path", "content"))
        }
        Client::Codex => {
            let patch = format!(
                "*** Begin Patch\n*** Add File: {CONFIG_NAME}\n+root = true\n*** End Patch\n"
            );
            ("apply_patch", json!({ "command": patch }))
        }
        Client::GeminiCli | Client::QwenCode => ("write_file", written("file_path", "content")),
        Client::CopilotCli => ("create", written("path", "file_text")),
        Client::Cline => ("editor", written("path", "new_text")),
        Client::OpenCode => ("write", written("filePath", "content")),
    }
}

fn read(client: Client, root: &Path) -> (&'static str, Value) {
    let path = root.join(CONFIG_NAME).display().to_string();
    match client {
        Client::ClaudeCode | Client::Cursor | Client::VsCode => {
            ("Read", json!({ "file_path": path }))
        }
        Client::Codex => ("view_image", json!({ "path": path })),
        Client::GeminiCli | Client::QwenCode => ("read_file", json!({ "file_path": path })),
        Client::CopilotCli => ("view", json!({ "path": path })),
        Client::Cline => ("read_files", json!({ "files": [{ "path": path }] })),
        Client::OpenCode => ("read", json!({ "filePath": path })),
    }
}

/// An event at which nothing has happened.
fn ordinary(event: &str, place: &Place, root: &Path) -> Value {
    let client = place.client();
    let after = || call(client, event, read(client, root));
    let with = |members: Value, more: Value| match (members, more) {
        (Value::Object(mut all), Value::Object(more)) => {
            all.extend(more);
            Value::Object(all)
        }
        (members, _) => members,
    };
    match event {
        "PostToolUse" | "PostToolUseFailure" | "PermissionRequest" | "AfterTool" => after(),
        "postToolUse" => with(after(), json!({ "toolResult": {}, "tool_output": "" })),
        "postToolUseFailure" => with(after(), json!({ "error": "", "error_message": "" })),
        "permissionRequest" => with(after(), json!({ "hookName": event })),
        "UserPromptSubmit" if client == Client::Cline => {
            json!({ "userPromptSubmit": { "prompt": "assize doctor" } })
        }
        "UserPromptSubmit" | "userPromptSubmitted" | "BeforeAgent" | "beforeSubmitPrompt" => {
            json!({ "prompt": "assize doctor" })
        }
        "SessionStart" | "sessionStart" => json!({ "source": "startup" }),
        "SessionEnd" | "sessionEnd" => json!({ "reason": "other" }),
        "Stop" | "SubagentStop" | "AfterAgent" => json!({ "stop_hook_active": false }),
        "agentStop" => json!({ "stopReason": "end_turn" }),
        "subagentStop" if client == Client::CopilotCli => {
            json!({ "stopReason": "end_turn", "agentName": DOCTOR })
        }
        "subagentStart" if client == Client::CopilotCli => json!({ "agentName": DOCTOR }),
        "SubagentStart" => json!({ "agent_id": DOCTOR, "agent_type": DOCTOR }),
        "ConfigChange" => json!({ "file_path": place.path.display().to_string() }),
        "PreCompact" => json!({ "trigger": "manual" }),
        _ => Value::Null,
    }
}
