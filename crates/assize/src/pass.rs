//! The pass over a project: taken from the cache where nothing changed, else run.
//!
//! Two are kept. The one beside the index is whole. The one over what was seen last has no hints: a
//! hook brings it up to date after every call, and seeks hints for what it tells alone.

use assize_checks::{CONTROLS, Hints, Pass, bare, check_all, decode, encode, give_hints, recheck};
use assize_index::{FileRef, Overlay, Snapshot, View};
use assize_model::Finding;
use assize_repo::Cache;

use crate::project::Project;

/// Runs all controls, or what of them must run again.
///
/// The last pass is kept beside the index. It is valid for exactly one snapshot, configuration and
/// day; a cache that cannot be written costs time, nothing else, and the index says so already.
pub(crate) fn run(project: &Project) -> Pass {
    let none = Overlay::new();
    let view = View::new(&project.indexed.snapshot, &none);
    let whole = || check_all(view, &project.settings, Hints::Given);
    let Some(cache) = &project.cache else { return whole() };
    let kept = cache.read_pass();
    let key = key(&project.indexed.snapshot, project, Hints::Given);
    if let Some(pass) = kept.as_deref().and_then(|bytes| decode(bytes, &key)) {
        return pass;
    }
    let again = project.indexed.previous.as_ref().and_then(|(old, changed)| {
        let known = decode(kept.as_deref()?, &self::key(old, project, Hints::Given))?;
        let old = View::new(old, &none);
        recheck(old, view, &known, changed, &project.settings, Hints::Given)
    });
    let pass = again.or_else(|| seen_now(project, cache)).unwrap_or_else(whole);
    drop(cache.replace_pass(&encode(&pass, &key)));
    pass
}

/// The pass over what was seen last, with hints, where that is what there is now.
fn seen_now(project: &Project, cache: &Cache) -> Option<Pass> {
    let now = &project.indexed.snapshot;
    let (seen, bytes) = cache.seen(&project.tag)?;
    if seen.content_hash() != now.content_hash() {
        return None;
    }
    let mut pass = decode(&bytes?, &key(now, project, Hints::Omitted))?;
    explain(&mut pass.findings, project);
    Some(pass)
}

/// What was seen last, and what has changed since.
pub(crate) struct Seen {
    pub(crate) snapshot: Snapshot,
    /// The pass over it, by the settings of today and without hints.
    pub(crate) pass: Pass,
    /// Whether that is the pass that is kept for it.
    is_kept: bool,
    pub(crate) changed: Vec<String>,
}

impl Seen {
    /// Whether what there is now is what was seen, and its pass is kept.
    pub(crate) fn is_now(&self) -> bool {
        self.is_kept && self.changed.is_empty()
    }
}

/// What was seen last; nothing where nothing was.
pub(crate) fn seen(project: &Project) -> Option<Seen> {
    let (snapshot, bytes) = project.cache.as_ref()?.seen(&project.tag)?;
    let now = &project.indexed.snapshot;
    let changed = if snapshot.content_hash() == now.content_hash() {
        Vec::new()
    } else {
        snapshot.verify().ok()?;
        changed(&snapshot, now)
    };
    let key = key(&snapshot, project, Hints::Omitted);
    let pass = bytes.and_then(|bytes| decode(&bytes, &key));
    let is_kept = pass.is_some();
    let pass = pass.unwrap_or_else(|| without_hints(&snapshot, project));
    Some(Seen { snapshot, pass, is_kept, changed })
}

/// The pass over what there is now, without hints.
pub(crate) fn now(project: &Project, seen: Option<&Seen>) -> Pass {
    let (none, now) = (Overlay::new(), &project.indexed.snapshot);
    let since = |seen: &Seen| {
        if seen.changed.is_empty() {
            return Some(seen.pass.clone());
        }
        let (old, new) = (View::new(&seen.snapshot, &none), View::new(now, &none));
        recheck(old, new, &seen.pass, &seen.changed, &project.settings, Hints::Omitted)
    };
    seen.and_then(since).unwrap_or_else(|| without_hints(now, project))
}

/// A pass without hints, where none is known for what was seen: the one beside the index may be one
/// over the same.
fn without_hints(snapshot: &Snapshot, project: &Project) -> Pass {
    let bytes = project.cache.as_ref().and_then(Cache::read_pass);
    let known = bytes.and_then(|bytes| decode(&bytes, &key(snapshot, project, Hints::Given)));
    known.map(bare).unwrap_or_else(|| {
        check_all(View::new(snapshot, &Overlay::new()), &project.settings, Hints::Omitted)
    })
}

/// Says of findings of such a pass over what there is now what to do about them.
pub(crate) fn explain(findings: &mut [Finding], project: &Project) {
    if !findings.is_empty() {
        let none = Overlay::new();
        give_hints(findings, View::new(&project.indexed.snapshot, &none), &project.settings);
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
    // Both are in order of path.
    let mut before = old.files().peekable();
    let mut changed = Vec::new();
    for file in new.files() {
        let path = file.path();
        while let Some(gone) = before.next_if(|one| one.path() < path) {
            changed.push(gone.path().to_owned());
        }
        let was = before.next_if(|one| one.path() == path);
        if !was.is_some_and(|was| is_same(&was, &file)) {
            changed.push(path.to_owned());
        }
    }
    changed.extend(before.map(|gone| gone.path().to_owned()));
    changed
}

/// Keeps what is there now as seen, with its pass without hints: whatever it shows has been
/// recorded. Where that fails it shows once more.
pub(crate) fn keep_seen(project: &Project, now: &Pass) {
    let snapshot = &project.indexed.snapshot;
    if let Some(cache) = &project.cache {
        drop(cache.keep_seen(snapshot, &encode(now, &key(snapshot, project, Hints::Omitted))));
    }
}

/// Everything that a pass follows from.
fn key(snapshot: &Snapshot, project: &Project, hints: Hints) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&project.tag).update(&snapshot.content_hash());
    hasher.update(&(CONTROLS.len() as u64).to_le_bytes());
    hasher.update(project.config_text.as_bytes());
    let today = project.settings.today;
    hasher.update(&today.year.to_le_bytes()).update(&[today.month, today.day]);
    hasher.update(&[u8::from(hints == Hints::Given)]);
    *hasher.finalize().as_bytes()
}
