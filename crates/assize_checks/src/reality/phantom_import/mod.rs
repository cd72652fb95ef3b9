//! Imports of packages that no manifest declares.

mod aside;

use std::collections::BTreeSet;

use assize_index::resolve::Resolution;
use assize_index::{FactRef, FileRef, View};
use assize_model::{ControlName, FileClass, Severity};
use assize_syntax::{FactKind, Flags, Language, Role};

use crate::{Context, Control, Report, Scope, Sink};

pub(crate) const CONTROL: Control = Control {
    name: ControlName("phantom-import"),
    summary: "imports of packages that no manifest of the repository declares",
    version: 1,
    // What an install brings along, only an installer knows for certain: `docs/precision.md`.
    severity: Severity::Warn,
    languages: &[
        Language::Python,
        Language::JavaScript,
        Language::TypeScript,
        Language::Go,
        Language::Rust,
    ],
    classes: Control::USUAL,
    scope: Scope::References {
        reads: &[
            FactKind::Path,
            FactKind::Package,
            FactKind::Project,
            FactKind::SourceRoot,
            FactKind::ModuleAlias,
        ],
        refers: &[FactKind::Import],
        run: check,
    },
    options: &[],
    applies,
    doc: include_str!("doc.md"),
};

/// Without any manifest there is no set that an import could be missing from.
fn applies(view: &View<'_>) -> bool {
    ["py:", "npm:", "go:", "cargo:"]
        .iter()
        .any(|start| view.any_key_starts_with(FactKind::Package, Role::Definition, start))
        || view.any_key_starts_with(FactKind::Project, Role::Definition, "go:")
}

/// A package that the file imports and nobody declares.
struct Undeclared<'a> {
    module: &'a str,
    package: String,
    language: Language,
    /// It is looked for when the module is loaded, and a lock file shows that nothing brings it.
    certain: bool,
}

impl Undeclared<'_> {
    fn report(self, import: &FactRef<'_>, class: FileClass) -> Report {
        let manifest = match self.language {
            Language::Python => "pyproject.toml or a requirements file",
            Language::Go => "go.mod",
            Language::Rust => "Cargo.toml",
            _ => "package.json",
        };
        Report {
            code: "undeclared",
            severity: (class != FileClass::Production || !self.certain).then_some(Severity::Info),
            path: None,
            place: import.place,
            message: format!(
                "`{}` is imported, but no manifest declares the package `{}`: nothing says \
                 that an install brings it",
                self.module, self.package
            ),
            help: format!(
                "add `{}` to {manifest} if it is the package you mean, or import one that is \
                 declared; check that it exists before you install it",
                self.package
            ),
            item: String::new(),
            subject: self.package,
        }
    }
}

fn check(file: FileRef<'_>, context: &Context<'_>, sink: &mut Sink) {
    let language = file.dialect().language();
    if !CONTROL.languages.contains(&language) {
        return;
    }
    let mut seen = BTreeSet::new();
    for (import, meaning) in context.imports(file) {
        match meaning {
            Resolution::Undeclared { .. }
                if aside::is_aside(file, &context.view)
                    || may_be_absent(language, import.flags) =>
            {
                sink.unresolved();
            }
            Resolution::Undeclared { package, certain } if seen.insert(package.clone()) => {
                let certain = certain && !import.flags.has(Flags::NESTED);
                let found = Undeclared { module: import.key, package, language, certain };
                sink.report(found.report(&import, file.class()));
            }
            Resolution::Unresolved => sink.unresolved(),
            _ => {}
        }
    }
}

/// The code says that it can do without: guarded, in a branch, computed, or, in Python, for type
/// checkers only. A TypeScript build needs its types.
fn may_be_absent(language: Language, flags: Flags) -> bool {
    flags.any(Flags::OPTIONAL.with(Flags::DYNAMIC).with(Flags::CONDITIONAL))
        || (language == Language::Python && flags.has(Flags::TYPE_ONLY))
}
