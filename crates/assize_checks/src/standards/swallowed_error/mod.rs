//! swallowed-error: handlers that drop any error and say nothing.

use assize_model::{ControlName, FileClass, Severity};
use assize_syntax::{Fact, FactKind, Flags, Language, words};

use crate::person::is_spoken_to;
use crate::trial::is_trial;
use crate::{Control, Report, Scope, Sink, Source};

pub(crate) const CONTROL: Control = Control {
    name: ControlName("swallowed-error"),
    summary: "error handlers that catch everything, do nothing and do not say why",
    version: 3,
    severity: Severity::Warn,
    languages: &[
        Language::CSharp,
        Language::Go,
        Language::Java,
        Language::JavaScript,
        Language::Python,
        Language::Rust,
        Language::Sql,
        Language::TypeScript,
    ],
    classes: &[FileClass::Production],
    scope: Scope::File(check),
    options: &[],
    applies: Control::always,
    doc: include_str!("doc.md"),
};

/// Nobody writes lines of this width: the file is what a bundler made.
const COLUMN_MAX: u32 = 300;

/// Words of paths to what tells of the program itself: where it fails, nothing is left to tell.
const REPORTERS: [&str; 4] = ["crashlog", "crashreporter", "otel", "telemetry"];

fn check(source: &Source<'_>, sink: &mut Sink) {
    // The facts of one file are few, and those of this kind are fewer.
    for fact in source.facts.facts.iter().filter(|fact| fact.kind == FactKind::Catch) {
        let spared = fact.flags.any(Flags::MENTIONED.with(Flags::OPTIONAL));
        if spared || !catches_everything(&fact.key) || fact.place.column > COLUMN_MAX {
            continue;
        }
        // What is measured must never stop what is measured; what is tried out may fail.
        if is_trial(source.path.as_str())
            || words(source.path.as_str()).any(|word| REPORTERS.contains(&word.as_str()))
        {
            return;
        }
        if let Some(code) = code(fact)
            // Who looks on at a terminal sees the trace.
            && (code != "printed" || !is_spoken_to(source))
        {
            sink.report(report(fact, code, source.facts.dialect.language()));
        }
    }
}

/// Whether the handler takes any error, also those that nobody thought of. One specific type with
/// nothing to do is an answer.
fn catches_everything(caught: &str) -> bool {
    caught
        .split('|')
        .any(|one| matches!(one, "*" | "BaseException" | "Exception" | "Throwable" | "panic"))
}

fn code(fact: &Fact) -> Option<&'static str> {
    match fact.value.as_str() {
        "nothing" => Some("ignored"),
        "next" => Some("skipped"),
        "printed" => Some("printed"),
        // That something failed is the answer to a question.
        "default" if !asks(&fact.item) => Some("defaulted"),
        _ => None,
    }
}

/// Whether the enclosing function asks whether something holds, or says that it tries.
fn asks(item: &str) -> bool {
    const QUESTIONS: [&str; 23] = [
        "can", "check", "contains", "could", "detect", "does", "equals", "eq", "exists", "guess",
        "has", "have", "health", "is", "maybe", "ping", "probe", "safe", "should", "supports",
        "test", "try", "validate",
    ];
    let function = item.rsplit('.').next().unwrap_or(item);
    words(function).any(|word| QUESTIONS.contains(&word.as_str()))
}

fn report(fact: &Fact, code: &'static str, language: Language) -> Report {
    let does = match code {
        "ignored" => "goes on as if nothing had happened",
        "skipped" => "goes on with the next one",
        "printed" => "prints its trace past every log",
        _ => "returns a constant in its place",
    };
    let what = if fact.key == "panic" { "panic" } else { "error" };
    let whole = match language {
        Language::Sql => "the script",
        _ => "the module",
    };
    let place = if fact.item.is_empty() { whole } else { &fact.item };
    Report {
        code,
        severity: None,
        path: None,
        place: fact.place,
        message: format!(
            "`{place}` catches every {what} and {does}: what broke is found by nobody"
        ),
        help: "catch the errors that are expected; log or pass on the others, or say in a comment \
               why none matters"
            .to_owned(),
        item: fact.item.clone(),
        subject: fact.key.clone(),
    }
}
