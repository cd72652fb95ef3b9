//! The ledger from outside: on a store that fails, and on disk with many processes.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, helpers too")]

mod disk;
mod faults;
mod memory;
mod processes;
mod verdict;
