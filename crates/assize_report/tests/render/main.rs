//! Every rendering, of reports that are ordinary, hostile, empty and long.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

mod book;
mod ci;
mod human;
mod machine;
mod page;
mod sample;
mod session;
