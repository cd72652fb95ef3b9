//! The program itself, run as people, agents and pipelines run it: on trees that are ordinary,
//! damaged, hostile and huge.
//!
//! Every run has a deadline, a home and a cache folder of its own, and an environment of which
//! nothing is inherited but the search path.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, helpers too")]

mod agent;
mod approvals;
mod baseline;
mod cache;
mod changed;
mod cheats;
mod client;
mod commands;
mod configuration;
mod damage;
mod demo;
mod dossier;
mod escalations;
mod evade;
mod evidence;
mod excuse;
mod exec;
mod failures;
mod gate;
mod git;
mod githooks;
mod hook;
mod install;
mod large;
mod ledger;
mod links;
mod looking;
mod mcp;
mod modes;
mod observe;
mod output;
mod packaging;
mod permissions;
mod permit;
mod proving;
mod reports;
mod scene;
mod scripts;
mod search;
mod shells;
mod stopping;
mod story;
mod team;
mod terminal;
mod violations;
mod watch;
