//! Where each client puts what it says.
//!
//! A place is a path into the payload. Where a client has several, for its versions or for the ways
//! in which it can be asked, the first that holds something counts.

use serde_json::{Map, Value};

use crate::client::Client;

type Places = &'static [&'static str];

/// The places of everything that is read of a payload, but for the arguments of tools.
pub(crate) struct Fields {
    pub(crate) event: Places,
    /// Subagents share the session with the agent that started them.
    pub(crate) session: Places,
    pub(crate) agent: Places,
    pub(crate) call: Places,
    pub(crate) folder: Places,
    pub(crate) mode: Places,
    pub(crate) tool: Places,
    pub(crate) input: Places,
    /// The name of the MCP server, and the tool by the server's own name.
    pub(crate) server: Places,
    pub(crate) server_tool: Places,
    pub(crate) prompt: Places,
    /// The kind of a subagent that starts.
    pub(crate) kind: Places,
    /// The file of settings that changed.
    pub(crate) path: Places,
    pub(crate) version: Places,
}

const CLAUDE: Fields = Fields {
    event: &["/hook_event_name"],
    session: &["/session_id"],
    agent: &["/agent_id"],
    call: &["/tool_use_id"],
    folder: &["/cwd"],
    mode: &["/permission_mode"],
    tool: &["/tool_name"],
    input: &["/tool_input"],
    server: &["/mcp_server/name"],
    server_tool: &[],
    prompt: &["/prompt"],
    kind: &["/agent_type"],
    path: &["/file_path"],
    version: &["/version"],
};

const GEMINI: Fields = Fields {
    server: &["/mcp_context/server_name"],
    server_tool: &["/mcp_context/tool_name"],
    ..CLAUDE
};

/// Asked by a name with a small letter, Copilot writes keys in one way; asked by a large one, in
/// the other, and some events come in the first way all the same.
const COPILOT: Fields = Fields {
    event: &["/hook_event_name", "/hookName"],
    session: &["/parentAgentId", "/parent_agent_id", "/sessionId", "/session_id"],
    agent: &["/agentId", "/agent_id"],
    call: &[],
    tool: &["/toolName", "/tool_name"],
    input: &["/toolArgs", "/toolInput", "/tool_input"],
    kind: &["/agentType", "/agent_type", "/agentName"],
    ..CLAUDE
};

const CLINE: Fields = Fields {
    event: &["/hookName"],
    session: &["/sessionContext/rootSessionId", "/taskId"],
    // Only a subagent has a parent; see `agent`.
    agent: &["/agent_id"],
    call: &["/tool_call/id", "/tool_result/id"],
    folder: &["/workspaceRoots/0", "/workspaceInfo/rootPath"],
    mode: &[],
    // The last two are of its versions before 3.0, by their documentation.
    tool: &[
        "/tool_call/name",
        "/tool_result/name",
        "/preToolUse/toolName",
        "/postToolUse/toolName",
    ],
    input: &[
        "/tool_call/input",
        "/tool_result/input",
        "/preToolUse/parameters",
        "/postToolUse/parameters",
    ],
    server: &[],
    server_tool: &[],
    prompt: &["/userPromptSubmit/prompt"],
    kind: &[],
    path: &[],
    version: &["/clineVersion"],
};

const CURSOR: Fields = Fields {
    session: &["/parent_conversation_id", "/conversation_id", "/session_id"],
    agent: &["/subagent_id"],
    call: &["/tool_use_id"],
    folder: &["/cwd", "/workspace_roots/0"],
    mode: &[],
    server: &["/mcp_server_name"],
    prompt: &["/prompt", "/task"],
    kind: &["/subagent_type"],
    version: &["/cursor_version"],
    ..CLAUDE
};

const VS_CODE: Fields = Fields {
    event: &["/hook_event_name", "/hookEventName"],
    session: &["/session_id", "/sessionId"],
    ..CLAUDE
};

/// The fields of a client.
pub(crate) const fn of(client: Client) -> &'static Fields {
    match client {
        // Our plugin for OpenCode speaks as Claude Code does.
        Client::ClaudeCode | Client::Codex | Client::QwenCode | Client::OpenCode => &CLAUDE,
        Client::GeminiCli => &GEMINI,
        Client::CopilotCli => &COPILOT,
        Client::Cline => &CLINE,
        Client::Cursor => &CURSOR,
        Client::VsCode => &VS_CODE,
    }
}

/// The first of the places that holds anything.
pub(crate) fn value(payload: &Map<String, Value>, places: Places) -> Option<&Value> {
    places.iter().find_map(|place| at(payload, place)).filter(|value| !value.is_null())
}

/// The first of the places that holds a text.
pub(crate) fn text(payload: &Map<String, Value>, places: Places) -> Option<String> {
    let texts = places.iter().filter_map(|place| at(payload, place).and_then(Value::as_str));
    texts.map(str::to_owned).next()
}

fn at<'p>(payload: &'p Map<String, Value>, place: &str) -> Option<&'p Value> {
    let (key, rest) = match place.trim_start_matches('/').split_once('/') {
        Some((key, _)) => (key, place.get(key.len() + 1..)?),
        None => (place.trim_start_matches('/'), ""),
    };
    payload.get(key)?.pointer(rest)
}

/// Who sends a payload, where another client's settings called us: Copilot and VS Code also obey
/// the files of each other and of Claude Code, and Cursor those of Claude Code.
pub(crate) fn sender(asked: Client, payload: &Map<String, Value>) -> Client {
    let has = |key: &str| payload.contains_key(key);
    match asked {
        Client::ClaudeCode | Client::CopilotCli | Client::VsCode => {}
        Client::Codex
        | Client::GeminiCli
        | Client::QwenCode
        | Client::Cline
        | Client::OpenCode
        | Client::Cursor => return asked,
    }
    if has("cursor_version") {
        return Client::Cursor;
    }
    // Claude Code says no time. Copilot names the transcript only where an agent stops or starts.
    match (has("timestamp"), has("transcript_path")) {
        (true, true) if !has("stop_reason") => Client::VsCode,
        (true, _) => Client::CopilotCli,
        (false, _) => asked,
    }
}
