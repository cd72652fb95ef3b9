//! The pass over a project: taken from the cache where nothing changed, else run.

use assize_checks::{CONTROLS, Pass, check_all, decode, encode, recheck};
use assize_index::{FileRef, Overlay, Snapshot, View};
use assize_model::Finding;

use crate::project::Project;

/// Runs all controls, or what of them must run again.
///
/// The last pass is kept beside the index. It is valid for exactly one snapshot, configuration and
/// day; a cache that cannot be written costs time, nothing else, and the index says so already.
pub(crate) fn run(project: &Project) -> Pass {
    run_since(project, None)
}

/// The same; what was seen last spares a whole pass where the last one was of another state.
pub(crate) fn run_since(project: &Project, seen: Option<&Seen>) -> Pass {
    let none = Overlay::new();
    let view = View::new(&project.indexed.snapshot, &none);
    let Some(cache) = &project.cache else { return check_all(view, &project.settings) };
    let kept = cache.read_pass();
    let key = key(&project.indexed.snapshot, project);
    if let Some(pass) = kept.as_deref().and_then(|bytes| decode(bytes, &key)) {
        return pass;
    }
    let again = project.indexed.previous.as_ref().and_then(|(old, changed)| {
        let known = decode(kept.as_deref()?, &self::key(old, project))?;
        recheck(View::new(old, &none), view, &known, changed, &project.settings)
    });
    let since = |seen: &Seen| {
        let old = View::new(&seen.snapshot, &none);
        recheck(old, view, seen.pass.as_ref()?, &seen.changed, &project.settings)
    };
    let again = again.or_else(|| seen.and_then(since));
    let pass = again.unwrap_or_else(|| check_all(view, &project.settings));
    drop(cache.replace_pass(&encode(&pass, &key)));
    pass
}

/// What was seen last, and what has changed since.
pub(crate) struct Seen {
    pub(crate) snapshot: Snapshot,
    /// The pass over it; nothing where nothing has changed, or the settings have.
    pass: Option<Pass>,
    pub(crate) changed: Vec<String>,
}

/// What was seen last; nothing where nothing was.
pub(crate) fn seen(project: &Project) -> Option<Seen> {
    let (snapshot, pass) = project.cache.as_ref()?.seen(&project.tag)?;
    let now = &project.indexed.snapshot;
    if snapshot.content_hash() == now.content_hash() {
        return Some(Seen { snapshot, pass: None, changed: Vec::new() });
    }
    snapshot.verify().ok()?;
    let changed = changed(&snapshot, now);
    let pass = pass.and_then(|bytes| decode(&bytes, &key(&snapshot, project)));
    Some(Seen { snapshot, pass, changed })
}

impl Seen {
    /// The findings of that time by the settings of today.
    pub(crate) fn findings(&self, project: &Project) -> Vec<Finding> {
        let none = Overlay::new();
        self.pass.as_ref().map_or_else(
            || check_all(View::new(&self.snapshot, &none), &project.settings).findings,
            |pass| pass.findings.clone(),
        )
    }
}

/// The files that are not as they were; one that was only touched is.
fn changed(old: &Snapshot, new: &Snapshot) -> Vec<String> {
    let none = Overlay::new();
    let (old, new) = (View::new(old, &none), View::new(new, &none));
    let is_same = |one: &FileRef<'_>, other: &FileRef<'_>| {
        one.hash() == other.hash()
            && one.flags() == other.flags()
            && one.class() == other.class()
            && one.problem() == other.problem()
    };
    let differs = |file: &FileRef<'_>| !old.file(file.path()).is_some_and(|o| is_same(&o, file));
    let there = new.files().filter(differs).map(|file| file.path().to_owned());
    let gone = old.files().filter(|file| new.file(file.path()).is_none());
    there.chain(gone.map(|file| file.path().to_owned())).collect()
}

/// Keeps what is there now as seen: whatever it shows has been recorded. Where that fails it shows
/// once more.
pub(crate) fn keep_seen(project: &Project, now: &Pass) {
    let snapshot = &project.indexed.snapshot;
    if let Some(cache) = &project.cache {
        drop(cache.keep_seen(snapshot, &encode(now, &key(snapshot, project))));
    }
}

/// Everything that a pass follows from.
fn key(snapshot: &Snapshot, project: &Project) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&project.tag).update(&snapshot.content_hash());
    hasher.update(&(CONTROLS.len() as u64).to_le_bytes());
    hasher.update(project.config_text.as_bytes());
    let today = project.settings.today;
    hasher.update(&today.year.to_le_bytes()).update(&[today.month, today.day]);
    *hasher.finalize().as_bytes()
}
