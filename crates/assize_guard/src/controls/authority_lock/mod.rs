//! Changes of the documents that decide.

use assize_model::Severity;

use super::mcp_permit::takes_back;
use super::{Case, Guard, reason};
use crate::{Effect, Place, Reach, Reason};

pub(crate) const GUARD: Guard = Guard {
    name: "authority-lock",
    summary: "changes of the folder whose documents decide",
    severity: Severity::Block,
    judge,
    doc: include_str!("doc.md"),
};

const HELP: &str = "say what should change and why; a person changes it, or allows this once";

fn judge(case: &Case<'_>, out: &mut Vec<Reason>) {
    if case.surroundings.authority.is_empty() {
        return;
    }
    let mut recovers = false;
    for effect in case.effects.iter() {
        let found = match effect {
            Effect::Run(program) => {
                recovers = takes_back(program);
                None
            }
            // What git takes back is as it was committed.
            Effect::Write { content: None, reach: Reach::Many, .. } if recovers => None,
            Effect::Write { at, .. } | Effect::Mode { at, .. } => touched(at, false, case),
            Effect::Delete { at, reach } => touched(at, *reach == Reach::Many, case),
            Effect::Move { from, to } => {
                touched(from, true, case).or_else(|| touched(to, false, case))
            }
            _ => None,
        };
        if let Some(path) = found {
            out.push(reason(&GUARD, format!("`{path}` belongs to the authority documents"), HELP));
        }
    }
}

/// The place, if it lies in the folder, or is the folder. `whole`: or if the folder lies in it.
fn touched<'p>(place: &'p Place, whole: bool, case: &Case<'_>) -> Option<&'p str> {
    let (Place::Known(path) | Place::Below(path)) = place else { return None };
    let path = path.trim_end_matches('/');
    let inside = |inner: &str, outer: &str| {
        inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    // Of a pattern over the whole tree nobody knows what it fits.
    let whole = whole && matches!(place, Place::Known(_));
    let hit = |folder: &String| inside(path, folder) || whole && inside(folder, path);
    case.surroundings.authority.iter().any(hit).then_some(path)
}
