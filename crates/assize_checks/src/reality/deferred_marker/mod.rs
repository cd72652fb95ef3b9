//! deferred-marker: remarks that say that the code beside them is not the real thing.

use assize_model::{ControlName, FileClass, Severity};
use assize_syntax::{Fact, FactKind, Language};

use crate::trial::is_trial;
use crate::{Control, Report, Scope, Sink, Source};

pub(crate) const CONTROL: Control = Control {
    name: ControlName("deferred-marker"),
    summary: "comments that put the real implementation off",
    version: 2,
    severity: Severity::Warn,
    languages: &[
        Language::Python,
        Language::JavaScript,
        Language::TypeScript,
        Language::Go,
        Language::Java,
        Language::Rust,
        Language::CSharp,
        Language::Shell,
        Language::Sql,
    ],
    classes: &[FileClass::Production],
    scope: Scope::File(check),
    options: &[],
    applies: Control::always,
    doc: include_str!("doc.md"),
};

fn check(source: &Source<'_>, sink: &mut Sink) {
    let remarks = source.facts.facts.iter();
    let mut remarks = remarks.filter(|fact| fact.kind == FactKind::StandIn && fact.key == "remark");
    let Some(first) = remarks.next() else { return };
    if is_trial(source.path.as_str()) {
        return;
    }
    for remark in std::iter::once(first).chain(remarks) {
        sink.report(report(remark));
    }
}

fn report(remark: &Fact) -> Report {
    Report {
        code: "deferred",
        severity: None,
        path: None,
        place: remark.place,
        message: format!(
            "the comment says that the code beside it is not the real thing (\"{}\"), and it runs \
             all the same",
            remark.value
        ),
        help: "write the real thing, or let the code fail in a way that callers see".to_owned(),
        item: remark.item.clone(),
        subject: remark.value.clone(),
    }
}
