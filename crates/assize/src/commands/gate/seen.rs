//! Whether the record knows of what a commit changes. Entries come in, an answer per file goes out.

use std::collections::BTreeMap;

use assize_ledger::{Entry, Map, Payload, Value};
use assize_model::{ControlName, Finding, FindingState, Fingerprint, FingerprintParts, Place};
use assize_model::{RepoPath, Severity};

use super::super::history::DOCTOR;
use super::tree::Change;

pub(super) const GAP: ControlName = ControlName("ledger-gap");
/// A hash that is cut shorter than this names no content.
const HASH_DIGITS_MIN: usize = 32;
/// Entries that say nothing of what a session does: they are made by gates and by people.
const ASIDE: [&str; 3] = ["bundle", "gate", "ledger.checkpoint"];

const START: &str = "session-start";
/// Times of files are as coarse as the kernel's tick.
const TICK_MS: i64 = 10;

/// What the record knows of one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Seen {
    /// This content, by a session or a recorded run.
    Known,
    /// This content, by nobody who was seen.
    Unattributed,
    /// The file, with other contents.
    Other,
    /// Nothing, and no session was there to see it.
    Before,
    /// Nothing, although a session was there.
    Nothing,
}

/// Everything that an answer rests on besides the entries.
pub(super) struct Around<'a> {
    /// The root, as calls name it.
    pub(super) root: &'a str,
    /// The work tree, as sessions name it when they start.
    pub(super) folder: &'a str,
    /// The tree that would be committed, as runs record it.
    pub(super) tree: Option<&'a str>,
    /// Whether an agent's client stands above the gate.
    pub(super) client: bool,
    /// When the first of the calls began that still run: what they change is seen when they end.
    pub(super) begun_ms: Option<i64>,
    /// When a file last changed on the disk, in milliseconds since 1970.
    pub(super) changed_ms: &'a dyn Fn(&RepoPath) -> Option<i64>,
    /// Whether git knows the content from elsewhere: a merge, a stash, an older state.
    pub(super) in_git: &'a dyn Fn(&Change) -> bool,
}

/// Whether any session was ever recorded; without one there is nothing to compare with.
pub(super) fn has_sessions(entries: &[Entry]) -> bool {
    entries.iter().any(is_of_session)
}

pub(super) fn is_of_session(entry: &Entry) -> bool {
    let (session, actor) = (&entry.origin.session, &entry.origin.actor);
    // What a person switches, and what `doctor` tries, is no agent's work.
    let is_agents = !actor.harness.is_empty() && !session.is_empty() && session != DOCTOR;
    is_agents && !ASIDE.contains(&entry.kind.as_str())
}

/// What the record knows of each change, in their order.
pub(super) fn judge(changes: &[Change], entries: &[Entry], around: &Around<'_>) -> Vec<Seen> {
    let ran = entries.iter().any(|entry| {
        let trees = [member(entry, "tree_before"), member(entry, "tree_after")];
        entry.kind.as_str() == "run" && around.tree.is_some_and(|tree| trees.contains(&Some(tree)))
    });
    if ran {
        return vec![Seen::Known; changes.len()];
    }
    let told = told(entries, around.root);
    let sessions = spans(entries, around.folder);
    let is_made_now = |change: &Change| {
        around.begun_ms.is_some_and(|begun| {
            (around.changed_ms)(&change.path).is_none_or(|at| at.saturating_add(TICK_MS) >= begun)
        })
    };
    let judge = |change: &Change| {
        let known = told.get(change.path.as_str()).and_then(|all| by_content(all, change));
        let known = known.filter(|seen| *seen != Seen::Other || !is_made_now(change));
        known.unwrap_or_else(|| {
            if is_made_now(change) || (around.in_git)(change) {
                return Seen::Known;
            }
            let unseen = (around.changed_ms)(&change.path)
                .map_or(around.client, |at| was_watched(at, &sessions, around.client));
            if unseen { Seen::Nothing } else { Seen::Before }
        })
    };
    changes.iter().map(judge).collect()
}

/// One entry's word on one file.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Told {
    /// A call that was let through wrote it.
    Called,
    /// It became this; nothing where it went.
    Became { after: Option<String>, unattributed: bool },
}

/// What entries say of files, by path below the root, in order.
fn told(entries: &[Entry], root: &str) -> BTreeMap<String, Vec<Told>> {
    let mut all: BTreeMap<String, Vec<Told>> = BTreeMap::new();
    for entry in entries {
        let Payload::Present(map) = &entry.payload else { continue };
        match entry.kind.as_str() {
            "verdict" => {
                let writes = matches!(text(map, "tool"), Some("write" | "edit" | "notebook"));
                let passed = text(map, "verdict") != Some("deny");
                if let Some(path) = text(map, "what").filter(|_| writes && passed) {
                    all.entry(below(path, root)).or_default().push(Told::Called);
                }
            }
            "change" => {
                for file in files(map) {
                    let Some(path) = text(file, "path") else { continue };
                    let whose = text(file, "attribution").or_else(|| text(file, "whose"));
                    let after = text(file, "after").map(str::to_owned);
                    let unattributed = whose == Some("unattributed");
                    let told = Told::Became { after, unattributed };
                    all.entry(below(path, root)).or_default().push(told);
                }
            }
            _ => {}
        }
    }
    all
}

/// Which of the changes a session made, in their order: it wrote this content, or a call of its
/// own that was let through wrote the file.
pub(super) fn by_sessions(changes: &[Change], entries: &[Entry], root: &str) -> Vec<bool> {
    let told = told(entries, root);
    let judge = |change: &Change| {
        let known = told.get(change.path.as_str()).and_then(|all| by_content(all, change));
        known == Some(Seen::Known)
    };
    changes.iter().map(judge).collect()
}

/// The files of a change: the entry itself names one, or holds a list of them.
fn files(map: &Map) -> Vec<&Map> {
    let Some(Value::List(files)) = map.get("files") else { return vec![map] };
    let mut maps = Vec::new();
    for file in files {
        if let Value::Map(file) = file {
            maps.push(file);
        }
    }
    maps
}

fn below(path: &str, root: &str) -> String {
    let inside = path.strip_prefix(root).and_then(|rest| rest.strip_prefix('/'));
    inside.unwrap_or(path).to_owned()
}

/// The newest word on exactly this content decides, else any word on the file.
fn by_content(all: &[Told], change: &Change) -> Option<Seen> {
    let fits = |after: &Option<String>| match (after, &change.hash) {
        (Some(after), Some(hash)) => after.len() >= HASH_DIGITS_MIN && hash.starts_with(after),
        (None, None) => change.object.is_none(),
        _ => false,
    };
    let exact = all.iter().rev().find_map(|told| match told {
        Told::Became { after, unattributed } if fits(after) => Some(*unattributed),
        _ => None,
    });
    match exact {
        Some(true) => Some(Seen::Unattributed),
        Some(false) => Some(Seen::Known),
        None if all.contains(&Told::Called) => Some(Seen::Known),
        None if all.is_empty() => None,
        // Contents that are not compared, such as those of very large files.
        None if change.hash.is_none() && change.object.is_some() => Some(Seen::Known),
        None => Some(Seen::Other),
    }
}

/// From the first to the last entry of each session, but for those that started in other work trees
/// alone.
fn spans(entries: &[Entry], folder: &str) -> Vec<(i64, i64)> {
    let mut spans: BTreeMap<(&str, &str), (i64, i64)> = BTreeMap::new();
    let mut here: BTreeMap<(&str, &str), bool> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| is_of_session(entry)) {
        let key = (entry.origin.actor.harness.as_str(), entry.origin.session.as_str());
        let at = entry.origin.time_ms;
        let span = spans.entry(key).or_insert((at, at));
        *span = (span.0.min(at), span.1.max(at));
        if let Some(tree) = member(entry, "tree").filter(|_| entry.kind.as_str() == START) {
            *here.entry(key).or_default() |= tree == folder;
        }
    }
    spans.retain(|key, _| here.get(key).is_none_or(|here| *here));
    spans.into_values().collect()
}

/// Whether a session was there when something changed: then its record should know. Behind the
/// last session it is the one who commits who tells agents from people.
fn was_watched(at: i64, sessions: &[(i64, i64)], client: bool) -> bool {
    let inside = sessions.iter().any(|(from, to)| (*from..=*to).contains(&at));
    let behind = sessions.iter().all(|(_, to)| at > *to);
    inside || behind && client
}

fn text<'a>(map: &'a Map, key: &str) -> Option<&'a str> {
    match map.get(key)? {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

fn member<'a>(entry: &'a Entry, key: &str) -> Option<&'a str> {
    crate::records::text(entry, key)
}

/// What is held against the commit; `held` is the weight of what nobody answers for.
pub(super) fn finding(change: &Change, seen: Seen, held: Option<Severity>) -> Option<Finding> {
    const LOOK: &str = "look at it with `git diff --cached` before it is committed";
    let (code, severity, message, help) = match seen {
        Seen::Known => return None,
        Seen::Unattributed => (
            "unattributed",
            held?,
            "no session answers for this change: a person made it, or something unseen",
            LOOK,
        ),
        Seen::Before => (
            "unattributed",
            held?,
            "no session was there when this changed: a person made it, or something unseen",
            LOOK,
        ),
        Seen::Other => (
            "other-content",
            held?.min(Severity::Warn),
            "the record knows this file, but not with what would be committed",
            LOOK,
        ),
        Seen::Nothing => (
            "unseen",
            Severity::Error,
            "no entry of the record knows of this change, although a session was there",
            "find out what changed it, then run the checks on exactly this tree with `assize exec`: \
             the record knows what was run on",
        ),
    };
    let parts = FingerprintParts {
        control: GAP,
        version: 1,
        code,
        path: &change.path,
        item: "",
        subject: change.hash.as_deref().unwrap_or(""),
    };
    Some(Finding {
        path: change.path.clone(),
        place: Place::START,
        control: GAP,
        code: code.to_owned(),
        severity,
        message: message.to_owned(),
        help: help.to_owned(),
        fingerprint: Fingerprint::of(&parts),
        state: FindingState::New,
    })
}

#[cfg(test)]
mod tests;
