//! Credentials that leave by the call that reads them.

use assize_model::Severity;

use super::{Case, Guard, reason};
use crate::protected::{Kind, kind_of};
use crate::{Effect, Place, Reason};

pub(crate) const GUARD: Guard = Guard {
    name: "exfiltrate",
    summary: "credentials that a call sends to the network",
    severity: Severity::Block,
    judge,
    doc: include_str!("doc.md"),
};

fn judge(case: &Case<'_>, out: &mut Vec<Reason>) {
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
            out.push(reason(&GUARD, message, "do not send what opens something else"));
        }
    }
}

fn is_local(host: Option<&str>) -> bool {
    host.is_some_and(|host| {
        matches!(host, "localhost" | "127.0.0.1" | "::1" | "0.0.0.0" | "host.docker.internal")
    })
}
