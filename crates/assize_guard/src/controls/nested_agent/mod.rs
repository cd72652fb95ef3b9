//! Another agent without hooks or sandbox.

mod agents;

use assize_model::Severity;

use self::agents::AGENTS;
use super::{Case, Guard, reason};
use crate::{Action, Argument, Effect, Program, Reason};

pub(crate) const GUARD: Guard = Guard {
    name: "nested-agent",
    summary: "another agent that is started with its hooks or its sandbox off",
    severity: Severity::Block,
    judge,
    doc: include_str!("doc.md"),
};

/// Values of a mode by which a subagent is asked nothing.
const UNASKED: [&str; 3] = ["bypassPermissions", "danger-full-access", "yolo"];
const HELP: &str = "start it without that, or use the client's own subagents";

fn judge(case: &Case<'_>, out: &mut Vec<Reason>) {
    for effect in case.effects.iter() {
        let Effect::Run(program) = effect else { continue };
        if let Some(what) = unfenced(program) {
            let name = &program.name;
            out.push(reason(&GUARD, format!("`{name}` would run an agent with `{what}`"), HELP));
        }
    }
    if let Action::Unknown { arguments, .. } | Action::Mcp { arguments, .. } = case.action {
        let mode = |argument: &&Argument| {
            let key = argument.key.to_ascii_lowercase();
            let rules = ["mode", "permission", "sandbox", "approval"];
            rules.iter().any(|word| key.contains(word)) && UNASKED.contains(&argument.text.as_str())
        };
        if let Some(argument) = arguments.iter().find(mode) {
            let message = format!("an agent would be started with `{}`", argument.text);
            out.push(reason(&GUARD, message, HELP));
        }
    }
    if let Some(what) = defined(case.action) {
        let message = format!("the definition of an agent would hold `{what}`");
        out.push(reason(&GUARD, message, HELP));
    }
}

/// What takes the fences of an agent away: an option, a setting, a variable.
fn unfenced(program: &Program) -> Option<String> {
    let name = bare(&program.name);
    let agent = AGENTS.iter().find(|agent| agent.names.contains(&name))?;
    let words = || program.words.iter().flatten();
    let option = agent.options.iter().find(|option| words().any(|word| sets(word, option)));
    let hooks = || words().find(|word| switches_hooks_off(word)).map(String::as_str);
    let variable = || {
        let moved = |(given, value): &&(String, Option<String>)| {
            agent.variables.iter().any(|(name, wanted)| {
                name == given
                    && (wanted.is_empty() || value.as_deref().is_some_and(|v| v == *wanted))
            })
        };
        program.variables.iter().find(moved).map(|(name, _)| name.as_str())
    };
    let pair = || {
        let words: Vec<&str> = words().map(String::as_str).collect();
        let off = |pair: &&[&str]| matches!(pair, ["--disable", what] if what.contains("hooks"));
        words.windows(2).any(|pair| off(&pair)).then_some("--disable hooks")
    };
    option.copied().or_else(hooks).or_else(variable).or_else(pair).map(str::to_owned)
}

/// The name without version and ending: `claude-code@2.1`, `codex.js`.
fn bare(name: &str) -> &str {
    let name = name.split('@').next().unwrap_or(name);
    let short = name.strip_suffix(".js").or_else(|| name.strip_suffix(".exe"));
    short.unwrap_or(name)
}

fn sets(word: &str, option: &str) -> bool {
    let assigned = word.split_once('=');
    word == option
        || assigned.is_some_and(|(name, value)| name == option || value.trim_matches('"') == option)
        || !option.starts_with('-') && option.len() > 4 && word.contains(option)
}

/// `features.hooks=false`, `{"hooks":{"enabled":false}}`.
fn switches_hooks_off(word: &str) -> bool {
    let dense: String = word.chars().filter(|c| !c.is_whitespace()).collect();
    let off = ["hooks=false", "hooks.enabled=false", "\"hooks\":false", "\"hooks\":null"];
    word.len() < SETTING_MAX && off.iter().any(|setting| dense.contains(setting))
}

/// Longer words are prompts.
const SETTING_MAX: usize = 500;

/// A mode that asks nothing, in a definition that is written.
fn defined(action: &Action) -> Option<&'static str> {
    let defines = |path: &str| {
        ["/.claude/agents/", "/.codex/agents/", "/.cursor/agents/", "/.opencode/agent"]
            .iter()
            .any(|folder| format!("/{path}").contains(folder))
    };
    let texts: Vec<&str> = match action {
        Action::Write { path, content } if defines(path) => vec![content],
        Action::Edit { path, changes } if defines(path) => {
            changes.iter().map(|change| change.new.as_str()).collect()
        }
        Action::Patch { text } if defines(text) => vec![text],
        _ => return None,
    };
    UNASKED.iter().copied().filter(|value| value.len() > 4).find(|value| {
        texts.iter().any(|text| {
            text.lines().any(|line| {
                let line = line.trim_start_matches('+').trim();
                line.contains(':') && line.ends_with(value)
            })
        })
    })
}
