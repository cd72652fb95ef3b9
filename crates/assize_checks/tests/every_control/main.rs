//! What every control owes without writing a test of its own: pages that do not lie, fixtures for
//! each language that it claims, no panic on a torn file, one answer at any number of threads and
//! through every door of the engine.

mod claims;
mod doors;
mod edits;
mod pages;
mod shelf;
mod threads;
mod torn;
