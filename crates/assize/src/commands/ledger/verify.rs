//! `assize ledger verify`: good, unknown, or bad with the first entry that is.

use std::io::Write;
use std::path::Path;

use assize_ledger::Verdict;
use assize_repo::Reach;

use crate::failure::Failure;
use crate::records::{self, Anchor, Records};

/// How much of a commit's name is shown.
const COMMIT_SHOWN: usize = 12;

/// 0 where nothing is wrong, 1 where an entry is.
pub(super) fn run(path: &Path, from_git: bool, out: &mut dyn Write) -> Result<u8, Failure> {
    let root = records::root(path)?;
    let mut records = Records::open(&root.folder)?;
    let git = match &root.git {
        Some(git) if from_git => Some((git, Reach::All)),
        None if from_git => {
            return Err(Failure::said("anchors lie in git, and this is no git work tree"));
        }
        _ => None,
    };
    let (verdict, anchor) = records.verify(&root.folder, git)?;
    writeln!(out, "{}", say(&verdict, anchor.as_ref()))?;
    Ok(u8::from(matches!(verdict, Verdict::Bad { .. })))
}

/// The verdict in a line, with the commit that the anchor stands in.
pub(crate) fn say(verdict: &Verdict, anchor: Option<&Anchor>) -> String {
    let from = anchor.map_or(String::new(), |anchor| {
        let commit = anchor.commit.get(..COMMIT_SHOWN).unwrap_or(&anchor.commit);
        format!(" (anchor: entry {} in commit {commit})", anchor.head.sequence)
    });
    match verdict {
        Verdict::Good { head } => format!("good: {} entries{from}", head.sequence),
        Verdict::Unknown { head, doubt } => {
            format!("unknown: {} entries, none wrong; {doubt}{from}", head.sequence)
        }
        Verdict::Bad { sequence, fault } => format!("bad: entry {sequence}: {fault}{from}"),
    }
}
