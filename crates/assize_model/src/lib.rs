//! Plain values that every other crate speaks in: paths, places, classes, findings, problems.
//!
//! Nothing here reads a file, knows a language or renders text; nothing here depends on another
//! crate of the workspace.

mod class;
mod finding;
mod path;
mod place;
mod problem;

pub use class::FileClass;
pub use finding::{
    ControlName, Finding, FindingState, Fingerprint, FingerprintParts, Outcome, Replacement,
    Severity,
};
pub use path::{PathError, RepoPath, normalise};
pub use place::{LineIndex, Place, Span};
pub use problem::{Problem, ProblemKind};
