//! Lines of a script that are not SQL: what psql, mysql, sqlcmd, SQL*Plus and sqlite3 keep for
//! themselves.

use assize_model::Span;

use super::lexer::{Token, is_word};

/// A line that a client program takes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    pub(super) span: Span,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Ends what was written so far: `GO`, `/`.
    Batch,
    Delimiter,
    /// `\i`, `\copy` and the like.
    Backslash,
    Other,
}

impl Line {
    pub(super) fn ends_batch(&self) -> bool {
        self.kind == Kind::Batch
    }

    /// The delimiter that holds from now on.
    pub(super) fn delimiter<'a>(&self, text: &'a str) -> Option<&'a str> {
        let line = (self.kind == Kind::Delimiter).then(|| self.text(text))?;
        line.split_whitespace().nth(1)
    }

    pub(super) fn text<'a>(&self, text: &'a str) -> &'a str {
        text.get(self.span.start..self.span.end).unwrap_or("").trim_end()
    }

    fn is(&self, text: &str, names: &[&str]) -> bool {
        let first = self.text(text).split_whitespace().next().unwrap_or("");
        self.kind == Kind::Backslash && names.contains(&first)
    }

    /// Whether it decides which of the lines below run.
    pub(super) fn is_condition(&self, text: &str) -> bool {
        self.is(text, &["\\if", "\\elif"])
    }

    /// Whether it sends what was written so far.
    pub(super) fn sends(&self, text: &str) -> bool {
        self.is(text, &["\\g", "\\gx", "\\gset", "\\gexec", "\\gdesc", "\\crosstabview", "\\watch"])
            || self.is(text, &["\\G", "\\bind"])
    }

    /// Whether data follows it.
    pub(super) fn reads_data(&self, text: &str) -> bool {
        let line = self.text(text);
        self.is(text, &["\\copy"])
            && line.split_whitespace().any(|word| word.eq_ignore_ascii_case("stdin"))
    }
}

/// The line that begins here with a backslash.
pub(super) fn backslash(text: &str, at: usize) -> Line {
    Line { span: Span::new(at, end_of_line(text, at)), kind: Kind::Backslash }
}

/// First words of lines that SQL*Plus, mysql and snowsql keep for themselves.
const CLIENTS: [&str; 11] = [
    "accept", "connect", "get", "prompt", "put", "rem", "remark", "source", "spool", "undefine",
    "whenever",
];

/// The line that begins here, if it is the client's. `fresh`: no statement has begun; `closed`: no
/// bracket is open.
pub(super) fn line(text: &str, at: usize, fresh: bool, closed: bool) -> Option<Line> {
    let end = end_of_line(text, at);
    let line = text.get(at..end)?.trim_end();
    let first = line.split_whitespace().next().unwrap_or("");
    let is = |names: &[&str]| names.iter().any(|name| first.eq_ignore_ascii_case(name));
    let kind = if is_batch(line) && (line != "/" || closed) {
        Kind::Batch
    } else if !fresh {
        return None;
    } else if is(&["delimiter"]) {
        Kind::Delimiter
    } else if is(&CLIENTS) && !line.contains('(')
        || line.starts_with(['@', '!'])
        || is(&[":r", ":setvar", ":on", ":connect", ":error", ":out"])
        || line.strip_prefix('.').is_some_and(|rest| rest.starts_with(|c: char| c.is_alphabetic()))
    {
        Kind::Other
    } else {
        return None;
    };
    Some(Line { span: Span::new(at, end), kind })
}

/// `GO`, `GO 5`, `/`.
fn is_batch(line: &str) -> bool {
    let line = line.trim_end_matches(';').trim_end();
    if line == "/" {
        return true;
    }
    let Some((go, rest)) = line.split_at_checked(2) else { return false };
    go.eq_ignore_ascii_case("go")
        && (rest.is_empty() || rest.starts_with(' '))
        && rest.trim().bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a text ends its statements by such lines.
pub(super) fn has_batches(text: &str) -> bool {
    text.lines().map(str::trim).any(|line| line.len() <= 4 && is_batch(line))
}

/// Whether a statement makes a routine, whose body has semicolons.
pub(super) fn is_routine(text: &str, statement: &[Token]) -> bool {
    const MAKES: [&str; 2] = ["CREATE", "ALTER"];
    const ROUTINES: [&str; 6] = ["FUNCTION", "PACKAGE", "PROC", "PROCEDURE", "TRIGGER", "TYPE"];
    let is = |token: &Token, words: &[&str]| words.iter().any(|word| is_word(text, token, word));
    let first = statement.first();
    first.is_some_and(|token| is(token, &MAKES) && statement_is(text, statement, &ROUTINES))
        || first.is_some_and(|token| is(token, &["DECLARE", "BEGIN"]))
}

fn statement_is(text: &str, statement: &[Token], words: &[&str]) -> bool {
    /// `CREATE OR REPLACE EDITIONABLE PACKAGE BODY`, `CREATE DEFINER = a @ b PROCEDURE`.
    const HEAD_MAX: usize = 10;
    statement.iter().take(HEAD_MAX).any(|token| words.iter().any(|word| is_word(text, token, word)))
}

/// Where the data ends that follows here: after a line with `\.`, or with the text.
pub(super) fn end_of_data(text: &str, at: usize) -> usize {
    let mut end = at;
    for line in text.get(at..).unwrap_or("").split_inclusive('\n') {
        end += line.len();
        if line.trim_end() == "\\." {
            return end;
        }
    }
    text.len()
}

fn end_of_line(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or("");
    at + rest.find('\n').unwrap_or(rest.len())
}
