//! Replacements by pattern over many files at once.

use assize_model::Severity;

use super::{Case, Guard, Standing, reason};
use crate::{Effect, Place, Reason};

pub(crate) const GUARD: Guard = Guard {
    name: "mass-rewrite",
    summary: "commands that rewrite many files in place at once",
    severity: Severity::Error,
    judge,
    doc: include_str!("doc.md"),
};

/// Whether the files are none that anybody keeps: they lie outside, or git ignores them.
fn is_free(at: &Place, case: &Case<'_>) -> bool {
    let (Place::Known(path) | Place::Below(path)) = at else { return false };
    let path = path.trim_end_matches('/');
    let standing = (case.standing)(path);
    let root = case.surroundings.root.as_str();
    path != root && matches!(standing, Standing::Outside | Standing::Ignored | Standing::Own)
}

fn judge(case: &Case<'_>, out: &mut Vec<Reason>) {
    for effect in case.effects.iter() {
        let Effect::MassRewrite { at, by } = effect else { continue };
        if is_free(at, case) {
            continue;
        }
        out.push(reason(
            &GUARD,
            format!("{by} would rewrite many files at once, and nobody has seen which"),
            "run it on a copy first (`git worktree add`), or name the files, at most 20 of them",
        ));
    }
}
