//! The pass over a project: taken from the cache where nothing changed, else run.

use std::collections::BTreeSet;
use std::sync::Arc;

use assize_checks::{CONTROLS, Pass, check_all, decode, encode, recheck};
use assize_index::{FileRef, Layers};
use assize_model::Finding;

use crate::project::Project;

/// Runs all controls, or what of them must run again.
///
/// The last pass is kept beside the index. It is valid for exactly one index, configuration and
/// day; a cache that cannot be written costs time, nothing else, and the index says so already.
pub(crate) fn run(project: &Project) -> Pass {
    run_since(project, None)
}

/// The same; what was seen last spares a whole pass where the last one was of another state.
pub(crate) fn run_since(project: &Project, seen: Option<&Seen>) -> Pass {
    let view = project.view();
    let Some(cache) = &project.cache else { return check_all(view, &project.settings) };
    let kept = cache.read_pass();
    let key = key(&project.indexed.layers, project);
    if let Some(pass) = kept.as_deref().and_then(|bytes| decode(bytes, &key)) {
        return pass;
    }
    let again = project.indexed.previous.as_ref().and_then(|(old, changed)| {
        let known = decode(kept.as_deref()?, &self::key(old, project))?;
        recheck(old.view(), view, &known, changed, &project.settings)
    });
    let since = |seen: &Seen| {
        recheck(seen.layers.view(), view, seen.pass.as_ref()?, &seen.changed, &project.settings)
    };
    let again = again.or_else(|| seen.and_then(since));
    let pass = again.unwrap_or_else(|| check_all(view, &project.settings));
    drop(cache.replace_pass(&encode(&pass, &key)));
    pass
}

/// What was seen last, and what has changed since.
pub(crate) struct Seen {
    pub(crate) layers: Layers,
    /// The pass over it; nothing where nothing has changed, or the settings have.
    pass: Option<Pass>,
    pub(crate) changed: Vec<String>,
}

/// What was seen last; nothing where nothing was.
pub(crate) fn seen(project: &Project) -> Option<Seen> {
    let now = &project.indexed.layers;
    let (layers, pass) = project.cache.as_ref()?.seen(&project.tag, now.base())?;
    if layers.identity() == now.identity() {
        return Some(Seen { layers, pass: None, changed: Vec::new() });
    }
    if !Arc::ptr_eq(layers.base(), now.base()) {
        layers.base().verify().ok()?;
    }
    let changed = changed(&layers, now);
    let pass = pass.and_then(|bytes| decode(&bytes, &key(&layers, project)));
    Some(Seen { layers, pass, changed })
}

impl Seen {
    /// The findings of that time by the settings of today.
    pub(crate) fn findings(&self, project: &Project) -> Vec<Finding> {
        self.pass.as_ref().map_or_else(
            || check_all(self.layers.view(), &project.settings).findings,
            |pass| pass.findings.clone(),
        )
    }
}

/// The files that are not as they were; one that was only touched is.
fn changed(old: &Layers, new: &Layers) -> Vec<String> {
    let is_same = |one: FileRef<'_>, other: FileRef<'_>| {
        one.hash() == other.hash()
            && one.flags() == other.flags()
            && one.class() == other.class()
            && one.problem() == other.problem()
    };
    let (before, after) = (old.view(), new.view());
    let differs = |path: &str| match (before.file(path), after.file(path)) {
        (Some(one), Some(other)) => !is_same(one, other),
        (before, after) => before.is_some() || after.is_some(),
    };
    // Where both lie over one snapshot, only what lies over it can differ.
    let paths: BTreeSet<&str> = if Arc::ptr_eq(old.base(), new.base()) {
        old.changes().changes().chain(new.changes().changes()).map(|(path, _)| path).collect()
    } else {
        before.files().chain(after.files()).map(|file| file.path()).collect()
    };
    paths.into_iter().filter(|path| differs(path)).map(str::to_owned).collect()
}

/// Keeps what is there now as seen: whatever it shows has been recorded. Where that fails it shows
/// once more.
pub(crate) fn keep_seen(project: &Project, now: &Pass) {
    let layers = &project.indexed.layers;
    if let Some(cache) = &project.cache {
        drop(cache.keep_seen(layers, &encode(now, &key(layers, project)), &project.tag));
    }
}

/// Everything that a pass follows from.
fn key(layers: &Layers, project: &Project) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&project.tag).update(&layers.identity());
    hasher.update(&(CONTROLS.len() as u64).to_le_bytes());
    hasher.update(project.config_text.as_bytes());
    let today = project.settings.today;
    hasher.update(&today.year.to_le_bytes()).update(&[today.month, today.day]);
    *hasher.finalize().as_bytes()
}
