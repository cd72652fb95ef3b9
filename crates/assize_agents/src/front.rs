//! Where the front matter is: between two `---` lines at the very top, in a sound file.
//!
//! In others a byte-order mark, blank lines, a code fence or prose stands before it, or its end is
//! missing. Each is a defect, because clients compare the first bytes of a file with `---`.

use assize_model::Span;

use crate::{Defect, Fix};

/// How many lines from the top a `name:` line counts as that of an agent.
const NAME_LINES_MAX: usize = 30;

/// Front matter that was found.
#[derive(Debug, Clone)]
pub(crate) struct Front {
    /// The lines between the fences, without them.
    pub(crate) block: Span,
    /// Whether it is not where clients look for it.
    pub(crate) moved: bool,
    /// Whether its lines end with a carriage return.
    pub(crate) crlf: bool,
    pub(crate) defects: Vec<Defect>,
}

/// Finds the front matter of a text, or nothing if the text defines no agent.
pub(crate) fn find(text: &str) -> Option<Front> {
    let mut found = locate(text)?;
    if text.get(found.block.start..found.block.end).is_some_and(|block| block.contains("\r\n")) {
        found.crlf = true;
        found.defects.push(defect(
            "crlf",
            Span::new(found.block.start, found.block.start),
            "the lines end with carriage return and line feed, which clients read differently",
            "save the file with line feeds alone",
        ));
    }
    Some(found)
}

fn locate(text: &str) -> Option<Front> {
    let mut defects = Vec::new();
    let mut start = 0;
    if let Some(rest) = text.strip_prefix('\u{feff}') {
        start = text.len() - rest.len();
        let mut mark = defect(
            "bom",
            Span::new(0, start),
            "the file starts with a byte-order mark, so its first line is not `---`",
            "save the file as UTF-8 without a byte-order mark",
        );
        mark.fix = Some(Fix { span: Span::new(0, start), replacement: String::new() });
        defects.push(mark);
    }
    let first = lines(text, start).find(|line| !line.text(text).trim().is_empty())?;
    let before = Span::new(start, first.start);
    if let Some(open) = opening(text, first) {
        if before.start < before.end {
            let mut blank = defect(
                "leading-blank",
                before,
                "blank lines stand before the front matter, so clients see none",
                "remove the blank lines: the file must begin with `---`",
            );
            blank.fix = Some(Fix { span: before, replacement: String::new() });
            defects.push(blank);
        }
        return close(text, open, defects);
    }
    misplaced(text, start, defects)
}

/// The start of front matter, seen at the first line that is not blank.
#[derive(Debug, Clone, Copy)]
struct Opening {
    block: usize,
    /// The code fence that encloses everything.
    fence: Option<Line>,
    /// Whether a `---` line opened it.
    dashes: bool,
}

fn opening(text: &str, first: Line) -> Option<Opening> {
    if is_dashes(first.text(text)) {
        return Some(Opening { block: first.next, fence: None, dashes: true });
    }
    let info = fence_info(first.text(text))?;
    if !matches!(info, "" | "yaml" | "yml" | "markdown" | "md") {
        return None;
    }
    let second = lines(text, first.next).find(|line| !line.text(text).trim().is_empty())?;
    if is_dashes(second.text(text)) {
        return Some(Opening { block: second.next, fence: Some(first), dashes: true });
    }
    (key_of(second.text(text)) == Some("name")).then_some(Opening {
        block: second.start,
        fence: Some(first),
        dashes: false,
    })
}

fn close(text: &str, open: Opening, mut defects: Vec<Defect>) -> Option<Front> {
    let named = names_soon(text, open.block);
    let mut end = None;
    for line in lines(text, open.block) {
        let words = line.text(text);
        let fence = open.fence.is_some() && fence_info(words).is_some();
        if is_dashes(words) || words.trim_end() == "..." || fence {
            end = Some((line.start, fence && open.dashes));
            break;
        }
    }
    if let Some(fence) = open.fence {
        defects.push(defect(
            "fenced",
            fence.span(),
            "the definition is wrapped in a code fence, so clients see no front matter",
            "remove the enclosing code fence: the file must begin with `---`",
        ));
    }
    let moved = !defects.is_empty();
    match end {
        Some((end, false)) => {
            let block = Span::new(open.block, end);
            let empty = text.get(block.start..block.end).unwrap_or("").trim().is_empty();
            let keyed = lines_within(text, block).any(|line| key_of(line.text(text)).is_some());
            if !empty && !keyed {
                // Prose between two thematic breaks.
                return None;
            }
            Some(Front { block, moved, crlf: false, defects })
        }
        Some((_, true)) | None => {
            if !named {
                // A thematic break at the top of a document.
                return None;
            }
            let rest = Span::new(open.block, end.map_or(text.len(), |(end, _)| end));
            let block = prose_start(text, rest).map_or(rest, |at| Span::new(rest.start, at));
            defects.push(unterminated(block.end));
            Some(Front { block, moved: true, crlf: false, defects })
        }
    }
}

/// The front matter that was meant, where the `---` that seems to close it is a thematic break of
/// the body. Only asked of front matter that is not valid YAML.
///
/// Fields after the prose speak against that: then somebody put prose inside the front matter.
pub(crate) fn without_body(text: &str, front: &Front) -> Option<Front> {
    let at = prose_start(text, front.block)?;
    let after = Span::new(at, front.block.end);
    let fields = lines_within(text, after)
        .any(|line| key_of(line.text(text)).is_some_and(|key| crate::rescue::KNOWN.contains(&key)));
    if fields {
        return None;
    }
    let mut found = front.clone();
    found.block = Span::new(front.block.start, at);
    found.moved = true;
    found.defects.push(unterminated(at));
    Some(found)
}

/// Where a body begins inside a block: at a blank line that prose or a heading at column 0 follows.
/// A block that ends without any prose has none.
fn prose_start(text: &str, block: Span) -> Option<usize> {
    let mut blank: Option<usize> = None;
    let mut candidate: Option<usize> = None;
    for line in lines_within(text, block) {
        let words = line.text(text);
        if words.trim().is_empty() {
            blank = blank.or(Some(line.start));
            continue;
        }
        let starts_body = words.starts_with("# ") || words.starts_with("## ");
        let flush = !words.starts_with([' ', '\t', '-']) && key_of(words).is_none();
        if let Some(at) = blank.take() {
            // A heading alone may be a comment of YAML: it needs prose after it.
            if candidate.is_none() && (starts_body || flush) {
                candidate = Some(at);
            }
        }
        if candidate.is_some() && flush && !words.starts_with('#') {
            return candidate;
        }
    }
    None
}

fn unterminated(at: usize) -> Defect {
    let mut found = defect(
        "unterminated",
        Span::new(at, at),
        "the front matter has no closing `---`, so clients read the whole file as one or none",
        "close it: put a line `---` here",
    );
    found.fix = Some(Fix { span: Span::new(at, at), replacement: "---\n".to_owned() });
    found
}

/// Front matter that is not first: prose before it, or fields without fences.
fn misplaced(text: &str, start: usize, mut defects: Vec<Defect>) -> Option<Front> {
    let mut fenced = false;
    let mut dashes: Option<Line> = None;
    let mut paragraph = None;
    for line in lines(text, start).take(NAME_LINES_MAX) {
        let words = line.text(text);
        if fence_info(words).is_some() {
            fenced = !fenced;
            continue;
        }
        if fenced {
            continue;
        }
        if words.trim().is_empty() {
            paragraph = None;
            continue;
        }
        if is_dashes(words) {
            dashes = Some(line);
            paragraph = None;
            continue;
        }
        let first = *paragraph.get_or_insert(line);
        if key_of(words) != Some("name") {
            continue;
        }
        if let Some(open) = dashes {
            defects.push(defect(
                "not-first",
                open.span(),
                "text stands before the front matter, so clients see none",
                "move the front matter to the very top of the file",
            ));
            let open = Opening { block: open.next, fence: None, dashes: true };
            return close(text, open, defects);
        }
        let end = lines(text, line.start)
            .find(|line| line.text(text).trim().is_empty() || is_dashes(line.text(text)))
            .map_or(text.len(), |line| line.start);
        defects.push(defect(
            "front-matter-missing",
            first.span(),
            "the fields of an agent stand in the text without `---` lines around them",
            "put a line `---` before and after the fields, at the very top of the file",
        ));
        let block = Span::new(first.start, end);
        return Some(Front { block, moved: true, crlf: false, defects });
    }
    None
}

/// Whether a `name:` line stands among the first lines from here.
fn names_soon(text: &str, from: usize) -> bool {
    lines(text, from).take(NAME_LINES_MAX).any(|line| key_of(line.text(text)) == Some("name"))
}

fn is_dashes(line: &str) -> bool {
    line.trim_end() == "---"
}

/// The info string of a code fence.
fn fence_info(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("```").or_else(|| line.strip_prefix("~~~"))?;
    Some(rest.trim_start_matches(['`', '~']).trim())
}

/// The key of a line like `key: value` or `key:` at column 0.
pub(crate) fn key_of(line: &str) -> Option<&str> {
    let (key, rest) = line.split_once(':')?;
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.');
    let begins = key.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_');
    let ends = rest.is_empty() || rest.starts_with([' ', '\t', '\r']);
    (begins && ends && key.chars().all(plain)).then_some(key)
}

fn defect(code: &'static str, span: Span, message: &str, help: &str) -> Defect {
    Defect {
        code,
        span,
        message: message.to_owned(),
        help: help.to_owned(),
        key: String::new(),
        fix: None,
    }
}

/// One line of a text, in bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line {
    pub(crate) start: usize,
    /// The end without the line ending.
    pub(crate) end: usize,
    /// Where the next line starts.
    pub(crate) next: usize,
}

impl Line {
    pub(crate) fn text(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or("")
    }

    fn span(self) -> Span {
        Span::new(self.start, self.end)
    }
}

/// The lines from an offset on. A line ends with `\n`, `\r\n` or a lone `\r`, as YAML counts them.
pub(crate) fn lines(text: &str, from: usize) -> impl Iterator<Item = Line> + '_ {
    let mut start = from;
    std::iter::from_fn(move || {
        let rest = text.get(start..).filter(|rest| !rest.is_empty())?;
        let (end, next) = match rest.find(['\n', '\r']) {
            Some(at) if rest.get(at..).is_some_and(|tail| tail.starts_with("\r\n")) => {
                (start + at, start + at + 2)
            }
            Some(at) => (start + at, start + at + 1),
            None => (text.len(), text.len()),
        };
        let line = Line { start, end, next };
        start = next;
        Some(line)
    })
}

/// The lines that begin inside a span.
pub(crate) fn lines_within(text: &str, span: Span) -> impl Iterator<Item = Line> + '_ {
    lines(text.get(..span.end).unwrap_or(text), span.start)
}
