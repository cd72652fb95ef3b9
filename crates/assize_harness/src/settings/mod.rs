//! Our entries in the settings of a client.
//!
//! The files belong to the user and may hold comments, so they are edited as text: an entry goes in
//! at one place and comes out at the same, and no other byte moves. Nothing records what a file
//! looked like before; the shape of what we put in tells which brackets are ours.

mod dialect;
mod entry;
mod json;
mod toml;
mod whole;

use serde_json::Value;

use crate::client::Client;

use dialect::Dialect;
pub use dialect::knows_failure;
use entry::{Entry, asks};
pub use entry::{is_ours, program_of};
pub use whole::CLINE_EVENTS;

/// No settings file may be larger.
pub const SETTINGS_BYTES_MAX: usize = 1024 * 1024;

/// A file in which a client looks for hooks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingsFile {
    /// `settings.json` of Claude Code, for the user, the project or the machine.
    ClaudeSettings,
    /// `hooks.json` of Codex.
    CodexHooks,
    /// `config.toml` of Codex, which may hold the same under `hooks`.
    CodexConfig,
    /// `requirements.toml` of Codex, the machine's: no user or project can switch it off.
    CodexRequirements,
    /// `settings.json` of Gemini CLI.
    GeminiSettings,
    /// `settings.json` of Qwen Code.
    QwenSettings,
    /// The machine's `settings.json` of Gemini CLI.
    GeminiSystem,
    /// The machine's `settings.json` of Qwen Code.
    QwenSystem,
    /// A file of its own among those that Copilot CLI reads. VS Code reads them too.
    CopilotHooks,
    /// `hooks.json` of Cursor.
    CursorHooks,
    /// The program that Cline runs at one event: the whole file is ours.
    ClineScript(&'static str),
    /// The plugin that OpenCode loads: the whole file is ours.
    OpenCodePlugin,
}

impl SettingsFile {
    /// Whether it is TOML; the others are JSON, or ours alone.
    const fn is_toml(self) -> bool {
        matches!(self, Self::CodexConfig | Self::CodexRequirements)
    }

    /// The client that reads it.
    pub const fn client(self) -> Client {
        match self {
            Self::ClaudeSettings => Client::ClaudeCode,
            Self::CodexHooks | Self::CodexConfig | Self::CodexRequirements => Client::Codex,
            Self::GeminiSettings | Self::GeminiSystem => Client::GeminiCli,
            Self::QwenSettings | Self::QwenSystem => Client::QwenCode,
            Self::CopilotHooks => Client::CopilotCli,
            Self::CursorHooks => Client::Cursor,
            Self::ClineScript(_) => Client::Cline,
            Self::OpenCodePlugin => Client::OpenCode,
        }
    }
}

/// Why settings cannot be read or edited. The file is then as it was.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    #[error("the settings are larger than {SETTINGS_BYTES_MAX} bytes")]
    TooLarge,
    #[error("the settings are not valid JSON: {0}")]
    Json(String),
    #[error("the settings are not valid TOML: {0}")]
    Toml(String),
    #[error("`{0}` in the settings is not what the client expects there")]
    Shape(String),
    #[error("`{0}` stands in the settings twice")]
    Twice(String),
    #[error("entries of Assize in the settings were edited and cannot be told from others")]
    Tangled,
    #[error("the file is not one of Assize: the client runs one file of this name")]
    Theirs,
    #[error("`{0}` is not a line that runs `assize hook {1}`")]
    Command(String, &'static str),
}

/// Settings that make the client ask us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installed {
    pub text: String,
    /// What is new, in sentences for a person; empty where nothing had to change.
    pub changes: Vec<String>,
}

/// One handler of ours, as it stands in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handler {
    pub event: String,
    /// The very command line that the client runs.
    pub command: String,
    /// Whether the client itself blocks the call when the command fails.
    pub closed: bool,
    /// Whether it is asked before a call, and so may not fail open.
    pub gate: bool,
}

/// What stands in the way of our hooks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Standing {
    /// The file switches all hooks off.
    pub disabled: bool,
    /// They are the machine's, and the settings of a project can switch them off.
    pub yields: bool,
    /// Events for which the client does not ask us.
    pub missing: Vec<&'static str>,
    /// Events for which it does not wait for our answer, and so ignores a denial.
    pub asynchronous: Vec<String>,
    /// Events whose entry is ours but not the one that we would write.
    pub wrong: Vec<String>,
}

impl Standing {
    /// Whether every entry is there and works.
    pub fn is_right(&self) -> bool {
        !self.disabled && !self.yields && self.is_complete()
    }

    fn is_complete(&self) -> bool {
        self.missing.is_empty() && self.asynchronous.is_empty() && self.wrong.is_empty()
    }
}

/// Adds our entries. `text`: the file, `None` where there is none. `version`: the client's, where
/// it is known.
pub fn install(
    file: SettingsFile,
    text: Option<&str>,
    command: &str,
    version: Option<&str>,
) -> Result<Installed, SettingsError> {
    let client = file.client();
    if asks(command) != Some(client) || command.contains(char::is_control) {
        return Err(SettingsError::Command(command.to_owned(), client.name()));
    }
    let Some(dialect) = Dialect::of(file) else {
        return whole::install(file, text, command);
    };
    let entries = dialect.wanted(file, command, version);
    let before = match text {
        Some(text) => compare(&read(file, text)?, &entries),
        None => compare(&Value::Null, &entries),
    };
    if let (Some(text), true) = (text, before.is_complete()) {
        return Ok(Installed { text: text.to_owned(), changes: Vec::new() });
    }
    let bare = match text {
        Some(text) => uninstall(file, text)?,
        None => None,
    };
    let text = match file {
        SettingsFile::CodexConfig => toml::add(bare.as_deref(), &entries, None),
        SettingsFile::CodexRequirements => {
            let settings = bare.as_deref().map(|text| read(file, text)).transpose()?;
            let named = settings.as_ref().map_or(Ok(false), toml::folder_of)?;
            let folder = entry::program_folder(command)
                .ok_or_else(|| SettingsError::Command(command.to_owned(), client.name()))?;
            toml::add(bare.as_deref(), &entries, (!named).then_some(folder))
        }
        _ => json::add(bare.as_deref(), &entries, dialect.beside)?,
    };
    if !compare(&read(file, &text)?, &entries).is_complete() {
        return Err(SettingsError::Shape("hooks".to_owned()));
    }
    Ok(Installed { text, changes: changes(&before) })
}

/// Takes our entries out. `None`: the file was ours alone and is to be deleted.
pub fn uninstall(file: SettingsFile, text: &str) -> Result<Option<String>, SettingsError> {
    let Some(dialect) = Dialect::of(file) else {
        return whole::uninstall(file, text);
    };
    if entry::ours(&read(file, text)?).next().is_none() {
        return Ok(Some(text.to_owned()));
    }
    let bare = match file.is_toml() {
        true => toml::remove(text),
        false => json::remove(text, dialect.beside)?,
    };
    if let Some(bare) = &bare {
        let left = read(file, bare).map_err(|_| SettingsError::Tangled)?;
        if entry::ours(&left).next().is_some() {
            return Err(SettingsError::Tangled);
        }
    }
    Ok(bare)
}

/// How our entries stand in a file, against those that [`install`] would write.
pub fn standing(
    file: SettingsFile,
    text: &str,
    command: &str,
    version: Option<&str>,
) -> Result<Standing, SettingsError> {
    let Some(dialect) = Dialect::of(file) else {
        return Ok(whole::standing(file, text, command));
    };
    let entries = dialect.wanted(file, command, version);
    let settings = read(file, text)?;
    let mut standing = compare(&settings, &entries);
    standing.disabled = is_disabled(file, &settings);
    standing.yields = yields(file, &settings);
    Ok(standing)
}

/// Our handlers in a file, in its order.
pub fn handlers(file: SettingsFile, text: &str) -> Result<Vec<Handler>, SettingsError> {
    let Some(dialect) = Dialect::of(file) else {
        return whole::handlers(file, text);
    };
    let settings = read(file, text)?;
    let ours = entry::ours(&settings);
    let all = ours.flat_map(|(event, group)| entry::standing_handlers(event, group));
    Ok(all
        .map(|handler| Handler {
            closed: handler.closed || handler.gate && dialect.blocks_by_itself(),
            ..handler
        })
        .collect())
}

fn read(file: SettingsFile, text: &str) -> Result<Value, SettingsError> {
    if text.len() > SETTINGS_BYTES_MAX {
        return Err(SettingsError::TooLarge);
    }
    if file.is_toml() { toml::read(text) } else { json::read(text) }
}

fn is_disabled(file: SettingsFile, settings: &Value) -> bool {
    let is =
        |path: &str, value: bool| settings.pointer(path).and_then(Value::as_bool) == Some(value);
    match file {
        SettingsFile::ClaudeSettings
        | SettingsFile::QwenSettings
        | SettingsFile::QwenSystem
        | SettingsFile::CopilotHooks => is("/disableAllHooks", true),
        SettingsFile::GeminiSystem => names_ours(settings),
        SettingsFile::GeminiSettings => is("/hooksConfig/enabled", false) || names_ours(settings),
        SettingsFile::CodexConfig | SettingsFile::CodexRequirements => is("/features/hooks", false),
        SettingsFile::CodexHooks
        | SettingsFile::CursorHooks
        | SettingsFile::ClineScript(_)
        | SettingsFile::OpenCodePlugin => false,
    }
}

/// The machine's settings win only where they say something.
fn yields(file: SettingsFile, settings: &Value) -> bool {
    let said = |path: &str| settings.pointer(path).and_then(Value::as_bool);
    match file {
        SettingsFile::GeminiSystem => said("/hooksConfig/enabled") != Some(true),
        SettingsFile::QwenSystem => said("/disableAllHooks") != Some(false),
        _ => false,
    }
}

/// Gemini CLI switches single hooks off by their command lines.
fn names_ours(settings: &Value) -> bool {
    let listed = settings.pointer("/hooksConfig/disabled").and_then(Value::as_array);
    listed.into_iter().flatten().filter_map(Value::as_str).any(is_ours)
}

fn compare(settings: &Value, entries: &[Entry]) -> Standing {
    let mut standing = Standing::default();
    for entry in entries {
        let mut found = entry::ours(settings).filter(|(event, _)| *event == entry.event);
        let Some((_, group)) = found.next() else {
            standing.missing.push(entry.event);
            continue;
        };
        if entry::is_async(group) {
            standing.asynchronous.push(entry.event.to_owned());
        } else if *group != entry.value() || found.next().is_some() {
            standing.wrong.push(entry.event.to_owned());
        }
    }
    let strangers = entry::ours(settings)
        .filter(|(event, _)| entries.iter().all(|entry| entry.event != *event))
        .map(|(event, _)| event.to_owned());
    standing.wrong.extend(strangers);
    standing
}

fn changes(before: &Standing) -> Vec<String> {
    let added = before.missing.iter().map(|event| format!("{event}: the client asks Assize"));
    let waits = before
        .asynchronous
        .iter()
        .map(|event| format!("{event}: the client waits for the answer of Assize"));
    let renewed =
        before.wrong.iter().map(|event| format!("{event}: the entry of Assize is renewed"));
    added.chain(waits).chain(renewed).collect()
}
