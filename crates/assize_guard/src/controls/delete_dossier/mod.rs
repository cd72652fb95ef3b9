//! What still refers to tracked files that would go, and whether that could be told at all.
//!
//! Without an index nothing can be told, so folders that git holds stay where they are. With one,
//! the front asks [`references`] and [`mentions`], adds the history, and says so.

mod mentions;
mod references;

use assize_model::Severity;

use super::{Case, Guard, Standing, reason};
use crate::{Effect, Place, Reach, Reason};

pub use mentions::{Needles, unsearched};
pub use references::{Reference, references};

/// The control.
pub const GUARD: Guard = Guard {
    name: "delete-dossier",
    summary: "deletions and moves of tracked files that something still refers to",
    severity: Severity::Error,
    judge,
    doc: include_str!("doc.md"),
};

/// More files at once are a person's decision, whatever refers to them.
pub const FILES_MAX: usize = 20;

fn judge(case: &Case<'_>, out: &mut Vec<Reason>) {
    for effect in case.effects.iter() {
        let Effect::Delete { at, reach: Reach::Many } = effect else { continue };
        let path = match at {
            Place::Known(path) => path.as_str(),
            Place::Below(folder) => folder.trim_end_matches('/'),
            Place::Unknown => continue,
        };
        let inside = path.strip_prefix(case.surroundings.root.as_str());
        if inside.is_some_and(|rest| rest.len() > 1) && (case.standing)(path) == Standing::Clean {
            out.push(reason(
                &GUARD,
                format!("git holds all of `{path}`, and much of the tree would go at once"),
                "name the files, and look for what still refers to them first",
            ));
        }
    }
}
