//! changelog-coverage: a changelog that records nothing but its own beginning.

use assize_model::{ControlName, FileClass, Place, Severity};
use assize_syntax::Language;

use crate::{Control, Report, Scope, Sink, Source};

pub(crate) const CONTROL: Control = Control {
    name: ControlName("changelog-coverage"),
    summary: "changelogs whose only entry is that they were created",
    version: 1,
    severity: Severity::Info,
    languages: &[Language::Markdown],
    classes: &[FileClass::Production, FileClass::Doc, FileClass::RuleSelf],
    scope: Scope::File(check),
    options: &[],
    applies: Control::always,
    doc: include_str!("doc.md"),
};

/// Longer changelogs record something.
const LINES_MAX: usize = 80;

fn check(source: &Source<'_>, sink: &mut Sink) {
    let name = source.path.name();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    if !stem.eq_ignore_ascii_case("changelog") || source.lines.len() > LINES_MAX {
        return;
    }
    let entries = source.text.lines().filter(|line| is_entry(line)).count();
    if entries > 1 || !source.text.lines().any(tells_of_itself) {
        return;
    }
    let folder = source.path.folder();
    let here = if folder.is_empty() { "the repository" } else { folder };
    sink.report(Report {
        code: "stub",
        severity: None,
        path: None,
        place: Place::START,
        message: format!(
            "the only entry says that this changelog was created: what changed in {here} since, it \
             does not tell"
        ),
        help: "write an entry for each change that users notice, or delete the file".to_owned(),
        item: String::new(),
        subject: String::new(),
    });
}

/// A heading with a date or a version.
fn is_entry(line: &str) -> bool {
    let depth = line.bytes().take_while(|byte| *byte == b'#').count();
    let words = line.get(depth..).unwrap_or("");
    (2..=4).contains(&depth) && words.split([' ', '[', ']', '(', ')', ',', 'v']).any(is_mark)
}

/// `2025-08-19` or `1.2.3`.
fn is_mark(word: &str) -> bool {
    let parts: Vec<&str> = word.split(['-', '.']).collect();
    let numbers = parts
        .iter()
        .take(3)
        .filter(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    numbers.count() == 3
}

/// Whether a line says that the changelog itself was made.
fn tells_of_itself(line: &str) -> bool {
    let lower = line.to_ascii_lowercase();
    let Some(at) = lower.find("changelog") else { return false };
    let before = lower.get(..at).unwrap_or("");
    let words = before.split(|c: char| !c.is_ascii_alphabetic()).rev().filter(|w| !w.is_empty());
    let near: Vec<&str> = words.take(4).collect();
    ["initial", "created", "create", "add", "added", "establish", "establishing"]
        .iter()
        .any(|verb| near.contains(verb))
}
