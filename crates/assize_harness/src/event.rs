//! One payload of a hook, read into an [`Event`].
//!
//! Unknown fields are passed over and optional ones may be missing, since clients add and drop them
//! from version to version. What the guard cannot do without is required: a payload that lacks it
//! is refused, and a refusal is a denial.

use assize_guard::Action;
use serde_json::{Map, Value};

use crate::client::{Client, Moment};
use crate::tools;

/// No payload may be larger. Whole files travel in it, so it is more than any source file needs.
pub const PAYLOAD_BYTES_MAX: usize = 8 * 1024 * 1024;

/// What a client says when it runs a hook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    pub moment: Moment,
    /// The client's id of the session. Subagents share it with the agent that started them.
    pub session: String,
    /// The subagent in which it happens; `None` in the main one.
    pub agent: Option<String>,
    /// The client's id of the call, by which the moments of one call belong together.
    pub call: Option<String>,
    /// The working folder, as the client names it.
    pub folder: String,
    /// The client's permission mode, in its own word.
    pub mode: Option<String>,
    pub action: Action,
    /// How a session began: `startup`, `resume`, `clear`, `compact`.
    pub source: Option<String>,
    /// The lines that a tool reads, where it reads a part of a file.
    pub lines: Option<Lines>,
    /// The version of the client, where it tells it.
    pub version: Option<String>,
}

/// A part of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lines {
    /// From one on.
    pub first: u32,
    pub count: Option<u32>,
}

/// Why a payload cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    #[error("the payload of the hook is larger than {PAYLOAD_BYTES_MAX} bytes")]
    TooLarge,
    #[error("the payload of the hook is not UTF-8")]
    NotUtf8(#[source] std::str::Utf8Error),
    #[error("the payload of the hook is not JSON")]
    NotJson(#[source] serde_json::Error),
    #[error("the payload of the hook is not a JSON object")]
    NotAnObject,
    #[error("the payload of the hook has no text at `{0}`")]
    Missing(&'static str),
}

/// Reads what a client sent on stdin.
pub fn parse(client: Client, stdin: &[u8]) -> Result<Event, Refusal> {
    if stdin.len() > PAYLOAD_BYTES_MAX {
        return Err(Refusal::TooLarge);
    }
    let text = std::str::from_utf8(stdin).map_err(Refusal::NotUtf8)?;
    let value: Value = serde_json::from_str(text).map_err(Refusal::NotJson)?;
    let Value::Object(payload) = value else {
        return Err(Refusal::NotAnObject);
    };
    let moment = Moment::of(&required(&payload, "hook_event_name")?);
    Ok(Event {
        session: required(&payload, "session_id")?,
        agent: optional(&payload, "agent_id"),
        call: optional(&payload, "tool_use_id"),
        folder: required(&payload, "cwd")?,
        mode: optional(&payload, "permission_mode"),
        action: action(client, &moment, &payload)?,
        source: optional(&payload, "source"),
        lines: lines(client, &payload),
        version: optional(&payload, "version"),
        moment,
    })
}

fn action(
    client: Client,
    moment: &Moment,
    payload: &Map<String, Value>,
) -> Result<Action, Refusal> {
    if moment.is_call() || payload.contains_key("tool_name") {
        let tool = required(payload, "tool_name")?;
        let input = payload.get("tool_input").unwrap_or(&Value::Null);
        let server = payload.get("mcp_server").and_then(|server| server.get("name"));
        return Ok(tools::action(client, &tool, input, server.and_then(Value::as_str)));
    }
    Ok(match moment {
        // A refusal would stop the person who typed it.
        Moment::Prompt => Action::Prompt { text: optional(payload, "prompt").unwrap_or_default() },
        Moment::SessionStart => Action::SessionStart,
        Moment::SessionEnd => Action::SessionEnd,
        Moment::Stop => Action::Stop,
        Moment::SubagentStart => Action::SubagentStart {
            kind: optional(payload, "agent_type").unwrap_or_default(),
            // The prompt came with the call that starts it; this event does not repeat it.
            prompt: String::new(),
        },
        Moment::SubagentStop => Action::SubagentStop,
        Moment::ConfigChange => Action::ConfigChange { path: optional(payload, "file_path") },
        Moment::PreTool
        | Moment::PostTool
        | Moment::PostToolFailure
        | Moment::PermissionRequest
        | Moment::PreCompact
        | Moment::Other(_) => {
            Action::Unknown { tool: moment.name().to_owned(), arguments: Vec::new() }
        }
    })
}

/// The part that a tool reads. Where a client counts in another way, it is no line at all: what was
/// read is not claimed.
fn lines(client: Client, payload: &Map<String, Value>) -> Option<Lines> {
    const PARTS: [&str; 5] = ["offset", "limit", "view_range", "start_line", "end_line"];
    let input = payload.get("tool_input")?.as_object()?;
    if !PARTS.iter().any(|key| input.contains_key(*key)) {
        return None;
    }
    let number = |key: &str| input.get(key).and_then(Value::as_u64)?.try_into().ok();
    if client != Client::ClaudeCode {
        return Some(Lines { first: 1, count: Some(0) });
    }
    Some(Lines { first: number("offset").unwrap_or(1).max(1), count: number("limit") })
}

fn required(payload: &Map<String, Value>, key: &'static str) -> Result<String, Refusal> {
    optional(payload, key).ok_or(Refusal::Missing(key))
}

fn optional(payload: &Map<String, Value>, key: &str) -> Option<String> {
    payload.get(key).and_then(Value::as_str).map(str::to_owned)
}
