//! `assize ledger`: what was recorded, and whether it is what was written.

mod forget;
mod in_toto;
mod log;
mod replay;
mod show;
mod verify;

pub(crate) use verify::say as verdict_line;

use std::io::Write;
use std::path::Path;

use assize_ledger::{Entry, ExportError};

use crate::cli;
use crate::failure::Failure;
use crate::records::{self, Records};

/// Shorter beginnings of a hash are not looked for: too many entries share them.
const HASH_START_MIN: usize = 6;
/// Longer numbers are beginnings of hashes.
const SEQUENCE_DIGITS_MAX: usize = 12;

pub(super) fn run(options: &cli::Ledger, out: &mut dyn Write) -> Result<u8, Failure> {
    match options {
        cli::Ledger::Log(options) => log::run(options, out),
        cli::Ledger::Show { entry, root } => show::run(entry, root, out),
        cli::Ledger::Replay { at, out: into, root } => {
            replay::run(at.as_deref(), into.as_deref(), root, out)
        }
        cli::Ledger::Verify { root, anchor } => verify::run(root, *anchor, out),
        cli::Ledger::Forget { payload, reason, root } => forget::run(payload, reason, root),
        cli::Ledger::Key { root } => {
            let key = open(root)?.ledger().public_key().map_err(|error| Failure::tool(&error))?;
            writeln!(out, "{key}")?;
            Ok(0)
        }
        cli::Ledger::Export { root, format } => export(root, *format, out),
    }
}

fn open(path: &Path) -> Result<Records, Failure> {
    Records::open(&records::root(path)?.folder)
}

/// All entries, or those that are evidence as others read it.
fn export(root: &Path, format: cli::Exported, out: &mut dyn Write) -> Result<u8, Failure> {
    let mut records = open(root)?;
    match format {
        cli::Exported::Json => match records.ledger().export(1, out) {
            Err(ExportError::Output(error)) => return Err(error.into()),
            done => done.map_err(|error| Failure::tool(&error))?,
        },
        cli::Exported::InToto => {
            for statement in records.entries()?.iter().filter_map(in_toto::statement) {
                writeln!(out, "{}", statement.to_json())?;
            }
        }
    }
    Ok(0)
}

/// The entry with a number, or whose hash or payload's hash begins so.
fn find(entries: &[Entry], which: &str) -> Result<Entry, Failure> {
    let missing = || {
        Failure::said(format!("no entry is called `{which}`"))
            .hint("name its number, or six or more digits of its hash or of its payload's hash")
    };
    let is_number = which.len() <= SEQUENCE_DIGITS_MAX;
    if let Some(sequence) = which.parse::<u64>().ok().filter(|_| is_number) {
        let found = entries.iter().find(|entry| entry.sequence == sequence);
        return found.cloned().ok_or_else(missing);
    }
    if which.len() < HASH_START_MIN {
        return Err(missing());
    }
    let fits = |entry: &&Entry| {
        entry.hash.to_string().starts_with(which)
            || entry.payload_hash.to_string().starts_with(which)
    };
    let mut found = entries.iter().filter(fits);
    let first = found.next().ok_or_else(missing)?;
    match found.next() {
        None => Ok(first.clone()),
        Some(_) => Err(Failure::said(format!("more than one entry begins with `{which}`"))),
    }
}
