//! Routines whose body does nothing, and chance under the name of a measurement.

use assize_model::FileClass;

use super::Routine;
use crate::lang::practice;
use crate::lang::sql::lexer::{Sort, Token};
use crate::lang::sql::reader::Reader;
use crate::{Extraction, FactKind, Role};

/// A routine whose body does nothing.
pub(super) fn of_body(sheet: &mut Extraction<'_>, routine: &Routine<'_>) {
    if sheet.class != FileClass::Production || routine.name.is_empty() {
        return;
    }
    let reader = Reader::new(sheet.text, &routine.body);
    let Some(how) = how(reader) else { return };
    let value = if routine.promised { format!("{how} promised") } else { how.to_owned() };
    sheet
        .fact(FactKind::StandIn, Role::Definition, "body", routine.name_at)
        .value(value)
        .item(routine.name)
        .number(u32::try_from(routine.parameters).unwrap_or(u32::MAX))
        .done();
}

/// How a body does nothing; `None` where it does something.
fn how(mut reader: Reader<'_>) -> Option<&'static str> {
    let _ = reader.take("AS") || reader.take("IS");
    if reader.take("SELECT") || reader.is(0, "RETURN") {
        reader.take("RETURN");
        return (literal(&mut reader) && is_done(reader)).then_some("constant");
    }
    if !reader.take("BEGIN") {
        return None;
    }
    if reader.take("RETURN") {
        if is_end(reader) {
            return Some("empty");
        }
        return (literal(&mut reader) && is_end(reader)).then_some("constant");
    }
    if reader.is_any(0, &["RAISE", "RAISERROR", "SIGNAL", "THROW"]) {
        return unwritten(reader).then_some("unwritten");
    }
    reader.take("NULL");
    is_end(reader).then_some("empty")
}

/// Passes a value that is written out, with its type.
fn literal(reader: &mut Reader<'_>) -> bool {
    let constant = reader.is_any(0, &["TRUE", "FALSE", "NULL"])
        || reader.token(0).is_some_and(|it| matches!(it.sort, Sort::Text | Sort::Number));
    reader.at += usize::from(constant);
    if constant && reader.is_mark(0, b':') && reader.is_mark(1, b':') {
        reader.at += 3;
    }
    constant
}

fn is_done(mut reader: Reader<'_>) -> bool {
    reader.at += usize::from(reader.is_mark(0, b';'));
    reader.is_over()
}

/// Whether the block ends here, and with it the body.
fn is_end(mut reader: Reader<'_>) -> bool {
    reader.at += usize::from(reader.is_mark(0, b';'));
    if !reader.take("END") {
        return false;
    }
    reader.part();
    is_done(reader)
}

/// Whether the one thing that a body does is to say that it is not written.
fn unwritten(mut reader: Reader<'_>) -> bool {
    let mut says = false;
    while !reader.is_over() && !reader.is(0, "END") {
        if let Some(token) = reader.token(0).filter(|token| token.sort == Sort::Text) {
            let words = reader.words(token).to_ascii_lowercase();
            says |= ["not implemented", "not yet implemented", "unimplemented"]
                .iter()
                .any(|phrase| words.contains(phrase));
        }
        let more = reader.is_mark(0, b';') && !reader.is(1, "END");
        if more {
            return false;
        }
        reader.at += 1;
    }
    says && is_end(reader)
}

/// Values that are drawn by lot and get the name of something measured.
pub(super) fn chance(sheet: &mut Extraction<'_>, tokens: &[Token], item: &str) {
    if sheet.class != FileClass::Production {
        return;
    }
    let reader = Reader::new(sheet.text, tokens);
    for at in 0..reader.len() {
        let here = reader.at(at);
        if !here.is_any(0, &["RANDOM", "RAND"]) || !here.is_mark(1, b'(') {
            continue;
        }
        let Some(name) = given(here).or_else(|| taken(here)) else { continue };
        let Some(token) = here.token(0).filter(|_| practice::is_measure(&name)) else { continue };
        sheet
            .fact(FactKind::StandIn, Role::Definition, "random", token.span)
            .value(name)
            .item(item)
            .done();
    }
}

/// How far around the draw its name is looked for.
const AROUND_MAX: usize = 16;

/// What scales and rounds a value.
fn is_arithmetic(reader: Reader<'_>) -> bool {
    const WORDS: [&str; 12] = [
        "ABS", "BIGINT", "CEIL", "DECIMAL", "FLOAT", "FLOOR", "INT", "INTEGER", "NUMERIC", "RAND",
        "RANDOM", "ROUND",
    ];
    reader.is_any(0, &WORDS)
        || reader.token(0).is_some_and(|token| match token.sort {
            Sort::Number => true,
            Sort::Mark(mark) => b"()+-*/:".contains(&mark),
            _ => false,
        })
}

/// `RANDOM() * 100 AS cpu_usage`
fn given(here: Reader<'_>) -> Option<String> {
    let rest = (here.at..here.len()).map(|at| here.at(at));
    let mut after = rest.take(AROUND_MAX).find(|it| !is_arithmetic(*it))?;
    after.take("AS").then(|| after.part()).flatten().map(|name| name.key)
}

/// `cpu_usage = RANDOM() * 100`, `cpu_usage := RANDOM()`
fn taken(here: Reader<'_>) -> Option<String> {
    let from = here.at.saturating_sub(AROUND_MAX);
    let before = (from..here.at).rev().map(|at| here.at(at));
    let equals = before.into_iter().find(|it| !is_arithmetic(*it))?;
    if !equals.is_mark(0, b'=') {
        return None;
    }
    let back = if equals.before(1).is_some_and(|it| it.sort == Sort::Mark(b':')) { 2 } else { 1 };
    equals.at(equals.at.checked_sub(back)?).part().map(|name| name.key)
}
