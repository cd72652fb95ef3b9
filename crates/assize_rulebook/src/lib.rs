//! The rule book: rules, their clauses, and the controls that each clause names.
//!
//! A rule book is data (`rulebooks/<name>/*.toml`). This crate reads and checks it, answers which
//! clauses a control serves, and says how much of each clause the compiled-in controls cover. It
//! knows controls by name only: what a control does, and which exist, is told by the caller.
//!
//! The map between clauses and controls stands in the clauses alone; the way back is computed.

mod book;
mod coverage;
mod error;
mod id;
mod source;

pub use book::{Clause, ControlEntry, Kind, Rule, RuleBook, RuleBookHash, SourceFile};
pub use coverage::{
    ClauseCoverage, Compiled, ControlCoverage, ControlStatus, Coverage, CoverageSummary, Missing,
};
pub use error::{At, RuleBookError};
pub use id::{ClauseId, IdError, RuleId};
