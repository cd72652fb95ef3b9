//! MCP servers that a call removes.

use assize_model::Severity;

use super::{Case, Guard, reason};
use crate::{Effect, Place, Reason};

pub(crate) const GUARD: Guard = Guard {
    name: "mcp-no-remove",
    summary: "MCP servers and their settings that a call removes",
    severity: Severity::Block,
    judge,
    doc: include_str!("doc.md"),
};

/// Settings in which servers stand, below the work tree or the home folder.
const SETTINGS: [&str; 6] = [
    ".mcp.json",
    ".cursor/mcp.json",
    ".vscode/mcp.json",
    ".gemini/settings.json",
    ".codex/config.toml",
    ".claude.json",
];
const HELP: &str = "leave the MCP servers as they are; a person removes one";

fn judge(case: &Case<'_>, out: &mut Vec<Reason>) {
    for effect in case.effects.iter() {
        let gone = match effect {
            Effect::Delete { at, .. } => at,
            Effect::Move { from, .. } => from,
            Effect::Run(program) => {
                let words: Vec<&str> = program.words.iter().flatten().map(String::as_str).collect();
                let removes = matches!(
                    words.as_slice(),
                    ["mcp", "remove" | "rm" | "delete" | "reset-project-choices", ..]
                );
                if removes {
                    out.push(reason(&GUARD, "the command removes an MCP server", HELP));
                }
                continue;
            }
            _ => continue,
        };
        let Place::Known(path) = gone else { continue };
        let (root, home) = (&case.surroundings.root, &case.surroundings.home);
        let ours = |base: &String| SETTINGS.iter().any(|file| *path == format!("{base}/{file}"));
        if ours(root) || ours(home) {
            out.push(reason(&GUARD, format!("`{path}` names MCP servers"), HELP));
        }
    }
}
