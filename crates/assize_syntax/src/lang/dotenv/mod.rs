//! Environment files: `KEY=value` lines as docker, direnv and the dotenv libraries read them.
//!
//! These readers differ in details, so that no line is wrong for certain: what is no assignment is
//! passed over. An assignment that is commented out documents a variable; it counts as an optional
//! definition. Values that may be secret never leave this module.

mod value;

use assize_model::Span;

use crate::{Extraction, FactKind, Flags, Parsed, Role};

pub(in crate::lang) use value::safe_value;

pub(crate) fn extract(sheet: &mut Extraction<'_>) {
    sheet.set_parsed(Parsed::Valid);
    super::mark_template(sheet);
    let text = sheet.text;
    let mut last_quotes = LastQuotes::of(text);
    let mut offset = 0;
    while let Some(rest) = text.get(offset..).filter(|rest| !rest.is_empty()) {
        let length = rest.find('\n').map_or(rest.len(), |end| end + 1);
        let line = rest.get(..length).unwrap_or(rest);
        let next = offset + length;
        offset = match assignment(line) {
            Some(found) => {
                declare(sheet, &found, offset);
                let value = offset + found.value_at;
                if found.commented { next } else { last_quotes.end_of_value(text, value, next) }
            }
            None => next,
        };
    }
}

/// One assignment, with byte offsets inside its line.
#[derive(Debug, PartialEq, Eq)]
struct Assignment<'a> {
    key: &'a str,
    key_at: usize,
    value: &'a str,
    value_at: usize,
    commented: bool,
}

/// Reads `KEY=value`, `export KEY=value`, `KEY: value`, `KEY` alone, or one commented out.
fn assignment(line: &str) -> Option<Assignment<'_>> {
    let trimmed = line.trim_start();
    let commented = trimmed.starts_with('#');
    let code = trimmed.trim_start_matches(['#', ' ', '\t']);
    let code = code.strip_prefix("export ").map_or(code, str::trim_start);
    let key_length = code
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-')))
        .unwrap_or(code.len());
    let (key, after) = code.split_at_checked(key_length)?;
    if !key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        return None;
    }
    let constant = key.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
    let spaced = after.trim_start();
    let value = match spaced.as_bytes().first() {
        Some(b'=') => spaced.get(1..)?,
        Some(b':') if constant && !commented && after.starts_with(": ") => spaced.get(1..)?,
        // A name alone passes the variable on from outside.
        None if constant && !commented && key.len() > 1 => "",
        _ => return None,
    };
    // Prose begins with a capital, a variable in a comment is all capitals.
    if commented && !(constant && key.len() > 1) {
        return None;
    }
    let value_at = line.len() - value.len();
    let key_at = line.len() - code.len();
    Some(Assignment { key, key_at, value, value_at, commented })
}

fn declare(sheet: &mut Extraction<'_>, found: &Assignment<'_>, line_at: usize) {
    let start = line_at + found.key_at;
    let flags = if found.commented { Flags::OPTIONAL } else { Flags::NONE };
    let value = safe_value(found.key, plain(found.value));
    let span = Span::new(start, start + found.key.len());
    sheet.fact(FactKind::Env, Role::Definition, found.key, span).value(value).flags(flags).done();
}

/// A value without its quotes, or without the comment that follows it.
fn plain(raw: &str) -> &str {
    let raw = raw.trim();
    for quote in QUOTES {
        if let Some(inside) = raw.strip_prefix(quote) {
            return inside.split(quote).next().unwrap_or(inside);
        }
    }
    match raw.find(" #") {
        Some(at) => raw.get(..at).unwrap_or(raw).trim_end(),
        None if raw.starts_with('#') => "",
        None => raw,
    }
}

const QUOTES: [char; 3] = ['"', '\'', '`'];

/// Where each quote stands last in the text: a quote that never closes is not searched for.
#[derive(Debug)]
struct LastQuotes([Option<usize>; 3]);

impl LastQuotes {
    fn of(text: &str) -> Self {
        Self(QUOTES.map(|quote| text.rfind(quote)))
    }

    /// Where reading goes on after the value that begins at `value`: `next`, or the line after the
    /// closing quote of a value that spans lines. Lines that look like assignments of their own
    /// mean that the quote was merely forgotten.
    fn end_of_value(&mut self, text: &str, value: usize, next: usize) -> usize {
        let Some(line) = text.get(value..next) else { return next };
        let quoted = line.trim_start_matches([' ', '\t']);
        let Some(position) = QUOTES.iter().position(|quote| quoted.starts_with(*quote)) else {
            return next;
        };
        let Some(quote) = QUOTES.get(position).copied() else { return next };
        let closes_here = quoted.get(1..).is_some_and(|inside| inside.contains(quote));
        let closes_later = self.0.get(position).is_some_and(|last| *last >= Some(next));
        if closes_here || !closes_later {
            return next;
        }
        let Some(rest) = text.get(next..) else { return next };
        let mut end = next;
        for (count, line) in rest.split_inclusive('\n').enumerate() {
            if count == VALUE_LINES_MAX || assignment(line).is_some_and(has_value) {
                return next;
            }
            end += line.len();
            if line.contains(quote) {
                return end;
            }
        }
        next
    }
}

/// Whether a line within quotes is an assignment of its own. Base64 ends with equals signs, and the
/// closing quote may follow them.
fn has_value(found: Assignment<'_>) -> bool {
    let value = found.value.trim_matches(['=', ' ', '\r', '\n']);
    let closes = value.len() == 1 && value.starts_with(QUOTES);
    let constant = !found.key.bytes().any(|byte| byte.is_ascii_lowercase());
    !value.is_empty() && (constant || !closes)
}

/// How many lines a quoted value may span; certificates and keys stay far below.
const VALUE_LINES_MAX: usize = 200;

#[cfg(test)]
mod tests {
    use assize_model::{FileClass, LineIndex, RepoPath};

    use crate::{FactKind, Flags, extract};

    fn read(text: &str) -> Vec<(String, String, u32, u32, u32)> {
        let path = RepoPath::new("deploy/.env.example").unwrap();
        extract(&path, FileClass::Production, text, &LineIndex::new(text))
            .facts
            .into_iter()
            .filter(|fact| fact.kind == FactKind::Env && !fact.flags.has(Flags::MENTIONED))
            .map(|fact| (fact.key, fact.value, fact.flags.0, fact.place.line, fact.place.column))
            .collect()
    }

    fn keys(text: &str) -> Vec<String> {
        read(text).into_iter().map(|fact| fact.0).collect()
    }

    #[test]
    fn assignments_in_all_their_forms() {
        let text = "# Settings\nPORT=8080\n export HOST = 'a b' # c\nLEVEL=debug # loud\n\
            # LIMIT=10\n#export ZONE=eu\n# Note that A=1 is prose\n# Use=this\n\
            EMPTY=\nyaml: no\nCOLON: yes\nPASSED_ON\nno assignment\n=x\n1A=2\n";
        let optional = Flags::OPTIONAL.0;
        let own = |key: &str, value: &str, flags, line, column| {
            (key.to_owned(), value.to_owned(), flags, line, column)
        };
        assert_eq!(
            read(text),
            [
                own("PORT", "8080", 0, 2, 1),
                own("HOST", "a b", 0, 3, 9),
                own("LEVEL", "debug", 0, 4, 1),
                own("LIMIT", "10", optional, 5, 3),
                own("ZONE", "eu", optional, 6, 9),
                own("EMPTY", "", 0, 9, 1),
                own("COLON", "yes", 0, 11, 1),
                own("PASSED_ON", "", 0, 12, 1),
            ]
        );
    }

    #[test]
    fn values_over_several_lines_hold_no_keys() {
        let text = "PEM=\"-----BEGIN\nabcd\nefgh=\n-----END\"\nNEXT='\nefgh='\nLAST=1\n";
        assert_eq!(keys(text), ["PEM", "NEXT", "LAST"]);
    }

    #[test]
    fn a_forgotten_quote_hides_nothing() {
        assert_eq!(keys("A=\"x\nB=2\nC=\"y\"\nD='\n"), ["A", "B", "C", "D"]);
        let many = "A='\nB=\"\n".repeat(20_000);
        assert_eq!(keys(&many).len(), 40_000);
    }
}
