//! Names of tools and their arguments, turned into actions.
//!
//! A tool that is not in the list, and one whose arguments are not those that we know, becomes
//! [`Action::Unknown`] with all its texts: the guard judges it by what it holds.

mod clients;
mod cursor;
mod mcp;

use assize_guard::{Action, Argument, Change};
use serde_json::{Map, Value};

use crate::client::Client;

pub(crate) use cursor::event as cursor_event;

/// What a payload says of the MCP server behind a tool.
#[derive(Debug, Default)]
pub(crate) struct Told {
    pub(crate) server: Option<String>,
    /// The tool by the server's own name.
    pub(crate) tool: Option<String>,
    /// The servers that the client knows.
    pub(crate) servers: Vec<String>,
}

/// The action behind one call.
pub(crate) fn action(client: Client, tool: &str, input: &Value, told: &Told) -> Action {
    let as_mcp = || mcp::split(client, tool, told);
    // A server may be named so that its tools look like the client's own.
    let certain = told.server.is_some() || mcp::is_marked(client, tool);
    if let Some((server, name)) = certain.then(as_mcp).flatten() {
        return Action::Mcp { server, tool: name, arguments: arguments(input) };
    }
    let main = if client == Client::Cline { "commands" } else { "command" };
    if let Some(action) = clients::action(client, tool, &object(input, main)) {
        return action;
    }
    match as_mcp() {
        Some((server, tool)) => Action::Mcp { server, tool, arguments: arguments(input) },
        None => Action::Unknown { tool: tool.to_owned(), arguments: arguments(input) },
    }
}

/// A command, its folder where it runs in another one, and the key that says that nobody waits.
fn shell(input: &Map<String, Value>, folder: Option<&str>, background: &str) -> Option<Action> {
    let background = is_true(input, background);
    let command = text(input, "command").or_else(|| words(input.get("command")?))?;
    let command = match folder.map(|key| place_of(input, key)) {
        Some(folder) => within(folder?.as_deref(), command),
        None => command,
    };
    Some(Action::Shell { command, background })
}

/// A folder, if any; nothing where it is no text.
fn place_of(input: &Map<String, Value>, key: &str) -> Option<Option<String>> {
    match input.get(key) {
        None | Some(Value::Null) => Some(None),
        Some(Value::String(folder)) => Some(Some(folder.clone()).filter(|name| !name.is_empty())),
        Some(_) => None,
    }
}

/// A command that runs in another folder, as one would type it.
fn within(folder: Option<&str>, command: String) -> String {
    match folder {
        Some(folder) => format!("cd {}\n{command}", quoted(folder)),
        None => command,
    }
}

/// A command that comes as a list of its words, as one would type it.
fn words(value: &Value) -> Option<String> {
    let words: Option<Vec<String>> =
        value.as_array()?.iter().map(|word| word.as_str().map(quoted)).collect();
    words.filter(|words| !words.is_empty()).map(|words| words.join(" "))
}

fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// Several files that are read at once: as one would read them in a shell.
fn reads(mut paths: Vec<String>) -> Option<Action> {
    match paths.len() {
        0 => None,
        1 => paths.pop().map(|path| Action::Read { path }),
        _ => {
            let names: Vec<String> = paths.iter().map(|path| quoted(path)).collect();
            Some(Action::Shell { command: format!("cat {}", names.join(" ")), background: false })
        }
    }
}

fn write(input: &Map<String, Value>, path: &str, content: &str) -> Option<Action> {
    Some(Action::Write { path: text(input, path)?, content: text(input, content)? })
}

/// One replacement; `keys`: the path, the old text, the new one, and what says that all are meant.
fn edit(input: &Map<String, Value>, keys: [&str; 4]) -> Option<Action> {
    let [path, old, new, all] = keys;
    let change = change(input, [old, new, all])?;
    Some(Action::Edit { path: text(input, path)?, changes: vec![change] })
}

fn change(input: &Map<String, Value>, [old, new, all]: [&str; 3]) -> Option<Change> {
    Some(Change { old: text(input, old)?, new: text(input, new)?, all: is_true(input, all) })
}

fn changes(input: &Map<String, Value>, list: &str, keys: [&str; 3]) -> Option<Vec<Change>> {
    let edits = input.get(list)?.as_array()?;
    edits.iter().map(|edit| change(edit.as_object()?, keys)).collect()
}

fn read(input: &Map<String, Value>, path: &str) -> Option<Action> {
    Some(Action::Read { path: text(input, path)? })
}

fn search(input: &Map<String, Value>, pattern: &str, path: &str) -> Option<Action> {
    Some(Action::Search { pattern: text(input, pattern)?, path: place_of(input, path)? })
}

/// A folder that is listed: every name is looked for.
fn list(input: &Map<String, Value>, path: &str) -> Option<Action> {
    Some(Action::Search { pattern: "*".to_owned(), path: place_of(input, path)? })
}

fn subagent(input: &Map<String, Value>, kind: &str, prompt: &str) -> Option<Action> {
    let kind = text(input, kind).unwrap_or_default();
    Some(Action::SubagentStart { kind, prompt: text(input, prompt)? })
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

fn is_true(input: &Map<String, Value>, key: &str) -> bool {
    input.get(key).and_then(Value::as_bool) == Some(true)
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
