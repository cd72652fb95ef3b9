//! History that others may have.

use assize_model::Severity;

use super::{Case, Guard, reason};
use crate::{Effect, GitStep, Reason};

pub(crate) const GUARD: Guard = Guard {
    name: "history-rewrite",
    summary: "history that others may have, rewritten or deleted",
    severity: Severity::Error,
    judge,
    doc: include_str!("doc.md"),
};

fn judge(case: &Case<'_>, out: &mut Vec<Reason>) {
    if case.effects.iter().any(|effect| *effect == Effect::Git(GitStep::RewriteShared)) {
        out.push(reason(
            &GUARD,
            "the command rewrites or deletes history that others may have",
            "push a new commit, or a branch of a new name",
        ));
    }
}
