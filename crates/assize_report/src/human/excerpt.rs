//! The source line under a finding, made safe to show.
//!
//! Only the first line of a finding is shown, only a window of it where it is long, and never a
//! secret: what `secret-literal` found is starred out in every excerpt of the file, because the
//! output ends up in logs that more people read than the file.

use std::collections::BTreeMap;
use std::ops::Range;

use assize_model::{Finding, LineIndex, Place, RepoPath};

use crate::escape;
use crate::report::Report;

/// A longer line was made by a machine, and no window of it tells anything.
const LINE_BYTES_MAX: usize = 64 * 1024;

/// So many characters of a line fit beside the line number.
const WINDOW_CHARS: usize = 120;

/// So many characters before the mark stay in the window of a long line.
const LEAD_CHARS: usize = 40;

/// A file with more secrets than this is shown without excerpts.
const SECRETS_MAX: usize = 1_000;

/// The controls whose findings are secrets.
const SECRET_CONTROLS: [&str; 1] = ["secret-literal"];

const TAB: &str = "    ";

/// One line of source.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Excerpt {
    pub(crate) text: String,
    /// The bytes of `text` that the finding is about.
    pub(crate) mark: Range<usize>,
}

/// Excerpts of the findings of a report. Findings are asked for in order of path, so one file is
/// held at a time.
pub(crate) struct Excerpts<'a> {
    text: &'a dyn Fn(&RepoPath) -> Option<String>,
    secrets: BTreeMap<&'a RepoPath, Vec<Place>>,
    open: Option<(RepoPath, Option<(String, LineIndex)>)>,
}

impl<'a> Excerpts<'a> {
    pub(crate) fn new(report: &'a Report, text: &'a dyn Fn(&RepoPath) -> Option<String>) -> Self {
        let mut secrets: BTreeMap<&RepoPath, Vec<Place>> = BTreeMap::new();
        for finding in report.findings.iter().map(|reported| &reported.finding) {
            if SECRET_CONTROLS.contains(&finding.control.0) {
                secrets.entry(&finding.path).or_default().push(finding.place);
            }
        }
        Self { text, secrets, open: None }
    }

    pub(crate) fn of(&mut self, finding: &Finding) -> Option<Excerpt> {
        let secrets = self.secrets.get(&finding.path).map_or(&[][..], Vec::as_slice);
        if secrets.len() > SECRETS_MAX {
            return None;
        }
        if self.open.as_ref().is_none_or(|(path, _)| *path != finding.path) {
            let content = (self.text)(&finding.path).map(|text| {
                let lines = LineIndex::new(&text);
                (text, lines)
            });
            self.open = Some((finding.path.clone(), content));
        }
        let (text, lines) = self.open.as_ref()?.1.as_ref()?;
        let place = finding.place;
        if place.line as usize > lines.len() {
            // The file has changed since it was checked.
            return None;
        }
        let span = lines.line_span(place.line, text);
        let line = text.get(span.start..span.end)?;
        if line.len() > LINE_BYTES_MAX || place == Place::START {
            // The start stands for the whole file: its first line tells nothing.
            return None;
        }
        let stars: Vec<Range<usize>> =
            secrets.iter().filter_map(|secret| columns(secret, place.line)).collect();
        Some(window(line, columns(&place, place.line)?, &stars))
    }
}

/// The 0-based columns of `place` on one line; unbounded where it goes on to the next.
fn columns(place: &Place, line: u32) -> Option<Range<usize>> {
    if line < place.line || line > place.end_line {
        return None;
    }
    let start = if line == place.line { place.column.saturating_sub(1) as usize } else { 0 };
    let end = if line == place.end_line {
        place.end_column.saturating_sub(1) as usize
    } else {
        usize::MAX
    };
    Some(start..end.max(start))
}

fn window(line: &str, marked: Range<usize>, stars: &[Range<usize>]) -> Excerpt {
    let count = line.chars().count();
    let first = if count <= WINDOW_CHARS {
        0
    } else {
        marked.start.saturating_sub(LEAD_CHARS).min(count - WINDOW_CHARS)
    };
    let mut text = String::with_capacity(WINDOW_CHARS + 8);
    if first > 0 {
        text.push('…');
    }
    let (mut start, mut end) = (None, None);
    for (column, character) in line.chars().enumerate().skip(first).take(WINDOW_CHARS) {
        if column >= marked.start && start.is_none() {
            start = Some(text.len());
        }
        if column >= marked.end && end.is_none() {
            end = Some(text.len());
        }
        if stars.iter().any(|star| star.contains(&column)) {
            text.push('*');
        } else if character == '\t' {
            text.push_str(TAB);
        } else {
            escape::push(&mut text, character);
        }
    }
    let start = start.unwrap_or(text.len());
    let end = end.unwrap_or(text.len()).max(start);
    if first + WINDOW_CHARS < count {
        text.push('…');
    }
    Excerpt { text, mark: start..end }
}

#[cfg(test)]
mod tests {
    use super::{WINDOW_CHARS, window};

    #[test]
    fn the_mark_follows_what_is_replaced() {
        let excerpt = window("\ta\u{1b}b = c", 3..4, &[]);
        assert_eq!(excerpt.text, "    a\\u{1b}b = c");
        assert_eq!(excerpt.text.get(excerpt.mark), Some("b"));
    }

    #[test]
    fn a_long_line_is_shown_around_its_mark() {
        let line = format!("{}é{}", "x".repeat(5_000), "y".repeat(5_000));
        let excerpt = window(&line, 5_000..5_001, &[]);
        assert_eq!(excerpt.text.chars().count(), WINDOW_CHARS + 2);
        assert_eq!(excerpt.text.get(excerpt.mark), Some("é"));
        let end = window(&line, 10_001..10_001, &[]);
        assert!(end.mark.end <= end.text.len());
        let start = window(&line, 0..1, &[]);
        assert!(start.text.starts_with('x') && start.text.ends_with('…'));
    }

    #[test]
    fn secrets_are_starred_in_every_excerpt() {
        let excerpt = window("key = 'abc' # why", 0..3, std::slice::from_ref(&(7..10)));
        assert_eq!(excerpt.text, "key = '***' # why");
    }
}
