//! unused-dependency: packages that a manifest declares and nothing uses.

use assize_index::FactRef;
use assize_index::resolve::uses::{self, Use};
use assize_model::{ControlName, FileClass, Severity};
use assize_syntax::{Dialect, FactKind, Flags, Language, Role};

use crate::{Context, Control, Group, Report, Scope, Sink};

pub(crate) const CONTROL: Control = Control {
    name: ControlName("unused-dependency"),
    summary: "packages that a manifest declares, and that nothing imports or names",
    version: 1,
    severity: Severity::Warn,
    languages: &[Language::Requirements, Language::Toml, Language::Json, Language::Other],
    classes: &FileClass::ALL,
    scope: Scope::Groups { kind: FactKind::Package, run: check },
    options: &[],
    applies: Control::always,
    doc: include_str!("doc.md"),
};

/// How many packages that others bring along a list has which holds all that was installed.
const TRANSITIVE_MIN: usize = 2;
/// Packages that hardly anybody asks for: others bring them.
const TRANSITIVE: [&str; 18] = [
    "py:aiosignal",
    "py:blinker",
    "py:certifi",
    "py:charset-normalizer",
    "py:frozenlist",
    "py:greenlet",
    "py:h11",
    "py:idna",
    "py:markupsafe",
    "py:mdurl",
    "py:multidict",
    "py:propcache",
    "py:pyasn1",
    "py:pycparser",
    "py:sniffio",
    "py:soupsieve",
    "py:wcwidth",
    "py:zipp",
];

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
        Dialect::PackageJson | Dialect::CargoManifest => member.item == "dependencies",
        Dialect::Other => member.item == "require",
        _ => !matches!(member.item, "build-system" | "sources" | "setup.py" | "install"),
    };
    section
        && !member.flags.has(Flags::MENTIONED)
        && !is_for_choice(member.file.path())
        && member.file.class() == FileClass::Production
        && uses::is_declared(member)
}

/// Whether the file lists what some may want beside, or belongs to a template.
fn is_for_choice(path: &str) -> bool {
    const WORDS: [&str; 7] =
        ["cookiecutter", "extra", "extras", "local", "optional", "template", "templates"];
    path.to_ascii_lowercase()
        .split(|c: char| !c.is_ascii_alphanumeric())
        .any(|word| WORDS.contains(&word))
}

/// Whether the file lists all that an install brought, and not what somebody asked for: many
/// packages, most of them with an exact version, and some that only others bring.
fn is_frozen(member: &FactRef<'_>) -> bool {
    if member.file.dialect() != Dialect::Requirements {
        return false;
    }
    let all = member.file.facts_of(FactKind::Package, Role::Definition);
    let all: Vec<FactRef<'_>> = all.filter(uses::is_declared).collect();
    let exact = all.iter().filter(|one| one.value.starts_with("==")).count();
    let brought = all.iter().filter(|one| TRANSITIVE.contains(&one.key)).count();
    all.len() >= FROZEN_MIN && exact * 10 >= all.len() * 8 && brought >= TRANSITIVE_MIN
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
