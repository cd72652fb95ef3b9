//! doc-placement: reports of one day's work that lie among code.

use assize_model::{ControlName, FileClass, Place, Severity};
use assize_syntax::Language;

use crate::{Control, Report, Scope, Sink, Source};

pub(crate) const CONTROL: Control = Control {
    name: ControlName("doc-placement"),
    summary: "reports and summaries of finished work outside of the folders for documents",
    version: 1,
    severity: Severity::Warn,
    languages: &[Language::Markdown],
    classes: &[FileClass::Production, FileClass::Doc, FileClass::Test],
    scope: Scope::File(check),
    options: &[],
    applies: Control::always,
    doc: include_str!("doc.md"),
};

/// What the name of a report of finished work ends with.
const REPORTS: [&str; 6] = ["REPORT", "SUMMARY", "FINAL", "COMPLETE", "COMPLETION", "STATUS"];
/// Folders in which a report may lie.
const PLACES: [&str; 11] = [
    "doc",
    "docs",
    "documentation",
    "reports",
    "report",
    "results",
    "audits",
    "notes",
    "skills",
    "archive",
    "website",
];

fn check(source: &Source<'_>, sink: &mut Sink) {
    let name = source.path.name();
    let Some((stem, ending)) = name.rsplit_once('.') else { return };
    if !ending.eq_ignore_ascii_case("md") || !is_report(stem) || is_placed(source.path.folder()) {
        return;
    }
    sink.report(Report {
        code: "report",
        severity: None,
        path: None,
        place: Place::START,
        message: format!(
            "`{name}` is a report of finished work among the files that are in use: it says how \
             things were on one day, and readers take it for a document"
        ),
        help: "move what holds to the document on its subject, and the rest to the message of the \
               commit or to a folder of reports"
            .to_owned(),
        item: String::new(),
        subject: name.to_owned(),
    });
}

/// `IMPLEMENTATION_SUMMARY`, `TEST-REPORT-2`, `FIX_REPORT_20250819`: in capitals, and more than the
/// word alone, which generators of books ask for.
fn is_report(stem: &str) -> bool {
    let capitals = stem.bytes().any(|byte| byte.is_ascii_uppercase())
        && !stem.bytes().any(|byte| byte.is_ascii_lowercase());
    if !capitals {
        return false;
    }
    let words: Vec<&str> = stem.split(['_', '-', '.', ' ']).collect();
    let said = |word: &&str| word.bytes().any(|byte| byte.is_ascii_uppercase());
    let mut from_end = words.iter().rev().skip_while(|word| !said(word));
    let last = from_end.next().is_some_and(|word| REPORTS.contains(word));
    last && words.iter().filter(|word| said(word)).count() > 1
}

fn is_placed(folder: &str) -> bool {
    folder.split('/').any(|part| PLACES.contains(&part.to_ascii_lowercase().as_str()))
}
