//! What can be wrong with a configuration, and how it is said.

use std::fmt;

use thiserror::Error;

/// How many mistakes are described; further ones are only counted.
pub const MISTAKES_MAX: usize = 100;

/// The configuration has mistakes: all of them, in order of file and place.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}", self.lines())]
pub struct ConfigError {
    mistakes: Vec<Mistake>,
    more: usize,
}

/// One mistake at one place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mistake {
    file: String,
    line: u32,
    column: u32,
    kind: MistakeKind,
    key: String,
    what: String,
    nearest: Option<String>,
}

/// What kind of mistake it is, for machines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MistakeKind {
    /// The file is above the size that is read.
    TooLarge,
    /// The text is no TOML.
    Unreadable,
    UnknownKey,
    WrongType,
    UnknownControl,
    UnknownClass,
    /// A text outside the closed set of its key.
    UnknownValue,
    /// A number outside its range.
    OutOfRange,
    /// `block` as a severity, or a severity for a control that is `block`.
    Block,
    BadGlob,
    /// A path that is absolute or leaves the root.
    BadPath,
    /// A text that is empty or no name of a variable.
    BadText,
    /// A setting of the whole repository in a file below its root.
    RootOnly,
    /// More entries than are read.
    TooMany,
    /// A team's rule is not whole, or does not do what its examples say.
    Rule,
}

impl ConfigError {
    /// Mistakes that showed when what was read was used; none where there are none.
    pub fn of(mut mistakes: Vec<Mistake>) -> Option<Self> {
        mistakes.sort();
        let more = mistakes.len().saturating_sub(MISTAKES_MAX);
        mistakes.truncate(MISTAKES_MAX);
        (!mistakes.is_empty()).then_some(Self { mistakes, more })
    }

    /// The mistakes that are described.
    pub fn mistakes(&self) -> &[Mistake] {
        &self.mistakes
    }

    /// How many further mistakes there are.
    pub fn more(&self) -> usize {
        self.more
    }

    fn lines(&self) -> String {
        let mut lines: Vec<String> = self.mistakes.iter().map(Mistake::to_string).collect();
        if self.more > 0 {
            lines.push(format!("and {} more", self.more));
        }
        lines.join("\n")
    }
}

impl Mistake {
    pub(crate) fn at(
        file: &str,
        (line, column): (u32, u32),
        kind: MistakeKind,
        key: String,
        what: String,
    ) -> Self {
        Self { file: file.to_owned(), line, column, kind, key, what, nearest: None }
    }

    /// The file, as the caller named it.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// 1-based.
    pub fn line(&self) -> u32 {
        self.line
    }

    /// 1-based, in Unicode scalars.
    pub fn column(&self) -> u32 {
        self.column
    }

    pub fn kind(&self) -> MistakeKind {
        self.kind
    }

    /// The key with the tables above it, separated by dots; empty for a whole file.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// What is wrong, without place and suggestion.
    pub fn what(&self) -> &str {
        &self.what
    }

    /// The valid key or value that was probably meant.
    pub fn nearest(&self) -> Option<&str> {
        self.nearest.as_deref()
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}:{}: {}", self.file, self.line, self.column, self.what)?;
        match &self.nearest {
            Some(nearest) => write!(out, "; did you mean `{nearest}`?"),
            None => Ok(()),
        }
    }
}

/// Collects mistakes until there are too many to be of use.
#[derive(Debug, Default)]
pub(crate) struct Mistakes {
    kept: Vec<Mistake>,
    more: usize,
}

/// One mistake before its place is put into words.
#[derive(Debug)]
pub(crate) struct Slip {
    pub(crate) kind: MistakeKind,
    pub(crate) key: String,
    pub(crate) what: String,
    pub(crate) nearest: Option<String>,
}

impl Mistakes {
    /// Whether further mistakes are only counted, so that nobody need describe them.
    pub(crate) fn is_full(&self) -> bool {
        self.kept.len() >= MISTAKES_MAX
    }

    pub(crate) fn push(&mut self, file: &str, (line, column): (u32, u32), slip: Slip) {
        if self.is_full() {
            self.more = self.more.saturating_add(1);
            return;
        }
        let Slip { kind, key, what, nearest } = slip;
        self.kept.push(Mistake { file: file.to_owned(), line, column, kind, key, what, nearest });
    }

    pub(crate) fn into_result<T>(mut self, value: T) -> Result<T, ConfigError> {
        if self.kept.is_empty() {
            return Ok(value);
        }
        self.kept.sort();
        Err(ConfigError { mistakes: self.kept, more: self.more })
    }
}
