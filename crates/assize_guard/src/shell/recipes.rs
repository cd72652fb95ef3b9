//! Recipes of build tools that stand in the command, and settings by which programs load code.

use crate::{Effect, Place};

use super::call::Call;
use super::walk::Walk;
use super::word::{Options, Stream, Word};

/// Tools that run what files of the project say.
#[rustfmt::skip]
const BUILDERS: [&str; 38] = [
    "make", "gmake", "just", "task", "ninja", "cmake", "meson", "rake", "invoke", "inv", "fab",
    "npm", "pnpm", "yarn", "bun", "pytest", "tox", "nox", "jest", "vitest", "mocha", "cargo", "go",
    "gradle", "gradlew", "mvn", "ant", "sbt", "mix", "rspec", "bundle", "ansible-playbook",
    "doit", "waf", "scons", "bazel", "gulp", "grunt",
];

/// How many lines of a recipe are read.
const LINES_MAX: usize = 256;

impl Walk<'_> {
    /// What a build tool runs of texts that the same command wrote or hands over.
    pub(super) fn recipes(&mut self, call: &Call<'_>) {
        if !BUILDERS.contains(&call.name) {
            return;
        }
        if matches!(call.name, "make" | "gmake" | "just") {
            self.make_words(call);
        }
        if let [pkg, set, pairs @ ..] = call.words
            && call.name == "npm"
            && pkg.is("pkg")
            && set.is("set")
        {
            for pair in pairs.iter().filter(|pair| pair.text.starts_with("scripts.")) {
                let at = pair.text.find('=').map_or(pair.text.len(), |at| at + 1);
                let command = pair.without(at);
                self.tentative(|walk| {
                    walk.shell_text(&command, Stream::Absent);
                });
            }
            return;
        }
        let written: Vec<String> = self.made.paths().cloned().collect();
        for path in written {
            self.known_deletions(|walk| {
                walk.run_written(&Place::Known(path), &[]);
            });
        }
    }

    /// `jq '.scripts.stop = "pkill node"' package.json`: what a package would run.
    pub(super) fn scripts_of(&mut self, call: &Call<'_>) {
        let mut texts = Vec::new();
        for word in call.words.iter().filter(|word| word.text.contains(".scripts")) {
            let values = word.text.split('"').skip(1).step_by(2);
            texts.extend(values.filter(|text| text.contains(' ')).take(LINES_MAX).map(Word::known));
        }
        for text in texts {
            self.tentative(|walk| {
                walk.shell_text(&text, Stream::Absent);
            });
        }
    }

    fn make_words(&mut self, call: &Call<'_>) {
        let options = Options::of(call.words, &["-f", "-C", "-j", "--eval", "--file", "-E"]);
        if let Some(Stream::Text(text)) =
            options.value(&["-f", "--file"]).and_then(|word| word.stream.as_deref())
        {
            self.recipe(&text.clone());
        }
        for word in options.values(&["--eval", "-E"]).cloned().collect::<Vec<_>>() {
            self.recipe(&word.text);
        }
        if let Stream::Text(text) = &call.input {
            self.recipe(&text.clone());
        }
        let value = |name: &str| call.words.iter().find_map(|word| word.text.strip_prefix(name));
        if let Some(shell) = value("SHELL=") {
            let text = format!("{shell} {}", value(".SHELLFLAGS=").unwrap_or(""));
            self.shell_text(&Word::known(text), Stream::Absent);
        }
    }

    /// The commands of a recipe: its lines, and what `$(shell ..)` holds.
    pub(super) fn recipe(&mut self, text: &str) {
        let line_of = |line: &str| {
            let line = line.trim_start_matches(['\t', ' ', '@', '-', '+']);
            line.split_once(": ;")
                .or(line.split_once(":;"))
                .map_or(line, |(_, line)| line)
                .to_owned()
        };
        let mut commands: Vec<String> = text
            .lines()
            .take(LINES_MAX)
            .filter(|line| line.starts_with(['\t', ' ', '@', '-']) || line.contains(';'))
            .map(line_of)
            .collect();
        for (at, mark) in text.match_indices("$(shell ").take(LINES_MAX) {
            let rest = text.get(at + mark.len()..).unwrap_or("");
            commands.push(rest.split(')').next().unwrap_or(rest).to_owned());
        }
        for command in commands {
            self.tentative(|walk| {
                walk.nested_subshell(&command);
            });
        }
    }

    /// Variables of which a program loads code: files that the command wrote count.
    pub(super) fn loads(&mut self, name: &str, value: &Word) {
        match name {
            // Commands in a prompt run when it is shown, or when a line is traced.
            "PS0" | "PS1" | "PS2" | "PS4" | "PROMPT" => {
                self.quoted_text(&value.text);
            }
            "PERL5DB" => self.code(value),
            "PYTHONPATH" | "PERL5LIB" | "RUBYLIB" | "NODE_PATH" | "ZDOTDIR" | "BASH_ENV"
            | "ENV" | "MAKEFILES" | "NODE_OPTIONS" | "PYTHONSTARTUP" | "RUBYOPT" | "PERL5OPT" => {
                let folders: Vec<&str> = value.text.split([':', ' ', '=']).collect();
                let within = |path: &&String| {
                    folders.iter().any(|folder| {
                        !folder.is_empty() && path.starts_with(folder.trim_end_matches('/'))
                    })
                };
                let used: Vec<String> = self.made.paths().filter(within).cloned().collect();
                for path in used {
                    self.known_deletions(|walk| {
                        walk.run_written(&Place::Known(path), &[]);
                    });
                }
            }
            // A function that the next shell takes over.
            _ if name.starts_with("BASH_FUNC_") => {
                self.nested_subshell(&format!("f{}; f", value.text));
            }
            _ => {}
        }
    }

    /// Reads what may run; deletions of what nobody names are no effect.
    pub(super) fn known_deletions(&mut self, read: impl FnOnce(&mut Self)) {
        let from = self.told();
        self.tentative(read);
        self.keep(from, |effect| !matches!(effect, Effect::Delete { at: Place::Unknown, .. }));
    }
}
