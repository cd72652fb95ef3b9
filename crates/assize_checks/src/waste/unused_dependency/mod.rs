//! unused-dependency: packages that a manifest declares and nothing uses.

use assize_index::FactRef;
use assize_index::resolve::uses::{self, Use};
use assize_model::{ControlName, FileClass, Severity};
use assize_syntax::{Dialect, FactKind, Language};

use crate::{Context, Control, Group, Report, Scope, Sink};

pub(crate) const CONTROL: Control = Control {
    name: ControlName("unused-dependency"),
    summary: "packages that a manifest declares, and that nothing imports or names",
    version: 1,
    severity: Severity::Warn,
    languages: &[Language::Requirements, Language::Toml, Language::Json],
    classes: &FileClass::ALL,
    scope: Scope::Groups { kind: FactKind::Package, run: check },
    options: &[],
    applies: Control::always,
    doc: include_str!("doc.md"),
};

/// How many packages an install can list with exact versions before they look like all that one
/// installed.
const FROZEN_MIN: usize = 15;

fn check(group: &Group<'_>, context: &Context<'_>, sink: &mut Sink) {
    for member in group.members.iter().filter(|member| is_judged(member)) {
        match uses::of(member, context.world, &context.view) {
            Use::Imported => {}
            Use::None if !is_frozen(member) => sink.report(report(member)),
            _ => sink.unresolved(),
        }
    }
}

fn is_judged(member: &FactRef<'_>) -> bool {
    let section = match member.file.dialect() {
        Dialect::PackageJson => member.item == "dependencies",
        _ => !matches!(member.item, "build-system" | "sources" | "setup.py" | "install"),
    };
    section && member.file.class() == FileClass::Production && uses::is_declared(member)
}

/// Whether the file lists all that an install brought, and not what somebody asked for: many
/// packages, nearly all of them with an exact version.
fn is_frozen(member: &FactRef<'_>) -> bool {
    if member.file.dialect() != Dialect::Requirements {
        return false;
    }
    let all = member.file.facts_of(FactKind::Package, assize_syntax::Role::Definition);
    let versions: Vec<&str> =
        all.filter(uses::is_declared).filter(|one| one.key.starts_with("py:")).map(|one| one.value).collect();
    let exact = versions.iter().filter(|version| version.starts_with("==")).count();
    versions.len() >= FROZEN_MIN && exact * 10 >= versions.len() * 9
}

fn report(member: &FactRef<'_>) -> Report {
    let name = member.key.split_once(':').map_or(member.key, |(_, name)| name);
    Report {
        code: "unused",
        severity: None,
        path: Some(member.file.path().to_owned()),
        place: member.place,
        message: format!(
            "`{name}` is declared, but nothing imports it and nothing names it: each install \
             brings code that nobody needs, with its faults"
        ),
        help: format!(
            "remove `{name}` and run the tests; if something loads it unseen, name it where that \
             is set up"
        ),
        item: member.item.to_owned(),
        subject: name.to_owned(),
    }
}
