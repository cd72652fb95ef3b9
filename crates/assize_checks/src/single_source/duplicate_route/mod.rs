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
            sink.report(report(route, first, file.dialect().language()));
        }
    }
    for route in own.filter(|route| route.item != "@") {
        let name = route.item.strip_prefix('#');
        if name.and_then(|name| routes.id(file.path(), name)).is_none() {
            sink.unresolved();
        }
    }
}

/// What becomes of two handlers of one path.
const fn fate(language: Language) -> &'static str {
    match language {
        Language::Java => "with both of them the application does not start",
        Language::CSharp => "a request that fits both of them fails",
        _ => "of the two only the first that the application meets ever answers",
    }
}

fn report(route: &Served, first: &Served, language: Language) -> Report {
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
        message: format!("`{named}` is registered {there} too: {}", fate(language)),
        help: "keep the one that is meant, or give the other a path of its own".to_owned(),
        item: String::new(),
        subject: named,
    }
}
