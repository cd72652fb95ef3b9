//! stub-body: functions that promise something and do nothing.

use assize_model::{ControlName, FileClass, Severity};
use assize_syntax::{Fact, FactKind, Flags, Language, words};

use crate::trial::is_trial;
use crate::{Control, Report, Scope, Sink, Source};

pub(crate) const CONTROL: Control = Control {
    name: ControlName("stub-body"),
    summary: "functions whose body does nothing, or answers the same whatever it is asked",
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
    let bodies = source.facts.facts.iter();
    let mut bodies = bodies.filter(|fact| fact.kind == FactKind::StandIn && fact.key == "body");
    let Some(first) = bodies.next() else { return };
    // A stub file has no bodies, and doubles answer the same on purpose.
    if source.path.extension() == Some("pyi") || is_trial(source.path.as_str()) {
        return;
    }
    for body in std::iter::once(first).chain(bodies) {
        if let Some(code) = code(body, source.facts.dialect.language()) {
            sink.report(report(body, code));
        }
    }
}

fn code(body: &Fact, language: Language) -> Option<&'static str> {
    // A method may be there to be overridden: only what must decide is judged.
    let (owner, name) = body.item.rsplit_once('.').unwrap_or(("", &body.item));
    let says_so = words(name).any(|word| matches!(word.as_str(), "implemented" | "unsupported"));
    if body.flags.has(Flags::NESTED) || name.starts_with("__") || says_so || is_hollow(owner) {
        return None;
    }
    let how = body.value.split(' ').next().unwrap_or("");
    let promised = body.value.ends_with(" promised");
    match how {
        "unwritten" => Some("not-implemented"),
        "empty" if promised || body.number > 0 && decides(name) => Some("empty"),
        "empty" if language == Language::Shell && acts(name) => Some("empty"),
        "constant" if body.number > 0 && decides(name) => Some("constant"),
        _ => None,
    }
}

/// Whether a type of this name is meant to do nothing.
fn is_hollow(owner: &str) -> bool {
    const WORDS: [&str; 12] = [
        "abstract",
        "dummy",
        "empty",
        "fake",
        "mock",
        "noop",
        "nop",
        "null",
        "stub",
        "test",
        "unimplemented",
        "unsupported",
    ];
    words(owner).any(|word| WORDS.binary_search(&word.as_str()).is_ok())
}

/// Whether a function of this name has to look at what it is given before it can answer.
fn decides(name: &str) -> bool {
    const VERBS: [&str; 16] = [
        "analyze",
        "authenticate",
        "authorize",
        "calculate",
        "charge",
        "classify",
        "compute",
        "decrypt",
        "encrypt",
        "estimate",
        "evaluate",
        "predict",
        "refund",
        "validate",
        "verify",
        "withdraw",
    ];
    words(name).next().is_some_and(|first| VERBS.binary_search(&first.as_str()).is_ok())
}

/// Whether a function of a script with this name has to do something, and not only to tell of it.
fn acts(name: &str) -> bool {
    const VERBS: [&str; 9] = [
        "backup",
        "deploy",
        "install",
        "migrate",
        "provision",
        "restore",
        "rollback",
        "validate",
        "verify",
    ];
    words(name).next().is_some_and(|first| VERBS.binary_search(&first.as_str()).is_ok())
}

fn report(body: &Fact, code: &'static str) -> Report {
    let name = &body.item;
    let message = match code {
        "not-implemented" => {
            format!("`{name}` is not written: whoever calls it gets an error in its place")
        }
        "empty" => format!("`{name}` does nothing, and its callers go on as if it had"),
        _ => format!("`{name}` answers the same whatever it is given, so nothing is decided"),
    };
    Report {
        code,
        severity: None,
        path: None,
        place: body.place,
        message,
        help: "write it, or remove it together with its calls".to_owned(),
        item: name.clone(),
        subject: name.clone(),
    }
}
