//! mock-in-prod: test doubles in code that is no test.

use assize_model::{ControlName, FileClass, Severity};
use assize_syntax::{Fact, FactKind, FileFlags, Flags, Language, Role};

use crate::trial::is_trial;
use crate::{Control, Report, Scope, Sink, Source};

pub(crate) const CONTROL: Control = Control {
    name: ControlName("mock-in-prod"),
    summary: "libraries of test doubles, and doubles by name, in production code",
    version: 1,
    severity: Severity::Warn,
    languages: &[Language::Python, Language::JavaScript, Language::TypeScript],
    classes: &[FileClass::Production],
    scope: Scope::File(check),
    options: &[],
    applies: Control::always,
    doc: include_str!("doc.md"),
};

/// Modules that are made for tests alone.
const PYTHON: [&str; 10] = [
    "aioresponses",
    "fakeredis",
    "freezegun",
    "httpretty",
    "mock",
    "moto",
    "pytest_mock",
    "requests_mock",
    "respx",
    "unittest.mock",
];
const SCRIPT: [&str; 12] = [
    "@jest/globals",
    "axios-mock-adapter",
    "ioredis-mock",
    "jest-mock",
    "jest-mock-extended",
    "mockdate",
    "nock",
    "proxyquire",
    "sinon",
    "testdouble",
    "ts-mockito",
    "vitest-mock-extended",
];

/// Runners, and what a file takes from them that holds or helps tests.
const RUNNERS: [&str; 5] = ["@jest/globals", "bun:test", "chai", "node:test", "vitest"];
const CASES: [&str; 7] = ["beforeEach", "afterEach", "describe", "expect", "it", "suite", "test"];

fn check(source: &Source<'_>, sink: &mut Sink) {
    let facts = &source.facts.facts;
    let libraries = facts.iter().filter(|fact| is_double_library(fact));
    let doubles =
        facts.iter().filter(|fact| fact.kind == FactKind::StandIn && fact.key == "double");
    let mut found = libraries.map(|fact| (fact, true)).chain(doubles.map(|fact| (fact, false)));
    let Some(first) = found.next() else { return };
    if supports_tests(source) {
        return;
    }
    let mut seen = std::collections::BTreeSet::new();
    for (fact, library) in std::iter::once(first).chain(found) {
        // Five names out of one library are one thing to take away.
        if !library || seen.insert(fact.key.as_str()) {
            sink.report(if library { of_library(fact) } else { of_double(fact) });
        }
    }
}

fn is_double_library(fact: &Fact) -> bool {
    let spared = Flags::OPTIONAL.with(Flags::TYPE_ONLY);
    if fact.kind != FactKind::Import || fact.role != Role::Reference || fact.flags.any(spared) {
        return false;
    }
    let key = fact.key.as_str();
    PYTHON.binary_search(&key).is_ok()
        || SCRIPT.binary_search(&key).is_ok()
        || key == "unittest" && fact.value == "mock"
        || key == "vitest" && fact.value == "vi"
}

/// Whether the file helps tests, by its path, its first lines or by what else it imports.
fn supports_tests(source: &Source<'_>) -> bool {
    is_trial(source.path.as_str())
        || source.path.as_str().split('/').any(|part| part == "migrations")
        || source.facts.flags.has(FileFlags::TEST_SUPPORT)
        || source.facts.facts.iter().any(|fact| {
            fact.kind == FactKind::Import
                && (matches!(fact.key.as_str(), "pytest" | "django.test" | "vitest/config")
                    || fact.key == "unittest" && fact.value != "mock"
                    || RUNNERS.contains(&fact.key.as_str()) && CASES.contains(&fact.value.as_str())
                    || fact.key.starts_with("@testing-library/")
                    || fact.key.starts_with("@storybook/"))
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
