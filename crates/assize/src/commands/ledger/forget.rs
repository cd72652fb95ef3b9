//! `assize ledger forget`: a person drops what an entry holds; that it was there stays.

use std::io::IsTerminal as _;
use std::path::Path;

use crate::failure::Failure;
use crate::{ancestry, output, records};

/// How much of the hash the person types.
const TYPED: usize = 8;

pub(super) fn run(which: &str, reason: &str, path: &Path) -> Result<u8, Failure> {
    by_a_person()?;
    if reason.trim().is_empty() {
        return Err(Failure::said("a reason is needed: it stays when the payload is gone"));
    }
    let mut records = records::Records::open(&records::root(path)?.folder)?;
    let entry = super::find(&records.entries()?, which)?;
    let hash = entry.payload_hash.to_string();
    let start = hash.get(..TYPED).unwrap_or(&hash);
    let (sequence, kind) = (entry.sequence, entry.kind.as_str());
    output::status(&format!("entry {sequence} ({kind}) will lose what it holds, for good"));
    output::status(&format!("type {start} to go on"));
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    if line.trim() != start {
        return Err(Failure::said("nothing was forgotten"));
    }
    let origin = records.origin();
    let done = records.ledger().forget(entry.payload_hash, reason, &origin);
    let receipt = done.map_err(|error| Failure::tool(&error))?;
    output::status(&format!("forgotten; entry {} says so", receipt.head.sequence));
    Ok(0)
}

/// An agent that simply runs the command is kept out. SECURITY.md says what this does not hold.
fn by_a_person() -> Result<(), Failure> {
    if let Some(client) = ancestry::client_above() {
        return Err(Failure::said(format!("only a person may do this, and `{client}` runs it"))
            .hint("run it in a terminal of your own"));
    }
    if !std::io::stdin().is_terminal() {
        return Err(Failure::said("only a person may do this, and nobody can be asked here")
            .hint("run it in a terminal"));
    }
    Ok(())
}
