//! The files as they would be after a call, and what the checks say of them.

use std::path::Path;

use assize_guard::{Action, After, Effects, Reason};
use assize_index::Layers;
use assize_ledger::Map;
use assize_model::{Finding, RepoPath, Severity};
use assize_repo::{READ_MAX, read_up_to};
use assize_session::Session;

use super::failing::Cause;
use super::judge::{self, Future, Laid};
use super::real::{Last, real};
use super::rewritten::Rewritten;
use super::scene::Scene;
use super::{create, dossier};
use crate::project::{Keep, Project};
use crate::warm::{self, Index};

/// The files of the work tree that the call would change, as far as that can be told.
pub(super) fn futures(action: &Action, effects: &Effects, scene: &Scene) -> Vec<Future> {
    let read = |path: &str| read_up_to(Path::new(path), READ_MAX).ok();
    let mut simulated = assize_guard::after(action, &scene.surroundings, &read);
    if matches!(action, Action::Shell { .. }) {
        let more = assize_guard::after_effects(effects, &scene.surroundings, &read);
        // A patch that was read as its client reads it is known; its effects name the files only.
        for (path, outcome) in more.files {
            simulated.files.entry(path).or_insert(outcome);
        }
    }
    simulated
        .files
        .into_iter()
        .filter_map(|(path, outcome)| {
            let last = if outcome == After::Deleted { Last::Kept } else { Last::Followed };
            let path = real(&path, last).unwrap_or(path);
            let inside = path.strip_prefix(&scene.surroundings.root)?.strip_prefix('/')?;
            let path = RepoPath::new(inside).ok()?;
            match outcome {
                After::Written(after) => Some(Future { path, after: Some(after) }),
                After::Deleted => Some(Future { path, after: None }),
                // Seen afterwards.
                After::Unknown(_) => None,
            }
        })
        .collect()
}

/// What would newly break, what refers to that which would go, and what is already there. The index
/// as it lies on the disk may be a little old: before anything is held against a call, or anything
/// goes, it is brought up to date.
pub(super) fn judged(
    futures: &[Future],
    effects: &Effects,
    scene: &Scene,
    session: &Session,
) -> Result<Found, Cause> {
    let deletes =
        dossier::concerns(effects, scene) || futures.iter().any(|one| one.after.is_none());
    if futures.is_empty() && !deletes {
        return Ok(Found::default());
    }
    if warm::wait(&scene.root) == Index::Building {
        return Err(Cause::Building);
    }
    let rewritten = Rewritten::by(effects, futures, scene);
    let written = |index: &Layers| written(futures, &rewritten, index, scene, session);
    let mut known = None;
    if !deletes && let Some(index) = crate::project::kept(&scene.root) {
        let found = written(&index);
        if !found.stops() {
            return Ok(found);
        }
        known = Some((index.identity(), found));
    }
    let project = Project::open(&scene.root, Keep::Yes);
    let project = project.map_err(|failure| Cause::Index(failure.to_string()))?;
    let index = &project.indexed.layers;
    // The index was up to date: nothing else would be found.
    if let Some((hash, found)) = known
        && hash == index.identity()
    {
        return Ok(found);
    }
    let mut found = written(index);
    if deletes {
        let call = (futures, effects);
        dossier::look(call, &rewritten, index, scene, session, &mut found);
    }
    Ok(found)
}

fn written(
    futures: &[Future],
    rewritten: &Rewritten,
    index: &Layers,
    scene: &Scene,
    session: &Session,
) -> Found {
    let laid = Laid::new(futures.iter(), index, scene);
    let mut found = Found { findings: judge::by_result(&laid, rewritten), ..Found::default() };
    create::look(futures, &laid, session, &mut found);
    dossier::overwrites(futures, &laid, scene, session, &mut found);
    found
}

/// What the index says of a call.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// What would newly break.
    pub(super) findings: Vec<Finding>,
    pub(super) judged: Vec<(Severity, Reason)>,
    /// What a person decides.
    pub(super) asked: Vec<Reason>,
    /// What was found out of files that would go, for the record.
    pub(super) dossiers: Vec<Map>,
    /// Whether everything that would go could be looked into.
    pub(super) looked_into: bool,
}

impl Found {
    fn stops(&self) -> bool {
        !self.asked.is_empty()
            || self.findings.iter().any(|finding| finding.severity >= Severity::Error)
            || self.judged.iter().any(|(severity, _)| *severity >= Severity::Error)
    }
}
