//! deps-pinned: packages of which an install may bring any version.

mod loose;
mod pin;

use assize_index::FactRef;
use assize_model::{ControlName, FileClass, Severity};
use assize_syntax::{Dialect, FactKind, Flags, Language, Role};

use crate::fix::{Breach, Edit};
use crate::{Context, Control, Group, Report, Scope, Sink};

pub(crate) const CONTROL: Control = Control {
    name: ControlName("deps-pinned"),
    summary: "packages that are neither pinned nor locked, so that each install may bring another",
    version: 1,
    severity: Severity::Warn,
    languages: &[
        Language::Requirements,
        Language::Json,
        Language::Dockerfile,
        Language::Toml,
        Language::Yaml,
    ],
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
    let ours = context.view.has(FactKind::Project, Role::Definition, group.key);
    for member in judged {
        let fixed =
            || group.members.iter().any(|other| fixes(other) && pin::is_read(other, member));
        match loose::fault(member.value) {
            Some(_) if ours || fixed() => {}
            Some(fault) => {
                let lock = pin::beside(group.members, member);
                sink.report(report(member, fault, lock.as_ref()));
            }
            None => {}
        }
    }
}

/// Writes the version that the lock file beside it names.
pub(crate) fn fix(breach: &Breach<'_>) -> Vec<Edit> {
    pin::edit(breach).into_iter().collect()
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
        Dialect::GithubWorkflow | Dialect::GithubAction | Dialect::GitlabCi => {
            member.item == "install"
        }
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

fn report(member: &FactRef<'_>, fault: loose::Fault, lock: Option<&pin::Pin<'_>>) -> Report {
    let name = group_name(member.key);
    // A library leaves the choice to whoever installs it.
    let library = matches!(member.file.dialect(), Dialect::Pyproject | Dialect::SetupCfg);
    let mild = library || member.flags.has(Flags::DEV);
    let (knows, help) = match lock {
        Some(pin) => (
            format!("pip does not read `{}`", pin.file),
            format!("write `{name}=={}`, which `{}` names", pin.version, pin.file),
        ),
        None => ("no lock file fixes it".to_owned(), fault.help().to_owned()),
    };
    Report {
        code: fault.code(),
        severity: mild.then_some(Severity::Info),
        path: Some(member.file.path().to_owned()),
        place: member.place,
        message: format!("`{name}` {}, and {knows}: {}", fault.what(), fault.why()),
        help,
        item: member.item.to_owned(),
        subject: name.to_owned(),
    }
}
