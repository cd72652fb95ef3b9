//! Containers with more rights than their work needs, and images that anything may get into.

mod judge;

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
    let aside = purpose::is_aside(source.path.as_str());
    for fact in source.facts.facts.iter().filter(|fact| fact.kind == FactKind::Setting) {
        let Some(breach) = judge::breach(fact) else { continue };
        let name = fact.key.strip_prefix("service:").unwrap_or("");
        if aside || fact.flags.has(Flags::UNRESOLVED) || is_infrastructure(name, source) {
            sink.unresolved();
        } else {
            sink.report(report(fact, name, &breach));
        }
    }
}

/// Whether a service watches or runs the others by its nature: what it is given is its purpose.
fn is_infrastructure(name: &str, source: &Source<'_>) -> bool {
    let services = source.facts.facts.iter();
    let images = services.filter(|fact| match fact.kind {
        FactKind::Service => fact.key == name,
        FactKind::Image => fact.item == name,
        _ => false,
    });
    let mut texts =
        images.map(|fact| if fact.kind == FactKind::Service { &fact.value } else { &fact.key });
    !name.is_empty()
        && (judge::is_infrastructure(name) || texts.any(|text| judge::is_infrastructure(text)))
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
