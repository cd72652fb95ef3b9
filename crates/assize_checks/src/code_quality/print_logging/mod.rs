//! print-logging: `print` and `console.log` in code that has a logger.

mod person;

use assize_model::{ControlName, FileClass, Severity};
use assize_syntax::{Fact, FactKind, Language, Role};

use crate::{Control, Report, Scope, Sink, Source};
use person::{is_spoken_to, shows};

pub(crate) const CONTROL: Control = Control {
    name: ControlName("print-logging"),
    summary: "output by `print` or `console.log` in production code that has a logger",
    version: 1,
    severity: Severity::Warn,
    languages: &[Language::Python, Language::JavaScript, Language::TypeScript],
    classes: &[FileClass::Production],
    scope: Scope::File(check),
    options: &[],
    applies: Control::always,
    doc: include_str!("doc.md"),
};

const LOGGERS: [&str; 11] = [
    "bunyan",
    "electron-log",
    "log4js",
    "logging",
    "loglevel",
    "loguru",
    "pino",
    "signale",
    "structlog",
    "tslog",
    "winston",
];

fn check(source: &Source<'_>, sink: &mut Sink) {
    let facts = &source.facts.facts;
    let mut calls = facts.iter().filter(|fact| is_output(fact)).peekable();
    if calls.peek().is_none() || !has_logger(facts) || is_spoken_to(source) {
        return;
    }
    for call in calls.filter(|call| !shows(&call.item)) {
        sink.report(report(call));
    }
}

fn is_output(fact: &Fact) -> bool {
    fact.kind == FactKind::Call
        && fact.role == Role::Reference
        // What goes into a file, or to standard error before there is a log, is said so.
        && (fact.key.starts_with("js:console.")
            || fact.key == "py:print" && !fact.value.split(' ').any(|name| name == "file"))
}

fn imports(facts: &[Fact]) -> impl Iterator<Item = &Fact> {
    facts.iter().filter(|fact| fact.kind == FactKind::Import && fact.role == Role::Reference)
}

fn has_logger(facts: &[Fact]) -> bool {
    imports(facts).any(|import| {
        let last = import.key.rsplit(['/', '.']).find(|part| !matches!(*part, "js" | "ts" | ""));
        let top = import.key.split('.').next().unwrap_or("");
        LOGGERS.contains(&top)
            || LOGGERS.contains(&import.key.as_str())
            || import.value == "logger"
            || last.is_some_and(|last| last.eq_ignore_ascii_case("logger"))
    })
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
