//! The sheet on which a language module writes down what it saw.

use std::collections::BTreeSet;

use assize_model::{FileClass, LineIndex, Place, RepoPath, Span};

use crate::{Dialect, Fact, FactKind, FileFacts, FileFlags, Flags, Parsed, Role, SyntaxError};

/// The code of an import that stands inside a docstring.
pub(crate) const SWALLOWED_IMPORT: &str = "swallowed-import";

/// Facts of one file in the making.
#[derive(Debug)]
pub struct Extraction<'a> {
    pub path: &'a RepoPath,
    pub class: FileClass,
    pub dialect: Dialect,
    pub text: &'a str,
    pub lines: &'a LineIndex,
    facts: Vec<Fact>,
    errors: Vec<SyntaxError>,
    flags: FileFlags,
    parsed: Parsed,
}

impl<'a> Extraction<'a> {
    pub(crate) fn new(
        path: &'a RepoPath,
        class: FileClass,
        dialect: Dialect,
        text: &'a str,
        lines: &'a LineIndex,
    ) -> Self {
        Self {
            path,
            class,
            dialect,
            text,
            lines,
            facts: Vec::new(),
            errors: Vec::new(),
            flags: FileFlags::default(),
            parsed: Parsed::NotParsed,
        }
    }

    /// Begins a fact at a byte span; it is kept when [`FactBuilder::done`] is called.
    pub fn fact(
        &mut self,
        kind: FactKind,
        role: Role,
        key: impl Into<String>,
        span: Span,
    ) -> FactBuilder<'_> {
        let place = self.lines.place(span, self.text);
        self.fact_at(kind, role, key, place)
    }

    /// Begins a fact at a place that is already known.
    pub fn fact_at(
        &mut self,
        kind: FactKind,
        role: Role,
        key: impl Into<String>,
        place: Place,
    ) -> FactBuilder<'_> {
        FactBuilder {
            facts: &mut self.facts,
            fact: Fact {
                kind,
                role,
                key: key.into(),
                value: String::new(),
                item: String::new(),
                flags: Flags::NONE,
                number: 0,
                place,
            },
        }
    }

    /// Says that the text does not parse, and where.
    pub fn error(&mut self, span: Span, message: impl Into<String>) {
        self.error_with_code(span, message, "syntax");
    }

    pub fn error_with_code(&mut self, span: Span, message: impl Into<String>, code: &'static str) {
        let place = self.lines.place(span, self.text);
        self.errors.push(SyntaxError { place, message: message.into(), code });
    }

    /// Says how far the parser came.
    pub fn set_parsed(&mut self, parsed: Parsed) {
        self.parsed = parsed;
    }

    /// Says of the imports of some modules that their absence is provided for.
    pub(crate) fn spare_imports(&mut self, modules: &[String]) {
        for fact in &mut self.facts {
            if fact.kind == FactKind::Import && modules.contains(&fact.key) {
                fact.flags = fact.flags.with(Flags::OPTIONAL);
            }
        }
    }

    /// Puts a [`FileFlags`] mark on the file.
    pub fn mark(&mut self, flag: u32) {
        self.flags.0 |= flag;
    }

    /// Whether the file's name says that it is a register of ports.
    pub fn is_port_registry(&self) -> bool {
        let name: String = self.path.name().chars().filter(char::is_ascii_alphanumeric).collect();
        let name = name.to_ascii_lowercase();
        name.starts_with("portregistry") || name.starts_with("portsregistry")
    }

    /// Whether a parser read the whole text and found nothing wrong.
    pub fn is_valid(&self) -> bool {
        self.parsed == Parsed::Valid && self.errors.is_empty()
    }

    /// The environment variables that the file is known to define.
    pub(crate) fn variables(&self) -> BTreeSet<String> {
        self.facts
            .iter()
            .filter(|fact| fact.kind == FactKind::Env && fact.role == Role::Definition)
            .map(|fact| fact.key.clone())
            .collect()
    }

    pub fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    pub(crate) fn finish(mut self) -> FileFacts {
        self.errors.sort();
        // A module that its docstring robs of an import parses all the same.
        let broken = self.errors.iter().any(|error| error.code != SWALLOWED_IMPORT);
        if self.parsed == Parsed::Valid && broken {
            self.parsed = Parsed::Invalid;
        }
        self.facts.sort_by(|a, b| {
            (a.place, a.kind, a.role, &a.key, &a.value)
                .cmp(&(b.place, b.kind, b.role, &b.key, &b.value))
        });
        self.facts.dedup();
        FileFacts {
            dialect: self.dialect,
            parsed: self.parsed,
            flags: self.flags,
            errors: self.errors,
            facts: self.facts,
        }
    }
}

/// A fact that is being described.
#[must_use = "a fact is kept only when `done` is called"]
#[derive(Debug)]
pub struct FactBuilder<'f> {
    facts: &'f mut Vec<Fact>,
    fact: Fact,
}

impl FactBuilder<'_> {
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.fact.value = value.into();
        self
    }

    pub fn item(mut self, item: impl Into<String>) -> Self {
        self.fact.item = item.into();
        self
    }

    pub fn flags(mut self, flags: Flags) -> Self {
        self.fact.flags = self.fact.flags.with(flags);
        self
    }

    pub fn number(mut self, number: u32) -> Self {
        self.fact.number = number;
        self
    }

    /// Keeps the fact.
    pub fn done(self) {
        self.facts.push(self.fact);
    }
}
