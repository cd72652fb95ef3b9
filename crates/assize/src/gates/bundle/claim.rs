//! What a bundle claims of a tree.

use std::collections::BTreeMap;

use assize_ledger::{Map, Statement, Subject, Value};

use super::super::runs::Run;

/// The type of our predicate.
pub(super) const PREDICATE_TYPE: &str = "urn:assize:evidence:1";
const TREE: &str = "tree";
/// A bundle names no more of each than this.
const LISTED_MAX: usize = 100;

/// Who made the commit, as far as a gate can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    /// Below an agent's client.
    Agent,
    Person,
}

impl Who {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Person => "person",
        }
    }
}

/// A session that the record holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Worked {
    pub(crate) harness: String,
    pub(crate) session: String,
}

/// Everything that a bundle says.
#[derive(Debug, Clone)]
pub(crate) struct Claim {
    /// The tree's name, without its kind.
    pub(crate) tree: String,
    pub(crate) base: Option<String>,
    pub(crate) base_tree: Option<String>,
    pub(crate) who: Who,
    /// The hash of the configuration by which the tree was judged.
    pub(crate) rules: String,
    pub(crate) rule_book: String,
    /// The hash of the rule documents and the configuration, as sessions read them.
    pub(crate) documents: Option<String>,
    pub(crate) version: String,
    pub(crate) files: usize,
    pub(crate) findings: usize,
    pub(crate) sessions: Vec<Worked>,
    pub(crate) verdicts: BTreeMap<String, i64>,
    pub(crate) runs: Vec<Run>,
    /// Controls whose evidence is missing, where that closes nothing.
    pub(crate) unmet: Vec<String>,
    /// The record: its id, its last entry and that entry's hash.
    pub(crate) ledger: (String, u64, String),
    pub(crate) time_ms: i64,
}

impl Claim {
    pub(super) fn statement(&self) -> Statement {
        Statement {
            subjects: vec![Subject::git_tree(TREE, self.tree.as_str())],
            predicate_type: PREDICATE_TYPE.to_owned(),
            predicate: self.predicate(),
        }
    }

    fn predicate(&self) -> Map {
        let maybe = |text: &Option<String>| text.clone().map_or(Value::Null, Value::Text);
        let (id, sequence, hash) = &self.ledger;
        let ledger = map([
            ("id", id.as_str().into()),
            ("sequence", whole(*sequence)),
            ("hash", hash.as_str().into()),
        ]);
        let checks = map([("files", count(self.files)), ("findings", count(self.findings))]);
        let sessions = self.sessions.iter().take(LISTED_MAX).map(Worked::value).collect();
        let verdicts = self.verdicts.iter().map(|(word, count)| (word.clone(), (*count).into()));
        let unmet = self.unmet.iter().map(|control| control.as_str().into()).collect();
        let tool = map([("name", "assize".into()), ("version", self.version.as_str().into())]);
        let Value::Map(whole) = map([
            ("tool", tool),
            ("base", maybe(&self.base)),
            ("baseTree", maybe(&self.base_tree)),
            ("actor", self.who.word().into()),
            ("rules", self.rules.as_str().into()),
            ("ruleBook", self.rule_book.as_str().into()),
            ("documents", maybe(&self.documents)),
            ("checks", checks),
            ("sessions", Value::List(sessions)),
            ("verdicts", Value::Map(verdicts.collect())),
            ("runs", Value::List(self.runs.iter().take(LISTED_MAX).map(run).collect())),
            ("unmet", Value::List(unmet)),
            ("ledger", ledger),
            ("timeMs", self.time_ms.into()),
        ]) else {
            return Map::new();
        };
        whole
    }
}

impl Worked {
    fn value(&self) -> Value {
        map([
            ("harness", self.harness.as_str().into()),
            ("id", self.session.as_str().into()),
            ("openViolations", 0.into()),
        ])
    }
}

/// A run, by a command that was already recorded without credentials.
fn run(run: &Run) -> Value {
    let tests = run.tests.map_or(Value::Null, |tests| {
        map([
            ("passed", tests.passed.into()),
            ("failed", tests.failed.into()),
            ("skipped", tests.skipped.into()),
        ])
    });
    let hash = blake3::hash(run.command.as_bytes()).to_hex().to_string();
    let tree = run.trees.iter().flatten().next().cloned();
    map([
        ("entry", whole(run.sequence)),
        ("command", run.command.as_str().into()),
        ("commandHash", hash.into()),
        ("exit", run.exit.into()),
        ("tests", tests),
        ("tree", tree.map_or(Value::Null, Value::Text)),
    ])
}

fn map<const N: usize>(members: [(&str, Value); N]) -> Value {
    Value::Map(members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

fn whole(number: u64) -> Value {
    Value::Integer(i64::try_from(number).unwrap_or(i64::MAX))
}

fn count(number: usize) -> Value {
    Value::Integer(i64::try_from(number).unwrap_or(i64::MAX))
}

/// The hash of a configuration, by the objects of its files.
pub(crate) fn rules_hash<'a>(files: impl Iterator<Item = (&'a [u8], &'a str)>) -> String {
    let sorted: BTreeMap<&[u8], &str> = files.collect();
    let mut hasher = blake3::Hasher::new();
    for (path, object) in sorted {
        hasher.update(path).update(b"\0").update(object.as_bytes()).update(b"\n");
    }
    hasher.finalize().to_hex().to_string()
}
