//! From text to tokens and statements, without knowing the dialect.
//!
//! Dialects differ in what quotes: whether a backslash protects, whether `#` opens a comment,
//! whether `[` opens a name. A text is read in one [`Manner`] at a time; whoever calls tries the
//! next where one does not fit. The pass goes over the text once and does not recurse.

use assize_model::Span;

use super::client::{self, Line};

/// How a dialect quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Manner {
    /// A backslash in a string protects what follows.
    pub(super) backslash: bool,
    /// `#` opens a comment.
    pub(super) hash: bool,
    /// `[` opens a name.
    pub(super) brackets: bool,
    /// Comments stand in comments.
    pub(super) nested: bool,
    /// Three quotes open a text of several lines.
    pub(super) triple: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Word,
    /// A name in quotes; in some dialects, a text.
    Name,
    Text,
    /// A text between two tags, such as `$$`.
    Dollar,
    Number,
    Mark(u8),
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub(super) sort: Sort,
    pub(super) span: Span,
}

/// What ends a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Semicolon,
    /// A terminator that lets semicolons stand in the statement, or the end of the text.
    Batch,
}

/// A statement, as a range of tokens.
#[derive(Debug, Clone, Copy)]
pub(super) struct Statement {
    pub(super) first: usize,
    pub(super) last: usize,
    pub(super) end: End,
}

/// What certainly stays open, whatever the dialect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    Text,
    Comment,
    Dollar,
    Opening,
    Closing,
}

/// A text that was read in one manner.
#[derive(Debug, Default)]
pub(super) struct Script {
    pub(super) tokens: Vec<Token>,
    pub(super) statements: Vec<Statement>,
    pub(super) comments: Vec<Span>,
    /// Lines that a client program keeps for itself.
    pub(super) lines: Vec<Line>,
    pub(super) fault: Option<(Fault, Span)>,
    /// The text holds data or conditions that are not SQL: nothing is said of what stays open.
    pub(super) opaque: bool,
}

/// How far a tag of a text reaches.
const TAG_BYTES_MAX: usize = 64;

/// How often the end of what may be a quote is looked for in vain: each time goes to the end.
const MISSES_MAX: u32 = 32;

pub(super) fn read(text: &str, manner: Manner) -> Script {
    lexed(text, manner, ";", client::has_batches(text))
}

/// Reads the body of a routine: all of it is one statement.
pub(super) fn read_body(text: &str, manner: Manner) -> Script {
    lexed(text, manner, "\0", false)
}

fn lexed<'a>(text: &'a str, manner: Manner, delimiter: &'a str, batches: bool) -> Script {
    let mut lexer = Lexer {
        text,
        bytes: text.as_bytes(),
        manner,
        at: 0,
        delimiter,
        first: 0,
        open: Vec::new(),
        batches,
        misses: 0,
        script: Script::default(),
    };
    lexer.run();
    lexer.script
}

struct Lexer<'a> {
    text: &'a str,
    bytes: &'a [u8],
    manner: Manner,
    at: usize,
    delimiter: &'a str,
    /// The first token of the statement.
    first: usize,
    /// The brackets that are open in it.
    open: Vec<Span>,
    /// Lines such as `GO` end statements, so that semicolons need not.
    batches: bool,
    misses: u32,
    script: Script,
}

impl<'a> Lexer<'a> {
    fn run(&mut self) {
        let mut fresh_line = true;
        while let Some(byte) = self.byte(0) {
            if byte == b'\n' {
                fresh_line = true;
                self.at += 1;
            } else if byte.is_ascii_whitespace() || self.text_at("\u{a0}") {
                self.at += if byte == 0xc2 { 2 } else { 1 };
            } else if !(fresh_line && self.client_line()) {
                fresh_line = false;
                self.step(byte);
            }
        }
        self.end(End::Batch);
    }

    fn byte(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    fn text_at(&self, what: &str) -> bool {
        self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(what.as_bytes()))
    }

    fn is_fresh(&self) -> bool {
        self.first == self.script.tokens.len()
    }

    fn step(&mut self, byte: u8) {
        let next = self.byte(1);
        match byte {
            _ if self.text_at(self.delimiter) => self.delimit(),
            b'-' if next == Some(b'-') => self.line_comment(),
            b'/' if next == Some(b'*') => self.block_comment(),
            b'/' if next == Some(b'/') && self.is_fresh() => self.line_comment(),
            b'#' if self.manner.hash || self.is_fresh() && next == Some(b' ') => {
                self.line_comment();
            }
            b'\'' => self.quoted(0, self.manner.backslash),
            b'"' => self.double(),
            b'`' => self.name(b'`'),
            b'[' if self.manner.brackets => self.name(b']'),
            b'$' if self.dollar() => {}
            b'\\' => self.command(),
            b'(' => {
                self.open.push(Span::new(self.at, self.at + 1));
                self.push(Sort::Mark(byte), 1);
            }
            b')' => {
                if self.open.pop().is_none() {
                    self.fault(Fault::Closing, self.at, self.at + 1);
                }
                self.push(Sort::Mark(byte), 1);
            }
            b'0'..=b'9' => {
                let length = self.run_of(|byte| byte.is_ascii_alphanumeric() || byte == b'.');
                self.push(Sort::Number, length);
            }
            _ if is_part(byte) || matches!(byte, b'@' | b'#') => self.word(),
            _ => self.push(Sort::Mark(byte), 1),
        }
    }

    fn run_of(&self, wanted: impl Fn(u8) -> bool) -> usize {
        let rest = self.bytes.get(self.at..).unwrap_or(&[]);
        rest.iter().take_while(|byte| wanted(**byte)).count()
    }

    fn push(&mut self, sort: Sort, length: usize) {
        let span = Span::new(self.at, self.at + length);
        self.script.tokens.push(Token { sort, span });
        self.at += length;
    }

    fn fault(&mut self, fault: Fault, start: usize, end: usize) {
        self.script.fault.get_or_insert((fault, Span::new(start, end)));
    }

    fn delimit(&mut self) {
        let plain = self.delimiter == ";";
        let within = plain
            && (self.batches && client::is_routine(self.text, self.statement())
                || !self.open.is_empty() && self.is_rule());
        if within {
            self.push(Sort::Mark(b';'), 1);
            return;
        }
        self.at += self.delimiter.len();
        self.end(if plain { End::Semicolon } else { End::Batch });
    }

    fn statement(&self) -> &[Token] {
        self.script.tokens.get(self.first..).unwrap_or(&[])
    }

    /// A rule holds statements in brackets.
    fn is_rule(&self) -> bool {
        self.statement().iter().take(4).any(|token| is_word(self.text, token, "RULE"))
    }

    /// Ends the statement, if there is one.
    fn end(&mut self, end: End) {
        if let Some(open) = self.open.first().copied() {
            self.fault(Fault::Opening, open.start, open.end);
            self.open.clear();
        }
        let (first, last) = (self.first, self.script.tokens.len());
        if first == last {
            return;
        }
        self.script.statements.push(Statement { first, last, end });
        self.first = last;
        let statement = self.script.tokens.get(first..last).unwrap_or(&[]);
        let begins = statement.first().is_some_and(|token| is_word(self.text, token, "COPY"));
        if begins && statement.iter().any(|token| is_word(self.text, token, "STDIN")) {
            self.at = client::end_of_data(self.text, self.at);
        }
    }

    /// A line that is the client's, if one begins here.
    fn client_line(&mut self) -> bool {
        if matches!(self.byte(0), Some(b'\\')) {
            self.command();
            return true;
        }
        let fresh = self.is_fresh();
        let Some(line) = client::line(self.text, self.at, fresh, self.open.is_empty()) else {
            return false;
        };
        let end = line.span.end;
        if let Some(delimiter) = line.delimiter(self.text) {
            self.delimiter = delimiter;
        }
        if line.ends_batch() {
            self.end(End::Batch);
        }
        self.script.lines.push(line);
        self.at = end;
        true
    }

    /// A command of a client that begins with a backslash.
    fn command(&mut self) {
        let line = client::backslash(self.text, self.at);
        self.script.opaque |= line.is_condition(self.text);
        let end = line.span.end;
        let data = line.reads_data(self.text);
        if line.sends(self.text) {
            self.end(End::Batch);
        }
        self.script.lines.push(line);
        self.at = if data { client::end_of_data(self.text, end) } else { end };
    }

    fn line_comment(&mut self) {
        let start = self.at;
        self.at += self.run_of(|byte| byte != b'\n');
        self.script.comments.push(Span::new(start, self.at));
    }

    fn block_comment(&mut self) {
        let start = self.at;
        // `file:///data/*.csv`
        let before = start.checked_sub(1).and_then(|before| self.bytes.get(before));
        let path = before.is_some_and(|byte| is_part(*byte) || matches!(byte, b'/' | b'.'));
        self.at += 2;
        let mut depth = 1_usize;
        while depth > 0 {
            match (self.byte(0), self.byte(1)) {
                (Some(b'*'), Some(b'/')) => {
                    depth -= 1;
                    self.at += 2;
                }
                (Some(b'/'), Some(b'*')) if self.manner.nested => {
                    depth += 1;
                    self.at += 2;
                }
                (Some(_), _) => self.at += 1,
                (None, _) => {
                    if !path {
                        self.fault(Fault::Comment, start, start + 2);
                    }
                    return;
                }
            }
        }
        self.script.comments.push(Span::new(start, self.at));
    }

    /// A string, after so many letters that say how it is meant.
    fn quoted(&mut self, prefix: usize, backslash: bool) {
        if self.manner.triple && self.triple(b'\'', prefix) {
            return;
        }
        let from = self.at + prefix;
        match closing(self.bytes, from, b'\'', backslash) {
            Some(end) => self.push(Sort::Text, end - self.at),
            None => {
                self.fault(Fault::Text, from, from + 1);
                self.push(Sort::Text, self.bytes.len() - self.at);
            }
        }
    }

    fn double(&mut self) {
        if self.manner.triple && self.triple(b'"', 0) {
            return;
        }
        match closing(self.bytes, self.at, b'"', self.manner.backslash) {
            Some(end) => self.push(Sort::Name, end - self.at),
            None => {
                self.fault(Fault::Text, self.at, self.at + 1);
                self.push(Sort::Name, self.bytes.len() - self.at);
            }
        }
    }

    fn triple(&mut self, quote: u8, prefix: usize) -> bool {
        let from = self.at + prefix;
        let three = [quote; 3];
        let rest = self.bytes.get(from..).unwrap_or(&[]);
        if !rest.starts_with(&three) {
            return false;
        }
        let inner = rest.get(3..).unwrap_or(&[]);
        let end = inner.windows(3).position(|window| window == three);
        match end {
            Some(end) => self.push(Sort::Text, prefix + 3 + end + 3),
            None => {
                self.fault(Fault::Text, from, from + 3);
                self.push(Sort::Text, self.bytes.len() - self.at);
            }
        }
        true
    }

    /// A name in quotes of its own. What does not end was none.
    fn name(&mut self, quote: u8) {
        let end = self.seek(|lexer| closing(lexer.bytes, lexer.at, quote, false));
        match end {
            Some(end) => self.push(Sort::Name, end - self.at),
            None => self.push(Sort::Mark(quote), 1),
        }
    }

    /// Looks for the end of what may be a quote, unless that was in vain too often.
    fn seek(&mut self, look: impl FnOnce(&Self) -> Option<usize>) -> Option<usize> {
        let found = (self.misses < MISSES_MAX).then(|| look(self)).flatten();
        self.misses = self.misses.saturating_add(u32::from(found.is_none()));
        found
    }

    fn dollar(&mut self) -> bool {
        let Some(tag) = tag(self.text, self.at) else { return false };
        let from = self.at + tag.len();
        if let Some(end) = self.seek(|lexer| lexer.text.get(from..)?.find(tag)) {
            self.push(Sort::Dollar, tag.len() + end + tag.len());
            return true;
        }
        // Templates write names so; only where a body has to follow is it certain.
        let before = self.statement().last();
        let wanted =
            before.is_some_and(|token| ["AS", "DO"].iter().any(|w| is_word(self.text, token, w)));
        if wanted {
            self.fault(Fault::Dollar, self.at, from);
            self.push(Sort::Dollar, self.bytes.len() - self.at);
        }
        wanted
    }

    fn word(&mut self) {
        let lead = self.run_of(|byte| matches!(byte, b'@' | b'#'));
        let length = lead
            + self.bytes.get(self.at + lead..).map_or(0, |rest| {
                rest.iter().take_while(|byte| is_part(**byte) || **byte == b'#').count()
            });
        let word = self.text.get(self.at..self.at + length).unwrap_or("");
        if self.byte(length) == Some(b'\'') {
            match word {
                "e" | "E" => return self.quoted(1, true),
                "r" | "R" | "b" | "B" | "n" | "N" | "x" | "X" => {
                    return self.quoted(1, self.manner.backslash);
                }
                "q" | "Q" | "nq" | "NQ" | "Nq" | "nQ" if self.alternative(length) => return,
                _ => {}
            }
        }
        // Data may follow the name of its format.
        let format = word.eq_ignore_ascii_case("FORMAT");
        let inserts = self.statement().first();
        if format && inserts.is_some_and(|token| is_word(self.text, token, "INSERT"))
            || word.eq_ignore_ascii_case("WRAPPED")
        {
            self.script.opaque = true;
        }
        self.push(Sort::Word, length.max(1));
    }

    /// `q'[ .. ]'`: the quote ends after a letter of choice.
    fn alternative(&mut self, prefix: usize) -> bool {
        let open = match self.byte(prefix + 1) {
            Some(b'[') => b']',
            Some(b'(') => b')',
            Some(b'{') => b'}',
            Some(b'<') => b'>',
            Some(other) if other.is_ascii_graphic() => other,
            _ => return false,
        };
        let from = self.at + prefix + 2;
        let closes = |window: &[u8]| window == [open, b'\''];
        let end = self.seek(|lexer| lexer.bytes.get(from..)?.windows(2).position(closes));
        let Some(end) = end else { return false };
        self.push(Sort::Text, prefix + 2 + end + 2);
        true
    }
}

/// Whether a byte may stand in a word that is not quoted.
pub(super) const fn is_part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') || byte >= 0x80
}

pub(super) fn is_word(text: &str, token: &Token, word: &str) -> bool {
    token.sort == Sort::Word
        && text
            .get(token.span.start..token.span.end)
            .is_some_and(|it| it.eq_ignore_ascii_case(word))
}

/// Where the quote ends that opens here; a doubled quote does not end it.
fn closing(bytes: &[u8], from: usize, quote: u8, backslash: bool) -> Option<usize> {
    let mut at = from + 1;
    loop {
        let byte = *bytes.get(at)?;
        if backslash && byte == b'\\' {
            at += 2;
        } else if byte != quote {
            at += 1;
        } else if bytes.get(at + 1) == Some(&quote) {
            at += 2;
        } else {
            return Some(at + 1);
        }
    }
}

/// The tag that opens a text here: `$$`, `$body$`.
fn tag(text: &str, at: usize) -> Option<&str> {
    let before = at.checked_sub(1).and_then(|before| text.as_bytes().get(before));
    if before.is_some_and(|byte| is_part(*byte)) {
        return None;
    }
    let rest = text.get(at + 1..)?;
    let length = rest.bytes().take(TAG_BYTES_MAX).position(|byte| byte == b'$')?;
    let name = rest.get(..length)?;
    let starts = name.bytes().next().is_none_or(|byte| !byte.is_ascii_digit());
    let plain = name.bytes().all(|byte| is_part(byte) && byte != b'$');
    (starts && plain).then(|| text.get(at..at + length + 2)).flatten()
}
