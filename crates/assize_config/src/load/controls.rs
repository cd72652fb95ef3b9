//! `[controls.<name>]`: a severity and the control's own numeric options.

use assize_model::Severity;

use crate::{ControlEntry, ControlTable, Layer, MistakeKind};

use super::reader::{Entry, Reader, entries, value_span};

/// The word that switches a control off.
const OFF: &str = "off";

const SEVERITY: &str = "severity";

pub(super) fn read(
    reader: &mut Reader<'_>,
    section: &Entry<'_>,
    known: &ControlTable<'_>,
    layer: &mut Layer,
) {
    let Some(table) = reader.table(section) else { return };
    for entry in entries(&section.key, table) {
        let Some(control) = known.get(entry.name) else {
            let names: Vec<&str> = known.names().collect();
            let what = format!("unknown control `{}` in `[controls]`", entry.name);
            let word = (entry.name, names.as_slice());
            reader.unknown(MistakeKind::UnknownControl, &entry.key, entry.span, what, word);
            continue;
        };
        let Some(options) = reader.table(&entry) else { continue };
        for option in entries(&entry.key, options) {
            one(reader, &option, control, layer);
        }
    }
}

fn one(reader: &mut Reader<'_>, entry: &Entry<'_>, control: &ControlEntry<'_>, layer: &mut Layer) {
    if entry.name == SEVERITY {
        if let Some(severity) = severity(reader, entry, control) {
            layer.severities.insert(control.name.to_owned(), severity);
            layer.lines.insert(control.name.to_owned(), reader.at(entry.span).0);
        }
    } else if control.options.contains(&entry.name) {
        if let Some(number) = reader.number(entry)
            && !reader.overrules(entry, "nobody can tell whether it is stricter")
        {
            layer.numbers.insert((control.name.to_owned(), entry.name.to_owned()), number);
        }
    } else {
        let valid: Vec<&str> =
            std::iter::once(SEVERITY).chain(control.options.iter().copied()).collect();
        reader.unknown_key(entry, &valid);
    }
}

/// `Some(None)` is off.
fn severity(
    reader: &mut Reader<'_>,
    entry: &Entry<'_>,
    control: &ControlEntry<'_>,
) -> Option<Option<Severity>> {
    if entry.item.as_str() == Some(Severity::Block.word()) {
        let what = format!(
            "`{}` cannot be `block`: only a control itself can say so; `error` is the highest here",
            entry.key
        );
        reader.mistake(MistakeKind::Block, &entry.key, value_span(entry), what);
        return None;
    }
    let choices = [
        (OFF, None),
        (Severity::Info.word(), Some(Severity::Info)),
        (Severity::Warn.word(), Some(Severity::Warn)),
        (Severity::Error.word(), Some(Severity::Error)),
    ];
    let severity = reader.choice(entry, &choices)?;
    if control.severity == Severity::Block {
        let what = format!(
            "`{}` is set, but `{}` is `block` and cannot be weakened",
            entry.key, control.name
        );
        reader.mistake(MistakeKind::Block, &entry.key, value_span(entry), what);
        return None;
    }
    Some(severity)
}
