//! What a call looks at and is known to change, for the session's state.

use std::path::Path;

use assize_guard::{Action, Effect, Effects, Place, Reach};
use assize_repo::read_up_to;

use super::judge::Future;
use super::scene::Scene;

/// Files above this size are looked at in pieces, and nobody knows in which.
const READ_BYTES_MAX: u64 = 4 << 20;
/// One call reads hardly more files by name.
const READS_MAX: usize = 32;

/// The content hashes of the files that the call reads, by their paths below the root.
pub(super) fn reads(effects: &Effects, scene: &Scene) -> Vec<(String, String)> {
    let read = |effect: &Effect| match effect {
        Effect::Read(Place::Known(path)) => {
            let bytes = read_up_to(Path::new(path), READ_BYTES_MAX).ok()?;
            Some((inside(path, scene)?, content_hash(&bytes)))
        }
        _ => None,
    };
    effects.iter().filter_map(read).take(READS_MAX).collect()
}

/// The form in which the index and the ledger name a content.
pub(crate) fn content_hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().chars().take(32).collect()
}

/// What the call looks for, in lower case.
pub(super) fn searches(action: &Action, effects: &Effects) -> Vec<String> {
    let mut found: Vec<String> = match action {
        Action::Search { pattern, .. } => vec![sought(pattern)],
        _ => Vec::new(),
    };
    for effect in effects.iter() {
        let Effect::Run(program) = effect else { continue };
        let words: Vec<&str> = program.words.iter().flatten().map(String::as_str).collect();
        let searched = match (program.name.as_str(), words.as_slice()) {
            ("grep" | "egrep" | "fgrep" | "rg" | "ag" | "ack" | "fd" | "find", words) => words,
            ("git", ["grep" | "ls-files", rest @ ..]) => rest,
            ("assize", ["index", "show", rest @ ..]) => rest,
            _ => continue,
        };
        let told = searched.iter().filter(|word| !word.starts_with('-') && word.len() > 2);
        found.extend(told.map(|word| sought(word)));
    }
    found
}

/// A credential is known by its letters as they are, so it is masked before they become small.
fn sought(word: &str) -> String {
    crate::state::redacted(word).to_lowercase()
}

/// The paths below the root that the call is known to change.
pub(super) fn predicted(effects: &Effects, futures: &[Future], scene: &Scene) -> Vec<String> {
    let mut paths: Vec<String> =
        futures.iter().map(|future| future.path.as_str().to_owned()).collect();
    for effect in effects.iter() {
        let places = match effect {
            Effect::Write { at, .. } | Effect::Mode { at, .. } => [Some(at), None],
            Effect::Delete { at, reach: Reach::One } => [Some(at), None],
            Effect::Move { from, to } => [Some(from), Some(to)],
            _ => continue,
        };
        for place in places.into_iter().flatten() {
            if let Place::Known(path) = place {
                paths.extend(inside(path, scene));
            }
        }
    }
    paths.sort_unstable();
    paths.dedup();
    paths
}

/// Whether the call changes what is predicted and nothing else.
pub(super) const fn is_exact(action: &Action) -> bool {
    matches!(
        action,
        Action::Write { .. }
            | Action::Edit { .. }
            | Action::Notebook { .. }
            | Action::Patch { .. }
            | Action::Read { .. }
            | Action::Search { .. }
            | Action::Web { .. }
    )
}

pub(super) const fn is_background(action: &Action) -> bool {
    matches!(action, Action::Shell { background: true, .. })
}

/// An absolute path as one below the root.
pub(super) fn inside(path: &str, scene: &Scene) -> Option<String> {
    let inside = path.strip_prefix(&scene.surroundings.root)?.strip_prefix('/')?;
    (!inside.is_empty()).then(|| inside.to_owned())
}
