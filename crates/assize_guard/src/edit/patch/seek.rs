//! Where lines of a patch stand in a file.

use crate::edit::budget::{Budget, TooLong};

/// Why lines were not found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotFound {
    Nowhere,
    TooLong,
}

impl From<TooLong> for NotFound {
    fn from(TooLong: TooLong) -> Self {
        Self::TooLong
    }
}

/// The first place at or after `from` where `wanted` stands: as it is, else without spaces at the
/// ends of lines, else without spaces around lines, else with plain punctuation as well. With
/// `at_end` only the end of the file will do, and only at or after `from`.
pub(super) fn seek(
    lines: &[&str],
    wanted: &[&str],
    from: usize,
    at_end: bool,
    budget: &mut Budget,
) -> Result<usize, NotFound> {
    if wanted.is_empty() {
        return Ok(from);
    }
    let last = lines.len().checked_sub(wanted.len()).ok_or(NotFound::Nowhere)?;
    let first = if at_end { last.max(from) } else { from };
    let passes: [fn(&str, &str) -> bool; 4] = [
        |line, wanted| line == wanted,
        |line, wanted| line.trim_end() == wanted.trim_end(),
        |line, wanted| line.trim() == wanted.trim(),
        |line, wanted| plain(line).eq(plain(wanted)),
    ];
    for same in passes {
        for at in first..=last {
            let there = lines.get(at..).unwrap_or_default();
            if all_same(there, wanted, same, budget)? {
                return Ok(at);
            }
        }
    }
    Err(NotFound::Nowhere)
}

fn all_same(
    lines: &[&str],
    wanted: &[&str],
    same: fn(&str, &str) -> bool,
    budget: &mut Budget,
) -> Result<bool, NotFound> {
    for (line, wanted) in lines.iter().zip(wanted) {
        budget.spend(line.len().min(wanted.len()))?;
        if !same(line, wanted) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn plain(line: &str) -> impl Iterator<Item = char> {
    line.trim().chars().map(plain_mark)
}

/// The mark on a keyboard that stands for a typographic one.
pub(in crate::edit) const fn plain_mark(mark: char) -> char {
    match mark {
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{2018}'..='\u{201B}' => '\'',
        '\u{201C}'..='\u{201F}' => '"',
        '\u{00A0}' | '\u{2002}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}' => ' ',
        mark => mark,
    }
}
