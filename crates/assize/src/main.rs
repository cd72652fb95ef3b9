//! The `assize` program: reads its arguments, runs one command, ends with its exit status.

mod baseline;
mod before;
mod cli;
mod commands;
mod failure;
mod output;
mod pass;
mod project;
mod settings;

use std::process::ExitCode;

use clap::Parser as _;

/// Stack of the threads that parse: deep input must end in a refusal, not in an overflow.
const STACK_BYTES: usize = 64 << 20;

fn main() -> ExitCode {
    let arguments = cli::Arguments::parse();
    let colour = output::decide_colour();
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(arguments.threads())
        .stack_size(STACK_BYTES)
        .build_global();
    let outcome = match pool {
        Ok(()) => rayon::scope(|_| commands::run(&arguments, colour)),
        Err(error) => Err(failure::Failure::tool(&error)),
    };
    match outcome {
        Ok(status) => ExitCode::from(status),
        Err(failure) => failure.end(colour),
    }
}
