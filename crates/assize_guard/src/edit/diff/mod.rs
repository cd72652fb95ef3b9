//! Unified diffs as `git apply` and `patch -p1` take them.
//!
//! Lines must be in the file as they stand, near the line that is named or elsewhere. Hunks that
//! only `patch` takes, since some of the lines around them differ, leave a content that is not
//! told. `git apply` refuses a diff as a whole, `patch` file by file: files are judged one by one.

mod parse;

use super::budget::{Budget, TooLong};
use super::files::{Content, Files};
use super::{FILE_BYTES_MAX, path};
pub(super) use parse::is_diff;
use parse::{FileDiff, Hunk};

/// How many lines around a hunk `patch` leaves out of account.
const FUZZ_MAX: usize = 2;

/// Why a hunk does not fit a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
enum HunkError {
    #[error("the lines of a hunk are not in the file")]
    Nowhere,
    #[error("a hunk fits only where lines around it may differ")]
    OnlyAlike,
    #[error("the search for the lines takes too long")]
    TooLong,
}

impl From<TooLong> for HunkError {
    fn from(TooLong: TooLong) -> Self {
        Self::TooLong
    }
}

/// Applies a diff whose names are seen from `folder`.
pub(super) fn apply(text: &str, folder: &str, files: &mut Files<'_>) {
    if text.len() > FILE_BYTES_MAX {
        return files.unplaced(crate::Place::Unknown);
    }
    let mut text = text.to_owned();
    if !text.ends_with('\n') {
        text.push('\n');
    }
    let diffs = match parse::parse(&text) {
        Ok(diffs) => diffs,
        Err(error) => return files.fail(None, error.to_string()),
    };
    let mut budget = Budget::default();
    for diff in &diffs {
        let placed = |name: &Option<String>| {
            let name = name.as_deref()?;
            let stem = if diff.is_bare { name } else { without_prefix(name) };
            path::absolute(stem, folder)
        };
        match (placed(&diff.old), placed(&diff.new)) {
            (None, None) => files.fail(None, "the diff names no file"),
            (None, Some(new)) => create(&new, diff, files, &mut budget),
            (Some(old), new) => change(&old, new.as_deref(), diff, files, &mut budget),
        }
    }
}

/// A name without its first folder; where there is none, the name itself.
fn without_prefix(name: &str) -> &str {
    match name.split_once('/') {
        Some((_, stem)) if !stem.is_empty() => stem.trim_start_matches('/'),
        _ => name,
    }
}

fn create(path: &str, diff: &FileDiff<'_>, files: &mut Files<'_>, budget: &mut Budget) {
    if diff.is_binary {
        return files.unknown(path, "the diff is binary");
    }
    if !matches!(files.bytes(path), Content::Absent) {
        return files.fail(Some(path), "the file is there already");
    }
    match bytes_after(&[], &diff.hunks, budget) {
        Ok(bytes) => files.write(path, bytes),
        Err(error) => files.fail(Some(path), error.to_string()),
    }
}

/// Changes, moves, copies or deletes a file.
fn change(
    old: &str,
    new: Option<&str>,
    diff: &FileDiff<'_>,
    files: &mut Files<'_>,
    budget: &mut Budget,
) {
    // A diff without the heads of git may name a copy of the file on one side: `a.orig`.
    let is_move = diff.is_bare;
    let source = if is_move { old } else { new.unwrap_or(old) };
    let after = match files.bytes(source) {
        Content::Known(_) if diff.is_binary => Err("the diff is binary".to_owned()),
        Content::Known(bytes) => match bytes_after(&bytes, &diff.hunks, budget) {
            Ok(bytes) => Ok(bytes),
            Err(HunkError::Nowhere) => {
                return files.fail(Some(source), HunkError::Nowhere.to_string());
            }
            Err(error) => Err(error.to_string()),
        },
        Content::Absent => return files.fail(Some(source), "the file to change does not exist"),
        Content::Unknown(why) => Err(why),
    };
    let Some(new) = new else {
        return files.delete(old);
    };
    if is_move && !diff.keeps_old && old != new {
        files.delete(old);
    }
    match after {
        Ok(bytes) => files.write(new, bytes),
        Err(why) => files.unknown(new, why),
    }
}

/// Lines that take the place of `count` lines at `at`.
struct Replacement<'a> {
    at: usize,
    count: usize,
    new: &'a [&'a str],
}

fn bytes_after(
    bytes: &[u8],
    hunks: &[Hunk<'_>],
    budget: &mut Budget,
) -> Result<Vec<u8>, HunkError> {
    let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    let mut replacements: Vec<Replacement<'_>> = Vec::new();
    for hunk in hunks {
        let at = position(&lines, hunk, budget)?;
        replacements.push(Replacement { at, count: hunk.old.len(), new: &hunk.new });
    }
    replacements.sort_by_key(|replacement| replacement.at);
    let mut after = Vec::with_capacity(bytes.len());
    let mut done = 0;
    for replacement in &replacements {
        // No line is replaced twice.
        let kept = lines.get(done..replacement.at).ok_or(HunkError::Nowhere)?;
        kept.iter().for_each(|line| after.extend_from_slice(line));
        replacement.new.iter().for_each(|line| after.extend_from_slice(line.as_bytes()));
        done = replacement.at.saturating_add(replacement.count);
    }
    let kept = lines.get(done..).ok_or(HunkError::Nowhere)?;
    kept.iter().for_each(|line| after.extend_from_slice(line));
    Ok(after)
}

/// Where the old lines of a hunk stand: at the end of the file where no line follows them in the
/// hunk, else where the hunk says, else at the nearest place.
fn position(lines: &[&[u8]], hunk: &Hunk<'_>, budget: &mut Budget) -> Result<usize, HunkError> {
    if hunk.leading > 0 && hunk.trailing == 0 {
        let last = lines.len().checked_sub(hunk.old.len());
        if let Some(last) = last
            && stands(lines, &hunk.old, last, budget)?
        {
            return Ok(last);
        }
    }
    if let Some(at) = nearest(lines, &hunk.old, hunk.at, budget)? {
        return Ok(at);
    }
    for fuzz in 1..=FUZZ_MAX {
        let (head, tail) = (hunk.leading.min(fuzz), hunk.trailing.min(fuzz));
        let end = hunk.old.len().saturating_sub(tail);
        let inner = hunk.old.get(head..end).unwrap_or_default();
        // Where nothing is left to compare, the line that is named decides.
        if nearest(lines, inner, hunk.at, budget)?.is_some() {
            return Err(HunkError::OnlyAlike);
        }
    }
    Err(HunkError::Nowhere)
}

/// The place nearest to `at`; of two, the later.
fn nearest(
    lines: &[&[u8]],
    wanted: &[&str],
    at: usize,
    budget: &mut Budget,
) -> Result<Option<usize>, TooLong> {
    let Some(last) = lines.len().checked_sub(wanted.len()) else {
        return Ok(None);
    };
    let at = at.min(last);
    for distance in 0..=last {
        let later = at.checked_add(distance).filter(|place| *place <= last);
        let earlier = at.checked_sub(distance);
        for place in [later, earlier].into_iter().flatten() {
            if stands(lines, wanted, place, budget)? {
                return Ok(Some(place));
            }
        }
    }
    Ok(None)
}

fn stands(
    lines: &[&[u8]],
    wanted: &[&str],
    at: usize,
    budget: &mut Budget,
) -> Result<bool, TooLong> {
    for (line, wanted) in lines.get(at..).unwrap_or_default().iter().zip(wanted) {
        budget.spend(line.len().min(wanted.len()))?;
        if *line != wanted.as_bytes() {
            return Ok(false);
        }
    }
    Ok(true)
}
