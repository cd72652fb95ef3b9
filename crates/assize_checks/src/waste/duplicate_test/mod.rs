//! duplicate-test: test cases of which a later one takes the place, or repeats another.

use std::collections::HashMap;

use assize_model::{ControlName, FileClass, Severity};
use assize_syntax::{Fact, FactKind, Flags, Language};

use crate::{Control, Report, Scope, Sink, Source};

pub(crate) const CONTROL: Control = Control {
    name: ControlName("duplicate-test"),
    summary: "test cases that a later one of the same name replaces, or that repeat another",
    version: 2,
    severity: Severity::Error,
    languages: &[
        Language::Python,
        Language::JavaScript,
        Language::TypeScript,
        Language::Go,
        Language::Java,
        Language::Rust,
        Language::CSharp,
    ],
    classes: &[FileClass::Test],
    scope: Scope::File(check),
    options: &[],
    applies: Control::always,
    doc: include_str!("doc.md"),
};

fn check(source: &Source<'_>, sink: &mut Sink) {
    let facts = &source.facts.facts;
    let mut named: HashMap<(u32, &str), &Fact> = HashMap::new();
    for case in facts.iter().filter(|fact| fact.kind == FactKind::Test) {
        if case.flags.has(Flags::UNRESOLVED) {
            sink.unresolved();
        } else if let Some(first) = named.insert((case.number, &case.key), case) {
            sink.report(named_alike(case, first, source.facts.dialect.language()));
        }
    }
    let mut bodies: HashMap<(u32, &str, &str), &Fact> = HashMap::new();
    for (case, body) in with_bodies(facts) {
        let key = (case.number, case.value.as_str(), body.value.as_str());
        let first = *bodies.entry(key).or_insert(case);
        if first.key != case.key {
            sink.report(repeated(case, first));
        }
    }
}

/// The cases whose bodies are large enough to be told apart. A case stands where its
/// name does, and so does its body.
fn with_bodies(facts: &[Fact]) -> impl Iterator<Item = (&Fact, &Fact)> {
    facts.iter().filter(|fact| is_plain_case(fact)).filter_map(|case| {
        let start = facts.partition_point(|other| other.place < case.place);
        let mut here = facts.get(start..)?.iter().take_while(|other| other.place == case.place);
        let body = here.find(|other| other.kind == FactKind::Body)?;
        Some((case, body))
    })
}

fn is_plain_case(fact: &Fact) -> bool {
    fact.kind == FactKind::Test && !fact.flags.any(Flags::UNRESOLVED.with(Flags::DYNAMIC))
}

fn named_alike(case: &Fact, first: &Fact, language: Language) -> Report {
    let (name, line) = (&case.key, first.place.line);
    let (code, severity, message, help) = if case.value == "row" {
        (
            "same-row",
            Severity::Warn,
            format!("the row `{name}` stands in line {line} too, and the runner leaves out one"),
            "give the row the values that it was to show, or remove it",
        )
    } else if language == Language::Python {
        (
            "replaced",
            Severity::Error,
            format!("`{name}` takes the place of the `{name}` in line {line}, which never runs"),
            HELP,
        )
    } else {
        (
            "same-title",
            Severity::Warn,
            format!(
                "the title `{name}` is that of the case in line {line} too: a report cannot say \
                 which of them failed"
            ),
            HELP,
        )
    };
    one(code, severity, case, first, message, help)
}

const HELP: &str = "name each case for what it alone shows, or remove the one that is too many";

fn repeated(case: &Fact, first: &Fact) -> Report {
    let message = format!(
        "`{}` does word for word what `{}` in line {} does, so it shows nothing of its own",
        case.key, first.key, first.place.line
    );
    let help = "remove it, or let it show what its name says";
    one("same-body", Severity::Warn, case, first, message, help)
}

fn one(
    code: &'static str,
    severity: Severity,
    case: &Fact,
    first: &Fact,
    message: String,
    help: &str,
) -> Report {
    Report {
        code,
        severity: Some(severity),
        path: None,
        place: case.place,
        message,
        help: help.to_owned(),
        item: case.item.clone(),
        subject: if code == "same-body" {
            format!("{} {}", case.key, first.key)
        } else {
            case.key.clone()
        },
    }
}
