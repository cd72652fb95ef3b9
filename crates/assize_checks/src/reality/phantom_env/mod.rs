//! Environment variables that are read, but defined and documented nowhere.

use std::collections::BTreeSet;

use assize_index::{FactRef, FileRef, View};
use assize_model::{ControlName, FileClass, Severity};
use assize_syntax::{Dialect, FactKind, Flags, Language, Role};

use crate::{Context, Control, Report, Scope, Sink};

mod platform;

pub(crate) const CONTROL: Control = Control {
    name: ControlName("phantom-env"),
    summary: "environment variables that code reads, but that nothing defines or documents",
    version: 1,
    // Fewer than 95 % of its errors were right on foreign code: `docs/precision.md`.
    severity: Severity::Warn,
    languages: &[Language::Python, Language::JavaScript, Language::TypeScript],
    classes: &[FileClass::Production],
    scope: Scope::References { reads: &[FactKind::Env], refers: &[FactKind::Env], run: check },
    options: &[],
    applies,
    doc: include_str!("doc.md"),
};

/// The set of variables is known only where the repository declares any: in a sample environment
/// file, a compose file, a manifest of the cluster, a settings class.
fn applies(view: &View<'_>) -> bool {
    view.facts(FactKind::Env, Role::Definition).iter().any(declares)
}

/// Whether a definition is a declaration, not an assignment that code makes for itself.
fn declares(fact: &FactRef<'_>) -> bool {
    !fact.flags.has(Flags::DYNAMIC) && fact.file.dialect() != Dialect::Shell
}

fn check(file: FileRef<'_>, context: &Context<'_>, sink: &mut Sink) {
    if !CONTROL.languages.contains(&file.dialect().language()) {
        return;
    }
    let mut seen = BTreeSet::new();
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
        } else if seen.insert(read.key) {
            sink.report(report(&read));
        }
    }
}

/// Whether the configuration says that the platform provides the variable.
fn external(name: &str, patterns: &[String]) -> bool {
    patterns.iter().any(|pattern| match pattern.strip_suffix('*') {
        Some(prefix) => name.starts_with(prefix),
        None => pattern == name,
    })
}

fn report(read: &FactRef<'_>) -> Report {
    let name = read.key;
    let required = !read.flags.any(Flags::DEFAULTED.with(Flags::OPTIONAL));
    let (code, severity, message) = if required {
        let message = format!(
            "`{name}` is read without a fallback, but no sample environment file, compose file or \
             settings class of the repository declares it"
        );
        ("undefined", None, message)
    } else {
        let message = format!(
            "`{name}` is read, but no sample environment file, compose file or settings class of \
             the repository declares it"
        );
        ("undocumented", Some(Severity::Info), message)
    };
    Report {
        code,
        severity,
        path: None,
        place: read.place,
        message,
        help: format!(
            "declare `{name}` in the sample environment file (`.env.example`), the compose file or \
             the settings class; or, if the platform sets it, in `[env] external` of `assize.toml`"
        ),
        item: read.item.to_owned(),
        subject: name.to_owned(),
    }
}
