//! Functions, procedures and blocks: their bodies, and what in them stands in for the real thing.

mod bodies;
mod handlers;
mod stand_ins;

use assize_model::{FileClass, Span};

use super::lexer::{self, End, Manner, Script, Sort, Statement, Token};
use super::reader::Reader;
use super::{STANDARD, remarks};
use crate::Extraction;

/// A routine, or a block without a name.
#[derive(Debug)]
struct Routine<'a> {
    /// Empty for a block.
    name: &'a str,
    name_at: Span,
    parameters: usize,
    /// A value comes back.
    promised: bool,
    body: Vec<Token>,
    comments: Vec<Span>,
}

pub(super) fn extract(sheet: &mut Extraction<'_>, script: &Script) {
    let text = sheet.text;
    let mut found = Vec::new();
    for statement in &script.statements {
        let tokens = script.tokens.get(statement.first..statement.last).unwrap_or(&[]);
        let reader = Reader::new(text, tokens);
        if let Some(routine) = routine(reader, *statement, script) {
            let quoted = tokens.iter().any(|token| token.sort == Sort::Dollar);
            // Other comments are those of the script itself.
            if quoted {
                remarks::extract(sheet, &routine.comments);
            }
            handlers::extract(sheet, &routine);
            stand_ins::of_body(sheet, &routine);
            stand_ins::chance(sheet, &routine.body, routine.name);
            found.push(routine);
        } else {
            stand_ins::chance(sheet, tokens, "");
        }
    }
    if sheet.class == FileClass::Production {
        bodies::write(sheet, &found);
    }
}

/// Where comments stand in bodies.
pub(super) fn comments(text: &str, script: &Script) -> Vec<Span> {
    let mut found = Vec::new();
    for statement in &script.statements {
        let tokens = script.tokens.get(statement.first..statement.last).unwrap_or(&[]);
        let routine = routine(Reader::new(text, tokens), *statement, script);
        found.extend(routine.into_iter().flat_map(|routine| routine.comments));
    }
    found
}

fn routine<'a>(
    mut reader: Reader<'a>,
    statement: Statement,
    script: &Script,
) -> Option<Routine<'a>> {
    const BLOCKS: [&str; 3] = ["DO", "DECLARE", "BEGIN"];
    /// `CREATE OR REPLACE EDITIONABLE`, `CREATE DEFINER = a @ b`.
    const HEAD_MAX: usize = 10;
    let whole = reader;
    if reader.is_any(0, &BLOCKS) {
        let block = Routine {
            name: "",
            name_at: reader.token(0)?.span,
            parameters: 0,
            promised: false,
            body: Vec::new(),
            comments: Vec::new(),
        };
        return with_body(block, whole, 0, statement, script);
    }
    if !reader.is_any(0, &["CREATE", "ALTER"]) {
        return None;
    }
    let kinds = ["FUNCTION", "PROC", "PROCEDURE", "PACKAGE", "TRIGGER"];
    let kind = (1..HEAD_MAX).find(|ahead| reader.is_any(*ahead, &kinds))?;
    let function = reader.is(kind, "FUNCTION");
    let named = function || reader.is_any(kind, &["PROC", "PROCEDURE"]);
    reader.at += kind + 1;
    reader.take_all(&["IF", "NOT", "EXISTS"]);
    let name = reader.name()?;
    let written = whole.words(reader.before(1)?);
    let group = reader.group(usize::MAX);
    let after = reader.at;
    let void = (after..reader.len()).map(|at| reader.at(at)).take(8);
    let void = void.into_iter().any(|it| it.is_any(0, &["VOID", "TRIGGER", "EVENT_TRIGGER"]));
    let parameters = group.map_or_else(
        || count_of_variables(reader),
        |group| if group.is_over() { 0 } else { group.listed().len() },
    );
    let routine = Routine {
        name: if named { written.trim_matches(['"', '`', '[', ']']) } else { "" },
        name_at: name.span,
        parameters,
        promised: function && !void,
        body: Vec::new(),
        comments: Vec::new(),
    };
    with_body(routine, whole, after, statement, script)
}

/// Parameters without brackets around them: `CREATE PROC charge @customer int, @amount money AS`.
fn count_of_variables(reader: Reader<'_>) -> usize {
    (reader.at..reader.len())
        .map(|at| reader.at(at))
        .take_while(|here| !here.is_any(0, &["AS", "BEGIN", "IS"]))
        .filter(|here| here.token(0).is_some_and(|token| here.words(token).starts_with('@')))
        .count()
}

/// The routine with its body, if that can be told.
fn with_body<'a>(
    routine: Routine<'a>,
    reader: Reader<'a>,
    after: usize,
    statement: Statement,
    script: &Script,
) -> Option<Routine<'a>> {
    let rest = reader.slice(after, reader.len());
    if let Some(quoted) = rest.iter().find(|token| token.sort == Sort::Dollar) {
        return speaks_sql(reader.at(after)).then(|| inner(routine, reader.text, quoted)).flatten();
    }
    // Elsewhere the first semicolon ended the statement, and the body goes on behind it.
    if statement.end == End::Semicolon {
        return None;
    }
    let opens = |at: &usize| reader.at(*at).is_any(0, &["AS", "BEGIN", "DECLARE", "IS", "RETURN"]);
    let start = (after..reader.len()).find(opens)?;
    let body = reader.slice(start, reader.len()).to_vec();
    let (from, to) = (body.first()?.span.start, body.last()?.span.end);
    let within = |comment: &&Span| comment.start >= from && comment.end <= to;
    let comments = script.comments.iter().filter(within).copied().collect();
    Some(Routine { body, comments, ..routine })
}

/// Whether a routine's body is in SQL or a language that grew out of it.
fn speaks_sql(reader: Reader<'_>) -> bool {
    let said = (0..reader.len()).map(|at| reader.at(at)).find(|here| here.is(0, "LANGUAGE"));
    let Some(word) = said.and_then(|here| here.token(1)) else { return true };
    let word = reader.words(word).trim_matches(['\'', '"']).to_ascii_lowercase();
    matches!(word.as_str(), "sql" | "plpgsql" | "plsql")
}

/// The routine whose body stands between two tags.
fn inner<'a>(routine: Routine<'a>, text: &str, quoted: &Token) -> Option<Routine<'a>> {
    let Span { start, end } = quoted.span;
    let whole = text.get(start..end)?;
    let tag = whole.get(1..)?.find('$')? + 2;
    let body = whole.get(tag..whole.len().checked_sub(tag)?)?;
    let manners = [STANDARD, Manner { backslash: true, ..STANDARD }];
    let read = manners.into_iter().map(|manner| lexer::read_body(body, manner));
    let script = read.into_iter().find(|script| script.fault.is_none())?;
    let moved = |span: Span| Span::new(span.start + start + tag, span.end + start + tag);
    Some(Routine {
        body: script
            .tokens
            .iter()
            .map(|token| Token { span: moved(token.span), ..*token })
            .collect(),
        comments: script.comments.iter().map(|comment| moved(*comment)).collect(),
        ..routine
    })
}
