//! What the ledger is told of calls, their answers and what they changed.
//!
//! Contents are recorded by their hash. Each entry is folded into the session's state as soon as it
//! is durable.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use assize_guard::{Action, Reason, Verdict};
use assize_harness::{Client, Event};
use assize_ledger::{Actor, Draft, Entry, Kind, Ledger, Map, Origin, Value};
use assize_model::Finding;
use assize_session::{Calls, Grants, Note, Session};

use super::failing::Cause;
use super::judge::breach;
use super::keep::{Keep, session_key};
use super::request::Request;
use super::scene::Scene;
use crate::gates::Run;
use crate::state;

/// When an answer can wait no longer for others to leave the ledger, counted from its beginning:
/// with what is left, the reason of a denial is still written.
const LEDGER_BY: Duration = Duration::from_millis(1_600);
/// Nobody is turned away at once.
const LOCK_WAIT_MIN: Duration = Duration::from_millis(100);

/// So many breaches of one call are recorded.
const BREACHES_MAX: usize = 50;

/// What of an event is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Recording {
    All,
    /// Nobody acts: somebody only asks what would be.
    Nothing,
}

/// The record, open for one event.
pub(super) struct Record<'a> {
    client: Client,
    event: &'a Event,
    folder: PathBuf,
    keep: Keep,
    ledger: Option<Ledger>,
    begun: Instant,
    recording: Recording,
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
    /// What a person would lift, or lifted.
    pub(super) request: Option<&'a Request>,
    /// Controls whose denial a person lifted.
    pub(super) lifted: &'a [Reason],
    /// What the files would newly break.
    pub(super) breaches: Vec<&'a Finding>,
    /// What was found out of files that would go.
    pub(super) dossiers: Vec<Map>,
    /// What the session's permit rests on.
    pub(super) note: Map,
}

impl<'a> Decided<'a> {
    /// A decision on something that is no call.
    pub(super) const fn bare(verdict: &'a Verdict) -> Self {
        Self {
            verdict,
            spared: &[],
            reads: Vec::new(),
            searches: Vec::new(),
            request: None,
            lifted: &[],
            breaches: Vec::new(),
            dossiers: Vec::new(),
            note: Map::new(),
        }
    }
}

impl<'a> Record<'a> {
    pub(super) fn open(client: Client, event: &'a Event, scene: &Scene) -> Result<Self, Cause> {
        let folder = state::folder(&scene.root).map_err(|error| failed(&error))?;
        let keep = Keep::new(&folder, &scene.root);
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let now_ms = i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
        let begun = Instant::now();
        let recording = Recording::All;
        Ok(Self { client, event, folder, keep, ledger: None, begun, recording, now_ms })
    }

    pub(super) const fn that(mut self, recording: Recording) -> Self {
        self.recording = recording;
        self
    }

    pub(super) const fn client(&self) -> Client {
        self.client
    }

    /// The folder of the ledger.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Harness and session of the event.
    pub(super) fn key(&self) -> String {
        session_key(self.client.name(), &self.event.session)
    }

    /// What the session of the event has done so far.
    pub(super) fn session(&self) -> Result<Session, Cause> {
        // Looking up a session that is not known would make it known.
        if self.recording == Recording::Nothing && self.event.session.is_empty() {
            return Ok(Session::default());
        }
        self.keep.session(&self.key()).map_err(|error| failed(&error))
    }

    /// What a session has done, which may be another one than the event's.
    pub(super) fn session_of(&self, key: &str) -> Result<Session, Cause> {
        self.keep.session(key).map_err(|error| failed(&error))
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
            ("lifted".to_owned(), controls(decided.lifted)),
            (
                "dossiers".to_owned(),
                Value::List(decided.dossiers.into_iter().map(Value::Map).collect()),
            ),
        ]);
        payload.extend(decided.note);
        if let Some(request) = decided.request {
            payload.insert("request".to_owned(), request.id.as_str().into());
            payload.insert("call-hash".to_owned(), request.call_hash.as_str().into());
            let breaches = decided.breaches.iter().take(BREACHES_MAX);
            let breaches = breaches.map(|finding| breach(finding).value()).collect();
            payload.insert("breaches".to_owned(), Value::List(breaches));
        }
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
        if self.recording == Recording::Nothing {
            return Ok(0);
        }
        let draft = self.draft(session, kind, payload)?;
        let receipt = self.ledger()?.append(&draft).map_err(|error| failed(&error))?;
        let (sequence, payload) = (receipt.head.sequence, &draft.payload);
        let note = Note { sequence, time_ms: self.now_ms, kind, payload };
        let folded = self.keep.change_session(session, |session| session.apply(note));
        folded.map_err(|error| failed(&error))?;
        Ok(sequence)
    }

    /// An entry of the event's own session, not yet written.
    pub(super) fn draft(&self, session: &str, kind: &str, payload: Map) -> Result<Draft, Cause> {
        let own = session == self.key();
        let (harness, name) = session.split_once(':').unwrap_or(("", session));
        let actor = Actor {
            harness: harness.to_owned(),
            agent: self.event.agent.clone().filter(|_| own),
            user: std::env::var("USER").unwrap_or_default(),
        };
        let origin = Origin { time_ms: self.now_ms, session: name.to_owned(), actor };
        let known = Kind::new(kind).ok_or_else(|| Cause::Ledger(format!("`{kind}` is no kind")))?;
        Ok(Draft { origin, kind: known, payload })
    }

    fn ledger(&mut self) -> Result<&mut Ledger, Cause> {
        match &mut self.ledger {
            Some(ledger) => Ok(ledger),
            empty => {
                let wait = LEDGER_BY.saturating_sub(self.begun.elapsed()).max(LOCK_WAIT_MIN);
                let opened = Ledger::open(&self.folder, wait);
                Ok(empty.insert(opened.map_err(|error| failed(&error))?))
            }
        }
    }

    /// What people allowed.
    pub(super) fn grants(&mut self) -> Result<Grants, Cause> {
        let keep = self.keep.clone();
        keep.grants(self.ledger()?).map_err(|error| failed(&error))
    }

    /// The runs that are recorded, and the number of the last entry.
    pub(super) fn runs(&mut self) -> Result<(Vec<Run>, u64), Cause> {
        let head = self.ledger()?.head().map_err(|error| failed(&error))?.sequence;
        let mut runs = Vec::new();
        for entry in self.ledger()?.read(1).map_err(|error| failed(&error))? {
            runs.extend(Run::of(&entry.map_err(|error| failed(&error))?));
        }
        Ok((runs, head))
    }

    /// The entry with this number.
    pub(super) fn entry(&mut self, sequence: u64) -> Result<Option<Entry>, Cause> {
        let mut entries = self.ledger()?.read(sequence).map_err(|error| failed(&error))?;
        entries.next().transpose().map_err(|error| failed(&error))
    }

    /// Appends an entry of the event's session if the entries from number `from` on let it.
    pub(super) fn append_if(
        &mut self,
        (kind, payload): (&str, Map),
        from: u64,
        mut stops: impl FnMut(&Entry) -> bool,
    ) -> Result<bool, Cause> {
        if self.recording == Recording::Nothing {
            return Ok(false);
        }
        let draft = self.draft(&self.key(), kind, payload)?;
        let appended = self.ledger()?.append_if(&draft, from, |entries| {
            for entry in entries {
                if stops(&entry?) {
                    return Ok(false);
                }
            }
            Ok(true)
        });
        appended.map(|receipt| receipt.is_some()).map_err(|error| failed(&error))
    }
}

fn failed(error: &dyn std::error::Error) -> Cause {
    Cause::Ledger(error.to_string())
}

/// By what a reason is counted: the control, and what it says of which place.
pub(super) fn reason_key(reason: &Reason) -> String {
    format!("{}:{}", reason.control, short(&reason.message))
}

/// The kind of tool of a call, and what it is called for, without credentials.
pub(super) fn what(event: &Event) -> (&'static str, String) {
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
    (tool, state::redacted(&what))
}

fn called(event: &Event) -> Map {
    let (tool, what) = what(event);
    let mut payload = Map::new();
    payload.insert("tool".to_owned(), tool.into());
    payload.insert("what".to_owned(), what.into());
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
