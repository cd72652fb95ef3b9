//! The rules and clauses of a document, and what of it cannot be read as such.
//!
//! A document that numbers its rules says what it has, so that a number which is missing or there
//! twice is a fault of the document. One that does not is read for sentences that oblige: its
//! sections are its rules.

mod clause;
mod faults;

use crate::outline::{DOCUMENT_BYTES_MAX, Line, heading, lines, numbered, unmarked};

pub use clause::mapped_controls;
pub(crate) use clause::obliges;

/// More rules and clauses than any team writes; beyond it a text is no list of rules.
const RULES_MAX: usize = 1_000;
const CLAUSES_MAX: usize = 20_000;
/// So many numbers make a list of rules; fewer are mentioned in passing.
pub(crate) const NUMBERED_MIN: usize = 3;

/// One rule as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundRule<'a> {
    /// What the document calls it, where it numbers its rules.
    pub number: Option<u32>,
    pub title: &'a str,
    pub line: u32,
    pub clauses: Vec<FoundClause<'a>>,
}

/// One sentence that obliges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundClause<'a> {
    pub line: u32,
    pub text: &'a str,
    /// Controls that hold it, by name; none where nothing is known to.
    pub controls: Vec<&'static str>,
}

/// What is wrong with a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    DuplicateNumber,
    MissingNumber,
    /// The same heading stands twice in a row.
    RepeatedLine,
    /// A blank where a word was.
    Hole,
    /// It looks like a rule or a clause, and cannot be read as one.
    Unread,
    TooLarge,
}

impl Fault {
    /// Its word in output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::DuplicateNumber => "duplicate-number",
            Self::MissingNumber => "missing-number",
            Self::RepeatedLine => "repeated-line",
            Self::Hole => "hole",
            Self::Unread => "unread",
            Self::TooLarge => "too-large",
        }
    }
}

/// A fault at its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundFault {
    pub fault: Fault,
    pub line: u32,
    pub message: String,
}

/// A document, read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Parsed<'a> {
    pub rules: Vec<FoundRule<'a>>,
    /// In the order of their lines.
    pub faults: Vec<FoundFault>,
    /// Whether the document numbers its rules.
    pub is_numbered: bool,
}

impl Parsed<'_> {
    /// Clauses that no control is known to hold.
    pub fn unmapped(&self) -> impl Iterator<Item = &FoundClause<'_>> {
        self.rules.iter().flat_map(|rule| &rule.clauses).filter(|clause| clause.controls.is_empty())
    }
}

/// Reads any text.
pub fn parse(text: &str) -> Parsed<'_> {
    if text.len() > DOCUMENT_BYTES_MAX {
        let message = format!("the document is larger than {DOCUMENT_BYTES_MAX} bytes");
        let fault = FoundFault { fault: Fault::TooLarge, line: 1, message };
        return Parsed { faults: vec![fault], ..Parsed::default() };
    }
    let lines = lines(text);
    let stated = lines.iter().filter(|line| number_of(line).is_some()).count();
    let is_numbered = stated >= NUMBERED_MIN;
    let mut rules = rules(&lines, is_numbered);
    rules.retain(|rule| rule.number.is_some() || !rule.clauses.is_empty());
    let mut faults = faults::of_lines(&lines);
    if is_numbered {
        faults.extend(faults::unread(&lines));
        faults.extend(faults::of_numbers(&rules));
    }
    faults.sort_by(|a, b| (a.line, a.fault).cmp(&(b.line, b.fault)));
    Parsed { rules, faults, is_numbered }
}

/// The number and the title of a line that states a rule.
fn number_of<'a>(line: &Line<'a>) -> Option<(u32, &'a str)> {
    if line.is_quoted || is_item(line.text) { None } else { numbered(line.text.trim()) }
}

/// An entry of a list mentions a rule, and states none.
fn is_item(text: &str) -> bool {
    let text = text.trim_start();
    ["- ", "* ", "+ ", "> ", "|"].iter().any(|mark| text.starts_with(mark))
}

fn rules<'a>(lines: &[Line<'a>], is_numbered: bool) -> Vec<FoundRule<'a>> {
    let mut rules = vec![FoundRule { number: None, title: "", line: 1, clauses: Vec::new() }];
    let mut clauses = 0;
    for (at, line) in lines.iter().enumerate() {
        if line.is_quoted || rules.len() > RULES_MAX || clauses > CLAUSES_MAX {
            continue;
        }
        let below = lines.get(at + 1).filter(|next| !next.is_quoted).map_or("", |next| next.text);
        let stated = number_of(line);
        let started = match (stated, heading(line, below)) {
            (Some((number, title)), _) => Some((Some(number), title)),
            // Within a numbered rule, headings order its clauses.
            (None, Some((level, _))) if is_numbered && within(&rules, level) => None,
            (None, Some((_, title))) => Some((None, title)),
            (None, None) => None,
        };
        if let Some((number, title)) = started {
            rules.push(FoundRule { number, title, line: line.number, clauses: Vec::new() });
            continue;
        }
        let Some(rule) = rules.last_mut() else { continue };
        let text = clause::of(line.text, rule.number.is_some());
        if let Some(text) = text.filter(|_| heading(line, below).is_none()) {
            let controls = clause::controls(text);
            rule.clauses.push(FoundClause { line: line.number, text, controls });
            clauses += 1;
        }
    }
    rules
}

/// Whether a heading stands within the rule at hand. The first two levels part documents.
fn within(rules: &[FoundRule<'_>], level: u8) -> bool {
    level > 2 && rules.last().is_some_and(|rule| rule.number.is_some())
}

/// Whether a line looks like a rule whose number cannot be read: `Rule : Look first`.
fn is_numberless(text: &str) -> bool {
    let text = unmarked(text.trim());
    let rest = text.strip_prefix("Rule").or_else(|| text.strip_prefix("RULE"));
    let number = rest.and_then(|rest| rest.split_once(':')).map(|(number, _)| number);
    let odd = |number: &str| !number.chars().any(char::is_alphanumeric);
    number.is_some_and(odd)
}

#[cfg(test)]
mod tests;
