//! Bodies of functions and procedures, as the comparison of all languages takes them.

use assize_model::Span;

use super::Routine;
use crate::Extraction;
use crate::lang::sql::lexer::{Sort, Token as Lexeme};
use crate::lang::tree::bodies::{self, Body, Leaf};
use crate::lang::tree::tongue::Token;

/// Words that are no names. Others count as names, which only makes bodies more alike where they
/// differ in nothing else.
const WORDS: [&str; 60] = [
    "ALL",
    "AND",
    "AS",
    "BEGIN",
    "BETWEEN",
    "BY",
    "CALL",
    "COALESCE",
    "COMMIT",
    "CURSOR",
    "DECLARE",
    "DELETE",
    "DISTINCT",
    "END",
    "EXCEPTION",
    "EXECUTE",
    "EXISTS",
    "FETCH",
    "FROM",
    "GROUP",
    "HAVING",
    "IN",
    "INNER",
    "INSERT",
    "INTO",
    "IS",
    "JOIN",
    "LEFT",
    "LIKE",
    "LIMIT",
    "NEW",
    "NOT",
    "NULL",
    "OF",
    "OLD",
    "ON",
    "OPEN",
    "OR",
    "ORDER",
    "OTHERS",
    "OUT",
    "OVER",
    "PERFORM",
    "RAISE",
    "REPLACE",
    "RETURN",
    "RETURNING",
    "RETURNS",
    "ROLLBACK",
    "SELECT",
    "SET",
    "TABLE",
    "THEN",
    "TO",
    "UNION",
    "UPDATE",
    "USING",
    "VALUES",
    "WHERE",
    "WITH",
];

const DECISIONS: [&str; 10] =
    ["CASE", "ELSE", "ELSEIF", "ELSIF", "FOR", "FOREACH", "IF", "LOOP", "WHEN", "WHILE"];

/// The number of the first word; those below are of marks.
const FIRST_WORD: u16 = 300;

pub(super) fn write(sheet: &mut Extraction<'_>, routines: &[Routine<'_>]) {
    for routine in routines.iter().filter(|routine| !routine.name.is_empty()) {
        let leaves: Vec<Leaf> = routine.body.iter().map(|token| leaf(sheet.text, token)).collect();
        let ends = leaves.first().zip(leaves.last());
        let Some(whole) = ends.map(|(a, z)| Span::new(a.span.start, z.span.end)) else { continue };
        if bodies::may_count(whole) {
            let head = routine.name_at;
            let item = routine.name.to_owned();
            bodies::write(sheet, &leaves, vec![Body { whole, head, item, nested: false }]);
        }
    }
}

fn leaf(text: &str, token: &Lexeme) -> Leaf {
    let (kind, part) = match token.sort {
        Sort::Word => word(text.get(token.span.start..token.span.end).unwrap_or("")),
        Sort::Name => (1, Token::Name),
        Sort::Text | Sort::Dollar => (2, Token::Literal),
        Sort::Number => (3, Token::Literal),
        Sort::Mark(b'(') => (4, Token::Opening),
        Sort::Mark(b')') => (5, Token::Closing),
        Sort::Mark(b',') => (6, Token::Comma),
        Sort::Mark(b'.') => (7, Token::Dot),
        Sort::Mark(mark) => (8 + u16::from(mark), Token::Word),
    };
    Leaf { span: token.span, kind, token: part }
}

fn word(written: &str) -> (u16, Token) {
    let upper = written.to_ascii_uppercase();
    let number = |at: usize| FIRST_WORD + u16::try_from(at).unwrap_or(0);
    if let Ok(at) = DECISIONS.binary_search(&upper.as_str()) {
        return (number(at), Token::Decision);
    }
    match WORDS.binary_search(&upper.as_str()) {
        Ok(at) => (number(DECISIONS.len() + at), Token::Word),
        Err(_) => (1, Token::Name),
    }
}

#[cfg(test)]
mod tests {
    use super::{DECISIONS, WORDS};

    #[test]
    fn tables_are_sorted() {
        assert!(WORDS.is_sorted() && DECISIONS.is_sorted());
    }
}
