//! The pass over a project: taken from the cache where nothing changed, else run.
//!
//! Two are kept. The one beside the index is whole. The one over what was seen last has no hints: a
//! hook brings it up to date after every call, and seeks hints for what it tells alone.

use std::collections::BTreeSet;
use std::sync::Arc;

use assize_checks::{CONTROLS, Hints, Pass, bare, check_all, decode, encode, give_hints, recheck};
use assize_index::{FileRef, Layers};
use assize_model::Finding;
use assize_repo::Cache;

use crate::project::Project;

/// Runs all controls, or what of them must run again.
///
/// The last pass is kept beside the index. It is valid for exactly one index, configuration and
/// day; a cache that cannot be written costs time, nothing else, and the index says so already.
pub(crate) fn run(project: &Project) -> Pass {
    let view = project.view();
    let whole = || check_all(view, &project.settings, Hints::Given);
    let Some(cache) = &project.cache else { return whole() };
    let kept = cache.read_pass();
    let key = key(&project.indexed.layers, project, Hints::Given);
    if let Some(pass) = kept.as_deref().and_then(|bytes| decode(bytes, &key)) {
        return pass;
    }
    let again = project.indexed.previous.as_ref().and_then(|(old, changed)| {
        let known = decode(kept.as_deref()?, &self::key(old, project, Hints::Given))?;
        recheck(old.view(), view, &known, changed, &project.settings, Hints::Given)
    });
    let pass = again.or_else(|| seen_now(project, cache)).unwrap_or_else(whole);
    drop(cache.replace_pass(&encode(&pass, &key)));
    pass
}

/// The pass over what was seen last, with hints, where that is what there is now.
fn seen_now(project: &Project, cache: &Cache) -> Option<Pass> {
    let now = &project.indexed.layers;
    let (seen, bytes) = cache.seen(&project.tag, now.base())?;
    if seen.identity() != now.identity() {
        return None;
    }
    let mut pass = decode(&bytes?, &key(now, project, Hints::Omitted))?;
    explain(&mut pass.findings, project);
    Some(pass)
}

/// What was seen last, and what has changed since.
pub(crate) struct Seen {
    pub(crate) layers: Layers,
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
    let now = &project.indexed.layers;
    let (layers, bytes) = project.cache.as_ref()?.seen(&project.tag, now.base())?;
    let is_now = layers.identity() == now.identity();
    if !is_now && !Arc::ptr_eq(layers.base(), now.base()) {
        layers.base().verify().ok()?;
    }
    let changed = if is_now { Vec::new() } else { changed(&layers, now) };
    let key = key(&layers, project, Hints::Omitted);
    let pass = bytes.and_then(|bytes| decode(&bytes, &key));
    let is_kept = pass.is_some();
    let pass = pass.unwrap_or_else(|| without_hints(&layers, project));
    Some(Seen { layers, pass, is_kept, changed })
}

/// The pass over what there is now, without hints.
pub(crate) fn now(project: &Project, seen: Option<&Seen>) -> Pass {
    let since = |seen: &Seen| {
        if seen.changed.is_empty() {
            return Some(seen.pass.clone());
        }
        let (old, new) = (seen.layers.view(), project.view());
        recheck(old, new, &seen.pass, &seen.changed, &project.settings, Hints::Omitted)
    };
    seen.and_then(since).unwrap_or_else(|| without_hints(&project.indexed.layers, project))
}

/// A pass without hints, where none is known for what was seen: the one beside the index may be one
/// over the same.
fn without_hints(layers: &Layers, project: &Project) -> Pass {
    let bytes = project.cache.as_ref().and_then(Cache::read_pass);
    let known = bytes.and_then(|bytes| decode(&bytes, &key(layers, project, Hints::Given)));
    known.map_or_else(|| check_all(layers.view(), &project.settings, Hints::Omitted), bare)
}

/// Says of findings of such a pass over what there is now what to do about them.
pub(crate) fn explain(findings: &mut [Finding], project: &Project) {
    if !findings.is_empty() {
        give_hints(findings, project.view(), &project.settings);
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

/// Keeps what is there now as seen, with its pass without hints: whatever it shows has been
/// recorded. Where that fails it shows once more.
pub(crate) fn keep_seen(project: &Project, now: &Pass) {
    let layers = &project.indexed.layers;
    if let Some(cache) = &project.cache {
        drop(cache.keep_seen(
            layers,
            &encode(now, &key(layers, project, Hints::Omitted)),
            &project.tag,
        ));
    }
}

/// Everything that a pass follows from.
fn key(layers: &Layers, project: &Project, hints: Hints) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&project.tag).update(&layers.identity());
    hasher.update(&(CONTROLS.len() as u64).to_le_bytes());
    hasher.update(project.config_text.as_bytes());
    let today = project.settings.today;
    hasher.update(&today.year.to_le_bytes()).update(&[today.month, today.day]);
    hasher.update(&[u8::from(hints == Hints::Given)]);
    *hasher.finalize().as_bytes()
}
