//! The tools of each client. Each reads its own keys and no other client's: a key that the client
//! passes over could hide the one that it heeds.

use assize_guard::Action;
use serde_json::{Map, Value};

use super::{
    change, changes, cursor, edit, is_true, list, notebook, place_of, quoted, read, reads, search,
    shell, subagent, text, within, write,
};
use crate::client::Client;

type Input = Map<String, Value>;

const SNAKE: [&str; 4] = ["file_path", "old_string", "new_string", "replace_all"];
const CAMEL: [&str; 4] = ["filePath", "oldString", "newString", "replaceAll"];

/// The action of a tool of the client's own; nothing where it or its arguments are not known.
pub(super) fn action(client: Client, tool: &str, input: &Input) -> Option<Action> {
    match client {
        Client::ClaudeCode => claude(tool, input),
        Client::Codex => codex(tool, input),
        Client::GeminiCli => gemini(tool, input),
        Client::QwenCode => qwen(tool, input),
        Client::CopilotCli => copilot(tool, input),
        Client::Cline => cline(tool, input),
        Client::OpenCode => opencode(tool, input),
        Client::Cursor => cursor::tool(tool, input),
        Client::VsCode => vs_code(tool, input),
    }
}

fn claude(tool: &str, input: &Input) -> Option<Action> {
    match tool {
        "Bash" => shell(input, None, "run_in_background"),
        "Write" => write(input, "file_path", "content"),
        "Edit" => edit(input, SNAKE),
        "MultiEdit" => several(input, SNAKE),
        "NotebookEdit" => notebook(input),
        "Read" => read(input, "file_path"),
        "Glob" | "Grep" => {
            Some(Action::Search { pattern: text(input, "pattern")?, path: text(input, "path") })
        }
        "WebFetch" => web(input),
        // A subagent that asks nothing is judged by its arguments.
        "Agent" | "Task" if text(input, "mode").as_deref() == Some("bypassPermissions") => None,
        "Agent" | "Task" => subagent(input, "subagent_type", "prompt"),
        _ => None,
    }
}

/// A patch that is fed to `apply_patch` by a here-document comes as `Bash` and stays a command.
fn codex(tool: &str, input: &Input) -> Option<Action> {
    match tool {
        "Bash" => shell(input, None, "run_in_background"),
        "apply_patch" => patch(input, "command"),
        "view_image" => read(input, "path"),
        "spawn_agent" => subagent(input, "agent_type", "message"),
        _ => None,
    }
}

fn gemini(tool: &str, input: &Input) -> Option<Action> {
    match tool {
        "run_shell_command" => shell(input, Some("dir_path"), "is_background"),
        "write_file" => write(input, "file_path", "content"),
        "replace" => edit(input, ["file_path", "old_string", "new_string", "allow_multiple"]),
        "read_file" => read(input, "file_path"),
        "glob" | "grep_search" | "search_file_content" => search(input, "pattern", "dir_path"),
        "list_directory" => list(input, "dir_path"),
        "invoke_agent" => subagent(input, "agent_name", "prompt"),
        _ => None,
    }
}

fn qwen(tool: &str, input: &Input) -> Option<Action> {
    match tool {
        "run_shell_command" => shell(input, Some("directory"), "is_background"),
        "write_file" => write(input, "file_path", "content"),
        "edit" => edit(input, SNAKE),
        "notebook_edit" => notebook(input),
        "read_file" => read(input, "file_path"),
        "glob" | "grep_search" => search(input, "pattern", "path"),
        "list_directory" => list(input, "path"),
        "web_fetch" => web(input),
        "agent" => subagent(input, "subagent_type", "prompt"),
        _ => None,
    }
}

/// By its own names, and by those of Claude Code that it uses where it is asked in that way; the
/// arguments have its own keys in both.
fn copilot(tool: &str, input: &Input) -> Option<Action> {
    match tool {
        "bash" | "Bash" => {
            let waits = text(input, "mode").is_none_or(|mode| mode == "sync");
            let background = !waits || is_true(input, "detach");
            Some(Action::Shell { command: text(input, "command")?, background })
        }
        "create" | "Write" => write(input, "path", "file_text"),
        "apply_patch" | "Edit" if input.contains_key("input") => patch(input, "input"),
        "edit" | "Edit" => edit(input, ["path", "old_str", "new_str", ""]),
        "view" | "Read" => read(input, "path"),
        "glob" | "grep" | "rg" | "Glob" | "Grep" => search(input, "pattern", "path"),
        "web_fetch" | "WebFetch" => web(input),
        "task" | "Task" | "Agent" => subagent(input, "agent_type", "prompt"),
        _ => None,
    }
}

fn cline(tool: &str, input: &Input) -> Option<Action> {
    match tool {
        "run_commands" => run_commands(input),
        "editor" => editor(input),
        "apply_patch" => patch(input, "input"),
        "read_files" => reads(texts(input.get("files")?, "path")?),
        // Its versions before 3.0, by their documentation.
        "execute_command" => shell(input, None, ""),
        "write_to_file" => write(input, "path", "content"),
        "read_file" => read(input, "path"),
        "search_codebase" => {
            let pattern = texts(input.get("queries")?, "query")?.join("|");
            Some(Action::Search { pattern, path: None })
        }
        _ => None,
    }
}

/// One text or several, each as it is or at `key` of an object.
fn texts(value: &Value, key: &str) -> Option<Vec<String>> {
    let one = |value: &Value| match value {
        Value::String(one) => Some(one.clone()),
        Value::Object(one) => text(one, key),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => None,
    };
    match value {
        Value::Array(several) => several.iter().map(one).collect(),
        single => one(single).map(|one| vec![one]),
    }
}

fn run_commands(input: &Input) -> Option<Action> {
    match (input.get("commands"), input.get("command"), input.get("cmd")) {
        (Some(all), None, None) => commands(all),
        (None, Some(_), None) => commands(&Value::Object(input.clone())),
        (None, None, Some(one)) => commands(one),
        _ => None,
    }
}

/// Cline runs each command in a shell of its own: where one goes, the next does not follow.
fn commands(value: &Value) -> Option<Action> {
    let one = |command: &Value| match command {
        Value::String(command) => Some(command.clone()),
        Value::Object(command) => structured(command),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => None,
    };
    let all: Vec<String> = match value {
        Value::Array(commands) => commands.iter().map(one).collect::<Option<_>>()?,
        single => vec![one(single)?],
    };
    let command = match all.as_slice() {
        [] => return None,
        [single] => single.clone(),
        several => {
            let apart = several.iter().map(|command| format!("(\n{command}\n)"));
            apart.collect::<Vec<_>>().join("\n")
        }
    };
    Some(Action::Shell { command, background: false })
}

/// A program with its arguments, each of them one word.
fn structured(command: &Input) -> Option<String> {
    let mut words = vec![text(command, "command")?];
    if let Some(more) = command.get("args") {
        let more: Option<Vec<&str>> = more.as_array()?.iter().map(Value::as_str).collect();
        words.extend(more?.into_iter().map(quoted));
    }
    Some(within(place_of(command, "cwd")?.as_deref(), words.join(" ")))
}

/// Replaces, or creates where nothing is to be replaced. What stands in the file is not known
/// here, so an insertion is judged by its texts.
fn editor(input: &Input) -> Option<Action> {
    if input.get("insert_line").is_some_and(|line| !line.is_null()) {
        return None;
    }
    match input.get("old_text") {
        None | Some(Value::Null) => write(input, "path", "new_text"),
        Some(_) => edit(input, ["path", "old_text", "new_text", ""]),
    }
}

fn opencode(tool: &str, input: &Input) -> Option<Action> {
    match tool {
        "bash" => shell(input, Some("workdir"), "background"),
        "write" => write(input, "filePath", "content"),
        "edit" => edit(input, CAMEL),
        "multiedit" => several(input, CAMEL),
        "apply_patch" | "patch" => patch(input, "patchText"),
        "read" => read(input, "filePath"),
        "glob" | "grep" => search(input, "pattern", "path"),
        "list" => list(input, "path"),
        "webfetch" => web(input),
        "task" => subagent(input, "subagent_type", "prompt"),
        _ => None,
    }
}

/// By documentation.
fn vs_code(tool: &str, input: &Input) -> Option<Action> {
    match tool {
        "run_in_terminal" | "runInTerminal" => shell(input, None, "isBackground"),
        "create_file" | "createFile" => write(input, "filePath", "content"),
        "replace_string_in_file" | "replaceStringInFile" => edit(input, CAMEL),
        "multi_replace_string_in_file" => replacements(input),
        "apply_patch" | "applyPatch" => patch(input, "input"),
        "read_file" | "readFile" => read(input, "filePath"),
        "file_search" | "grep_search" | "fileSearch" | "textSearch" => {
            search(input, "query", "includePattern")
        }
        "list_dir" | "listDirectory" => list(input, "path"),
        "runSubagent" => subagent(input, "agentName", "prompt"),
        _ => claude(tool, input),
    }
}

/// Replacements that each name their file; an edit has one.
fn replacements(input: &Input) -> Option<Action> {
    let [path_key, keys @ ..] = CAMEL;
    let all = input.get("replacements")?.as_array()?;
    let path = text(all.first()?.as_object()?, path_key)?;
    let same = |one: &Value| {
        let one = one.as_object()?;
        (text(one, path_key)? == path).then(|| change(one, keys))?
    };
    let changes = all.iter().map(same).collect::<Option<_>>()?;
    Some(Action::Edit { path, changes })
}

fn several(input: &Input, [path, keys @ ..]: [&str; 4]) -> Option<Action> {
    Some(Action::Edit { path: text(input, path)?, changes: changes(input, "edits", keys)? })
}

fn patch(input: &Input, key: &str) -> Option<Action> {
    Some(Action::Patch { text: text(input, key)? })
}

fn web(input: &Input) -> Option<Action> {
    Some(Action::Web { address: text(input, "url")? })
}
