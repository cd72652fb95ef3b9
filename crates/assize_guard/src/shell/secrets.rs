//! Credentials that a command names, whatever the program is, and places of which a part is known.

use crate::protected::like;
use crate::{Effect, Place};

use super::call::Call;
use super::place::{clean, file_address};
use super::walk::Walk;
use super::word::{Options, Rest, Stream, Word};

/// Programs that handle names of files, not what the files hold, or that take a key to use it.
#[rustfmt::skip]
const NAMES_ONLY: &[&str] = &[
    "echo", "printf", "ls", "ll", "exa", "eza", "stat", "test", "[", "[[", "cd", "pushd", "export", "declare",
    "local", "readonly", "typeset", "alias", "read", "unset", "find", "fd", "du", "tree", "basename", "dirname",
    "realpath", "readlink", "which", "type", "man", "ssh", "scp", "sftp", "rsync", "ssh-add", "kubectl", "helm",
    "aws", "gcloud", "az", "terraform", "tofu", "ansible", "ansible-playbook", "cargo", "npm", "git", "gh", "grep",
    "egrep", "fgrep", "rg", "ag", "ack", "mosh", "autossh", "trap", "true", ":", "false", "file", "chmod", "chown",
    "mkdir", "rm", "touch", "eval", "k9s", "sshfs", "docker-compose", "df", "lsof", "fuser", "id", "git-lfs",
];

/// Programs that read commands from their input which name files.
const TOLD_BY_INPUT: [&str; 12] =
    ["sftp", "ftp", "lftp", "curl", "m4", "ed", "ex", "gdb", "bc", "octave", "gnuplot", "sqlite3"];

impl Walk<'_> {
    /// Tells the credentials among the words of a command whose reader did not tell them: `from` is
    /// the first effect of the command. A program that nobody knows is taken to read what it is
    /// given.
    pub(super) fn mentions(&mut self, call: &Call<'_>, from: usize) -> Vec<Place> {
        let mut found = Vec::new();
        let makes_key = call.name == "ssh-keygen"
            && !call.words.iter().any(|word| word.is("-y") || word.is("-p") || word.is("-e"));
        if !NAMES_ONLY.contains(&call.name) && !makes_key {
            for word in call.words {
                self.mentioned(word, &mut found);
            }
        }
        if let (Stream::Text(text), true) = (&call.input, TOLD_BY_INPUT.contains(&call.name)) {
            for part in text.split(|c: char| c.is_whitespace() || "`'\"(),=;".contains(c)) {
                self.named(&Word::known(part), &mut found);
            }
        }
        found.retain(|at| !self.tells_of(at, from));
        for at in &found {
            self.push(Effect::Read(at.clone()));
        }
        found
    }

    fn mentioned(&self, word: &Word, found: &mut Vec<Place>) {
        if word.text.contains([' ', '\n']) || word.stream.is_some() {
            return;
        }
        self.named(word, found);
        let begins = |at: &usize| {
            let rest = word.text.get(at + 1..).unwrap_or("");
            rest.starts_with('/') || rest.starts_with("~/")
        };
        let signs = ['=', '@', ':', ',', ';', '"', '\''];
        let after = word.text.match_indices(signs).map(|(at, _)| at).filter(begins);
        for at in after.take(PARTS_MAX).collect::<Vec<_>>() {
            self.named(&word.without(at + 1), found);
        }
    }

    /// A credential outside of the work tree; settings in the tree are given to many programs.
    fn named(&self, word: &Word, found: &mut Vec<Place>) {
        let cut = word.text.find([',', ';', '"', '\'']).unwrap_or(word.text.len());
        let text = word.text.get(..cut).unwrap_or("");
        let bare = file_address(text).unwrap_or_else(|| text.to_owned());
        let at = self.place(&Word { text: bare, ..word.clone() });
        let Place::Known(path) = &at else { return };
        let outside = !path.starts_with(&format!("{}/", self.surroundings.root));
        if outside && self.is_secret(&at) && !found.contains(&at) {
            found.push(at);
        }
    }

    /// What git prints of files: `HEAD:.env`, `log -p -- .env`, `diff --no-index a ~/.ssh/b`; and
    /// credentials that are added although git ignores them.
    pub(super) fn git_reads(&mut self, verb: &str, words: &[Word], options: &Options) {
        if verb == "clone" {
            self.cloned(options);
        }
        let shows = match verb {
            "show" | "cat-file" | "diff" | "blame" | "annotate" | "archive" | "grep" => true,
            "log" => options.has(&["-p", "-u", "--patch", "-S", "-G"]),
            "add" => options.has(&["-f", "--force"]),
            "config" => options.has(&["-f", "--file"]),
            "hash-object" => true,
            _ => false,
        };
        if !shows {
            return;
        }
        let mut found = Vec::new();
        for word in words {
            let after = word.text.find(':').filter(|_| !word.is_option());
            for word in [Some(word.clone()), after.map(|at| word.without(at + 1))] {
                let at = word.filter(|word| !word.is_option()).map(|word| self.place(&word));
                found.extend(at.filter(|at| self.is_secret(at)));
            }
        }
        for at in found {
            self.push(Effect::Read(at));
        }
    }

    /// A protected place that a word of which a part is not known most likely names:
    /// `/home/*/.ssh/id_*`, `$(get_home)/.netrc`.
    pub(super) fn likely_place(&self, word: &Word) -> Option<Place> {
        if word.rest == Rest::Nothing || word.tail.is_empty() {
            return None;
        }
        let unknown = if word.rest == Rest::Unknown { "\0" } else { "" };
        let text = format!("{}{unknown}{}", word.text, word.tail);
        let whole = match &self.scope.folder {
            Some(folder) if !text.starts_with(['/', '\0']) => format!("{folder}/{text}"),
            _ => text,
        };
        like(&whole, self.surroundings).map(Place::Known)
    }

    /// Where a path leads if links lie on it that the same command made.
    pub(super) fn through_links(&self, path: String) -> String {
        let mut path = path;
        for _ in 0..LINKS_MAX {
            let Some(next) = self.made.resolved(&path) else { break };
            path = clean(&next);
        }
        path
    }
}

/// How many paths are sought in one word.
const PARTS_MAX: usize = 32;
/// How many links are followed.
const LINKS_MAX: usize = 8;
