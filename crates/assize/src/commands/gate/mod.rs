//! `assize gate`: what is asked at a moment, from the repository and the record alone. Nothing that
//! an agent said counts.

mod commit;
mod message;
mod moved;
mod push;
mod rules;
mod seen;
mod show;
mod tree;

use std::io::Write;

use crate::cli::Gate;
use crate::failure::Failure;

pub(super) fn run(gate: &Gate, out: &mut dyn Write) -> Result<u8, Failure> {
    match gate {
        Gate::Commit(options) => commit::run(options, out),
        Gate::Message { file } => message::run(file),
        Gate::Push { remote, rest: _ } => push::run(remote.as_deref(), out),
    }
}
