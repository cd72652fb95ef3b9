//! Changes of MCP servers, of the lock and of what locked servers run.

mod commands;

use assize_mcp::{HOME_FILES, LOCK, PROJECT_FILES, is_dedicated};
use assize_model::Severity;

use super::{Case, Guard, reason};
use crate::mcp::Part;
use crate::{Effect, Place, Program, Reach, Reason};

pub use commands::asks_for_servers;

pub(crate) const GUARD: Guard = Guard {
    name: "mcp-permit",
    summary: "changes of MCP servers, of their lock and of what locked servers run",
    severity: Severity::Block,
    judge,
    doc: include_str!("doc.md"),
};

const HELP: &str = "say what should change and why; a person changes it, or allows this once";

fn judge(case: &Case<'_>, out: &mut Vec<Reason>) {
    let mut recovers = false;
    let mut deny = |message: String| out.push(reason(&GUARD, message, HELP));
    for effect in case.effects.iter() {
        let found = match effect {
            Effect::Run(program) => {
                recovers = takes_back(program);
                commands::run(program, &case.surroundings.mcp)
            }
            // What git takes back is as it was committed.
            Effect::Write { content: None, reach: Reach::Many, .. } if recovers => None,
            Effect::Write { at, .. } | Effect::Mode { at, .. } => touched(at, false, case),
            Effect::Delete { at, reach } => touched(at, *reach == Reach::Many, case),
            Effect::Move { from, to } => {
                touched(from, true, case).or_else(|| touched(to, false, case))
            }
            Effect::Kill { chosen } => commands::kill(chosen, case),
            _ => None,
        };
        if let Some(message) = found {
            deny(message);
        }
    }
}

/// Whether git brings files back as HEAD has them.
pub(super) fn takes_back(program: &Program) -> bool {
    if program.name != "git" {
        return false;
    }
    let words: Vec<&str> =
        program.words.iter().map(|word| word.as_deref().unwrap_or("?")).collect();
    let Some(at) = words.iter().position(|word| matches!(*word, "restore" | "checkout")) else {
        return false;
    };
    let (rest, restores) = (words.get(at + 1..).unwrap_or(&[]), words.get(at) == Some(&"restore"));
    if restores {
        let source = rest.iter().position(|word| matches!(*word, "-s" | "--source"));
        let named = source.and_then(|at| rest.get(at + 1)).copied().or_else(|| {
            rest.iter().find_map(|word| word.strip_prefix("--source=").or(word.strip_prefix("-s")))
        });
        return named.is_none_or(|source| source == "HEAD");
    }
    let end = rest.iter().position(|word| *word == "--").unwrap_or(rest.len());
    rest.iter().take(end).all(|word| word.starts_with('-') || *word == "HEAD")
}

/// Why a place may not change, if it is one of the protected ones. `whole`: with all below it. Of a
/// pattern nobody knows what it fits; a server that it changes is found by `mcp-lock`.
fn touched(place: &Place, whole: bool, case: &Case<'_>) -> Option<String> {
    let around = case.surroundings;
    let Place::Known(path) = place else { return None };
    let path = path.trim_end_matches('/');
    let hit = |protected: &str| {
        protected == path
            || whole && protected.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'))
    };
    if let Some((file, server)) = around.mcp.files.iter().find(|(file, _)| hit(file)) {
        return Some(format!("the locked MCP server `{server}` rests on `{file}`"));
    }
    if path == format!("{}/{LOCK}", around.root) {
        return Some(format!("`{path}` is the lock of the MCP servers"));
    }
    let settings = case.surroundings.mcp.settings.iter().find(|(file, _)| hit(file));
    let changes = match settings {
        Some((_, part)) => *part == Part::Touched,
        None => is_for_servers_alone(path, case),
    };
    changes.then(|| format!("`{path}` says which MCP servers run"))
}

/// Whether a file holds nothing but servers. What others hold, only who reads them can say.
fn is_for_servers_alone(path: &str, case: &Case<'_>) -> bool {
    let (root, home) = (case.surroundings.root.as_str(), case.surroundings.home.as_str());
    let among = |base: &str, files: &[&str]| {
        let inside = path.strip_prefix(base).and_then(|rest| rest.strip_prefix('/'));
        inside.is_some_and(|inside| files.contains(&inside) && is_dedicated(inside))
    };
    among(root, &PROJECT_FILES) || among(home, &HOME_FILES)
}
