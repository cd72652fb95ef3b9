//! One entry for one event: what it says, and how it is known as ours.

use serde_json::{Map, Value, json};

use super::Handler;
use super::dialect::{Shape, is_gate};
use crate::client::Client;

/// Keys under which a handler has its command line.
const COMMAND: [&str; 2] = ["command", "bash"];

/// The hook for one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) event: &'static str,
    pub(crate) shape: Shape,
    /// A pattern of tools, where the client is known to take one; without it all are meant.
    pub(crate) matcher: Option<&'static str>,
    pub(crate) command: String,
    /// In the client's own unit.
    pub(crate) timeout: u64,
    /// The client's own switch that blocks the call when the hook itself fails.
    pub(crate) closed: Option<&'static str>,
}

impl Entry {
    /// As the client reads it.
    pub(crate) fn value(&self) -> Value {
        let Self { command, timeout, .. } = self;
        let mut handler = match self.shape {
            Shape::Nested => json!({ "type": "command", "command": command, "timeout": timeout }),
            Shape::Copilot => json!({ "type": "command", "bash": command, "timeoutSec": timeout }),
            Shape::Cursor => json!({ "command": command, "timeout": timeout }),
        };
        if let (Some(key), Some(keys)) = (self.closed, handler.as_object_mut()) {
            let value = if key == "onFailure" { json!("block") } else { json!(true) };
            keys.insert(key.to_owned(), value);
        }
        if self.shape != Shape::Nested {
            return handler;
        }
        let mut group = Map::new();
        if let Some(matcher) = self.matcher {
            group.insert("matcher".to_owned(), json!(matcher));
        }
        group.insert("hooks".to_owned(), json!([handler]));
        Value::Object(group)
    }
}

/// The command in a shell that turns every failure into a denial: a crash, a signal, a program that
/// is gone. For clients without a switch of their own; a command that names `assize.exe` runs where
/// there is no such shell.
pub(crate) fn closed(command: &str) -> String {
    if command.contains(".exe") {
        return command.to_owned();
    }
    let script = format!(
        "{command} || {{ s=$?; test $s = 2 || echo \"Assize gave no answer: status $s\" >&2; exit 2; }}"
    );
    format!("sh -c '{}'", script.replace('\'', r"'\''"))
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
        let switch = |key: &str, value: Value| handler.get(key) == Some(&value);
        Handler {
            event: event.to_owned(),
            command: command_of(handler).unwrap_or_default().to_owned(),
            closed: switch("onFailure", json!("block")) || switch("failClosed", json!(true)),
            gate: is_gate(event),
        }
    })
}

/// Those of a list, or what stands in the list itself.
fn handlers(group: &Value) -> impl Iterator<Item = &Value> {
    let list = group.get("hooks").and_then(Value::as_array);
    list.into_iter().flatten().chain(std::iter::once(group).filter(move |_| list.is_none()))
}

pub(crate) fn is_our_handler(handler: &Value) -> bool {
    command_of(handler).is_some_and(is_ours)
}

fn command_of(handler: &Value) -> Option<&str> {
    COMMAND.iter().find_map(|key| handler.get(key)?.as_str())
}
