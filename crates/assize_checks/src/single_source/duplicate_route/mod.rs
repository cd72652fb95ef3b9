//! duplicate-route: one path of one application that is registered twice.

use std::collections::BTreeSet;

use assize_index::resolve::routes::Served;
use assize_index::{FileRef, View};
use assize_model::{ControlName, FileClass, Severity};
use assize_syntax::{FactKind, Language, Role};

use crate::{Context, Control, Report, Scope, Sink};

pub(crate) const CONTROL: Control = Control {
    name: ControlName("duplicate-route"),
    summary: "routes with the method and the path of another in the same application",
    version: 1,
    // Capped until its labels allow more: `docs/precision.md`.
    severity: Severity::Warn,
    languages: &[
        Language::Python,
        Language::JavaScript,
        Language::TypeScript,
        Language::Java,
        Language::CSharp,
        Language::Go,
        Language::Rust,
    ],
    classes: &[FileClass::Production],
    scope: Scope::References {
        reads: &[FactKind::Route, FactKind::Mount],
        refers: &[FactKind::Mount],
        run: check,
    },
    options: &[],
    applies: has_routes,
    doc: include_str!("doc.md"),
};

fn has_routes(view: &View<'_>) -> bool {
    view.any_key_starts_with(FactKind::Route, Role::Definition, "")
}

fn check(file: FileRef<'_>, context: &Context<'_>, sink: &mut Sink) {
    let mut own = file.facts_of(FactKind::Route, Role::Definition).peekable();
    if own.peek().is_none() {
        return;
    }
    let routes = context.world.routes(&context.view);
    let mut told = BTreeSet::new();
    for (route, first) in routes.repeated_in(file.path()) {
        // A router that is mounted twice has each of its routes twice.
        if told.insert((route.place, &route.method)) {
            let framework = routes.routers.get(route.root).map(|root| root.framework.as_str());
            let language = file.dialect().language();
            sink.report(report(route, first, outcome(framework.unwrap_or(""), language)));
        }
    }
    for route in own.filter(|route| route.item != "@") {
        let name = route.item.strip_prefix('#');
        if name.and_then(|name| routes.id(file.path(), name)).is_none() {
            sink.unresolved();
        }
    }
}

/// What a framework makes of a second route.
fn outcome(framework: &str, language: Language) -> &'static str {
    match (framework, language) {
        ("axum" | "gin" | "net/http", _) => "the program panics when it registers the second",
        ("rocket", _) => "the program does not start with both",
        ("chi", _) => "the one that is registered last takes the place of the other",
        ("echo", _) => "only one of the two ever answers, if the program starts at all",
        (_, Language::Java) => "with both of them the application does not start",
        (_, Language::CSharp) => "a request that fits both of them fails",
        _ => "of the two only the first that the application meets ever answers",
    }
}

fn report(route: &Served, first: &Served, outcome: &str) -> Report {
    let there = if route.file == first.file {
        format!("in line {}", first.place.line)
    } else {
        format!("in {}:{}", first.file, first.place.line)
    };
    let Served { method, path, .. } = route;
    let named = if method == "*" { path.clone() } else { format!("{method} {path}") };
    Report {
        code: "twice",
        severity: None,
        path: None,
        place: route.place,
        message: format!("`{named}` is registered {there} too: {outcome}"),
        help: "keep the one that is meant, or give the other a path of its own".to_owned(),
        item: String::new(),
        subject: named,
    }
}
