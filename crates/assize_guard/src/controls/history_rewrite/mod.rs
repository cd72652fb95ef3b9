//! History that others may have.

use assize_model::Severity;

use super::{Case, Guard, reason};
use crate::{Effect, GitStep, Place, Reason};

pub(crate) const GUARD: Guard = Guard {
    name: "history-rewrite",
    summary: "history that others may have, rewritten or deleted",
    severity: Severity::Error,
    judge,
    doc: include_str!("doc.md"),
};

fn judge(case: &Case<'_>, out: &mut Vec<Reason>) {
    let refs = format!("{}/.git/refs/", case.surroundings.root);
    let packed = format!("{}/.git/packed-refs", case.surroundings.root);
    let by_hand = |place: &Place| match place {
        Place::Known(path) => path.starts_with(&refs) || *path == packed,
        _ => false,
    };
    let rewrites = case.effects.iter().any(|effect| match effect {
        Effect::Git(step) => *step == GitStep::RewriteShared,
        Effect::Write { at, .. } | Effect::Delete { at, .. } => by_hand(at),
        _ => false,
    });
    if rewrites {
        out.push(reason(
            &GUARD,
            "the command rewrites or deletes history that others may have",
            "push a new commit, or a branch of a new name",
        ));
    }
}
