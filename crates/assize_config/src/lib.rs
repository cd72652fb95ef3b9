//! Configuration: `assize.toml` files merged by nearness, as the settings that controls see.
//!
//! Pure: texts in, [`Settings`] or a [`ConfigError`] with file, line and nearest valid key out.
//! Which files there are, which controls exist, and what day it is, the caller says: this crate
//! knows no control. A configuration with a mistake yields no settings at all, because a mistyped
//! key would otherwise switch nothing on or off without a word.

mod authority;
mod brief;
mod classes;
mod controls;
mod date;
mod edit;
mod error;
mod freeze;
mod gates;
mod load;
mod nearest;
mod permit;
mod settings;
mod team;
mod words;

pub use authority::{Authority, Ignored};
pub use brief::BriefMoment;
pub use classes::{ClassGlobs, GLOB_CHARS_MAX, GLOBS_MAX};
pub use controls::{ControlEntry, ControlTable};
pub use date::Date;
pub use edit::{EditError, fresh, with_guard_mode};
pub use error::{ConfigError, MISTAKES_MAX, Mistake, MistakeKind};
pub use freeze::Freeze;
pub use gates::{EvidenceDemand, Gates, SUITE_GLOBS_MAX, SUITES_MAX, Suite};
pub use load::{ConfigFile, FILE_BYTES_MAX};
pub use permit::PermitSettings;
pub use settings::{Layer, Options, Settings};
pub use team::{
    Case, RULE_FILE_BYTES_MAX, RULE_FILES_MAX, RULE_NAME_MAX, RULE_TEXT_MAX, RULE_TEXTS_MAX,
    RULES_FOLDER, RULES_MAX, RuleFile, Said, TeamRule, Wanted, Within,
};
pub use words::{ApprovalStrength, Escalation, GuardMode, Profile, SCRIPT_DUTIES};
