//! Module aliases of compilers and bundlers, and modules that are declared without a file.

use std::collections::{BTreeMap, BTreeSet};

use assize_syntax::{FactKind, Role};

use super::modules::{self, Module};
use super::{ancestors, within};
use crate::{FactRef, View};

/// How far `extends` is followed.
const EXTENDS_MAX: u32 = 8;

/// What an alias leads to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Match {
    File(String),
    /// A module in a base folder, which may share its name with a package.
    Base(String),
    Local,
    /// The alias is known, its target is not.
    Unknown,
    /// The alias and its target are known, and nothing is there.
    Missing(String),
    None,
}

/// A pattern and where it leads; an empty target is not known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Alias {
    pattern: String,
    target: String,
}

/// All aliases, by the folder for which they hold.
#[derive(Debug, Default)]
pub(super) struct Aliases {
    folders: BTreeMap<String, BTreeSet<Alias>>,
    /// Folders whose configuration rests on one that is not in the repository.
    open: BTreeSet<String>,
    root_dirs: BTreeSet<String>,
    declared: BTreeSet<String>,
    /// Declared patterns, such as `*.svg`, as what stands before and after the star.
    patterns: Vec<(String, String)>,
    /// Last parts of the relative modules that some file adds names to.
    augmented: BTreeSet<String>,
}

/// One configuration file before its `extends` are followed.
#[derive(Debug, Default)]
struct Configuration {
    folder: String,
    aliases: BTreeSet<Alias>,
    extends: Vec<String>,
}

impl Configuration {
    /// The aliases of an extended configuration that has no base folder, as they are with that of
    /// the one that extends it.
    fn moved_to(&self, user: &Self) -> Vec<Alias> {
        let base_of = |one: &Self| {
            one.aliases
                .iter()
                .find(|alias| alias.pattern == "*")
                .and_then(|alias| alias.target.strip_suffix('*'))
                .map(str::to_owned)
        };
        let (Some(base), None) = (base_of(user), base_of(self)) else { return Vec::new() };
        let own = within(&self.folder, "");
        let below = |target: &str| {
            let rest = target.strip_prefix(own.as_str())?;
            Some(format!("{base}{}", rest.trim_start_matches('/')))
        };
        self.aliases
            .iter()
            .filter_map(|alias| {
                let target = below(&alias.target)?;
                Some(Alias { pattern: alias.pattern.clone(), target })
            })
            .collect()
    }
}

impl Aliases {
    pub(super) fn new(view: &View<'_>) -> Self {
        let mut all = Self::default();
        let mut configurations: BTreeMap<&str, Configuration> = BTreeMap::new();
        for fact in view.facts(FactKind::ModuleAlias, Role::Definition) {
            if fact.item == "declare" {
                all.declare(fact.key);
                continue;
            }
            let configuration = configurations.entry(fact.file.path()).or_default();
            all.take(&fact, configuration);
        }
        for path in configurations.keys() {
            all.follow(path, &configurations, view);
        }
        all
    }

    fn declare(&mut self, name: &str) {
        if name.starts_with('.') {
            let last = name.rsplit('/').next().unwrap_or(name);
            self.augmented.insert(last.split('.').next().unwrap_or(last).to_owned());
        }
        match name.split_once('*') {
            Some((before, after)) => self.patterns.push((before.to_owned(), after.to_owned())),
            None => {
                self.declared.insert(name.to_owned());
            }
        }
    }

    fn take(&mut self, fact: &FactRef<'_>, configuration: &mut Configuration) {
        fact.item.clone_into(&mut configuration.folder);
        match fact.key {
            "extends" => configuration.extends.push(fact.value.to_owned()),
            "rootDirs" => {
                self.root_dirs.insert(fact.item.to_owned());
            }
            pattern => {
                let alias = Alias { pattern: pattern.to_owned(), target: fact.value.to_owned() };
                configuration.aliases.insert(alias);
            }
        }
    }

    /// Gathers the aliases of one configuration and of those that it extends.
    fn follow(&mut self, path: &str, all: &BTreeMap<&str, Configuration>, view: &View<'_>) {
        let Some(first) = all.get(path) else { return };
        let mut open = vec![(path.to_owned(), 0)];
        let mut seen = BTreeSet::new();
        while let Some((path, depth)) = open.pop() {
            if depth > EXTENDS_MAX || !seen.insert(path.clone()) {
                continue;
            }
            let Some(configuration) = all.get(path.as_str()) else { continue };
            let own = self.folders.entry(first.folder.clone()).or_default();
            own.extend(configuration.aliases.iter().cloned());
            own.extend(configuration.moved_to(first));
            for target in &configuration.extends {
                match extended(target, view) {
                    Extended::File(next) => open.push((next, depth + 1)),
                    Extended::Missing => {
                        self.open.insert(first.folder.clone());
                    }
                    Extended::Foreign => {}
                }
            }
        }
    }

    /// What a specifier leads to by the aliases that hold in a folder, the nearest first.
    pub(super) fn find(&self, folder: &str, specifier: &str, view: &View<'_>) -> Match {
        let mut missing = None;
        let mut unknown = false;
        let mut made = false;
        for above in ancestors(folder) {
            unknown |= self.open.contains(above);
            for alias in self.folders.get(above).into_iter().flatten() {
                let Some(rest) = matches(&alias.pattern, specifier) else { continue };
                if alias.target.is_empty() {
                    unknown = true;
                    continue;
                }
                let path = tidy(&alias.target.replacen('*', rest, 1));
                // An alias into a folder that is not there is made true by something else.
                let base = alias.target.split('*').next().unwrap_or("");
                let base = base.rsplit_once('/').map_or("", |(base, _)| base);
                if alias.pattern != "*" && alias.target.contains('*') && !view.is_folder(base) {
                    unknown = true;
                    continue;
                }
                match modules::find(path.trim_end_matches('/'), path.ends_with('/'), view) {
                    Module::File(path) if alias.pattern == "*" => return Match::Base(path),
                    Module::File(path) => return Match::File(path),
                    Module::Folder => return Match::Local,
                    // A base folder says nothing of what is not in it.
                    Module::Missing if alias.pattern == "*" => {}
                    Module::Missing if modules::may_be_made(&path, view) => made = true,
                    Module::Missing => missing = missing.or(Some(path)),
                }
            }
        }
        match missing {
            Some(path) if !made => Match::Missing(path),
            _ if made || unknown => Match::Unknown,
            _ => Match::None,
        }
    }

    /// Whether some file declares this very module.
    pub(super) fn declares_exactly(&self, specifier: &str) -> bool {
        self.declared.contains(specifier)
    }

    /// Whether some file declares the module without there being one.
    pub(super) fn declares(&self, specifier: &str) -> bool {
        self.declared.contains(specifier)
            || self.patterns.iter().any(|(before, after)| {
                specifier.len() >= before.len() + after.len()
                    && specifier.starts_with(before.as_str())
                    && specifier.ends_with(after.as_str())
            })
    }

    /// Whether a configuration in reach lays several folders over each other.
    pub(super) fn has_root_dirs(&self, folder: &str) -> bool {
        ancestors(folder).any(|above| self.root_dirs.contains(above))
    }

    /// Whether some file may add names to the module at this path.
    pub(super) fn augments(&self, path: &str) -> bool {
        if self.augmented.is_empty() {
            return false;
        }
        let mut parts = path.rsplit('/');
        let stem = parts.next().unwrap_or(path).split('.').next().unwrap_or("");
        let stem = if stem == "index" { parts.next().unwrap_or(stem) } else { stem };
        self.augmented.contains(stem)
    }
}

/// A path without empty parts and dots: `@/components//x`, `@modules/.`.
fn tidy(path: &str) -> String {
    let slash = if path.ends_with('/') || path.ends_with("/.") { "/" } else { "" };
    let parts: Vec<&str> =
        path.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    parts.join("/") + slash
}

enum Extended {
    File(String),
    Missing,
    /// A package of others; these carry no aliases for our folders.
    Foreign,
}

/// The file that `extends` names. The path of a relative one is relative to the root.
fn extended(target: &str, view: &View<'_>) -> Extended {
    for candidate in [target.to_owned(), format!("{target}.json"), within(target, "tsconfig.json")]
    {
        if view.is_file(&candidate) {
            return Extended::File(candidate);
        }
    }
    let (name, rest) = match target.match_indices('/').nth(usize::from(target.starts_with('@'))) {
        Some((at, _)) => target.split_at(at),
        None => (target, "/tsconfig.json"),
    };
    let projects = view.lookup(FactKind::Project, Role::Definition, &format!("npm:{name}"));
    if let Some(project) = projects.first() {
        let path = within(project.value, rest.trim_start_matches('/'));
        for candidate in [path.clone(), format!("{path}.json")] {
            if view.is_file(&candidate) {
                return Extended::File(candidate);
            }
        }
        return Extended::Missing;
    }
    let package = view.has(FactKind::Package, Role::Definition, &format!("npm:{name}"));
    if package || target.starts_with('@') { Extended::Foreign } else { Extended::Missing }
}

/// What the star of a pattern stands for in a specifier; empty for a pattern without one.
fn matches<'s>(pattern: &str, specifier: &'s str) -> Option<&'s str> {
    match pattern.split_once('*') {
        None => (pattern == specifier).then_some(""),
        Some((before, after)) => {
            specifier.strip_prefix(before).and_then(|rest| rest.strip_suffix(after))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns() {
        assert_eq!(matches("@/*", "@/a/b"), Some("a/b"));
        assert_eq!(matches("@", "@"), Some(""));
        assert_eq!(matches("*", "a"), Some("a"));
        assert_eq!(matches("#x/*.js", "#x/a.js"), Some("a"));
        assert_eq!(matches("@/*", "@x/a"), None);
    }
}
