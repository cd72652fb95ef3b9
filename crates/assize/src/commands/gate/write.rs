//! Leaves a bundle on the tree that is committed.

use std::collections::{BTreeMap, BTreeSet};

use assize_ledger::{Map, Value};
use assize_rulebook::RuleBook;

use super::demand::{Committed, sessions};
use super::rules;
use super::show::Outcome;
use crate::failure::Failure;
use crate::gates::Run;
use crate::gates::bundle::{Claim, Worked, seal};
use crate::output;
use crate::records::{Records, now_ms};

/// A commit without its bundle is a commit: what goes wrong here is said, and stops none.
pub(super) fn bundle(
    committed: &Committed<'_>,
    proofs: Vec<Run>,
    base: Option<&str>,
    records: &mut Records,
    outcome: &Outcome,
) {
    if outcome.changes.is_empty() {
        return;
    }
    if let Err(failure) = put(committed, proofs, base, records, outcome) {
        output::status(&format!("the commit gets no evidence: {failure}"));
    }
}

fn put(
    committed: &Committed<'_>,
    proofs: Vec<Run>,
    base: Option<&str>,
    records: &mut Records,
    outcome: &Outcome,
) -> Result<(), Failure> {
    let Some(tree) = committed.tree.and_then(|tree| tree.strip_prefix("git:")) else {
        return Ok(());
    };
    let (git, root) = (committed.git, &committed.project.root.folder);
    let base = base.and_then(|base| git.commit_named(base));
    let base_tree = base.as_deref().and_then(|base| git.tree_of(base, root));
    let head = records.ledger().head().map_err(|error| Failure::tool(&error))?;
    let book = RuleBook::backend().map_err(|error| Failure::tool(error))?;
    let paths: BTreeSet<&str> = outcome.changes.iter().map(|one| one.path.as_str()).collect();
    let worked = worked(committed, &paths);
    let claim = Claim {
        tree: tree.to_owned(),
        base,
        base_tree,
        who: committed.who,
        rules: outcome.rules.clone(),
        rule_book: book.hash().0.iter().map(|byte| format!("{byte:02x}")).collect(),
        documents: rules::now(root).ok(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        files: outcome.changes.len(),
        findings: outcome.findings.len(),
        verdicts: verdicts(committed, &worked),
        sessions: worked,
        runs: proofs,
        unmet: outcome.notes.iter().map(|one| one.control.to_owned()).collect(),
        ledger: (records.id().to_owned(), head.sequence, head.hash.to_string()),
        time_ms: now_ms(),
    };
    let line = seal(&claim, records.ledger())?;
    git.add_long_note(tree, &line).map_err(|error| Failure::tool(&error))?;
    records.append("bundle", entry(&claim, &line))
}

/// What the record keeps of a bundle: enough to find it, and to tell whether it is the one.
fn entry(claim: &Claim, line: &str) -> Map {
    let runs = claim.runs.iter().filter_map(|run| i64::try_from(run.sequence).ok());
    let members = [
        ("tree", Value::from(format!("git:{}", claim.tree))),
        ("base", claim.base.clone().map_or(Value::Null, Value::Text)),
        ("hash", blake3::hash(line.as_bytes()).to_hex().to_string().into()),
        ("runs", Value::List(runs.map(Value::Integer).collect())),
        ("unmet", Value::List(claim.unmet.iter().map(|one| one.as_str().into()).collect())),
    ];
    members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// The sessions that changed any of these files.
fn worked(committed: &Committed<'_>, paths: &BTreeSet<&str>) -> Vec<Worked> {
    let had_part = sessions(committed.entries)
        .into_iter()
        .filter(|(_, session)| session.stopping.changes().any(|path| paths.contains(path)));
    let named = |key: String| {
        let (harness, session) = key.split_once(':').unwrap_or(("", &key));
        Worked { harness: harness.to_owned(), session: session.to_owned() }
    };
    had_part.map(|(key, _)| named(key)).collect()
}

/// How often calls of these sessions were answered how.
fn verdicts(committed: &Committed<'_>, worked: &[Worked]) -> BTreeMap<String, i64> {
    let mut counts = BTreeMap::new();
    let is_one = |entry: &&assize_ledger::Entry| {
        entry.kind.as_str() == "verdict"
            && worked.iter().any(|one| {
                one.session == entry.origin.session && one.harness == entry.origin.actor.harness
            })
    };
    for entry in committed.entries.iter().filter(is_one) {
        if let Some(word) = crate::records::text(entry, "verdict") {
            *counts.entry(word.to_owned()).or_insert(0) += 1;
        }
    }
    counts
}
