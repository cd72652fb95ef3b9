//! After a call, and when a session begins: the index is brought up to date, and what newly broke
//! is told.

use assize_checks::difference;
use assize_guard::{Reason, Verdict};
use assize_harness::{Client, Event};
use assize_model::Severity;

use super::failing::{self, Cause};
use super::record;
use super::scene::Scene;
use crate::pass;
use crate::project::{Keep, Project};

/// How many breaches one answer names.
const TOLD_MAX: usize = 3;

/// A session begins: the index is ready when its first call comes.
pub(super) fn begin(client: Client, event: &Event) -> Result<Verdict, Cause> {
    let scene = Scene::of(&event.folder).map_err(|failure| Cause::Settings(failure.to_string()))?;
    let project = Project::open(&scene.root, Keep::Yes);
    let project = project.map_err(|failure| Cause::Index(failure.to_string()))?;
    pass::run(&project);
    record::moment(client, event, &scene, "session-start")?;
    Ok(Verdict::Allow)
}

/// After a call: whatever changed, by whatever means, is checked.
pub(super) fn after(client: Client, event: &Event) -> Result<Verdict, Cause> {
    if event.action.only_looks() {
        return Ok(Verdict::Allow);
    }
    let scene = Scene::of(&event.folder).map_err(|failure| Cause::Settings(failure.to_string()))?;
    let project = Project::open(&scene.root, Keep::Yes);
    let project = project.map_err(|failure| Cause::Index(failure.to_string()))?;
    let before = pass::previous(&project);
    let now = pass::run(&project);
    let Some(before) = before else { return Ok(Verdict::Allow) };
    let mut fresh = difference(&before.findings, now.findings);
    fresh.retain(|finding| finding.severity >= Severity::Error);
    if fresh.is_empty() {
        return Ok(Verdict::Allow);
    }
    let mut told: Vec<Reason> = fresh
        .iter()
        .take(TOLD_MAX)
        .map(|finding| Reason {
            control: finding.control.0,
            message: format!("{}:{}: {}", finding.path, finding.place.line, finding.message),
            help: finding.help.clone(),
        })
        .collect();
    // The index knows the breach from now on: what is not told here is never told.
    if let Err(cause) = record::violations(client, event, &scene, &told) {
        told.push(failing::reason(&cause));
    }
    Ok(Verdict::Deny(told))
}
