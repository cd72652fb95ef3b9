//! port-registry.

use crate::{Context, Control, Group, Scope, Sink};
use assize_model::{ControlName, Severity};

pub(crate) const CONTROL: Control = Control {
    name: ControlName("port-registry"),
    summary: "",
    version: 1,
    severity: Severity::Error,
    languages: &[],
    classes: Control::USUAL,
    scope: Scope::Groups { kind: assize_syntax::FactKind::Port, run: check },
    options: &[],
    applies: Control::always,
    doc: include_str!("doc.md"),
};

fn check(_group: &Group<'_>, _context: &Context<'_>, _sink: &mut Sink) {}
