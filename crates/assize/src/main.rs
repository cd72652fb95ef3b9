//! The `assize` program: reads its arguments, runs one command, ends with its exit status.

mod ancestry;
mod baseline;
mod before;
mod cli;
mod clients;
mod commands;
mod failure;
mod gates;
mod hook;
mod mcp;
mod output;
mod pages;
mod pass;
mod permit;
mod person;
mod project;
mod records;
mod serve;
mod settings;
mod signature;
mod state;
mod statement;
mod team;
mod timings;
mod warm;

use std::panic::AssertUnwindSafe;
use std::process::ExitCode;

use clap::Parser as _;

use cli::{Command, Mcp};

/// Stack of the threads that parse: deep input must end in a refusal, not in an overflow.
const STACK_BYTES: usize = 64 << 20;

/// The exit status of a bug: neither of what was found nor of wrong use.
const BUG: u8 = 255;

fn main() -> ExitCode {
    if let Some(status) = hook::called() {
        return ExitCode::from(status);
    }
    let arguments = cli::Arguments::parse();
    let colour = output::decide_colour();
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(arguments.threads())
        .stack_size(STACK_BYTES)
        .build_global();
    if let Err(error) = pool {
        return failure::Failure::said(format!("cannot start the threads: {error}"))
            .hint("ask for fewer with `--threads`")
            .end(colour);
    }
    // A server waits, and would take the place of a thread that works for it.
    let run = || match arguments.command {
        Command::Mcp(Mcp::Serve(_)) => commands::run(&arguments, colour),
        _ => rayon::scope(|_| commands::run(&arguments, colour)),
    };
    match std::panic::catch_unwind(AssertUnwindSafe(run)) {
        Ok(Ok(status)) => ExitCode::from(status),
        Ok(Err(failure)) => failure.end(colour),
        Err(_) => {
            output::status("this is a bug of assize: please report it with the lines above");
            ExitCode::from(BUG)
        }
    }
}
