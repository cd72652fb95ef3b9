//! Replacements by pattern over many files at once.

use assize_model::Severity;

use super::{Case, Guard, reason};
use crate::{Effect, Reason};

pub(crate) const GUARD: Guard = Guard {
    name: "mass-rewrite",
    summary: "commands that rewrite many files in place at once",
    severity: Severity::Error,
    judge,
    doc: include_str!("doc.md"),
};

fn judge(case: &Case<'_>, out: &mut Vec<Reason>) {
    for effect in case.effects.iter() {
        let Effect::MassRewrite(by) = effect else { continue };
        out.push(reason(
            &GUARD,
            format!("{by} would rewrite many files at once, and nobody has seen which"),
            "run it on a copy first (`git worktree add`), or name the files, at most 20 of them",
        ));
    }
}
