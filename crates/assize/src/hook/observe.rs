//! After a call, and whenever a session is heard of again: what changed on the disk is found,
//! attributed, checked and recorded, and the model is told what it broke.

use assize_checks::{Pass, difference};
use assize_guard::{Reason, Verdict};
use assize_harness::{Client, Event, Moment};
use assize_ledger::Map;
use assize_model::{Finding, Severity};
use assize_session::Call;

use super::failing::{self, Cause};
use super::record::Record;
use super::scene::Scene;
use super::violation::{self, Closed};
use super::{Told, base, cause, changes, permit};
use crate::pass;
use crate::permit::{Documents, rules_hash};
use crate::project::{Keep, Project};
use crate::warm::{self, Index};

/// How many breaches an answer names that could not be recorded.
const TOLD_MAX: usize = 3;
/// So many findings of one event become violations; a pass that breaks more has one cause.
const BREACHES_MAX: usize = 50;

/// What a look at the disk finds.
pub(super) struct Found<'a> {
    pub(super) project: &'a Project,
    /// What was seen last; nothing at the first look.
    pub(super) seen: Option<&'a pass::Seen>,
    now: &'a Pass,
    /// What newly broke.
    fresh: &'a [Finding],
    /// The call that ended, and those that ran beside it.
    pub(super) ended: Option<&'a (Call, Vec<Call>)>,
}

/// A session begins: the index is ready when its first call comes.
pub(super) fn begin(client: Client, event: &Event) -> Result<Told, Cause> {
    let scene = Scene::of(&event.folder).map_err(|failure| Cause::Settings(failure.to_string()))?;
    let mut record = Record::open(client, event, &scene)?;
    record.tidy();
    // A repository has one record for all of its work trees.
    let mut started = Map::from([
        ("tree".to_owned(), super::tree_id(&scene.root).into()),
        ("head".to_owned(), crate::state::head(&scene.root).into()),
    ]);
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
    cause::plan(&event.action, &mut record)?;
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
    // What changed until now had other reasons.
    cause::prompt(&event.action, &mut record)?;
    if event.moment == Moment::SessionEnd {
        record.append("session-end", Map::new())?;
    }
    let verdict = super::stop::answer(event, &scene, &mut record, verdict)?;
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
            let mut told: Vec<Reason> =
                fresh.iter().take(TOLD_MAX).map(violation::reason).collect();
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
    let seen = changes::seen(found, record, &running);
    changes::record(&seen, found, record)?;
    let call = found.ended.map(|(call, _)| call).or_else(|| running.first(&record.key()));
    let fresh = violation::granted(found.fresh.to_vec(), scene, record)?;
    let excuse = violation::excuse(scene, call, record);
    let mut told = violation::record(&fresh, (&seen, found), &excuse, event, record)?;
    let session = record.session()?;
    Closed::of(session.open(), &found.now.findings, scene, record)?.record(record)?;
    told.extend(violation::untold(&session, event, record)?);
    if event.moment == Moment::SessionStart {
        base::record(found.project, record)?;
    }
    if let Some((call, _)) = found.ended {
        record.calls(|calls| calls.end(&call.session, &call.id, record.now_ms))?;
    }
    Ok(told)
}

/// The calls in whose time something may have changed.
pub(super) struct Running {
    /// Beside the one that ended just now, or at this moment.
    pub(super) others: Vec<Call>,
    /// Commands of the session that still run in the background, or may.
    pub(super) background: Vec<Call>,
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

fn fresh(before: &[Finding], now: &Pass) -> Vec<Finding> {
    let mut fresh = difference(before, now.findings.clone());
    fresh.retain(|finding| finding.severity >= Severity::Error);
    fresh.truncate(BREACHES_MAX);
    fresh
}
