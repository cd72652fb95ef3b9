//! Module look-up of JavaScript and TypeScript.
//!
//! A specifier is a path, an alias of a configuration, a name of the runtime or of a bundler, a
//! package of ours, or a package of someone else. Only what can be decided from the repository is
//! decided: an alias that a bundler computes, a module that a build makes, a package that some
//! other manifest declares are all unresolved.

mod aliases;
mod exports;
mod modules;
mod names;
mod similar;

use assize_model::normalise;
use assize_syntax::{Dialect, FactKind, Flags, Parsed, Role, normalise_python_name};

use self::aliases::{Aliases, Match};
use self::exports::{Closures, Has};
use self::modules::Module;
use crate::resolve::Resolution;
use crate::{FactRef, FileRef, View};

/// Aliases, declared modules and the exports that re-exports pass on.
#[derive(Debug, Default)]
pub struct JavaScriptWorld {
    aliases: Aliases,
    closures: Closures,
}

impl JavaScriptWorld {
    pub(crate) fn new(view: &View<'_>) -> Self {
        Self { aliases: Aliases::new(view), closures: Closures::default() }
    }

    /// What an import of a file means.
    pub fn resolve(&self, file: FileRef<'_>, import: &FactRef<'_>, view: &View<'_>) -> Resolution {
        let target = match self.target(file, import.key, import.flags, view) {
            // `./worker?worker`: a bundler makes a module of its own from the file.
            Target::File(_) if import.key.contains('?') => Target::Local,
            target => target,
        };
        let resolution = match target {
            Target::External => Resolution::External,
            Target::Local => Resolution::Local,
            Target::Unresolved => Resolution::Unresolved,
            Target::Undeclared(package) => {
                let certain = locked(file.folder(), view);
                Resolution::Undeclared { package, certain }
            }
            Target::Missing(expected) => {
                let nearest = similar::module(&expected, view);
                Resolution::NoModule { expected, nearest }
            }
            // What a CommonJS module exports is also its default for an ECMAScript module.
            Target::File(path)
                if import.value == "default"
                    && [".mts", ".mjs"].iter().any(|end| file.name().ends_with(end))
                    && ![".mts", ".mjs"].iter().any(|end| path.ends_with(end)) =>
            {
                Resolution::Local
            }
            Target::File(path) => self.symbol(&path, import.value, view),
        };
        let fails = !matches!(resolution, Resolution::Local | Resolution::External);
        // Who guards an import reckons with its absence; declarations are mostly written by tools,
        // and no build fails by them.
        let spared = import.flags.has(Flags::OPTIONAL) || file.dialect() == Dialect::Declarations;
        if fails && spared { Resolution::Unresolved } else { resolution }
    }

    fn symbol(&self, path: &str, name: &str, view: &View<'_>) -> Resolution {
        if name.is_empty() || name == "*" || self.aliases.augments(path) {
            return Resolution::Local;
        }
        match self.closures.has(self, path, name, view) {
            Has::Yes | Has::Unknown => Resolution::Local,
            Has::No => Resolution::NoSymbol {
                module: path.to_owned(),
                name: name.to_owned(),
                nearest: similar::symbol(path, name, view),
            },
        }
    }

    /// What a specifier leads to.
    fn target(&self, file: FileRef<'_>, written: &str, flags: Flags, view: &View<'_>) -> Target {
        if written.contains('!') || names::is_address(written) {
            // Loaders of a bundler, or an address.
            return if written.contains('!') { Target::Unresolved } else { Target::External };
        }
        let specifier = without_query(written);
        if is_relative(specifier) {
            return self.relative(file, specifier, view);
        }
        // `uno.css`: style sheets without a folder are mostly made by a bundler's plug-in.
        let bare_style = specifier.ends_with(".css") && !specifier.contains('/');
        if specifier.starts_with('/') || specifier.is_empty() || bare_style {
            return Target::Unresolved;
        }
        if names::is_builtin(specifier) || names::is_of_runtime(specifier) {
            return Target::External;
        }
        // Types that are written down elsewhere count, whatever lies at the place itself.
        if self.aliases.declares_exactly(written) {
            return Target::External;
        }
        match self.aliases.find(file.folder(), specifier, view) {
            Match::File(path) => return Target::File(path),
            Match::Base(path) => {
                return match package(file, specifier, flags, view) {
                    Target::External => Target::Local,
                    _ => Target::File(path),
                };
            }
            Match::Local => return Target::Local,
            Match::Unknown => {
                return match package(file, specifier, flags, view) {
                    found @ (Target::External | Target::Local) => found,
                    _ => Target::Unresolved,
                };
            }
            // What an alias does not lead to can still be a package of that name.
            Match::Missing(expected) => {
                return match package(file, specifier, flags, view) {
                    Target::Undeclared(_) | Target::Unresolved => Target::Missing(expected),
                    found => found,
                };
            }
            Match::None => {}
        }
        if self.aliases.declares(specifier) {
            return Target::External;
        }
        package(file, specifier, flags, view)
    }

    fn relative(&self, file: FileRef<'_>, specifier: &str, view: &View<'_>) -> Target {
        let Ok(path) = normalise(file.folder(), specifier) else { return Target::Unresolved };
        match modules::find(&path, specifier.ends_with('/'), view) {
            Module::File(path) => Target::File(path),
            Module::Folder => Target::Local,
            Module::Missing => {
                let hidden = modules::may_be_made(&path, view)
                    || self.aliases.has_root_dirs(file.folder())
                    || self.aliases.declares(specifier);
                if hidden { Target::Unresolved } else { Target::Missing(path) }
            }
        }
    }

    /// The file that a specifier leads to; `None` where that cannot be told.
    pub(crate) fn module(
        &self,
        file: FileRef<'_>,
        written: &str,
        view: &View<'_>,
    ) -> Option<String> {
        match self.target(file, written, Flags::NONE, view) {
            Target::File(path) => Some(path),
            _ => None,
        }
    }
}

/// Where a specifier leads.
enum Target {
    File(String),
    /// Something of ours whose names are not known.
    Local,
    External,
    Missing(String),
    Undeclared(String),
    Unresolved,
}

fn is_relative(specifier: &str) -> bool {
    specifier == "."
        || specifier == ".."
        || specifier.starts_with("./")
        || specifier.starts_with("../")
}

/// `./x.svg?raw` without its query. A leading `#` belongs to the name.
fn without_query(specifier: &str) -> &str {
    let end = specifier.find('?').unwrap_or(specifier.len());
    specifier.get(..end).unwrap_or(specifier)
}

/// A specifier that names a package: ours, declared in reach, declared elsewhere, or phantom.
fn package(file: FileRef<'_>, specifier: &str, flags: Flags, view: &View<'_>) -> Target {
    let Some(name) = names::package(specifier) else { return Target::Unresolved };
    let key = format!("npm:{name}");
    if view.has(FactKind::Project, Role::Definition, &key) {
        return Target::Local;
    }
    let folder = file.folder();
    match declared(folder, &key, view) {
        Declared::InReach => return Target::External,
        Declared::Elsewhere => return Target::Unresolved,
        Declared::Nowhere => {}
    }
    match declared(folder, &format!("npm:{}", names::types_of(name)), view) {
        Declared::InReach => return Target::External,
        Declared::Elsewhere => return Target::Unresolved,
        Declared::Nowhere => {}
    }
    let types = flags.has(Flags::TYPE_ONLY) && names::is_of_types_alone(name);
    let brought = !locked(folder, view) && names::often_transitive(name);
    let governed = closed(folder, view)
        || (flags.has(Flags::REQUIRED) && astray(folder, view) && !names::often_transitive(name));
    if types || brought || names::is_given_by_host(name) || !governed {
        return Target::Unresolved;
    }
    if view.has(FactKind::Package, Role::Definition, &said(name)) {
        return Target::Unresolved;
    }
    // `components/button`: found from a base folder that no configuration names.
    let first = specifier.split('/').next().unwrap_or(specifier);
    if starts_in_tree(folder, first, view) {
        return Target::Unresolved;
    }
    Target::Undeclared(name.to_owned())
}

/// The key under which a text speaks of a package.
fn said(name: &str) -> String {
    format!("said:{}", normalise_python_name(name))
}

/// Whether a lock file in reach says what an install brings.
fn locked(folder: &str, view: &View<'_>) -> bool {
    const LOCKS: [&str; 6] = [
        "package-lock.json",
        "npm-shrinkwrap.json",
        "yarn.lock",
        "pnpm-lock.yaml",
        "bun.lock",
        "rush.json",
    ];
    ancestors(folder).any(|above| LOCKS.iter().any(|lock| view.is_file(&within(above, lock))))
}

enum Declared {
    InReach,
    /// In a manifest that the file does not see, or only in a lock file.
    Elsewhere,
    Nowhere,
}

fn declared(folder: &str, key: &str, view: &View<'_>) -> Declared {
    let facts = view.lookup(FactKind::Package, Role::Definition, key);
    let reaches = |fact: &FactRef<'_>| {
        !fact.flags.has(Flags::LOCKED) && is_within(folder, fact.file.folder())
    };
    if facts.iter().any(reaches) {
        Declared::InReach
    } else if facts.is_empty() {
        Declared::Nowhere
    } else {
        Declared::Elsewhere
    }
}

fn is_within(path: &str, folder: &str) -> bool {
    folder.is_empty()
        || path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The folders from one up to the root.
fn ancestors(folder: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(folder), |current| {
        (!current.is_empty()).then(|| current.rsplit_once('/').map_or("", |(above, _)| above))
    })
}

fn within(folder: &str, name: &str) -> String {
    match (folder, name) {
        ("", name) => name.to_owned(),
        (folder, "") => folder.to_owned(),
        (folder, name) => format!("{folder}/{name}"),
    }
}

/// Whether every declaration that a file in this folder can see is known: there is a manifest in
/// reach, and all of them could be read.
fn closed(folder: &str, view: &View<'_>) -> bool {
    let mut manifests =
        ancestors(folder).filter_map(|above| view.file(&within(above, "package.json"))).peekable();
    manifests.peek().is_some() && manifests.all(|manifest| manifest.parsed() == Parsed::Valid)
}

/// Whether no manifest is in reach: `require` looks in the folders above alone, and finds nothing
/// there. What lies in the folder of a web page is loaded by something else.
fn astray(folder: &str, view: &View<'_>) -> bool {
    const SERVED: [&str; 8] =
        ["_static", "assets", "doc", "docs", "media", "public", "static", "www"];
    !ancestors(folder).any(|above| view.is_file(&within(above, "package.json")))
        && !folder.split('/').any(|part| SERVED.contains(&part))
}

/// Whether the first part of a specifier is a folder or a module beside the nearest manifest, or
/// in its source folder.
fn starts_in_tree(folder: &str, first: &str, view: &View<'_>) -> bool {
    let home = ancestors(folder).find(|above| view.is_file(&within(above, "package.json")));
    let home = home.unwrap_or("");
    ["", "src", "app", "lib", "source", "client"].iter().any(|base| {
        let path = within(&within(home, base), first);
        !matches!(modules::find(&path, false, view), Module::Missing) || view.is_folder(&path)
    })
}

#[cfg(test)]
mod tests;
