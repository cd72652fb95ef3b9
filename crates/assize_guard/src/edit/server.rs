//! Tools of MCP servers that write files, as the action of a client that does the same.
//!
//! A server is free in what its tools mean. So only names and arguments of the common servers of
//! files are read, and only where no argument is left over; all else is looked at after the call.

use crate::{Action, Argument, Change};

const WRITES: [&str; 5] =
    ["write_file", "create_file", "save_file", "write_text_file", "create_text_file"];
const EDITS: [&str; 1] = ["edit_file"];
const PATHS: [&str; 3] = ["path", "file_path", "filePath"];
const CONTENTS: [&str; 3] = ["content", "contents", "text"];
/// Arguments, with their values, that leave a tool what it is.
const IDLE: [(&str, &str); 3] = [("dryRun", "false"), ("overwrite", "true"), ("encoding", "utf-8")];

/// The action that leaves what this call leaves. `is_there`: whether a path names a file; where a
/// relative one names none, the server may work in another folder.
pub(super) fn alike(
    tool: &str,
    arguments: &[Argument],
    is_there: &dyn Fn(&str) -> bool,
) -> Option<Action> {
    let told: Vec<&Argument> = arguments.iter().filter(|argument| !is_idle(argument)).collect();
    let path = only(&told, &PATHS)?.to_owned();
    if !path.starts_with('/') && !is_there(&path) {
        return None;
    }
    if WRITES.contains(&tool) && told.len() == 2 {
        let content = only(&told, &CONTENTS)?.to_owned();
        return Some(Action::Write { path, content });
    }
    if EDITS.contains(&tool) {
        let changes = changes(&told)?;
        return (told.len() == 1 + 2 * changes.len()).then_some(Action::Edit { path, changes });
    }
    None
}

fn is_idle(argument: &Argument) -> bool {
    IDLE.contains(&(argument.key.as_str(), argument.text.as_str()))
}

/// The one argument that has one of these keys.
fn only<'a>(arguments: &[&'a Argument], keys: &[&str]) -> Option<&'a str> {
    let mut found = arguments.iter().filter(|argument| keys.contains(&argument.key.as_str()));
    let first = found.next()?;
    found.next().is_none().then_some(first.text.as_str())
}

/// The pairs of texts, in order. The members of a list keep their order, their keys may not.
fn changes(arguments: &[&Argument]) -> Option<Vec<Change>> {
    let texts = |key: &str| -> Vec<&str> {
        let found = arguments.iter().filter(|argument| argument.key == key);
        found.map(|argument| argument.text.as_str()).collect()
    };
    let (old, new) = (texts("edits.oldText"), texts("edits.newText"));
    let pairs = old.iter().zip(&new);
    let changes: Vec<Change> = pairs
        .map(|(old, new)| Change { old: (*old).to_owned(), new: (*new).to_owned(), all: false })
        .collect();
    (old.len() == new.len() && !changes.is_empty()).then_some(changes)
}
