//! Processes that the session did not start.

use assize_model::Severity;

use super::{Case, Guard, reason};
use crate::{Effect, Reason};

pub(crate) const GUARD: Guard = Guard {
    name: "process-kill",
    summary: "ends of processes that are not the session's own",
    severity: Severity::Error,
    judge,
    doc: include_str!("doc.md"),
};

/// Names of clients, of their servers and of the guard.
const CLIENTS: [&str; 14] = [
    "assize",
    "claude",
    "codex",
    "gemini",
    "qwen",
    "copilot",
    "opencode",
    "cursor",
    "code",
    "aider",
    "goose",
    "mcp",
    "mcp-server",
    "PPID",
];
/// Names that belong to the person or to the machine, not to a task.
#[rustfmt::skip]
const OTHERS: &[&str] = &[
    "sshd", "systemd", "init", "dockerd", "docker", "containerd", "podman", "cron", "crond",
    "gpg-agent", "ssh-agent", "gnome-keyring-daemon", "bash", "zsh", "fish", "tmux", "screen", "login",
    "postgres", "postgresql", "mysqld", "mysql", "mariadbd", "redis-server", "mongod", "Xorg",
    "gnome-shell", "auditd", "falco", "NetworkManager", "rsyslogd", "-1", ".", ".*", "*", "1",
];
/// Interpreters: their bare name chooses the client, too.
const HOSTS: [&str; 8] = ["node", "python", "python3", "java", "ruby", "deno", "bun", "electron"];
/// Ports on which databases, brokers, engines and logins of a machine listen.
const PORTS: [&str; 12] =
    ["22", "53", "1433", "1521", "2375", "2376", "3306", "5432", "5672", "6379", "9092", "27017"];
const HELP: &str = "end only what you started, by its job (`kill %1`) or its port";

fn judge(case: &Case<'_>, out: &mut Vec<Reason>) {
    for effect in case.effects.iter() {
        let Effect::Kill { chosen } = effect else { continue };
        let mut words = chosen.iter().flatten();
        let service = words.next().filter(|word| *word == "service" && chosen.len() > 1);
        let other = service.or_else(|| chosen.iter().flatten().find(|word| is_other(word)));
        if let Some(word) = other {
            let what = if service.is_some() { "a service of the machine" } else { word };
            out.push(reason(&GUARD, format!("`{what}` is not a process of the session"), HELP));
        }
    }
}

fn is_other(word: &str) -> bool {
    let split = |signs: &'static [char]| word.split(signs).filter(|part| !part.is_empty());
    HOSTS.contains(&word)
        || is_port_of_machine(word)
        || split(&['|', '^', '$', '\\', '(', ')']).any(|part| OTHERS.contains(&part))
        || split(&[' ', '/', '|', '^', '$', '\\', '(', ')']).any(|part| CLIENTS.contains(&part))
}

/// `:5432`, `tcp:5432`, `5432/tcp`; a bare number is a process.
fn is_port_of_machine(word: &str) -> bool {
    let after = word.rsplit_once(':').map(|(_, port)| port);
    let port = after.or_else(|| word.split_once('/').map(|(port, _)| port));
    port.is_some_and(|port| PORTS.contains(&port))
}
