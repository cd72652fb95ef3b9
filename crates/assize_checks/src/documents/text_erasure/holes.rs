//! Where a word was cut out of a text and left its surroundings.

use assize_model::Span;

/// Longer lines are data.
const LINE_BYTES_MAX: usize = 500;

/// What a cut left behind, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hole {
    pub(super) code: &'static str,
    pub(super) span: Span,
}

/// All holes of a text, in order of place. Only what needs a second look is taken apart: most texts
/// have none of these.
pub(super) fn holes(text: &str) -> Vec<Hole> {
    type Look = fn(&str, usize) -> Option<(usize, usize)>;
    let looks: [(&str, &'static str, Look); 4] = [
        ("_ ", "identifier", identifier),
        ("-_", "entry", entry),
        ("/ .", "path", path),
        (". import ", "import", import),
    ];
    let mut found = Vec::new();
    for (mark, code, look) in looks {
        for at in memchr::memmem::find_iter(text.as_bytes(), mark) {
            let line = line_around(text, at);
            let Some(words) = text.get(line.start..line.end) else { continue };
            if words.len() > LINE_BYTES_MAX {
                continue;
            }
            if let Some((start, end)) = look(words, at - line.start) {
                let span = Span::new(line.start + start, line.start + end);
                found.push(Hole { code, span });
            }
        }
    }
    found.sort_by_key(|hole| (hole.span, hole.code));
    found.dedup();
    found
}

fn line_around(text: &str, at: usize) -> Span {
    let start = text.get(..at).and_then(|t| t.rfind('\n')).map_or(0, |line| line + 1);
    let end = text.get(at..).and_then(|t| t.find('\n')).map_or(text.len(), |line| at + line);
    Span::new(start, end)
}

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// `activate_  _collective`: a name with a hole, words of letters on both sides.
fn identifier(line: &str, at: usize) -> Option<(usize, usize)> {
    let bytes = line.as_bytes();
    let start = bytes.get(..at)?.iter().rposition(|b| !is_word(*b)).map_or(0, |before| before + 1);
    let gap = bytes.get(at + 1..)?.iter().take_while(|byte| **byte == b' ').count();
    let next = at + 1 + gap;
    let end = next + bytes.get(next..)?.iter().take_while(|byte| is_word(**byte)).count();
    let (left, right) = (line.get(start..at)?, line.get(next..end)?.strip_prefix('_')?);
    // `_a_ _b_` is stress; three letters are no picture made of characters.
    let letters = |word: &str| word.bytes().filter(u8::is_ascii_alphabetic).count() >= 3;
    let plain = left.starts_with(|c: char| c.is_ascii_alphabetic())
        && right.starts_with(|c: char| c.is_ascii_lowercase())
        && !right.ends_with('_');
    (gap <= 4 && plain && letters(left) && letters(right)).then_some((start, end))
}

/// `-_overhead_execution_needed`: an entry of a list whose first word is gone, with the blank.
fn entry(line: &str, at: usize) -> Option<(usize, usize)> {
    if !line.get(..at)?.trim_start().is_empty() {
        return None;
    }
    let word = line.get(at + 1..)?.trim_end();
    let plain = word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    let joined = word.trim_start_matches('_').contains('_') && !word.ends_with('_');
    (plain && joined).then_some((at, at + 1 + word.len()))
}

/// `docs/ .md`: a path without the name of the file.
fn path(line: &str, at: usize) -> Option<(usize, usize)> {
    const ENDINGS: [&str; 9] = ["json", "md", "py", "sh", "toml", "ts", "txt", "yaml", "yml"];
    let bytes = line.as_bytes();
    if !is_word(*bytes.get(at.checked_sub(1)?)?) {
        return None;
    }
    let after = at + 3;
    let end = after + bytes.get(after..)?.iter().take_while(|byte| is_word(**byte)).count();
    let start = line.get(..at)?.rfind([' ', '(', '`', '"', '\'']).map_or(0, |before| before + 1);
    ENDINGS.contains(&line.get(after..end)?).then_some((start, end))
}

/// `from unittest. import Mock`: a module without its last part.
fn import(line: &str, at: usize) -> Option<(usize, usize)> {
    let start = line.len() - line.trim_start().len();
    let module = line.get(start..at)?.strip_prefix("from ")?;
    let named = module.bytes().all(|byte| is_word(byte) || byte == b'.');
    let ends = module.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
    (named && ends).then_some((start, at + ". import".len()))
}
