//! Unified diffs, with the headers that git adds.

use crate::edit::HUNKS_MAX;

/// What a diff does with one file; names are as they stand, prefixes included.
#[derive(Debug, Default)]
pub(super) struct FileDiff<'a> {
    /// Nothing for a file that is new.
    pub(super) old: Option<String>,
    /// Nothing for a file that is deleted.
    pub(super) new: Option<String>,
    /// The names have no prefix: they come from `rename` and `copy`.
    pub(super) is_bare: bool,
    pub(super) keeps_old: bool,
    pub(super) is_binary: bool,
    pub(super) hunks: Vec<Hunk<'a>>,
}

/// Lines that replace others, with their line ends.
#[derive(Debug, Default)]
pub(super) struct Hunk<'a> {
    /// The line where the old lines begin, from 0.
    pub(super) at: usize,
    pub(super) old: Vec<&'a str>,
    pub(super) new: Vec<&'a str>,
    /// How many lines at the start and at the end stay.
    pub(super) leading: usize,
    pub(super) trailing: usize,
}

/// Why a text is no diff.
#[derive(Debug, thiserror::Error)]
pub(super) enum DiffError {
    #[error("the diff names no file")]
    Empty,
    #[error("`{0}` is no head of a hunk")]
    Head(String),
    #[error("a hunk ends before all of its lines are there")]
    Short,
    #[error("`{0}` is no line of a hunk")]
    Line(String),
    #[error("there are more than {HUNKS_MAX} files and hunks")]
    TooMany,
}

/// Whether a text has the heads of a diff.
pub(in crate::edit) fn is_diff(text: &str) -> bool {
    let mut before = "";
    text.lines().any(|line| {
        let is_head = before.starts_with("--- ") && line.starts_with("+++ ");
        before = line;
        is_head || line.starts_with("diff --git ")
    })
}

/// Reads all files of a diff; what stands between them is passed over.
pub(super) fn parse(text: &str) -> Result<Vec<FileDiff<'_>>, DiffError> {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let mut rest = lines.as_slice();
    let mut diffs: Vec<FileDiff<'_>> = Vec::new();
    let mut left = HUNKS_MAX;
    // Whether the head of git for the last file is still open for the names of a plain head.
    let mut is_open = false;
    while let Some((line, others)) = rest.split_first() {
        let next = others.first().copied().unwrap_or_default();
        if let Some(names) = value(line, "diff --git ") {
            left = left.checked_sub(1).ok_or(DiffError::TooMany)?;
            diffs.push(from_git(names));
            is_open = true;
        } else if line.starts_with("--- ") && next.starts_with("+++ ") {
            left = left.checked_sub(1).ok_or(DiffError::TooMany)?;
            let (old, new) = (file_name(line), file_name(next));
            match diffs.last_mut() {
                Some(diff) if is_open && diff.is_bare => {}
                Some(diff) if is_open => (diff.old, diff.new) = (old, new),
                _ => diffs.push(FileDiff { old, new, ..FileDiff::default() }),
            }
            is_open = false;
            rest = others.get(1..).unwrap_or_default();
            continue;
        } else if let Some(diff) = diffs.last_mut() {
            if line.starts_with("@@ -") {
                left = left.checked_sub(1).ok_or(DiffError::TooMany)?;
                diff.hunks.push(hunk(line, others, &mut rest)?);
                continue;
            }
            extended(diff, line);
        }
        rest = others;
    }
    if diffs.is_empty() { Err(DiffError::Empty) } else { Ok(diffs) }
}

/// What follows `key` on a line, without the line end.
fn value<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    line.strip_prefix(key).map(|rest| rest.trim_end_matches(['\n', '\r']))
}

/// One of the lines that git puts between the names and the hunks.
fn extended(diff: &mut FileDiff<'_>, line: &str) {
    if line.starts_with("new file mode ") {
        diff.old = None;
    } else if line.starts_with("deleted file mode ") {
        diff.new = None;
    } else if line.starts_with("GIT binary patch") || line.starts_with("Binary files ") {
        diff.is_binary = true;
    }
    for (key, copies) in [("rename", false), ("copy", true)] {
        let Some(rest) = value(line, key) else {
            continue;
        };
        if let Some(name) = rest.strip_prefix(" from ") {
            diff.old = Some(unquoted(name));
            (diff.is_bare, diff.keeps_old) = (true, copies);
        } else if let Some(name) = rest.strip_prefix(" to ") {
            diff.new = Some(unquoted(name));
            diff.is_bare = true;
        }
    }
}

/// The names in the first line of git. They differ only where others follow.
fn from_git<'a>(names: &str) -> FileDiff<'a> {
    let stem = |name: &str| name.split_once('/').map_or(name, |(_, stem)| stem).to_owned();
    let pairs = names.match_indices(' ').filter_map(|(at, _)| names.split_at_checked(at));
    let mut pairs = pairs.map(|(old, new)| (unquoted(old), unquoted(new.trim_start())));
    match pairs.find(|(old, new)| stem(old) == stem(new)) {
        Some((old, new)) => FileDiff { old: Some(old), new: Some(new), ..FileDiff::default() },
        None => FileDiff::default(),
    }
}

/// The name in a `---` or `+++` line; nothing for `/dev/null`.
fn file_name(line: &str) -> Option<String> {
    let name = line.get(4..).unwrap_or_default().trim_end_matches(['\n', '\r']);
    // A time may follow.
    let name = if name.starts_with('"') { name } else { name.split('\t').next().unwrap_or(name) };
    (name != "/dev/null").then(|| unquoted(name))
}

/// A name that git has put in quotation marks, with octal digits for bytes beyond ASCII.
fn unquoted(name: &str) -> String {
    let Some((inner, _)) = name.strip_prefix('"').and_then(|name| name.rsplit_once('"')) else {
        return name.to_owned();
    };
    let mut bytes = Vec::with_capacity(inner.len());
    let mut rest = inner.as_bytes();
    while let Some((&byte, others)) = rest.split_first() {
        rest = others;
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        let digits = rest.get(..3).and_then(|digits| std::str::from_utf8(digits).ok());
        if let Some(byte) = digits.and_then(|digits| u8::from_str_radix(digits, 8).ok()) {
            bytes.push(byte);
            rest = rest.get(3..).unwrap_or_default();
        } else if let Some((&mark, others)) = rest.split_first() {
            bytes.push(match mark {
                b'n' => b'\n',
                b't' => b'\t',
                b'r' => b'\r',
                mark => mark,
            });
            rest = others;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The hunk under `head`; `rest` is what follows it.
fn hunk<'b, 'a>(
    head: &str,
    lines: &'b [&'a str],
    rest: &mut &'b [&'a str],
) -> Result<Hunk<'a>, DiffError> {
    let counts = counts(head).ok_or_else(|| DiffError::Head(head.trim_end().to_owned()))?;
    let ((start, mut old_left), mut new_left) = counts;
    // Old lines that are none stand after the line that is named.
    let at = if old_left == 0 { start } else { start.saturating_sub(1) };
    let mut hunk = Hunk { at, ..Hunk::default() };
    *rest = lines;
    while old_left > 0 || new_left > 0 {
        let (line, others) = rest.split_first().ok_or(DiffError::Short)?;
        let too_many = || DiffError::Line(line.trim_end().to_owned());
        match line.split_at_checked(1) {
            Some((" " | "\n", text)) => {
                let text = if text.is_empty() { *line } else { text };
                old_left = old_left.checked_sub(1).ok_or_else(too_many)?;
                new_left = new_left.checked_sub(1).ok_or_else(too_many)?;
                hunk.keep(text);
            }
            Some(("-", text)) => {
                old_left = old_left.checked_sub(1).ok_or_else(too_many)?;
                hunk.old.push(text);
                hunk.trailing = 0;
            }
            Some(("+", text)) => {
                new_left = new_left.checked_sub(1).ok_or_else(too_many)?;
                hunk.new.push(text);
                hunk.trailing = 0;
            }
            Some(("\\", _)) => {}
            _ => return Err(too_many()),
        }
        *rest = others;
        if rest.first().is_some_and(|next| next.starts_with('\\')) {
            hunk.open_last_line(line);
        }
    }
    Ok(hunk)
}

impl<'a> Hunk<'a> {
    fn keep(&mut self, text: &'a str) {
        if self.leading == self.old.len() && self.leading == self.new.len() {
            self.leading = self.leading.saturating_add(1);
        }
        self.trailing = self.trailing.saturating_add(1);
        self.old.push(text);
        self.new.push(text);
    }

    /// Takes the line end from what `line` has put in, as it is the end of the file.
    fn open_last_line(&mut self, line: &str) {
        let lists = [(&mut self.old, '+'), (&mut self.new, '-')];
        for (list, other) in lists {
            if let Some(last) = list.last_mut().filter(|_| !line.starts_with(other)) {
                *last = last.strip_suffix('\n').unwrap_or(last);
            }
        }
    }
}

/// The start and count of old lines and the count of new ones in `@@ -1,2 +1,3 @@`.
fn counts(head: &str) -> Option<((usize, usize), usize)> {
    let (old, new) = head.strip_prefix("@@ -")?.split_once(" @@")?.0.split_once(" +")?;
    Some((range(old)?, range(new)?.1))
}

fn range(text: &str) -> Option<(usize, usize)> {
    let (start, count) = text.split_once(',').unwrap_or((text, "1"));
    Some((start.parse().ok()?, count.parse().ok()?))
}
