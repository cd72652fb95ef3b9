//! http-timeouts: calls of HTTP clients that may wait for ever.

mod clients;
mod place;

use assize_index::{FactRef, FileRef};
use assize_model::{ControlName, FileClass, Severity};
use assize_syntax::{FactKind, Flags, Language, Role};

use crate::trial::is_trial;
use crate::{Context, Control, Report, Scope, Sink};
use clients::{CLIENTS, Client};

pub(crate) const CONTROL: Control = Control {
    name: ControlName("http-timeouts"),
    summary: "calls of HTTP clients without a time limit, where the client has none of its own",
    version: 3,
    severity: Severity::Error,
    languages: &[
        Language::CSharp,
        Language::Go,
        Language::Java,
        Language::JavaScript,
        Language::Python,
        Language::Rust,
        Language::TypeScript,
    ],
    classes: &[FileClass::Production],
    scope: Scope::References {
        reads: &[FactKind::Call, FactKind::Package],
        refers: &[FactKind::Call],
        run: check,
    },
    options: &[],
    applies: Control::always,
    doc: include_str!("doc.md"),
};

fn check(file: FileRef<'_>, context: &Context<'_>, sink: &mut Sink) {
    for call in file.facts_of(FactKind::Call, Role::Reference) {
        let Some(client) = CLIENTS.iter().find(|client| call.key.starts_with(client.prefix)) else {
            continue;
        };
        let Some(code) = client.fault(&call) else { continue };
        // Who tries something out may wait for it.
        if is_trial(file.path()) {
            return;
        }
        if place::is_of_a_page(&call, &context.view) {
            continue;
        }
        if call.flags.has(Flags::UNRESOLVED) && code == "no-timeout"
            || is_said_elsewhere(&call, context)
        {
            sink.unresolved();
        } else {
            sink.report(report(&call, client, code));
        }
    }
}

/// Whether some file says it for all calls of this function.
fn is_said_elsewhere(call: &FactRef<'_>, context: &Context<'_>) -> bool {
    !context.view.lookup(FactKind::Call, Role::Definition, call.key).is_empty()
}

/// An error is for what holds a service: who runs a script sees that it hangs.
fn severity(call: &FactRef<'_>, client: &Client) -> Severity {
    if place::is_run_by_hand(call.file) { Severity::Warn } else { client.severity }
}

fn report(call: &FactRef<'_>, client: &Client, code: &'static str) -> Report {
    let function = call.key.split_once(':').map_or(call.key, |(_, function)| function);
    let (message, help) = match code {
        "no-limit" => (
            format!(
                "`{function}` is told to wait without a limit: a peer that does not answer holds this code for ever"
            ),
            "give it the seconds after which the caller would rather have an error",
        ),
        _ => (
            format!(
                "`{function}` has no time limit: a peer that does not answer holds this code for ever"
            ),
            client.help,
        ),
    };
    Report {
        code,
        severity: Some(severity(call, client)),
        path: None,
        place: call.place,
        message,
        help: help.to_owned(),
        item: call.item.to_owned(),
        subject: function.to_owned(),
    }
}
