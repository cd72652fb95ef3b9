//! Programs that nobody here knows, and the commands that may stand in their words.
//!
//! A wrapper that no table names still runs `rm` when it is told to. What is read here counts only
//! as far as it is a command that changes something; the rest is silence.

use super::call::Call;
use super::walk::Walk;
use super::word::{Stream, Word};

/// Programs that only print, seek or carry a text, or whose words others read already.
#[rustfmt::skip]
const INERT: &[&str] = &[
    "echo", "printf", "grep", "egrep", "fgrep", "rg", "ag", "ack", "gh", "glab", "jq", "yq", "curl",
    "cat", "ls", "test", "[", "true", "false", ":", "sed", "gsed", "awk", "gawk", "mawk", "tee",
    "touch", "mkdir", "cp", "mv", "rm", "ln", "cd", "chmod", "chown", "say", "logger", "man", "tldr",
    "which", "type", "history", "sort", "uniq", "wc", "head", "tail", "cut", "tr", "diff", "date",
    "notify-send", "basename", "dirname", "less", "more", "bat", "file", "stat", "tree", "column",
    "sleep", "seq", "expr", "npm", "pnpm", "yarn", "aws", "gsutil", "gcloud", "docker", "podman",
    "assize", "pytest", "find", "truncate", "shred", "tar",
];

/// Programs that may stand behind a name with holes or signs of a pattern.
const LIKELY: [&str; 20] = [
    "rm", "shred", "unlink", "dd", "truncate", "git", "find", "sh", "bash", "dash", "zsh",
    "python", "python3", "perl", "node", "ruby", "mv", "sudo", "curl", "wget",
];

/// Signs after which a command may begin in a word.
const OPENERS: [char; 10] = ['\'', '"', '`', '(', '{', '!', ';', '=', '|', ','];

/// Options whose value programs run, where other words of the same program are only data.
#[rustfmt::skip]
const RUN_BY_OPTION: &[(&str, &[&str])] = &[
    ("rsync", &["--rsync-path"]), ("scp", &["-S"]), ("sftp", &["-S"]), ("rg", &["--pre"]),
    ("ssh", &["-o"]), ("sort", &["--compress-program"]), ("split", &["--filter"]),
    ("git", &["--extcmd", "-O", "--open-files-in-pager", "--upload-pack", "--receive-pack"]),
    ("zip", &["-TT", "--unzip-command"]), ("tcpdump", &["-z"]), ("npm", &["-c", "--call"]),
    ("psql", &["-c", "--command"]), ("mysql", &["-e", "--execute"]), ("less", &["+"]),
];

impl Walk<'_> {
    /// What the words of a program that nobody knows would run.
    pub(super) fn perhaps(&mut self, call: &Call<'_>) {
        if INERT.contains(&call.name) {
            return;
        }
        let begins = |at: &usize| begins_command(call.words.get(*at..).unwrap_or(&[]));
        if let Some(at) = (0..call.words.len()).find(begins) {
            let words = call.words.get(at..).unwrap_or(&[]).to_vec();
            self.tentative(|walk| {
                walk.call(&words, call.variables, call.input.clone());
            });
        }
        for word in call.words {
            self.perhaps_text(word);
        }
    }

    /// Options of known programs whose value is run.
    pub(super) fn run_by_option(&mut self, call: &Call<'_>) {
        let Some((_, names)) = RUN_BY_OPTION.iter().find(|(name, _)| *name == call.name) else {
            return;
        };
        for (at, word) in call.words.iter().enumerate() {
            let Some(name) = names.iter().find(|name| word.text.starts_with(**name)) else {
                continue;
            };
            let glued = word.without(name.len());
            let glued = if glued.text.starts_with('=') { glued.without(1) } else { glued };
            let value = if glued.text.is_empty() { call.words.get(at + 1) } else { Some(&glued) };
            if let Some(mut value) = value.cloned() {
                if matches!(*name, "-O" | "--open-files-in-pager" | "--pre" | "--extcmd") {
                    // The program gets the names of files.
                    value.append(&Word::known(" \"$_assize_found\""));
                }
                self.tentative(|walk| {
                    walk.shell_text(&value, Stream::Absent);
                });
                self.perhaps_text(&value);
            }
        }
    }

    /// A word that may hold a command, or name a text that was written before.
    pub(super) fn perhaps_text(&mut self, word: &Word) {
        let text = word.text.as_str();
        let used: Vec<String> =
            self.made.paths().filter(|path| names(text, path)).cloned().collect();
        for path in used {
            self.run_written(&crate::Place::Known(path), &[]);
        }
        if !text.contains([' ', ',']) {
            return;
        }
        let starts = std::iter::once(0).chain(text.match_indices(OPENERS).map(|(at, _)| at + 1));
        let found: Vec<String> = starts
            .filter_map(|at| text.get(at..))
            .filter(|rest| begins_text(rest))
            .take(COMMANDS_MAX)
            .map(|rest| cut(rest).to_owned())
            .collect();
        for text in found {
            self.tentative(|walk| {
                walk.nested_subshell(&text);
            });
        }
    }

    /// Runs a program by its path if the command wrote it.
    pub(super) fn written_program(&mut self, first: &Word, rest: &[Word]) {
        if first.text.contains('/') {
            let at = self.place(first);
            self.run_written(&at, rest);
        }
    }

    /// Reads a text that the command itself wrote, as a script or as code of any language.
    pub(super) fn run_written(&mut self, at: &crate::Place, arguments: &[Word]) -> bool {
        let Some(text) = self.made.text(at).map(str::to_owned) else { return false };
        if !self.enter(text.len()) {
            return true;
        }
        let other = text.lines().next().is_some_and(|line| {
            line.starts_with("#!") && !line.ends_with("sh") && !line.contains("sh ")
        });
        let arguments = arguments.to_vec();
        self.tentative(|walk| {
            if other {
                return walk.code(&Word::known(text));
            }
            walk.recipe(&text);
            // `execute_process(COMMAND rm x)`.
            walk.perhaps_text(&Word::known(text.replace("COMMAND ", "COMMAND=")));
            walk.in_subshell(|walk| {
                walk.scope.positional = Some(arguments);
                walk.nested(&text, Stream::Unknown)
            });
            walk.code(&Word::known(text));
        });
        self.leave();
        true
    }
}

/// How many letters the name of a program and the word after it have at most.
const NAME_MAX: usize = 96;
/// How many commands are sought in one word.
const COMMANDS_MAX: usize = 8;

/// Whether a word names the file: `/tmp/x`, `--pre=/tmp/x`, `"/tmp/x"`.
fn names(text: &str, path: &str) -> bool {
    text.len() >= path.len() && text.contains(path)
}

/// The text up to the quote or bracket that closes it.
fn cut(text: &str) -> &str {
    let mut open = None;
    for (at, sign) in text.char_indices() {
        match (open, sign) {
            (Some(quote), _) if sign == quote => open = None,
            (Some(_), _) => {}
            (None, '\'' | '"' | '`')
                if text.get(at + 1..).is_some_and(|rest| rest.contains(sign)) =>
            {
                open = Some(sign);
            }
            (None, '\'' | '"' | '`' | ')' | '}' | ']') => return text.get(..at).unwrap_or(text),
            _ => {}
        }
    }
    text
}

/// Whether words begin a command that changes something.
fn begins_command(words: &[Word]) -> bool {
    let Some(next) = words.get(1).map(|word| word.text.as_str()) else { return false };
    let Some(name) = words.first().and_then(Word::text) else { return false };
    begins(name.rsplit('/').next().unwrap_or(name), next)
}

fn begins_text(text: &str) -> bool {
    // Names of programs are short: no place is scanned to the end of the text.
    let end = text.char_indices().nth(NAME_MAX).map_or(text.len(), |(at, _)| at);
    let mut words = text.get(..end).unwrap_or("").trim_start().splitn(3, [' ', ',']);
    let name = words.next().unwrap_or("");
    begins(name.rsplit('/').next().unwrap_or(name), words.next().unwrap_or(""))
}

fn begins(name: &str, next: &str) -> bool {
    match name {
        "rm" => is_short(next, &['r', 'R', 'f']),
        "shred" | "unlink" | "truncate" => !next.is_empty(),
        "sh" | "bash" | "zsh" | "dash" | "ksh" => is_short(next, &['c']),
        "git" => matches!(next, "push" | "commit" | "reset" | "clean" | "checkout" | "-c"),
        "dd" => next.starts_with("of=") || next.starts_with("if="),
        "find" => !next.is_empty() && !next.starts_with('-'),
        "sudo" | "xargs" | "env" => !next.is_empty(),
        _ => false,
    }
}

/// Whether a word is a cluster of short options with one of these letters.
fn is_short(word: &str, letters: &[char]) -> bool {
    word.strip_prefix('-')
        .is_some_and(|rest| rest.contains(letters) && rest.chars().all(|c| c.is_ascii_alphabetic()))
}

/// Whether words are what `rm` would be told to delete a folder.
pub(super) fn fits_rm(words: &[Word]) -> bool {
    let options = words.iter().take_while(|word| word.is_option());
    let all: String = options.map(|word| word.text.as_str()).collect();
    let fits = |c: char| matches!(c, '-' | 'r' | 'R' | 'f' | 'v');
    all.contains(['r', 'R']) && all.contains('f') && all.chars().all(fits)
}

/// The program that a name with holes or a pattern most likely is.
pub(super) fn likely_program(guess: &str) -> Option<String> {
    let name = guess.rsplit('/').next().unwrap_or(guess);
    if name.is_empty() {
        return None;
    }
    if !name.contains(['*', '?', '[']) {
        return Some(guess.to_owned());
    }
    LIKELY.iter().find(|program| fits(name, program)).map(|program| (*program).to_owned())
}

/// Whether a pattern of a shell fits a name.
pub(crate) fn fits(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) =
        (pattern.chars().collect(), name.chars().collect());
    // Where the last `*` stood, and how much of the name it may have taken.
    let (mut at, mut seen) = (0, 0);
    let mut star = None;
    while let Some(&c) = name.get(seen) {
        match one(pattern.get(at..).unwrap_or(&[]), c) {
            _ if pattern.get(at) == Some(&'*') => {
                star = Some((at, seen));
                at += 1;
            }
            Some(length) => {
                at += length;
                seen += 1;
            }
            None => {
                let Some((from, taken)) = star else { return false };
                star = Some((from, taken + 1));
                (at, seen) = (from + 1, taken + 1);
            }
        }
    }
    pattern.get(at..).is_some_and(|rest| rest.iter().all(|c| *c == '*'))
}

/// How much of a pattern one letter takes.
fn one(pattern: &[char], c: char) -> Option<usize> {
    match pattern.first()? {
        '?' => Some(1),
        '[' => {
            let end = pattern.iter().skip(1).position(|c| *c == ']')? + 1;
            let inside = pattern.get(1..end)?;
            let not = inside.first().is_some_and(|c| matches!(c, '!' | '^'));
            let range =
                inside.windows(3).any(|w| matches!(w, [a, '-', b] if (*a..=*b).contains(&c)));
            (not != (inside.contains(&c) || range)).then_some(end + 1)
        }
        literal => (*literal == c).then_some(1),
    }
}
