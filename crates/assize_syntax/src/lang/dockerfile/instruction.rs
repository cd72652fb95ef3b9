//! The lines of a Dockerfile, joined into instructions.

use std::borrow::Cow;

use assize_model::Span;

/// One instruction with its arguments.
#[derive(Debug)]
pub(super) struct Instruction<'a> {
    pub(super) word: &'a str,
    /// Runs in the build of whoever builds upon the image, in a context of its own.
    pub(super) triggered: bool,
    word_start: usize,
    /// Everything after the word, in the length of the source: continuations stay, and comment
    /// lines between them are blanks.
    body: Cow<'a, str>,
    body_start: usize,
    /// The texts of here-documents, with their places.
    pub(super) heredocs: Vec<(&'a str, Span)>,
    escape: char,
}

/// What `RUN` is given.
#[derive(Debug)]
pub(super) enum Body<'i> {
    List,
    Text(Cow<'i, str>, Span),
    Heredocs(Vec<(&'i str, Span)>),
}

/// A whole file.
#[derive(Debug)]
pub(super) struct File<'a> {
    pub(super) instructions: Vec<Instruction<'a>>,
    /// A `# syntax=` names a front end other than Docker's own.
    pub(super) foreign: bool,
}

pub(super) fn instructions(text: &str) -> File<'_> {
    let (escape, foreign) = directives(text);
    let lines: Vec<(usize, &str)> = with_offsets(text);
    let mut found = Vec::new();
    let mut at = 0;
    while let Some((start, line)) = lines.get(at).copied() {
        let bare = line.trim();
        if bare.is_empty() || bare.starts_with('#') {
            at += 1;
            continue;
        }
        let last = last_line(&lines, at, escape);
        let end = lines.get(last).map_or(text.len(), |(start, line)| start + line.len());
        let mut one = instruction(text, start, end, escape);
        at = last + 1;
        for (delimiter, strip) in delimiters(&one) {
            let from = lines.get(at).map_or(text.len(), |(start, _)| *start);
            while let Some((_, line)) = lines.get(at) {
                let line = line.trim_end_matches(['\n', '\r']);
                let line = if strip { line.trim_start_matches('\t') } else { line };
                if line == delimiter {
                    break;
                }
                at += 1;
            }
            let to = lines.get(at).map_or(text.len(), |(start, _)| *start);
            one.heredocs.push((text.get(from..to).unwrap_or(""), Span::new(from, to)));
            at += 1;
        }
        found.push(one);
    }
    File { instructions: found, foreign }
}

fn with_offsets(text: &str) -> Vec<(usize, &str)> {
    let mut start = 0;
    text.split_inclusive('\n')
        .map(|line| {
            let at = start;
            start += line.len();
            (at, line)
        })
        .collect()
}

/// The escape character, and whether the front end is a foreign one.
fn directives(text: &str) -> (char, bool) {
    let mut escape = '\\';
    let mut foreign = false;
    for line in text.lines() {
        let Some((name, value)) =
            line.trim().strip_prefix('#').and_then(|rest| rest.split_once('='))
        else {
            break;
        };
        let value = value.trim();
        match name.trim().to_ascii_lowercase().as_str() {
            "escape" if value == "`" => escape = '`',
            "syntax" => {
                let image = value.trim_start_matches("docker.io/");
                foreign = !image.starts_with("docker/dockerfile");
            }
            "escape" | "check" => {}
            _ => break,
        }
    }
    (escape, foreign)
}

/// The number of the line on which the instruction that begins here ends.
fn last_line(lines: &[(usize, &str)], first: usize, escape: char) -> usize {
    let mut at = first;
    while let Some((_, line)) = lines.get(at) {
        let bare = line.trim();
        let between = at > first && (bare.is_empty() || bare.starts_with('#'));
        if !between && !bare.ends_with(escape) {
            return at;
        }
        at += 1;
    }
    lines.len().saturating_sub(1)
}

fn instruction(text: &str, start: usize, end: usize, escape: char) -> Instruction<'_> {
    let whole = text.get(start..end).unwrap_or("");
    let indent = whole.len() - whole.trim_start().len();
    let rest = whole.trim_start();
    let length = rest.find(char::is_whitespace).unwrap_or(rest.len());
    let (mut word, mut tail) = rest.split_at(length);
    let mut word_start = start + indent;
    // A trigger is read like the instruction that it holds.
    let triggered = word.eq_ignore_ascii_case("ONBUILD");
    if triggered {
        let inner = tail.trim_start();
        let skipped = tail.len() - inner.len();
        let inner_length = inner.find(char::is_whitespace).unwrap_or(inner.len());
        word_start += length + skipped;
        (word, tail) = inner.split_at(inner_length);
    }
    let body_start = word_start + word.len();
    Instruction {
        word,
        triggered,
        word_start,
        body: without_comments(tail),
        body_start,
        heredocs: Vec::new(),
        escape,
    }
}

/// Comment lines and empty lines between continued ones, written as blanks of the same length.
fn without_comments(body: &str) -> Cow<'_, str> {
    let mut lines = body.split_inclusive('\n').skip(1);
    if !lines.any(|line| line.trim().is_empty() || line.trim_start().starts_with('#')) {
        return Cow::Borrowed(body);
    }
    let mut out = String::with_capacity(body.len());
    for (number, line) in body.split_inclusive('\n').enumerate() {
        let bare = line.trim();
        if number > 0 && (bare.is_empty() || bare.starts_with('#')) {
            out.extend(std::iter::repeat_n(' ', line.len()));
        } else {
            out.push_str(line);
        }
    }
    Cow::Owned(out)
}

/// The delimiters of here-documents that an instruction begins.
fn delimiters(one: &Instruction<'_>) -> Vec<(String, bool)> {
    let kind = one.word.to_ascii_uppercase();
    if !matches!(kind.as_str(), "RUN" | "COPY" | "ADD") || one.body.contains("<<<") {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut rest: &str = &one.body;
    while let Some(at) = rest.find("<<") {
        rest = rest.get(at + 2..).unwrap_or("");
        let strip = rest.starts_with('-');
        let word = rest.trim_start_matches('-');
        let quote = word.chars().next().filter(|c| matches!(c, '"' | '\''));
        let word = quote.map_or(word, |quote| word.trim_start_matches(quote));
        let length =
            word.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
        let name = word.get(..length).unwrap_or("");
        let letter = name.bytes().next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_');
        if letter {
            found.push((name.to_owned(), strip));
        }
    }
    found
}

impl Instruction<'_> {
    pub(super) fn word_span(&self) -> Span {
        Span::new(self.word_start, self.word_start + self.word.len())
    }

    /// The arguments without the blanks around them.
    pub(super) fn args(&self) -> &str {
        self.body.trim()
    }

    /// The arguments, cut at blanks outside quotes, with their places.
    pub(super) fn words(&self) -> Vec<(&str, Span)> {
        let mut found = Vec::new();
        let mut start: Option<usize> = None;
        let mut quote: Option<char> = None;
        let mut skip = false;
        for (at, character) in self.body.char_indices() {
            if skip {
                skip = false;
                continue;
            }
            let continued = character == self.escape && self.continues(at);
            let blank = character.is_whitespace() || continued;
            if blank && quote.is_none() {
                found.extend(start.take().and_then(|from| self.slice(from, at)));
                continue;
            }
            match (quote, character) {
                (Some(open), _) if open == character => quote = None,
                (None, '"' | '\'') => quote = Some(character),
                (_, '\\') if self.escape == '\\' => skip = true,
                _ => {}
            }
            start.get_or_insert(at);
        }
        found.extend(start.and_then(|from| self.slice(from, self.body.len())));
        found
    }

    /// Whether nothing but blanks follows up to the line's end.
    fn continues(&self, at: usize) -> bool {
        self.body
            .get(at + self.escape.len_utf8()..)
            .and_then(|rest| rest.split('\n').next())
            .is_some_and(|rest| rest.trim().is_empty())
    }

    fn slice(&self, from: usize, to: usize) -> Option<(&str, Span)> {
        let span = Span::new(self.body_start + from, self.body_start + to);
        self.body.get(from..to).map(|text| (text, span))
    }

    /// The `--name=value` words at the front.
    pub(super) fn flags(&self) -> Vec<&str> {
        let words = self.words();
        words.iter().map(|(word, _)| *word).take_while(|word| word.starts_with("--")).collect()
    }

    /// The words after the flags; of the list form, its elements.
    pub(super) fn operands(&self) -> Vec<(&str, Span)> {
        let words = self.words();
        let flags = self.flags().len();
        let rest = words.get(flags..).unwrap_or(&[]);
        let list = rest.first().is_some_and(|(word, _)| word.starts_with('['));
        rest.iter()
            .filter_map(|(word, span)| {
                if !list {
                    let bare = word.trim_matches('"');
                    return Some((bare, *span));
                }
                let bare = word.trim_start_matches('[').trim_end_matches(']');
                let bare = bare.trim_end_matches(',').trim_matches('"');
                (!bare.is_empty()).then_some((bare, *span))
            })
            .flat_map(|(word, span)| {
                // `["a","b"]` without blanks.
                word.split("\",\"").map(move |part| (part, span))
            })
            .collect()
    }

    pub(super) fn command(&self) -> Body<'_> {
        let words = self.words();
        let flags = self.flags().len();
        let Some((first, span)) = words.get(flags) else { return Body::List };
        if first.starts_with('[') {
            return Body::List;
        }
        if first.starts_with("<<") && words.len() == flags + 1 {
            return Body::Heredocs(self.heredocs.clone());
        }
        let from = span.start - self.body_start;
        let text = self.body.get(from..).unwrap_or("").trim_end();
        let end = self.body_start + from + text.len();
        // What the shell sees is one line: with another escape, or after a comment, the slice of
        // the source would not be.
        let span = Span::new(span.start, end);
        if self.escape == '\\' {
            Body::Text(Cow::Borrowed(text), span)
        } else {
            Body::Text(Cow::Owned(text.replace("`\n", "\\\n").replace("`\r\n", "\\\r\n")), span)
        }
    }
}
