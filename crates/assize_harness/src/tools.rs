//! Names of tools and their arguments, turned into actions.
//!
//! A tool that is not in the list, and one whose arguments are not those that we know, becomes
//! [`Action::Unknown`] with all its texts: the guard judges it by what it holds.

use assize_guard::{Action, Argument, Change};
use serde_json::{Map, Value};

use crate::client::Client;

/// What stands before the server's name in the name of a tool of an MCP server.
const MCP: &str = "mcp__";

/// The action behind one call. `server`: the name of the MCP server, where the client tells it.
pub(crate) fn action(client: Client, tool: &str, input: &Value, server: Option<&str>) -> Action {
    if let Some((server, name)) = mcp(tool, server) {
        return Action::Mcp { server, tool: name, arguments: arguments(input) };
    }
    let known = match client {
        Client::ClaudeCode | Client::QwenCode | Client::VsCode => {
            claude(tool, &object(input, "command"))
        }
        Client::GeminiCli
        | Client::CopilotCli
        | Client::Cline
        | Client::OpenCode
        | Client::Cursor => None,
        Client::Codex => codex(tool, &object(input, "command")),
    };
    known.unwrap_or_else(|| Action::Unknown { tool: tool.to_owned(), arguments: arguments(input) })
}

fn claude(tool: &str, input: &Map<String, Value>) -> Option<Action> {
    Some(match tool {
        "Bash" => shell(input)?,
        "Write" => {
            Action::Write { path: text(input, "file_path")?, content: text(input, "content")? }
        }
        "Edit" => Action::Edit { path: text(input, "file_path")?, changes: vec![change(input)?] },
        "MultiEdit" => Action::Edit { path: text(input, "file_path")?, changes: changes(input)? },
        "NotebookEdit" => notebook(input)?,
        "Read" => Action::Read { path: text(input, "file_path")? },
        "Glob" | "Grep" => {
            Action::Search { pattern: text(input, "pattern")?, path: text(input, "path") }
        }
        "WebFetch" => Action::Web { address: text(input, "url")? },
        // A subagent that asks nothing is judged by its arguments.
        "Agent" | "Task" if text(input, "mode").as_deref() == Some("bypassPermissions") => {
            return None;
        }
        "Agent" | "Task" => Action::SubagentStart {
            kind: text(input, "subagent_type").unwrap_or_default(),
            prompt: text(input, "prompt")?,
        },
        _ => return None,
    })
}

/// A patch that is fed to `apply_patch` by a here-document comes as `Bash` and stays a command.
fn codex(tool: &str, input: &Map<String, Value>) -> Option<Action> {
    Some(match tool {
        "Bash" => shell(input)?,
        "apply_patch" => Action::Patch { text: text(input, "command")? },
        "view_image" => Action::Read { path: text(input, "path")? },
        "spawn_agent" => Action::SubagentStart {
            kind: text(input, "agent_type").unwrap_or_default(),
            prompt: text(input, "message")?,
        },
        _ => return None,
    })
}

fn shell(input: &Map<String, Value>) -> Option<Action> {
    let background = input.get("run_in_background").and_then(Value::as_bool) == Some(true);
    let command = text(input, "command").or_else(|| words(input.get("command")?))?;
    Some(Action::Shell { command, background })
}

/// A command that comes as a list of its words, as one would type it.
fn words(value: &Value) -> Option<String> {
    let quoted = |word: &Value| Some(format!("'{}'", word.as_str()?.replace('\'', r"'\''")));
    let words: Option<Vec<String>> = value.as_array()?.iter().map(quoted).collect();
    words.filter(|words| !words.is_empty()).map(|words| words.join(" "))
}

fn change(input: &Map<String, Value>) -> Option<Change> {
    Some(Change {
        old: text(input, "old_string")?,
        new: text(input, "new_string")?,
        all: input.get("replace_all").and_then(Value::as_bool) == Some(true),
    })
}

fn changes(input: &Map<String, Value>) -> Option<Vec<Change>> {
    let edits = input.get("edits")?.as_array()?;
    edits.iter().map(|edit| change(edit.as_object()?)).collect()
}

fn notebook(input: &Map<String, Value>) -> Option<Action> {
    let deletes = text(input, "edit_mode").as_deref() == Some("delete");
    let source = if deletes { None } else { Some(text(input, "new_source")?) };
    Some(Action::Notebook {
        path: text(input, "notebook_path")?,
        cell: text(input, "cell_id"),
        source,
    })
}

fn text(input: &Map<String, Value>, key: &str) -> Option<String> {
    input.get(key).and_then(Value::as_str).map(str::to_owned)
}

/// The arguments as an object. Some come as a text: JSON that is packed once more, or the one
/// argument itself, which is then the value of `main`.
fn object(input: &Value, main: &str) -> Map<String, Value> {
    match input {
        Value::Object(map) => map.clone(),
        Value::String(packed) => match serde_json::from_str(packed) {
            Ok(Value::Object(map)) => map,
            Ok(_) | Err(_) => Map::from_iter([(main.to_owned(), input.clone())]),
        },
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => Map::new(),
    }
}

/// Splits `mcp__server__tool`. A server may have `__` in its own name, so the name that the client
/// tells goes first.
fn mcp(name: &str, told: Option<&str>) -> Option<(String, String)> {
    let rest = name.strip_prefix(MCP)?;
    let by_told = told.and_then(|told| {
        let tool = rest.strip_prefix(&plain(told))?.strip_prefix("__")?;
        Some((told, tool))
    });
    let (server, tool) = by_told.or_else(|| rest.split_once("__"))?;
    (!server.is_empty() && !tool.is_empty()).then(|| (server.to_owned(), tool.to_owned()))
}

/// The name of a server as it stands in the names of its tools.
fn plain(server: &str) -> String {
    let keeps = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-');
    server.chars().map(|letter| if keeps(letter) { letter } else { '_' }).collect()
}

/// All texts of the arguments, in order. The depth is bounded by the reader of JSON.
fn arguments(input: &Value) -> Vec<Argument> {
    let mut all = Vec::new();
    let packed = input.as_str().and_then(|text| serde_json::from_str::<Value>(text).ok());
    let value = packed.as_ref().filter(|value| value.is_object()).unwrap_or(input);
    flatten(value, "", &mut all);
    all
}

fn flatten(value: &Value, key: &str, all: &mut Vec<Argument>) {
    let mut push = |text: String| all.push(Argument { key: key.to_owned(), text });
    match value {
        Value::Null => {}
        Value::Bool(value) => push(value.to_string()),
        Value::Number(value) => push(value.to_string()),
        Value::String(text) => push(text.clone()),
        Value::Array(members) => members.iter().for_each(|member| flatten(member, key, all)),
        Value::Object(members) => {
            for (name, member) in members {
                let deeper = if key.is_empty() { name.clone() } else { format!("{key}.{name}") };
                flatten(member, &deeper, all);
            }
        }
    }
}
