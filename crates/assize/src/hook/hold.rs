//! `violation-stop`: a session with a breach to repair is held to that.
//!
//! Most sessions have none, and nothing is asked. Before a call is held the control runs again:
//! what a person mended meanwhile, a checkout took back, or the call itself would repair, holds
//! nobody.

use assize_checks::{Hints, recheck};
use assize_guard::controls::violation_stop::{GUARD, Purpose, purpose};
use assize_guard::{Effects, Reason};
use assize_harness::Event;
use assize_model::{Finding, Severity};
use assize_session::{Open, Session};

use super::failing::Cause;
use super::judge::{Future, Laid};
use super::record::Record;
use super::scene::Scene;
use super::violation::Closed;
use crate::pass;
use crate::project::{Keep, Project};
use crate::warm::{self, Index};

/// The control.
pub(super) const NAME: &str = GUARD.name;

/// Why a call must wait, if it must.
pub(super) fn look(
    event: &Event,
    (effects, futures): (&Effects, &[Future]),
    scene: &Scene,
    session: &Session,
    record: &mut Record<'_>,
) -> Result<Option<(Severity, Reason)>, Cause> {
    let open = session.open();
    if open.is_empty() || event.action.only_looks() {
        return Ok(None);
    }
    let about = |path: &str| open.iter().any(|one| one.is_about(path));
    let root = &scene.surroundings.root;
    let what = match purpose(&event.action, effects, root, &about) {
        Purpose::Passes => return Ok(None),
        Purpose::Elsewhere(path) => format!("`{path}`"),
        Purpose::Keeps(step) => format!("`{step}`"),
    };
    if warm::wait(&scene.root) == Index::Building {
        return Ok(None);
    }
    let project = Project::open(&scene.root, Keep::Yes);
    let project = project.map_err(|failure| Cause::Index(failure.to_string()))?;
    let now = pass::now(&project, pass::seen(&project).as_ref());
    let closed = Closed::of(open, &now.findings, scene, record)?;
    let left: Vec<&Open> = open.iter().filter(|one| !closed.holds(&one.id)).collect();
    closed.record(record)?;
    let Some(first) = left.first() else { return Ok(None) };
    if repairs(&left, futures, &project, scene, &now) {
        return Ok(None);
    }
    Ok(Some((GUARD.severity, reason(first, left.len(), &what))))
}

/// Whether one of the violations would be gone after the call.
fn repairs(
    open: &[&Open],
    futures: &[Future],
    project: &Project,
    scene: &Scene,
    now: &assize_checks::Pass,
) -> bool {
    if futures.is_empty() {
        return false;
    }
    let index = &project.indexed.layers;
    let laid = Laid::new(futures.iter(), index, scene);
    let paths: Vec<String> = futures.iter().map(|one| one.path.as_str().to_owned()).collect();
    let (before, after) = (index.view(), laid.view());
    let pass = recheck(before, after, now, &paths, &project.settings, Hints::Omitted);
    // What changes so much that only a whole pass could tell is not held for want of one.
    let Some(pass) = pass else { return true };
    let is_there = |id: &str, findings: &[Finding]| {
        findings.iter().any(|finding| finding.fingerprint.to_string() == id)
    };
    open.iter().any(|one| !is_there(&one.id, &pass.findings))
}

fn reason(first: &Open, count: usize, what: &str) -> Reason {
    let Open { path, line, control, .. } = first;
    let more = match count {
        0 | 1 => String::new(),
        count => format!(", and {} more", count.saturating_sub(1)),
    };
    Reason {
        control: NAME,
        message: format!("repair `{path}:{line}` first ({control}{more}), then {what}"),
        help: format!("edit `{path}` or take it back; reads, tests and changes of its files pass"),
    }
}
