//! The tools of Cursor, by its documentation, which does not name the keys of every tool: where two
//! names of the same thing are there at once, nothing is assumed.

use assize_guard::Action;
use serde_json::{Map, Value};

use super::{arguments, change, changes, is_true, object, place_of, quoted, text, within};

type Input = Map<String, Value>;

const PATH: [&str; 3] = ["file_path", "path", "target_file"];
const CONTENT: [&str; 3] = ["content", "contents", "file_text"];
const CHANGE: [&str; 3] = ["old_string", "new_string", "replace_all"];

/// The tools as `preToolUse` and `postToolUse` name them.
pub(super) fn tool(tool: &str, input: &Input) -> Option<Action> {
    Some(match tool {
        "Shell" => {
            let folder = place_of(input, "working_directory")?;
            let command = within(folder.as_deref(), text(input, "command")?);
            Action::Shell { command, background: is_true(input, "is_background") }
        }
        "Write" => Action::Write { path: only(input, PATH)?, content: only(input, CONTENT)? },
        "StrReplace" | "Edit" => {
            Action::Edit { path: only(input, PATH)?, changes: vec![change(input, CHANGE)?] }
        }
        "Delete" => {
            let command = format!("rm -- {}", quoted(&only(input, PATH)?));
            Action::Shell { command, background: false }
        }
        "Read" => Action::Read { path: only(input, PATH)? },
        "Grep" | "Glob" => Action::Search {
            pattern: only(input, ["pattern", "query", "glob_pattern"])?,
            path: place_of(input, "path")?,
        },
        "Task" => Action::SubagentStart {
            kind: text(input, "subagent_type").unwrap_or_default(),
            prompt: text(input, "prompt")?,
        },
        _ => return None,
    })
}

/// Cursor's own events for commands, servers and files, which name no tool of the client.
pub(crate) fn event(payload: &Input) -> Option<Action> {
    let input = payload.get("tool_input").unwrap_or(&Value::Null);
    Some(match payload.get("hook_event_name")?.as_str()? {
        "beforeShellExecution" | "afterShellExecution" => {
            Action::Shell { command: text(payload, "command")?, background: false }
        }
        "beforeMCPExecution" | "afterMCPExecution" => Action::Mcp {
            server: text(payload, "mcp_server_name").unwrap_or_else(|| "unnamed".to_owned()),
            tool: text(payload, "tool_name")?,
            arguments: arguments(&Value::Object(object(input, "input"))),
        },
        "beforeReadFile" | "beforeTabFileRead" => {
            Action::Read { path: text(payload, "file_path")? }
        }
        "afterFileEdit" | "afterTabFileEdit" => Action::Edit {
            path: text(payload, "file_path")?,
            changes: changes(payload, "edits", CHANGE)?,
        },
        _ => return None,
    })
}

/// The text at the one of these keys that is there.
fn only<const N: usize>(input: &Input, keys: [&str; N]) -> Option<String> {
    let mut found = keys.into_iter().filter(|key| input.contains_key(*key));
    let key = found.next()?;
    if found.next().is_some() { None } else { text(input, key) }
}
