//! Names of tools of MCP servers, as each client writes them.

use super::Told;
use crate::client::Client;

/// What stands before the server's name, where the client marks such tools at all.
const MARK: &str = "mcp__";
const SINGLE_MARK: &str = "mcp_";
const CURSOR_MARK: &str = "MCP:";
/// The server that Copilot brings along has the sign in its name that ends other names.
const COPILOT_OWN: &str = "github-mcp-server";

/// Whether a name can only be that of a server's tool.
pub(super) fn is_marked(client: Client, name: &str) -> bool {
    match client {
        Client::GeminiCli | Client::VsCode => name.starts_with(SINGLE_MARK),
        Client::Cursor => name.starts_with(CURSOR_MARK),
        Client::ClaudeCode | Client::Codex | Client::QwenCode | Client::Cline => {
            name.starts_with(MARK)
        }
        Client::CopilotCli | Client::OpenCode => false,
    }
}

/// The server and its tool.
pub(super) fn split(client: Client, name: &str, told: &Told) -> Option<(String, String)> {
    if let (Some(server), Some(tool)) = (&told.server, &told.tool) {
        return named(server, tool);
    }
    let server = told.server.as_deref();
    let (server, tool) = match client {
        Client::ClaudeCode | Client::Codex | Client::QwenCode | Client::Cline => {
            behind(name.strip_prefix(MARK)?, server, "__")?
        }
        Client::GeminiCli | Client::VsCode => behind(name.strip_prefix(SINGLE_MARK)?, server, "_")?,
        Client::CopilotCli => copilot(name)?,
        Client::OpenCode => opencode(name, told)?,
        // Of a server that it does not name only the tool is known.
        Client::Cursor => (server.unwrap_or("unnamed"), name.strip_prefix(CURSOR_MARK)?),
    };
    named(server, tool)
}

fn named(server: &str, tool: &str) -> Option<(String, String)> {
    (!server.is_empty() && !tool.is_empty()).then(|| (server.to_owned(), tool.to_owned()))
}

/// Splits what stands behind a mark. A server may have the sign between it and its tool in its own
/// name, so the name that the client tells goes first.
fn behind<'n>(rest: &'n str, told: Option<&'n str>, sign: &str) -> Option<(&'n str, &'n str)> {
    let by_told = told.and_then(|told| {
        let tool = rest.strip_prefix(&plain(told))?.strip_prefix(sign)?;
        Some((told, tool))
    });
    by_told.or_else(|| rest.split_once(sign))
}

/// `server-tool`, and `server/tool` where a permission is asked for.
fn copilot(name: &str) -> Option<(&str, &str)> {
    let own = name.strip_prefix(COPILOT_OWN).and_then(|rest| rest.strip_prefix('-'));
    let split = || name.split_once('/').or_else(|| name.split_once('-'));
    own.map(|tool| (COPILOT_OWN, tool)).or_else(split)
}

/// `server_tool`, where the client knows a server of that name; the longest name counts.
fn opencode<'n>(name: &'n str, told: &'n Told) -> Option<(&'n str, &'n str)> {
    let split = |server: &'n String| {
        let tool = name.strip_prefix(&plain(server))?.strip_prefix('_')?;
        Some((server.as_str(), tool))
    };
    told.servers.iter().filter_map(split).max_by_key(|(server, _)| server.len())
}

/// The name of a server as it stands in the names of its tools.
fn plain(server: &str) -> String {
    let keeps = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-');
    server.chars().map(|letter| if keeps(letter) { letter } else { '_' }).collect()
}
