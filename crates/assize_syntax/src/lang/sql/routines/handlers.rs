//! Handlers of errors that drop what they catch: `WHEN OTHERS THEN NULL`, `BEGIN CATCH END CATCH`,
//! a handler for every error that does nothing.

use assize_model::Span;

use super::Routine;
use crate::lang::sql::lexer::Sort;
use crate::lang::sql::reader::Reader;
use crate::{Extraction, FactKind, Flags, Role};

pub(super) fn extract(sheet: &mut Extraction<'_>, routine: &Routine<'_>) {
    let reader = Reader::new(sheet.text, &routine.body);
    for at in 0..reader.len() {
        let here = reader.at(at);
        let Some((instead, length)) = dropped(here) else { continue };
        let ends = here.token(0).zip(here.token(length));
        let Some((first, last)) = ends else { continue };
        let span = Span::new(first.span.start, last.span.end);
        let said = routine.comments.iter().any(|it| it.start >= span.start && it.end <= span.end);
        let (harmless, guarded) = guarded(here);
        let mut flags = Flags::NONE;
        if said {
            flags = flags.with(Flags::MENTIONED);
        }
        if harmless {
            flags = flags.with(Flags::OPTIONAL);
        }
        sheet
            .fact(FactKind::Catch, Role::Definition, "*", first.span)
            .value(instead)
            .item(routine.name)
            .number(guarded)
            .flags(flags)
            .done();
    }
}

/// What a handler does instead that begins here, and how many tokens on it ends.
fn dropped(here: Reader<'_>) -> Option<(&'static str, usize)> {
    if here.is(0, "WHEN") && here.is(1, "OTHERS") && here.is(2, "THEN") {
        return plsql(here.at(here.at + 3)).map(|(instead, length)| (instead, length + 3));
    }
    let catches = here.is(0, "BEGIN") && here.is(1, "CATCH");
    if catches && here.is(2, "END") && here.is(3, "CATCH") {
        return Some(("nothing", 3));
    }
    let handles = here.is(0, "HANDLER") && here.is(1, "FOR") && here.is(2, "SQLEXCEPTION");
    (handles && here.is(3, "BEGIN") && here.is(4, "END")).then_some(("nothing", 4))
}

fn plsql(here: Reader<'_>) -> Option<(&'static str, usize)> {
    let closed = |ahead: usize| here.is_mark(ahead, b';');
    let ends = |ahead: usize| here.is(ahead, "END");
    if ends(0) {
        return Some(("nothing", 0));
    }
    if here.is(0, "NULL") && closed(1) && ends(2) {
        return Some(("nothing", 1));
    }
    if here.is(0, "CONTINUE") && closed(1) && ends(2) {
        return Some(("next", 1));
    }
    let constant = here.is_any(1, &["TRUE", "FALSE", "NULL"])
        || here.token(1).is_some_and(|token| matches!(token.sort, Sort::Number | Sort::Text));
    (here.is(0, "RETURN") && constant && closed(2) && ends(3)).then_some(("default", 2))
}

/// How many tokens of what a handler guards are looked at.
const GUARDED_MAX: usize = 1_024;

/// Whether what a handler guards may fail without harm, and how many statements it is: one
/// statement that makes, alters or drops something that may be so already.
fn guarded(here: Reader<'_>) -> (bool, u32) {
    const CHANGES: [&str; 4] = ["ALTER", "CREATE", "DROP", "DEALLOCATE"];
    let declared = here.is(0, "HANDLER");
    let (from, to) = if declared {
        (here.at, here.len().min(here.at.saturating_add(GUARDED_MAX)))
    } else {
        let opens = |at: &usize| here.at(*at).is(0, "BEGIN");
        let first = here.at.saturating_sub(GUARDED_MAX);
        ((first..here.at).rev().find(opens).unwrap_or(first), here.at)
    };
    let within = || (from..to).map(|at| here.at(at));
    let ends = within().filter(|it| it.is_mark(0, b';')).count();
    // What declares a handler ends like a statement.
    let count = ends.saturating_sub(if declared { 2 } else { 0 });
    let changes = within().any(|it| {
        it.is_any(0, &CHANGES)
            // `EXECUTE IMMEDIATE 'DROP TABLE t'`
            || it.token(0).filter(|token| token.sort == Sort::Text).is_some_and(|token| {
                let words = it.words(token).trim_start_matches('\'').to_ascii_uppercase();
                CHANGES.iter().any(|word| words.starts_with(word))
            })
    });
    (changes && count <= 1, u32::try_from(count).unwrap_or(u32::MAX))
}
