//! Whether an agent's client stands above this process.
//!
//! What only a person may do is refused below one. That is no proof: a process of the same user can
//! step out of its ancestry. It keeps out the agent that simply runs the command.

use std::path::Path;

/// Programs that run an agent, by the name of the file that is run.
const CLIENTS: [&str; 21] = [
    "claude",
    "codex",
    "gemini",
    "qwen",
    "copilot",
    "cline",
    "opencode",
    "cursor-agent",
    "amp",
    "droid",
    "auggie",
    "goose",
    "goosed",
    "kiro-cli",
    "kilo",
    "crush",
    "codebuddy",
    "aider",
    "openhands",
    "kimi",
    "pi-coding-agent",
];

/// Folders of packages whose program an interpreter runs under another name.
const PACKAGES: [(&str, &str); 9] = [
    ("@anthropic-ai/claude-code", "claude"),
    ("@openai/codex", "codex"),
    ("@google/gemini-cli", "gemini"),
    ("@qwen-code/qwen-code", "qwen"),
    ("@github/copilot", "copilot"),
    ("@sourcegraph/amp", "amp"),
    ("@augmentcode/auggie", "auggie"),
    ("@mariozechner/pi-coding-agent", "pi-coding-agent"),
    ("node_modules/cline", "cline"),
];

/// Programs that run another one, which is named by their first argument.
const INTERPRETERS: [&str; 11] =
    ["node", "nodejs", "bun", "deno", "python", "python3", "sh", "bash", "dash", "zsh", "env"];

/// More ancestors than this are a loop of ids that were given anew.
const ANCESTORS_MAX: usize = 64;

/// A process, as the system describes it.
#[derive(Debug, Default)]
struct Process {
    parent: u32,
    /// The name that the system keeps.
    name: String,
    arguments: Vec<String>,
}

/// The nearest client of an agent above this process, by its usual name.
pub(crate) fn client_above() -> Option<String> {
    let mut process = look_up(std::process::id())?;
    for _ in 0..ANCESTORS_MAX {
        // The first process has no parent. In a container it may be the client itself.
        if process.parent == 0 {
            return None;
        }
        process = look_up(process.parent)?;
        if let Some(client) = client(&process) {
            return Some(client.to_owned());
        }
    }
    None
}

/// The client that a process is.
fn client(process: &Process) -> Option<&'static str> {
    let (first, others) = process.arguments.split_first().unzip();
    let first = first.map_or("", String::as_str);
    let own = named(&process.name).or_else(|| named(first));
    own.or_else(|| {
        let program = file_name(first).trim_start_matches('-');
        let mut others = others.unwrap_or_default().iter();
        let script = others.find(|word| !word.starts_with('-'))?;
        INTERPRETERS.contains(&program).then(|| named(script))?
    })
}

/// The client that is run by a path.
fn named(path: &str) -> Option<&'static str> {
    let name = file_name(path);
    let stem = [".js", ".mjs", ".cjs", ".exe", ".py", ".sh"]
        .iter()
        .find_map(|end| name.strip_suffix(end))
        .unwrap_or(name);
    let plain = CLIENTS.iter().find(|client| **client == stem).copied();
    plain.or_else(|| {
        let package = PACKAGES.iter().find(|(package, _)| path.contains(&format!("{package}/")));
        package.map(|(_, client)| *client)
    })
}

fn file_name(path: &str) -> &str {
    Path::new(path).file_name().and_then(|name| name.to_str()).unwrap_or_default()
}

/// From the files that Linux keeps of each process.
#[cfg(target_os = "linux")]
fn look_up(id: u32) -> Option<Process> {
    let stat = std::fs::read(format!("/proc/{id}/stat")).ok()?;
    let stat = String::from_utf8_lossy(&stat).into_owned();
    // The name stands in parentheses and may hold some itself.
    let (name, rest) = (stat.find('(')?, stat.rfind(')')?);
    let parent = stat.get(rest + 1..)?.split_whitespace().nth(1)?.parse().ok()?;
    let line = std::fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
    let words = line.split(|byte| *byte == 0).filter(|word| !word.is_empty());
    let arguments = words.map(|word| String::from_utf8_lossy(word).into_owned()).collect();
    Some(Process { parent, name: stat.get(name + 1..rest)?.to_owned(), arguments })
}

/// From `ps`, which every other system has.
#[cfg(not(target_os = "linux"))]
fn look_up(id: u32) -> Option<Process> {
    let ask = |columns: &[&str]| {
        let mut ps = std::process::Command::new("ps");
        let output = ps.args(columns).args(["-p", &id.to_string()]).output().ok()?;
        Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let both = ask(&["-o", "ppid=,comm="])?;
    let (parent, name) = both.split_once(char::is_whitespace)?;
    let arguments = ask(&["-o", "args="])?;
    Some(Process {
        parent: parent.parse().ok()?,
        name: name.trim().to_owned(),
        arguments: arguments.split_whitespace().map(str::to_owned).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(name: &str, arguments: &[&str]) -> Option<&'static str> {
        let arguments = arguments.iter().map(|word| (*word).to_owned()).collect();
        client(&Process { parent: 2, name: name.to_owned(), arguments })
    }

    #[test]
    fn clients_are_known_by_name_by_script_and_by_package() {
        for (name, arguments, expected) in [
            ("claude", &["claude", "-p", "do"][..], Some("claude")),
            ("codex", &["/opt/codex/codex", "exec"], Some("codex")),
            ("node", &["node", "--no-warnings", "/usr/bin/gemini"], Some("gemini")),
            ("MainThread", &["/usr/bin/node", "/usr/local/bin/qwen"], Some("qwen")),
            ("node", &["node", "/l/node_modules/@openai/codex/bin/run.js"], Some("codex")),
            ("node", &["node", "/l/node_modules/cline/dist/cli.mjs"], Some("cline")),
            ("bash", &["bash", "/home/me/bin/cursor-agent"], Some("cursor-agent")),
            ("opencode", &[], Some("opencode")),
            ("sh", &["-c", "claude"], None),
            ("bash", &["-bash"], None),
            ("vim", &["vim", "claude"], None),
            ("less", &["less", "/notes/codex.py"], None),
            ("node", &["node", "server.js"], None),
            ("amplify", &["amplify"], None),
            ("", &[], None),
        ] {
            assert_eq!(seen(name, arguments), expected, "{name} {arguments:?}");
        }
    }

    #[test]
    fn a_process_is_looked_up() {
        let own = look_up(std::process::id()).unwrap();
        assert!(own.parent > 0 && !own.arguments.is_empty() && !own.name.is_empty());
        assert!(look_up(u32::MAX).is_none());
    }
}
