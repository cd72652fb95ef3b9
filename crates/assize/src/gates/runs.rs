//! Runs of commands, as `assize exec` recorded them.

use std::collections::{BTreeMap, BTreeSet};

use assize_ledger::{Entry, Map, Payload, Value};

use crate::records::{number, text};

/// The kind of their entries.
const KIND: &str = "run";
/// The actor of entries that were made below no client.
const SOMEBODY: &str = "person?";

/// How many tests a run had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct TestCount {
    pub(crate) passed: i64,
    pub(crate) failed: i64,
    pub(crate) skipped: i64,
}

/// One run that ended.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Run {
    pub(crate) sequence: u64,
    pub(crate) command: String,
    /// Where it ran, relative to the root; nothing where that was not recorded.
    pub(crate) folder: Option<String>,
    pub(crate) exit: i64,
    /// Before it and after it.
    pub(crate) trees: [Option<String>; 2],
    /// The commit under its tree, and what was not as in there.
    pub(crate) base: Option<String>,
    pub(crate) files: Option<BTreeMap<String, Option<String>>>,
    /// What changed while it ran.
    pub(crate) moved: Option<BTreeSet<String>>,
    /// Nothing where nobody knows.
    pub(crate) tests: Option<TestCount>,
    /// Below no agent's client.
    pub(crate) by_person: bool,
}

impl Run {
    /// The run of an entry; nothing where it is none.
    pub(crate) fn of(entry: &Entry) -> Option<Self> {
        let Payload::Present(payload) = &entry.payload else { return None };
        if entry.kind.as_str() != KIND {
            return None;
        }
        let own = |key: &str| text(entry, key).map(str::to_owned);
        Some(Self {
            sequence: entry.sequence,
            command: own("command")?,
            folder: own("folder"),
            exit: number(entry, "exit")?,
            trees: [own("tree_before"), own("tree_after")],
            base: own("base"),
            files: files(payload),
            moved: moved(payload),
            tests: tests(payload),
            by_person: entry.origin.actor.harness == SOMEBODY,
        })
    }

    /// Whether it ended well with at least one test, as far as tests are told.
    pub(crate) fn is_green(&self, counts: bool) -> bool {
        let good = match self.tests {
            Some(tests) => tests.passed > 0 && tests.failed == 0,
            None => !counts,
        };
        self.exit == 0 && good
    }
}

fn files(payload: &Map) -> Option<BTreeMap<String, Option<String>>> {
    let Some(Value::Map(files)) = payload.get("files") else { return None };
    let object = |value: &Value| match value {
        Value::Text(object) => Some(object.clone()),
        _ => None,
    };
    Some(files.iter().map(|(path, value)| (path.clone(), object(value))).collect())
}

fn moved(payload: &Map) -> Option<BTreeSet<String>> {
    let Some(Value::List(paths)) = payload.get("moved") else { return None };
    let path = |value: &Value| match value {
        Value::Text(path) => Some(path.clone()),
        _ => None,
    };
    paths.iter().map(path).collect()
}

/// The sum over all formats that were found.
fn tests(payload: &Map) -> Option<TestCount> {
    let Some(Value::List(tallies)) = payload.get("tests") else { return None };
    let mut sum = TestCount::default();
    for tally in tallies {
        let Value::Map(tally) = tally else { return None };
        let count = |key: &str| match tally.get(key) {
            Some(Value::Integer(count)) => *count,
            _ => 0,
        };
        sum.passed = sum.passed.saturating_add(count("passed"));
        sum.failed = sum.failed.saturating_add(count("failed"));
        sum.skipped = sum.skipped.saturating_add(count("skipped"));
    }
    (!tallies.is_empty()).then_some(sum)
}
