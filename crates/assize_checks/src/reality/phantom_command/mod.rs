//! phantom-command.

use assize_index::FileRef;
use assize_model::{ControlName, Severity};

use crate::{Context, Control, Scope, Sink};

pub(crate) const CONTROL: Control = Control {
    name: ControlName("phantom-command"),
    summary: "",
    version: 1,
    severity: Severity::Error,
    languages: &[],
    classes: Control::USUAL,
    scope: Scope::References { reads: &[], refers: &[], run: check },
    options: &[],
    applies: Control::always,
    doc: include_str!("doc.md"),
};

fn check(_file: FileRef<'_>, _context: &Context<'_>, _sink: &mut Sink) {}
