//! SQL of any dialect: scripts, migrations, dumps.
//!
//! No file says which dialect it is in, and no parser reads them all. So statements are told apart
//! by a lexer that tries the ways in which dialects quote, and only what is alike everywhere is
//! read from their tokens: which tables and columns they make, change and use, which routines they
//! define, what comments say. A text is broken only where something stays open in every way of
//! reading it; one that is not understood counts as not parsed.

mod client;
mod lexer;
mod paths;
mod reader;
mod remarks;
mod routines;
mod tables;

#[cfg(test)]
mod tests;

use assize_model::Span;

use self::lexer::{Fault, Manner, Script, Sort};
use crate::{Extraction, FileFlags, Parsed};

pub(super) fn extract(sheet: &mut Extraction<'_>) {
    let text = sheet.text;
    if is_template(text) {
        sheet.mark(FileFlags::TEMPLATE);
        return;
    }
    let script = read(text);
    let begun = |statement: &lexer::Statement| {
        script.tokens.get(statement.first).is_some_and(|token| is_verb(sheet.text, token))
    };
    let known = script.statements.iter().filter(|statement| begun(statement)).count();
    match script.fault {
        Some((fault, span)) if known > 0 && !script.opaque => {
            sheet.error(span, words(fault));
            sheet.set_parsed(Parsed::Invalid);
        }
        None if known == script.statements.len() && !script.opaque => {
            sheet.set_parsed(Parsed::Valid);
        }
        _ => {}
    }
    paths::extract(sheet, &script);
    remarks::extract(sheet, &script.comments);
    tables::extract(sheet, &script);
    routines::extract(sheet, &script);
}

/// Where comments stand, also in the bodies of routines.
pub(crate) fn comments(text: &str) -> Vec<Span> {
    let script = read(text);
    let mut found = routines::comments(text, &script);
    found.extend(script.comments);
    found
}

/// Reads a text in the way that fits: the likeliest first, then all others until nothing stays
/// open.
fn read(text: &str) -> Script {
    let first = likely(text);
    let script = lexer::read(text, first);
    if script.fault.is_none() {
        return script;
    }
    let others = MANNERS.into_iter().filter(|manner| *manner != first);
    let sound = others.map(|manner| lexer::read(text, manner)).find(|it| it.fault.is_none());
    sound.unwrap_or(script)
}

const STANDARD: Manner =
    Manner { backslash: false, hash: false, brackets: false, nested: true, triple: false };
const MYSQL: Manner = Manner { backslash: true, hash: true, nested: false, ..STANDARD };
const TSQL: Manner = Manner { brackets: true, ..STANDARD };

const MANNERS: [Manner; 8] = [
    STANDARD,
    MYSQL,
    TSQL,
    Manner { nested: false, ..STANDARD },
    Manner { backslash: true, ..STANDARD },
    Manner { backslash: true, nested: false, ..STANDARD },
    Manner { triple: true, ..MYSQL },
    Manner { hash: true, nested: false, ..STANDARD },
];

fn likely(text: &str) -> Manner {
    let has = |word: &str| text.contains(word);
    if has("[dbo]") || has("\nGO\n") || has("\nGO\r\n") {
        TSQL
    } else if has("`") || has("\nDELIMITER ") || has("ENGINE=") {
        MYSQL
    } else {
        STANDARD
    }
}

/// Whether the text is filled in before it is SQL.
fn is_template(text: &str) -> bool {
    let within = |open: &str, close: &str| {
        text.split_once(open).is_some_and(|(_, rest)| rest.contains(close))
    };
    within("{%", "%}")
        || within("<%", "%>")
        || ["<#if", "#foreach", "#if("].iter().any(|mark| text.contains(mark))
        || text.contains("}}") && text.match_indices("{{").any(|(at, _)| is_slot(text, at))
}

/// Whether two braces open a slot: lists of lists in a text begin the same way.
fn is_slot(text: &str, at: usize) -> bool {
    let listed = text.get(..at).is_some_and(|before| before.ends_with(['\'', '"', '$', '{']));
    let rest = text.get(at + 2..).unwrap_or("");
    let inner = rest.trim_start_matches(['-', ' ']);
    let spaced = inner.len() < rest.len();
    let named = inner.starts_with(|c: char| c.is_alphabetic() || ".$#/&>^_".contains(c));
    named && (spaced || !listed)
}

fn words(fault: Fault) -> &'static str {
    match fault {
        Fault::Text => "the text that opens here is not closed",
        Fault::Comment => "the comment that opens here is not closed",
        Fault::Dollar => "the body that opens here is not closed",
        Fault::Opening => "the parenthesis that opens here is not closed in its statement",
        Fault::Closing => "this parenthesis closes nothing",
    }
}

/// Words with which statements begin, in some dialect.
const VERBS: [&str; 70] = [
    "ABORT",
    "ALTER",
    "ANALYSE",
    "ANALYZE",
    "ATTACH",
    "BEGIN",
    "CALL",
    "CHECKPOINT",
    "CLOSE",
    "CLUSTER",
    "COMMENT",
    "COMMIT",
    "CONNECT",
    "COPY",
    "CREATE",
    "DEALLOCATE",
    "DECLARE",
    "DELETE",
    "DENY",
    "DESC",
    "DESCRIBE",
    "DETACH",
    "DISABLE",
    "DISCARD",
    "DO",
    "DROP",
    "ENABLE",
    "END",
    "EXEC",
    "EXECUTE",
    "EXPLAIN",
    "FETCH",
    "FLUSH",
    "GRANT",
    "HANDLER",
    "IF",
    "IMPORT",
    "INSERT",
    "INSTALL",
    "KILL",
    "LISTEN",
    "LOAD",
    "LOCK",
    "MERGE",
    "NOTIFY",
    "OPTIMIZE",
    "PRAGMA",
    "PREPARE",
    "PRINT",
    "PURGE",
    "RAISERROR",
    "REASSIGN",
    "REFRESH",
    "REINDEX",
    "RENAME",
    "REPLACE",
    "RESET",
    "REVOKE",
    "ROLLBACK",
    "SAVEPOINT",
    "SELECT",
    "SET",
    "SHOW",
    "START",
    "SYSTEM",
    "TRUNCATE",
    "UNLOCK",
    "UPDATE",
    "USE",
    "WITH",
];

fn is_verb(text: &str, token: &lexer::Token) -> bool {
    const MORE: [&str; 6] = ["RELEASE", "VACUUM", "VALUES", "WAITFOR", "WHILE", "THROW"];
    let Span { start, end } = token.span;
    let word = text.get(start..end).unwrap_or("").to_ascii_uppercase();
    token.sort == Sort::Mark(b'(')
        || token.sort == Sort::Word
            && (VERBS.binary_search(&word.as_str()).is_ok() || MORE.contains(&word.as_str()))
}
