//! Programs that rewrite many files in place at once.
//!
//! Formatters, generators and builds are none: they keep what the code means. A replacement by
//! pattern does not know what it hits.

use crate::{Effect, Place};

use super::call::Call;
use super::walk::Walk;
use super::word::{Options, Word};

/// How many files a command may name one by one.
const FILES_MAX: usize = 20;

/// Programs that rewrite all below a folder: the name, and words of which one must be given.
#[rustfmt::skip]
const CODEMODS: &[(&str, &[&str])] = &[
    ("jscodeshift", &[]), ("replace-in-file", &[]), ("codemod", &[]), ("fastmod", &[]),
    ("rpl", &["-R", "-r"]), ("comby", &["-i", "-in-place"]), ("semgrep", &["--autofix"]),
    ("ast-grep", &["-U", "--update-all"]), ("sg", &["-U", "--update-all"]),
    ("gofmt", &["-r"]),
];

/// Options of theirs that take a value.
const VALUED: [&str; 10] = ["-t", "-r", "-p", "-l", "-d", "-e", "-m", "--lang", "--config", "-f"];

impl Walk<'_> {
    /// A program that rewrites files, told if they are many.
    pub(super) fn rewrites_all(&mut self, by: &str, files: &[Word]) {
        let many = files.iter().find(|word| word.is_many());
        if let Some(word) = many.or(files.first().filter(|_| files.len() > FILES_MAX)) {
            let at = self.place(word);
            self.mass(by, at);
        }
    }

    pub(super) fn mass(&mut self, by: &str, at: Place) {
        // Names without a folder lie in the one where the command stands.
        let at = if at == Place::Unknown { self.folder() } else { at };
        self.push(Effect::MassRewrite { at, by: by.to_owned() });
    }

    pub(super) fn codemod(&mut self, call: &Call<'_>) {
        match call.name {
            "sd" | "rename" | "iconv" | "dos2unix" | "truncate" => {
                self.rewrites_all(call.name, call.words);
            }
            _ => {}
        }
        let given = |wanted: &&str| call.words.iter().any(|word| word.is(wanted));
        let found = CODEMODS.iter().find(|(name, words)| {
            *name == call.name && (words.is_empty() || words.iter().any(&given))
        });
        let looks = |word: &Word| {
            matches!(word.text.as_str(), "--dry" | "--dry-run" | "--list" | "--print" | "--help")
        };
        let dry = call.name == "jscodeshift" && given(&"-d");
        if dry || found.is_none() || call.words.iter().any(looks) {
            return;
        }
        let options = Options::of(call.words, &VALUED);
        if options.operands.is_empty() || !options.operands.iter().all(is_one_file) {
            let at = self.folder();
            self.mass(call.name, at);
        }
    }
}

/// Whether a word names one file: its last part has an ending.
fn is_one_file(word: &Word) -> bool {
    let name = word.text.rsplit('/').next().unwrap_or("");
    word.text().is_some() && name.trim_start_matches('.').contains('.')
}
