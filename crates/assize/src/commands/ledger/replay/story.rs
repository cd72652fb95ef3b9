//! What the record says of a tree at an entry: a commit, and what differs from it.

use std::collections::BTreeMap;

use assize_ledger::{Entry, Map, Payload, Value};

/// A tree as the record tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Story {
    /// The entry that says where it begins.
    pub(super) base: u64,
    /// The commit there; empty where there was none.
    pub(super) head: String,
    /// Whether all that differed from the commit is known.
    pub(super) whole: bool,
    /// The content hash of each file that differs; nothing where it is gone.
    pub(super) files: BTreeMap<String, Option<String>>,
}

impl Story {
    /// The tree after the entry `at`; nothing where no entry up to it says where the tree begins.
    /// `tree` is the work tree, as entries name it: a ledger has those of all.
    pub(super) fn of(entries: &[Entry], at: u64, tree: &str) -> Option<Self> {
        let until = entries.iter().filter(|entry| entry.sequence <= at);
        let here = until.filter_map(|entry| {
            let Payload::Present(payload) = &entry.payload else { return None };
            (text(payload, "tree") == Some(tree)).then_some((entry, payload))
        });
        let mut story: Option<Self> = None;
        for (entry, payload) in here {
            match entry.kind.as_str() {
                "base" => {
                    let whole = payload.get("whole") == Some(&Value::Bool(true));
                    let head = text(payload, "head").unwrap_or_default().to_owned();
                    let files = BTreeMap::new();
                    let begun = Self { base: entry.sequence, head, whole, files };
                    story.insert(begun).become_as(payload);
                }
                "change" => {
                    if let Some(story) = &mut story {
                        story.become_as(payload);
                    }
                }
                _ => {}
            }
        }
        story
    }

    fn become_as(&mut self, payload: &Map) {
        let Some(Value::List(files)) = payload.get("files") else { return };
        for file in files {
            let Value::Map(file) = file else { continue };
            if let Some(path) = text(file, "path") {
                let after = text(file, "after").map(str::to_owned);
                self.files.insert(path.to_owned(), after);
            }
        }
    }
}

fn text<'a>(map: &'a Map, key: &str) -> Option<&'a str> {
    match map.get(key)? {
        Value::Text(text) => Some(text),
        _ => None,
    }
}
