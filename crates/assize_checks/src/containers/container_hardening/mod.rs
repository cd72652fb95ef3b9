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
        let meant = breach.code == "world-writable" && is_meant(fact, source);
        if aside || meant || fact.flags.has(Flags::UNRESOLVED) || spared.contains(name) {
            sink.unresolved();
        } else {
            sink.report(report(fact, name, &breach));
        }
    }
}

/// Whether the comment above an instruction says that everybody is to write there: whoever wrote it
/// has thought about that, as images have to that run as whichever user they are told.
fn is_meant(fact: &Fact, source: &Source<'_>) -> bool {
    let Ok(line) = usize::try_from(fact.place.line) else { return false };
    let above = source.text.lines().take(line.saturating_sub(1));
    let above: Vec<&str> = above.map(str::trim).collect();
    above.iter().rev().take_while(|text| text.starts_with('#')).any(|text| {
        let lower = text.to_ascii_lowercase();
        ["writable", "any user", "arbitrary u", "non-root", "any uid", "random u"]
            .iter()
            .any(|words| lower.contains(words))
    })
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
