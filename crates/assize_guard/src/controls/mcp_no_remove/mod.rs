//! MCP servers that a call removes.

use assize_model::Severity;

use super::mcp_permit::takes_back;
use super::{Case, Guard, reason};
use crate::{Action, Effect, Place, Reach, Reason};

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
/// Those of them that hold nothing but servers.
const SERVERS_ONLY: [&str; 3] = [".mcp.json", ".cursor/mcp.json", ".vscode/mcp.json"];
const HELP: &str = "leave the MCP servers as they are; a person removes one";

fn judge(case: &Case<'_>, out: &mut Vec<Reason>) {
    let restores = |effect: &Effect| matches!(effect, Effect::Run(program) if takes_back(program));
    let restored = case.effects.iter().any(restores);
    for effect in case.effects.iter() {
        let gone = match effect {
            // What git brings back as it has it.
            Effect::Write { content: None, reach: Reach::Many, .. } if restored => continue,
            Effect::Delete { at, .. } => at,
            Effect::Move { from, .. } if is_settings(from, &SETTINGS, case) => from,
            // Only settings that hold nothing but servers: others change for other reasons.
            Effect::Move { to, .. } if is_settings(to, &SERVERS_ONLY, case) => to,
            Effect::Write { at, content, append: false, .. }
                if is_settings(at, &SERVERS_ONLY, case) && loses(content.as_deref(), case) =>
            {
                at
            }
            Effect::Kill { chosen } => {
                if chosen.iter().flatten().any(|word| word.contains("mcp")) {
                    out.push(reason(&GUARD, "the command ends an MCP server", HELP));
                }
                continue;
            }
            Effect::Run(program) => {
                let words: Vec<&str> = program.words.iter().flatten().map(String::as_str).collect();
                let removes = matches!(
                    words.as_slice(),
                    ["mcp", "remove" | "rm" | "delete" | "reset-project-choices", ..]
                ) || uninstalls_server(&words);
                if removes {
                    out.push(reason(&GUARD, "the command removes an MCP server", HELP));
                }
                continue;
            }
            _ => continue,
        };
        let Place::Known(path) = gone else { continue };
        if is_settings(gone, &SETTINGS, case) {
            out.push(reason(&GUARD, format!("`{path}` names MCP servers"), HELP));
        }
    }
}

fn is_settings(place: &Place, files: &[&str], case: &Case<'_>) -> bool {
    let Place::Known(path) = place else { return false };
    let bases = [&case.surroundings.root, &case.surroundings.home];
    bases.iter().any(|base| files.iter().any(|file| *path == format!("{base}/{file}")))
}

/// Whether a write may leave servers out. What a tool for edits takes away is told by its texts;
/// of a command, only content that names servers is sure to keep any.
fn loses(content: Option<&str>, case: &Case<'_>) -> bool {
    match case.action {
        Action::Edit { changes, .. } => changes.iter().any(|change| {
            let kept = |text: &&str| !text.contains('"') || change.new.contains(*text);
            !change.old.split([',', '{', '}', '\n']).map(str::trim).all(|text| kept(&text))
        }),
        _ => !content.is_some_and(|text| text.contains("\"command\"") || text.contains("\"url\"")),
    }
}

/// `npm uninstall -g @modelcontextprotocol/server-x`.
fn uninstalls_server(words: &[&str]) -> bool {
    let removes = |word: &&str| matches!(*word, "uninstall" | "remove" | "rm" | "un");
    let server =
        |word: &&str| word.contains("modelcontextprotocol/") || word.contains("mcp-server");
    words.first().is_some_and(removes) && words.iter().any(server)
}
