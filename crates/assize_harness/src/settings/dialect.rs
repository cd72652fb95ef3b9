//! How each client writes its hooks down: the events at which we want to be asked or told, the
//! shape of one entry, and what stands in for an answer when the hook itself fails.

use super::SettingsFile;
use super::entry::{Entry, closed};
use crate::client::Client;

/// The first version of Claude Code that knows `onFailure`. Older ones pass over the key.
const ON_FAILURE_SINCE: [u64; 3] = [2, 1, 295];

/// Seconds that the client waits. The hook answers by itself long before.
const TIMEOUT_S: u64 = 10;

/// Seconds for the gates at the end of a turn, which check the whole change.
const GATE_TIMEOUT_S: u64 = 60;

/// Codex waits no longer at the end of a session, and complains of more in each session.
const CODEX_END_TIMEOUT_S: u64 = 3;

/// How one entry of JSON looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A group with a list of handlers, as Claude Code has it.
    Nested,
    /// The handler itself, with a line for one shell.
    Copilot,
    /// The handler itself.
    Cursor,
}

/// What keeps a call from running when the hook fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Closing {
    /// A key in the entry, of versions that know it; before them a shell around the command.
    OnFailure,
    /// A key in the entry.
    FailClosed,
    /// A shell around the command.
    Shell,
    /// The client blocks by itself.
    Client,
}

/// A member at the top of a file: its key, and its text up to the next member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Beside {
    pub(crate) key: &'static str,
    pub(crate) text: &'static str,
    /// How it is written where the hooks are the user's: as nobody writes, so that it is known
    /// again. Nothing: it is left to the user then.
    pub(crate) alone: Option<&'static str>,
}

/// The version of the format.
const VERSION: Beside = Beside { key: "version", text: "\"version\": 1, ", alone: None };

/// In the machine's settings the switch for all hooks has to say that they are on: a project's says
/// otherwise, and is heeded, unless the machine's say anything.
const GEMINI_ON: Beside = Beside {
    key: "hooksConfig",
    text: "\"hooksConfig\": {\"enabled\": true}, ",
    alone: Some("\"hooksConfig\" : {\"enabled\": true}"),
};
const QWEN_ON: Beside = Beside {
    key: "disableAllHooks",
    text: "\"disableAllHooks\": false, ",
    alone: Some("\"disableAllHooks\" : false"),
};

/// How a file that is made of entries is written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Dialect {
    pub(crate) shape: Shape,
    /// What has to stand beside the hooks; it goes where they go, and is left where the user has
    /// it.
    pub(crate) beside: Option<Beside>,
    events: &'static [&'static str],
    closing: Closing,
    /// Events that take a pattern of tools which has to be there.
    matched: &'static [&'static str],
    /// How many of the client's units of time a second has.
    per_second: u64,
}

/// The client's name for the moment before a call. Any other failure may not stop the session.
const GATES: [&str; 3] = ["PreToolUse", "BeforeTool", "preToolUse"];

/// At these the whole change is checked.
const ENDS: [&str; 6] = ["Stop", "SubagentStop", "AfterAgent", "agentStop", "subagentStop", "stop"];

const NONE: [&str; 0] = [];

const CLAUDE: Dialect = Dialect {
    shape: Shape::Nested,
    beside: None,
    events: &[
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
    ],
    closing: Closing::OnFailure,
    matched: &["PreToolUse", "PostToolUse", "PostToolUseFailure", "PermissionRequest"],
    per_second: 1,
};

const CODEX: Dialect = Dialect {
    events: &[
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
    ],
    closing: Closing::Shell,
    matched: &NONE,
    ..CLAUDE
};

const GEMINI: Dialect = Dialect {
    events: &[
        "BeforeTool",
        "AfterTool",
        "BeforeAgent",
        "AfterAgent",
        "SessionStart",
        "SessionEnd",
        "PreCompress",
    ],
    per_second: 1_000,
    ..CODEX
};

const QWEN: Dialect = Dialect {
    events: &[
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
        "PreCompact",
    ],
    ..CODEX
};

const GEMINI_SYSTEM: Dialect = Dialect { beside: Some(GEMINI_ON), ..GEMINI };
const QWEN_SYSTEM: Dialect = Dialect { beside: Some(QWEN_ON), ..QWEN };

const COPILOT: Dialect = Dialect {
    shape: Shape::Copilot,
    beside: Some(VERSION),
    events: &[
        "preToolUse",
        "postToolUse",
        "postToolUseFailure",
        "userPromptSubmitted",
        "sessionStart",
        "sessionEnd",
        "agentStop",
        "subagentStart",
        "subagentStop",
    ],
    closing: Closing::Client,
    ..CODEX
};

/// `beforeShellExecution` and its like would ask a second time about the same call.
const CURSOR: Dialect = Dialect {
    shape: Shape::Cursor,
    beside: Some(VERSION),
    events: &[
        "preToolUse",
        "postToolUse",
        "postToolUseFailure",
        "beforeSubmitPrompt",
        "sessionStart",
        "sessionEnd",
        "stop",
        "subagentStart",
        "subagentStop",
        "preCompact",
    ],
    closing: Closing::FailClosed,
    ..CODEX
};

impl Dialect {
    /// That of a file of entries; none of a file that is ours alone.
    pub(crate) fn of(file: SettingsFile) -> Option<&'static Self> {
        match file {
            SettingsFile::ClaudeSettings => Some(&CLAUDE),
            SettingsFile::CodexHooks
            | SettingsFile::CodexConfig
            | SettingsFile::CodexRequirements => Some(&CODEX),
            SettingsFile::GeminiSettings => Some(&GEMINI),
            SettingsFile::QwenSettings => Some(&QWEN),
            SettingsFile::GeminiSystem => Some(&GEMINI_SYSTEM),
            SettingsFile::QwenSystem => Some(&QWEN_SYSTEM),
            SettingsFile::CopilotHooks => Some(&COPILOT),
            SettingsFile::CursorHooks => Some(&CURSOR),
            SettingsFile::ClineScript(_) | SettingsFile::OpenCodePlugin => None,
        }
    }

    /// All entries that a client needs.
    pub(crate) fn wanted(
        &self,
        file: SettingsFile,
        command: &str,
        version: Option<&str>,
    ) -> Vec<Entry> {
        let closing = match self.closing {
            Closing::OnFailure if !knows_failure(version) => Closing::Shell,
            closing => closing,
        };
        let key = match closing {
            Closing::OnFailure => Some("onFailure"),
            Closing::FailClosed => Some("failClosed"),
            Closing::Shell | Closing::Client => None,
        };
        let entry = |event: &&'static str| Entry {
            event,
            shape: self.shape,
            matcher: self.matched.contains(event).then_some("*"),
            command: match closing {
                Closing::Shell if is_gate(event) => closed(command),
                _ => command.to_owned(),
            },
            timeout: timeout_s(file, event) * self.per_second,
            closed: key.filter(|_| is_gate(event)),
        };
        self.events.iter().map(entry).collect()
    }

    /// Whether the client blocks a call by itself when the hook fails, whatever the entry says.
    pub(crate) fn blocks_by_itself(&self) -> bool {
        self.closing == Closing::Client
    }
}

fn timeout_s(file: SettingsFile, event: &str) -> u64 {
    match event {
        _ if ENDS.contains(&event) => GATE_TIMEOUT_S,
        "SessionEnd" if file.client() == Client::Codex => CODEX_END_TIMEOUT_S,
        _ => TIMEOUT_S,
    }
}

/// Events at which a hook that fails must not let the call through.
pub(crate) fn is_gate(event: &str) -> bool {
    GATES.contains(&event)
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
