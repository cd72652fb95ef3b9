//! The pass over a project: taken from the cache where nothing changed, else run.

use assize_checks::{CONTROLS, Pass, check_all, decode, encode, recheck};
use assize_index::{Overlay, Snapshot, View};

use crate::project::Project;

/// Runs all controls, or what of them must run again.
///
/// The last pass is kept beside the index. It is valid for exactly one snapshot, configuration and
/// day; a cache that cannot be written costs time, nothing else, and the index says so already.
pub(crate) fn run(project: &Project) -> Pass {
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
    let pass = again.unwrap_or_else(|| check_all(view, &project.settings));
    drop(cache.replace_pass(&encode(&pass, &key)));
    pass
}

/// The last pass before the files changed that the index now knows as changed; nothing where none
/// is kept, or nothing changed.
pub(crate) fn previous(project: &Project) -> Option<Pass> {
    let (old, _) = project.indexed.previous.as_ref()?;
    decode(&project.cache.as_ref()?.read_pass()?, &key(old, project))
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
