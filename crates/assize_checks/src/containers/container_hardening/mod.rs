//! Containers with more rights than their work needs, and images that anything may get into.

mod judge;

use std::collections::BTreeSet;

use assize_model::{ControlName, FileClass, Severity};
use assize_syntax::{Dialect, Fact, FactKind, FileFlags, Flags, Language};

use crate::{Control, Report, Scope, Sink, Source, purpose};

pub(crate) const CONTROL: Control = Control {
    name: ControlName("container-hardening"),
    summary: "privileged containers, the engine's socket, the host's namespaces, unsafe image builds",
    version: 1,
    // Capped until its labels allow more: `docs/precision.md`.
    severity: Severity::Warn,
    languages: &[Language::Yaml, Language::Dockerfile],
    classes: &[FileClass::Production],
    scope: Scope::File(check),
    options: &[],
    applies: Control::always,
    doc: include_str!("doc.md"),
};

fn check(source: &Source<'_>, sink: &mut Sink) {
    let judged = matches!(
        source.facts.dialect,
        Dialect::Compose | Dialect::Kubernetes | Dialect::Dockerfile
    );
    if !judged || source.facts.flags.has(FileFlags::TEMPLATE) {
        return;
    }
    let found: Vec<(&Fact, judge::Breach)> = source
        .facts
        .facts
        .iter()
        .filter(|fact| fact.kind == FactKind::Setting)
        .filter_map(|fact| judge::breach(fact).map(|breach| (fact, breach)))
        .collect();
    if found.is_empty() {
        return;
    }
    let aside = purpose::is_aside(source.path.as_str());
    let spared = infrastructure(source);
    for (fact, breach) in found {
        let name = fact.key.strip_prefix("service:").unwrap_or("");
        if aside || fact.flags.has(Flags::UNRESOLVED) || spared.contains(name) {
            sink.unresolved();
        } else {
            sink.report(report(fact, name, &breach));
        }
    }
}

/// The services that watch or run the others by their nature: what they are given is their purpose.
fn infrastructure<'a>(source: &Source<'a>) -> BTreeSet<&'a str> {
    let facts = source.facts.facts.iter();
    let named = facts.filter_map(|fact| match fact.kind {
        FactKind::Service => Some((fact.key.as_str(), fact.value.as_str())),
        FactKind::Image => Some((fact.item.as_str(), fact.key.as_str())),
        FactKind::Setting => Some((fact.key.strip_prefix("service:")?, "")),
        _ => None,
    });
    named
        .filter(|(name, image)| {
            !name.is_empty() && (judge::is_infrastructure(name) || judge::is_infrastructure(image))
        })
        .map(|(name, _)| name)
        .collect()
}

fn report(fact: &Fact, name: &str, breach: &judge::Breach) -> Report {
    let whose = if name.is_empty() { String::new() } else { format!("`{name}`: ") };
    Report {
        code: breach.code,
        severity: None,
        path: None,
        place: fact.place,
        message: format!("{whose}{}", breach.what),
        help: breach.help.to_owned(),
        item: name.to_owned(),
        subject: fact.value.clone(),
    }
}
