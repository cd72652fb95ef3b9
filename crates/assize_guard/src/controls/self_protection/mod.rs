//! Changes of what holds Assize up.

use assize_model::Severity;

use super::{Case, Guard, reason};
use crate::protected::{Kind, kind_of, kinds_below};
use crate::{Effect, Place, Program, Reach, Reason};

pub(crate) const GUARD: Guard = Guard {
    name: "self-protection",
    summary: "changes of hook settings, of the rule book, of the ledger and of the program",
    severity: Severity::Block,
    judge,
    doc: include_str!("doc.md"),
};

const ASK: &str = "ask the person, and go on when the answer is there";
const HELP: &str = "leave it as it is; a person changes it by hand";

fn judge(case: &Case<'_>, out: &mut Vec<Reason>) {
    for effect in case.effects.iter() {
        let (place, many) = match effect {
            Effect::Write { content: Some(text), at, .. } if switches_off(text, at) => {
                out.push(reason(&GUARD, "`ASSIZE` is set for later commands", HELP));
                continue;
            }
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
                let declares = matches!(program.name.as_str(), "export" | "declare" | "typeset");
                let mut words = program.words.iter().flatten();
                let declared = declares && words.any(|word| word.starts_with("ASSIZE="));
                if declared || program.variables.iter().any(|(name, _)| name == "ASSIZE") {
                    out.push(reason(&GUARD, "`ASSIZE` is set for a command", HELP));
                }
                if moves_state(program) {
                    out.push(reason(&GUARD, "the ledger would be sought elsewhere", HELP));
                }
                if is_for_people(program) {
                    out.push(reason(&GUARD, "the command decides what a person decides", ASK));
                }
                continue;
            }
            Effect::Read(at) if is_key(at, case) => {
                out.push(reason(&GUARD, "the command reads a key of Assize", HELP));
                continue;
            }
            _ => continue,
        };
        told(place, many, case, out);
    }
}

/// Whether a client or Assize itself would look for the state in another folder.
fn moves_state(program: &Program) -> bool {
    let moves = |(name, _): &(String, Option<String>)| name == "XDG_STATE_HOME";
    let reads = ["assize", "claude", "codex", "gemini", "cursor-agent", "copilot", "qwen", "cline"];
    reads.contains(&program.name.as_str()) && program.variables.iter().any(moves)
}

/// Commands of Assize and of the service that grant what an agent must ask for.
fn is_for_people(program: &Program) -> bool {
    let words: Vec<&str> = program.words.iter().flatten().map(String::as_str).collect();
    let has = |wanted: &str| words.contains(&wanted);
    match program.name.as_str() {
        "assize" => match words.first() {
            Some(&"approve") => !has("--list"),
            Some(&("waive" | "uninstall")) => true,
            Some(&"enforce") => !has("--help"),
            Some(&"init") => has("--enforce"),
            Some(&"mcp") => has("lock"),
            Some(&"baseline") => has("--upgrade"),
            Some(&"ledger") => has("forget"),
            _ => false,
        },
        "cargo" | "brew" | "npm" => has("uninstall") && has("assize"),
        "gh" => {
            let api = words.iter().any(|word| word.ends_with("/pending_deployments"));
            has("pr") && has("review") && (has("--approve") || has("-a"))
                || has("api") && api && words.iter().any(|word| word.ends_with("=approved"))
        }
        _ => false,
    }
}

/// Whether a text that is written sets the switch for whatever reads it; prose may name it.
fn switches_off(text: &str, at: &Place) -> bool {
    let prose = matches!(at, Place::Known(path) if path.ends_with(".md") || path.ends_with(".txt"));
    let sets = |line: &str| {
        let line = line.trim().trim_start_matches("export ").trim_start();
        line.strip_prefix("ASSIZE=").is_some_and(|value| value.trim_matches(['"', '\'']) == "off")
    };
    !prose && text.lines().any(sets)
}

/// Whether keys are among what is read: the folder of the state, or a file of that name in it.
fn is_key(place: &Place, case: &Case<'_>) -> bool {
    let state = format!("{}/.local/state/assize", case.surroundings.home);
    match place {
        Place::Known(path) => path.starts_with(&state) && path.ends_with("/key"),
        Place::Below(folder) => folder.starts_with(&state),
        Place::Unknown => false,
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
