//! Health checks that say nothing of anybody's health.

mod command;

use assize_index::{FactRef, View};
use assize_model::{ControlName, FileClass, Severity};
use assize_syntax::{FactKind, Language, Role};

use crate::{Context, Control, Group, Report, Scope, Sink};

pub(crate) const CONTROL: Control = Control {
    name: ControlName("healthcheck-real"),
    summary: "health checks that cannot fail, or that call a tool that the image lacks",
    version: 1,
    // Capped until its labels allow more: `docs/precision.md`.
    severity: Severity::Warn,
    languages: &[Language::Yaml, Language::Dockerfile],
    classes: &[FileClass::Production],
    scope: Scope::Groups { kind: FactKind::Setting, run: check },
    options: &[],
    applies: has_checks,
    doc: include_str!("doc.md"),
};

fn has_checks(view: &View<'_>) -> bool {
    ["image:", "service:"].iter().any(|start| {
        view.find_key(FactKind::Setting, Role::Definition, start, |fact| fact.item == "healthcheck")
    })
}

fn check(group: &Group<'_>, _: &Context<'_>, sink: &mut Sink) {
    if !group.key.starts_with("image:") && !group.key.starts_with("service:") {
        return;
    }
    let checks = || group.members.iter().filter(|fact| fact.item == "healthcheck");
    for fact in checks().filter(|fact| fact.role == Role::Definition) {
        if let Some(why) = command::empty(fact.value) {
            sink.report(report(
                fact,
                "fake",
                why,
                "ask the service for something that fails with it",
            ));
        }
    }
    // A service of a compose file is known here only with the Dockerfile from which it is built.
    let of = |item: &'static str| group.members.iter().filter(move |fact| fact.item == item);
    let Some(base) = of("base").next() else { return };
    for fact in checks() {
        let Some(tool) = command::tool(fact.value) else { continue };
        if of("tool").any(|known| known.value == tool || known.value == "any") {
            continue;
        }
        match command::has(base.value, tool) {
            Some(false) => {
                let why = format!(
                    "it calls `{tool}`, which `{}` lacks and the image does not install",
                    base.value
                );
                let help =
                    format!("install `{tool}` in the image, or ask in the service's language");
                sink.report(report(fact, "missing-tool", &why, &help));
            }
            Some(true) => {}
            None => sink.unresolved(),
        }
    }
}

fn report(at: &FactRef<'_>, code: &'static str, why: &str, help: &str) -> Report {
    let shown: String = at.value.chars().take(60).collect();
    Report {
        code,
        severity: None,
        path: Some(at.file.path().to_owned()),
        place: at.place,
        message: format!("the health check `{shown}` says nothing of health: {why}"),
        help: help.to_owned(),
        item: String::new(),
        subject: shown,
    }
}
