//! `assize gate`: what is asked at a moment, from the repository and the record alone. Nothing that
//! an agent said counts.

mod ci;
mod commit;
mod demand;
mod edit;
mod message;
mod moved;
mod push;
mod rules;
mod seen;
mod show;
mod start;
mod stop;
mod tree;
mod write;

use std::io::Write;

use crate::cli::Gate;
use crate::failure::Failure;

pub(crate) fn run(gate: &Gate, out: &mut dyn Write) -> Result<u8, Failure> {
    match gate {
        Gate::Start(options) => start::run(options, out),
        Gate::Edit(options) => edit::run(options, out),
        Gate::Stop(options) => stop::run(options, out),
        Gate::Commit(options) => commit::run(options, out),
        Gate::Message { file } => message::run(file),
        Gate::Push { remote, rest: _, format } => push::run(remote.as_deref(), *format, out),
    }
}
