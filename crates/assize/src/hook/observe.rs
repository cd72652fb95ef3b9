//! After a call, and whenever a session is heard of again: what changed on the disk is found,
//! attributed, checked and recorded, and the model is told what it broke.

use std::cell::LazyCell;
use std::collections::BTreeMap;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use assize_checks::{Pass, difference};
use assize_guard::{Reason, Verdict};
use assize_harness::{Client, Event, Moment};
use assize_index::View;
use assize_ledger::{Map, Value};
use assize_model::{Finding, Severity};
use assize_repo::{Git, Known};
use assize_session::{Call, Changed, Session, Whose, whose};

use super::failing::{self, Cause};
use super::lift::{heeds_waivers, is_waived};
use super::record::Record;
use super::scene::Scene;
use super::{Told, permit};
use crate::pass;
use crate::permit::{Documents, rules_hash};
use crate::project::{Keep, Project};
use crate::warm::{self, Index};

/// How many breaches an answer names that could not be recorded.
const TOLD_MAX: usize = 3;
/// How many files one entry names.
const FILES_MAX: usize = 500;
/// So many findings of one event become violations; a pass that breaks more has one cause.
const BREACHES_MAX: usize = 50;

/// A file that is not as the index knew it.
struct Seen {
    path: String,
    before: Option<String>,
    after: Option<String>,
    whose: Whose,
}

/// What a look at the disk finds.
struct Found<'a> {
    project: &'a Project,
    /// What was seen last; nothing at the first look.
    seen: Option<&'a pass::Seen>,
    now: &'a Pass,
    /// What newly broke.
    fresh: &'a [Finding],
    /// The call that ended, and those that ran beside it.
    ended: Option<&'a (Call, Vec<Call>)>,
}

/// A session begins: the index is ready when its first call comes.
pub(super) fn begin(client: Client, event: &Event) -> Result<Told, Cause> {
    let scene = Scene::of(&event.folder).map_err(|failure| Cause::Settings(failure.to_string()))?;
    let mut record = Record::open(client, event, &scene)?;
    record.tidy();
    // A repository has one record for all of its work trees.
    let mut started = Map::from([("tree".to_owned(), super::tree_id(&scene.root).into())]);
    let documents = Documents::of(&scene.root, &scene.settings.permit, Some(record.folder()));
    if let Ok(rules) = rules_hash(&scene.root, &documents) {
        started.insert("rules".to_owned(), rules.into());
    }
    record.append("session-start", started)?;
    let context = permit::at_begin(event, &scene, &mut record)?;
    // The rules are given although nothing can be said of the tree yet.
    let verdict = match look(event, &scene, &mut record, None) {
        Err(cause) if context.is_some() => failing::verdict(event, &cause),
        looked => looked?,
    };
    let drifted = super::mcp::at_begin(client, &scene);
    let verdict = match verdict {
        verdict if drifted.is_empty() => verdict,
        Verdict::Deny(told) => Verdict::Deny(drifted.into_iter().chain(told).collect()),
        Verdict::Allow | Verdict::Warn(_) | Verdict::Ask(_) => Verdict::Warn(drifted),
    };
    Ok(Told { context, ..Told::from(verdict) })
}

/// After a call: whatever changed, by whatever means, is checked.
pub(super) fn after(client: Client, event: &Event) -> Result<Verdict, Cause> {
    let scene = Scene::of(&event.folder).map_err(|failure| Cause::Settings(failure.to_string()))?;
    let mut record = Record::open(client, event, &scene)?;
    let (key, now) = (record.key(), record.now_ms);
    let id = event.call.as_deref().unwrap_or("");
    if event.action.only_looks() {
        record.calls(|calls| calls.end(&key, id, now))?;
        return Ok(Verdict::Allow);
    }
    permit::after(event, &scene, &mut record)?;
    // It counts as running until what it did is recorded.
    let ending = record.calls(|calls| calls.ending(&key, id, now))?;
    look(event, &scene, &mut record, ending)
}

/// Between calls: what changed meanwhile, and what other sessions' events found of ours.
pub(super) fn later(client: Client, event: &Event) -> Result<Verdict, Cause> {
    let scene = Scene::of(&event.folder).map_err(|failure| Cause::Settings(failure.to_string()))?;
    let mut record = Record::open(client, event, &scene)?;
    let (key, now) = (record.key(), record.now_ms);
    // An agent that stops worked without a pause, and what no hook saw the end of is its own. Since
    // a call that a person interrupted, the person may have done anything.
    let worked = matches!(event.moment, Moment::Stop | Moment::SubagentStop);
    let rest = |record: &Record<'_>| {
        record.calls(|calls| match event.moment {
            Moment::SessionEnd => calls.leave(&key),
            _ if event.agent.is_none() => calls.rest(&key, now),
            _ => {}
        })
    };
    if !worked {
        rest(&record)?;
    }
    let verdict = look(event, &scene, &mut record, None)?;
    if worked {
        rest(&record)?;
    }
    if event.moment == Moment::SessionEnd {
        record.append("session-end", Map::new())?;
    }
    // A prompt is a person's: it is never stopped for what an agent did.
    Ok(match verdict {
        Verdict::Deny(reasons) if event.moment == Moment::Prompt => Verdict::Warn(reasons),
        verdict => verdict,
    })
}

fn look(
    event: &Event,
    scene: &Scene,
    record: &mut Record<'_>,
    ended: Option<(Call, Vec<Call>)>,
) -> Result<Verdict, Cause> {
    if warm::wait(&scene.root) == Index::Building {
        return Err(Cause::Building);
    }
    let turn = crate::project::turn(&scene.root);
    // Whoever cannot wait for a turn still looks: what others see at once is told twice then.
    let turn = turn.ok().flatten();
    let project = Project::open(&scene.root, Keep::Yes);
    let project = project.map_err(|failure| Cause::Index(failure.to_string()))?;
    let seen = pass::seen(&project);
    let now = pass::now(&project, seen.as_ref());
    let changed = seen.as_ref().filter(|seen| !seen.changed.is_empty());
    let mut fresh = changed.map_or_else(Vec::new, |seen| fresh(&seen.pass.findings, &now));
    pass::explain(&mut fresh, &project);
    let found = Found {
        project: &project,
        seen: seen.as_ref(),
        now: &now,
        fresh: &fresh,
        ended: ended.as_ref(),
    };
    let recorded = recorded(&found, event, scene, record);
    if recorded.is_ok() && !seen.as_ref().is_some_and(pass::Seen::is_now) {
        pass::keep_seen(&project, &now);
    }
    drop(turn);
    match recorded {
        Ok(told) if told.is_empty() => Ok(Verdict::Allow),
        Ok(told) => Ok(Verdict::Deny(told)),
        Err(cause) if fresh.is_empty() => Err(cause),
        // They are found again, but nobody knows when.
        Err(cause) => {
            let mut told: Vec<Reason> = fresh.iter().take(TOLD_MAX).map(reason).collect();
            told.push(failing::reason(&cause));
            Ok(Verdict::Warn(told))
        }
    }
}

/// Records what is found, and says what of it the session must be told.
fn recorded(
    found: &Found<'_>,
    event: &Event,
    scene: &Scene,
    record: &mut Record<'_>,
) -> Result<Vec<Reason>, Cause> {
    let running = running(record, found.ended)?;
    let seen = seen(found, record, &running);
    changes(&seen, record)?;
    let call = found.ended.map(|(call, _)| call).or_else(|| running.first(&record.key()));
    let fresh = granted(found.fresh.to_vec(), scene, record)?;
    let mut told = breaches(&fresh, &seen, &excuse(scene, call, record), event, record)?;
    let session = record.session()?;
    repairs(&session, found.now, record)?;
    told.extend(untold(&session, event, record)?);
    if let Some((call, _)) = found.ended {
        record.calls(|calls| calls.end(&call.session, &call.id, record.now_ms))?;
    }
    Ok(told)
}

/// The calls in whose time something may have changed.
struct Running {
    /// Beside the one that ended just now, or at this moment.
    others: Vec<Call>,
    /// Commands of the session that still run in the background, or may.
    background: Vec<Call>,
}

impl Running {
    /// The call of a session that began first.
    fn first(&self, session: &str) -> Option<&Call> {
        let own = self.others.iter().chain(&self.background).filter(|one| one.session == session);
        own.min_by_key(|one| one.begun_ms)
    }
}

fn running(record: &Record<'_>, ended: Option<&(Call, Vec<Call>)>) -> Result<Running, Cause> {
    let (key, now_ms) = (record.key(), record.now_ms);
    record.calls(|calls| Running {
        others: ended.map_or_else(|| calls.running(now_ms), |(_, others)| others.clone()),
        background: calls.background(&key),
    })
}

/// What changed since somebody looked last, and whose each change is.
fn seen(found: &Found<'_>, record: &Record<'_>, running: &Running) -> Vec<Seen> {
    let Some(last) = found.seen else { return Vec::new() };
    let (key, call) = (record.key(), found.ended.map(|(call, _)| call));
    let background = !running.background.is_empty();
    let mut seen = Vec::new();
    for path in &last.changed {
        let before = hash(last.layers.view(), path);
        let after = hash(found.project.view(), path);
        if before == after {
            continue;
        }
        let changed_ms = changed_ms(&found.project.root.folder.join(path));
        let changed = Changed { path, changed_ms };
        let whose = whose(&changed, &key, call, &running.others, background);
        seen.push(Seen { path: path.clone(), before, after, whose });
    }
    seen
}

fn hash(view: View<'_>, path: &str) -> Option<String> {
    let file = view.file(path)?;
    Some(file.hash().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// When the file changed last; of one that is gone, when its folder did.
fn changed_ms(path: &Path) -> Option<i64> {
    let there = path.symlink_metadata().or_else(|_| path.parent().unwrap_or(path).metadata());
    let metadata = there.ok()?;
    Some(metadata.ctime().saturating_mul(1_000).saturating_add(metadata.ctime_nsec() / 1_000_000))
}

/// Records the changes, each with the session that answers for it.
fn changes(seen: &[Seen], record: &mut Record<'_>) -> Result<(), Cause> {
    let mut by_session: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for one in seen {
        let session = match &one.whose {
            Whose::Other(session) => session.clone(),
            Whose::Own | Whose::Probable | Whose::Unattributed => record.key(),
        };
        let mut file = Map::from([
            ("path".to_owned(), one.path.as_str().into()),
            ("whose".to_owned(), one.whose.word().into()),
        ]);
        let hashes = [("before", &one.before), ("after", &one.after)];
        for (name, hash) in hashes {
            if let Some(hash) = hash {
                file.insert(name.to_owned(), hash.as_str().into());
            }
        }
        by_session.entry(session).or_default().push(Value::Map(file));
    }
    for (session, files) in by_session {
        for files in files.chunks(FILES_MAX) {
            let payload = Map::from([("files".to_owned(), Value::List(files.to_vec()))]);
            record.append_for(&session, "change", payload)?;
        }
    }
    Ok(())
}

fn fresh(before: &[Finding], now: &Pass) -> Vec<Finding> {
    let mut fresh = difference(before, now.findings.clone());
    fresh.retain(|finding| finding.severity >= Severity::Error);
    fresh.truncate(BREACHES_MAX);
    fresh
}

/// Breaches without those that a person let be, or that came with a call that a person allowed.
fn granted(
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
fn excuse<'s>(
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
fn breaches(
    fresh: &[Finding],
    seen: &[Seen],
    excused: &dyn Fn(&str) -> bool,
    event: &Event,
    record: &mut Record<'_>,
) -> Result<Vec<Reason>, Cause> {
    let mut told = Vec::new();
    let mut known: BTreeMap<&str, bool> = BTreeMap::new();
    let begins = event.moment == Moment::SessionStart;
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
        record.append_for(&session, kind, breach(finding, &whose, own))?;
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
        ("message".to_owned(), finding.message.as_str().into()),
        ("help".to_owned(), finding.help.as_str().into()),
        ("whose".to_owned(), whose.word().into()),
        ("told".to_owned(), told.into()),
    ])
}

fn reason(finding: &Finding) -> Reason {
    Reason {
        control: finding.control.0,
        message: format!("{}:{}: {}", finding.path, finding.place.line, finding.message),
        help: finding.help.clone(),
    }
}

/// Violations whose control runs clean now are closed.
fn repairs(session: &Session, now: &Pass, record: &mut Record<'_>) -> Result<(), Cause> {
    if session.open().is_empty() {
        return Ok(());
    }
    let there: std::collections::BTreeSet<String> =
        now.findings.iter().map(|finding| finding.fingerprint.to_string()).collect();
    let closed: Vec<Value> = session
        .open()
        .iter()
        .filter(|open| !there.contains(&open.id))
        .map(|open| open.id.as_str().into())
        .collect();
    if closed.is_empty() {
        return Ok(());
    }
    let payload = Map::from([("violations".to_owned(), Value::List(closed))]);
    record.append("repair", payload).map(drop)
}

/// What other sessions' events found of this session's calls. It is said once.
fn untold(session: &Session, event: &Event, record: &mut Record<'_>) -> Result<Vec<Reason>, Cause> {
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
