//! The guard's controls: each judges one action by its effects.

mod authority_lock;
mod credential_read;
pub mod delete_dossier;
pub mod doc_move_safe;
mod exfiltrate;
mod freeze_window;
mod git_hook_bypass;
mod history_rewrite;
mod human_approval;
mod mass_rewrite;
mod mcp_no_remove;
mod mcp_permit;
mod nested_agent;
mod persistence;
mod privilege_escalation;
mod process_kill;
mod remote_exec;
pub mod search_before_create;
mod self_protection;
mod shell_destructive;
pub mod violation_stop;

pub use human_approval::answers_for_a_person;

use assize_model::Severity;

use crate::{Action, Effects, Reason, Surroundings};

pub use mcp_permit::asks_for_servers;

/// What is known of a path before the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nothing is there.
    Absent,
    /// Git holds it as it is.
    Clean,
    /// Git holds an older state of it.
    Changed,
    /// It is new, and git does not ignore it.
    Untracked,
    /// Git ignores it.
    Ignored,
    /// The session itself made it.
    Own,
    /// It lies outside of the work tree.
    Outside,
}

/// One action with all that its judges may know.
#[derive(Clone, Copy)]
#[expect(missing_debug_implementations, reason = "it holds a closure of the caller")]
pub struct Case<'a> {
    pub action: &'a Action,
    pub effects: &'a Effects,
    pub surroundings: &'a Surroundings,
    /// What is known of an absolute path.
    pub standing: &'a dyn Fn(&str) -> Standing,
    /// How many files git holds at and below these absolute paths together.
    pub tracked: &'a dyn Fn(&[&str]) -> usize,
}

/// A control that decides before a call.
#[derive(Debug)]
pub struct Guard {
    /// The bare name.
    pub name: &'static str,
    /// One sentence: what it stops.
    pub summary: &'static str,
    pub severity: Severity,
    pub(crate) judge: fn(&Case<'_>, &mut Vec<Reason>),
    /// The page that `assize explain` prints.
    pub doc: &'static str,
}

/// All of them, the strictest first.
pub const GUARDS: [&Guard; 23] = [
    &self_protection::GUARD,
    &exfiltrate::GUARD,
    &git_hook_bypass::GUARD,
    &nested_agent::GUARD,
    &human_approval::ANSWER,
    &mcp_no_remove::GUARD,
    &mcp_permit::GUARD,
    &authority_lock::GUARD,
    &shell_destructive::GUARD,
    &credential_read::GUARD,
    &mass_rewrite::GUARD,
    &exfiltrate::WHOLE,
    &remote_exec::GUARD,
    &persistence::GUARD,
    &history_rewrite::GUARD,
    &privilege_escalation::GUARD,
    &process_kill::GUARD,
    &human_approval::GUARD,
    &freeze_window::GUARD,
    &doc_move_safe::GUARD,
    &delete_dossier::GUARD,
    &search_before_create::GUARD,
    &violation_stop::GUARD,
];

/// What all guards say of one action, the strictest first.
pub fn judge(case: &Case<'_>) -> Vec<(Severity, Reason)> {
    let mut found = Vec::new();
    for guard in GUARDS {
        let mut reasons = Vec::new();
        (guard.judge)(case, &mut reasons);
        // One reason of a control is enough for an answer.
        found.extend(reasons.into_iter().take(1).map(|reason| (guard.severity, reason)));
    }
    found.sort_by_key(|(severity, _)| std::cmp::Reverse(*severity));
    found
}

/// A reason of a control.
pub(crate) fn reason(control: &Guard, message: impl Into<String>, help: &str) -> Reason {
    Reason { control: control.name, message: message.into(), help: help.to_owned() }
}
