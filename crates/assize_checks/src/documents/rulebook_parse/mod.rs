//! rulebook-parse: documents that number their rules and break their own count.

use assize_documents::{Fault, parse};
use assize_model::{ControlName, FileClass, Severity, Span};
use assize_syntax::Language;

use crate::{Control, Report, Scope, Sink, Source};

pub(crate) const CONTROL: Control = Control {
    name: ControlName("rulebook-parse"),
    summary: "documents that number their rules, with numbers that are missing or there twice",
    version: 1,
    // Until it was read on repositories that nobody tuned it on.
    severity: Severity::Warn,
    languages: &[Language::Markdown],
    classes: &[FileClass::Production, FileClass::Doc, FileClass::RuleSelf],
    scope: Scope::File(check),
    options: &[],
    applies: Control::always,
    doc: include_str!("doc.md"),
};

/// A document with fewer numbers than this quotes the rules of another one.
const RULES_MIN: usize = 5;

fn check(source: &Source<'_>, sink: &mut Sink) {
    // Most documents number no rules, and need not be read for them.
    if source.facts.dialect.language() != Language::Markdown || !source.text.contains("ule 1") {
        return;
    }
    // Agent definitions quote the rules of another document, at length.
    if source.text.starts_with("---") {
        return;
    }
    let parsed = parse(source.text);
    let numbered = parsed.rules.iter().filter(|rule| rule.number.is_some()).count();
    if numbered < RULES_MIN {
        return;
    }
    for found in parsed.faults {
        let code = match found.fault {
            Fault::DuplicateNumber | Fault::MissingNumber | Fault::Unread => found.fault.word(),
            // Their own controls speak of these.
            Fault::RepeatedLine | Fault::Hole | Fault::TooLarge => continue,
        };
        sink.report(Report {
            code,
            severity: None,
            path: None,
            place: source.lines.place(line_of(source.text, found.line), source.text),
            message: format!(
                "{}: whoever cites a rule by its number cannot tell which one is meant",
                found.message
            ),
            help: "number the rules anew, or state the one that is missing".to_owned(),
            item: String::new(),
            subject: found.message,
        });
    }
}

/// The span of a line, without what ends it.
fn line_of(text: &str, line: u32) -> Span {
    let before = usize::try_from(line).unwrap_or(1).saturating_sub(1);
    let start: usize = text.split_inclusive('\n').take(before).map(str::len).sum();
    let length = text.get(start..).and_then(|rest| rest.lines().next()).map_or(0, str::len);
    Span::new(start, start + length)
}
