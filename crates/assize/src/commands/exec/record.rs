//! What the ledger is told of a run.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, SystemTime};

use assize_ledger::{Map, Value};
use assize_model::RepoPath;
use assize_repo::{Differing, TreeState, read_up_to};
use assize_tally::{TEXT_BYTES_MAX, Tally};

use crate::output;

/// What is kept of a command line.
const COMMAND_CHARS_MAX: usize = 2000;
/// A run on more than this is told by the hash of its tree alone.
const PATHS_BYTES_MAX: usize = 256 << 10;
const MOVED_MAX: usize = 1_000;
/// Names of options whose value is nobody's business, by their last word.
const SECRET_OPTIONS: [&str; 7] =
    ["password", "passwd", "passphrase", "token", "secret", "api-key", "access-key"];

/// A run that ended.
pub(super) struct Run<'a> {
    pub(super) name: Option<&'a str>,
    pub(super) command: &'a [String],
    pub(super) status: u8,
    pub(super) signal: Option<i32>,
    pub(super) elapsed: Duration,
    /// Relative to the root.
    pub(super) folder: Option<String>,
    pub(super) before: Option<TreeState>,
    pub(super) after: Option<TreeState>,
    /// Nothing where nobody knows; never zero for that.
    pub(super) tests: Vec<Tally>,
}

impl Run<'_> {
    pub(super) fn payload(self) -> Map {
        let text = |text: Option<String>| text.map_or(Value::Null, Value::Text);
        let elapsed = i64::try_from(self.elapsed.as_millis()).unwrap_or(i64::MAX);
        let hash = |state: &Option<TreeState>| text(state.as_ref().map(|state| state.hash.clone()));
        let (before, after) = (&self.before, &self.after);
        let members = [
            ("folder", text(self.folder)),
            ("base", text(before.as_ref().and_then(|state| state.base.clone()))),
            ("files", files(before.as_ref())),
            ("moved", moved(before.as_ref(), after.as_ref())),
            ("name", text(self.name.map(assize_checks::redacted))),
            ("command", Value::Text(command(self.command))),
            ("exit", i64::from(self.status).into()),
            ("signal", self.signal.map_or(Value::Null, |signal| i64::from(signal).into())),
            ("duration_ms", elapsed.into()),
            ("tree_before", hash(before)),
            ("tree_after", hash(after)),
            ("tests", tests_value(&self.tests)),
        ];
        members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
    }
}

/// What the run ran on, as far as it is not in the commit under it: so that a gate can tell later
/// whether a file was tested as it is.
fn files(before: Option<&TreeState>) -> Value {
    let Some(files) = before.and_then(|state| state.files.as_ref()) else { return Value::Null };
    let named = |path: &Vec<u8>| Some(RepoPath::from_bytes(path).ok()?.as_str().to_owned());
    let file = |(path, object): (&Vec<u8>, &Option<String>)| {
        let object = object.clone().map_or(Value::Null, Value::Text);
        named(path).map(|path| (path, object))
    };
    let files: Option<Map> = files.iter().map(file).collect();
    let files =
        files.filter(|files| files.keys().map(String::len).sum::<usize>() <= PATHS_BYTES_MAX);
    files.map_or(Value::Null, Value::Map)
}

/// The files that changed while the command ran: what it tested is not what is there now.
fn moved(before: Option<&TreeState>, after: Option<&TreeState>) -> Value {
    let known = |state: Option<&TreeState>| -> Option<(Option<String>, Differing)> {
        let state = state?;
        Some((state.base.clone(), state.files.clone()?))
    };
    let (Some((base, before)), Some((base_after, after))) = (known(before), known(after)) else {
        return Value::Null;
    };
    if base != base_after {
        return Value::Null;
    }
    let all = before.keys().chain(after.keys());
    let moved: BTreeSet<&Vec<u8>> =
        all.filter(|path| before.get(*path) != after.get(*path)).collect();
    let named = |path: &Vec<u8>| Some(Value::from(RepoPath::from_bytes(path).ok()?.as_str()));
    let moved: Option<Vec<Value>> = moved.into_iter().map(named).collect();
    moved.filter(|all| all.len() <= MOVED_MAX).map_or(Value::Null, Value::List)
}

fn tests_value(tests: &[Tally]) -> Value {
    if tests.is_empty() {
        return Value::Null;
    }
    let one = |tally: &Tally| {
        let number = |count: u64| Value::Integer(i64::try_from(count).unwrap_or(i64::MAX));
        let members = [
            ("format", tally.format.word().into()),
            ("passed", number(tally.counts.passed)),
            ("failed", number(tally.counts.failed)),
            ("skipped", number(tally.counts.skipped)),
        ];
        Value::Map(members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
    };
    Value::List(tests.iter().map(one).collect())
}

/// The counts of the report that the run wrote, else of what it printed.
pub(super) fn tests(
    report: Option<&Path>,
    started: SystemTime,
    printed: Option<&str>,
) -> Vec<Tally> {
    if let Some(path) = report {
        match written(path, started) {
            Ok(text) => {
                let tallies = assize_tally::tallies(&text);
                if !tallies.is_empty() {
                    return tallies;
                }
                output::status(&format!("`{}` is no report that is known", path.display()));
            }
            Err(why) => output::status(&format!("`{}` does not count: {why}", path.display())),
        }
    }
    printed.map(assize_tally::tallies).unwrap_or_default()
}

/// A report that was there before the run says nothing of it.
fn written(path: &Path, started: SystemTime) -> Result<String, String> {
    // Some file systems keep times to the second.
    let from = started.checked_sub(Duration::from_secs(1)).unwrap_or(started);
    let modified = std::fs::metadata(path).and_then(|metadata| metadata.modified());
    if modified.map_err(|error| error.to_string())? < from {
        return Err("the run did not write it".to_owned());
    }
    let bytes = read_up_to(path, TEXT_BYTES_MAX as u64).map_err(|error| error.to_string())?;
    String::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())
}

/// The command line as it would be typed, without credentials.
fn command(words: &[String]) -> String {
    let mut shown: Vec<String> = Vec::with_capacity(words.len());
    let mut hide_next = false;
    for word in words {
        if std::mem::take(&mut hide_next) && !word.starts_with('-') {
            shown.push("[redacted]".to_owned());
            continue;
        }
        match word.split_once('=') {
            Some((name, value)) if is_secret_option(name) && !value.is_empty() => {
                shown.push(format!("{name}=[redacted]"));
            }
            _ => {
                hide_next = is_secret_option(word);
                shown.push(quoted(word));
            }
        }
    }
    let line = assize_checks::redacted(&shown.join(" "));
    line.chars().take(COMMAND_CHARS_MAX).collect()
}

fn is_secret_option(word: &str) -> bool {
    let Some(name) = word.strip_prefix("--") else { return false };
    SECRET_OPTIONS.iter().any(|secret| {
        name.strip_suffix(secret).is_some_and(|start| start.is_empty() || start.ends_with('-'))
    })
}

fn quoted(word: &str) -> String {
    let plain = |letter: char| letter.is_alphanumeric() || "-_./=:,@%+".contains(letter);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::command;

    fn shown(words: &[&str]) -> String {
        command(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn command_lines_are_kept_as_typed_without_credentials() {
        for (words, expected) in [
            (&["cargo", "test", "-p", "a"][..], "cargo test -p a"),
            (&["sh", "-c", "echo 'a b'"], r"sh -c 'echo '\''a b'\'''"),
            (&["run", ""], "run ''"),
            (&["login", "--password", "abc", "x"], "login --password [redacted] x"),
            (&["login", "--api-key=abc"], "login --api-key=[redacted]"),
            (&["login", "--token-file", "f"], "login --token-file f"),
            (&["login", "--no-password", "--quiet"], "login --no-password --quiet"),
        ] {
            assert_eq!(shown(words), expected);
        }
        let token = ["sk_live_", "Zq8RkT3vLm9XpW2sYh6NcJ4bGd7F"].concat();
        assert!(!shown(&["curl", "-u", &format!("{token}:")]).contains(&token));
    }
}
