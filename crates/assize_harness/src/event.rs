//! One payload of a hook, read into an [`Event`].
//!
//! Unknown fields are passed over and optional ones may be missing, since clients add and drop them
//! from version to version. What the guard cannot do without is required: a payload that lacks it
//! is refused, and a refusal is a denial.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use assize_guard::Action;
use serde_json::{Map, Value};

use crate::client::{Client, Moment};
use crate::fields::{self, Fields, text, value};
use crate::tools::{self, Told};

/// No payload may be larger. Whole files travel in it, so it is more than any source file needs.
pub const PAYLOAD_BYTES_MAX: usize = 8 * 1024 * 1024;

/// What a client says when it runs a hook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Who sent it; not always the client whose settings called us.
    pub client: Client,
    pub moment: Moment,
    /// The client's own name of the event: an answer has to repeat it.
    pub name: String,
    /// The client's id of the session. Subagents share it with the agent that started them.
    pub session: String,
    /// The subagent in which it happens; `None` in the main one.
    pub agent: Option<String>,
    /// The id of the call, by which the moments of one call belong together: the client's, or one
    /// made of the tool and its arguments where the client has none.
    pub call: Option<String>,
    /// The working folder, as the client names it.
    pub folder: String,
    /// The client's permission mode, in its own word.
    pub mode: Option<String>,
    /// Whether a hook kept the agent from ending just before, where the client tells it.
    pub again: Option<bool>,
    pub action: Action,
    /// How a session began: `startup`, `resume`, `clear`, `compact`.
    pub source: Option<String>,
    /// The lines that a tool reads, where it reads a part of a file.
    pub lines: Option<Lines>,
    /// What a command of ours printed, as the client tells it after the call, in whatever form.
    pub result: Option<String>,
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
    let utf8 = std::str::from_utf8(stdin).map_err(Refusal::NotUtf8)?;
    let value: Value = serde_json::from_str(utf8).map_err(Refusal::NotJson)?;
    let Value::Object(payload) = value else {
        return Err(Refusal::NotAnObject);
    };
    let client = fields::sender(client, &payload);
    let at = fields::of(client);
    let name = name(client, at, &payload)?;
    let moment = Moment::of(&name);
    let action = action(client, &moment, at, &payload)?;
    Ok(Event {
        client,
        session: text(&payload, at.session).ok_or(Refusal::Missing("session_id"))?,
        agent: agent(client, at, &payload),
        call: call(&moment, at, &payload),
        folder: text(&payload, at.folder).ok_or(Refusal::Missing("cwd"))?,
        mode: text(&payload, at.mode),
        again: payload.get("stop_hook_active").and_then(Value::as_bool),
        result: result(&moment, &action, &payload),
        action,
        source: text(&payload, &["/source"]),
        lines: lines(client, at, &payload),
        version: text(&payload, at.version).filter(|version| !version.is_empty()),
        moment,
        name,
    })
}

/// The event's name. Copilot does not tell it for most events, but none looks like another one.
fn name(client: Client, at: &Fields, payload: &Map<String, Value>) -> Result<String, Refusal> {
    let missing = Refusal::Missing("hook_event_name");
    let told = text(payload, at.event);
    if client != Client::CopilotCli || told.is_some() {
        return told.ok_or(missing);
    }
    let has = |keys: &[&str]| keys.iter().any(|key| payload.contains_key(*key));
    let guessed = match () {
        () if has(&["toolName"]) && has(&["toolResult"]) => "postToolUse",
        () if has(&["toolName"]) && has(&["error"]) => "postToolUseFailure",
        () if has(&["toolName"]) => "preToolUse",
        () if has(&["prompt"]) => "userPromptSubmitted",
        () if has(&["stopReason"]) && has(&["agentName"]) => "subagentStop",
        () if has(&["stopReason"]) => "agentStop",
        () if has(&["agentName"]) => "subagentStart",
        () if has(&["source"]) => "sessionStart",
        () if has(&["reason"]) => "sessionEnd",
        () => return Err(missing),
    };
    Ok(guessed.to_owned())
}

fn agent(client: Client, at: &Fields, payload: &Map<String, Value>) -> Option<String> {
    // Every agent of Cline has an id; only one that another one started has a parent.
    let main = client == Client::Cline && text(payload, &["/parent_agent_id"]).is_none();
    text(payload, at.agent).filter(|_| !main)
}

/// Where a client numbers no calls, those that are alike count as one: they are told apart by what
/// they are, before the call and after it.
fn call(moment: &Moment, at: &Fields, payload: &Map<String, Value>) -> Option<String> {
    let told = text(payload, at.call);
    let numbered = moment.is_call() && *moment != Moment::PermissionRequest;
    if told.is_some() || !numbered {
        return told;
    }
    let mut hasher = DefaultHasher::new();
    text(payload, at.tool).hash(&mut hasher);
    value(payload, at.input).map(Value::to_string).hash(&mut hasher);
    // Cursor's own events for commands and files have no object of arguments.
    text(payload, &["/command"]).hash(&mut hasher);
    text(payload, &["/file_path"]).hash(&mut hasher);
    Some(format!("{:016x}", hasher.finish()))
}

fn action(
    client: Client,
    moment: &Moment,
    at: &Fields,
    payload: &Map<String, Value>,
) -> Result<Action, Refusal> {
    if client == Client::Cursor
        && let Some(action) = tools::cursor_event(payload)
    {
        return Ok(action);
    }
    let tool = text(payload, at.tool);
    if moment.is_call() || tool.is_some() {
        let tool = tool.ok_or(Refusal::Missing("tool_name"))?;
        let told = Told {
            server: text(payload, at.server),
            tool: text(payload, at.server_tool),
            servers: servers(payload),
        };
        let input = value(payload, at.input).unwrap_or(&Value::Null);
        return Ok(tools::action(client, &tool, input, &told));
    }
    Ok(match moment {
        // A refusal would stop the person who typed it.
        Moment::Prompt => Action::Prompt { text: text(payload, at.prompt).unwrap_or_default() },
        Moment::SessionStart => Action::SessionStart,
        Moment::SessionEnd => Action::SessionEnd,
        Moment::Stop => Action::Stop,
        Moment::SubagentStart => Action::SubagentStart {
            kind: text(payload, at.kind).unwrap_or_default(),
            // The prompt came with the call that starts it; this event does not repeat it.
            prompt: String::new(),
        },
        Moment::SubagentStop => Action::SubagentStop,
        Moment::ConfigChange => Action::ConfigChange { path: text(payload, at.path) },
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

/// What came of a command that calls us; of others it can be long, and nobody asks.
fn result(moment: &Moment, action: &Action, payload: &Map<String, Value>) -> Option<String> {
    const RESULTS: [&str; 5] =
        ["/tool_response", "/toolResult", "/tool_result", "/tool_output", "/result_json"];
    let ours = matches!(action, Action::Shell { command, .. } if command.contains("assize"));
    if !ours || *moment != Moment::PostTool {
        return None;
    }
    value(payload, &RESULTS).map(Value::to_string)
}

/// The part that a tool reads. Where a client counts in another way, it is no line at all: what was
/// read is not claimed.
fn lines(client: Client, at: &Fields, payload: &Map<String, Value>) -> Option<Lines> {
    const PARTS: [&str; 6] =
        ["offset", "limit", "view_range", "start_line", "end_line", "startLine"];
    let input = value(payload, at.input)?.as_object()?;
    if !PARTS.iter().any(|key| input.contains_key(*key)) {
        return None;
    }
    let number = |key: &str| input.get(key).and_then(Value::as_u64)?.try_into().ok();
    if client != Client::ClaudeCode {
        return Some(Lines { first: 1, count: Some(0) });
    }
    Some(Lines { first: number("offset").unwrap_or(1).max(1), count: number("limit") })
}

/// The MCP servers that our plugin names: OpenCode's names of tools do not say where a server's
/// name ends.
fn servers(payload: &Map<String, Value>) -> Vec<String> {
    let named = payload.get("mcp_servers").and_then(Value::as_array);
    let names = named.into_iter().flatten().filter_map(Value::as_str);
    names.map(str::to_owned).collect()
}
