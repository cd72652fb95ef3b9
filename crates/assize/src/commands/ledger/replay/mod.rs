//! `assize ledger replay`: the tree at an entry, from what the record and git hold together.
//!
//! The record has hashes, git has contents. What neither the history of a path, nor what is staged
//! or stashed, nor the work tree holds any more is named, never guessed.

mod found;
mod story;
mod write;

use std::io::Write;
use std::path::Path;

use assize_report::inline;

use crate::failure::Failure;
use crate::{hook, output, records};
use found::{SUBMODULE, Tree};
use story::Story;

/// How much of a hash is shown.
const SHOWN: usize = 12;

/// 0 where everything was found, 1 where something was not.
pub(super) fn run(
    at: Option<&str>,
    into: Option<&Path>,
    path: &Path,
    out: &mut dyn Write,
) -> Result<u8, Failure> {
    let root = records::root(path)?;
    let entries = records::Records::open(&root.folder)?.entries()?;
    let last = entries.last().map_or(0, |entry| entry.sequence);
    let at = match at {
        Some(which) => super::find(&entries, which)?.sequence,
        None => last,
    };
    let story = Story::of(&entries, at, &hook::tree_id(&root.folder)).ok_or_else(|| {
        Failure::said(format!("no entry up to {at} says what this work tree began with"))
            .hint("a session records that when it starts: ask for a later entry")
    })?;
    let tree = Tree::of(&story, &root)?;
    show(&story, &tree, at, out)?;
    let mut missing = tree.missing().count();
    if let Some(folder) = into {
        let written = write::all(&tree, root.git.as_ref(), folder)?;
        output::status(&format!("{} files written to `{}`", written.files, folder.display()));
        for path in &written.lost {
            output::status(&format!("{}: not found in the commit", inline(path)));
        }
        missing = missing.saturating_add(written.lost.len());
    }
    if !story.whole {
        output::status("more differed from the commit than was recorded: other files may too");
    }
    if missing > 0 {
        output::status(&format!("{missing} contents are nowhere any more"));
    }
    Ok(u8::from(missing > 0 || !story.whole))
}

/// What differs from the commit, and where each content was found.
fn show(story: &Story, tree: &Tree, at: u64, out: &mut dyn Write) -> Result<(), Failure> {
    let start = |text: &str| text.get(..SHOWN).unwrap_or(text).to_owned();
    let from = match story.head.as_str() {
        "" => "no commit".to_owned(),
        head => format!("commit {}", start(head)),
    };
    writeln!(out, "entry {at}: {from} (entry {}), and what changed since", story.base)?;
    for path in &tree.changed {
        let shown = inline(path);
        match tree.files.get(path) {
            None => writeln!(out, "  {shown}  gone")?,
            Some(file) => {
                let hash = start(file.hash.as_deref().unwrap_or(""));
                let place = file.content.as_ref().map_or("not found", |(from, _)| from.word());
                writeln!(out, "  {shown}  {hash}  {place}")?;
            }
        }
    }
    let submodules = tree.files.values().filter(|file| file.mode == SUBMODULE).count();
    let files = tree.files.len().saturating_sub(submodules);
    writeln!(out, "{files} files, {} not as in the commit", tree.changed.len())?;
    Ok(())
}
