//! Environment variables that are read, but defined and documented nowhere.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use assize_index::{FactRef, FileRef, View};
use assize_model::{ControlName, FileClass, Severity};
use assize_syntax::{Dialect, FactKind, Flags, Language, Role};

use crate::{Context, Control, Report, Scope, Sink};

mod platform;

pub(crate) const CONTROL: Control = Control {
    name: ControlName("phantom-env"),
    summary: "environment variables that code reads, but that nothing defines or documents",
    version: 2,
    // Where a variable comes from in production, the repository need not say: `docs/precision.md`.
    severity: Severity::Warn,
    languages: &[
        Language::Python,
        Language::JavaScript,
        Language::TypeScript,
        Language::Go,
        Language::Java,
        Language::Rust,
        Language::CSharp,
    ],
    classes: &[FileClass::Production],
    scope: Scope::References { reads: &[FactKind::Env], refers: &[FactKind::Env], run: check },
    options: &[],
    applies,
    doc: include_str!("doc.md"),
};

/// The set of variables is known only where the repository declares any: in a sample environment
/// file, a compose file, a manifest of the cluster, a settings class.
fn applies(view: &View<'_>) -> bool {
    view.find_key(FactKind::Env, Role::Definition, "", declares)
}

/// Whether a definition is a declaration, not an assignment that code makes for itself, nor a word
/// in a document.
fn declares(fact: &FactRef<'_>) -> bool {
    !fact.flags.any(Flags::DYNAMIC.with(Flags::MENTIONED)) && fact.file.dialect() != Dialect::Shell
}

fn check(file: FileRef<'_>, context: &Context<'_>, sink: &mut Sink) {
    if !CONTROL.languages.contains(&file.dialect().language()) {
        return;
    }
    // One finding for each variable: at its first read of the worst kind.
    let mut worst: BTreeMap<&str, (u8, FactRef<'_>)> = BTreeMap::new();
    for read in file.facts_of(FactKind::Env, Role::Reference) {
        if read.flags.has(Flags::PROBE)
            || platform::provides(read.key)
            || external(read.key, &context.settings.env_external)
            || context.view.has(FactKind::Env, Role::Definition, read.key)
        {
            continue;
        }
        if read.flags.has(Flags::UNRESOLVED) {
            sink.unresolved();
            continue;
        }
        let rank = rank(&read);
        match worst.entry(read.key) {
            Entry::Occupied(mut known) if rank < known.get().0 => {
                known.insert((rank, read));
            }
            Entry::Occupied(_) => {}
            Entry::Vacant(free) => {
                free.insert((rank, read));
            }
        }
    }
    for (rank, read) in worst.values() {
        sink.report(report(read, *rank));
    }
}

/// 0: stops the program as soon as it is loaded. 1: stops what calls the function. 2: all goes on
/// without the variable.
fn rank(read: &FactRef<'_>) -> u8 {
    if read.flags.any(Flags::DEFAULTED.with(Flags::OPTIONAL)) {
        2
    } else {
        u8::from(read.flags.has(Flags::NESTED))
    }
}

/// Whether the configuration says that the platform provides the variable.
fn external(name: &str, patterns: &[String]) -> bool {
    patterns.iter().any(|pattern| match pattern.strip_suffix('*') {
        Some(prefix) => name.starts_with(prefix),
        None => pattern == name,
    })
}

fn report(read: &FactRef<'_>, rank: u8) -> Report {
    let name = read.key;
    let (code, severity, how) = match rank {
        0 | 1 => ("undefined", None, " without a fallback"),
        _ => ("undocumented", Some(Severity::Info), ""),
    };
    Report {
        code,
        severity,
        path: None,
        place: read.place,
        message: format!(
            "`{name}` is read{how}, but nothing in the repository declares or documents it"
        ),
        help: format!(
            "declare `{name}` in the sample environment file (`.env.example`), the compose file or \
             the settings class; or, if the platform sets it, in `[env] external` of `assize.toml`"
        ),
        item: read.item.to_owned(),
        subject: name.to_owned(),
    }
}
