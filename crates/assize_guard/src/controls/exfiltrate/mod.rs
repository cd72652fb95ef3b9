//! Credentials that leave by the call that reads them, and whole projects.

mod whole;

use assize_model::Severity;

use super::{Case, Guard, reason};
use crate::arguments::holds_secret;
use crate::protected::{Kind, kind_of};
use crate::{Action, Effect, Place, Reason};

pub(crate) const GUARD: Guard = Guard {
    name: "exfiltrate",
    summary: "credentials that a call sends to the network",
    severity: Severity::Block,
    judge,
    doc: include_str!("doc.md"),
};

/// The same control for what is not secret as such.
pub(crate) const WHOLE: Guard = Guard {
    name: "exfiltrate",
    summary: "a whole project or database that a call sends to a host nobody knows",
    severity: Severity::Error,
    judge: leaves,
    doc: include_str!("doc.md"),
};

const HELP: &str = "do not send what opens something else";

fn judge(case: &Case<'_>, out: &mut Vec<Reason>) {
    if told_outside(case.action) {
        out.push(reason(&GUARD, "a secret would leave in the arguments of a tool", HELP));
    }
    let secret = |place: &Place| kind_of(place, case.surroundings) == Some(Kind::Credential);
    let reads = case.effects.iter().any(|effect| matches!(effect, Effect::Read(at) if secret(at)));
    for effect in case.effects.iter() {
        let Effect::Network { host, sends, upload } = effect else { continue };
        if is_local(host.as_deref()) {
            continue;
        }
        if sends.iter().any(secret) || (reads && (*upload || sends.is_empty())) {
            let host = host.as_deref().unwrap_or("a host");
            let message = format!("credentials would leave to {host}");
            out.push(reason(&GUARD, message, HELP));
        }
    }
}

fn leaves(case: &Case<'_>, out: &mut Vec<Reason>) {
    if let Some(message) = whole::leaves(case) {
        let help = "send what is asked for, to a host of the project, or ask a person";
        out.push(reason(&WHOLE, message, help));
    }
}

/// Secrets that stand in the arguments of a tool by which they leave.
fn told_outside(action: &Action) -> bool {
    match action {
        Action::Web { address } => holds_secret(address),
        Action::Mcp { arguments, .. } | Action::Unknown { arguments, .. } => {
            let leaves = arguments.iter().any(|argument| {
                let key = argument.key.rsplit('.').next().unwrap_or("").to_ascii_lowercase();
                OUTSIDE.contains(&key.as_str()) || leads_out(&argument.text)
            });
            leaves && arguments.iter().any(|argument| holds_secret(&argument.text))
        }
        _ => false,
    }
}

/// Names of arguments by which a tool reaches others.
#[rustfmt::skip]
const OUTSIDE: [&str; 14] = [
    "url", "channel", "channel_id", "to", "recipient", "recipients", "public", "chat_id", "webhook",
    "email", "owner", "repo", "issue_number", "thread_ts",
];

fn leads_out(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    let host = rest.split(['/', ':', '?']).next();
    scheme.starts_with("http") && scheme.len() <= 5 && !is_local(host)
}

pub(super) fn is_local(host: Option<&str>) -> bool {
    host.is_some_and(|host| {
        matches!(host, "localhost" | "127.0.0.1" | "::1" | "0.0.0.0" | "host.docker.internal")
    })
}
