//! `assize ledger`: what was recorded, and whether it is what was written.

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use assize_ledger::{Disk, Ledger, Trust, Verdict};

use crate::cli;
use crate::failure::Failure;
use crate::hook::ledger_folder;

/// How long another process may hold the ledger.
const LOCK_WAIT: Duration = Duration::from_secs(5);

pub(super) fn run(options: &cli::Ledger, out: &mut dyn Write) -> Result<u8, Failure> {
    match options {
        cli::Ledger::Verify { root } => verify(root, out),
        cli::Ledger::Export { root } => {
            open(root)?.export(1, out).map_err(|error| Failure::tool(&error))?;
            Ok(0)
        }
    }
}

/// 0 where nothing is wrong, 1 where an entry is.
fn verify(root: &Path, out: &mut dyn Write) -> Result<u8, Failure> {
    let mut ledger = open(root)?;
    let keys = vec![ledger.public_key().map_err(|error| Failure::tool(&error))?];
    let trust = Trust { anchor: None, keys };
    match ledger.verify(&trust).map_err(|error| Failure::tool(&error))? {
        Verdict::Good { head } => writeln!(out, "good: {} entries", head.sequence)?,
        Verdict::Unknown { head, doubt } => {
            writeln!(out, "unknown: {} entries, none wrong; {doubt}", head.sequence)?;
        }
        Verdict::Bad { sequence, fault } => {
            writeln!(out, "bad: entry {sequence}: {fault}")?;
            return Ok(1);
        }
    }
    Ok(0)
}

fn open(root: &Path) -> Result<Ledger<Disk>, Failure> {
    let root = assize_repo::Root::find(root).map_err(|error| Failure::tool(&error))?;
    let folder = ledger_folder(&root.folder).map_err(|error| Failure::tool(&error))?;
    Ledger::open(&folder, LOCK_WAIT).map_err(|error| Failure::tool(&error))
}
