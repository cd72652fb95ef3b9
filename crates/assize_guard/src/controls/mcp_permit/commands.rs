//! Commands that change servers without naming a file of theirs.

use crate::controls::Case;
use crate::mcp::{McpSet, Running};
use crate::{Effect, Program};

/// Clients with a command of their own for servers.
const CLIENTS: [&str; 9] =
    ["claude", "codex", "gemini", "qwen", "copilot", "cursor-agent", "droid", "auggie", "amp"];
/// What such a command may do besides looking.
const CHANGES: [&str; 12] = [
    "add",
    "add-json",
    "add-from-claude-desktop",
    "remove",
    "rm",
    "delete",
    "reset-project-choices",
    "enable",
    "disable",
    "import",
    "update",
    "edit",
];
const ENGINES: [&str; 3] = ["docker", "podman", "nerdctl"];
const MANAGERS: [&str; 10] =
    ["npm", "pnpm", "yarn", "bun", "pip", "pip3", "pipx", "uv", "python", "python3"];
/// Programs that find processes by their names.
const FINDERS: [&str; 2] = ["pgrep", "pidof"];
/// Names that fit half of what runs on a machine.
const COMMON: [&str; 21] = [
    "node",
    "python",
    "python3",
    "npx",
    "uvx",
    "docker",
    "bash",
    "server",
    "start",
    "serve",
    "main",
    "index.js",
    "server.js",
    "main.py",
    "server.py",
    "dist",
    "scripts",
    "true",
    "false",
    "http",
    "stdio",
];
/// A shorter pattern fits too much by accident.
const PATTERN_CHARS_MIN: usize = 4;

/// Whether it matters to a program which servers there are.
pub fn asks_for_servers(program: &Program) -> bool {
    let name = program.name.as_str();
    ENGINES.contains(&name) || MANAGERS.contains(&name) || FINDERS.contains(&name)
}

/// Why a program may not run, if it changes servers.
pub(super) fn run(program: &Program, set: &McpSet) -> Option<String> {
    let words: Vec<&str> = program.words.iter().flatten().map(String::as_str).collect();
    let name = program.name.as_str();
    if CLIENTS.contains(&name) && changes_servers(&words)
        || name == "code" && words.iter().any(|word| word.starts_with("--add-mcp"))
    {
        return Some(format!("`{name}` changes which MCP servers run"));
    }
    if ENGINES.contains(&name) {
        return engine(&words, set);
    }
    if MANAGERS.contains(&name) {
        return uninstall(&words, set);
    }
    None
}

/// `claude mcp add`, with options before or behind.
fn changes_servers(words: &[&str]) -> bool {
    let mut plain = words.iter().filter(|word| !word.starts_with('-'));
    plain.next() == Some(&"mcp") && plain.next().is_some_and(|verb| CHANGES.contains(verb))
}

fn engine(words: &[&str], set: &McpSet) -> Option<String> {
    let (verb, names) = match words {
        ["container" | "image", verb, names @ ..] | [verb, names @ ..] => (*verb, names),
        [] => return None,
    };
    let of_images = verb == "rmi" || words.first() == Some(&"image") && verb == "rm";
    let ends = ["stop", "rm", "kill", "pause", "restart", "rename", "update", "remove"];
    if !of_images && !ends.contains(&verb) {
        return None;
    }
    set.servers.iter().find_map(|server| {
        let own = if of_images { &server.target.images } else { &server.target.containers };
        let hit = names.iter().find(|name| own.iter().any(|one| one == *name))?;
        Some(format!("the locked MCP server `{}` runs in `{hit}`", server.name))
    })
}

fn uninstall(words: &[&str], set: &McpSet) -> Option<String> {
    let mut rest =
        words.iter().skip_while(|word| matches!(**word, "-m" | "pip" | "tool" | "global"));
    let verb = rest.next()?;
    if !matches!(*verb, "uninstall" | "remove" | "rm" | "un" | "unlink" | "r") {
        return None;
    }
    let names: Vec<&&str> = rest.collect();
    set.servers.iter().find_map(|server| {
        let hit =
            names.iter().find(|name| server.target.packages.iter().any(|one| one == **name))?;
        Some(format!("the locked MCP server `{}` runs the package `{hit}`", server.name))
    })
}

/// Why processes may not be ended, if a server's may be among them.
pub(super) fn kill(chosen: &[Option<String>], case: &Case<'_>) -> Option<String> {
    let servers = &case.surroundings.mcp.servers;
    let hit = |word: &str| servers.iter().find(|server| fits(word, server));
    let named = chosen.iter().flatten().find_map(|word| hit(word));
    // `kill $(pgrep -f name)`: what was looked for is what is ended.
    let searched = || {
        case.effects.iter().find_map(|effect| match effect {
            Effect::Run(program) if FINDERS.contains(&program.name.as_str()) => {
                program.words.iter().flatten().find_map(|word| hit(word))
            }
            _ => None,
        })
    };
    let server = named.or_else(|| chosen.contains(&None).then(searched)?)?;
    Some(format!("the locked MCP server `{}` would be ended", server.name))
}

/// Whether a pattern for processes means a server by its name or its command.
fn fits(word: &str, server: &Running) -> bool {
    let pattern = word.trim_matches(['^', '$', '.', '*', '[', ']']);
    let plain = !pattern.starts_with('-') && !pattern.chars().all(|c| c.is_ascii_digit());
    plain
        && pattern.chars().count() >= PATTERN_CHARS_MIN
        && !COMMON.contains(&pattern)
        && (pattern == server.name || server.line.contains(pattern))
}
