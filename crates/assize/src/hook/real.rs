//! Where paths lead when the links in them are followed.
//!
//! A link that an agent makes must not lead past a judgement of the place behind it, so effects are
//! judged at both ends.

use std::path::{Component, Path, PathBuf};

use assize_guard::{Effect, Effects, Place};

/// So many places of one call are followed.
const PLACES_MAX: usize = 1_000;

/// Whether the last part of a path is followed too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Last {
    /// What is written or read lies behind the link.
    Followed,
    /// Who deletes or moves a link leaves what is behind it.
    Kept,
}

/// The path without links, of what need not be there yet; nothing where it cannot be told.
pub(super) fn real(path: &str, last: Last) -> Option<String> {
    let path = Path::new(path);
    let (start, kept) = match last {
        Last::Followed => (path, None),
        Last::Kept => (path.parent()?, path.file_name()),
    };
    let mut real = followed(start)?;
    real.extend(kept);
    real.into_os_string().into_string().ok()
}

/// As far as something is there it is followed; a link to nothing leads to what would be made.
fn followed(path: &Path) -> Option<PathBuf> {
    const LINKS_MAX: usize = 40;
    let mut path = path.to_path_buf();
    for _ in 0..LINKS_MAX {
        let there = path.ancestors().find_map(|above| Some((above, above.canonicalize().ok()?)));
        let (above, real) = there?;
        let rest = path.strip_prefix(above).ok()?;
        let mut parts = rest.components();
        let Some(next) = parts.next() else { return Some(real) };
        match real.join(next).read_link() {
            Ok(target) => path = plain(&real.join(target).join(parts.as_path())),
            Err(_) => return Some(real.join(rest)),
        }
    }
    None
}

/// Without `.` and `..`, as they are written.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                plain.pop();
            }
            Component::CurDir => {}
            part => plain.push(part),
        }
    }
    plain
}

/// The effects, and behind them those at the places to which links lead.
pub(super) fn followed_too(mut effects: Effects) -> Effects {
    let more: Vec<Effect> = effects.iter().take(PLACES_MAX).filter_map(behind).collect();
    effects.all.extend(more);
    effects
}

/// The effect behind a link, if there is one.
fn behind(effect: &Effect) -> Option<Effect> {
    let mut other = effect.clone();
    let moved = match &mut other {
        Effect::Read(at) | Effect::Write { at, .. } | Effect::Mode { at, .. } => {
            follow(at, Last::Followed)
        }
        Effect::Delete { at, .. } => follow(at, Last::Kept),
        Effect::Move { from, to } => {
            // Both ends, whatever the first says.
            let moved = follow(from, Last::Kept);
            follow(to, Last::Followed) || moved
        }
        Effect::MassRewrite { at, .. } => follow(at, Last::Followed),
        Effect::Network { sends, .. } => {
            let moved: Vec<bool> = sends.iter_mut().map(|at| follow(at, Last::Followed)).collect();
            moved.contains(&true)
        }
        Effect::Run(_)
        | Effect::RunsFetched
        | Effect::Kill { .. }
        | Effect::Package { .. }
        | Effect::Git(_)
        | Effect::Privilege(_)
        | Effect::DestroyRemote(_)
        | Effect::Opaque(_)
        | Effect::CannotKnow(_) => false,
    };
    moved.then_some(other)
}

/// Replaces a place by the one to which it leads; says whether that is another one.
fn follow(at: &mut Place, last: Last) -> bool {
    let (path, last, folder) = match at {
        Place::Known(path) => (path, last, false),
        Place::Below(path) => (path, Last::Followed, true),
        Place::Unknown => return false,
    };
    let Some(mut real) = real(path, last).filter(|real| !is_alias(path, real)) else {
        return false;
    };
    if folder {
        real.push('/');
    }
    let moved = real != *path;
    *path = real;
    moved
}

/// Whether only a folder at the top is another one, as `/tmp` on macOS and `/bin` elsewhere:
/// that is the machine's, and what lies there is judged by its usual name.
fn is_alias(path: &str, real: &str) -> bool {
    let rest = path.trim_start_matches('/');
    let (top, rest) = rest.split_once('/').unwrap_or((rest, ""));
    let Ok(top) = Path::new(&format!("/{top}")).canonicalize() else { return false };
    Path::new(real) == top.join(rest)
}
