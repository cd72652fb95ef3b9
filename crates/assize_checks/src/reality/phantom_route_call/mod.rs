//! phantom-route-call: requests to an application of ours for paths that it does not serve.

use assize_index::resolve::routes::Answer;
use assize_index::{FactRef, FileRef, View};
use assize_model::{ControlName, FileClass, Severity};
use assize_syntax::{FactKind, Flags, Language, Role};

use crate::{Context, Control, Report, Scope, Sink};

pub(crate) const CONTROL: Control = Control {
    name: ControlName("phantom-route-call"),
    summary: "requests for paths below `/api/` that no application of the repository serves",
    version: 1,
    // Capped until its labels allow more: `docs/precision.md`.
    severity: Severity::Warn,
    languages: &[Language::Python, Language::JavaScript, Language::TypeScript],
    classes: &[FileClass::Production],
    scope: Scope::References {
        reads: &[FactKind::Route, FactKind::Mount],
        refers: &[FactKind::Mount],
        run: check,
    },
    options: &[],
    applies: asks_and_serves,
    doc: include_str!("doc.md"),
};

fn asks_and_serves(view: &View<'_>) -> bool {
    let has = |role| view.any_key_starts_with(FactKind::Route, role, "");
    has(Role::Reference) && has(Role::Definition)
}

fn check(file: FileRef<'_>, context: &Context<'_>, sink: &mut Sink) {
    for call in file.facts_of(FactKind::Route, Role::Reference) {
        if call.flags.has(Flags::UNRESOLVED) {
            sink.unresolved();
            continue;
        }
        let routes = context.world.routes(&context.view);
        match routes.answer(call.value, call.key) {
            Answer::Served => {}
            Answer::Unknown => sink.unresolved(),
            Answer::Missing(app) => {
                let help = format!("ask for a path that {app} serves, or serve this one there");
                sink.report(report(&call, "no-route", "no application serves it", help));
            }
            Answer::OtherMethod(methods) => {
                let what = format!("it is served for {methods} only");
                let help = "ask by a method that is served, or serve this one".to_owned();
                sink.report(report(&call, "no-method", &what, help));
            }
        }
    }
}

fn report(call: &FactRef<'_>, code: &'static str, what: &str, help: String) -> Report {
    let method = if call.value == "*" { String::new() } else { format!("{} ", call.value) };
    let asked = format!("{method}{}", call.key);
    Report {
        code,
        severity: None,
        path: None,
        place: call.place,
        message: format!("`{asked}` is asked for, but {what}: the request can only fail"),
        help,
        item: call.item.to_owned(),
        subject: asked,
    }
}
