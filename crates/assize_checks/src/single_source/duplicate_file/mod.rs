//! duplicate-file.

use crate::{Context, Control, Group, Scope, Sink};
use assize_model::{ControlName, Severity};

pub(crate) const CONTROL: Control = Control {
    name: ControlName("duplicate-file"),
    summary: "",
    version: 1,
    severity: Severity::Warn,
    languages: &[],
    classes: Control::USUAL,
    scope: Scope::Groups { kind: assize_syntax::FactKind::Content, run: check },
    options: &[],
    applies: Control::always,
    doc: include_str!("doc.md"),
};

fn check(_group: &Group<'_>, _context: &Context<'_>, _sink: &mut Sink) {}
