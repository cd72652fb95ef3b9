//! deps-pinned: packages of which an install may bring any version.

mod loose;

use assize_index::FactRef;
use assize_model::{ControlName, FileClass, Severity};
use assize_syntax::{Dialect, FactKind, Flags, Language, Role};

use crate::{Context, Control, Group, Report, Scope, Sink};

pub(crate) const CONTROL: Control = Control {
    name: ControlName("deps-pinned"),
    summary: "packages that are neither pinned nor locked, so that each install may bring another",
    version: 1,
    severity: Severity::Warn,
    languages: &[Language::Requirements, Language::Json, Language::Dockerfile, Language::Toml],
    classes: &FileClass::ALL,
    scope: Scope::Groups { kind: FactKind::Package, run: check },
    options: &[],
    applies: Control::always,
    doc: include_str!("doc.md"),
};

fn check(group: &Group<'_>, context: &Context<'_>, sink: &mut Sink) {
    if group.key.starts_with("said:") {
        return;
    }
    let mut judged = group.members.iter().filter(|member| is_judged(member)).peekable();
    if judged.peek().is_none() {
        return;
    }
    // A lock file, a constraint or the pin of a compiled file fixes the version for all.
    let fixed = group.members.iter().any(|member| fixes(member));
    let ours = context.view.has(FactKind::Project, Role::Definition, group.key);
    for member in judged {
        match loose::fault(member.value) {
            Some(_) if fixed || ours => {}
            Some(fault) => sink.report(report(member, fault)),
            None => {}
        }
    }
}

/// Whether the member decides what is installed where the product runs or is built.
fn is_judged(member: &FactRef<'_>) -> bool {
    let file = member.file;
    let manifest = match file.dialect() {
        Dialect::Requirements | Dialect::Pyproject | Dialect::SetupCfg | Dialect::Pipfile => {
            !matches!(member.item, "build-system" | "sources")
        }
        Dialect::PackageJson => matches!(member.item, "dependencies" | "devDependencies"),
        Dialect::Dockerfile => true,
        _ => false,
    };
    let aside = Flags::LOCKED.with(Flags::UNRESOLVED).with(Flags::OPTIONAL);
    manifest
        && file.class() == FileClass::Production
        && !member.flags.any(aside)
        // What an install is made with is replaced by the next one.
        && !matches!(group_name(member.key), "pip" | "setuptools" | "wheel" | "uv" | "npm" | "yarn")
}

fn group_name(key: &str) -> &str {
    key.split_once(':').map_or(key, |(_, name)| name)
}

fn fixes(member: &FactRef<'_>) -> bool {
    let exact = member.value.starts_with("==") || member.value.starts_with('=');
    member.flags.has(Flags::LOCKED)
        || exact && member.file.dialect() == Dialect::Requirements && !member.value.contains('*')
}

fn report(member: &FactRef<'_>, fault: loose::Fault) -> Report {
    let name = group_name(member.key);
    // A library leaves the choice to whoever installs it.
    let library = matches!(member.file.dialect(), Dialect::Pyproject | Dialect::SetupCfg);
    let mild = library || member.flags.has(Flags::DEV);
    Report {
        code: fault.code(),
        severity: mild.then_some(Severity::Info),
        path: Some(member.file.path().to_owned()),
        place: member.place,
        message: format!("`{name}` {}, and no lock file fixes it: {}", fault.what(), fault.why()),
        help: fault.help().to_owned(),
        item: member.item.to_owned(),
        subject: name.to_owned(),
    }
}
