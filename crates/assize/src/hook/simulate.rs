//! The files as they would be after a call, and what the checks say of them.

use std::path::Path;

use assize_guard::{Action, After, Effects, Reason};
use assize_index::Snapshot;
use assize_model::{RepoPath, Severity};
use assize_repo::{READ_MAX, read_up_to};

use super::failing::Cause;
use super::judge::{self, Future};
use super::scene::Scene;
use crate::project::{Keep, Project};
use crate::warm::{self, Index};

/// The files of the work tree that the call would change, as far as that can be told.
pub(super) fn futures(action: &Action, effects: &Effects, scene: &Scene) -> Vec<Future> {
    let read = |path: &str| read_up_to(Path::new(path), READ_MAX).ok();
    let mut simulated = assize_guard::after(action, &scene.surroundings, &read);
    if matches!(action, Action::Shell { .. }) {
        let more = assize_guard::after_effects(effects, &scene.surroundings, &read);
        simulated.files.extend(more.files);
    }
    simulated
        .files
        .into_iter()
        .filter_map(|(path, outcome)| {
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

/// What would newly break. The index as it lies on the disk may be a little old: before anything is
/// held against a call, it is brought up to date.
pub(super) fn judged(futures: &[Future], scene: &Scene) -> Result<Vec<(Severity, Reason)>, Cause> {
    if futures.is_empty() {
        return Ok(Vec::new());
    }
    if warm::wait(&scene.root) == Index::Building {
        return Err(Cause::Building);
    }
    let mut known = None;
    if let Some(snapshot) = kept(scene) {
        let found = judge::by_result(futures, &snapshot, scene);
        if found.iter().all(|(severity, _)| *severity < Severity::Error) {
            return Ok(found);
        }
        known = Some((snapshot.content_hash(), found));
    }
    let project = Project::open(&scene.root, Keep::Yes);
    let project = project.map_err(|failure| Cause::Index(failure.to_string()))?;
    // The index was up to date: nothing else would be found.
    if let Some((hash, found)) = known
        && hash == project.indexed.snapshot.content_hash()
    {
        return Ok(found);
    }
    Ok(judge::by_result(futures, &project.indexed.snapshot, scene))
}

fn kept(scene: &Scene) -> Option<Snapshot> {
    crate::project::kept(&scene.root)
}
