//! Changes of what holds Assize up.

use assize_model::Severity;

use super::{Case, Guard, reason};
use crate::protected::{Kind, kind_of, kinds_below};
use crate::{Effect, Place, Reach, Reason};

pub(crate) const GUARD: Guard = Guard {
    name: "self-protection",
    summary: "changes of hook settings, of the rule book, of the ledger and of the program",
    severity: Severity::Block,
    judge,
    doc: include_str!("doc.md"),
};

const HELP: &str = "leave it as it is; a person changes it by hand";

fn judge(case: &Case<'_>, out: &mut Vec<Reason>) {
    for effect in case.effects.iter() {
        let (place, many) = match effect {
            Effect::Write { at, reach, .. } | Effect::Delete { at, reach } => {
                (at, *reach == Reach::Many)
            }
            Effect::Mode { at, .. } => (at, false),
            Effect::Move { from, to } => {
                told(from, true, case, out);
                (to, false)
            }
            Effect::Run(program) => {
                // `ASSIZE=off` is for people.
                if program.variables.iter().any(|(name, _)| name == "ASSIZE") {
                    out.push(reason(&GUARD, "`ASSIZE` is set for a command", HELP));
                }
                continue;
            }
            _ => continue,
        };
        told(place, many, case, out);
    }
}

fn told(place: &Place, many: bool, case: &Case<'_>, out: &mut Vec<Reason>) {
    let own = match place {
        Place::Known(path) => {
            kind_of(place, case.surroundings) == Some(Kind::Own)
                || many && kinds_below(path, case.surroundings).contains(&Kind::Own)
        }
        // The whole tree is not meant by a pattern in it; a folder of settings is.
        Place::Below(folder) => {
            let narrow = folder.len() > case.surroundings.root.len() + 1;
            narrow && kinds_below(folder, case.surroundings).contains(&Kind::Own)
        }
        Place::Unknown => false,
    };
    if own {
        let path = match place {
            Place::Known(path) | Place::Below(path) => path.as_str(),
            Place::Unknown => "",
        };
        out.push(reason(&GUARD, format!("`{path}` holds Assize or its hooks up"), HELP));
    }
}
