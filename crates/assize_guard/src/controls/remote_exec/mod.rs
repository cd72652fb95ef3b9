//! Code that is fetched and run in one go.

use assize_model::Severity;

use super::{Case, Guard, reason};
use crate::{Effect, Reason};

pub(crate) const GUARD: Guard = Guard {
    name: "remote-exec",
    summary: "code that comes from the network, or is decoded first, and runs in one go",
    severity: Severity::Error,
    judge,
    doc: include_str!("doc.md"),
};

fn judge(case: &Case<'_>, out: &mut Vec<Reason>) {
    if case.effects.iter().any(|effect| *effect == Effect::RunsFetched) {
        out.push(reason(
            &GUARD,
            "code is fetched or decoded and run in one go",
            "fetch it to a file, read it, and run it in a second step",
        ));
    }
}
