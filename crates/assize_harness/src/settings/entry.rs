//! One entry for one event: what it says, and how it is known as ours.

use serde_json::{Map, Value, json};

use super::Handler;
use crate::client::Client;

/// The first version of Claude Code that knows `onFailure`. Older ones pass over the key.
const ON_FAILURE_SINCE: [u64; 3] = [2, 1, 295];

/// Seconds that the client waits. The hook answers by itself long before.
const TIMEOUT_S: u64 = 10;

/// Seconds for the gates at the end of a turn, which check the whole change.
const GATE_TIMEOUT_S: u64 = 60;

/// Codex waits no longer at the end of a session, and complains of more in each session.
const CODEX_END_TIMEOUT_S: u64 = 3;

/// The events of each client at which we want to be asked or told.
const CLAUDE: [&str; 12] = [
    "PreToolUse",
    "PostToolUse",
    "PostToolUseFailure",
    "PermissionRequest",
    "UserPromptSubmit",
    "SessionStart",
    "SessionEnd",
    "Stop",
    "SubagentStart",
    "SubagentStop",
    "ConfigChange",
    "PreCompact",
];
const CODEX: [&str; 10] = [
    "PreToolUse",
    "PostToolUse",
    "PermissionRequest",
    "UserPromptSubmit",
    "SessionStart",
    "SessionEnd",
    "Stop",
    "SubagentStart",
    "SubagentStop",
    "PreCompact",
];

/// The hook for one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) event: &'static str,
    /// A pattern of tools, where the client is known to take one; without it all are meant.
    pub(crate) matcher: Option<&'static str>,
    pub(crate) command: String,
    pub(crate) timeout_s: u64,
    /// The client's own switch that blocks the call when the hook itself fails.
    pub(crate) closed: bool,
}

impl Entry {
    /// As the client reads it: a group with one handler.
    pub(crate) fn value(&self) -> Value {
        let mut handler = json!({
            "type": "command",
            "command": self.command,
            "timeout": self.timeout_s,
        });
        if let (true, Some(keys)) = (self.closed, handler.as_object_mut()) {
            keys.insert("onFailure".to_owned(), json!("block"));
        }
        let mut group = Map::new();
        if let Some(matcher) = self.matcher {
            group.insert("matcher".to_owned(), json!(matcher));
        }
        group.insert("hooks".to_owned(), json!([handler]));
        Value::Object(group)
    }
}

/// All entries that a client needs.
pub(crate) fn wanted(client: Client, command: &str, version: Option<&str>) -> Vec<Entry> {
    let events: &[&'static str] = match client {
        Client::ClaudeCode => &CLAUDE,
        Client::Codex => &CODEX,
        Client::GeminiCli
        | Client::QwenCode
        | Client::CopilotCli
        | Client::Cline
        | Client::OpenCode
        | Client::Cursor
        | Client::VsCode => &[],
    };
    let switch = client == Client::ClaudeCode && knows_failure(version);
    let entry = |event: &&'static str| Entry {
        event,
        matcher: (client == Client::ClaudeCode && is_of_tools(event)).then_some("*"),
        command: if is_gate(event) && !switch { closed(command) } else { command.to_owned() },
        timeout_s: timeout_s(client, event),
        closed: switch && is_gate(event),
    };
    events.iter().map(entry).collect()
}

fn timeout_s(client: Client, event: &str) -> u64 {
    match (client, event) {
        (_, "Stop" | "SubagentStop") => GATE_TIMEOUT_S,
        (Client::Codex, "SessionEnd") => CODEX_END_TIMEOUT_S,
        _ => TIMEOUT_S,
    }
}

/// Events at which a hook that fails must not let the call through. At the others a failure may
/// not stop the session.
fn is_gate(event: &str) -> bool {
    event == "PreToolUse"
}

/// The command in a shell that turns every failure into a denial: a crash, a signal, a program that
/// is gone. For clients without a switch of their own; a command that names `assize.exe` runs where
/// there is no such shell.
fn closed(command: &str) -> String {
    if command.contains(".exe") {
        return command.to_owned();
    }
    let script = format!(
        "{command} || {{ s=$?; test $s = 2 || echo \"Assize gave no answer: status $s\" >&2; exit 2; }}"
    );
    format!("sh -c '{}'", script.replace('\'', r"'\''"))
}

fn is_of_tools(event: &str) -> bool {
    event.contains("ToolUse") || event == "PermissionRequest"
}

/// Whether this version of Claude Code has a switch that blocks the call when a hook fails. Where
/// the version is not known the key is written: it does no harm to those that pass over it.
pub fn knows_failure(version: Option<&str>) -> bool {
    version.and_then(numbers).is_none_or(|numbers| numbers >= ON_FAILURE_SINCE)
}

/// `2.1.330 (Claude Code)`
fn numbers(version: &str) -> Option<[u64; 3]> {
    let word = version.split_whitespace().next()?;
    let mut parts =
        word.trim_start_matches('v').split(['.', '-', '+']).map(|part| part.parse().ok());
    Some([parts.next()??, parts.next()??, parts.next()??])
}

/// Whether a command of a hook runs `assize hook` for a client that we know, however it is wrapped.
pub fn is_ours(command: &str) -> bool {
    asks(command).is_some()
}

/// The client for which a command runs `assize hook`.
pub(crate) fn asks(command: &str) -> Option<Client> {
    let marks = |letter: char| matches!(letter, '"' | '\'' | '\\' | '(' | ')' | ';');
    let words: Vec<&str> =
        command.split_whitespace().map(|word| word.trim_matches(marks)).collect();
    words.windows(3).find_map(|window| {
        let [program, "hook", client] = window else {
            return None;
        };
        let name = program.rsplit(['/', '\\']).next()?;
        matches!(name, "assize" | "assize.exe").then(|| Client::of(client))?
    })
}

/// The program that a command of ours runs, however it is wrapped.
pub fn program_of(command: &str) -> Option<String> {
    asks(command)?;
    // Within a quoted script the quotes of the program are escaped.
    let plain = command.replace(r"'\''", "'");
    let (before, _) = plain.split_once("' hook ").or_else(|| plain.split_once(" hook "))?;
    let start = |mark: char| before.rfind(mark).map_or(0, |at| at + 1);
    let quoted = plain.contains("' hook ");
    let from = if quoted { start('\'') } else { start(' ').max(start('\'')).max(start('(')) };
    before.get(from..).map(|program| program.trim_matches('"').to_owned())
}

/// The absolute folder of the program that a command names first.
pub(crate) fn program_folder(command: &str) -> Option<&str> {
    let quoted = command.strip_prefix('\'').and_then(|rest| rest.split('\'').next());
    let program = quoted.or_else(|| command.split_whitespace().next())?;
    let (folder, _) = program.rsplit_once('/')?;
    folder.starts_with('/').then_some(folder)
}

/// Events and groups with a handler of ours.
pub(crate) fn ours(settings: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let events = settings.get("hooks").and_then(Value::as_object).into_iter().flatten();
    events.flat_map(|(event, groups)| {
        let groups = groups.as_array().into_iter().flatten();
        groups
            .filter(|group| handlers(group).any(is_our_handler))
            .map(|group| (event.as_str(), group))
    })
}

/// Whether the client would not wait for a handler of ours.
pub(crate) fn is_async(group: &Value) -> bool {
    let is = |handler: &Value| handler.get("async").and_then(Value::as_bool) == Some(true);
    handlers(group).any(|handler| is_our_handler(handler) && is(handler))
}

/// The handlers of ours in a group.
pub(crate) fn standing_handlers<'a>(
    event: &'a str,
    group: &'a Value,
) -> impl Iterator<Item = Handler> + 'a {
    handlers(group).filter(|handler| is_our_handler(handler)).map(|handler| {
        let text = |key: &str| handler.get(key).and_then(Value::as_str).unwrap_or_default();
        Handler {
            event: event.to_owned(),
            command: text("command").to_owned(),
            closed: text("onFailure") == "block",
        }
    })
}

fn handlers(group: &Value) -> impl Iterator<Item = &Value> {
    group.get("hooks").and_then(Value::as_array).into_iter().flatten()
}

pub(crate) fn is_our_handler(handler: &Value) -> bool {
    handler.get("command").and_then(Value::as_str).is_some_and(is_ours)
}
