//! fabricated-value: chance under the name of a measurement.

use assize_model::{ControlName, FileClass, Severity};
use assize_syntax::{Fact, FactKind, Language, words};

use crate::trial::is_trial;
use crate::{Control, Report, Scope, Sink, Source};

pub(crate) const CONTROL: Control = Control {
    name: ControlName("fabricated-value"),
    summary: "random numbers that are given out as measurements",
    version: 2,
    severity: Severity::Warn,
    languages: &[
        Language::Python,
        Language::JavaScript,
        Language::TypeScript,
        Language::Go,
        Language::Java,
        Language::Rust,
        Language::CSharp,
        Language::Shell,
        Language::Sql,
    ],
    classes: &[FileClass::Production],
    scope: Scope::File(check),
    options: &[],
    applies: Control::always,
    doc: include_str!("doc.md"),
};

fn check(source: &Source<'_>, sink: &mut Sink) {
    let drawn = source.facts.facts.iter();
    let mut drawn = drawn.filter(|fact| fact.kind == FactKind::StandIn && fact.key == "random");
    let Some(first) = drawn.next() else { return };
    if is_made_up(source.path.as_str()) {
        return;
    }
    for value in std::iter::once(first).chain(drawn).filter(|value| !is_made_up(&value.item)) {
        sink.report(report(value));
    }
}

/// Whether a path or a function says that its values are made up.
fn is_made_up(name: &str) -> bool {
    const WORDS: [&str; 17] = [
        "anneal",
        "game",
        "generate",
        "generator",
        "genetic",
        "init",
        "initialize",
        "jitter",
        "load",
        "mutate",
        "perturb",
        "random",
        "randomize",
        "simulate",
        "simulated",
        "spawn",
        "train",
    ];
    is_trial(name) || words(name).any(|word| WORDS.binary_search(&word.as_str()).is_ok())
}

fn report(value: &Fact) -> Report {
    let name = &value.value;
    Report {
        code: "random",
        severity: None,
        path: None,
        place: value.place,
        message: format!("`{name}` is drawn by lot: whoever reads it takes it for a measurement"),
        help: "measure it, or say that it is not known".to_owned(),
        item: value.item.clone(),
        subject: name.clone(),
    }
}
