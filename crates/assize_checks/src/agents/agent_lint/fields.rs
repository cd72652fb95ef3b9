//! The fields beside name and description, as Claude Code reads them.

use assize_agents::{Reading, Value};
use assize_model::Severity;

/// Longer texts take a tenth of the room that a model has, before it begins.
const TEXT_BYTES_MAX: usize = 80_000;

const MODELS: [&str; 7] = ["default", "fable", "haiku", "inherit", "opus", "opusplan", "sonnet"];
const COLOURS: [&str; 8] = ["blue", "cyan", "green", "orange", "pink", "purple", "red", "yellow"];

/// Tools of the system or of other clients, which this client never had.
const FOREIGN: [&str; 12] = [
    "codebase",
    "DockerCompose",
    "editFiles",
    "Execute",
    "fetch",
    "Kubectl",
    "run_shell_command",
    "runCommands",
    "Shell",
    "SystemCtl",
    "Terminal",
    "write_file",
];
/// Tools that were renamed or taken away: old name, what does its work now.
const FORMER: [(&str, &str); 3] = [("LS", "Glob"), ("MultiEdit", "Edit"), ("Task", "Agent")];

/// What is wrong with a field; `code` is its key.
pub(super) struct Fault {
    pub(super) code: &'static str,
    pub(super) severity: Option<Severity>,
    pub(super) message: String,
    pub(super) help: String,
}

/// At most one fault of each field.
pub(super) fn faults(reading: &Reading, text: &str) -> Vec<Fault> {
    [model(reading), color(reading), tools(reading), hooks(reading), triggers(reading), body(text)]
        .into_iter()
        .flatten()
        .collect()
}

fn model(reading: &Reading) -> Option<Fault> {
    let model = reading.model.as_deref()?;
    let lower = model.to_ascii_lowercase();
    if MODELS.binary_search(&lower.trim_end_matches("[1m]")).is_ok() || lower.contains("claude") {
        return None;
    }
    let local = if model.contains(':') { ", but one of a local runner" } else { "" };
    Some(Fault {
        code: "model",
        severity: None,
        message: format!(
            "`{model}` is no model of the client{local}: the agent does not start, or runs on \
             another one"
        ),
        help: "use `inherit`, `haiku`, `sonnet`, `opus` or the full name of a model".to_owned(),
    })
}

fn color(reading: &Reading) -> Option<Fault> {
    let (Value::Text(color) | Value::Other(color)) = &reading.field("color")?.value else {
        return None;
    };
    let known = COLOURS.contains(&color.to_ascii_lowercase().as_str()) || color == "default";
    (!known && !color.is_empty()).then(|| Fault {
        code: "color",
        severity: Some(Severity::Info),
        message: format!("`{color}` is no colour that the client shows"),
        help: format!("use one of {}", COLOURS.join(", ")),
    })
}

fn tools(reading: &Reading) -> Option<Fault> {
    let bare = |tool: &String| tool.split('(').next().unwrap_or(tool).trim().to_owned();
    let tools: Vec<String> = reading.tools.iter().flatten().map(bare).collect();
    if let Some(tool) = tools.iter().find(|tool| FOREIGN.contains(&tool.as_str())) {
        return Some(Fault {
            code: "tools",
            severity: None,
            message: format!("`{tool}` is no tool of the client: the agent does not have it"),
            help: "name tools as the client does (`Read`, `Edit`, `Bash`, `mcp__server__tool`)"
                .to_owned(),
        });
    }
    let (old, new) = FORMER.iter().find(|(old, _)| tools.iter().any(|tool| tool == old))?;
    Some(Fault {
        code: "tools",
        severity: Some(Severity::Info),
        message: format!("`{old}` is the former name of a tool: newer clients have `{new}`"),
        help: format!("write `{new}` for `{old}`"),
    })
}

fn hooks(reading: &Reading) -> Option<Fault> {
    let Value::Map(entries) = &reading.field("hooks")?.value else { return None };
    let (key, _) = entries
        .iter()
        .find(|(key, text)| matches!(key.as_str(), "pre" | "post") && !text.trim().is_empty())?;
    Some(Fault {
        code: "hooks",
        severity: None,
        message: format!(
            "`hooks.{key}` is a line of shell, which is not the form of hooks: it never runs"
        ),
        help: "write the hook under its event (`PreToolUse`, `PostToolUse`, `Stop`), or delete it"
            .to_owned(),
    })
}

fn triggers(reading: &Reading) -> Option<Fault> {
    let Value::List(entries) = &reading.field("proactive_triggers")?.value else { return None };
    let snake = |word: &String| {
        word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    let wrong = entries.iter().find(|entry| !snake(entry))?;
    Some(Fault {
        code: "proactive_triggers",
        severity: Some(Severity::Info),
        message: format!("the trigger `{wrong}` is not in snake case, so no rule can name it"),
        help: "write triggers as `route_added`: lower-case words with underscores".to_owned(),
    })
}

fn body(text: &str) -> Option<Fault> {
    let kibibytes = text.len() / 1_024;
    (text.len() > TEXT_BYTES_MAX).then(|| Fault {
        code: "body",
        severity: None,
        message: format!(
            "the agent has {kibibytes} KiB of text: it is read whole before the first word of work"
        ),
        help: "keep what it must always know, and let it read the rest where it needs it"
            .to_owned(),
    })
}
