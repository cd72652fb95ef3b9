//! The grammar of `apply_patch`, with the leniency of the original program.
//!
//! Spaces around markers are passed over, the first hunk of a file needs no `@@`, an empty line
//! in a hunk is an empty line of the file, and a here-document around the patch is taken away.

use crate::edit::HUNKS_MAX;

const BEGIN: &str = "*** Begin Patch";
const END: &str = "*** End Patch";
const ADD: &str = "*** Add File: ";
const DELETE: &str = "*** Delete File: ";
const UPDATE: &str = "*** Update File: ";
const MOVE: &str = "*** Move to: ";
const END_OF_FILE: &str = "*** End of File";
/// The names under which the program is called.
const PROGRAMS: [&str; 2] = ["apply_patch", "applypatch"];

/// A patch as it is written.
#[derive(Debug)]
pub(super) struct Patch<'a> {
    /// The folder to which the call around the patch changes first.
    pub(super) folder: Option<&'a str>,
    pub(super) sections: Vec<Section<'a>>,
}

/// What a patch does with one file.
#[derive(Debug)]
pub(super) enum Section<'a> {
    Add { path: &'a str, content: String },
    Delete { path: &'a str },
    Update { path: &'a str, to: Option<&'a str>, hunks: Vec<Hunk<'a>> },
}

/// Lines that replace others.
#[derive(Debug)]
pub(super) struct Hunk<'a> {
    /// A line somewhere before the old lines.
    pub(super) context: Option<&'a str>,
    pub(super) old: Vec<&'a str>,
    pub(super) new: Vec<NewLine<'a>>,
    /// The old lines are the last of the file.
    pub(super) at_end: bool,
}

/// A line that a hunk leaves.
#[derive(Debug, Clone, Copy)]
pub(super) enum NewLine<'a> {
    /// The line of the file where the old line of this number stands, as it is there.
    Kept(usize),
    Added(&'a str),
}

/// Why a text is no patch.
#[derive(Debug, thiserror::Error)]
pub(super) enum PatchError {
    #[error("the first line of the patch is not `{BEGIN}`")]
    Begin,
    #[error("the last line of the patch is not `{END}`")]
    End,
    #[error("the patch names no file")]
    Empty,
    #[error("`{0}` opens no section of a patch")]
    Header(String),
    #[error("there is no hunk for `{0}`")]
    NoHunk(String),
    #[error("a hunk has no lines")]
    EmptyHunk,
    #[error("`{0}` is no line of a hunk")]
    Line(String),
    #[error("there are more than {HUNKS_MAX} sections and hunks")]
    TooMany,
}

/// Whether a command is nothing but a call of the program with its patch in a here-document.
pub(in crate::edit) fn is_call(command: &str) -> bool {
    let lines: Vec<&str> = command.trim().lines().collect();
    let Some(first) = lines.first() else {
        return false;
    };
    PROGRAMS.iter().any(|name| first.contains(name)) && unwrapped(&lines).is_some()
}

/// Whether a text begins as a patch of this grammar, with or without the call around it.
pub(in crate::edit) fn is_patch(text: &str) -> bool {
    text.trim_start().lines().take(2).any(|line| line.trim() == BEGIN)
}

pub(super) fn parse(text: &str) -> Result<Patch<'_>, PatchError> {
    let lines: Vec<&str> = text.trim().lines().collect();
    let (folder, lines) = match unwrapped(&lines) {
        Some((folder, inner)) => (folder, inner),
        None => (None, lines.as_slice()),
    };
    let mut rest = body(lines)?;
    let mut sections = Vec::new();
    let mut left = HUNKS_MAX;
    while !rest.is_empty() {
        left = left.checked_sub(1).ok_or(PatchError::TooMany)?;
        sections.push(section(&mut rest, &mut left)?);
    }
    if sections.is_empty() {
        return Err(PatchError::Empty);
    }
    Ok(Patch { folder, sections })
}

/// The lines between the first and the last marker.
fn body<'b, 'a>(lines: &'b [&'a str]) -> Result<&'b [&'a str], PatchError> {
    let (first, rest) = lines.split_first().ok_or(PatchError::Begin)?;
    if first.trim() != BEGIN {
        return Err(PatchError::Begin);
    }
    match rest.split_last() {
        Some((last, body)) if last.trim() == END => Ok(body),
        _ => Err(PatchError::End),
    }
}

/// The folder and the lines of a here-document: `cd FOLDER && apply_patch <<'EOF'`, where all
/// before `<<` may be missing.
fn unwrapped<'b, 'a>(lines: &'b [&'a str]) -> Option<(Option<&'a str>, &'b [&'a str])> {
    let (first, rest) = lines.split_first()?;
    let (last, inner) = rest.split_last()?;
    let (call, mark) = first.split_once("<<")?;
    let mark = unquoted(mark.trim());
    if mark.is_empty() || mark.contains(char::is_whitespace) || last.trim() != mark {
        return None;
    }
    let (folder, program) = match call.split_once("&&") {
        Some((change, program)) => {
            let folder = change.trim().strip_prefix("cd ")?;
            (Some(unquoted(folder.trim())), program.trim())
        }
        None => (None, call.trim()),
    };
    let alone = folder.is_none() && program.is_empty();
    (alone || PROGRAMS.contains(&program)).then_some((folder, inner))
}

fn unquoted(word: &str) -> &str {
    for quote in ['\'', '"'] {
        if let Some(inner) = word.strip_prefix(quote).and_then(|word| word.strip_suffix(quote)) {
            return inner;
        }
    }
    word
}

fn section<'a>(rest: &mut &[&'a str], left: &mut usize) -> Result<Section<'a>, PatchError> {
    let header = take(rest).unwrap_or_default().trim();
    if let Some(path) = header.strip_prefix(ADD) {
        let mut content = String::new();
        while let Some(line) = rest.first().and_then(|line| line.strip_prefix('+')) {
            content.push_str(line);
            content.push('\n');
            take(rest);
        }
        return Ok(Section::Add { path, content });
    }
    if let Some(path) = header.strip_prefix(DELETE) {
        return Ok(Section::Delete { path });
    }
    match header.strip_prefix(UPDATE) {
        Some(path) => update(path, rest, left),
        None => Err(PatchError::Header(header.to_owned())),
    }
}

fn update<'a>(
    path: &'a str,
    rest: &mut &[&'a str],
    left: &mut usize,
) -> Result<Section<'a>, PatchError> {
    let to = rest.first().and_then(|line| line.strip_prefix(MOVE));
    if to.is_some() {
        take(rest);
    }
    let mut hunks = Vec::new();
    while let Some(line) = rest.first() {
        // Before the first hunk an empty line is one of its lines.
        if line.trim().is_empty() && !hunks.is_empty() {
            take(rest);
        } else if line.starts_with('*') {
            break;
        } else {
            *left = left.checked_sub(1).ok_or(PatchError::TooMany)?;
            hunks.push(hunk(rest, hunks.is_empty())?);
        }
    }
    if hunks.is_empty() {
        return Err(PatchError::NoHunk(path.to_owned()));
    }
    Ok(Section::Update { path, to, hunks })
}

fn hunk<'a>(rest: &mut &[&'a str], is_first: bool) -> Result<Hunk<'a>, PatchError> {
    let header = rest.first().copied().unwrap_or_default();
    let context = header.strip_prefix("@@ ").map(str::trim_end);
    let context = context.filter(|context| !context.is_empty());
    if header.trim_end() == "@@" || context.is_some() {
        take(rest);
    } else if !is_first {
        return Err(PatchError::Line(header.to_owned()));
    }
    let mut hunk = Hunk { context, old: Vec::new(), new: Vec::new(), at_end: false };
    while let Some(line) = rest.first().copied() {
        let is_empty = hunk.old.is_empty() && hunk.new.is_empty();
        if line == END_OF_FILE && !is_empty {
            hunk.at_end = true;
            take(rest);
            break;
        }
        match line.split_at_checked(1) {
            None if line.is_empty() => hunk.keep(""),
            Some((" ", line)) => hunk.keep(line),
            Some(("+", line)) => hunk.new.push(NewLine::Added(line)),
            Some(("-", line)) => hunk.old.push(line),
            _ if is_empty => return Err(PatchError::Line(line.to_owned())),
            _ => break,
        }
        take(rest);
    }
    if hunk.old.is_empty() && hunk.new.is_empty() {
        return Err(PatchError::EmptyHunk);
    }
    Ok(hunk)
}

impl<'a> Hunk<'a> {
    fn keep(&mut self, line: &'a str) {
        self.new.push(NewLine::Kept(self.old.len()));
        self.old.push(line);
    }
}

fn take<'a>(rest: &mut &[&'a str]) -> Option<&'a str> {
    let (first, others) = rest.split_first()?;
    *rest = others;
    Some(first)
}
