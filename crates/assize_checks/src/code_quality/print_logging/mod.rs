//! print-logging: `print`, `console.log` and their like in code that has a logger.

mod loggers;
mod meant;

use assize_model::{ControlName, FileClass, Severity};
use assize_syntax::{Fact, FactKind, Language, Role};

use crate::person::is_spoken_to;
use crate::{Control, Report, Scope, Sink, Source};
use loggers::has_logger;
use meant::is_meant;

pub(crate) const CONTROL: Control = Control {
    name: ControlName("print-logging"),
    summary: "output by `print`, `console.log` and their like in production code that has a logger",
    version: 3,
    severity: Severity::Warn,
    languages: &[
        Language::CSharp,
        Language::Go,
        Language::Java,
        Language::JavaScript,
        Language::Python,
        Language::Rust,
        Language::TypeScript,
    ],
    classes: &[FileClass::Production],
    scope: Scope::File(check),
    options: &[],
    applies: Control::always,
    doc: include_str!("doc.md"),
};

fn check(source: &Source<'_>, sink: &mut Sink) {
    let facts = &source.facts.facts;
    let mut calls = facts.iter().filter(|fact| is_output(fact)).peekable();
    if calls.peek().is_none() || !has_logger(source) || is_spoken_to(source) {
        return;
    }
    for call in calls.filter(|call| !is_meant(call, source)) {
        sink.report(report(call));
    }
}

/// The beginnings of what the calls are named that write to standard output.
const OUTPUTS: [&str; 6] =
    ["cs:Console.", "go:fmt.", "java:System.out.", "js:console.", "rs:print", "py:print"];

fn is_output(fact: &Fact) -> bool {
    fact.kind == FactKind::Call
        && fact.role == Role::Reference
        && OUTPUTS.iter().any(|start| fact.key.starts_with(start))
        // What goes into a file, or to standard error before there is a log, is said so.
        && !fact.value.split(' ').any(|name| name == "file")
}

fn report(call: &Fact) -> Report {
    let function = call.key.split_once(':').map_or(call.key.as_str(), |(_, name)| name);
    Report {
        code: "print",
        severity: None,
        path: None,
        place: call.place,
        message: format!(
            "`{function}` writes past the logger of this file: no level, no time, and nobody who \
             searches the log finds it"
        ),
        help: "log it, with its values as fields, or remove it".to_owned(),
        item: call.item.clone(),
        subject: function.to_owned(),
    }
}
