//! agent-encoding: the text of an agent that went through the wrong encoding.

use assize_model::{ControlName, FileClass, Severity};
use assize_syntax::Language;

use crate::fix::{Breach, Edit};
use crate::{Control, Report, Scope, Sink, Source};

pub(crate) const CONTROL: Control = Control {
    name: ControlName("agent-encoding"),
    summary: "An agent whose text was read in the wrong encoding and saved so",
    version: 1,
    severity: Severity::Warn,
    languages: &[Language::Markdown],
    classes: &[FileClass::RuleSelf, FileClass::Production, FileClass::Doc],
    scope: Scope::File(check),
    options: &[],
    applies: Control::always,
    doc: include_str!("doc.md"),
};

fn check(source: &Source<'_>, sink: &mut Sink) {
    // Hardly any file has such a stretch, and to look for one costs less than to read an agent.
    let fixes = assize_agents::mojibake(source.text);
    let told = |word: &str| memchr::memmem::find(source.text.as_bytes(), word.as_bytes()).is_some();
    if fixes.is_empty() || told("mojibake") || told("Mojibake") {
        return;
    }
    let path = source.path.as_str();
    let reading = assize_agents::read_definition(path, source.text);
    let Some(first) = fixes.first() else { return };
    if reading.is_none_or(|reading| reading.status == assize_agents::Status::NotAgent) {
        return;
    }
    let wrong = source.text.get(first.span.start..first.span.end).unwrap_or("");
    let count = fixes.len();
    let places = if count == 1 { "place" } else { "places" };
    sink.report(Report {
        code: "mojibake",
        severity: None,
        path: None,
        place: source.lines.place(first.span, source.text),
        message: format!(
            "UTF-8 was read as Windows-1252 in {count} {places}, first `{wrong}`: whoever reads \
             the agent gets letters that nobody wrote"
        ),
        help: format!("write `{}` for `{wrong}`, and the others likewise", first.replacement),
        item: String::new(),
        subject: String::new(),
    });
}

/// Gives each stretch its letters back.
pub(crate) fn fix(breach: &Breach<'_>) -> Vec<Edit> {
    let edit = |fix: assize_agents::Fix| Edit { span: fix.span, replacement: fix.replacement };
    assize_agents::mojibake(breach.text).into_iter().map(edit).collect()
}
