//! Another agent without hooks or sandbox.

use assize_model::Severity;

use super::{Case, Guard, reason};
use crate::{Effect, Program, Reason};

pub(crate) const GUARD: Guard = Guard {
    name: "nested-agent",
    summary: "another agent that is started with its hooks or its sandbox off",
    severity: Severity::Block,
    judge,
    doc: include_str!("doc.md"),
};

/// Programs that run an agent, and their options that take its fences away.
const AGENTS: [(&str, &[&str]); 9] = [
    (
        "claude",
        &[
            "--dangerously-skip-permissions",
            "--allow-dangerously-skip-permissions",
            "--bare",
            "bypassPermissions",
            "--setting-sources",
            "disableAllHooks",
        ],
    ),
    (
        "codex",
        &[
            "--dangerously-bypass-approvals-and-sandbox",
            "--yolo",
            "danger-full-access",
            "--dangerously-bypass-hook-trust",
        ],
    ),
    ("gemini", &["--yolo", "-y", "yolo"]),
    ("qwen", &["--yolo", "-y", "yolo"]),
    ("copilot", &["--allow-all", "--allow-all-tools", "--yolo"]),
    ("cline", &["--yolo", "-y"]),
    ("aider", &["--yes", "--yes-always", "--no-git-commit-verify"]),
    ("opencode", &["--dangerously-skip-permissions"]),
    ("cursor-agent", &["--force", "-f"]),
];

fn judge(case: &Case<'_>, out: &mut Vec<Reason>) {
    for effect in case.effects.iter() {
        let Effect::Run(program) = effect else { continue };
        if let Some(option) = unfenced(program) {
            let name = &program.name;
            out.push(reason(
                &GUARD,
                format!("`{name}` would run an agent with `{option}`"),
                "start it without that, or use the client's own subagents",
            ));
        }
    }
}

fn unfenced(program: &Program) -> Option<&'static str> {
    let (_, options) = AGENTS.iter().find(|(name, _)| *name == program.name)?;
    let words = || program.words.iter().flatten();
    options.iter().copied().find(|option| {
        words().any(|word| {
            word == option
                || word
                    .split_once('=')
                    .is_some_and(|(name, value)| name == *option || value == *option)
                || (*option == "disableAllHooks" && word.contains(option))
        })
    })
}
