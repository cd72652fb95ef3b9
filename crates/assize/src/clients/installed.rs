//! Which clients are in use: their programs in the search path, and what they leave in a folder.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use assize_harness::Client;
use assize_repo::read_up_to;

use crate::cli::Scope;

/// A client that says its version later than this says none.
const VERSION_WAIT: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(5);
/// More than any version needs.
const VERSION_BYTES_MAX: u64 = 4096;
const PACKAGE_BYTES_MAX: u64 = 1 << 20;
/// A program lies at most so deep in its package.
const PACKAGE_DEPTH_MAX: usize = 5;

/// Clients that Assize has no hooks for, by the names of their programs.
const UNHOOKED: [&str; 7] = ["aider", "amp", "auggie", "crush", "droid", "goose", "kiro-cli"];

/// How a client is known.
struct Known {
    client: Client,
    program: &'static str,
    /// What it reads or writes in a repository.
    in_tree: &'static [&'static str],
    /// The same below the home folder.
    at_home: &'static [&'static str],
    /// The version whose behaviour was measured; none where it is known by its documentation.
    measured: Option<&'static str>,
}

const KNOWN: [Known; 9] = [
    Known {
        client: Client::ClaudeCode,
        program: "claude",
        in_tree: &[".claude", "CLAUDE.md"],
        at_home: &[".claude"],
        measured: Some("2.1.330"),
    },
    Known {
        client: Client::Codex,
        program: "codex",
        in_tree: &[".codex", "AGENTS.md"],
        at_home: &[".codex"],
        measured: Some("0.169.0"),
    },
    Known {
        client: Client::GeminiCli,
        program: "gemini",
        in_tree: &[".gemini", "GEMINI.md"],
        at_home: &[".gemini"],
        measured: Some("0.61.0"),
    },
    Known {
        client: Client::QwenCode,
        program: "qwen",
        in_tree: &[".qwen", "QWEN.md"],
        at_home: &[".qwen"],
        measured: Some("0.24.4"),
    },
    Known {
        client: Client::CopilotCli,
        program: "copilot",
        in_tree: &[".github/copilot-instructions.md", ".github/hooks", ".github/copilot"],
        at_home: &[".copilot"],
        measured: Some("1.0.102"),
    },
    Known {
        client: Client::Cline,
        program: "cline",
        in_tree: &[".clinerules", ".cline"],
        at_home: &[".cline"],
        measured: Some("3.0.65"),
    },
    Known {
        client: Client::OpenCode,
        program: "opencode",
        in_tree: &[".opencode", "opencode.json", "opencode.jsonc"],
        at_home: &[".config/opencode"],
        measured: Some("1.18.33"),
    },
    Known {
        client: Client::Cursor,
        program: "cursor-agent",
        in_tree: &[".cursor", ".cursorrules"],
        at_home: &[".cursor"],
        measured: None,
    },
    // It runs the hooks of Copilot: an editor in the search path says nothing of agents.
    Known { client: Client::VsCode, program: "code", in_tree: &[], at_home: &[], measured: None },
];

fn known(client: Client) -> Option<&'static Known> {
    KNOWN.iter().find(|known| known.client == client)
}

/// Whether a client works here, as far as its program and its files tell. Claude Code and Codex
/// are always meant: a team does not install them in the same week.
pub(crate) fn in_use(client: Client, scope: Scope, root: &Path) -> bool {
    let always = matches!(client, Client::ClaudeCode | Client::Codex);
    let Some(known) = known(client).filter(|_| client != Client::VsCode) else { return false };
    let home = PathBuf::from(std::env::var_os("HOME").unwrap_or_default());
    let (folder, traces) = match scope {
        Scope::Project => (root, known.in_tree),
        Scope::User => (home.as_path(), known.at_home),
        Scope::Managed => (root, [].as_slice()),
    };
    always
        || in_path(known.program).is_some()
        || traces.iter().any(|trace| folder.join(trace).symlink_metadata().is_ok())
}

/// The version that was measured; none of a client that is known by its documentation alone.
pub(crate) fn measured(client: Client) -> Option<&'static str> {
    known(client)?.measured
}

/// Whether a client's program is in the search path.
pub(crate) fn is_installed(client: Client) -> bool {
    known(client).is_some_and(|known| in_path(known.program).is_some())
}

/// Installed programs that no hook of ours can be put into.
pub(crate) fn unhooked() -> Vec<&'static str> {
    UNHOOKED.into_iter().filter(|name| in_path(name).is_some()).collect()
}

/// What the installed clients say of their versions, in the order of all; none where none is
/// installed. They are asked at once: some take seconds to start.
pub(crate) fn versions() -> Vec<(Client, Option<String>)> {
    std::thread::scope(|scope| {
        let asked = Client::ALL.map(|client| (client, scope.spawn(move || version(client))));
        asked.into_iter().map(|(client, said)| (client, said.join().unwrap_or_default())).collect()
    })
}

/// What the installed client says of its version, or else its package; none where none is
/// installed.
pub(crate) fn version(client: Client) -> Option<String> {
    let program = in_path(known(client)?.program)?;
    said(&program).or_else(|| packaged(&program))
}

/// The version in the description of the npm package that a program comes from. Some programs need
/// longer to start than anybody waits.
fn packaged(program: &Path) -> Option<String> {
    let program = program.canonicalize().ok()?;
    let inner = |folder: &&Path| folder.components().any(|part| part.as_os_str() == "node_modules");
    let folders = program.ancestors().skip(1).take(PACKAGE_DEPTH_MAX).take_while(inner);
    let mut texts = folders
        .filter_map(|folder| read_up_to(&folder.join("package.json"), PACKAGE_BYTES_MAX).ok());
    let package: serde_json::Value = serde_json::from_slice(&texts.next()?).ok()?;
    package.get("version")?.as_str().map(str::to_owned)
}

fn said(program: &Path) -> Option<String> {
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
    let word = text.split_whitespace().find(digit)?;
    Some(word.trim_end_matches(['.', ',']).to_owned())
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
        for (said, version) in [
            ("2.1.330 (Claude Code)\n", Some("2.1.330")),
            ("codex-cli 0.169.0\n", Some("0.169.0")),
            ("GitHub Copilot CLI 1.0.102.\nRun 'copilot update'", Some("1.0.102")),
            ("3.0.65", Some("3.0.65")),
            ("no version\n", None),
        ] {
            assert_eq!(numbered(said).as_deref(), version);
        }
    }

    #[test]
    fn a_package_says_its_version() {
        let folder = tempfile::tempdir().unwrap();
        let package = folder.path().join("node_modules/@google/gemini-cli");
        std::fs::create_dir_all(package.join("bundle")).unwrap();
        std::fs::write(package.join("package.json"), "{\"version\": \"0.61.0\"}").unwrap();
        let program = package.join("bundle/gemini.js");
        std::fs::write(&program, "").unwrap();
        assert_eq!(packaged(&program).as_deref(), Some("0.61.0"));
        // Outside of a package it is anybody's description.
        std::fs::write(folder.path().join("package.json"), "{\"version\": \"1.0.0\"}").unwrap();
        let other = folder.path().join("gemini");
        std::fs::write(&other, "").unwrap();
        assert_eq!(packaged(&other), None);
    }

    #[test]
    fn every_client_is_known() {
        assert_eq!(KNOWN.map(|known| known.client), Client::ALL);
    }
}
