//! The lines of a file, each with its own line end.
//!
//! Lines that a patch keeps stay as they are; lines that it adds end as the first of the file
//! does, and so does a last line that had no end.

use super::grammar::NewLine;

/// A line and what ends it; nothing at the end of the file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a> {
    pub(super) text: &'a str,
    ending: &'a str,
}

/// Lines that take the place of `count` lines at `at`.
pub(super) struct Replacement<'a> {
    pub(super) at: usize,
    pub(super) count: usize,
    pub(super) new: &'a [NewLine<'a>],
}

/// The lines of `text` and the line end for new ones. A carriage return alone ends a line, too.
pub(super) fn split(text: &str) -> (Vec<Line<'_>>, &str) {
    let mut lines = Vec::new();
    let mut rest = text;
    while let Some(end) = rest.find(['\n', '\r']) {
        let (text, others) = rest.split_at(end);
        let length = if others.starts_with("\r\n") { 2 } else { 1 };
        let (ending, others) = others.split_at(length);
        lines.push(Line { text, ending });
        rest = others;
    }
    if !rest.is_empty() {
        lines.push(Line { text: rest, ending: "" });
    }
    let ending = lines.first().map_or("", |line| line.ending);
    (lines, if ending.is_empty() { "\n" } else { ending })
}

/// The lines after `replacements`, which are in order; nothing where two of them overlap.
pub(super) fn replaced<'a>(
    lines: &[Line<'a>],
    replacements: &[Replacement<'a>],
    ending: &'a str,
) -> Option<Vec<Line<'a>>> {
    let mut after = Vec::with_capacity(lines.len());
    let mut done = 0;
    for replacement in replacements {
        after.extend_from_slice(lines.get(done..replacement.at)?);
        done = replacement.at.saturating_add(replacement.count);
        let old = lines.get(replacement.at..done)?;
        after.extend(replacement.new.iter().map(|new| match new {
            // An old line that is not in the file is the empty one at the end of a hunk.
            NewLine::Kept(at) => old.get(*at).copied().unwrap_or(Line { text: "", ending }),
            NewLine::Added(text) => Line { text, ending },
        }));
    }
    after.extend_from_slice(lines.get(done..)?);
    Some(after)
}

pub(super) fn joined(lines: &[Line<'_>], ending: &str) -> String {
    let mut text = String::new();
    for line in lines {
        text.push_str(line.text);
        text.push_str(if line.ending.is_empty() { ending } else { line.ending });
    }
    text
}
