//! Where each client looks for hooks: a row for each file, and one for what may silence it.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use assize_harness::{CLINE_EVENTS, Client, SETTINGS_BYTES_MAX, SettingsFile, handlers};
use assize_repo::read_up_to;

use crate::cli::Scope;

/// One file in which a client looks for hooks.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) file: SettingsFile,
    pub(crate) scope: Scope,
    pub(crate) path: PathBuf,
}

impl Place {
    pub(crate) fn client(&self) -> Client {
        self.file.client()
    }

    /// What a person is shown: the folder, where a client wants a file for each event.
    pub(crate) fn shown(&self) -> &Path {
        match self.file {
            SettingsFile::ClineScript(_) => self.path.parent().unwrap_or(&self.path),
            _ => &self.path,
        }
    }
}

impl Place {
    /// What of the user's takes this place: a program that is no script, and so none of ours, or a
    /// file where a folder has to be.
    pub(crate) fn taken_by(&self) -> Option<PathBuf> {
        let above = self.path.ancestors().skip(1).find(|folder| folder.exists());
        if let Some(file) = above.filter(|folder| folder.is_file()) {
            return Some(file.to_path_buf());
        }
        let starts = |path: &Path| {
            let mut two = [0; 2];
            std::fs::File::open(path)?.read_exact(&mut two)?;
            Ok::<_, std::io::Error>(two)
        };
        let foreign = matches!(self.file, SettingsFile::ClineScript(_))
            && self.path.is_file()
            && starts(&self.path).map_or(true, |two| &two != b"#!");
        foreign.then(|| self.path.clone())
    }
}

/// The paths of one file below the repository, the home folder and the machine's root; empty where
/// the client has none there.
struct Row {
    file: SettingsFile,
    project: &'static str,
    user: &'static str,
    managed: &'static str,
    /// The same on macOS.
    managed_mac: &'static str,
}

const ROWS: [Row; 10] = [
    Row {
        file: SettingsFile::ClaudeSettings,
        project: ".claude/settings.json",
        user: ".claude/settings.json",
        managed: "etc/claude-code/managed-settings.json",
        managed_mac: "Library/Application Support/ClaudeCode/managed-settings.json",
    },
    Row {
        file: SettingsFile::CodexHooks,
        project: ".codex/hooks.json",
        user: ".codex/hooks.json",
        managed: "",
        managed_mac: "",
    },
    Row {
        file: SettingsFile::CodexRequirements,
        project: "",
        user: "",
        managed: "etc/codex/requirements.toml",
        managed_mac: "etc/codex/requirements.toml",
    },
    Row {
        file: SettingsFile::GeminiSettings,
        project: ".gemini/settings.json",
        user: ".gemini/settings.json",
        managed: "",
        managed_mac: "",
    },
    Row {
        file: SettingsFile::GeminiSystem,
        project: "",
        user: "",
        managed: "etc/gemini-cli/settings.json",
        managed_mac: "Library/Application Support/GeminiCli/settings.json",
    },
    Row {
        file: SettingsFile::QwenSettings,
        project: ".qwen/settings.json",
        user: ".qwen/settings.json",
        managed: "",
        managed_mac: "",
    },
    Row {
        file: SettingsFile::QwenSystem,
        project: "",
        user: "",
        managed: "etc/qwen-code/settings.json",
        managed_mac: "Library/Application Support/QwenCode/settings.json",
    },
    Row {
        file: SettingsFile::CopilotHooks,
        project: ".github/hooks/assize.json",
        user: ".copilot/hooks/assize.json",
        managed: "etc/github-copilot/policy.d/assize.json",
        // Its folder there is not documented.
        managed_mac: "",
    },
    Row {
        file: SettingsFile::OpenCodePlugin,
        project: ".opencode/plugin/assize.js",
        user: ".config/opencode/plugin/assize.js",
        managed: "",
        managed_mac: "",
    },
    Row {
        file: SettingsFile::CursorHooks,
        project: ".cursor/hooks.json",
        user: ".cursor/hooks.json",
        managed: "etc/cursor/hooks.json",
        managed_mac: "Library/Application Support/Cursor/hooks.json",
    },
];

/// Cline runs a program of this folder for each event.
const CLINE_PROJECT: &str = ".clinerules/hooks";
const CLINE_USER: &str = ".cline/hooks";

/// The files of a scope that the program writes to. None where the scope has no folder.
pub(crate) fn places(scope: Scope, root: &Path, machine: &Path) -> Vec<Place> {
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let base = match scope {
        Scope::Project => Some(root.to_path_buf()),
        Scope::User => home.filter(|home| home.is_absolute()),
        Scope::Managed => Some(machine.to_path_buf()),
    };
    let Some(base) = base else { return Vec::new() };
    let of_row = |row: &Row| {
        let below = match scope {
            Scope::Project => row.project,
            Scope::User => row.user,
            Scope::Managed if cfg!(target_os = "macos") => row.managed_mac,
            Scope::Managed => row.managed,
        };
        let place = Place { file: row.file, scope, path: base.join(below) };
        (!below.is_empty()).then_some(place)
    };
    let mut all: Vec<Place> = ROWS.iter().filter_map(of_row).collect();
    let folder = match scope {
        Scope::Project => base.join(CLINE_PROJECT),
        Scope::User => base.join(CLINE_USER),
        Scope::Managed => return all,
    };
    all.extend(CLINE_EVENTS.into_iter().map(|event| {
        let file = SettingsFile::ClineScript(event);
        Place { file, scope, path: beside(&folder, file, event) }
    }));
    all
}

/// Where our script for an event lies, or can lie: Cline runs `PreToolUse` and `PreToolUse.sh`
/// both, so that one of the user's stays and still runs.
fn beside(folder: &Path, file: SettingsFile, event: &str) -> PathBuf {
    let names = [folder.join(event), folder.join(format!("{event}.sh"))];
    let ours = |path: &&PathBuf| {
        let text = read_up_to(path, SETTINGS_BYTES_MAX as u64).unwrap_or_default();
        let found = handlers(file, &String::from_utf8_lossy(&text));
        found.map_or(true, |handlers| !handlers.is_empty())
    };
    let free = |path: &&PathBuf| path.symlink_metadata().is_err();
    let [plain, _] = &names;
    names.iter().find(ours).or_else(|| names.iter().find(free)).unwrap_or(plain).clone()
}

/// Further files in which a client may be told to run no hooks, below the repository and the home
/// folder. Those of the machine survive it, but for single ones of Gemini CLI.
pub(super) fn silencing(place: &Place) -> Option<(SettingsFile, &'static [&'static str])> {
    match place.client() {
        Client::GeminiCli if place.scope == Scope::Managed => {
            Some((SettingsFile::GeminiSystem, &[".gemini/settings.json"]))
        }
        _ if place.scope == Scope::Managed => None,
        Client::ClaudeCode => Some((
            SettingsFile::ClaudeSettings,
            &[".claude/settings.local.json", ".claude/settings.json"],
        )),
        Client::Codex => Some((SettingsFile::CodexConfig, &[".codex/config.toml"])),
        Client::GeminiCli => Some((SettingsFile::GeminiSettings, &[".gemini/settings.json"])),
        Client::QwenCode => Some((SettingsFile::QwenSettings, &[".qwen/settings.json"])),
        Client::CopilotCli => Some((
            SettingsFile::CopilotHooks,
            &[
                ".github/copilot/settings.json",
                ".github/copilot/settings.local.json",
                ".copilot/settings.json",
                ".claude/settings.json",
                ".claude/settings.local.json",
            ],
        )),
        Client::Cline | Client::OpenCode | Client::Cursor | Client::VsCode => None,
    }
}
