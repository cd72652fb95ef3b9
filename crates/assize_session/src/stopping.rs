//! What a session has changed all in all, and how often it was kept from ending.

use std::collections::BTreeMap;

use assize_ledger::{Map, Value};

use crate::fields::{maps, maybe_integer, maybe_text};
use crate::session::Note;

/// Files whose changes are known. Beyond it the later ones demand nothing.
const FILES_MAX: usize = 5_000;

/// The content hashes of a file before the session changed it first, and after it did last.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Span {
    before: Option<String>,
    after: Option<String>,
}

/// How far a session is from its end.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stopping {
    files: BTreeMap<String, Span>,
    /// How often in a row it was kept from ending.
    blocks: i64,
    /// The hash of what it was told last when it wanted to end.
    told: Option<String>,
    /// HEAD when it began.
    head: Option<String>,
}

impl Stopping {
    pub(crate) fn apply(&mut self, note: Note<'_>) {
        match note.kind {
            "session-start" if self.head.is_none() => self.head = maybe_text(note.payload, "head"),
            "change" => maps(note.payload, "files").into_iter().for_each(|file| self.changed(file)),
            "stop" => {
                let blocked = maybe_text(note.payload, "outcome").as_deref() == Some("blocked");
                self.blocks = if blocked { self.blocks.saturating_add(1) } else { 0 };
                self.told = maybe_text(note.payload, "told");
            }
            _ => {}
        }
    }

    fn changed(&mut self, file: &Map) {
        let Some(path) = maybe_text(file, "path") else { return };
        if !matches!(maybe_text(file, "whose").as_deref(), Some("session" | "probable")) {
            return;
        }
        let (before, after) = (maybe_text(file, "before"), maybe_text(file, "after"));
        if let Some(span) = self.files.get_mut(&path) {
            span.after = after;
        } else if self.files.len() < FILES_MAX {
            self.files.insert(path, Span { before, after });
        }
    }

    /// Paths of files that are not as they were when the session first changed them.
    pub fn changes(&self) -> impl Iterator<Item = &str> {
        let changed = self.files.iter().filter(|(_, span)| span.before != span.after);
        changed.map(|(path, _)| path.as_str())
    }

    /// How often in a row it was kept from ending.
    pub const fn blocks(&self) -> i64 {
        self.blocks
    }

    /// The hash of what it was told last.
    pub fn told(&self) -> Option<&str> {
        self.told.as_deref()
    }

    /// HEAD when it began.
    pub fn head(&self) -> Option<&str> {
        self.head.as_deref()
    }

    pub(crate) fn to_value(&self) -> Value {
        let file = |(path, span): (&String, &Span)| {
            let mut map = Map::from([("path".to_owned(), path.as_str().into())]);
            put(&mut map, "before", span.before.as_deref());
            put(&mut map, "after", span.after.as_deref());
            Value::Map(map)
        };
        let files = Value::List(self.files.iter().map(file).collect());
        let mut map =
            Map::from([("files".to_owned(), files), ("blocks".to_owned(), self.blocks.into())]);
        put(&mut map, "told", self.told.as_deref());
        put(&mut map, "head", self.head.as_deref());
        Value::Map(map)
    }

    pub(crate) fn of_value(value: Option<&Value>) -> Self {
        let Some(Value::Map(map)) = value else { return Self::default() };
        let file = |file: &Map| {
            let (before, after) = (maybe_text(file, "before"), maybe_text(file, "after"));
            maybe_text(file, "path").map(|path| (path, Span { before, after }))
        };
        Self {
            files: maps(map, "files").into_iter().filter_map(file).collect(),
            blocks: maybe_integer(map, "blocks").unwrap_or(0),
            told: maybe_text(map, "told"),
            head: maybe_text(map, "head"),
        }
    }
}

fn put(map: &mut Map, key: &str, text: Option<&str>) {
    if let Some(text) = text {
        map.insert(key.to_owned(), text.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note<'a>(kind: &'a str, payload: &'a Map) -> Note<'a> {
        Note { sequence: 1, time_ms: 1, kind, payload }
    }

    fn change(path: &str, whose: &str, before: Option<&str>, after: Option<&str>) -> Map {
        let mut file = Map::from([("path".into(), path.into()), ("whose".into(), whose.into())]);
        put(&mut file, "before", before);
        put(&mut file, "after", after);
        Map::from([("files".to_owned(), Value::List(vec![Value::Map(file)]))])
    }

    #[test]
    fn what_was_taken_back_is_no_change() {
        let mut stopping = Stopping::default();
        for payload in [
            change("a", "session", Some("1"), Some("2")),
            change("b", "session", None, Some("3")),
            change("c", "unattributed", Some("1"), Some("2")),
            change("d", "probable", Some("1"), None),
            change("a", "session", Some("2"), Some("1")),
        ] {
            stopping.apply(note("change", &payload));
        }
        assert_eq!(stopping.changes().collect::<Vec<_>>(), ["b", "d"]);
        assert_eq!(Stopping::of_value(Some(&stopping.to_value())), stopping);
    }

    #[test]
    fn blocks_count_in_a_row() {
        let mut stopping = Stopping::default();
        let stop = |outcome: &str| {
            Map::from([("outcome".to_owned(), outcome.into()), ("told".to_owned(), "t1".into())])
        };
        stopping.apply(note("stop", &stop("blocked")));
        stopping.apply(note("stop", &stop("blocked")));
        assert_eq!((stopping.blocks(), stopping.told()), (2, Some("t1")));
        assert_eq!(Stopping::of_value(Some(&stopping.to_value())), stopping);
        stopping.apply(note("stop", &stop("unproven")));
        assert_eq!(stopping.blocks(), 0);
    }
}
