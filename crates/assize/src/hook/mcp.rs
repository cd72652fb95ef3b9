//! MCP servers before a call: what locked servers rest on, and whether the one that is called is as
//! it was locked.
//!
//! Files are read only where the call can matter: for calls of a server's tool, and for calls that
//! touch settings. A lock that cannot be read is no reason to trust what it locked.

use std::path::Path;

use assize_guard::controls::asks_for_servers;
use assize_guard::{
    Action, After, Effect, Effects, McpSet, Part, Place, Reason, Running, after, after_effects,
};
use assize_harness::Client;
use assize_mcp::{
    Difference, Drift, Locked, environment_files, is_dedicated, same_servers, target,
};
use assize_model::Severity;
use assize_repo::read_up_to;

use super::scene::Scene;
use crate::mcp::{Ground, Locks, Reading, is_among, is_named};

/// The name under which the answers are given.
pub(crate) const CONTROL: &str = "mcp-lock";

const UNREADABLE: &str = "a person looks at the lock and runs `assize mcp lock`";
const DRIFTED: &str = "take the change back, or ask a person to look at `assize mcp status` and \
                       run `assize mcp lock`";
const TOOLS: &str = "ask a person to look at the server and run `assize mcp lock --tools`";
const UNKNOWN: &str = "ask a person to look at the server and run `assize mcp lock`";
/// Servers of a client itself, which no file names.
const BUILT_IN: [&str; 1] = ["ide"];
/// Managed settings: who may write them may do anything.
const MANAGED: &str = "/etc/claude-code/managed-mcp.json";
/// How many differences one answer names.
const TOLD_MAX: usize = 3;

/// The protected set, as far as this call can touch it.
pub(super) fn protected(action: &Action, effects: &Effects, scene: &Scene) -> McpSet {
    if action.only_looks() || !changes(effects) {
        return McpSet::default();
    }
    let ground = Ground::new(&scene.root);
    let mut set =
        McpSet { settings: settings(action, effects, &ground, scene), ..McpSet::default() };
    // Of a lock that cannot be read nothing is known; calls of servers are denied.
    let locks = Locks::read(&scene.root).ok().flatten().unwrap_or_default();
    for locked in &locks.servers {
        let scripts = locked.scripts.keys().map(|name| ground.path(name));
        let files = environment_files(&locked.definition, &ground.root, &ground.home);
        set.files.extend(scripts.chain(files).map(|path| (path, locked.name.clone())));
        set.servers.push(Running {
            name: locked.name.clone(),
            line: locked.definition.command_line(),
            target: target(&locked.definition),
        });
    }
    set
}

/// Whether the call may change what servers rest on. What only runs programs mostly cannot.
fn changes(effects: &Effects) -> bool {
    effects.iter().any(|effect| match effect {
        Effect::Write { .. }
        | Effect::Delete { .. }
        | Effect::Mode { .. }
        | Effect::Move { .. }
        | Effect::Kill { .. } => true,
        Effect::Run(program) => asks_for_servers(program),
        _ => false,
    })
}

/// What the call does to the servers in each of the settings that it touches.
fn settings(
    action: &Action,
    effects: &Effects,
    ground: &Ground,
    scene: &Scene,
) -> Vec<(String, Part)> {
    let touched: Vec<(String, String)> = Ground::files()
        .map(|file| (ground.path(&file), file))
        .filter(|(path, _)| effects.iter().any(|effect| touches(effect, path)))
        .collect();
    if touched.is_empty() {
        return Vec::new();
    }
    let read = |path: &str| read_up_to(Path::new(path), assize_mcp::FILE_BYTES_MAX).ok();
    let mut files = after(action, &scene.surroundings, &read).files;
    if matches!(action, Action::Shell { .. }) {
        files.extend(after_effects(effects, &scene.surroundings, &read).files);
    }
    let part = |(path, file): (String, String)| {
        let part = part(&file, files.get(&path), ground);
        (path, part)
    };
    touched.into_iter().map(part).collect()
}

fn touches(effect: &Effect, path: &str) -> bool {
    let is = |place: &Place, whole: bool| match place {
        Place::Known(known) => {
            let known = known.trim_end_matches('/');
            let below = path.strip_prefix(known).is_some_and(|rest| rest.starts_with('/'));
            known == path || whole && below
        }
        Place::Below(folder) => path.starts_with(folder.as_str()),
        Place::Unknown => false,
    };
    match effect {
        Effect::Write { at, .. } | Effect::Mode { at, .. } => is(at, false),
        Effect::Delete { at, .. } => is(at, true),
        Effect::Move { from, to } => is(from, true) || is(to, false),
        _ => false,
    }
}

fn part(file: &str, outcome: Option<&After>, ground: &Ground) -> Part {
    let path = ground.path(file);
    let before = match ground.servers(file) {
        Reading::Absent => None,
        Reading::Servers(_) | Reading::Unreadable => std::fs::read_to_string(&path).ok(),
    };
    let has_servers = || match ground.servers(file) {
        Reading::Absent => false,
        Reading::Servers(servers) => !servers.is_empty(),
        Reading::Unreadable => true,
    };
    let touched = match (outcome, before) {
        (Some(After::Written(after)), before) => {
            let after = String::from_utf8_lossy(after);
            !same_servers(file, &before.unwrap_or_default(), &after, &ground.root)
        }
        // A file that is gone named nobody, or its servers go.
        (Some(After::Deleted), before) => before.is_some() && has_servers(),
        // Nobody can tell what it will say. Where servers are named, or nothing else, that matters.
        (Some(After::Unknown(_)) | None, _) => is_dedicated(file) || has_servers(),
    };
    if touched { Part::Touched } else { Part::Kept }
}

/// What speaks against a call of a server's tool.
pub(super) fn called(action: &Action, client: Client, scene: &Scene) -> Option<(Severity, Reason)> {
    let Action::Mcp { server, tool, .. } = action else { return None };
    let locks = match Locks::read(&scene.root) {
        Ok(Some(locks)) => locks,
        Ok(None) => return None,
        Err(why) => {
            let message = format!("the lock of the MCP servers cannot be read: {why}");
            return Some((Severity::Block, reason(message, UNREADABLE)));
        }
    };
    let (server, tool) = &meant(client, server, tool, &locks);
    let ground = Ground::new(&scene.root);
    let files = files(client);
    let found = ground.drifts(&locks, &files, Some(server));
    let locked =
        locks.servers.iter().any(|one| is_named(&one.name, server) && is_among(&one.file, &files));
    match (locked, found.is_empty()) {
        (true, true) => unknown_tool(&locks, (server, tool), &files),
        (true, false) => Some((Severity::Block, reason(told(&found), DRIFTED))),
        (false, true) if is_given(server, &ground) => None,
        (false, _) => {
            let message = format!("no lock names the MCP server `{server}`");
            Some((Severity::Error, reason(message, UNKNOWN)))
        }
    }
}

/// A tool that the server did not tell of when a person asked it. What it says of its tools now,
/// only who starts it can know: here nothing is started.
fn unknown_tool(
    locks: &Locks,
    (server, tool): (&str, &str),
    files: &[String],
) -> Option<(Severity, Reason)> {
    let is_it = |one: &&Locked| is_named(&one.name, server) && is_among(&one.file, files);
    let locked: Vec<&Locked> = locks.servers.iter().filter(is_it).collect();
    let has = |one: &&Locked| one.tools.is_empty() || one.tools.keys().any(|it| is_named(it, tool));
    if locked.iter().any(has) {
        return None;
    }
    let message = Difference::ToolAdded(tool.to_owned()).words(server);
    Some((Severity::Block, reason(message, TOOLS)))
}

/// The server and the tool of a call. Copilot joins them by a sign that both may hold: the longest
/// name of the lock counts.
fn meant(client: Client, server: &str, tool: &str, locks: &Locks) -> (String, String) {
    let told = || (server.to_owned(), tool.to_owned());
    if client != Client::CopilotCli {
        return told();
    }
    let whole = format!("{server}-{tool}");
    let begins = |name: &&str| whole.strip_prefix(*name).is_some_and(|rest| rest.starts_with('-'));
    let names = locks.servers.iter().map(|one| one.name.as_str());
    let longest = names.filter(begins).max_by_key(|name| name.len());
    let parts = longest.and_then(|name| Some((name, whole.get(name.len() + 1..)?)));
    parts.map_or_else(told, |(name, rest)| (name.to_owned(), rest.to_owned()))
}

/// Whether a server comes from the client itself or from who manages the machine.
fn is_given(server: &str, ground: &Ground) -> bool {
    let managed = match ground.servers(MANAGED) {
        Reading::Servers(servers) => servers.iter().any(|one| is_named(&one.name, server)),
        Reading::Absent | Reading::Unreadable => false,
    };
    managed || BUILT_IN.contains(&server)
}

/// What a session is told when it begins.
pub(super) fn at_begin(client: Client, scene: &Scene) -> Vec<Reason> {
    match Locks::read(&scene.root) {
        Ok(None) => Vec::new(),
        Ok(Some(locks)) => {
            let mut found = Ground::new(&scene.root).drifts(&locks, &files(client), None);
            // What was added is told when it is called.
            found.retain(|one| one.difference != Difference::Added);
            if found.is_empty() { Vec::new() } else { vec![reason(told(&found), DRIFTED)] }
        }
        Err(why) => {
            let message = format!("the lock of the MCP servers cannot be read: {why}");
            vec![reason(message, UNREADABLE)]
        }
    }
}

/// The files from which a client takes servers.
fn files(client: Client) -> Vec<String> {
    let files: &[&str] = match client {
        Client::ClaudeCode => &[".mcp.json", "~/.claude.json"],
        Client::Codex => &[".codex/config.toml", "~/.codex/config.toml"],
        Client::GeminiCli => &[".gemini/settings.json", "~/.gemini/settings.json"],
        Client::QwenCode => &[".qwen/settings.json", "~/.qwen/settings.json"],
        Client::CopilotCli => &[".mcp.json", ".github/mcp.json", "~/.copilot/mcp-config.json"],
        Client::Cursor => &[".cursor/mcp.json", "~/.cursor/mcp.json"],
        Client::VsCode => &[".vscode/mcp.json"],
        Client::OpenCode => &["opencode.json", "~/.config/opencode/opencode.json"],
        Client::Cline => &["~/.cline/data/settings/cline_mcp_settings.json"],
    };
    files.iter().map(|file| (*file).to_owned()).collect()
}

fn told(drifts: &[Drift]) -> String {
    let words: Vec<String> = drifts.iter().take(TOLD_MAX).map(Drift::words).collect();
    words.join("; ")
}

fn reason(message: String, help: &str) -> Reason {
    Reason { control: CONTROL, message, help: help.to_owned() }
}
