//! What a person should know of a client whose settings were changed.

use std::path::Path;

use assize_harness::{Client, knows_failure};

use super::super::status::scope_word;
use crate::cli::Scope;
use crate::clients::{Hooks, Place, stands};

/// What does not work by itself, or works otherwise than one expects.
pub(super) fn of(place: &Place, version: Option<&str>) -> Option<String> {
    let managed = place.scope == Scope::Managed;
    match place.client() {
        Client::ClaudeCode => of_claude(version),
        Client::Codex if !managed => Some(
            "Codex runs these hooks only after a person has trusted them: `/hooks` in Codex"
                .to_owned(),
        ),
        Client::GeminiCli if place.scope == Scope::Project => Some(
            "Gemini CLI passes over the settings of a folder that nobody has trusted in it"
                .to_owned(),
        ),
        Client::CopilotCli if place.scope == Scope::Project => Some(
            "Copilot CLI loads these hooks in a trusted folder only; VS Code reads the same file \
             (by its documentation, not tried)"
                .to_owned(),
        ),
        Client::Cline => Some(
            "Cline ends the whole task where a call of an MCP server is denied, and shows the model \
             no reason"
                .to_owned(),
        ),
        Client::OpenCode => Some(
            "OpenCode loads its plugin package from the network when it first sees this folder"
                .to_owned(),
        ),
        Client::Cursor => Some(
            "the hooks of Cursor follow its documentation and were not tried with it".to_owned(),
        ),
        _ => None,
    }
}

fn of_claude(version: Option<&str>) -> Option<String> {
    if !knows_failure(version) {
        let version = version.unwrap_or_default();
        return Some(format!(
            "Claude Code {version} has no switch for hooks that fail (2.1.295 has): a shell \
             around the hook denies instead, and a call runs when that shell is killed"
        ));
    }
    version.is_none().then(|| {
        "no Claude Code says its version here; before 2.1.295 a call runs when the hook fails: \
         run `init` again where it is installed"
            .to_owned()
    })
}

/// A client whose entries stand in two scopes runs both; Claude Code runs one of two that are the
/// same.
pub(super) fn twice(place: &Place, root: &Path, machine: &Path) -> Option<String> {
    let client = place.client();
    let others = [Scope::Project, Scope::User].into_iter().filter(|scope| *scope != place.scope);
    let asks = |scope: &Scope| {
        let all = stands(*scope, root, machine);
        all.iter().any(|(other, hooks)| other.client() == client && *hooks == Hooks::Live)
    };
    let scope = others.filter(|_| client != Client::ClaudeCode).find(asks)?;
    let (name, word) = (client.name(), scope_word(scope));
    Some(format!(
        "{name} asks Assize by the {word} settings too, so each call is judged twice; \
         `assize uninstall --scope {word} --harness {name}` leaves one"
    ))
}

/// Something of the user's stands in the only place that a client looks at.
pub(super) fn taken(place: &Place, by: &Path) -> String {
    let client = place.client().name();
    let path = by.display();
    let other = if place.scope == Scope::Project { "user" } else { "project" };
    format!(
        "`{path}` is yours and stays, so {client} does not ask Assize there; \
         `assize init --scope {other} --harness {client}` lets it ask from another place"
    )
}
