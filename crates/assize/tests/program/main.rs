//! The program itself, run as people, agents and pipelines run it: on trees that are ordinary,
//! damaged, hostile and huge.
//!
//! Every run has a deadline, a home and a cache folder of its own, and an environment of which
//! nothing is inherited but the search path.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, helpers too")]

mod agent;
mod baseline;
mod cache;
mod changed;
mod commands;
mod configuration;
mod damage;
mod dossier;
mod git;
mod hook;
mod large;
mod links;
mod observe;
mod output;
mod permissions;
mod scene;
mod search;
