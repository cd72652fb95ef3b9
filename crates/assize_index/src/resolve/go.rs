//! Go: a path of an import means a folder of a module, by `go.mod` alone.
//!
//! The build fails without a requirement for what is imported, so that what the nearest `go.mod`
//! does not name is missing for certain. Modules of one repository may meet in a workspace or by
//! their published versions: only what a module imports of itself is judged by the tree.

use std::collections::BTreeMap;

use assize_syntax::{FactKind, Role};

use super::Resolution;
use crate::{FactRef, FileRef, View};

/// A module of the repository.
#[derive(Debug)]
struct Module {
    path: String,
    /// What it requires.
    needs: Vec<String>,
}

/// The modules of the repository, by their folders.
#[derive(Debug, Default)]
pub(super) struct GoWorld {
    modules: BTreeMap<String, Module>,
}

impl GoWorld {
    pub(super) fn new(view: &View<'_>) -> Self {
        let mut modules = BTreeMap::new();
        view.find_key(FactKind::Project, Role::Definition, "go:", |project| {
            let path = project.key.trim_start_matches("go:").to_owned();
            let needs = project.file.facts_of(FactKind::Package, Role::Definition);
            let needs = needs.map(|one| one.key.trim_start_matches("go:").to_owned()).collect();
            modules.insert(project.value.to_owned(), Module { path, needs });
            false
        });
        Self { modules }
    }

    pub(super) fn resolve(
        &self,
        file: FileRef<'_>,
        import: &FactRef<'_>,
        view: &View<'_>,
    ) -> Resolution {
        let key = import.key;
        if key.starts_with('.') {
            return Resolution::Unresolved;
        }
        let path = file.repo_path();
        let home = path.ancestors().find_map(|at| Some((at, self.modules.get(at)?)));
        let Some((folder, home)) = home else { return Resolution::Unresolved };
        let needed = home.needs.iter().filter(|need| is_in(key, need)).map(String::len).max();
        if let Some(rest) = below(key, &home.path)
            && needed.is_none_or(|length| length < home.path.len())
        {
            return self.own(folder, rest, view);
        }
        let standard = !key.split('/').next().is_some_and(|first| first.contains('.'));
        let vendored = view.is_folder(&joined(&joined(folder, "vendor"), key));
        if needed.is_some() || standard || vendored {
            return Resolution::External;
        }
        if self.modules.values().any(|module| is_in(key, &module.path)) {
            return Resolution::Local;
        }
        Resolution::Undeclared { package: module_of(key), certain: true }
    }

    /// A package of the module itself.
    fn own(&self, module: &str, rest: &str, view: &View<'_>) -> Resolution {
        let folder = joined(module, rest);
        if rest.is_empty() || holds_go(&folder, view) {
            return Resolution::Local;
        }
        // Its files may be made from what lies there, or belong to another module.
        let other = self.modules.keys().any(|other| other != module && is_in(&folder, other));
        if other || view.is_folder(&folder) || view.is_opaque(&folder) {
            return Resolution::Unresolved;
        }
        Resolution::NoModule { expected: folder, nearest: None }
    }
}

fn holds_go(folder: &str, view: &View<'_>) -> bool {
    view.files_under(folder).any(|file| file.folder() == folder && file.name().ends_with(".go"))
}

/// Whether a path is this one or lies below it.
fn is_in(path: &str, above: &str) -> bool {
    below(path, above).is_some()
}

/// What a path has below another.
fn below<'a>(path: &'a str, above: &str) -> Option<&'a str> {
    let rest = path.strip_prefix(above)?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix('/') }
}

fn joined(folder: &str, rest: &str) -> String {
    match (folder, rest) {
        ("", rest) => rest.to_owned(),
        (folder, "") => folder.to_owned(),
        (folder, rest) => format!("{folder}/{rest}"),
    }
}

/// The module that a path most likely belongs to: hosts of code have an owner and a name.
fn module_of(key: &str) -> String {
    let parts = match key.split('/').next() {
        Some("github.com" | "gitlab.com" | "bitbucket.org" | "golang.org") => 3,
        _ => 2,
    };
    key.split('/').take(parts).collect::<Vec<_>>().join("/")
}
