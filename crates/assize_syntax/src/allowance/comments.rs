//! Which of some places in a text follow a comment opener that really opens a comment.
//!
//! This runs only on the few files that hold an allowance, over each once, and keeps no more than
//! the string, block or here-document in which it stands.

use crate::Language;

/// The opener right before each place, if it opens a comment; places are in order.
pub(crate) fn openers(
    language: Language,
    text: &str,
    places: &[usize],
) -> Vec<Option<&'static str>> {
    let known = known(language);
    let quoted = match language {
        Language::Sql => outside_of_comments(text, places),
        _ => Quoted::of(language, text, places),
    };
    let mut blocks = Blocks::new(language, text);
    let mut found = Vec::with_capacity(places.len());
    for (place, quoted) in places.iter().zip(quoted) {
        let inside = blocks.holds(*place);
        let opener = if quoted || inside { None } else { opener(known, text, *place) };
        found.push(opener);
    }
    found
}

/// For each place, whether no comment holds it.
fn outside_of_comments(text: &str, places: &[usize]) -> Vec<bool> {
    let comments = crate::lang::sql::comments(text);
    let inside = |place: &usize| comments.iter().any(|it| (it.start..it.end).contains(place));
    places.iter().map(|place| !inside(place)).collect()
}

fn known(language: Language) -> &'static [&'static str] {
    match language {
        Language::Python
        | Language::Yaml
        | Language::Toml
        | Language::Dockerfile
        | Language::Makefile
        | Language::Shell
        | Language::Requirements
        | Language::Dotenv => &["#"],
        Language::JavaScript
        | Language::TypeScript
        | Language::Json
        | Language::Go
        | Language::Java
        | Language::Rust
        | Language::CSharp => &["//", "/*", "*"],
        Language::Markdown => &["<!--"],
        Language::Sql => &["--", "/*", "*", "#"],
        Language::Ini => &["#", ";"],
        Language::Other => &["#", "//", "/*", "*", "--", "<!--", ";"],
    }
}

/// The opener that stands last before the place, at the start of a line or after a blank.
fn opener(known: &[&'static str], text: &str, place: usize) -> Option<&'static str> {
    let before = text.get(..place)?.trim_end_matches([' ', '\t']);
    let opener = known.iter().copied().find(|opener| before.ends_with(opener))?;
    let rest = before.get(..before.len() - opener.len())?;
    let opened = rest.is_empty() || rest.ends_with([' ', '\t', '\n', '\r', '{', ';', ')', ',']);
    // A star opens nothing by itself: it continues a block comment at the start of a line.
    let star = opener != "*" || rest.trim_end_matches([' ', '\t']).ends_with(['\n', '\r']);
    (opened && star).then_some(opener)
}

/// Strings, as far as they decide whether a `#` or `//` opens a comment.
struct Quoted;

/// What a scan of the text stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Code,
    /// Until the end of the line.
    LineComment,
    BlockComment,
    /// Until this quote, or the end of the line.
    Line(u8),
    /// Until three of this quote.
    Triple(u8),
    /// Until this quote, over lines.
    Long(u8),
    /// Until this quote and so many `#`, whatever stands before it.
    Raw(u8, u8),
    /// A regular expression; the flag says whether it is inside brackets.
    Pattern(bool),
}

/// How many blanks before a slash are looked past to tell a pattern from a division.
const BLANKS_BACK_MAX: usize = 16;

impl Quoted {
    /// For each place, whether a string holds it.
    fn of(language: Language, text: &str, places: &[usize]) -> Vec<bool> {
        let bytes = text.as_bytes();
        let mut state = State::Code;
        let mut at = 0;
        let mut found = Vec::with_capacity(places.len());
        for place in places {
            while at < *place && at < bytes.len() {
                (state, at) = step(language, bytes, state, at);
            }
            let string = matches!(
                state,
                State::Line(_) | State::Triple(_) | State::Long(_) | State::Raw(..)
            );
            found.push(string);
        }
        found
    }
}

/// One step of the scan: the state after the bytes at this offset, and the next offset.
fn step(language: Language, bytes: &[u8], state: State, at: usize) -> (State, usize) {
    let byte = bytes.get(at).copied().unwrap_or(0);
    let next = bytes.get(at + 1).copied().unwrap_or(0);
    let tripled = next == byte && bytes.get(at + 2) == Some(&byte);
    match state {
        State::Code => code(language, bytes, at),
        State::LineComment if byte == b'\n' || byte == b'\r' => (State::Code, at + 1),
        State::BlockComment if byte == b'*' && next == b'/' => (State::Code, at + 2),
        State::Line(_) if byte == b'\n' || byte == b'\r' => (State::Code, at + 1),
        State::Line(_) | State::Triple(_) | State::Long(_) if byte == b'\\' => (state, at + 2),
        State::Line(quote) if byte == quote => (State::Code, at + 1),
        State::Triple(quote) if byte == quote && tripled => (State::Code, at + 3),
        State::Long(quote) if byte == quote => (State::Code, at + 1),
        State::Raw(quote, 0) if byte == quote && next == quote => (state, at + 2),
        State::Raw(quote, hashes) if byte == quote => {
            let closing = bytes.get(at + 1..).unwrap_or(&[]);
            let width = usize::from(hashes);
            let closed = closing.iter().take(width).filter(|one| **one == b'#').count() == width;
            if closed { (State::Code, at + 1 + width) } else { (state, at + 1) }
        }
        State::Pattern(_) => pattern(state, byte, at),
        _ => (state, at + 1),
    }
}

fn pattern(state: State, byte: u8, at: usize) -> (State, usize) {
    match (state, byte) {
        (_, b'\\') => (state, at + 2),
        (_, b'\n' | b'\r') | (State::Pattern(false), b'/') => (State::Code, at + 1),
        (_, b'[') => (State::Pattern(true), at + 1),
        (_, b']') => (State::Pattern(false), at + 1),
        _ => (state, at + 1),
    }
}

/// Whether a slash at this offset opens a regular expression: after a value it divides.
fn opens_pattern(bytes: &[u8], at: usize) -> bool {
    let before = bytes.get(at.saturating_sub(BLANKS_BACK_MAX)..at).unwrap_or(&[]);
    let last = before.iter().rev().find(|byte| !matches!(byte, b' ' | b'\t'));
    last.is_none_or(|byte| b"(,=:[!&|?{;+-*%~^\n\r".contains(byte))
}

fn code(language: Language, bytes: &[u8], at: usize) -> (State, usize) {
    let byte = bytes.get(at).copied().unwrap_or(0);
    let next = bytes.get(at + 1).copied().unwrap_or(0);
    let tripled = next == byte && bytes.get(at + 2) == Some(&byte);
    let script = matches!(language, Language::JavaScript | Language::TypeScript);
    let slashes = script || is_compiled(language);
    let before = at.checked_sub(1).and_then(|before| bytes.get(before)).copied().unwrap_or(b'\n');
    match byte {
        // Prose has apostrophes, and its back ticks are paired within a line.
        b'"' | b'\'' if language == Language::Markdown => (State::Code, at + 1),
        b'`' if language == Language::Markdown => (State::Line(b'`'), at + 1),
        b'"' | b'\'' if tripled && has_triple(language, byte) => (State::Triple(byte), at + 3),
        b'`' if language == Language::Go => (State::Raw(b'`', 0), at + 1),
        b'"' if language == Language::Rust => (rust_string(bytes, at), at + 1),
        b'"' if language == Language::CSharp && matches!(before, b'@' | b'$') => {
            let verbatim = bytes.get(at.saturating_sub(2)..at).unwrap_or(&[]).contains(&b'@');
            (if verbatim { State::Raw(b'"', 0) } else { State::Line(b'"') }, at + 1)
        }
        // A character, or a lifetime: the one ends two or three bytes on.
        b'\'' if language == Language::Rust => {
            let end = if next == b'\\' { at + 3 } else { at + 2 };
            (State::Code, if bytes.get(end) == Some(&b'\'') { end + 1 } else { at + 1 })
        }
        // An apostrophe inside a word is none that opens a string.
        b'\'' if before.is_ascii_alphabetic() && !matches!(language, Language::Python) => {
            (State::Code, at + 1)
        }
        b'"' | b'\'' => (State::Line(byte), at + 1),
        b'`' if script => (State::Long(b'`'), at + 1),
        b'/' if slashes && next == b'/' => (State::LineComment, at + 2),
        b'/' if slashes && next == b'*' => (State::BlockComment, at + 2),
        b'/' if script && opens_pattern(bytes, at) => (State::Pattern(false), at + 1),
        b'#' if !script && known(language).contains(&"#") && !before.is_ascii_graphic() => {
            (State::LineComment, at + 1)
        }
        b'\\' => (State::Code, at + 2),
        _ => (State::Code, at + 1),
    }
}

fn is_compiled(language: Language) -> bool {
    matches!(language, Language::Go | Language::Java | Language::Rust | Language::CSharp)
}

/// Whether three of this quote open a string of several lines.
fn has_triple(language: Language, quote: u8) -> bool {
    match language {
        Language::Python | Language::Toml => true,
        Language::Java | Language::CSharp => quote == b'"',
        _ => false,
    }
}

/// The string that the quote at this offset opens, which may be a raw one.
fn rust_string(bytes: &[u8], at: usize) -> State {
    let before = bytes.get(..at).unwrap_or(&[]);
    let hashes = before.iter().rev().take_while(|byte| **byte == b'#').count();
    let letter = before.iter().rev().nth(hashes);
    match u8::try_from(hashes) {
        Ok(hashes) if letter == Some(&b'r') => State::Raw(b'"', hashes),
        _ => State::Long(b'"'),
    }
}

/// Blocks of lines that are text: code in documents, here-documents, block scalars.
struct Blocks<'a> {
    language: Language,
    lines: std::str::SplitInclusive<'a, char>,
    /// Where the next line starts.
    next: usize,
    open: Option<Block<'a>>,
    /// Whether the last line that was read belongs to a block.
    inside: bool,
}

#[derive(Debug, Clone, Copy)]
enum Block<'a> {
    /// A code fence of this many of this letter.
    Fence(char, usize),
    /// Until a line that is this word, after tabs if the flag says so.
    Here(&'a str, bool),
    /// Until a line that is indented no deeper; the flag says that it is text, not a script.
    Scalar(usize, bool),
}

impl<'a> Blocks<'a> {
    fn new(language: Language, text: &'a str) -> Self {
        Self { language, lines: text.split_inclusive('\n'), next: 0, open: None, inside: false }
    }

    /// Whether the line of this place belongs to a block of text. Places come in order.
    fn holds(&mut self, place: usize) -> bool {
        while self.next <= place {
            let Some(line) = self.lines.next() else { break };
            self.next += line.len();
            self.inside = self.take(line.trim_end_matches(['\n', '\r']));
        }
        self.inside
    }

    fn take(&mut self, line: &'a str) -> bool {
        match self.open {
            None => {
                self.open = self.opened(line);
                false
            }
            Some(Block::Fence(letter, size)) => {
                if fence(line).is_some_and(|(other, width)| other == letter && width >= size) {
                    self.open = None;
                }
                true
            }
            Some(Block::Here(word, tabs)) => {
                let shown = if tabs { line.trim_start_matches('\t') } else { line };
                if shown == word {
                    self.open = None;
                }
                true
            }
            Some(Block::Scalar(indent, text)) => {
                if line.trim().is_empty() || indent_of(line) > indent {
                    return text;
                }
                self.open = self.opened(line);
                false
            }
        }
    }

    fn opened(&self, line: &'a str) -> Option<Block<'a>> {
        match self.language {
            Language::Markdown => fence(line).map(|(letter, size)| Block::Fence(letter, size)),
            Language::Shell | Language::Dockerfile => here(line),
            Language::Yaml => scalar(line),
            _ => None,
        }
    }
}

fn fence(line: &str) -> Option<(char, usize)> {
    let trimmed = line.trim_start();
    let letter = trimmed.chars().next().filter(|letter| matches!(letter, '`' | '~'))?;
    let size = trimmed.chars().take_while(|other| *other == letter).count();
    (size >= 3).then_some((letter, size))
}

fn here(line: &str) -> Option<Block<'_>> {
    if line.trim_start().starts_with('#') {
        return None;
    }
    let (_, rest) = line.split_once("<<")?;
    let (rest, tabs) = rest.strip_prefix('-').map_or((rest, false), |rest| (rest, true));
    let rest = rest.trim_start_matches([' ', '\'', '"', '\\']);
    let end = rest.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    let word = rest.get(..end.unwrap_or(rest.len()))?;
    // `1 << 2` shifts, `<<<` feeds a text.
    let named = word.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_');
    named.then_some(Block::Here(word, tabs))
}

/// A line such as `key: |`. Scripts are embedded so, and their comments are comments.
fn scalar(line: &str) -> Option<Block<'_>> {
    let (key, header) = line.rsplit_once(": ").or_else(|| line.rsplit_once("- "))?;
    let header = header.split(" #").next().unwrap_or("").trim();
    let block = header.len() <= 3 && header.starts_with(['|', '>']);
    if !block {
        return None;
    }
    let name = key.trim().trim_start_matches("- ").trim_matches(['"', '\'']);
    let script = matches!(
        name,
        "run" | "script" | "before_script" | "after_script" | "command" | "entrypoint" | "args"
    ) || name.is_empty();
    Some(Block::Scalar(indent_of(line), !script))
}

fn indent_of(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}
