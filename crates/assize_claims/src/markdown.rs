//! From Markdown to sentences: what is prose in paragraphs, items and cells.
//!
//! Code blocks, quotations, headings, links' addresses, raw HTML and what was struck out say
//! nothing. An item with an empty box is not done.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::token::{Kind, Sentence, Token};

/// Words that end with a dot and no sentence.
const ABBREVIATIONS: [&str; 9] =
    ["e.g.", "i.e.", "etc.", "vs.", "cf.", "approx.", "incl.", "no.", "fig."];
/// Marks that stand around words.
const MARKS: [char; 12] = [',', ';', ':', '(', ')', '[', ']', '—', '–', '→', '|', '*'];

pub(crate) fn sentences(text: &str) -> Vec<Sentence> {
    let lines = Lines::of(text);
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS | Options::ENABLE_STRIKETHROUGH;
    let mut reader = Reader::default();
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        reader.read(event, lines.number(range.start));
    }
    reader.end_block();
    reader.sentences
}

/// The starts of lines.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        let after = text.match_indices('\n').map(|(at, _)| at + 1);
        Self(std::iter::once(0).chain(after).collect())
    }

    fn number(&self, offset: usize) -> u32 {
        u32::try_from(self.0.partition_point(|start| *start <= offset)).unwrap_or(u32::MAX)
    }
}

#[derive(Default)]
struct Reader {
    sentences: Vec<Sentence>,
    tokens: Vec<(u32, Token)>,
    /// How deep it is in what says nothing.
    silent: u32,
    /// The quotation that is open, and its end.
    quoted: Option<(String, char)>,
    /// The letters of a word that a change of style has cut.
    glued: bool,
    /// The item is not done.
    undone: bool,
}

impl Reader {
    fn read(&mut self, event: Event<'_>, line: u32) {
        match event {
            Event::Start(tag) => {
                if is_silent(&tag) {
                    self.silent += 1;
                }
                if is_block(&tag) {
                    self.end_block();
                }
                if matches!(tag, Tag::Item) {
                    self.undone = false;
                }
            }
            Event::End(tag) => {
                if ends_silence(&tag) {
                    self.silent = self.silent.saturating_sub(1);
                }
                if ends_block(&tag) {
                    self.end_block();
                }
                if matches!(tag, TagEnd::Item) {
                    self.undone = false;
                }
            }
            Event::TaskListMarker(done) => self.undone = !done,
            _ if self.silent > 0 || self.undone => {}
            Event::Code(code) => self.code(&code, line),
            Event::Text(text) => self.text(&text, line),
            Event::SoftBreak => self.glued = false,
            Event::HardBreak => self.end_block(),
            _ => {}
        }
    }

    fn code(&mut self, code: &str, line: u32) {
        if self.quoted.is_none() {
            self.push(Kind::Code, code.trim(), line);
        }
        self.glued = false;
    }

    fn push(&mut self, kind: Kind, raw: &str, line: u32) {
        if !raw.is_empty() {
            self.tokens.push((line, Token::new(kind, raw)));
        }
    }

    fn text(&mut self, text: &str, line: u32) {
        for word in text.split_whitespace() {
            self.quotable(word, line);
        }
    }

    /// One piece between blanks: inside of a quotation, at one of its ends, or a plain word.
    fn quotable(&mut self, word: &str, line: u32) {
        if let Some((said, end)) = &mut self.quoted {
            if !said.is_empty() {
                said.push(' ');
            }
            if let Some((inside, rest)) = word.split_once(*end) {
                said.push_str(inside);
                let said = std::mem::take(said);
                self.quoted = None;
                self.push(Kind::Quoted, &said, line);
                self.word(rest, line);
            } else {
                said.push_str(word);
            }
            return;
        }
        let begins = word.find(['"', '“', '«']);
        match begins.map(|at| (at, word.get(at..).unwrap_or_default())) {
            Some((at, rest)) => {
                let mut letters = rest.chars();
                let end = match letters.next() {
                    Some('“') => '”',
                    Some('«') => '»',
                    _ => '"',
                };
                self.word(word.get(..at).unwrap_or_default(), line);
                self.quoted = Some((String::new(), end));
                let inside = letters.as_str().to_owned();
                if !inside.is_empty() {
                    self.quotable(&inside, line);
                }
            }
            None => self.word(word, line),
        }
    }

    fn word(&mut self, word: &str, line: u32) {
        if word.is_empty() {
            return;
        }
        if ABBREVIATIONS.contains(&word.to_lowercase().as_str()) {
            return self.push(Kind::Word, word, line);
        }
        let mut inner = word;
        while let Some(mark) = inner.chars().next().filter(|first| MARKS.contains(first)) {
            self.push(Kind::Mark, mark.encode_utf8(&mut [0; 4]), line);
            inner = inner.get(mark.len_utf8()..).unwrap_or_default();
        }
        let bare = inner.trim_end_matches(|last: char| MARKS.contains(&last) || is_end(last));
        let bare = closed(inner, bare);
        self.push(Kind::Word, bare, line);
        for mark in inner.get(bare.len()..).unwrap_or_default().chars() {
            if is_end(mark) {
                self.end_sentence(mark == '?');
            } else {
                self.push(Kind::Mark, mark.encode_utf8(&mut [0; 4]), line);
            }
        }
    }

    fn end_sentence(&mut self, asks: bool) {
        let tokens = std::mem::take(&mut self.tokens);
        let Some((line, _)) = tokens.first() else {
            // `?!` and `...` end once; a question stays one.
            return;
        };
        let line = *line;
        let tokens = tokens.into_iter().map(|(_, token)| token).collect();
        self.sentences.push(Sentence { line, tokens, asks });
    }

    fn end_block(&mut self) {
        if let Some((said, _)) = self.quoted.take() {
            // A quotation that nobody closed is one to the end of its block.
            self.push(Kind::Quoted, &said, 0);
        }
        self.end_sentence(false);
    }
}

fn is_end(mark: char) -> bool {
    matches!(mark, '.' | '!' | '?' | '…')
}

/// A word whose brackets belong to it, as in `/orders/{id}` and `run()`.
fn closed<'a>(whole: &'a str, bare: &'a str) -> &'a str {
    let opens = bare.matches('(').count();
    let closes = bare.matches(')').count();
    let longer = whole.get(..bare.len() + 1).unwrap_or(bare);
    if opens > closes && longer.ends_with(')') { longer } else { bare }
}

fn is_silent(tag: &Tag<'_>) -> bool {
    matches!(
        tag,
        Tag::CodeBlock(_)
            | Tag::BlockQuote(_)
            | Tag::Heading { .. }
            | Tag::HtmlBlock
            | Tag::Image { .. }
            | Tag::Strikethrough
            | Tag::FootnoteDefinition(_)
            | Tag::MetadataBlock(_)
            | Tag::TableHead
    )
}

fn ends_silence(tag: &TagEnd) -> bool {
    matches!(
        tag,
        TagEnd::CodeBlock
            | TagEnd::BlockQuote(_)
            | TagEnd::Heading(_)
            | TagEnd::HtmlBlock
            | TagEnd::Image
            | TagEnd::Strikethrough
            | TagEnd::FootnoteDefinition
            | TagEnd::MetadataBlock(_)
            | TagEnd::TableHead
    )
}

fn is_block(tag: &Tag<'_>) -> bool {
    matches!(
        tag,
        Tag::Paragraph | Tag::Item | Tag::TableCell | Tag::Heading { .. } | Tag::CodeBlock(_)
    ) || matches!(tag, Tag::BlockQuote(_) | Tag::List(_) | Tag::HtmlBlock)
}

fn ends_block(tag: &TagEnd) -> bool {
    matches!(tag, TagEnd::Paragraph | TagEnd::Item | TagEnd::TableCell | TagEnd::Heading(_))
        || matches!(tag, TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::HtmlBlock)
}
