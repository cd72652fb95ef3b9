//! Programs whose output takes the place of a file, or that make a file go by a setting.

use crate::{Effect, Reach};

use super::call::Call;
use super::walk::Walk;
use super::word::{Options, Word};

pub(super) const COMPILERS: [&str; 9] =
    ["gcc", "g++", "cc", "c++", "clang", "clang++", "rustc", "ld", "tcc"];

/// Endings of what people write, and no compiler makes.
const SOURCES: [&str; 14] = [
    ".rs", ".py", ".ts", ".tsx", ".js", ".go", ".java", ".c", ".h", ".cpp", ".rb", ".md", ".toml",
    ".yml",
];

/// Whether a script of an editor takes all lines away.
pub(super) fn empties(script: &str) -> bool {
    script.split(['\n', '|', ';']).any(|command| {
        matches!(
            command.trim().trim_start_matches(':'),
            "d" | "1,$d" | "1,$ d" | ",d" | "%d" | "%d _"
        )
    })
}

impl Walk<'_> {
    /// What a compiler makes is no source: one of that name would be lost.
    pub(super) fn compiled(&mut self, call: &Call<'_>) {
        let options = Options::of(call.words, &["-o", "-x", "-I", "-L", "-l", "-D"]);
        let Some(word) = options.value(&["-o"]).cloned() else { return };
        let at = self.place(&word);
        let lost = SOURCES.iter().any(|ending| word.text.ends_with(ending));
        self.write(at, lost.then(String::new), Reach::One);
    }

    /// `ansible -m file -a 'path=x state=absent'`.
    pub(super) fn task(&mut self, call: &Call<'_>) {
        let options = Options::of(call.words, &["-m", "-a", "-i", "-u", "--args"]);
        let Some(words) = options.value(&["-a", "--args"]).map(|word| word.text.clone()) else {
            return;
        };
        let value = |key: &str| words.split_whitespace().find_map(|word| word.strip_prefix(key));
        let path = value("path=").or(value("dest=")).or(value("name="));
        if let (Some("absent"), Some(path)) = (value("state="), path) {
            let at = self.place(&Word::known(path));
            self.push(Effect::Delete { at, reach: Reach::Many });
        }
    }
}
