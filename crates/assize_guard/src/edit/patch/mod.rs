//! Patches in the grammar of `apply_patch`.
//!
//! A patch names files and, for each, hunks that hold lines but no line numbers; [`seek`] finds
//! them. Sections apply one after the other, each to what the ones before left.

mod grammar;
mod lines;
mod seek;

use super::budget::Budget;
use super::files::{Content, Files};
use super::{FILE_BYTES_MAX, path};
use grammar::{Hunk, NewLine, Patch, Section};
pub(super) use grammar::{is_call, is_patch};
use lines::Replacement;
use seek::NotFound;
pub(super) use seek::plain_mark;

/// Why hunks do not fit a file.
#[derive(Debug, thiserror::Error)]
enum HunkError {
    #[error("the line `{0}` is not in the file")]
    Context(String),
    #[error("the lines from `{0}` on are not in the file")]
    Lines(String),
    #[error("two hunks replace the same lines")]
    Overlap,
    #[error("the search for the lines takes too long")]
    TooLong,
}

/// The section cannot be applied; the ones after it are not tried.
struct Stop;

/// Applies the patch in `text`, with or without the call around it.
pub(super) fn apply(text: &str, folder: &str, files: &mut Files<'_>) {
    if text.len() > FILE_BYTES_MAX {
        return files.unplaced(crate::Place::Unknown);
    }
    let patch = match grammar::parse(text) {
        Ok(patch) => patch,
        Err(error) => return files.fail(None, error.to_string()),
    };
    let Patch { folder: own, sections } = patch;
    let Some(folder) = own.map_or(Some(folder.to_owned()), |own| path::absolute(own, folder))
    else {
        return files.fail(None, "the folder of the patch cannot be read");
    };
    let mut budget = Budget::default();
    for section in &sections {
        if one_section(section, &folder, files, &mut budget).is_err() {
            return;
        }
    }
}

fn one_section(
    section: &Section<'_>,
    folder: &str,
    files: &mut Files<'_>,
    budget: &mut Budget,
) -> Result<(), Stop> {
    match section {
        Section::Add { path, content } => {
            let path = placed(path, folder, files)?;
            files.write(&path, content.clone().into_bytes());
        }
        Section::Delete { path } => {
            let path = placed(path, folder, files)?;
            if matches!(files.bytes(&path), Content::Absent) {
                files.fail(Some(&path), "the file to delete does not exist");
                return Err(Stop);
            }
            files.delete(&path);
        }
        Section::Update { path, to, hunks } => {
            let path = placed(path, folder, files)?;
            let to = to.map(|to| placed(to, folder, files)).transpose()?;
            return update(&path, to.as_deref(), hunks, files, budget);
        }
    }
    Ok(())
}

fn placed(name: &str, folder: &str, files: &mut Files<'_>) -> Result<String, Stop> {
    path::absolute(name, folder).ok_or_else(|| {
        files.fail(None, format!("`{}` names no file", name.escape_debug()));
        Stop
    })
}

fn update(
    path: &str,
    to: Option<&str>,
    hunks: &[Hunk<'_>],
    files: &mut Files<'_>,
    budget: &mut Budget,
) -> Result<(), Stop> {
    let updated = match files.text(path) {
        Content::Known(text) => text_after(&text, hunks, budget),
        Content::Absent => {
            files.fail(Some(path), "the file to update does not exist");
            return Err(Stop);
        }
        Content::Unknown(why) => {
            move_away(path, to, files);
            files.unknown(to.unwrap_or(path), why);
            return Ok(());
        }
    };
    match updated {
        // The original program writes the new file, then deletes the old one.
        Ok(_) if to == Some(path) => files.delete(path),
        Ok(text) => {
            move_away(path, to, files);
            files.write(to.unwrap_or(path), text.into_bytes());
        }
        Err(error @ (HunkError::Overlap | HunkError::TooLong)) => {
            move_away(path, to, files);
            files.unknown(to.unwrap_or(path), error.to_string());
        }
        Err(error @ (HunkError::Context(_) | HunkError::Lines(_))) => {
            files.fail(Some(path), error.to_string());
            return Err(Stop);
        }
    }
    Ok(())
}

/// Takes the file from its place, before it is written at its new one.
fn move_away(path: &str, to: Option<&str>, files: &mut Files<'_>) {
    if to.is_some_and(|to| to != path) {
        files.delete(path);
    }
}

/// The text after all hunks; it always ends a line, as with the original program.
fn text_after(text: &str, hunks: &[Hunk<'_>], budget: &mut Budget) -> Result<String, HunkError> {
    let (lines, ending) = lines::split(text);
    let texts: Vec<&str> = lines.iter().map(|line| line.text).collect();
    let mut replacements = Vec::new();
    let mut from = 0;
    for hunk in hunks {
        replacements.push(replacement(&texts, hunk, &mut from, budget)?);
    }
    // Hunks without old lines go to the end, wherever they stand among the others.
    replacements.sort_by_key(|replacement| replacement.at);
    let after = lines::replaced(&lines, &replacements, ending).ok_or(HunkError::Overlap)?;
    Ok(lines::joined(&after, ending))
}

fn replacement<'a>(
    lines: &[&str],
    hunk: &'a Hunk<'a>,
    from: &mut usize,
    budget: &mut Budget,
) -> Result<Replacement<'a>, HunkError> {
    if let Some(context) = hunk.context {
        let found = seek::seek(lines, &[context], *from, false, budget)
            .map_err(|error| explained(error, HunkError::Context(context.to_owned())))?;
        *from = found.saturating_add(1);
    }
    let (mut old, mut new) = (hunk.old.as_slice(), hunk.new.as_slice());
    if old.is_empty() {
        let at = lines.len();
        return Ok(Replacement { at, count: 0, new });
    }
    let mut found = seek::seek(lines, old, *from, hunk.at_end, budget);
    // An empty line at the end of a hunk often stands for the end of the file's last line.
    if let (Err(NotFound::Nowhere), Some(("", shorter))) = (&found, split_last(old)) {
        if let Some((last, shorter)) = new.split_last() {
            let is_empty = match last {
                NewLine::Kept(at) => old.get(*at).is_none_or(|line| line.is_empty()),
                NewLine::Added(line) => line.is_empty(),
            };
            new = if is_empty { shorter } else { new };
        }
        old = shorter;
        found = seek::seek(lines, old, *from, hunk.at_end, budget);
    }
    let first = || HunkError::Lines(hunk.old.first().copied().unwrap_or_default().to_owned());
    let at = found.map_err(|error| explained(error, first()))?;
    *from = at.saturating_add(old.len());
    Ok(Replacement { at, count: old.len(), new })
}

fn split_last<'a, 'b>(lines: &'b [&'a str]) -> Option<(&'a str, &'b [&'a str])> {
    lines.split_last().map(|(last, others)| (*last, others))
}

fn explained(error: NotFound, nowhere: HunkError) -> HunkError {
    match error {
        NotFound::Nowhere => nowhere,
        NotFound::TooLong => HunkError::TooLong,
    }
}
