//! The wire formats of agent clients: what their hooks send, what we answer, and the entries in
//! their settings that make them ask us at all.
//!
//! Every client has its own words for the same few events. [`parse`] turns one payload into an
//! [`Event`] with an action in the guard's words, and [`answer`] turns a verdict into the bytes and
//! the status that this client honours. [`install`] and [`uninstall`] edit settings as text: they
//! touch no byte that is not ours.
//!
//! Clients let a call through when they do not understand a hook: an unknown key, an empty reason
//! or a line before the JSON is enough. So each answer holds exactly the documented keys, and a
//! denial is said three times: as JSON, as a reason on stderr, and as exit status 2.
//!
//! This crate is pure: values in, values out. It never decides whether an action is fine.

mod answer;
mod client;
mod event;
mod fields;
mod form;
mod settings;
mod tools;
mod wording;

pub use answer::{Answer, Beside, answer, answerable, hands_on, refuse};
pub use client::{Client, Moment};
pub use event::{Event, Lines, PAYLOAD_BYTES_MAX, Refusal, parse};
pub use settings::{
    CLINE_EVENTS, Handler, Installed, SETTINGS_BYTES_MAX, SettingsError, SettingsFile, Standing,
    handlers, install, is_ours, knows_failure, program_of, standing, uninstall,
};
