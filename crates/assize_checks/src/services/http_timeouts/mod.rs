//! http-timeouts: calls of HTTP clients that may wait for ever.

use assize_index::{FactRef, FileRef};
use assize_model::{ControlName, FileClass, Severity};
use assize_syntax::{FactKind, Flags, Language, Role};

use crate::trial::is_trial;
use crate::{Context, Control, Report, Scope, Sink};

pub(crate) const CONTROL: Control = Control {
    name: ControlName("http-timeouts"),
    summary: "calls of HTTP clients without a time limit, where the client has none of its own",
    version: 1,
    severity: Severity::Error,
    languages: &[Language::Python, Language::JavaScript, Language::TypeScript],
    classes: &[FileClass::Production],
    scope: Scope::References { reads: &[FactKind::Call], refers: &[FactKind::Call], run: check },
    options: &[],
    applies: Control::always,
    doc: include_str!("doc.md"),
};

/// How a client is told when to give up.
struct Client {
    /// The beginning of the keys of its calls.
    prefix: &'static str,
    /// Names under which a call says it.
    says: &'static [&'static str],
    /// The position at which it may stand without a name, counted from one.
    position: u32,
    /// Whether it gives up by itself when nothing is said.
    has_default: bool,
    severity: Severity,
}

const CLIENTS: [Client; 6] = [
    Client {
        prefix: "py:requests.",
        says: &["timeout"],
        position: u32::MAX,
        has_default: false,
        severity: Severity::Error,
    },
    Client {
        prefix: "py:urllib.request.urlopen",
        says: &["timeout"],
        position: 3,
        has_default: false,
        severity: Severity::Error,
    },
    Client {
        prefix: "py:httpx.",
        says: &["timeout"],
        position: u32::MAX,
        has_default: true,
        severity: Severity::Error,
    },
    Client {
        prefix: "js:axios",
        says: &["timeout", "signal", "cancelToken"],
        position: u32::MAX,
        has_default: false,
        severity: Severity::Warn,
    },
    Client {
        prefix: "js:got",
        says: &["timeout", "signal"],
        position: u32::MAX,
        has_default: false,
        severity: Severity::Warn,
    },
    Client {
        prefix: "js:node-fetch",
        says: &["timeout", "signal"],
        position: u32::MAX,
        has_default: false,
        severity: Severity::Warn,
    },
];

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
        if call.flags.has(Flags::UNRESOLVED) && code == "no-timeout"
            || is_said_elsewhere(&call, context)
        {
            sink.unresolved();
        } else {
            sink.report(report(&call, client, code));
        }
    }
}

impl Client {
    fn fault(&self, call: &FactRef<'_>) -> Option<&'static str> {
        let mut said = call.value.split(' ').filter(|word| self.says.contains(&name(word)));
        match said.next() {
            Some(word) if word.ends_with("=none") => Some("no-limit"),
            Some(_) => None,
            None if self.has_default || call.number >= self.position => None,
            None => Some("no-timeout"),
        }
    }
}

fn name(word: &str) -> &str {
    word.split('=').next().unwrap_or(word)
}

/// Whether some file says it for all calls of this function.
fn is_said_elsewhere(call: &FactRef<'_>, context: &Context<'_>) -> bool {
    !context.view.lookup(FactKind::Call, Role::Definition, call.key).is_empty()
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
            "pass `timeout`, the time after which the caller would rather have an error",
        ),
    };
    Report {
        code,
        severity: Some(client.severity),
        path: None,
        place: call.place,
        message,
        help: help.to_owned(),
        item: call.item.to_owned(),
        subject: function.to_owned(),
    }
}
