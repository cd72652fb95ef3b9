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

/// Names that belong to the person or to the guard, not to a task.
const OTHERS: [&str; 22] = [
    "assize",
    "claude",
    "codex",
    "gemini",
    "qwen",
    "copilot",
    "opencode",
    "cursor",
    "code",
    "sshd",
    "systemd",
    "init",
    "dockerd",
    "containerd",
    "cron",
    "crond",
    "gpg-agent",
    "ssh-agent",
    "bash",
    "zsh",
    "tmux",
    "-1",
];
const HELP: &str = "end only what you started, by its job (`kill %1`) or its port";

fn judge(case: &Case<'_>, out: &mut Vec<Reason>) {
    for effect in case.effects.iter() {
        let Effect::Kill { chosen } = effect else { continue };
        let other = chosen.iter().flatten().find(|word| {
            matches!(word.as_str(), "." | ".*" | "*")
                || word.split([' ', '/', '|', '^', '$']).any(|part| OTHERS.contains(&part))
        });
        if let Some(word) = other {
            out.push(reason(&GUARD, format!("`{word}` is not a process of the session"), HELP));
        }
    }
}
