//! What people allowed, and what they were asked: a fold over the whole record of a repository.
//!
//! It says where to look, no more: what lifts a denial is the entry in the ledger, and whoever
//! acts on an approval reads that entry again.

use std::collections::{BTreeSet, VecDeque};

use assize_ledger::{Map, Value, encode};

use crate::fields::{integer, list, maps, maybe_text, of_version, text, texts, truth, versioned};
use crate::{KeptError, Note};

/// Requests that a person can still answer: the last ones.
const REQUESTS_MAX: usize = 100;
/// Approvals and waivers that may still count. Beyond it the oldest are not known.
const GRANTS_MAX: usize = 5_000;

/// What a denied call would have broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breach {
    pub control: String,
    pub path: String,
    pub fingerprint: String,
    /// Its severity is `block`: it can be allowed for one call, and not be let be.
    pub is_block: bool,
}

/// A denial that a person may lift.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// What a person types.
    pub id: String,
    /// The whole hash of the call.
    pub call_hash: String,
    /// The number of its entry.
    pub sequence: u64,
    pub time_ms: i64,
    /// Harness and session.
    pub session: String,
    pub tool: String,
    pub what: String,
    pub controls: Vec<String>,
    pub messages: Vec<String>,
    pub breaches: Vec<Breach>,
}

/// A person allowed one call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// Random: a copy of its entry is the same approval.
    pub id: String,
    pub call_hash: String,
    /// The number of its entry.
    pub sequence: u64,
    /// The last day on which it counts; without one it counts once.
    pub until: Option<String>,
    /// The session that used it last, and when.
    pub used: Option<(String, i64)>,
    /// What the call was denied for and breaks now.
    fingerprints: Vec<String>,
}

/// A person let a control's findings in a file be.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Waiver {
    control: String,
    path: String,
    fingerprints: Vec<String>,
    until: String,
}

/// All of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Grants {
    /// The number of the last entry that was folded.
    pub sequence: u64,
    requests: VecDeque<Request>,
    approvals: VecDeque<Approval>,
    waivers: VecDeque<Waiver>,
    /// Approvals for one use that had it.
    spent: BTreeSet<String>,
    /// Commands that a person lets Assize run, by their hash.
    trusted: BTreeSet<String>,
}

impl Grants {
    /// Takes an entry into account; `session` names its harness and session.
    pub fn apply(&mut self, note: Note<'_>, session: &str) {
        self.sequence = note.sequence;
        match note.kind {
            "verdict" => self.requested(note, session),
            "approval" => self.approved(note),
            "approval-used" => self.used(note, session),
            "waiver" => self.waived(note.payload),
            "trust" => self.trusted.extend(maybe_text(note.payload, "command-hash")),
            _ => {}
        }
    }

    fn requested(&mut self, note: Note<'_>, session: &str) {
        let member = |key| maybe_text(note.payload, key).unwrap_or_default();
        let (id, call_hash) = (member("request"), member("call-hash"));
        let denied = matches!(member("verdict").as_str(), "deny" | "ask");
        if id.is_empty() || call_hash.is_empty() || !denied {
            return;
        }
        self.requests.retain(|one| one.call_hash != call_hash);
        let request = Request {
            id,
            call_hash,
            sequence: note.sequence,
            time_ms: note.time_ms,
            session: session.to_owned(),
            tool: member("tool"),
            what: member("what"),
            controls: texts(note.payload, "controls"),
            messages: texts(note.payload, "messages"),
            breaches: maps(note.payload, "breaches").into_iter().filter_map(breach).collect(),
        };
        push(&mut self.requests, request, REQUESTS_MAX);
    }

    fn approved(&mut self, note: Note<'_>) {
        let member = |key| maybe_text(note.payload, key);
        let (Some(id), Some(call_hash)) = (member("approval"), member("call-hash")) else { return };
        if self.spent.contains(&id) || self.approvals.iter().any(|one| one.id == id) {
            return;
        }
        let asked = self.requests.iter().find(|one| one.call_hash == call_hash);
        let breaches = asked.map(|one| one.breaches.as_slice()).unwrap_or_default();
        let fingerprints = breaches.iter().map(|one| one.fingerprint.clone()).collect();
        self.requests.retain(|one| one.call_hash != call_hash);
        let (sequence, until) = (note.sequence, member("until"));
        let approval = Approval { id, call_hash, sequence, until, used: None, fingerprints };
        push(&mut self.approvals, approval, GRANTS_MAX);
    }

    fn used(&mut self, note: Note<'_>, session: &str) {
        let Some(id) = maybe_text(note.payload, "approval") else { return };
        let Some(approval) = self.approvals.iter_mut().find(|one| one.id == id) else { return };
        approval.used = Some((session.to_owned(), note.time_ms));
        if approval.until.is_none() {
            self.spent.insert(id);
        }
    }

    fn waived(&mut self, payload: &Map) {
        let member = |key| maybe_text(payload, key);
        let (Some(control), Some(path)) = (member("control"), member("path")) else { return };
        let Some(until) = member("until") else { return };
        let fingerprints = texts(payload, "fingerprints");
        push(&mut self.waivers, Waiver { control, path, fingerprints, until }, GRANTS_MAX);
    }

    /// Denials that nobody lifted, the latest last.
    pub fn requests(&self) -> impl DoubleEndedIterator<Item = &Request> {
        self.requests.iter()
    }

    /// Approvals of a call that count on a day (`YYYY-MM-DD`) and are not used up.
    pub fn approvals<'a>(
        &'a self,
        call_hash: &'a str,
        today: &'a str,
    ) -> impl Iterator<Item = &'a Approval> {
        self.approvals.iter().filter(move |one| {
            let counts = match &one.until {
                Some(until) => until.as_str() >= today,
                None => one.used.is_none(),
            };
            one.call_hash == call_hash && counts
        })
    }

    /// Approvals of a call, used up or not.
    pub fn all_approvals<'a>(&'a self, hash: &'a str) -> impl Iterator<Item = &'a Approval> {
        self.approvals.iter().filter(move |one| one.call_hash == hash)
    }

    /// Whether a person let this finding be, and the day (`YYYY-MM-DD`) is not too late.
    pub fn is_waived(&self, control: &str, path: &str, fingerprint: &str, today: &str) -> bool {
        self.waivers.iter().any(|one| {
            let same = one.control == control && one.path == path && one.until.as_str() >= today;
            same && one.fingerprints.iter().any(|known| known == fingerprint)
        })
    }

    /// Whether a person lets Assize run the command with this hash.
    pub fn is_trusted(&self, command_hash: &str) -> bool {
        self.trusted.contains(command_hash)
    }

    /// Whether a call that a person allowed had this finding.
    pub fn is_allowed(&self, fingerprint: &str) -> bool {
        let has = |one: &Approval| one.fingerprints.iter().any(|known| known == fingerprint);
        self.approvals.iter().any(|one| one.used.is_some() && has(one))
    }

    /// The bytes to keep.
    pub fn to_bytes(&self) -> Result<Vec<u8>, KeptError> {
        let mut map = versioned();
        let requests = self.requests.iter().map(put_request).collect();
        let approvals = self.approvals.iter().map(put_approval).collect();
        let waivers = self.waivers.iter().map(put_waiver).collect();
        map.extend([
            ("sequence".to_owned(), number(self.sequence)),
            ("requests".to_owned(), Value::List(requests)),
            ("approvals".to_owned(), Value::List(approvals)),
            ("waivers".to_owned(), Value::List(waivers)),
            ("spent".to_owned(), list(&self.spent)),
            ("trusted".to_owned(), list(&self.trusted)),
        ]);
        Ok(encode(&map)?)
    }

    pub fn from_bytes(bytes: &[u8]) -> Result<Self, KeptError> {
        let map = assize_ledger::decode(bytes)?;
        of_version(&map)?;
        Ok(Self {
            sequence: count(&map, "sequence")?,
            requests: maps(&map, "requests")
                .into_iter()
                .map(take_request)
                .collect::<Result<_, _>>()?,
            approvals: maps(&map, "approvals")
                .into_iter()
                .map(take_approval)
                .collect::<Result<_, _>>()?,
            waivers: maps(&map, "waivers")
                .into_iter()
                .map(take_waiver)
                .collect::<Result<_, _>>()?,
            spent: texts(&map, "spent").into_iter().collect(),
            trusted: texts(&map, "trusted").into_iter().collect(),
        })
    }
}

impl Breach {
    /// The value in an entry.
    pub fn value(&self) -> Value {
        Value::Map(Map::from([
            ("control".to_owned(), self.control.as_str().into()),
            ("path".to_owned(), self.path.as_str().into()),
            ("fingerprint".to_owned(), self.fingerprint.as_str().into()),
            ("block".to_owned(), self.is_block.into()),
        ]))
    }
}

fn breach(map: &Map) -> Option<Breach> {
    Some(Breach {
        control: maybe_text(map, "control")?,
        path: maybe_text(map, "path")?,
        fingerprint: maybe_text(map, "fingerprint")?,
        is_block: truth(map, "block"),
    })
}

fn push<T>(all: &mut VecDeque<T>, one: T, most: usize) {
    if all.len() == most {
        all.pop_front();
    }
    all.push_back(one);
}

fn number(sequence: u64) -> Value {
    i64::try_from(sequence).unwrap_or(i64::MAX).into()
}

fn count(map: &Map, key: &'static str) -> Result<u64, KeptError> {
    Ok(u64::try_from(integer(map, key)?).unwrap_or(0))
}

fn put_request(request: &Request) -> Value {
    Value::Map(Map::from([
        ("id".to_owned(), request.id.as_str().into()),
        ("call-hash".to_owned(), request.call_hash.as_str().into()),
        ("sequence".to_owned(), number(request.sequence)),
        ("time".to_owned(), request.time_ms.into()),
        ("session".to_owned(), request.session.as_str().into()),
        ("tool".to_owned(), request.tool.as_str().into()),
        ("what".to_owned(), request.what.as_str().into()),
        ("controls".to_owned(), list(&request.controls)),
        ("messages".to_owned(), list(&request.messages)),
        ("breaches".to_owned(), Value::List(request.breaches.iter().map(Breach::value).collect())),
    ]))
}

fn take_request(map: &Map) -> Result<Request, KeptError> {
    Ok(Request {
        id: text(map, "id")?,
        call_hash: text(map, "call-hash")?,
        sequence: count(map, "sequence")?,
        time_ms: integer(map, "time")?,
        session: text(map, "session")?,
        tool: text(map, "tool")?,
        what: text(map, "what")?,
        controls: texts(map, "controls"),
        messages: texts(map, "messages"),
        breaches: maps(map, "breaches").into_iter().filter_map(breach).collect(),
    })
}

fn put_approval(approval: &Approval) -> Value {
    let mut map = Map::from([
        ("id".to_owned(), approval.id.as_str().into()),
        ("call-hash".to_owned(), approval.call_hash.as_str().into()),
        ("sequence".to_owned(), number(approval.sequence)),
        ("fingerprints".to_owned(), list(&approval.fingerprints)),
    ]);
    if let Some(until) = &approval.until {
        map.insert("until".to_owned(), until.as_str().into());
    }
    if let Some((session, time_ms)) = &approval.used {
        map.insert("used-by".to_owned(), session.as_str().into());
        map.insert("used-at".to_owned(), (*time_ms).into());
    }
    Value::Map(map)
}

fn take_approval(map: &Map) -> Result<Approval, KeptError> {
    let used = match maybe_text(map, "used-by") {
        Some(session) => Some((session, integer(map, "used-at")?)),
        None => None,
    };
    Ok(Approval {
        id: text(map, "id")?,
        call_hash: text(map, "call-hash")?,
        sequence: count(map, "sequence")?,
        until: maybe_text(map, "until"),
        used,
        fingerprints: texts(map, "fingerprints"),
    })
}

fn put_waiver(waiver: &Waiver) -> Value {
    Value::Map(Map::from([
        ("control".to_owned(), waiver.control.as_str().into()),
        ("path".to_owned(), waiver.path.as_str().into()),
        ("until".to_owned(), waiver.until.as_str().into()),
        ("fingerprints".to_owned(), list(&waiver.fingerprints)),
    ]))
}

fn take_waiver(map: &Map) -> Result<Waiver, KeptError> {
    Ok(Waiver {
        control: text(map, "control")?,
        path: text(map, "path")?,
        until: text(map, "until")?,
        fingerprints: texts(map, "fingerprints"),
    })
}

#[cfg(test)]
mod tests;
