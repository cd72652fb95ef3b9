//! agent-parse: an agent definition that strict readers refuse or do not see.

use assize_agents::Defect;
use assize_model::{ControlName, FileClass, Place, Severity, Span};
use assize_syntax::{FileFlags, Language};

use crate::fix::{Breach, Edit};
use crate::{Control, Report, Scope, Sink, Source};

pub(crate) const CONTROL: Control = Control {
    name: ControlName("agent-parse"),
    summary: "An agent definition that a client skips or reads otherwise than it was meant",
    version: 1,
    severity: Severity::Error,
    languages: &[Language::Markdown],
    classes: &[FileClass::RuleSelf, FileClass::Production, FileClass::Doc],
    scope: Scope::File(check),
    options: &[],
    applies: Control::always,
    doc: include_str!("doc.md"),
};

fn check(source: &Source<'_>, sink: &mut Sink) {
    let path = source.path.as_str();
    let Some(reading) = assize_agents::read_definition(path, source.text) else { return };
    if source.facts.flags.has(FileFlags::BOM) {
        sink.report(mark());
    }
    for defect in &reading.defects {
        sink.report(report(defect, source));
    }
}

fn report(defect: &Defect, source: &Source<'_>) -> Report {
    Report {
        code: defect.code,
        severity: severity(defect.code),
        path: None,
        place: source.lines.place(defect.span, source.text),
        message: defect.message.clone(),
        help: defect.help.clone(),
        item: defect.key.clone(),
        subject: subject(defect, source.text).to_owned(),
    }
}

/// The edit that the reading offers for the defect of a finding.
pub(crate) fn fix(breach: &Breach<'_>) -> Vec<Edit> {
    let Breach { finding, text, lines, .. } = breach;
    let reading = assize_agents::read_definition(finding.path.as_str(), text);
    let defects = reading.map(|reading| reading.defects).unwrap_or_default();
    let is_meant = |defect: &&Defect| {
        defect.code == finding.code && lines.place(defect.span, text) == finding.place
    };
    let offered = defects.iter().find(is_meant).and_then(|defect| defect.fix.clone());
    let edit = |fix: assize_agents::Fix| Edit { span: fix.span, replacement: fix.replacement };
    offered.map(edit).into_iter().collect()
}

/// Carriage returns alone are read by every client that we know.
fn severity(code: &str) -> Option<Severity> {
    (code == "crlf").then_some(Severity::Warn)
}

/// The words at the defect, without which two defects of one key would be the same finding.
fn subject<'a>(defect: &Defect, text: &'a str) -> &'a str {
    let Span { start, end } = defect.span;
    text.get(start..end).unwrap_or("").trim()
}

/// The mark is not in the text that controls see.
fn mark() -> Report {
    Report {
        code: "bom",
        severity: None,
        path: None,
        place: Place::START,
        message: "the file starts with a byte-order mark, so its first line is not `---`"
            .to_owned(),
        help: "save the file as UTF-8 without a byte-order mark".to_owned(),
        item: String::new(),
        subject: String::new(),
    }
}
