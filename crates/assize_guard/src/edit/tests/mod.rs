//! What an action leaves, in tables of cases and as properties.
//!
//! A table holds cases that begin with `## NAME`, each with sections that begin with
//! `-- WORD PATH --`: files as they are (`at`), one action (`write`, `edit`, `notebook`,
//! `delete-cell`, `patch`, `shell`),
//! and all that is expected (`after`, `deleted`, `unknown`, `failed`). `␍` is a carriage return,
//! `␄` at the end of a section takes its last line end away.

mod effects;
mod properties;

use std::collections::BTreeMap;

use super::{After, Failed, Simulation, after};
use crate::{Action, Change, Surroundings};

#[test]
fn writes() {
    check_table(include_str!("../data/writes.txt"));
}

#[test]
fn edits() {
    check_table(include_str!("../data/edits.txt"));
}

#[test]
fn patches() {
    check_table(include_str!("../data/patches.txt"));
}

#[test]
fn diffs() {
    check_table(include_str!("../data/diffs.txt"));
}

#[test]
fn notebooks() {
    check_table(include_str!("../data/notebooks.txt"));
}

fn check_table(table: &str) {
    let mut count = 0;
    for case in table.split("\n## ").skip(1) {
        let (name, body) = case.split_once('\n').unwrap();
        check(name, body);
        count += 1;
    }
    assert!(count > 1, "the table is empty");
}

pub(super) fn surroundings() -> Surroundings {
    Surroundings {
        root: "/repo".to_owned(),
        folder: "/repo/sub".to_owned(),
        home: "/home/dev".to_owned(),
        program: String::new(),
        variables: BTreeMap::new(),
        ..Surroundings::default()
    }
}

fn check(name: &str, body: &str) {
    let mut before: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut action = None;
    let mut expected = Simulation::default();
    for (word, path, text) in sections(body) {
        let path = path.to_owned();
        match word {
            "at" => drop(before.insert(path, text.into_bytes())),
            "bytes" => drop(before.insert(path, vec![0xff, 0xfe, b'a'])),
            "after" => drop(expected.files.insert(path, After::Written(text.into_bytes()))),
            "deleted" => drop(expected.files.insert(path, After::Deleted)),
            "unknown" => {
                drop(expected.files.insert(path, After::Unknown(text.trim_end().to_owned())));
            }
            "failed" => {
                let path = (!path.is_empty()).then_some(path);
                expected.failed.push(Failed { path, why: text.trim_end().to_owned() });
            }
            word => action = Some(action_of(word, path, text)),
        }
    }
    let action = action.unwrap_or_else(|| panic!("{name}: no action"));
    let found = after(&action, &surroundings(), &|path| before.get(path).cloned());
    assert_eq!(found, expected, "{name}");
}

fn action_of(word: &str, path: String, text: String) -> Action {
    match word {
        "write" => Action::Write { path, content: text },
        "edit" => Action::Edit { path, changes: changes(&text) },
        "notebook" => cell(&path, Some(text)),
        "delete-cell" => cell(&path, None),
        "patch" => Action::Patch { text },
        "shell" => Action::Shell { command: text, background: false },
        word => panic!("unknown section {word}"),
    }
}

/// A path and the name of a cell, with a space between them.
fn cell(words: &str, source: Option<String>) -> Action {
    let (path, cell) = match words.split_once(' ') {
        Some((path, cell)) => (path, Some(cell.to_owned())),
        None => (words, None),
    };
    Action::Notebook { path: path.to_owned(), cell, source }
}

fn sections(body: &str) -> Vec<(&str, &str, String)> {
    let mut sections: Vec<(&str, &str, String)> = Vec::new();
    for line in body.lines() {
        let header = line.strip_prefix("-- ").and_then(|line| line.strip_suffix("--"));
        if let Some(header) = header {
            let (word, path) = header.trim().split_once(' ').unwrap_or((header.trim(), ""));
            sections.push((word, path, String::new()));
        } else if let Some((_, _, text)) = sections.last_mut() {
            text.push_str(&line.replace('␍', "\r"));
            text.push('\n');
        }
    }
    for (_, _, text) in &mut sections {
        if let Some(shorter) = text.strip_suffix("␄\n") {
            *text = shorter.to_owned();
        }
    }
    sections
}

/// Changes written as `<<<<`, the old text, `====`, the new text, `>>>>`; `<<<< all` for all.
fn changes(text: &str) -> Vec<Change> {
    let mut changes = Vec::new();
    for block in text.split("<<<<").skip(1) {
        let (kind, block) = block.split_once('\n').unwrap();
        let (old, new) = block.split_once("====\n").unwrap();
        let (new, _) = new.split_once(">>>>").unwrap();
        let shorter = |text: &str| text.strip_suffix('\n').unwrap_or(text).to_owned();
        changes.push(Change { old: shorter(old), new: shorter(new), all: kind.trim() == "all" });
    }
    changes
}
