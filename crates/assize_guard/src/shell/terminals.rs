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
