//! The clients of this machine: where their settings lie, and which version is installed.

use std::io::{ErrorKind, Read as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use assize_harness::{
    Client, SETTINGS_BYTES_MAX, SettingsFile, Standing, handlers, program_of, standing,
};
use assize_repo::read_up_to;

use crate::cli::{Harness, Scope};

/// A client that says its version later than this says none.
const VERSION_WAIT: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(5);
/// A version of Claude Code for which the shell around the hook is right.
pub(crate) const BEFORE_THE_SWITCH: &str = "0.0.0";
/// Clients that Assize has no hooks for, by the names of their programs.
const UNHOOKED: [&str; 6] = ["cline", "copilot", "cursor-agent", "gemini", "opencode", "qwen"];
/// More than any version needs.
const VERSION_BYTES_MAX: u64 = 4096;

/// One file in which a client looks for hooks.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) harness: Harness,
    pub(crate) file: SettingsFile,
    pub(crate) scope: Scope,
    pub(crate) path: PathBuf,
}

/// The files of a scope that the program writes to. None where the scope has no folder.
pub(crate) fn places(scope: Scope, root: &Path, machine: &Path) -> Vec<Place> {
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let base = match scope {
        Scope::Project => Some(root.to_path_buf()),
        Scope::User => home.filter(|home| home.is_absolute()),
        Scope::Managed => Some(machine.to_path_buf()),
    };
    let Some(base) = base else { return Vec::new() };
    let claude = match scope {
        Scope::Project | Scope::User => ".claude/settings.json",
        Scope::Managed if cfg!(target_os = "macos") => {
            "Library/Application Support/ClaudeCode/managed-settings.json"
        }
        Scope::Managed => "etc/claude-code/managed-settings.json",
    };
    let (codex, kind) = match scope {
        Scope::Project | Scope::User => (".codex/hooks.json", SettingsFile::CodexHooks),
        Scope::Managed => ("etc/codex/requirements.toml", SettingsFile::CodexRequirements),
    };
    let place = |harness, file, path: &str| Place { harness, file, scope, path: base.join(path) };
    vec![
        place(Harness::ClaudeCode, SettingsFile::ClaudeSettings, claude),
        place(Harness::Codex, kind, codex),
    ]
}

/// The hook's command line.
pub(crate) fn hook_command(client: Client, program: &Path) -> String {
    format!("'{}' hook {}", program.display(), client.name())
}

/// How our hooks stand in one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Hooks {
    /// The client does not ask us from this file.
    Absent,
    Live,
    /// Something stands in the way.
    Dead(String),
}

/// Reads one file, and those that may switch it off; it runs nothing.
pub(crate) fn hooks(place: &Place, root: &Path) -> Hooks {
    match own_hooks(place) {
        Hooks::Live => silenced(place, root).map_or(Hooks::Live, |path| {
            Hooks::Dead(format!("`{}` switches all hooks off", path.display()))
        }),
        hooks @ (Hooks::Absent | Hooks::Dead(_)) => hooks,
    }
}

/// Another file of the client that switches hooks off. Those of the machine survive it.
fn silenced(place: &Place, root: &Path) -> Option<PathBuf> {
    if place.scope == Scope::Managed {
        return None;
    }
    let home = PathBuf::from(std::env::var_os("HOME").unwrap_or_default());
    let (kind, names): (_, &[&str]) = match place.file.client() {
        Client::ClaudeCode => (
            SettingsFile::ClaudeSettings,
            &[".claude/settings.local.json", ".claude/settings.json"],
        ),
        Client::Codex => (SettingsFile::CodexConfig, &[".codex/config.toml"]),
        _ => return None,
    };
    let all = names.iter().flat_map(|name| [root.join(name), home.join(name)]);
    let off = |path: &PathBuf| {
        let text = read_up_to(path, SETTINGS_BYTES_MAX as u64).ok()?;
        let text = String::from_utf8(text).ok()?;
        standing(kind, &text, "", None).ok().map(|standing| standing.disabled)
    };
    all.into_iter().find(|path| off(path) == Some(true))
}

fn own_hooks(place: &Place) -> Hooks {
    let text = match read_up_to(&place.path, SETTINGS_BYTES_MAX as u64) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) if error.kind() == ErrorKind::NotFound => return Hooks::Absent,
        Err(error) => return Hooks::Dead(format!("cannot be read: {error}")),
    };
    let handlers = match handlers(place.file, &text) {
        Ok(handlers) => handlers,
        // Without a word of ours it is somebody else's file.
        Err(_) if !text.contains("assize") => return Hooks::Absent,
        Err(error) => return Hooks::Dead(error.to_string()),
    };
    let Some(program) = handlers.iter().find_map(|handler| program_of(&handler.command)) else {
        return Hooks::Absent;
    };
    if let Err(why) = runs(Path::new(&program)) {
        return Hooks::Dead(why);
    }
    let command = hook_command(place.file.client(), Path::new(&program));
    let standing = |version| standing(place.file, &text, &command, version);
    match (standing(None), standing(Some(BEFORE_THE_SWITCH))) {
        (Ok(new), Ok(old)) if new.is_right() || old.is_right() => Hooks::Live,
        (Ok(standing), _) => Hooks::Dead(obstacle(&standing)),
        (Err(error), _) => Hooks::Dead(error.to_string()),
    }
}

fn runs(program: &Path) -> Result<(), String> {
    let shown = program.display();
    match std::fs::metadata(program) {
        Ok(found) if found.is_file() && found.permissions().mode() & 0o111 != 0 => Ok(()),
        Ok(_) => Err(format!("`{shown}` cannot be run")),
        Err(error) => Err(format!("`{shown}`: {error}")),
    }
}

fn obstacle(standing: &Standing) -> String {
    if standing.disabled {
        return "the file switches all hooks off".to_owned();
    }
    if !standing.missing.is_empty() {
        return format!("the client does not ask at {}", standing.missing.join(", "));
    }
    if !standing.asynchronous.is_empty() {
        return format!("the client does not wait at {}", standing.asynchronous.join(", "));
    }
    format!("the entry for {} is not the one that `init` writes", standing.wrong.join(", "))
}

/// Installed clients that no hook of ours can be put into.
pub(crate) fn unhooked() -> Vec<&'static str> {
    UNHOOKED.into_iter().filter(|name| in_path(name).is_some()).collect()
}

/// What the installed client says of its version; none where none is installed.
pub(crate) fn version(client: Client) -> Option<String> {
    let name = match client {
        Client::ClaudeCode => "claude",
        Client::Codex => "codex",
        Client::GeminiCli => "gemini",
        Client::QwenCode => "qwen",
        Client::CopilotCli => "copilot",
        Client::Cline => "cline",
        Client::OpenCode => "opencode",
        Client::Cursor => "cursor-agent",
        Client::VsCode => "code",
    };
    let program = in_path(name)?;
    let mut asked = Command::new(program);
    asked.arg("--version").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = asked.spawn().ok()?;
    let started = Instant::now();
    while child.try_wait().ok()?.is_none() {
        if started.elapsed() > VERSION_WAIT {
            drop(child.kill());
            drop(child.wait());
            return None;
        }
        std::thread::sleep(PAUSE);
    }
    let mut text = String::new();
    child.stdout?.take(VERSION_BYTES_MAX).read_to_string(&mut text).ok()?;
    numbered(&text)
}

/// The word of a line that is a version: `2.1.330 (Claude Code)`, `codex-cli 0.169.0`.
fn numbered(text: &str) -> Option<String> {
    let digit =
        |word: &&str| word.trim_start_matches('v').starts_with(|c: char| c.is_ascii_digit());
    text.split_whitespace().find(digit).map(str::to_owned)
}

/// A program of the search path. Folders that depend on where one stands are nobody's installation.
fn in_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders = std::env::split_paths(&path).filter(|folder| folder.is_absolute());
    folders.map(|folder| folder.join(name)).find(|program| program.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_found_among_other_words() {
        assert_eq!(numbered("2.1.330 (Claude Code)\n").as_deref(), Some("2.1.330"));
        assert_eq!(numbered("codex-cli 0.169.0\n").as_deref(), Some("0.169.0"));
        assert_eq!(numbered("no version\n"), None);
    }
}
