//! Which application a route belongs to whose path is whole: in Java and C#, frameworks find
//! controllers by themselves, all of one module of the build.

use std::collections::{BTreeMap, BTreeSet};

use assize_syntax::{FactKind, Language, Role};

use super::{Router, RouterId, Routes};
use crate::{FileRef, View};

/// In place of a router where the path is whole.
const WHOLE: &str = "@";
/// What stands for the framework of an application whose controllers it finds.
pub(super) const FOUND: &str = "found";

impl Routes {
    /// Adds an application for each module in which frameworks find routes.
    pub(super) fn add_homes(&mut self, view: &View<'_>) {
        let facts = view.facts(FactKind::Route, Role::Definition);
        let found = facts.iter().filter(|fact| fact.item == WHOLE && is_found(fact.file));
        let files: BTreeMap<&str, FileRef<'_>> =
            found.map(|fact| (fact.file.path(), fact.file)).collect();
        if files.is_empty() {
            return;
        }
        let modules: BTreeSet<&str> = view
            .files()
            .filter(|file| is_manifest(file.name()))
            .map(|file| file.folder())
            .collect();
        // Where the program puts prefixes before some routes, only those of a file are alike.
        let prefixed = view.find_key(FactKind::Mount, Role::Reference, WHOLE, |_| true);
        let several = self.several(view, &modules);
        for (path, file) in files {
            let module = module_of(&modules, file.folder());
            let alone = prefixed || several.contains(module);
            let home = if alone { path } else { module };
            let id = self.home(home, path);
            self.homes.insert(path.to_owned(), id);
        }
    }

    /// Modules in which more than one application starts.
    fn several<'a>(&self, view: &View<'a>, modules: &BTreeSet<&'a str>) -> BTreeSet<&'a str> {
        let made = view.facts(FactKind::Mount, Role::Definition);
        let mut once = BTreeSet::new();
        let started = made.iter().filter(|fact| fact.item == "spring app");
        let modules = started.map(|fact| module_of(modules, fact.file.folder()));
        modules.filter(|module| !once.insert(*module)).collect()
    }

    /// The application of a module, named by the first file that has routes of it.
    fn home(&mut self, home: &str, file: &str) -> RouterId {
        let key = (home.to_owned(), WHOLE.to_owned());
        let fresh = self.routers.len();
        let id = *self.ids.entry(key).or_insert(fresh);
        if id == fresh {
            self.routers.push(Router {
                file: file.to_owned(),
                name: WHOLE.to_owned(),
                framework: FOUND.to_owned(),
                is_app: true,
                prefix: String::new(),
                mounts: Vec::new(),
                escapes: false,
            });
        }
        id
    }
}

fn is_found(file: FileRef<'_>) -> bool {
    matches!(file.dialect().language(), Language::Java | Language::CSharp)
}

fn is_manifest(name: &str) -> bool {
    matches!(name, "pom.xml" | "build.gradle" | "build.gradle.kts") || name.ends_with(".csproj")
}

/// The innermost module around a folder; the whole repository where there is none.
fn module_of<'a>(modules: &BTreeSet<&'a str>, folder: &str) -> &'a str {
    let mut above = folder;
    loop {
        if let Some(found) = modules.get(above) {
            return found;
        }
        let Some((outer, _)) = above.rsplit_once('/') else { return "" };
        above = outer;
    }
}
