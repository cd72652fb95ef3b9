//! What a reference means: questions to the view that follow a language's own look-up rules.

mod csharp;
mod go;
pub mod ignored;
mod java;
pub mod javascript;
pub mod python;
pub mod routes;
mod rust;
pub mod uses;

use std::collections::BTreeSet;
use std::sync::OnceLock;

use assize_syntax::{FactKind, Language, Role};

use crate::{FactRef, FileRef, View};

/// What look-ups need to know of the whole repository, gathered once per pass, each part when it
/// is first asked for: who writes one file waits for the answer.
#[derive(Debug, Default)]
pub struct World {
    python: OnceLock<python::PythonWorld>,
    javascript: OnceLock<javascript::JavaScriptWorld>,
    go: OnceLock<go::GoWorld>,
    java: OnceLock<java::JavaWorld>,
    csharp: OnceLock<csharp::CSharpWorld>,
    ignored: OnceLock<ignored::Ignored>,
    port_tables: OnceLock<BTreeSet<String>>,
    routes: OnceLock<routes::Routes>,
    named: OnceLock<uses::Named>,
}

impl World {
    pub fn new() -> Self {
        Self::default()
    }

    /// What git ignores.
    pub fn ignored(&self, view: &View<'_>) -> &ignored::Ignored {
        self.ignored.get_or_init(|| ignored::Ignored::new(view))
    }

    /// Where Python looks modules up, and what its manifests say.
    fn python(&self, view: &View<'_>) -> &python::PythonWorld {
        self.python.get_or_init(|| python::PythonWorld::new(view))
    }

    /// The files that hold rows of ports and services.
    pub fn port_tables(&self, view: &View<'_>) -> &BTreeSet<String> {
        self.port_tables.get_or_init(|| {
            let rows = view.facts(FactKind::Port, Role::Definition);
            rows.iter().map(|row| row.file.path().to_owned()).collect()
        })
    }

    /// What the applications of the repository serve.
    pub fn routes(&self, view: &View<'_>) -> &routes::Routes {
        self.routes.get_or_init(|| routes::Routes::new(self, view))
    }

    /// Which declared packages are named by a word of some text.
    fn named(&self, view: &View<'_>) -> &uses::Named {
        self.named.get_or_init(|| uses::Named::new(view))
    }

    /// The file of ours that a file's import of a module leads to, where that is certain.
    pub(crate) fn module<'a>(
        &self,
        file: FileRef<'a>,
        module: &str,
        view: &View<'a>,
    ) -> Option<FileRef<'a>> {
        match file.dialect().language() {
            Language::Python => {
                let world = self.python.get_or_init(|| python::PythonWorld::new(view));
                world.module(file, module, view)
            }
            Language::JavaScript | Language::TypeScript => {
                let make = || javascript::JavaScriptWorld::new(view);
                let path = self.javascript.get_or_init(make).module(file, module, view)?;
                view.file(&path)
            }
            _ => None,
        }
    }

    /// What an import of a file means, by the look-up rules of the file's language.
    pub fn resolve(&self, file: FileRef<'_>, import: &FactRef<'_>, view: &View<'_>) -> Resolution {
        let found = match file.dialect().language() {
            Language::Python => self.python(view).resolve(file, import, view),
            Language::JavaScript | Language::TypeScript => {
                let make = || javascript::JavaScriptWorld::new(view);
                self.javascript.get_or_init(make).resolve(file, import, view)
            }
            Language::Go => {
                let world = self.go.get_or_init(|| go::GoWorld::new(view));
                world.resolve(file, import, view)
            }
            Language::Java => {
                let world = self.java.get_or_init(|| java::JavaWorld::new(view));
                world.resolve(import, view)
            }
            Language::CSharp => {
                let world = self.csharp.get_or_init(|| csharp::CSharpWorld::new(view));
                world.resolve(import, view)
            }
            Language::Rust => rust::resolve(file, import, view),
            _ => Resolution::Unresolved,
        };
        match found {
            Resolution::NoModule { .. } | Resolution::NoSymbol { .. }
                if is_template(file) || is_stub(file) =>
            {
                Resolution::Unresolved
            }
            Resolution::NoModule { expected, .. } if self.is_kept_out(&expected, view) => {
                Resolution::Unresolved
            }
            // A folder of modules that a tool fills.
            Resolution::Undeclared { package, .. } if self.is_filled(&package, file, view) => {
                Resolution::Unresolved
            }
            // `from . import name`, where the module beside is kept out.
            Resolution::NoSymbol { module, name, .. }
                if module.strip_suffix("__init__.py").is_some_and(|package| {
                    self.is_kept_out(&format!("{package}{name}.py"), view)
                }) =>
            {
                Resolution::Unresolved
            }
            found => found,
        }
    }

    /// Whether git ignores a folder of this name beside or above the file.
    fn is_filled(&self, package: &str, file: FileRef<'_>, view: &View<'_>) -> bool {
        let path = file.repo_path();
        !package.contains('/')
            && path.ancestors().any(|above| {
                let folder = if above.is_empty() {
                    package.to_owned()
                } else {
                    format!("{above}/{package}")
                };
                self.ignored(view).covers(&format!("{folder}/x"), view)
            })
    }

    /// Whether git ignores the module, under any of the names that it could have.
    fn is_kept_out(&self, expected: &str, view: &View<'_>) -> bool {
        const ENDINGS: [&str; 8] =
            ["", ".ts", ".tsx", ".js", ".json", ".d.ts", "/x.go", "/x.pb.go"];
        // What is imported as `x.js` may be kept out as `x.ts`.
        let plain = [".py", ".js", ".mjs", ".cjs"]
            .iter()
            .find_map(|end| expected.strip_suffix(end))
            .unwrap_or(expected);
        self.ignored(view).covers(expected, view)
            || ENDINGS.iter().any(|end| self.ignored(view).covers(&format!("{plain}{end}"), view))
    }
}

/// Whether the file is one of those from which a generator makes a project: what it imports is
/// there only then.
fn is_template(file: FileRef<'_>) -> bool {
    file.folder().split('/').any(|part| {
        matches!(part.trim_start_matches('.'), "template" | "templates" | "_templates")
            || part.contains("{{")
            || part.contains("cookiecutter")
    })
}

/// Whether the file only describes a module to type checkers, which look for its kin by rules of
/// their own; nothing runs it.
fn is_stub(file: FileRef<'_>) -> bool {
    file.name().ends_with(".pyi")
}

/// What an import means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolution {
    /// A module of ours; the imported name is there, or cannot be told to be absent.
    Local,
    /// The language's own library, or a package that a manifest in reach declares.
    External,
    /// A package that no manifest declares; the distribution's likely name, and whether a lock file
    /// says that nothing else brings it along.
    Undeclared { package: String, certain: bool },
    /// A module of ours that does not exist; the path where it was expected, and the nearest
    /// existing one.
    NoModule { expected: String, nearest: Option<String> },
    /// A module of ours that exists, without the imported name.
    NoSymbol { module: String, name: String, nearest: Option<String> },
    /// It cannot be decided: never a finding.
    Unresolved,
}

/// How alike a suggestion must be, of 1.
const ALIKE_MIN: f64 = 0.7;
/// How many names are compared for a suggestion.
const COMPARED_MAX: usize = 2_000;

/// The name that is most like the wanted one, if any is alike.
pub(crate) fn nearest<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> Option<String> {
    names
        .take(COMPARED_MAX)
        // A name much longer or shorter cannot be alike enough: no need to compare it.
        .filter(|name| wanted.len().abs_diff(name.len()) * 10 <= wanted.len().max(name.len()) * 3)
        .map(|name| (strsim::normalized_damerau_levenshtein(wanted, name), name))
        .filter(|(alike, _)| *alike >= ALIKE_MIN)
        .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(a.1)))
        .map(|(_, name)| name.to_owned())
}
