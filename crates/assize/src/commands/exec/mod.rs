//! `assize exec`: runs a command as if it were run alone, and records how it ended.
//!
//! What the command reads and prints is not touched. Where standard output is a terminal it is
//! handed on whole, and counts of tests come from a report only; where it is a pipe or a file,
//! what passes through is read along.

mod child;
mod record;

use std::time::Instant;

use crate::cli::Exec;
use crate::failure::Failure;
use crate::{output, records};

pub(super) fn run(options: &Exec) -> Result<u8, Failure> {
    let root = records::root(std::path::Path::new("."))?;
    let before = assize_repo::tree_state(&root);
    let started_at = std::time::SystemTime::now();
    let started = Instant::now();
    let ended = child::run(&options.command);
    let elapsed = started.elapsed();
    let after = assize_repo::tree_state(&root);
    if let Some(failure) = &ended.not_started {
        output::status(&format!("error: {failure}"));
    }
    let report = options.report.as_deref();
    let run = record::Run {
        name: options.name.as_deref(),
        command: &options.command,
        status: ended.status,
        signal: ended.signal,
        elapsed,
        folder: folder(&root.folder),
        before,
        after,
        tests: record::tests(report, started_at, ended.output.as_deref()),
    };
    // What a command did is not undone by a record that fails: its status stands, and without an
    // entry no gate takes the run for done.
    let recorded = records::Records::open(&root.folder)
        .and_then(|mut records| records.append("run", run.payload()));
    if let Err(failure) = recorded {
        output::status(&format!("this run was not recorded: {failure}"));
    }
    Ok(ended.status)
}

/// Where the command runs, relative to the root.
fn folder(root: &std::path::Path) -> Option<String> {
    let here = std::env::current_dir().and_then(std::fs::canonicalize).ok()?;
    Some(here.strip_prefix(root).ok()?.to_str()?.to_owned())
}
