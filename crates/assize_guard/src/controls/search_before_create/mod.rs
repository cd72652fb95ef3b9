//! New files and functions that are already there under another name.
//!
//! Whether something is alike is a question to the index, which the front asks with [`alike`];
//! without an index nothing is said.

mod alike;
mod exempt;
mod names;

use assize_model::Severity;

use super::{Case, Guard};
use crate::Reason;

pub use alike::{Alike, alike};
pub use exempt::{Kind, kind};
pub use names::{likeness, originals, terms, words};

/// The control.
pub const GUARD: Guard = Guard {
    name: "search-before-create",
    summary: "new files and functions that are copies or variants of what is there",
    severity: Severity::Error,
    judge,
    doc: include_str!("doc.md"),
};

/// Effects alone tell nothing.
fn judge(_: &Case<'_>, _: &mut Vec<Reason>) {}
