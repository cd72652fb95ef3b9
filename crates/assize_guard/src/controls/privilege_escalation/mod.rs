//! More rights than the session has.

use assize_model::Severity;

use super::{Case, Guard, reason};
use crate::{Effect, Reason};

pub(crate) const GUARD: Guard = Guard {
    name: "privilege-escalation",
    summary: "more rights than the session has",
    severity: Severity::Error,
    judge,
    doc: include_str!("doc.md"),
};

const HELP: &str = "do it without, or ask the person to run it";

fn judge(case: &Case<'_>, out: &mut Vec<Reason>) {
    for effect in case.effects.iter() {
        match effect {
            Effect::Privilege(how) => {
                out.push(reason(
                    &GUARD,
                    format!("{how} gives more rights than the session has"),
                    HELP,
                ));
            }
            Effect::Mode { mode: Some(mode), .. } if is_wide(mode) => {
                out.push(reason(
                    &GUARD,
                    format!("the mode `{mode}` opens the file to everybody"),
                    HELP,
                ));
            }
            _ => {}
        }
    }
}

/// Modes by which everybody may write, or that run with the rights of the owner.
fn is_wide(mode: &str) -> bool {
    let digits = mode.bytes().all(|byte| byte.is_ascii_digit());
    if digits && (3..=4).contains(&mode.len()) {
        let others = mode.bytes().last().map_or(0, |byte| byte - b'0');
        let special =
            mode.len() == 4 && matches!(mode.as_bytes().first(), Some(b'2' | b'4' | b'6'));
        return others & 2 != 0 || special;
    }
    matches!(mode, "+s" | "u+s" | "g+s" | "a+w" | "o+w" | "a+rwx" | "o+rwx" | "ugo+rwx" | "+rwx")
}
