//! Verdicts in the form that a client honours.
//!
//! Silence and status 0 is the only way to allow: an explicit permission would override what the
//! user's own settings forbid. What a client takes at a moment is in one table, [`Channel`].

use assize_guard::Verdict;
use serde_json::{Value, json};

use crate::client::{Client, Moment};
use crate::event::{Event, Refusal};
use crate::wording::message;

/// The status by which both clients understand a denial.
const BLOCKED: u8 = 2;

/// What the hook prints and how it exits. Nothing else may be printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub stdout: String,
    pub stderr: String,
    pub status: u8,
}

/// How a text reaches the client at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Channel {
    /// `permissionDecision` of a call that has not run.
    Permission,
    /// `decision` of a question that a person is about to be asked.
    Question,
    /// `"decision": "block"` at the top.
    Block,
    /// `additionalContext`: the model reads it.
    Context,
    /// `systemMessage`: the person reads it.
    Person,
    /// No documented key; stderr alone, which is in the client's log.
    Log,
}

/// What is said beside a verdict.
#[derive(Debug, Clone, Copy, Default)]
pub struct Beside<'a> {
    /// What a person can do about a denial: its last line.
    pub offer: Option<&'a str>,
    /// What helps the model at this moment. It is dropped where the client hands nothing on to the
    /// model, and beside a denial of a call, which has its own words.
    pub context: Option<&'a str>,
}

/// The answer to a payload that was read. `lookup` gives the rule and the clause of a control.
pub fn answer(
    client: Client,
    moment: &Moment,
    verdict: &Verdict,
    lookup: &dyn Fn(&str) -> Option<(String, String)>,
    beside: Beside<'_>,
) -> Answer {
    let Beside { offer, context } = beside;
    match verdict {
        Verdict::Allow => match context.filter(|_| warning(moment) == Channel::Context) {
            Some(context) => say(Channel::Context, moment, context),
            None => Answer { stdout: String::new(), stderr: String::new(), status: 0 },
        },
        Verdict::Warn(reasons) => {
            let text = message(reasons, lookup, None);
            say(warning(moment), moment, &beside_text(warning(moment), text, context))
        }
        Verdict::Ask(reasons) => ask(client, moment, &message(reasons, lookup, offer)),
        Verdict::Deny(reasons) => {
            let text = message(reasons, lookup, offer);
            say(denial(moment), moment, &beside_text(denial(moment), text, context))
        }
    }
}

/// A text and what helps, where both go the same way.
fn beside_text(channel: Channel, text: String, context: Option<&str>) -> String {
    match context.filter(|_| channel == Channel::Context) {
        Some(context) => format!("{text}\n\n{context}"),
        None => text,
    }
}

/// Whether what is said beside an allowing answer reaches the model at this moment.
pub const fn hands_on(client: Client, moment: &Moment) -> bool {
    match client {
        Client::ClaudeCode | Client::Codex => matches!(warning(moment), Channel::Context),
    }
}

/// The verdict as it can be given: a question where somebody answers it, else a denial.
///
/// Codex takes `ask` for no answer and runs the call. Claude Code asks in the modes in which it
/// asks at all; where it runs without a person it denies by itself.
pub fn answerable(client: Client, event: &Event, verdict: Verdict) -> Verdict {
    let silent = ["bypassPermissions", "dontAsk"];
    let asks = client == Client::ClaudeCode
        && event.agent.is_none()
        && !event.mode.as_deref().is_some_and(|mode| silent.contains(&mode));
    match verdict {
        Verdict::Ask(reasons) if !asks => Verdict::Deny(reasons),
        verdict => verdict,
    }
}

/// The answer to a payload that could not be read, whatever moment it was: a denial.
pub fn refuse(refusal: &Refusal) -> Answer {
    let stderr = format!("Assize denies what it cannot read: {refusal}.");
    Answer { stdout: String::new(), stderr, status: BLOCKED }
}

/// Claude Code asks a person, or denies where it runs without one. Codex takes `ask` for no answer
/// and runs the call, so there it is a denial.
fn ask(client: Client, moment: &Moment, text: &str) -> Answer {
    match (client, moment) {
        (Client::ClaudeCode, Moment::PreTool) => heard(permission("ask", text)),
        // A person is being asked already; the text tells them why to think twice.
        (Client::ClaudeCode, Moment::PermissionRequest) => say(Channel::Person, moment, text),
        (Client::ClaudeCode | Client::Codex, _) => say(denial(moment), moment, text),
    }
}

const fn denial(moment: &Moment) -> Channel {
    match moment {
        Moment::PreTool => Channel::Permission,
        Moment::PermissionRequest => Channel::Question,
        Moment::PostTool
        | Moment::Prompt
        | Moment::Stop
        | Moment::SubagentStop
        | Moment::ConfigChange => Channel::Block,
        // These cannot be stopped, so the model is told.
        Moment::PostToolFailure | Moment::SessionStart | Moment::SubagentStart => Channel::Context,
        // A full context that is not compacted ends the session, which helps nobody.
        Moment::PreCompact => Channel::Person,
        Moment::SessionEnd | Moment::Other(_) => Channel::Log,
    }
}

const fn warning(moment: &Moment) -> Channel {
    match moment {
        Moment::PreTool
        | Moment::PostTool
        | Moment::PostToolFailure
        | Moment::Prompt
        | Moment::SessionStart
        | Moment::SubagentStart => Channel::Context,
        Moment::PermissionRequest
        | Moment::Stop
        | Moment::SubagentStop
        | Moment::ConfigChange
        | Moment::PreCompact => Channel::Person,
        Moment::SessionEnd | Moment::Other(_) => Channel::Log,
    }
}

fn say(channel: Channel, moment: &Moment, text: &str) -> Answer {
    match channel {
        Channel::Permission => blocked(permission("deny", text), text),
        Channel::Question => {
            let decision = json!({ "behavior": "deny", "message": text });
            blocked(specific(moment, "decision", decision), text)
        }
        Channel::Block => blocked(json!({ "decision": "block", "reason": text }), text),
        Channel::Context => heard(specific(moment, "additionalContext", json!(text))),
        Channel::Person => heard(json!({ "systemMessage": text })),
        Channel::Log => Answer { stdout: String::new(), stderr: text.to_owned(), status: 0 },
    }
}

fn permission(decision: &str, text: &str) -> Value {
    json!({ "hookSpecificOutput": {
        "hookEventName": "PreToolUse",
        "permissionDecision": decision,
        "permissionDecisionReason": text,
    } })
}

/// Without the name of the event both clients ignore the whole answer.
fn specific(moment: &Moment, key: &str, value: Value) -> Value {
    json!({ "hookSpecificOutput": { "hookEventName": moment.name(), key: value } })
}

fn blocked(json: Value, text: &str) -> Answer {
    Answer { stdout: json.to_string(), stderr: text.to_owned(), status: BLOCKED }
}

fn heard(json: Value) -> Answer {
    Answer { stdout: json.to_string(), stderr: String::new(), status: 0 }
}
