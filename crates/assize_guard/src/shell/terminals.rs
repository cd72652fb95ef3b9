//! Terminals that run a command which outlives the call: tmux, screen and the like. Clients of
//! agents by the path of their package.

use crate::{Effect, Program};

use super::call::Call;
use super::walk::Walk;
use super::word::{Options, Stream, Word};

/// Programs, options of theirs that take a value, and the words after which the command stands.
#[rustfmt::skip]
const TERMINALS: &[(&str, &[&str], &[&str])] = &[
    ("tmux", &["-s", "-n", "-t", "-c", "-e", "-x", "-y", "-F", "-L", "-S", "-f", "-l", "-p"],
        &["new", "new-session", "new-window", "neww", "split-window", "splitw", "respawn-pane",
            "respawn-window", "run-shell", "run", "send-keys", "send", "popup", "display-popup"]),
    ("screen", &["-S", "-t", "-p", "-c", "-L", "-h", "-T"], &[]),
    ("zellij", &["-s", "-n", "--name", "--cwd", "-d"], &["run", "--"]),
    ("xterm", &["-T", "-geometry"], &["-e"]), ("gnome-terminal", &["--title"], &["--", "-e"]),
    ("konsole", &[], &["-e"]), ("alacritty", &[], &["-e"]), ("kitty", &["--title"], &[]),
];

/// Variables by which a client finds other settings, or asks nothing.
const MOVES: [&str; 8] = [
    "CODEX_HOME",
    "CLAUDE_CONFIG_DIR",
    "OPENCODE_CONFIG_DIR",
    "OPENCODE_CONFIG",
    "GEMINI_CLI_HOME",
    "COPILOT_HOME",
    "COPILOT_ALLOW_ALL",
    "GOOSE_MODE",
];

/// Folders of packages that hold a client of an agent.
const PACKAGES: [&str; 6] =
    ["claude-code", "codex", "gemini-cli", "qwen-code", "copilot", "opencode-ai"];

impl Walk<'_> {
    pub(super) fn terminal(&mut self, call: &Call<'_>) -> Option<Stream> {
        let (_, valued, verbs) = TERMINALS.iter().find(|(name, _, _)| *name == call.name)?;
        let after = |word: &Word| verbs.iter().any(|verb| word.is(verb));
        let from = match call.words.iter().position(after) {
            Some(at) => at + 1,
            None if verbs.is_empty() => 0,
            None => return None,
        };
        let rest = call.words.get(from..).unwrap_or(&[]);
        let (_, at) = Options::leading(rest, valued);
        let mut words = rest.get(at..).unwrap_or(&[]).to_vec();
        // Keys that are sent, not text: `Enter`, `C-m`.
        words.retain(|word| !word.is("Enter") && !word.is("C-m") && !word.is("ENTER"));
        match words.as_slice() {
            [] => {}
            [text] => {
                self.shell_text(text, Stream::Absent);
            }
            words => {
                self.call(words, call.variables, Stream::Absent);
            }
        }
        None
    }

    /// The variables of a program: those before it, and those that were set for clients of agents.
    pub(super) fn variables_for(&self, given: &[(String, Word)]) -> Vec<(String, Option<String>)> {
        let set = MOVES.iter().filter_map(|name| {
            let own = !self.surroundings.variables.contains_key(*name);
            self.scope.variables.get(*name).filter(|_| own).map(|value| ((*name).to_owned(), value))
        });
        let given = given.iter().map(|(name, value)| (name.clone(), value));
        let all = given.chain(set);
        all.map(|(name, value)| (name, value.text().map(str::to_owned))).collect()
    }

    /// A script that is a client of an agent: `node ../claude-code/cli.js`.
    pub(super) fn client(&mut self, path: &Word, rest: &[Word]) {
        let whole = if path.text().is_some() { &path.text } else { &path.tail };
        let parts = whole.rsplit('/').skip(1);
        let Some(name) = parts.take(4).find(|part| PACKAGES.contains(part)) else { return };
        self.push(Effect::Run(Program {
            name: name.to_owned(),
            words: rest.iter().map(|word| word.text().map(str::to_owned)).collect(),
            variables: Vec::new(),
        }));
    }
}
