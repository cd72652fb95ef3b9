//! The ledger from outside: on a store that fails, and on disk with many processes.

mod disk;
mod faults;
mod memory;
mod processes;
mod verdict;
