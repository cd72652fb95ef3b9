//! Programs that rewrite many files in place at once.
//!
//! Formatters, generators and builds are none: they keep what the code means. A replacement by
//! pattern does not know what it hits.

use crate::Effect;

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
        if files.iter().any(Word::is_many) || files.len() > FILES_MAX {
            self.push(Effect::MassRewrite(by.to_owned()));
        }
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
            self.push(Effect::MassRewrite(call.name.to_owned()));
        }
    }
}

/// Whether a word names one file: its last part has an ending.
fn is_one_file(word: &Word) -> bool {
    let name = word.text.rsplit('/').next().unwrap_or("");
    word.text().is_some() && name.trim_start_matches('.').contains('.')
}
