//! version-conflict: one package pinned to two versions where one install gets both.

mod pin;
mod range;

use assize_index::FactRef;
use assize_model::{ControlName, FileClass, Severity};
use assize_syntax::{Dialect, FactKind, Flags, Language, Role};

use crate::{Context, Control, Group, Report, Scope, Sink};

pub(crate) const CONTROL: Control = Control {
    name: ControlName("version-conflict"),
    summary: "a package that manifests which are installed together pin to different versions",
    version: 1,
    severity: Severity::Warn,
    languages: &[Language::Requirements, Language::Json],
    classes: &[FileClass::Production],
    scope: Scope::Groups { kind: FactKind::Package, run: check },
    options: &[],
    applies: Control::always,
    doc: include_str!("doc.md"),
};

fn check(group: &Group<'_>, _context: &Context<'_>, sink: &mut Sink) {
    let pins: Vec<(&FactRef<'_>, &str)> = group
        .members
        .iter()
        .filter(|member| is_manifest(member))
        .filter_map(|member| Some((member, pin::exact(group.key, member.value)?)))
        .collect();
    ranges(group, sink);
    let mut apart = false;
    for (position, (member, version)) in pins.iter().enumerate() {
        let before = pins.iter().take(position).filter(|(_, other)| !pin::equal(version, other));
        let mut together = false;
        for (other, other_version) in before {
            if meets(other, member) {
                sink.report(report("together", None, (member, version), (other, other_version)));
                together = true;
                break;
            }
        }
        let elsewhere = |other: &FactRef<'_>| other.file.path() != member.file.path();
        let first =
            pins.first().filter(|(other, known)| elsewhere(other) && !pin::equal(version, known));
        if let Some((other, other_version)) = first.filter(|_| !together && !apart) {
            // Services with environments of their own may differ on purpose.
            let info = Some(Severity::Info);
            sink.report(report("apart", info, (member, version), (other, other_version)));
            apart = true;
        }
    }
}

/// Constraints of one install that no version satisfies together. Pins alone are looked at apart.
fn ranges(group: &Group<'_>, sink: &mut Sink) {
    let of = |member: &FactRef<'_>| range::range(group.key, member.value);
    let known: Vec<_> = group
        .members
        .iter()
        .filter(|member| is_manifest(member))
        .filter_map(|member| Some((member, of(member)?)))
        .collect();
    let pinned = |member: &FactRef<'_>| pin::exact(group.key, member.value).is_some();
    for (position, (member, range)) in known.iter().enumerate() {
        let clash = known.iter().take(position).find(|(other, before)| {
            !(pinned(member) && pinned(other))
                && range::are_apart(range, before)
                && meets(other, member)
        });
        if let Some((other, _)) = clash {
            let said = ((*member, member.value), (*other, other.value));
            sink.report(report("together", None, said.0, said.1));
        }
    }
}

fn is_manifest(member: &FactRef<'_>) -> bool {
    const MANIFESTS: [Dialect; 4] =
        [Dialect::Requirements, Dialect::Pyproject, Dialect::SetupCfg, Dialect::PackageJson];
    MANIFESTS.contains(&member.file.dialect())
        && !member.flags.any(Flags::LOCKED.with(Flags::OPTIONAL).with(Flags::UNRESOLVED))
        && member.item != "peerDependencies"
}

/// Whether one install reads both: a file that includes the other, the requirements and the project
/// of one folder, two sections of one `package.json`.
fn meets(one: &FactRef<'_>, other: &FactRef<'_>) -> bool {
    let (first, second) = (one.file, other.file);
    if first.path() == second.path() {
        // Two lines of requirements are for two platforms.
        return first.dialect() == Dialect::PackageJson;
    }
    let includes = |from: &FactRef<'_>, to: &str| {
        from.file
            .facts_of(FactKind::Path, Role::Reference)
            .any(|path| path.key == to && matches!(path.item, "requirements" | "constraints"))
    };
    let main = |file: assize_index::FileRef<'_>| {
        matches!(file.name(), "requirements.txt" | "pyproject.toml" | "setup.cfg")
    };
    let of_one_project = first.folder() == second.folder()
        && main(first)
        && main(second)
        && !one.flags.has(Flags::DEV)
        && !other.flags.has(Flags::DEV);
    of_one_project || includes(one, second.path()) || includes(other, first.path())
}

fn report(
    code: &'static str,
    severity: Option<Severity>,
    (member, version): (&FactRef<'_>, &str),
    (other, other_version): (&FactRef<'_>, &str),
) -> Report {
    let (_, name) = member.key.split_once(':').unwrap_or(("", member.key));
    let elsewhere = other.file.path();
    let why = match code {
        "together" => "one install reads both, and only one of them can hold",
        _ => "what one part of the repository was tested with, the other does not have",
    };
    Report {
        code,
        severity,
        path: Some(member.file.path().to_owned()),
        place: member.place,
        message: format!(
            "`{name}` is to be {version} here and {other_version} in `{elsewhere}`: {why}"
        ),
        help: "choose one version, and keep it in one place: a constraints file, a workspace, one \
               section"
            .to_owned(),
        item: member.item.to_owned(),
        subject: name.to_owned(),
    }
}
