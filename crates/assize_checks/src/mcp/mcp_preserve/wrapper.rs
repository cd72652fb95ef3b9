//! The program that a local server's command names by a path.

use std::collections::BTreeSet;

use assize_index::{FactRef, FileRef, View};
use assize_mcp::{Definition, scripts};
use assize_syntax::{FactKind, FileFlags, Role};

use super::report;
use crate::{Context, Sink};

/// The root, as paths are put together here: no path of a machine begins with it.
const ROOT: &str = "/=root";
const HOME: &str = "/=home";
/// Folders that builds and installations make.
const MADE: [&str; 9] =
    ["dist", "build", "out", "target", "node_modules", ".venv", "venv", "bin", "release"];
/// So many folders an end of an absolute path must have to name one place.
const FOLDERS_MIN: usize = 2;

/// A server with the path of its program.
struct Started<'a> {
    fact: FactRef<'a>,
    path: String,
}

pub(super) fn check(file: FileRef<'_>, context: &Context<'_>, sink: &mut Sink) {
    let all: Vec<Started<'_>> =
        file.facts_of(FactKind::McpLock, Role::Definition).filter_map(started).collect();
    let roots: BTreeSet<String> =
        all.iter().filter_map(|one| proven_root(&one.path, context.view)).collect();
    for one in &all {
        judge(one, &roots, context, sink);
    }
}

/// The server, where its command is a path.
fn started(fact: FactRef<'_>) -> Option<Started<'_>> {
    let definition = Definition::from_json(fact.value)?;
    let command = definition.command.clone().filter(|command| command.contains('/'))?;
    let bare =
        Definition { command: Some(command), folder: definition.folder, ..Definition::default() };
    let path = scripts(&bare, ROOT, HOME).into_iter().next()?;
    Some(Started { fact, path })
}

/// The folder in which the repository once lay, if a path of it ends with that of a file that is
/// here.
fn proven_root(path: &str, view: View<'_>) -> Option<String> {
    let mut rest = path.strip_prefix('/').filter(|_| !path.starts_with("/="))?;
    while let Some((_, below)) = rest.split_once('/') {
        rest = below;
        if rest.matches('/').count() >= FOLDERS_MIN - 1 && view.is_file(rest) {
            return path.strip_suffix(rest).map(str::to_owned);
        }
    }
    None
}

fn judge(one: &Started<'_>, roots: &BTreeSet<String>, context: &Context<'_>, sink: &mut Sink) {
    let view = context.view;
    let inside = one.path.strip_prefix(ROOT).and_then(|rest| rest.strip_prefix('/'));
    let moved = || roots.iter().find_map(|root| one.path.strip_prefix(root.as_str()));
    let Some(path) = inside.or_else(moved) else { return sink.unresolved() };
    let made = path.split('/').any(|part| MADE.contains(&part));
    let Some(file) = view.file(path) else {
        if made || view.is_opaque(path) || context.world.ignored(&view).covers(path, &view) {
            return sink.unresolved();
        }
        let server = one.fact.key;
        let message =
            format!("the MCP server `{server}` is started by `{path}`, which is not there");
        let help = "add the program, or correct the command: until then the server cannot start";
        return sink.report(report(&one.fact, "program-missing", message, help));
    };
    let flags = file.flags();
    if flags.has(FileFlags::LINK) {
        return sink.unresolved();
    }
    if !flags.has(FileFlags::EXECUTABLE) {
        let server = one.fact.key;
        let message =
            format!("the MCP server `{server}` is started by `{path}`, which may not be run");
        let help = "make it executable (`git update-index --chmod=+x`), or name its interpreter";
        sink.report(report(&one.fact, "program-not-executable", message, help));
    }
}
