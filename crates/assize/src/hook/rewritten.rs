//! Files that a call rewrites in a way that cannot be told beforehand: `sed -i`, a codemod.
//!
//! What breaks in them, or still refers to something, is seen after the call and not held against
//! it.

use std::collections::BTreeSet;

use assize_guard::{Effect, Effects, Place};

use super::call;
use super::judge::Future;
use super::scene::Scene;

/// Files that the call rewrites in a way that cannot be told beforehand.
pub(super) struct Rewritten {
    paths: BTreeSet<String>,
    folders: Vec<String>,
    /// Whether it may be any file.
    pub(super) anything: bool,
}

impl Rewritten {
    pub(super) fn by(effects: &Effects, futures: &[Future], scene: &Scene) -> Self {
        let known: BTreeSet<&str> = futures.iter().map(|future| future.path.as_str()).collect();
        let mut paths: BTreeSet<String> =
            call::predicted(effects, futures, scene).into_iter().collect();
        paths.retain(|path| !known.contains(path.as_str()));
        let mut rewritten = Self { paths, folders: Vec::new(), anything: false };
        for effect in effects.iter() {
            match effect {
                Effect::Write { at: Place::Below(folder), .. } => {
                    let folder = folder.trim_end_matches('/');
                    rewritten.anything |= folder == scene.surroundings.root;
                    rewritten
                        .folders
                        .extend(call::inside(folder, scene).map(|inside| inside + "/"));
                }
                Effect::Write { at: Place::Unknown, .. } => rewritten.anything = true,
                _ => {}
            }
        }
        rewritten
    }

    /// Whether it may be rewritten.
    pub(super) fn may_hold(&self, path: &str) -> bool {
        self.anything || self.holds(path)
    }

    /// Whether it is known to be rewritten.
    pub(super) fn holds(&self, path: &str) -> bool {
        self.paths.contains(path) || self.folders.iter().any(|folder| path.starts_with(folder))
    }
}
