//! Actions as tests expect them, and the captured payloads of the clients.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use assize_guard::{Action, Argument, Change};

pub(crate) fn owned(text: &str) -> String {
    text.to_owned()
}

pub(crate) fn shell(command: &str) -> Action {
    Action::Shell { command: owned(command), background: false }
}

pub(crate) fn write(path: &str, content: &str) -> Action {
    Action::Write { path: owned(path), content: owned(content) }
}

pub(crate) fn nothing(tool: &str) -> Action {
    Action::Unknown { tool: owned(tool), arguments: Vec::new() }
}

pub(crate) fn argument(key: &str, text: &str) -> Argument {
    Argument { key: owned(key), text: owned(text) }
}

pub(crate) fn subagent(kind: &str, prompt: &str) -> Action {
    Action::SubagentStart { kind: owned(kind), prompt: owned(prompt) }
}

pub(crate) fn mcp() -> Action {
    Action::Mcp {
        server: owned("fs"),
        tool: owned("write_file"),
        arguments: vec![argument("path", "/repo/mcp.txt"), argument("content", "via mcp\n")],
    }
}

pub(crate) fn edit(path: &str) -> Action {
    let change = Change { old: owned("beta"), new: owned("gamma"), all: false };
    Action::Edit { path: owned(path), changes: vec![change] }
}

/// All payloads of a folder, by the name of their file.
pub(crate) fn captures(client: &str) -> BTreeMap<String, Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/captures").join(client);
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        all.insert(name, fs::read(&path).unwrap());
    }
    assert!(all.len() > 5, "{client}: captures are gone");
    all
}
