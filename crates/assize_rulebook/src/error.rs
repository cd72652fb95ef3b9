//! What can be wrong with a rule book, and where.

use std::fmt;

use crate::id::IdError;

/// A line in a file of a rule book; the line is 1-based.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At {
    pub file: String,
    pub line: usize,
}

impl fmt::Display for At {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}", self.file, self.line)
    }
}

/// Why a rule book cannot be used. The first error stops the reading: a rule book that is partly
/// understood would enforce a part of the rules and look as if it enforced all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleBookError {
    #[error("{at}: {message}")]
    Syntax { at: At, message: String },
    #[error("{at}: `{found}` is no id: {source}")]
    Id { at: At, found: String, source: IdError },
    #[error("{at}: `{id}` is defined a second time")]
    Duplicate { at: At, id: String },
    #[error("{at}: clause `{clause}` stands in the file of rule `{rule}`")]
    ForeignClause { at: At, clause: String, rule: String },
    #[error("{at}: clause `{clause}` names control `{control}`, which controls.toml does not list")]
    UnknownControl { at: At, clause: String, control: String },
    #[error("{at}: clause `{clause}` names no control, so nothing would enforce it")]
    NoControl { at: At, clause: String },
    #[error("{at}: control `{control}` has no kind")]
    NoKind { at: At, control: String },
    #[error("{at}: `{found}` is no name of a control: lower-case words joined by `-`")]
    ControlName { at: At, found: String },
    #[error("{at}: {what} must not be empty")]
    Empty { at: At, what: &'static str },
    #[error("{at}: `{found}` is neither a rule's clauses (`R01.*`) nor one clause")]
    Wildcard { at: At, found: String },
    #[error("the rule book has no file `{file}`")]
    NoFile { file: &'static str },
    #[error("the rule book has no rules")]
    NoRules,
    #[error("{file} is larger than {limit} bytes")]
    TooLarge { file: String, limit: usize },
}
