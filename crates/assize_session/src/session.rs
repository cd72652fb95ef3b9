//! What one session has done, as far as later decisions ask.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use assize_ledger::{Map, Value, decode, encode};

use crate::KeptError;
use crate::brief::Briefed;
use crate::context::Context;
use crate::fields::{
    integer, list, maps, maybe_text, of_version, pairs, text, texts, truth, versioned,
};
use crate::permit::{Lack, Permit, Wanted};
use crate::stopping::Stopping;
use crate::violations::{Open, Violations};

/// Paths that a session is known to have made or read. Beyond it the later ones are not known, and
/// the homework is asked for once more.
const PATHS_MAX: usize = 20_000;
/// Searches that count: the last ones.
const SEARCHES_MAX: usize = 500;
/// Reasons whose denials are counted.
const REASONS_MAX: usize = 2_000;
/// What a session must be told that never comes back is not kept without end.
const UNTOLD_MAX: usize = 200;

/// An entry that was just appended, or is read again: what the fold sees of it.
#[derive(Debug, Clone, Copy)]
pub struct Note<'a> {
    pub sequence: u64,
    pub time_ms: i64,
    pub kind: &'a str,
    pub payload: &'a Map,
}

/// What the session must still be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    pub control: String,
    pub message: String,
    pub help: String,
}

/// One session with its subagents.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Session {
    /// The number of the last entry that was folded.
    pub sequence: u64,
    pub begun_ms: i64,
    /// Paths below the root that its calls made, and that were not there before.
    made: BTreeSet<String>,
    /// The content hash of each file when it was last read or written by the session.
    read: BTreeMap<String, String>,
    /// What it looked for, in lower case, the latest last.
    searches: VecDeque<String>,
    /// How often each reason stopped a call.
    denials: BTreeMap<String, i64>,
    violations: Violations,
    context: Context,
    untold: Vec<Told>,
    briefed: Briefed,
    /// What keeps it from ending.
    pub stopping: Stopping,
    permit: Permit,
}

impl Session {
    /// Takes an entry of the session into account. Kinds that it does not know change nothing.
    pub fn apply(&mut self, note: Note<'_>) {
        if self.begun_ms == 0 {
            self.begun_ms = note.time_ms;
        }
        self.sequence = note.sequence;
        self.briefed.apply(&note);
        self.stopping.apply(note);
        self.permit.apply(&note);
        match note.kind {
            "verdict" => self.judged(note.payload),
            "change" => {
                let files = maps(note.payload, "files");
                files.into_iter().for_each(|file| self.changed(file, note.payload));
            }
            "violation" => self.breached(note),
            "repair" => self.violations.end(note.payload),
            "told" => self.untold.clear(),
            kind => self.context.apply(kind, note.payload),
        }
    }

    fn judged(&mut self, payload: &Map) {
        self.violations.called(payload);
        for (path, hash) in pairs(payload, "reads") {
            self.know(path, hash);
        }
        for term in texts(payload, "searches") {
            if self.searches.len() == SEARCHES_MAX {
                self.searches.pop_front();
            }
            self.searches.push_back(term);
        }
        for reason in texts(payload, "stopped") {
            let known = self.denials.contains_key(&reason);
            if known || self.denials.len() < REASONS_MAX {
                let count = self.denials.entry(reason).or_insert(0);
                *count = count.saturating_add(1);
            }
        }
    }

    fn changed(&mut self, file: &Map, entry: &Map) {
        let Some(path) = maybe_text(file, "path") else { return };
        if maybe_text(file, "whose").as_deref() != Some("session") {
            return;
        }
        self.context.changed(&path, entry);
        let (before, after) = (maybe_text(file, "before"), maybe_text(file, "after"));
        match after {
            Some(hash) => {
                if before.is_none() && self.made.len() < PATHS_MAX {
                    self.made.insert(path.clone());
                }
                self.know(path, hash);
            }
            None => {
                self.made.remove(&path);
                self.read.remove(&path);
            }
        }
    }

    fn know(&mut self, path: String, hash: String) {
        if self.read.contains_key(&path) || self.read.len() < PATHS_MAX {
            self.read.insert(path, hash);
        }
    }

    fn breached(&mut self, note: Note<'_>) {
        let payload = note.payload;
        if !truth(payload, "told") {
            let member = |key| maybe_text(payload, key).unwrap_or_default();
            let (control, message) = (member("control"), member("message"));
            let told = Told { control, message, help: member("help") };
            // Recorded twice by an event that was cut off and its follower, it is said once.
            if self.untold.len() < UNTOLD_MAX && !self.untold.contains(&told) {
                self.untold.push(told);
            }
        }
        self.violations.begin(note.sequence, note.time_ms, payload);
    }

    /// Whether the session itself made this file.
    pub fn made(&self, path: &str) -> bool {
        self.made.contains(path)
    }

    /// The content hash that the file had when the session last read or wrote it.
    pub fn read(&self, path: &str) -> Option<&str> {
        self.read.get(path).map(String::as_str)
    }

    /// What the session looked for, in lower case.
    pub fn searches(&self) -> impl Iterator<Item = &str> {
        self.searches.iter().map(String::as_str)
    }

    /// How often this reason has stopped a call.
    pub fn denials(&self, reason: &str) -> i64 {
        self.denials.get(reason).copied().unwrap_or(0)
    }

    /// Breaches that are not repaired.
    pub fn open(&self) -> &[Open] {
        &self.violations.open
    }

    /// Why it changes what it changes.
    pub const fn context(&self) -> &Context {
        &self.context
    }

    /// What was found at another session's event and must still be told.
    pub fn untold(&self) -> &[Told] {
        &self.untold
    }

    /// Of which paths the session was told what bears on them.
    pub const fn briefed(&self) -> &Briefed {
        &self.briefed
    }

    /// Whether the session may change files, and what it was told of it.
    pub const fn permit(&self) -> &Permit {
        &self.permit
    }

    /// Why the session may not change files while the documents are as they are; nothing where it
    /// may. A document that it made itself it knows.
    pub fn lack(&self, wanted: &[Wanted<'_>]) -> Option<Lack> {
        let hash = |path: &str| wanted.iter().find(|one| one.path == path).map(|one| one.hash);
        self.permit.lack(wanted, &|path| self.made(path) && self.read(path) == hash(path))
    }

    /// The bytes to keep.
    pub fn to_bytes(&self) -> Result<Vec<u8>, KeptError> {
        let mut map = versioned();
        let sequence = i64::try_from(self.sequence).unwrap_or(i64::MAX);
        let read = self.read.iter().map(|(path, hash)| (path.clone(), hash.as_str().into()));
        let denials = self.denials.iter().map(|(reason, count)| (reason.clone(), (*count).into()));
        map.extend([
            ("sequence".to_owned(), sequence.into()),
            ("begun".to_owned(), self.begun_ms.into()),
            ("made".to_owned(), list(&self.made)),
            ("read".to_owned(), Value::Map(read.collect())),
            ("searches".to_owned(), list(&self.searches)),
            ("denials".to_owned(), Value::Map(denials.collect())),
            ("open".to_owned(), self.violations.value()),
            ("context".to_owned(), self.context.value()),
            ("untold".to_owned(), Value::List(self.untold.iter().map(put_told).collect())),
            ("briefed".to_owned(), self.briefed.to_value()),
            ("stopping".to_owned(), self.stopping.to_value()),
            ("permit".to_owned(), self.permit.to_value()),
        ]);
        Ok(encode(&map)?)
    }

    pub fn from_bytes(bytes: &[u8]) -> Result<Self, KeptError> {
        let map = decode(bytes)?;
        of_version(&map)?;
        let Some(Value::Map(denials)) = map.get("denials") else {
            return Err(KeptError::Member("denials"));
        };
        let count = |(reason, count): (&String, &Value)| match count {
            Value::Integer(count) => Some((reason.clone(), *count)),
            _ => None,
        };
        Ok(Self {
            sequence: u64::try_from(integer(&map, "sequence")?).unwrap_or(0),
            begun_ms: integer(&map, "begun")?,
            made: texts(&map, "made").into_iter().collect(),
            read: pairs(&map, "read").into_iter().collect(),
            searches: texts(&map, "searches").into(),
            denials: denials.iter().filter_map(count).collect(),
            violations: Violations::of(&map, "open")?,
            context: Context::of(&map, "context")?,
            untold: maps(&map, "untold").into_iter().map(take_told).collect::<Result<_, _>>()?,
            briefed: Briefed::from_value(map.get("briefed")),
            stopping: Stopping::of_value(map.get("stopping")),
            permit: Permit::from_value(map.get("permit"))?,
        })
    }
}

fn put_told(told: &Told) -> Value {
    Value::Map(Map::from([
        ("control".to_owned(), told.control.as_str().into()),
        ("message".to_owned(), told.message.as_str().into()),
        ("help".to_owned(), told.help.as_str().into()),
    ]))
}

fn take_told(map: &Map) -> Result<Told, KeptError> {
    Ok(Told {
        control: text(map, "control")?,
        message: text(map, "message")?,
        help: text(map, "help")?,
    })
}

#[cfg(test)]
mod tests;
