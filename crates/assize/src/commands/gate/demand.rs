//! What the record must hold for a commit: evidence for the work of agents.
//!
//! Where agents had no part in a commit nothing is demanded but by `[gates] evidence = "required"`.
//! In `observe` what is missing is said; in `enforce` it closes the gate.

use std::collections::{BTreeMap, BTreeSet};

use assize_config::GuardMode;
use assize_guard::Reason;
use assize_ledger::{Entry, Map, Payload, Value};
use assize_model::RepoPath;
use assize_repo::{Blob, CONFIG_NAME, Git};
use assize_session::{Note, Session};

use super::seen;
use super::show::Outcome;
use super::tree::Change;
use crate::gates::bundle::Who;
use crate::gates::{Demands, Run, Touched, Work, allowance, class_of, demands};
use crate::hook;
use crate::project::Project;

/// Of so many commits it is asked whether they change a changelog.
const HISTORY: usize = 20;
const PROTECTED: &str = ".assize/";

/// A commit that is being made, and what is known of it.
pub(super) struct Committed<'a> {
    pub(super) project: &'a Project,
    pub(super) git: &'a Git,
    pub(super) entries: &'a [Entry],
    /// The tree that would be committed, as runs record it.
    pub(super) tree: Option<&'a str>,
    pub(super) who: Who,
    pub(super) required: bool,
}

/// Adds what is missing to the outcome, and gives the runs that prove the rest.
pub(super) fn add(committed: &Committed<'_>, outcome: &mut Outcome) -> Vec<Run> {
    let root = committed.project.root.folder.to_string_lossy();
    let by_sessions = seen::by_sessions(&outcome.changes, committed.entries, &root);
    let is_agents = committed.who == Who::Agent;
    if !is_agents && !committed.required && !by_sessions.contains(&true) {
        return Vec::new();
    }
    let Demands { mut missing, proofs } = committed.demands(&outcome.changes);
    missing.extend(committed.open(outcome));
    let own: Vec<&Change> = outcome
        .changes
        .iter()
        .zip(&by_sessions)
        .filter(|(_, by_session)| is_agents || **by_session)
        .map(|(change, _)| change)
        .collect();
    missing.extend(committed.allowances(&own));
    missing.extend(committed.protected(&own, &root));
    match committed.project.settings.guard_mode {
        GuardMode::Enforce => outcome.refusals.extend(missing),
        GuardMode::Observe => outcome.notes.extend(missing),
    }
    proofs
}

impl Committed<'_> {
    fn demands(&self, changes: &[Change]) -> Demands {
        let (project, git) = (self.project, self.git);
        let view = project.view();
        let merged = self.merged(changes);
        let touched: Vec<Touched> = changes
            .iter()
            .filter(|change| !merged.as_ref().is_some_and(|merged| is_as(change, merged)))
            .map(|change| Touched {
                path: change.path.as_str().to_owned(),
                class: class_of(change.path.as_str(), view, &project.settings),
                object: change.object.clone(),
                before: change.before.clone(),
            })
            .collect();
        let names: BTreeMap<&str, &Change> =
            changes.iter().map(|change| (change.path.as_str(), change)).collect();
        let runs: Vec<Run> = self.entries.iter().filter_map(Run::of).collect();
        let text_of = |object: &str| crate::gates::stop::text_of(git, object);
        demands(&Work {
            touched: &touched,
            tree: self.tree,
            settings: &project.settings,
            view,
            runs: &runs,
            text: &|path| match names.get(path) {
                Some(change) => text_of(change.object.as_deref()?),
                None => project.text(&RepoPath::new(path).ok()?),
            },
            text_before: &|one| text_of(one.before.as_deref()?),
            objects_at: &|commit| self.objects_at(commit, changes),
            history: &|folder, file| {
                git.touched_along(&project.root.folder, folder, file, HISTORY).ok()
            },
        })
    }

    /// The other side of a merge that is being committed.
    fn merged(&self, changes: &[Change]) -> Option<BTreeMap<String, String>> {
        self.objects_at(&self.git.commit_named("MERGE_HEAD")?, changes)
    }

    fn objects_at(&self, commit: &str, changes: &[Change]) -> Option<BTreeMap<String, String>> {
        let paths: Vec<&[u8]> = changes.iter().map(|change| &change.bytes[..]).collect();
        let found = self.git.objects_at(commit, &self.project.root.folder, &paths).ok()?;
        let named = |(path, object): (Vec<u8>, String)| {
            Some((RepoPath::from_bytes(&path).ok()?.as_str().to_owned(), object))
        };
        Some(found.into_iter().filter_map(named).collect())
    }

    /// Open breaches in what is committed that are found still and that no finding here tells.
    fn open(&self, outcome: &Outcome) -> Vec<Reason> {
        let told: BTreeSet<String> =
            outcome.findings.iter().map(|one| one.fingerprint.to_string()).collect();
        let there: BTreeSet<String> =
            outcome.pass.findings.iter().map(|one| one.fingerprint.to_string()).collect();
        let paths: BTreeSet<&str> = outcome.changes.iter().map(|one| one.path.as_str()).collect();
        let sessions = sessions(self.entries);
        let open = sessions.values().flat_map(Session::open);
        let open = open.filter(|one| {
            paths.contains(one.path.as_str()) && there.contains(&one.id) && !told.contains(&one.id)
        });
        let reason = |one: &assize_session::Open| Reason {
            control: "violation-clear",
            message: format!("`{}`: {} ({})", one.path, one.message, one.control),
            help: format!("repair it until `assize check {}` is clean", one.path),
        };
        open.map(reason).collect()
    }

    fn allowances(&self, changes: &[&Change]) -> Vec<Reason> {
        let view = self.project.view();
        let heeded = |change: &&&Change| {
            let class = class_of(change.path.as_str(), view, &self.project.settings);
            allowance::counts(class) && change.object.is_some()
        };
        let changes: Vec<&&Change> = changes.iter().filter(heeded).collect();
        let both = changes.iter().flat_map(|change| [&change.object, &change.before]);
        let objects: Vec<String> = both.flatten().cloned().collect();
        let blobs = self.git.blobs(&objects).unwrap_or_default();
        let text = |object: &Option<String>| match blobs.get(object.as_deref()?)? {
            Blob::Bytes(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
            Blob::TooLarge => None,
        };
        let reason = |change: &&&Change| {
            let after = text(&change.object)?;
            let line = allowance::added(&text(&change.before).unwrap_or_default(), &after)?;
            Some(allowance::reason(change.path.as_str(), line))
        };
        changes.iter().filter_map(reason).collect()
    }

    /// Files by which changes are judged, as a session left them without a person's leave.
    fn protected(&self, changes: &[&Change], root: &str) -> Vec<Reason> {
        let lifted = lifted(self.entries, root);
        let protected = changes
            .iter()
            .filter(|change| is_protected(&change.path) && !lifted.contains(change.path.as_str()));
        let written = protected.filter(|change| {
            let one = std::slice::from_ref(**change);
            seen::by_sessions(one, self.entries, root).contains(&true)
        });
        let reason = |change: &&Change| Reason {
            control: "self-protection",
            message: format!("a session changed `{}`, by which changes are judged", change.path),
            help: "take it back with `git checkout`; a person changes it and commits it".to_owned(),
        };
        written.map(reason).collect()
    }
}

/// Whether a merge takes a file as the other side has it.
fn is_as(change: &Change, merged: &BTreeMap<String, String>) -> bool {
    merged.get(change.path.as_str()) == change.object.as_ref()
}

/// Whether changes are judged by this file.
pub(super) fn is_protected(path: &RepoPath) -> bool {
    path.name() == CONFIG_NAME
        || path.as_str().starts_with(PROTECTED)
        || path.as_str().contains("/.assize/")
}

/// Paths below the root that a person let a session change.
fn lifted(entries: &[Entry], root: &str) -> BTreeSet<String> {
    let path = |entry: &Entry| {
        let Payload::Present(payload) = &entry.payload else { return None };
        let is_lifted = matches!(payload.get("lifted"), Some(Value::List(all)) if !all.is_empty());
        let Some(Value::Text(what)) = payload.get("what").filter(|_| is_lifted) else {
            return None;
        };
        let inside = what.strip_prefix(root).and_then(|rest| rest.strip_prefix('/'));
        Some(inside.unwrap_or(what).to_owned())
    };
    entries.iter().filter(|entry| entry.kind.as_str() == "verdict").filter_map(path).collect()
}

/// Every session of the record, by harness and id.
pub(super) fn sessions(entries: &[Entry]) -> BTreeMap<String, Session> {
    let mut sessions: BTreeMap<String, Session> = BTreeMap::new();
    let none = Map::new();
    for entry in entries.iter().filter(|entry| seen::is_of_session(entry)) {
        let key = hook::session_key(&entry.origin.actor.harness, &entry.origin.session);
        let payload = match &entry.payload {
            Payload::Present(payload) => payload,
            Payload::Absent => &none,
        };
        sessions.entry(key).or_default().apply(Note {
            sequence: entry.sequence,
            time_ms: entry.origin.time_ms,
            kind: entry.kind.as_str(),
            payload,
        });
    }
    sessions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_judge_are_known_in_any_folder() {
        for (path, expected) in [
            ("assize.toml", true),
            ("a/assize.toml", true),
            (".assize/keys/a.pub", true),
            ("a/.assize/rules/x.toml", true),
            ("a/assize.toml.md", false),
            ("src/assize.rs", false),
        ] {
            assert_eq!(is_protected(&RepoPath::new(path).unwrap()), expected, "{path}");
        }
    }
}
