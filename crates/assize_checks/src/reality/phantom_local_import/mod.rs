//! Imports of modules and names of our own that do not exist.

use std::collections::BTreeSet;

use assize_index::resolve::Resolution;
use assize_index::{FactRef, FileRef};
use assize_model::{ControlName, FileClass, Severity};
use assize_syntax::{FactKind, Flags, Language, Role};

use crate::{Context, Control, Report, Scope, Sink};

pub(crate) const CONTROL: Control = Control {
    name: ControlName("phantom-local-import"),
    summary: "imports of own modules or names that do not exist in the tree",
    version: 1,
    // Production code only; what is less certain to fail is a warning: `docs/precision.md`.
    severity: Severity::Error,
    languages: &[
        Language::Python,
        Language::JavaScript,
        Language::TypeScript,
        Language::Go,
        Language::Rust,
        Language::Java,
        Language::CSharp,
    ],
    classes: Control::USUAL,
    scope: Scope::References {
        reads: &[
            FactKind::Path,
            FactKind::Symbol,
            FactKind::Package,
            FactKind::Project,
            FactKind::SourceRoot,
            FactKind::ModuleAlias,
            FactKind::Words,
        ],
        refers: &[FactKind::Import],
        run: check,
    },
    options: &[],
    applies: Control::always,
    doc: include_str!("doc.md"),
};

fn check(file: FileRef<'_>, context: &Context<'_>, sink: &mut Sink) {
    if !CONTROL.languages.contains(&file.dialect().language()) {
        return;
    }
    // A script that an image takes by itself meets other files there.
    let moved = file.dialect().language() != Language::Python
        && context
            .view
            .lookup(FactKind::Path, Role::Reference, file.path())
            .iter()
            .any(|copy| copy.item == "copy-source");
    let mut seen = BTreeSet::new();
    for (import, meaning) in context.imports(file) {
        let report = match meaning {
            Resolution::NoModule { expected, nearest } => {
                no_module(&import, &expected, nearest.as_deref())
            }
            Resolution::NoSymbol { module, name, nearest } => {
                no_symbol(&import, &module, name, nearest.as_deref())
            }
            Resolution::Unresolved => {
                sink.unresolved();
                continue;
            }
            _ => continue,
        };
        let guarded = import.flags.any(Flags::OPTIONAL.with(Flags::DYNAMIC));
        if guarded || moved || never_runs(file, &import) {
            sink.unresolved();
            continue;
        }
        // `from gone import a, b` is one mistake, not two.
        if seen.insert((report.code, report.item.clone(), report.subject.clone())) {
            let thin = match file.dialect().language() {
                // Little was found in these on real repositories.
                Language::Go | Language::Java | Language::CSharp => true,
                // A `mod.rs` may be left over, so that no build sees it.
                Language::Rust => !matches!(file.name(), "lib.rs" | "main.rs"),
                _ => false,
            };
            // A program may look up by rules of its own what it requires, and libraries of Python
            // put names into modules at run time.
            let made = report.code == "no-symbol" && file.dialect().language() == Language::Python;
            let loose = made || import.flags.has(Flags::REQUIRED);
            let aside = file.class() != FileClass::Production || loose;
            let severity = (thin || aside).then_some(Severity::Warn);
            sink.report(Report { severity, ..report });
        }
    }
}

/// Python under `TYPE_CHECKING` is read by type checkers alone; a TypeScript build needs its types.
fn never_runs(file: FileRef<'_>, import: &FactRef<'_>) -> bool {
    file.dialect().language() == Language::Python && import.flags.has(Flags::TYPE_ONLY)
}

fn no_module(import: &FactRef<'_>, expected: &str, nearest: Option<&str>) -> Report {
    let language = import.file.dialect().language();
    let namespace = language == Language::CSharp;
    let help = match nearest {
        Some(other) if namespace => format!("did you mean `{other}`? Otherwise remove it"),
        Some(path) => format!("did you mean the module at `{path}`? Otherwise create it first"),
        None => "create the module first, or remove the import".to_owned(),
    };
    let named = match (language, import.value) {
        // A type belongs to what is looked up.
        (Language::Java, value) if !matches!(value, "" | "*") => format!("{}.{value}", import.key),
        _ => import.key.to_owned(),
    };
    let message = if namespace {
        format!("`{named}` is used, but nothing is declared in that namespace: the build fails")
    } else {
        format!("`{named}` is imported, but there is no such module: `{expected}` does not exist")
    };
    Report {
        code: "no-module",
        severity: None,
        path: None,
        place: import.place,
        message,
        help,
        item: import.item.to_owned(),
        subject: named,
    }
}

fn no_symbol(import: &FactRef<'_>, module: &str, name: String, nearest: Option<&str>) -> Report {
    let help = match nearest {
        Some(other) => format!("did you mean `{other}`? Otherwise define `{name}` in `{module}`"),
        None => format!("define `{name}` in `{module}`, or remove the import"),
    };
    Report {
        code: "no-symbol",
        severity: None,
        path: None,
        place: import.place,
        message: format!(
            "`{name}` is imported from `{}`, but `{module}` does not define it: the import fails",
            import.key
        ),
        help,
        item: import.item.to_owned(),
        subject: format!("{}.{name}", import.key),
    }
}
