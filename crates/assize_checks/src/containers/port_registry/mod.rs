//! Ports of the host, held against the port registry.

mod names;
mod publication;
mod register;

use assize_model::{ControlName, Severity};
use assize_syntax::{FactKind, Flags, Language, Role};

use crate::{Context, Control, Group, Scope, Sink};

use register::Registers;

pub(crate) const CONTROL: Control = Control {
    name: ControlName("port-registry"),
    summary: "published ports that no registry lists, and registries that contradict each other",
    version: 1,
    // Capped until its labels allow more: `docs/precision.md`.
    severity: Severity::Warn,
    languages: &[Language::Yaml, Language::Markdown],
    classes: Control::USUAL,
    scope: Scope::Groups { kind: FactKind::Port, run: check },
    options: &[],
    applies: has_ports,
    doc: include_str!("doc.md"),
};

fn has_ports(view: &assize_index::View<'_>) -> bool {
    view.any_key_starts_with(FactKind::Port, Role::Reference, "")
        || view.any_key_starts_with(FactKind::Port, Role::Definition, "")
}

fn check(group: &Group<'_>, context: &Context<'_>, sink: &mut Sink) {
    let registers = Registers::new(context);
    let rows: Vec<_> = group
        .members
        .iter()
        .filter(|fact| fact.role == Role::Definition && registers.counts(fact.file))
        .collect();
    let mut publications = Vec::new();
    for fact in group.members.iter().filter(|fact| fact.role == Role::Reference) {
        if fact.flags.has(Flags::UNRESOLVED) {
            sink.unresolved();
        } else {
            publications.push(fact);
        }
    }
    register::repeated(&rows, sink);
    register::disagreeing(&rows, &registers, sink);
    publication::meeting(&publications, sink);
    if registers.any() {
        publication::undeclared(&publications, &rows, sink);
        publication::of_another(&publications, &rows, sink);
    }
}
