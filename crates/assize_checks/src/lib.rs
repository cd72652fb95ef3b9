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
mod person;
mod purpose;
mod sink;
mod steps;
mod team;
mod trial;
mod unseen;

pub use control::{Context, Control, Group, Hints, Scope, Source, speaks_of_changes};
pub use engine::{
    FileResult, Input, Intake, Meter, Pass, Spent, bare, check_all, check_all_on, check_change,
    check_delta, check_file, decode, difference, encode, give_hints, index_text, index_text_by,
    recheck,
};
pub use fix::{Draft, Fixed, fixed, offered, offers_fixes};
pub use generated::secret_literal::redacted;
pub use generated::{CONTROLS, FIXTURES};
pub use sink::{Report, Sink};
pub use team::{Example, TEAM_BYTES_MAX, TEAM_LANGUAGES, TeamRules, Verdict};

/// Whether a finding says for certain that its file does not parse: it blocks where a version did,
/// and every moment at which files are judged asks.
pub fn says_broken(finding: &assize_model::Finding) -> bool {
    finding.control.0 == "syntax-parse" && finding.code != assize_syntax::NOTATION
}

/// The control with this name.
pub fn control(name: &str) -> Option<&'static Control> {
    CONTROLS.iter().copied().find(|control| control.name.0 == name)
}

/// The name of a control that there is, or that a team's rule may have.
pub fn control_name(name: &str) -> Option<assize_model::ControlName> {
    control(name).map(|control| control.name).or_else(|| assize_model::ControlName::of_team(name))
}
