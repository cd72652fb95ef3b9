//! mock-in-prod: test doubles in code that is no test.

mod libraries;

use assize_model::{ControlName, FileClass, Severity};
use assize_syntax::{Fact, FactKind, FileFlags, Flags, Language, Role};

use self::libraries::{makes_doubles, runs_tests};
use crate::trial::is_trial;
use crate::{Control, Report, Scope, Sink, Source};

pub(crate) const CONTROL: Control = Control {
    name: ControlName("mock-in-prod"),
    summary: "libraries of test doubles, and doubles by name, in production code",
    version: 3,
    severity: Severity::Warn,
    languages: &[
        Language::Python,
        Language::JavaScript,
        Language::TypeScript,
        Language::Go,
        Language::Java,
        Language::Rust,
        Language::CSharp,
    ],
    classes: &[FileClass::Production],
    scope: Scope::File(check),
    options: &[],
    applies: Control::always,
    doc: include_str!("doc.md"),
};

fn check(source: &Source<'_>, sink: &mut Sink) {
    let facts = &source.facts.facts;
    let language = source.facts.dialect.language();
    let libraries = facts.iter().filter(|fact| is_library(fact, language));
    let doubles =
        facts.iter().filter(|fact| fact.kind == FactKind::StandIn && fact.key == "double");
    let mut found = libraries.map(|fact| (fact, true)).chain(doubles.map(|fact| (fact, false)));
    let Some(first) = found.next() else { return };
    if supports_tests(source) {
        return;
    }
    let mut seen = std::collections::BTreeSet::new();
    let chosen = is_chosen_for_development(source.text);
    for (fact, library) in std::iter::once(first).chain(found) {
        if !library && chosen {
            continue;
        }
        // Five names out of one library are one thing to take away.
        if !library || seen.insert(fact.key.as_str()) {
            sink.report(if library { of_library(fact) } else { of_double(fact) });
        }
    }
}

/// Whether the file asks if it runs for development: there it chooses what stands in.
fn is_chosen_for_development(text: &str) -> bool {
    const ASKS: [&str; 6] = [
        "NODE_ENV === \"development\"",
        "NODE_ENV === 'development'",
        "NODE_ENV == 'development'",
        "NODE_ENV == \"development\"",
        "import.meta.env.DEV",
        ".IsDevelopment()",
    ];
    ASKS.iter().any(|ask| text.contains(ask))
}

fn is_library(fact: &Fact, language: Language) -> bool {
    let spared = Flags::OPTIONAL.with(Flags::TYPE_ONLY).with(Flags::DEV);
    fact.kind == FactKind::Import
        && fact.role == Role::Reference
        && !fact.flags.any(spared)
        && makes_doubles(fact, language)
}

/// Whether the file helps tests, by its path, its first lines or by what else it imports.
fn supports_tests(source: &Source<'_>) -> bool {
    is_trial(source.path.as_str())
        || source.path.as_str().split('/').any(|part| part == "migrations")
        || source.facts.flags.has(FileFlags::TEST_SUPPORT)
        || source.facts.facts.iter().any(|fact| {
            fact.kind == FactKind::Import && runs_tests(fact, source.facts.dialect.language())
        })
}

fn of_library(fact: &Fact) -> Report {
    let library = if fact.key == "unittest" { "unittest.mock" } else { &fact.key };
    Report {
        code: "library",
        severity: None,
        path: None,
        place: fact.place,
        message: format!(
            "production code imports `{library}`, which only stands in for real things in tests"
        ),
        help: "use the real thing here, and put the double where the tests are".to_owned(),
        item: fact.item.clone(),
        subject: library.to_owned(),
    }
}

fn of_double(fact: &Fact) -> Report {
    let name = &fact.value;
    Report {
        code: "double",
        severity: None,
        path: None,
        place: fact.place,
        message: format!(
            "`{name}` is a test double by its name, and stands in production code: who calls it \
             gets made-up answers"
        ),
        help: "move it to the tests, or give what is real a name that says what it does".to_owned(),
        item: fact.item.clone(),
        subject: name.clone(),
    }
}
