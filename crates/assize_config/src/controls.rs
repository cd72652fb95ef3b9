//! What the configuration must know of controls; the caller hands it in.

use std::collections::BTreeMap;

use assize_model::Severity;

/// A control as configuration sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ControlEntry<'a> {
    pub name: &'a str,
    /// The severity of its metadata.
    pub severity: Severity,
    /// The names of its numeric options.
    pub options: &'a [&'a str],
}

/// All controls that may be configured, by name.
#[derive(Debug, Clone, Default)]
pub struct ControlTable<'a> {
    entries: BTreeMap<&'a str, ControlEntry<'a>>,
}

impl<'a> ControlTable<'a> {
    pub fn new(entries: impl IntoIterator<Item = ControlEntry<'a>>) -> Self {
        Self { entries: entries.into_iter().map(|entry| (entry.name, entry)).collect() }
    }

    pub fn get(&self, name: &str) -> Option<&ControlEntry<'a>> {
        self.entries.get(name)
    }

    /// The names, in order.
    pub fn names(&self) -> impl Iterator<Item = &'a str> {
        self.entries.keys().copied()
    }
}
