//! The controls that are checks, and the engine that runs them.
//!
//! A control is one folder: metadata, entry function, doc page, fixtures. The list of them is
//! generated from the folders. Controls read facts and the index; they do no I/O, know no clauses
//! and no output format.

mod allowance;
mod control;
mod engine;
mod fix;
mod generated;
mod glob;
mod purpose;
mod sink;
mod steps;
mod trial;
mod unseen;

pub use control::{Context, Control, Group, Hints, Scope, Source};
pub use engine::{
    FileResult, Input, Meter, Pass, Spent, bare, check_all, check_all_on, check_change,
    check_delta, check_file, decode, difference, encode, give_hints, index_text, index_text_on,
    recheck,
};
pub use fix::{Draft, Fixed, fixed, offers_fixes};
pub use generated::secret_literal::redacted;
pub use generated::{CONTROLS, FIXTURES};
pub use sink::{Report, Sink};

/// The control with this name.
pub fn control(name: &str) -> Option<&'static Control> {
    CONTROLS.iter().copied().find(|control| control.name.0 == name)
}
