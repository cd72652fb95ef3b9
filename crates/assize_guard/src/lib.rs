//! Decisions on what an agent wants to do, before it happens.
//!
//! An [`Action`] is what a client sends, in one form for all clients. The shell reader turns a
//! command into [`Effect`]s; the rules speak of effects, never of text. The edit reader yields the
//! file as it would be. Everything here is pure: what is known of the machine and the repository
//! comes in as [`Surroundings`].

mod action;
mod arguments;
pub mod controls;
pub mod derive;
mod edit;
mod effect;
mod mcp;
pub mod protected;
mod shell;
mod surroundings;
mod tools;
mod verdict;
mod written;

pub use action::{Action, Argument, Change};
pub use edit::{
    After, FILE_BYTES_MAX, FILES_MAX, Failed, HUNKS_MAX, Simulation, after, after_diff,
    after_effects,
};
pub use effect::{Effect, Effects, GitStep, Place, Program, Reach};
pub use mcp::{McpSet, Part, Running};
pub use shell::{effects_of, normalise};
pub use surroundings::Surroundings;
pub use verdict::{Reason, Verdict};
