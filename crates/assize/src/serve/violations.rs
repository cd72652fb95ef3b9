//! The breaches that are not repaired, as the record has them.

use std::collections::BTreeMap;
use std::time::Duration;

use assize_ledger::{Ledger, Payload};
use assize_session::{Note, Session};
use serde_json::{Value, json};

use super::bounds;
use super::ground::Ground;
use crate::state;

pub(super) const URI: &str = "assize://violations";
/// How long another process may hold the ledger.
const LOCK_WAIT: Duration = Duration::from_secs(1);
/// Breaches further back than so many entries are named by `assize report`.
const ENTRIES_MAX: u64 = 100_000;
const SHOWN_MAX: usize = 100;

/// Reads and changes nothing: what is kept of sessions is folded anew.
pub(super) fn open(ground: &Ground) -> Result<String, String> {
    let failed = |error: &dyn std::error::Error| {
        format!("the record cannot be read: {error}; `assize ledger verify` says more")
    };
    let folder = state::known_folder(ground.root()).map_err(|error| failed(&error))?;
    let mut sessions: BTreeMap<String, Session> = BTreeMap::new();
    if let Some(folder) = folder {
        let mut ledger = Ledger::open(&folder, LOCK_WAIT).map_err(|error| failed(&error))?;
        let head = ledger.head().map_err(|error| failed(&error))?.sequence;
        let from = head.saturating_sub(ENTRIES_MAX).saturating_add(1);
        for entry in ledger.read(from).map_err(|error| failed(&error))? {
            let entry = entry.map_err(|error| failed(&error))?;
            let kind = entry.kind.as_str();
            let (Payload::Present(payload), "violation" | "repair") = (&entry.payload, kind) else {
                continue;
            };
            let origin = &entry.origin;
            let key = format!("{}:{}", origin.actor.harness, origin.session);
            let note = Note { sequence: entry.sequence, time_ms: origin.time_ms, kind, payload };
            sessions.entry(key).or_default().apply(note);
        }
    }
    Ok(told(&sessions).to_string())
}

fn told(sessions: &BTreeMap<String, Session>) -> Value {
    let open = |(key, session): (&String, &Session)| -> Vec<Value> {
        let one = |open: &assize_session::Open| {
            json!({
                "session": key,
                "control": open.control,
                "path": open.path,
                "message": bounds::value(&open.message),
                "entry": open.sequence,
            })
        };
        session.open().iter().map(one).collect()
    };
    let all: Vec<Value> = sessions.iter().flat_map(open).collect();
    let count = all.len();
    let shown: Vec<Value> = all.into_iter().take(SHOWN_MAX).collect();
    json!({ "all": count, "cut": count > SHOWN_MAX, "violations": shown })
}
