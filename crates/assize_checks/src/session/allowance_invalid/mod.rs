//! allowance-invalid: an in-line allowance that nobody may rely on.

mod known;

use assize_config::Settings;
use assize_index::{FactRef, FileRef};
use assize_model::{ControlName, FileClass, Severity};
use assize_syntax::{FactKind, Language, Role};

use crate::allowance::{Until, until};
use crate::{Context, Control, Report, Scope, Sink};

pub(crate) const CONTROL: Control = Control {
    name: ControlName("allowance-invalid"),
    summary: "An in-line allowance without reason or date, expired, or for an unknown control",
    version: 1,
    severity: Severity::Error,
    languages: &[
        Language::Python,
        Language::TypeScript,
        Language::Go,
        Language::Java,
        Language::Rust,
        Language::CSharp,
        Language::Yaml,
        Language::Markdown,
        Language::Shell,
        Language::Sql,
    ],
    classes: &[
        FileClass::Production,
        FileClass::Test,
        FileClass::Example,
        FileClass::Doc,
        FileClass::RuleSelf,
    ],
    scope: Scope::References { reads: &[], refers: &[FactKind::Allowance], run: check },
    options: &[],
    applies: Control::always,
    doc: include_str!("doc.md"),
};

/// What is wrong with an allowance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    NoReason,
    NoDate,
    BadDate,
    Expired,
    UnknownControl,
}

fn check(file: FileRef<'_>, context: &Context<'_>, sink: &mut Sink) {
    for allowance in file.facts_of(FactKind::Allowance, Role::Definition) {
        // `allow(<control>)` shows how one is written.
        if allowance.key.starts_with('<') && allowance.key.ends_with('>') {
            continue;
        }
        for fault in faults(&allowance, context.settings) {
            sink.report(fault.report(&allowance));
        }
    }
}

fn faults(allowance: &FactRef<'_>, settings: &Settings) -> impl Iterator<Item = Fault> {
    let unknown = known::KNOWN.binary_search(&allowance.key).is_err()
        && crate::control(allowance.key).is_none()
        && !settings.team.iter().any(|rule| rule.name.0 == allowance.key);
    let reason = allowance.item.is_empty();
    let date = match until(allowance.value, settings.today) {
        Until::Missing => Some(Fault::NoDate),
        Until::Bad => Some(Fault::BadDate),
        Until::Over => Some(Fault::Expired),
        Until::InForce => None,
    };
    let unknown = unknown.then_some(Fault::UnknownControl);
    unknown.into_iter().chain(date).chain(reason.then_some(Fault::NoReason))
}

impl Fault {
    fn code(self) -> &'static str {
        match self {
            Self::NoReason => "no-reason",
            Self::NoDate => "no-date",
            Self::BadDate => "bad-date",
            Self::Expired => "expired",
            Self::UnknownControl => "unknown-control",
        }
    }

    fn report(self, allowance: &FactRef<'_>) -> Report {
        let (control, until) = (allowance.key, allowance.value);
        let (message, help) = match self {
            Self::NoReason => (
                format!("the allowance of `{control}` gives no reason, so nobody can judge it"),
                "add `reason=\"...\"` that says why the finding may stand",
            ),
            Self::NoDate => (
                format!("the allowance of `{control}` has no date, so it would never end"),
                "add `until=YYYY-MM-DD`, the last day on which it holds",
            ),
            Self::BadDate => (
                format!("the allowance of `{control}` holds until `{until}`, which is no day"),
                "write the last day on which it holds as `until=YYYY-MM-DD`",
            ),
            Self::Expired => (
                format!("the allowance of `{control}` expired on `{until}`"),
                "repair what it covered and remove it",
            ),
            Self::UnknownControl if control.is_empty() => {
                ("the allowance names no control".to_owned(), "name the one control that it is for")
            }
            Self::UnknownControl => (
                format!("the allowance is for `{control}`, and there is no control of that name"),
                "name one control as `assize rules list` prints it, or remove the allowance",
            ),
        };
        Report {
            code: self.code(),
            severity: None,
            path: None,
            place: allowance.place,
            message,
            help: help.to_owned(),
            item: allowance.item.to_owned(),
            subject: control.to_owned(),
        }
    }
}
