//! What the ledger is told of calls, their answers and what they changed.
//!
//! Contents are recorded by their hash. Each entry is folded into the session's state as soon as it
//! is durable.

use std::path::PathBuf;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use assize_guard::{Action, Reason, Verdict};
use assize_harness::{Client, Event};
use assize_ledger::{Actor, Draft, Kind, Ledger, Map, Origin, Value};
use assize_session::{Calls, Note, Session};

use super::failing::Cause;
use super::keep::{Keep, session_key};
use super::scene::Scene;
use crate::state;

/// When an answer can wait no longer for others to leave the ledger, counted from its beginning:
/// with what is left, the reason of a denial is still written.
const LEDGER_BY: Duration = Duration::from_millis(1_600);
/// Nobody is turned away at once.
const LOCK_WAIT_MIN: Duration = Duration::from_millis(100);

/// The record, open for one event.
pub(super) struct Record<'a> {
    client: Client,
    event: &'a Event,
    folder: PathBuf,
    keep: Keep,
    ledger: Option<Ledger>,
    begun: Instant,
    /// When the event came, in milliseconds since 1970.
    pub(super) now_ms: i64,
}

/// What is recorded of a decision.
pub(super) struct Decided<'a> {
    pub(super) verdict: &'a Verdict,
    /// What `enforce` would have denied.
    pub(super) spared: &'a [Reason],
    /// Content hashes of files that the call reads, by their paths below the root.
    pub(super) reads: Vec<(String, String)>,
    /// What the call looks for.
    pub(super) searches: Vec<String>,
}

impl<'a> Decided<'a> {
    /// A decision on something that is no call.
    pub(super) const fn bare(verdict: &'a Verdict) -> Self {
        Self { verdict, spared: &[], reads: Vec::new(), searches: Vec::new() }
    }
}

impl<'a> Record<'a> {
    pub(super) fn open(client: Client, event: &'a Event, scene: &Scene) -> Result<Self, Cause> {
        let folder = state::folder(&scene.root).map_err(|error| failed(&error))?;
        let keep = Keep::new(&folder, &scene.root);
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let now_ms = i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
        let begun = Instant::now();
        Ok(Self { client, event, folder, keep, ledger: None, begun, now_ms })
    }

    /// Harness and session of the event.
    pub(super) fn key(&self) -> String {
        session_key(self.client.name(), &self.event.session)
    }

    /// What the session of the event has done so far.
    pub(super) fn session(&self) -> Result<Session, Cause> {
        self.keep.session(&self.key()).map_err(|error| failed(&error))
    }

    /// The calls of all sessions in this work tree.
    pub(super) fn calls<T>(&self, work: impl FnOnce(&mut Calls) -> T) -> Result<T, Cause> {
        self.keep.calls(work).map_err(|error| failed(&error))
    }

    /// Forgets the state of sessions that are long over.
    pub(super) fn tidy(&self) {
        self.keep.tidy();
    }

    /// A decision before a call.
    pub(super) fn decision(&mut self, decided: Decided<'_>) -> Result<u64, Cause> {
        let mut payload = called(self.event);
        let texts = |texts: Vec<String>| Value::List(texts.into_iter().map(Into::into).collect());
        let reads = decided.reads.into_iter().map(|(path, hash)| (path, hash.into()));
        payload.extend([
            ("verdict".to_owned(), decided.verdict.word().into()),
            ("controls".to_owned(), controls(decided.verdict.reasons())),
            ("messages".to_owned(), messages(decided.verdict.reasons())),
            ("spared".to_owned(), controls(decided.spared)),
            ("reads".to_owned(), Value::Map(reads.collect())),
            ("searches".to_owned(), texts(decided.searches)),
        ]);
        if matches!(decided.verdict, Verdict::Deny(_) | Verdict::Ask(_)) {
            let stopped = decided.verdict.reasons().iter().map(reason_key).collect();
            payload.insert("stopped".to_owned(), texts(stopped));
        }
        // Empty members say nothing.
        payload.retain(|_, value| !matches!(value, Value::List(list) if list.is_empty()));
        payload.retain(|_, value| !matches!(value, Value::Map(map) if map.is_empty()));
        self.append("verdict", payload)
    }

    /// An entry of the event's own session.
    pub(super) fn append(&mut self, kind: &str, payload: Map) -> Result<u64, Cause> {
        self.append_for(&self.key(), kind, payload)
    }

    /// An entry of a session, which may be another one's: what its call did is seen at our event.
    pub(super) fn append_for(
        &mut self,
        session: &str,
        kind: &str,
        payload: Map,
    ) -> Result<u64, Cause> {
        let own = session == self.key();
        let (harness, name) = session.split_once(':').unwrap_or(("", session));
        let actor = Actor {
            harness: harness.to_owned(),
            agent: self.event.agent.clone().filter(|_| own),
            user: std::env::var("USER").unwrap_or_default(),
        };
        let origin = Origin { time_ms: self.now_ms, session: name.to_owned(), actor };
        let known = Kind::new(kind).ok_or_else(|| Cause::Ledger(format!("`{kind}` is no kind")))?;
        let draft = Draft { origin, kind: known, payload };
        let ledger = match &mut self.ledger {
            Some(ledger) => ledger,
            empty => {
                let wait = LEDGER_BY.saturating_sub(self.begun.elapsed()).max(LOCK_WAIT_MIN);
                empty.insert(Ledger::open(&self.folder, wait).map_err(|error| failed(&error))?)
            }
        };
        let receipt = ledger.append(&draft).map_err(|error| failed(&error))?;
        let (sequence, payload) = (receipt.head.sequence, &draft.payload);
        let note = Note { sequence, time_ms: self.now_ms, kind, payload };
        let folded = self.keep.change_session(session, |session| session.apply(note));
        folded.map_err(|error| failed(&error))?;
        Ok(sequence)
    }
}

fn failed(error: &dyn std::error::Error) -> Cause {
    Cause::Ledger(error.to_string())
}

/// By what a reason is counted: the control, and what it says of which place.
pub(super) fn reason_key(reason: &Reason) -> String {
    format!("{}:{}", reason.control, short(&reason.message))
}

fn called(event: &Event) -> Map {
    let (tool, what) = match &event.action {
        Action::Shell { command, .. } => ("shell", command.clone()),
        Action::Write { path, .. } => ("write", path.clone()),
        Action::Edit { path, .. } => ("edit", path.clone()),
        Action::Notebook { path, .. } => ("notebook", path.clone()),
        Action::Patch { text } => ("patch", short(text)),
        Action::Read { path } => ("read", path.clone()),
        Action::Search { pattern, .. } => ("search", pattern.clone()),
        Action::Web { address } => ("web", address.clone()),
        Action::Mcp { server, tool, .. } => ("mcp", format!("{server}/{tool}")),
        Action::Unknown { tool, .. } => ("unknown", tool.clone()),
        _ => ("event", event.moment.name().to_owned()),
    };
    let mut payload = Map::new();
    payload.insert("tool".to_owned(), tool.into());
    payload.insert("what".to_owned(), state::redacted(&what).into());
    if let Some(call) = &event.call {
        payload.insert("call".to_owned(), call.as_str().into());
    }
    payload
}

fn short(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex().chars().take(32).collect()
}

fn controls(reasons: &[Reason]) -> Value {
    Value::List(reasons.iter().map(|reason| reason.control.into()).collect())
}

fn messages(reasons: &[Reason]) -> Value {
    let short = |reason: &Reason| state::redacted(&reason.message).into();
    Value::List(reasons.iter().map(short).collect())
}
