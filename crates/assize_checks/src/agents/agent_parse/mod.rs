//! agent-parse.

use crate::{Control, Scope, Sink, Source};
use assize_model::{ControlName, Severity};

pub(crate) const CONTROL: Control = Control {
    name: ControlName("agent-parse"),
    summary: "",
    version: 1,
    severity: Severity::Error,
    languages: &[],
    classes: Control::USUAL,
    scope: Scope::File(check),
    applies: Control::always,
    doc: include_str!("doc.md"),
};

fn check(_source: &Source<'_>, _sink: &mut Sink) {}
