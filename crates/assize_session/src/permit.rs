//! Whether a session may change files: it has been given the rules, and they are still those.
//!
//! A permit is for states of documents, not for a time: whoever knows what stands there now has it.
//! A document is known when it was part of what was given, when it was read from end to end, or when
//! the session itself wrote what stands there.

use std::collections::{BTreeMap, BTreeSet};

use assize_ledger::{Map, Value};

use crate::KeptError;
use crate::fields::{list, maps, maybe_integer, maybe_text, pairs, text, texts, truth};
use crate::session::Note;

/// Nobody has more rule documents; those beyond it are asked for once more.
const DOCUMENTS_MAX: usize = 500;
/// Pieces in which one document was read.
const PIECES_MAX: usize = 100;
/// Files of which the session was told that it has not read them.
const TOLD_MAX: usize = 5_000;
/// The control whose reasons are counted as told.
const CONTROL: &str = "preflight-permit";

/// A document as it is now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted<'a> {
    /// Below the root.
    pub path: &'a str,
    pub hash: &'a str,
    /// A digest does not stand for it.
    pub is_full: bool,
}

/// Why a session has no permit now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lack {
    /// It was never given the rules.
    Never,
    /// These documents changed since, or are new.
    Stale(Vec<String>),
    /// These are to be read from end to end, and were not.
    Unread(Vec<String>),
}

/// What was given last.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Grant {
    /// The hash of all rules together.
    rules: String,
    /// The hash of each document, by its path.
    documents: BTreeMap<String, String>,
    /// Short hashes of the sections of each document, in their order, joined.
    sections: BTreeMap<String, String>,
}

/// What was read of one content of a document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Reading {
    hash: String,
    /// Apart from each other, in order; from one on, both ends included.
    pieces: Vec<(i64, i64)>,
}

/// A session's permit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Permit {
    grant: Option<Grant>,
    /// Contents that the session knows besides: read from end to end, or its own.
    known: BTreeMap<String, String>,
    readings: BTreeMap<String, Reading>,
    /// The state of the documents at which one more call was let run.
    graced: Option<String>,
    is_told: bool,
    /// Files of which the session was told that it has not read them.
    unread: BTreeSet<String>,
}

impl Permit {
    /// Takes an entry of the session into account.
    pub(crate) fn apply(&mut self, note: &Note<'_>) {
        match note.kind {
            "permit" => self.granted(note.payload),
            "verdict" => self.judged(note.payload),
            "change" => maps(note.payload, "files").into_iter().for_each(|it| self.wrote(it)),
            _ => {}
        }
    }

    fn granted(&mut self, payload: &Map) {
        let few = |key| pairs(payload, key).into_iter().take(DOCUMENTS_MAX).collect();
        self.grant = Some(Grant {
            rules: maybe_text(payload, "rules").unwrap_or_default(),
            documents: few("documents"),
            sections: few("sections"),
        });
        for (path, hash) in pairs(payload, "whole") {
            self.know(path, hash);
        }
        self.graced = None;
    }

    fn judged(&mut self, payload: &Map) {
        for piece in maps(payload, "pieces") {
            self.read(piece);
        }
        if let Some(state) = maybe_text(payload, "graced") {
            self.graced = Some(state);
        }
        let named = |key| texts(payload, key).iter().any(|control| control == CONTROL);
        self.is_told |= named("controls") || named("spared");
        for path in texts(payload, "unread") {
            if self.unread.len() < TOLD_MAX {
                self.unread.insert(path);
            }
        }
    }

    fn read(&mut self, piece: &Map) {
        let (Some(path), Some(hash)) = (maybe_text(piece, "path"), maybe_text(piece, "hash"))
        else {
            return;
        };
        let number = |key| maybe_integer(piece, key).unwrap_or(0);
        if !self.readings.contains_key(&path) && self.readings.len() >= DOCUMENTS_MAX {
            return;
        }
        let reading = self.readings.entry(path.clone()).or_default();
        if reading.hash != hash {
            *reading = Reading { hash: hash.clone(), pieces: Vec::new() };
        }
        add(&mut reading.pieces, (number("from"), number("to")));
        let lines = number("lines");
        if reading.pieces.iter().any(|(from, to)| *from <= 1 && *to >= lines) {
            self.readings.remove(&path);
            self.know(path, hash);
        }
    }

    /// A change of a document that the session itself made is known to it.
    fn wrote(&mut self, file: &Map) {
        let own = maybe_text(file, "whose").as_deref() == Some("session");
        let (Some(path), Some(after)) = (maybe_text(file, "path"), maybe_text(file, "after"))
        else {
            return;
        };
        let is_document =
            self.grant.as_ref().is_some_and(|grant| grant.documents.contains_key(&path));
        if own && is_document {
            self.know(path, after);
        }
    }

    fn know(&mut self, path: String, hash: String) {
        if self.known.contains_key(&path) || self.known.len() < DOCUMENTS_MAX {
            self.known.insert(path, hash);
        }
    }

    /// Why the session may not change files now; nothing where it may. `wrote` says what the
    /// session itself made of a path.
    pub(crate) fn lack(&self, wanted: &[Wanted<'_>], wrote: &dyn Fn(&str) -> bool) -> Option<Lack> {
        let knows = |one: &Wanted<'_>| self.knows(one) || wrote(one.path);
        let is_given = |one: &Wanted<'_>| {
            let given = self.grant.as_ref().and_then(|grant| grant.documents.get(one.path));
            given.is_some_and(|hash| hash == one.hash)
        };
        let (full, rest): (Vec<_>, Vec<_>) = wanted.iter().copied().partition(|one| one.is_full);
        let paths = |all: Vec<Wanted<'_>>| all.iter().map(|one| one.path.to_owned()).collect();
        let stale: Vec<_> = rest.into_iter().filter(|one| !knows(one) && !is_given(one)).collect();
        if !stale.is_empty() {
            return Some(if self.grant.is_none() {
                Lack::Never
            } else {
                Lack::Stale(paths(stale))
            });
        }
        let unread: Vec<_> = full.into_iter().filter(|one| !knows(one)).collect();
        (!unread.is_empty()).then(|| Lack::Unread(paths(unread)))
    }

    fn knows(&self, wanted: &Wanted<'_>) -> bool {
        self.known.get(wanted.path).is_some_and(|hash| hash == wanted.hash)
    }

    /// Whether one call was let run already at this state of the documents.
    pub fn is_graced(&self, state: &str) -> bool {
        self.graced.as_deref() == Some(state)
    }

    /// Whether the session was told that it has no permit.
    pub const fn is_told(&self) -> bool {
        self.is_told
    }

    /// Whether the session was told that it has not read this file.
    pub fn is_told_of(&self, path: &str) -> bool {
        self.unread.contains(path)
    }

    /// Short hashes of the sections of a document, as the session was given it.
    pub fn sections(&self, path: &str) -> Option<&str> {
        self.grant.as_ref()?.sections.get(path).map(String::as_str)
    }

    /// The hash of all rules that the session was given.
    pub fn rules(&self) -> Option<&str> {
        self.grant.as_ref().map(|grant| grant.rules.as_str())
    }

    pub(crate) fn to_value(&self) -> Value {
        let texts = |map: &BTreeMap<String, String>| {
            Value::Map(map.iter().map(|(key, text)| (key.clone(), text.as_str().into())).collect())
        };
        let mut map = Map::from([
            ("known".to_owned(), texts(&self.known)),
            ("told".to_owned(), Value::Bool(self.is_told)),
            ("unread".to_owned(), list(&self.unread)),
            ("readings".to_owned(), Value::List(self.readings.iter().map(put_reading).collect())),
        ]);
        if let Some(grant) = &self.grant {
            map.insert("rules".to_owned(), grant.rules.as_str().into());
            map.insert("documents".to_owned(), texts(&grant.documents));
            map.insert("sections".to_owned(), texts(&grant.sections));
        }
        if let Some(state) = &self.graced {
            map.insert("graced".to_owned(), state.as_str().into());
        }
        Value::Map(map)
    }

    pub(crate) fn from_value(value: Option<&Value>) -> Result<Self, KeptError> {
        let Some(Value::Map(map)) = value else { return Err(KeptError::Member("permit")) };
        let texts_of = |key| pairs(map, key).into_iter().collect();
        let grant = maybe_text(map, "rules").map(|rules| Grant {
            rules,
            documents: texts_of("documents"),
            sections: texts_of("sections"),
        });
        let readings = maps(map, "readings").into_iter().map(take_reading);
        Ok(Self {
            grant,
            known: texts_of("known"),
            readings: readings.collect::<Result<_, _>>()?,
            graced: maybe_text(map, "graced"),
            is_told: truth(map, "told"),
            unread: texts(map, "unread").into_iter().collect(),
        })
    }
}

/// Adds a piece to others, so that none touch each other.
fn add(pieces: &mut Vec<(i64, i64)>, (from, to): (i64, i64)) {
    if to < from {
        return;
    }
    let (mut first, mut last) = (from, to);
    pieces.retain(|(from, to)| {
        let touches = *from <= last.saturating_add(1) && *to >= first.saturating_sub(1);
        if touches {
            first = first.min(*from);
            last = last.max(*to);
        }
        !touches
    });
    if pieces.len() < PIECES_MAX {
        pieces.push((first, last));
    }
    pieces.sort_unstable();
}

fn put_reading((path, reading): (&String, &Reading)) -> Value {
    let ends = reading.pieces.iter().flat_map(|(from, to)| [*from, *to]).map(Value::Integer);
    Value::Map(Map::from([
        ("path".to_owned(), path.as_str().into()),
        ("hash".to_owned(), reading.hash.as_str().into()),
        ("pieces".to_owned(), Value::List(ends.collect())),
    ]))
}

fn take_reading(map: &Map) -> Result<(String, Reading), KeptError> {
    let Some(Value::List(ends)) = map.get("pieces") else {
        return Err(KeptError::Member("pieces"));
    };
    let pair = |pair: &[Value]| match pair {
        [Value::Integer(from), Value::Integer(to)] => Some((*from, *to)),
        _ => None,
    };
    let pieces = ends.chunks(2).filter_map(pair).collect();
    Ok((text(map, "path")?, Reading { hash: text(map, "hash")?, pieces }))
}

#[cfg(test)]
mod tests;
