//! Of which paths a session was told what bears on them: it is told once.

use std::collections::BTreeSet;

use assize_ledger::Value;

use crate::fields::{list, texts};
use crate::session::Note;

/// Beyond so many paths the later ones are told again.
const PATHS_MAX: usize = 5_000;

/// The paths of which a session was told.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Briefed {
    paths: BTreeSet<String>,
}

impl Briefed {
    pub(crate) fn apply(&mut self, note: &Note<'_>) {
        if note.kind != "brief" {
            return;
        }
        for path in texts(note.payload, "paths") {
            if self.paths.len() < PATHS_MAX {
                self.paths.insert(path);
            }
        }
    }

    /// Whether the session was told of this path.
    pub fn has(&self, path: &str) -> bool {
        self.paths.contains(path)
    }

    pub(crate) fn to_value(&self) -> Value {
        list(&self.paths)
    }

    pub(crate) fn from_value(value: Option<&Value>) -> Self {
        let Some(Value::List(paths)) = value else { return Self::default() };
        let text = |path: &Value| match path {
            Value::Text(path) => Some(path.clone()),
            _ => None,
        };
        Self { paths: paths.iter().filter_map(text).collect() }
    }
}
