//! Deployments and clean-ups while a window is declared in which there are none.

mod commands;

use assize_model::Severity;

use super::{Case, Guard, reason};
use crate::{Effect, Reason};

pub(crate) const GUARD: Guard = Guard {
    name: "freeze-window",
    summary: "commands that deploy or clean up in a declared window without changes",
    severity: Severity::Error,
    judge,
    doc: include_str!("doc.md"),
};

const HELP: &str = "wait until the window ends, or ask a person to allow it";

fn judge(case: &Case<'_>, out: &mut Vec<Reason>) {
    let Some(window) = &case.surroundings.frozen else { return };
    let found = case.effects.iter().find_map(|effect| match effect {
        Effect::Run(program) => commands::deploys(program),
        // A container comes back from its image.
        Effect::DestroyRemote(what) if what != "docker rm" => Some(what.clone()),
        _ => None,
    });
    if let Some(what) = found {
        let message = format!("`{what}` changes what runs, in a window without changes ({window})");
        out.push(reason(&GUARD, message, HELP));
    }
}
