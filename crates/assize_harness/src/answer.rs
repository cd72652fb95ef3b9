//! Verdicts in the form that a client honours.
//!
//! Silence and status 0 is the only way to allow: an explicit permission would override what the
//! user's own settings forbid. What a client takes at a moment is in one table, [`Channel`]; how it
//! is written, in [`crate::form`].

use assize_guard::Verdict;

use crate::client::{Client, Moment};
use crate::event::{Event, Refusal};
use crate::form::{self, BLOCKED};
use crate::wording::message;

/// What the hook prints and how it exits. Nothing else may be printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub stdout: String,
    pub stderr: String,
    pub status: u8,
}

/// How a text reaches the client at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Channel {
    /// The refusal of a call that has not run.
    Permission,
    /// The refusal of a question that a person is about to be asked.
    Question,
    /// The client goes on, or back, with the reason.
    Block,
    /// The model reads it.
    Context,
    /// The person reads it.
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
    event: &Event,
    verdict: &Verdict,
    lookup: &dyn Fn(&str) -> Option<(String, String)>,
    beside: Beside<'_>,
) -> Answer {
    let Beside { offer, context } = beside;
    match verdict {
        Verdict::Allow => match context.filter(|_| warning(event) == Channel::Context) {
            Some(context) => form::said(Channel::Context, event, context),
            None => Answer { stdout: String::new(), stderr: String::new(), status: 0 },
        },
        Verdict::Warn(reasons) => {
            let text = message(reasons, lookup, None);
            let channel = warning(event);
            form::said(channel, event, &beside_text(channel, text, context))
        }
        Verdict::Ask(reasons) => ask(event, &message(reasons, lookup, offer)),
        Verdict::Deny(reasons) => {
            let text = message(reasons, lookup, offer);
            let channel = denial(event);
            form::said(channel, event, &beside_text(channel, text, context))
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

/// Whether what is said beside an allowing answer reaches the model at this moment. Clients of
/// which that was not seen hand nothing on.
pub fn hands_on(event: &Event) -> bool {
    let seen = match event.client {
        Client::ClaudeCode
        | Client::Codex
        | Client::GeminiCli
        | Client::QwenCode
        | Client::CopilotCli => true,
        Client::Cline | Client::OpenCode | Client::Cursor | Client::VsCode => false,
    };
    seen && warning(event) == Channel::Context
}

/// The verdict as it can be given: a question where somebody answers it, else a denial.
///
/// Codex takes `ask` for no answer and runs the call; Gemini CLI waits for ever; the others were
/// seen only where nobody is there to answer. Claude Code asks in the modes in which it asks at
/// all; where it runs without a person it denies by itself.
pub fn answerable(event: &Event, verdict: Verdict) -> Verdict {
    let silent = ["bypassPermissions", "dontAsk"];
    let asks = event.client == Client::ClaudeCode
        && event.agent.is_none()
        && !event.mode.as_deref().is_some_and(|mode| silent.contains(&mode));
    match verdict {
        Verdict::Ask(reasons) if !asks => Verdict::Deny(reasons),
        verdict => verdict,
    }
}

/// The answer to a payload that could not be read, whatever moment it was: a denial.
pub fn refuse(client: Client, refusal: &Refusal) -> Answer {
    let stderr = format!("Assize denies what it cannot read: {refusal}.");
    Answer { stdout: form::unread(client, &stderr), stderr, status: BLOCKED }
}

fn ask(event: &Event, text: &str) -> Answer {
    match (event.client, &event.moment) {
        (Client::ClaudeCode, Moment::PreTool) => form::question(text),
        // A person is being asked already; the text tells them why to think twice.
        (Client::ClaudeCode, Moment::PermissionRequest) => form::said(Channel::Person, event, text),
        _ => form::said(denial(event), event, text),
    }
}

/// How a denial is told; only what a client lacks differs from one to the next.
fn denial(event: &Event) -> Channel {
    let channel = match &event.moment {
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
    };
    form::channel(event, channel)
}

fn warning(event: &Event) -> Channel {
    let channel = match &event.moment {
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
    };
    form::channel(event, channel)
}
