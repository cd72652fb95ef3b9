//! What newly broke: recorded with all that is needed to repair and to judge it, told to the
//! session that broke it, and closed when its control runs clean.

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};

use assize_guard::Reason;
use assize_harness::{Event, Moment};
use assize_index::impact::{Affected, Reach, impact};
use assize_ledger::{Map, Value};
use assize_model::Finding;
use assize_repo::{Git, Known};
use assize_rulebook::RuleBook;
use assize_session::{Call, Open, Session, Whose};

use super::changes::Seen;
use super::failing::Cause;
use super::lift::{heeds_waivers, is_waived};
use super::observe::Found;
use super::record::Record;
use super::scene::Scene;

/// Changes that a finding may follow from, by name.
const CAUSES_MAX: usize = 20;
/// What rests on a broken file is asked for so many files, one step far.
const ASKED_MAX: usize = 10;
const NEAR: Reach = Reach { steps: 1, files: 40 };

/// Breaches without those that a person let be, or that came with a call that a person allowed.
pub(super) fn granted(
    mut fresh: Vec<Finding>,
    scene: &Scene,
    record: &mut Record<'_>,
) -> Result<Vec<Finding>, Cause> {
    if fresh.is_empty() {
        return Ok(fresh);
    }
    let (grants, today) = (record.grants()?, crate::project::today().to_string());
    let heeds = heeds_waivers(&scene.root, &scene.settings);
    fresh.retain(|finding| {
        let allowed = grants.is_allowed(&finding.fingerprint.to_string());
        !(allowed || heeds && is_waived(finding, &grants, &today))
    });
    Ok(fresh)
}

/// Whether git knew the content of a path before the call.
pub(super) fn excuse<'s>(
    scene: &'s Scene,
    call: Option<&Call>,
    record: &Record<'_>,
) -> impl Fn(&str) -> bool + use<'s> {
    // Most often nobody asks.
    let git = LazyCell::new(|| Git::discover(&scene.root).ok().flatten());
    let head = call.map_or_else(String::new, |call| call.head.clone());
    let stashes = call.map_or_else(Vec::new, |call| call.stashes.clone());
    let before_ms = call.map_or(record.now_ms, |call| call.begun_ms);
    move |path| {
        let Some(git) = &*git else { return false };
        let full = scene.root.join(path);
        let Ok(inside) = full.strip_prefix(git.top()) else { return false };
        let known = Known { head: &head, stashes: &stashes, before_ms };
        inside.to_str().is_some_and(|inside| git.knew(inside, &known).unwrap_or(false))
    }
}

/// Records what newly broke, and says what of it the session must be told.
pub(super) fn record(
    fresh: &[Finding],
    (seen, found): (&[Seen], &Found<'_>),
    excused: &dyn Fn(&str) -> bool,
    event: &Event,
    record: &mut Record<'_>,
) -> Result<Vec<Reason>, Cause> {
    let mut told = Vec::new();
    let mut known: BTreeMap<&str, bool> = BTreeMap::new();
    let mut near: BTreeMap<&str, Vec<Affected>> = BTreeMap::new();
    let begins = event.moment == Moment::SessionStart;
    let book = RuleBook::backend().ok();
    for finding in fresh {
        let causes = causes(finding, seen);
        let all_known = !causes.is_empty()
            && causes
                .iter()
                .all(|one| *known.entry(one.path.as_str()).or_insert_with(|| excused(&one.path)));
        let whose = match answers(&causes) {
            _ if all_known => Whose::Unattributed,
            // A session that only begins has done nothing; others may have.
            Whose::Own | Whose::Probable if begins => Whose::Unattributed,
            whose => whose,
        };
        let (session, kind) = match &whose {
            Whose::Own | Whose::Probable => (record.key(), "violation"),
            Whose::Other(session) => (session.clone(), "violation"),
            Whose::Unattributed => (record.key(), "drift"),
        };
        let own = session == record.key();
        let mut payload = breach(finding, &whose, own);
        let clause = clause(finding.control.0, book);
        payload.insert("clause".to_owned(), clause.into());
        if kind == "violation" {
            let path = finding.path.as_str();
            if near.len() < ASKED_MAX || near.contains_key(path) {
                near.entry(path).or_insert_with(|| resting_on(path, found));
            }
            let near = near.get(path).map_or(&[][..], Vec::as_slice);
            payload.extend(surroundings(finding, &causes, near, found));
        }
        record.append_for(&session, kind, payload)?;
        if own && kind == "violation" {
            told.push(reason(finding));
        }
    }
    Ok(told)
}

/// The changes that a finding follows from: that of its own file, else all of them.
fn causes<'s>(finding: &Finding, seen: &'s [Seen]) -> Vec<&'s Seen> {
    let own = seen.iter().find(|one| one.path == finding.path.as_str());
    own.map_or_else(|| seen.iter().collect(), |own| vec![own])
}

/// Who answers for what several changes brought about: whoever made all of them.
fn answers(causes: &[&Seen]) -> Whose {
    let Some((first, rest)) = causes.split_first() else { return Whose::Unattributed };
    if rest.iter().all(|one| one.whose == first.whose) {
        first.whose.clone()
    } else {
        Whose::Unattributed
    }
}

fn breach(finding: &Finding, whose: &Whose, told: bool) -> Map {
    let path = finding.path.as_str();
    Map::from([
        ("id".to_owned(), finding.fingerprint.to_string().into()),
        ("control".to_owned(), finding.control.0.into()),
        ("path".to_owned(), path.into()),
        ("line".to_owned(), i64::from(finding.place.line).into()),
        ("severity".to_owned(), finding.severity.word().into()),
        ("message".to_owned(), finding.message.as_str().into()),
        ("help".to_owned(), finding.help.as_str().into()),
        ("whose".to_owned(), whose.word().into()),
        ("told".to_owned(), told.into()),
    ])
}

/// The clause that a control serves first, or what it serves outside of the rules; a team's own
/// rule is its own clause.
fn clause(control: &str, book: Option<&RuleBook>) -> String {
    let first = book.and_then(|book| book.clauses_of(control).first().map(ToString::to_string));
    let outside = || book?.control(control)?.serves.first().cloned();
    first.or_else(outside).unwrap_or_else(|| control.to_owned())
}

/// What stands at the place, by its hash, where it came from, and what rests on it.
fn surroundings(
    finding: &Finding,
    causes: &[&Seen],
    near: &[Affected],
    found: &Found<'_>,
) -> Vec<(String, Value)> {
    let line = usize::try_from(finding.place.line).unwrap_or(1).saturating_sub(1);
    let text = found.project.text(&finding.path).unwrap_or_default();
    let excerpt = blake3::hash(text.lines().nth(line).unwrap_or("").as_bytes()).to_hex();
    let causes = causes.iter().take(CAUSES_MAX).map(|one| one.path.as_str().into());
    let affected = |one: &Affected| {
        Value::Map(Map::from([
            ("path".to_owned(), one.path.as_str().into()),
            ("line".to_owned(), i64::from(one.line).into()),
            ("how".to_owned(), one.how.as_str().into()),
        ]))
    };
    vec![
        ("excerpt".to_owned(), excerpt.chars().take(32).collect::<String>().into()),
        ("causes".to_owned(), Value::List(causes.collect())),
        ("impact".to_owned(), Value::List(near.iter().map(affected).collect())),
    ]
}

/// The files that rest on one, as the index was before the change and is now: what is gone has
/// users still.
fn resting_on(path: &str, found: &Found<'_>) -> Vec<Affected> {
    let paths = BTreeSet::from([path.to_owned()]);
    let mut near = impact(&found.project.indexed.layers, &paths, NEAR).0;
    if let Some(seen) = found.seen {
        near.extend(impact(&seen.layers, &paths, NEAR).0);
    }
    near.sort();
    near.dedup_by(|one, other| one.path == other.path);
    near.truncate(NEAR.files);
    near
}

/// A breach in the words of an answer.
pub(super) fn reason(finding: &Finding) -> Reason {
    Reason {
        control: finding.control.0,
        message: format!("{}:{}: {}", finding.path, finding.place.line, finding.message),
        help: finding.help.clone(),
    }
}

/// Which open violations are closed: those whose control runs clean now, and those that a person
/// let be. Nothing else closes one.
#[derive(Debug, Default)]
pub(super) struct Closed {
    pub(super) clean: Vec<String>,
    pub(super) waived: Vec<String>,
}

impl Closed {
    pub(super) fn of(
        open: &[Open],
        findings: &[Finding],
        scene: &Scene,
        record: &mut Record<'_>,
    ) -> Result<Self, Cause> {
        let mut closed = Self::default();
        if open.is_empty() {
            return Ok(closed);
        }
        let there: BTreeMap<String, &Finding> =
            findings.iter().map(|finding| (finding.fingerprint.to_string(), finding)).collect();
        let (grants, today) = (record.grants()?, crate::project::today().to_string());
        let heeds = heeds_waivers(&scene.root, &scene.settings);
        for one in open {
            match there.get(&one.id) {
                None => closed.clean.push(one.id.clone()),
                Some(finding)
                    if grants.is_allowed(&one.id)
                        || heeds && is_waived(finding, &grants, &today) =>
                {
                    closed.waived.push(one.id.clone());
                }
                Some(_) => {}
            }
        }
        Ok(closed)
    }

    pub(super) fn holds(&self, id: &str) -> bool {
        self.clean.iter().chain(&self.waived).any(|one| one == id)
    }

    pub(super) fn record(self, record: &mut Record<'_>) -> Result<(), Cause> {
        let list = |ids: Vec<String>| Value::List(ids.into_iter().map(Into::into).collect());
        let mut payload = Map::new();
        for (key, ids) in [("violations", self.clean), ("waived", self.waived)] {
            if !ids.is_empty() {
                payload.insert(key.to_owned(), list(ids));
            }
        }
        if payload.is_empty() {
            return Ok(());
        }
        record.append("repair", payload).map(drop)
    }
}

/// What other sessions' events found of this session's calls. It is said once.
pub(super) fn untold(
    session: &Session,
    event: &Event,
    record: &mut Record<'_>,
) -> Result<Vec<Reason>, Cause> {
    if session.untold().is_empty() || event.moment == Moment::SessionEnd {
        return Ok(Vec::new());
    }
    let told: Vec<Reason> = session
        .untold()
        .iter()
        .map(|one| Reason {
            control: assize_checks::control_name(&one.control)
                .map_or("edit-simulate", |control| control.0),
            message: one.message.clone(),
            help: one.help.clone(),
        })
        .collect();
    record.append("told", Map::new())?;
    Ok(told)
}

#[cfg(test)]
mod tests {
    use super::{RuleBook, clause};

    #[test]
    fn every_breach_has_a_clause() {
        let book = RuleBook::backend().ok();
        let of = |name| clause(name, book);
        let none: Vec<&str> = assize_checks::CONTROLS
            .iter()
            .map(|control| control.name.0)
            .filter(|name| of(name) == *name)
            .collect();
        assert_eq!(none, Vec::<&str>::new(), "the rule book has no clause for these");
        assert_eq!(of("team/no-print"), "team/no-print");
    }
}
