//! What every control owes without writing a test of its own: pages that do not lie, fixtures for
//! each language that it claims, fixes that harm nothing, no panic on a torn file, one answer at
//! any number of threads and through every door of the engine.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]
#![expect(clippy::panic, reason = "a test that cannot go on ends")]

mod claims;
mod doors;
mod edits;
mod fixes;
mod pages;
mod shelf;
mod threads;
mod torn;
