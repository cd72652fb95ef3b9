//! `assize completions`: what a shell needs to complete the command line.

use std::io::Write;

use clap::CommandFactory as _;

use crate::cli::{Arguments, Completions};
use crate::failure::Failure;

pub(super) fn run(options: &Completions, out: &mut dyn Write) -> Result<u8, Failure> {
    let mut command = Arguments::command();
    // The generator panics where it cannot write, so it writes where it always can.
    let mut script = Vec::new();
    clap_complete::generate(options.shell, &mut command, "assize", &mut script);
    out.write_all(&script)?;
    Ok(0)
}
