//! One module per command.

mod agents;
mod approve;
mod baseline;
mod change;
mod check;
mod completions;
mod config;
mod demo;
mod doctor;
mod enforce;
mod exec;
mod fix;
mod gate;
mod githooks;
mod history;
mod index;
mod init;
mod ledger;
mod man;
mod mcp;
mod preflight;
mod report;
mod rule_document;
mod rule_schema;
mod rules;
mod serve;
mod status;
mod team;
mod waive;

pub(crate) use ledger::verdict_line;

use std::io::{BufWriter, Write};

pub(crate) use rules::{coverage, page};

use crate::cli::{Arguments, Command, Mcp};
use crate::failure::Failure;
use crate::output::Colour;

/// Runs the command and gives the exit status.
pub(crate) fn run(arguments: &Arguments, colour: Colour) -> Result<u8, Failure> {
    let mut out = BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
    let status = match &arguments.command {
        Command::Check(options) => check::run(options, colour, &mut out)?,
        Command::Baseline(options) => baseline::run(options)?,
        Command::Config(options) => config::run(options, &mut out)?,
        Command::Index(options) => index::run(options, &mut out)?,
        Command::Preflight(options) => preflight::run(options, &mut out)?,
        Command::Rules(options) => rules::run(options, colour, &mut out)?,
        Command::Agents(options) => agents::run(options, &mut out)?,
        Command::Exec(options) => {
            // The command prints for itself, while ours must hold no lock.
            drop(out);
            return exec::run(options);
        }
        Command::Gate(options) => gate::run(options, &mut out)?,
        Command::Ledger(options) => ledger::run(options, &mut out)?,
        Command::Approve(options) => approve::run(options, &mut out)?,
        Command::Waive(options) => waive::run(options)?,
        Command::Mcp(Mcp::Serve(options)) => {
            // The protocol has standard output for itself.
            drop(out);
            return serve::run(options);
        }
        Command::Mcp(options) => mcp::run(options, &mut out)?,
        Command::Init(options) => init::add(options, &mut out)?,
        Command::Uninstall(options) => init::remove(options, &mut out)?,
        Command::Demo(options) => demo::run(options, &mut out)?,
        Command::Doctor(options) => doctor::run(options, &mut out)?,
        Command::Enforce(options) => enforce::run(options, &mut out)?,
        Command::Report(options) => report::run(options, &mut out)?,
        Command::Status(options) => status::run(options, &mut out)?,
        // A client that is known was answered before arguments were parsed.
        Command::Hook { client } => {
            let known = assize_harness::Client::ALL.map(assize_harness::Client::name);
            return Err(Failure::said(format!("no client is called `{client}`"))
                .hint(format!("known are: {}", known.join(", "))));
        }
        Command::Completions(options) => completions::run(options, &mut out)?,
        Command::Man(options) => man::run(options, &mut out)?,
        Command::Explain { control } => rules::explain(control, &mut out)?,
    };
    out.flush()?;
    Ok(status)
}
