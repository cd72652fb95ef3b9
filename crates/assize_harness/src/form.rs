//! How each client wants to be answered: which ways it has at a moment, and the keys of each.
//!
//! What is not known to reach anybody is left to stderr; a key that a client does not know may make
//! it pass over the whole answer.

use assize_guard::Action;
use serde_json::{Value, json};

use crate::answer::{Answer, Channel};
use crate::client::{Client, Moment};
use crate::event::Event;

/// The status by which clients understand a denial.
pub(crate) const BLOCKED: u8 = 2;

/// The families of answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// `hookSpecificOutput`, as Claude Code has it.
    Claude,
    Gemini,
    /// Keys at the top, as Copilot has it.
    Flat,
    Cline,
    /// What our plugin for OpenCode reads.
    Plugin,
    Cursor,
}

fn form(event: &Event) -> Form {
    match event.client {
        Client::ClaudeCode | Client::Codex | Client::QwenCode | Client::VsCode => Form::Claude,
        Client::GeminiCli => Form::Gemini,
        // However it was asked: of the other form it reads nothing but a denial without a status.
        Client::CopilotCli => Form::Flat,
        Client::Cline => Form::Cline,
        Client::OpenCode => Form::Plugin,
        Client::Cursor => Form::Cursor,
    }
}

/// The way that a client has in place of one that it has not.
pub(crate) fn channel(event: &Event, wanted: Channel) -> Channel {
    let moment = &event.moment;
    match (form(event), wanted) {
        // They drop what is said before a call that runs; their persons still see it.
        (Form::Claude, Channel::Context)
            if event.client == Client::QwenCode && *moment == Moment::PreTool =>
        {
            Channel::Person
        }
        (Form::Gemini, Channel::Context) if *moment == Moment::PreTool => Channel::Person,
        // It passes over a denial of what has run.
        (Form::Claude, Channel::Block)
            if event.client == Client::QwenCode && *moment == Moment::PostTool =>
        {
            Channel::Context
        }
        // A denial would take the place of the result, which the model needs as well.
        (Form::Gemini | Form::Flat | Form::Cline | Form::Plugin | Form::Cursor, Channel::Block)
            if *moment == Moment::PostTool =>
        {
            channel(event, Channel::Context)
        }
        (Form::Flat, Channel::Person) => Channel::Log,
        (Form::Flat, Channel::Block) if *moment == Moment::Prompt => Channel::Context,
        // Nothing makes it go on, and nothing but the result of a call reaches its model.
        (Form::Cline, Channel::Block | Channel::Question | Channel::Person) => Channel::Log,
        (Form::Cline, Channel::Context) if !moment.is_call() => Channel::Log,
        (Form::Plugin, Channel::Person) => Channel::Log,
        (Form::Cursor, Channel::Context) if !cursor_reads(&event.name) => Channel::Log,
        (Form::Cursor, Channel::Person) => Channel::Log,
        (_, wanted) => wanted,
    }
}

/// The events after which Cursor hands a text on to the model.
fn cursor_reads(name: &str) -> bool {
    matches!(name, "sessionStart" | "postToolUse")
}

/// A text on its way.
pub(crate) fn said(channel: Channel, event: &Event, text: &str) -> Answer {
    let json = match form(event) {
        Form::Claude => claude(channel, event, text),
        Form::Gemini => gemini(channel, event, text),
        Form::Flat => flat(channel, text),
        Form::Cline => cline(channel, event, text),
        Form::Plugin => plugin(channel, text),
        Form::Cursor => cursor(channel, &event.moment, text),
    };
    let stops = match channel {
        Channel::Permission | Channel::Question => true,
        // These look at the JSON alone when an agent stops, and take a status for a failure.
        Channel::Block => !matches!(form(event), Form::Flat | Form::Plugin | Form::Cursor),
        Channel::Context | Channel::Person | Channel::Log => false,
    };
    match json {
        Some(json) if stops => {
            Answer { stdout: json.to_string(), stderr: text.to_owned(), status: BLOCKED }
        }
        Some(json) => Answer { stdout: json.to_string(), stderr: String::new(), status: 0 },
        None => Answer { stdout: String::new(), stderr: text.to_owned(), status: 0 },
    }
}

/// A question that Claude Code puts to its person before a call.
pub(crate) fn question(text: &str) -> Answer {
    let json = permission("ask", text);
    Answer { stdout: json.to_string(), stderr: String::new(), status: 0 }
}

/// What is printed beside the status where the payload was not understood.
pub(crate) fn unread(client: Client, text: &str) -> String {
    // It passes over every status.
    if client == Client::Cline { cancelled(text).to_string() } else { String::new() }
}

fn claude(channel: Channel, event: &Event, text: &str) -> Option<Value> {
    let stops = matches!(event.moment, Moment::Stop);
    Some(match channel {
        Channel::Permission => permission("deny", text),
        Channel::Question => {
            let decision = json!({ "behavior": "deny", "message": text });
            specific(&event.name, "decision", decision)
        }
        Channel::Block if event.client == Client::VsCode && stops => json!({
            "decision": "block", "reason": text,
            "hookSpecificOutput": {
                "hookEventName": event.name, "decision": "block", "reason": text,
            },
        }),
        Channel::Block => json!({ "decision": "block", "reason": text }),
        Channel::Context => specific(&event.name, "additionalContext", json!(text)),
        Channel::Person => json!({ "systemMessage": text }),
        Channel::Log => return None,
    })
}

fn permission(decision: &str, text: &str) -> Value {
    json!({ "hookSpecificOutput": {
        "hookEventName": "PreToolUse",
        "permissionDecision": decision,
        "permissionDecisionReason": text,
    } })
}

/// Without the name of the event the whole answer is passed over.
fn specific(name: &str, key: &str, value: Value) -> Value {
    json!({ "hookSpecificOutput": { "hookEventName": name, key: value } })
}

fn gemini(channel: Channel, event: &Event, text: &str) -> Option<Value> {
    Some(match channel {
        Channel::Permission | Channel::Question | Channel::Block => {
            json!({ "decision": "deny", "reason": text })
        }
        Channel::Context => specific(&event.name, "additionalContext", json!(text)),
        Channel::Person => json!({ "systemMessage": text }),
        Channel::Log => return None,
    })
}

fn flat(channel: Channel, text: &str) -> Option<Value> {
    Some(match channel {
        Channel::Permission => {
            json!({ "permissionDecision": "deny", "permissionDecisionReason": text })
        }
        Channel::Question => json!({ "behavior": "deny", "message": text }),
        Channel::Block => json!({ "decision": "block", "reason": text }),
        Channel::Context => json!({ "additionalContext": text }),
        Channel::Person | Channel::Log => return None,
    })
}

fn cline(channel: Channel, event: &Event, text: &str) -> Option<Value> {
    match channel {
        Channel::Permission if takes_nothing(event) => {
            Some(json!({ "overrideInput": {}, "contextModification": text }))
        }
        Channel::Permission => Some(cancelled(text)),
        Channel::Context => Some(json!({ "contextModification": text })),
        Channel::Question | Channel::Block | Channel::Person | Channel::Log => None,
    }
}

/// Ends the whole run; the model is not told why.
fn cancelled(text: &str) -> Value {
    json!({ "cancel": true, "errorMessage": text })
}

/// Whether the tool does nothing without arguments, so that a call without them fails and the run
/// goes on. Versions before 3.0, which name their events otherwise, take no other input.
fn takes_nothing(event: &Event) -> bool {
    let own = ["editor", "run_commands", "read_files", "search_codebase", "fetch_web_content"];
    event.name == "tool_call"
        && match &event.action {
            Action::Unknown { tool, .. } => own.contains(&tool.as_str()),
            Action::Mcp { .. } => false,
            _ => true,
        }
}

fn plugin(channel: Channel, text: &str) -> Option<Value> {
    match channel {
        Channel::Permission | Channel::Question => Some(json!({ "deny": text })),
        Channel::Block => Some(json!({ "block": text })),
        Channel::Context => Some(json!({ "tell": text })),
        Channel::Person | Channel::Log => None,
    }
}

fn cursor(channel: Channel, moment: &Moment, text: &str) -> Option<Value> {
    match channel {
        Channel::Permission | Channel::Question => {
            Some(json!({ "permission": "deny", "user_message": text, "agent_message": text }))
        }
        Channel::Block if *moment == Moment::Prompt => {
            Some(json!({ "continue": false, "user_message": text }))
        }
        Channel::Block => Some(json!({ "followup_message": text })),
        Channel::Context => Some(json!({ "additional_context": text })),
        Channel::Person | Channel::Log => None,
    }
}
