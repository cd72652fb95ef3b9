//! What would run again by itself.

use assize_model::Severity;

use super::{Case, Guard, reason};
use crate::protected::{Kind, kinds_below, starts};
use crate::{Effect, Place, Reach, Reason};

pub(crate) const GUARD: Guard = Guard {
    name: "persistence",
    summary: "writes to what starts with a shell, a session, a machine or an editor",
    severity: Severity::Error,
    judge,
    doc: include_str!("doc.md"),
};

/// Programs that plan later runs.
const PLANNERS: [&str; 8] =
    ["crontab", "at", "batch", "launchctl", "loginctl", "ssh-copy-id", "schtasks", "schtasks.exe"];
const HELP: &str = "show the person the lines; they put them there";

fn judge(case: &Case<'_>, out: &mut Vec<Reason>) {
    for effect in case.effects.iter() {
        match effect {
            Effect::Write { at, reach, .. } | Effect::Delete { at, reach } => {
                told(at, *reach == Reach::Many, case, out);
            }
            Effect::Move { to, .. } => told(to, false, case, out),
            Effect::Run(program) => {
                let first = program.words.first().and_then(Option::as_deref);
                let lists = matches!(first, Some("-l" | "list" | "print"));
                let enables = program
                    .words
                    .iter()
                    .flatten()
                    .any(|word| matches!(word.as_str(), "enable" | "link" | "reenable"));
                let plans = PLANNERS.contains(&program.name.as_str()) && !lists
                    || program.name == "systemctl" && enables
                    || program.name == "systemd-run"
                        && program.words.iter().flatten().any(|word| word.starts_with("--on-"));
                if plans {
                    let name = &program.name;
                    out.push(reason(&GUARD, format!("`{name}` plans a later run"), HELP));
                }
            }
            _ => {}
        }
    }
}

fn told(place: &Place, many: bool, case: &Case<'_>, out: &mut Vec<Reason>) {
    let Place::Known(path) = place else { return };
    let starts = starts(place, case.surroundings)
        || many && kinds_below(path, case.surroundings).contains(&Kind::Startup);
    if starts {
        out.push(reason(&GUARD, format!("`{path}` is read when something starts"), HELP));
    }
}
