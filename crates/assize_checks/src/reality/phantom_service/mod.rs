//! Services, volumes, networks, secrets and hosts that compose files name and nothing declares.

use assize_index::{FactRef, FileRef, View};
use assize_model::{ControlName, FileClass, Severity};
use assize_syntax::{FactKind, Language, Role};

use crate::{Context, Control, Group, Report, Scope, Sink, purpose};

pub(crate) const CONTROL: Control = Control {
    name: ControlName("phantom-service"),
    summary: "services, hosts, volumes, networks and secrets that compose files name and nothing declares",
    version: 1,
    // Capped until its labels allow more: `docs/precision.md`.
    severity: Severity::Warn,
    languages: &[Language::Yaml],
    classes: &[FileClass::Production, FileClass::Test, FileClass::Example],
    scope: Scope::Groups { kind: FactKind::Component, run: check },
    options: &[],
    applies: names_others,
    doc: include_str!("doc.md"),
};

fn names_others(view: &View<'_>) -> bool {
    view.any_key_starts_with(FactKind::Component, Role::Reference, "")
}

fn check(group: &Group<'_>, _: &Context<'_>, sink: &mut Sink) {
    let declared: Vec<_> =
        group.members.iter().filter(|fact| fact.role == Role::Definition).collect();
    let mut reported: Vec<(&str, &str)> = Vec::new();
    for fact in group.members.iter().filter(|fact| fact.role == Role::Reference) {
        if fact.file.class() != FileClass::Production {
            continue;
        }
        if declared.iter().any(|other| together(fact.file, other.file)) {
            continue;
        }
        // Elsewhere there is one: which files are run together, the command line decides.
        let beyond = is_host(fact) && (is_open(fact.file) || purpose::is_aside(fact.file.path()));
        if beyond || !declared.is_empty() {
            sink.unresolved();
            continue;
        }
        // One service that names it twice is one mistake.
        let service = fact.item.split(' ').next().unwrap_or(fact.item);
        if !reported.contains(&(fact.file.path(), service)) {
            reported.push((fact.file.path(), service));
            sink.report(report(group.key, fact));
        }
    }
}

/// Whether two compose files may be read as one: they stand in one folder, or one above the other.
fn together(one: FileRef<'_>, other: FileRef<'_>) -> bool {
    let below = |inner: &str, outer: &str| {
        outer.is_empty()
            || inner
                .strip_prefix(outer)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    below(one.folder(), other.folder()) || below(other.folder(), one.folder())
}

/// Whether the reference is a host in the value of a variable.
fn is_host(fact: &FactRef<'_>) -> bool {
    let by = fact.item.split_once(' ').map_or("", |(_, by)| by);
    by.bytes().any(|byte| byte.is_ascii_uppercase())
}

/// Whether services of other projects answer on a network of the file.
fn is_open(file: FileRef<'_>) -> bool {
    file.facts_of(FactKind::Component, Role::Definition).any(|fact| fact.value == "external")
}

fn report(key: &str, fact: &FactRef<'_>) -> Report {
    let (sort, name) = key.split_once(':').unwrap_or(("service", key));
    let (service, by) = fact.item.split_once(' ').unwrap_or((fact.item, ""));
    let (code, message, help) = if is_host(fact) {
        (
            "no-host",
            format!("`{by}` of `{service}` names the host `{name}`, but no service answers to it"),
            "name a service of the project, or take the address from the environment",
        )
    } else if sort == "service" {
        (
            "no-service",
            format!("`{by}` of `{service}` names the service `{name}`, which no compose file has"),
            "add the service, or take its name out",
        )
    } else {
        (
            "undeclared",
            format!("`{service}` uses the {sort} `{name}`, which the file does not declare"),
            "declare it at the top level of the file",
        )
    };
    Report {
        code,
        severity: None,
        path: Some(fact.file.path().to_owned()),
        place: fact.place,
        message,
        help: help.to_owned(),
        item: service.to_owned(),
        subject: key.to_owned(),
    }
}
