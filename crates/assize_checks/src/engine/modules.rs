//! Which imports may mean a module that changed.
//!
//! A name alone says little: half of a repository may import some `utils`. A module is reached by
//! its folder's name as well, wherever the look-up starts; so two parts of its path are compared
//! with two neighbouring parts of what the import names.

use std::collections::{BTreeMap, BTreeSet};

use assize_index::{FactRef, FileRef};
use assize_model::normalise;
use assize_syntax::{FactKind, Language, Role};

/// The files that stand for their folder.
const INDEX_STEMS: [&str; 2] = ["__init__", "index"];

/// Modules, each by the names that its folder and it may be called by. The folder of what lies at
/// the root has the empty name.
#[derive(Debug, Default)]
pub(super) struct Modules(BTreeMap<String, BTreeSet<String>>);

impl Modules {
    /// Adds the modules that a file may be: itself and, where it is an index, its folder.
    pub(super) fn add(&mut self, path: &str) {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        self.add_part(folder, name);
        if INDEX_STEMS.contains(&stem(name)) {
            self.add_folder(folder);
        }
    }

    /// Adds a folder, which may be a package.
    pub(super) fn add_folder(&mut self, folder: &str) {
        let (above, name) = folder.rsplit_once('/').unwrap_or(("", folder));
        self.add_part(above, name);
    }

    fn add_part(&mut self, folder: &str, name: &str) {
        let above = folder.rsplit('/').next().unwrap_or(folder);
        for above in names(above) {
            self.0.entry(above).or_default().extend(names(name));
        }
    }

    fn has(&self, above: &str, name: &str) -> bool {
        self.0.get(above).is_some_and(|known| known.contains(name) || known.contains(stem(name)))
    }

    /// Whether an import may lead to one of the modules, or to where one of them was.
    pub(super) fn may_be_meant(&self, import: &FactRef<'_>) -> bool {
        if let Some((folder, name)) = beside(import) {
            let (above, package) = folder.rsplit_once('/').unwrap_or(("", folder));
            let above = above.rsplit('/').next().unwrap_or(above);
            return above.is_empty() && self.names(package)
                || self.has(above, package)
                || !name.is_empty() && self.has(package, name);
        }
        let Some((parts, first)) = parts(import) else { return true };
        // The root has no name of its own.
        if parts.is_empty() {
            return true;
        }
        parts.iter().enumerate().skip(first).any(|(at, part)| {
            let above = at.checked_sub(1).and_then(|above| parts.get(above));
            // From where the look-up starts is not known.
            above.map_or_else(|| self.names(part), |above| self.has(above, part))
        })
    }

    /// Whether a module has this name, in whatever folder.
    fn names(&self, name: &str) -> bool {
        self.0.values().any(|known| known.contains(name) || known.contains(stem(name)))
    }
}

/// The parts of namespaces that something was declared in, or is now.
pub(super) fn namespaces(before: Option<FileRef<'_>>, after: Option<FileRef<'_>>) -> Vec<String> {
    let files = before.into_iter().chain(after);
    let all = files.flat_map(|file| file.facts_of(FactKind::Symbol, Role::Definition));
    let whole = all.filter_map(|symbol| symbol.key.strip_prefix("namespace:"));
    whole.flat_map(|name| name.split('.')).map(str::to_owned).collect()
}

/// The names by which a file or folder may be called: as it is, without its ending, and as a
/// Python name.
pub(super) fn names(part: &str) -> BTreeSet<String> {
    let stem = stem(part);
    let mut names = BTreeSet::from([part.to_owned(), stem.to_owned()]);
    if stem.contains('-') {
        names.insert(stem.replace('-', "_"));
    }
    names
}

fn stem(part: &str) -> &str {
    part.split('.').next().unwrap_or(part)
}

/// The folder of the file and the name that it imports from there, where it does that: so many
/// files of a large package do that they are not taken apart.
fn beside<'a>(import: &FactRef<'a>) -> Option<(&'a str, &'a str)> {
    let folder = import.file.folder();
    let python = import.file.dialect().language() == Language::Python;
    (import.key == "." && python && !folder.is_empty()).then_some((folder, import.value))
}

/// What an import names, part by part, and the first part that can be meant by it; nothing where
/// an alias or a manifest decides.
fn parts(import: &FactRef<'_>) -> Option<(Vec<String>, usize)> {
    let key = import.key;
    let folder = import.file.folder();
    let owned = |path: &str, separator: char| -> Vec<String> {
        path.split(separator).filter(|part| !part.is_empty()).map(str::to_owned).collect()
    };
    let python = import.file.dialect().language() == Language::Python;
    if key.contains('/') || !python && matches!(key, "." | "..") {
        let relative = ["./", "../"].iter().any(|start| format!("{key}/").starts_with(start));
        let path = key.split('?').next().unwrap_or(key);
        let path = relative.then(|| normalise(folder, path).ok()).flatten()?;
        return Some((owned(&path, '/'), 0));
    }
    let level = key.bytes().take_while(|byte| *byte == b'.').count();
    if level == 0 && !python {
        return None;
    }
    let mut parts = Vec::new();
    if level > 0 {
        let climbs = vec![".."; level - 1].join("/");
        parts = owned(&normalise(folder, &climbs).ok()?, '/');
    }
    let first = parts.len().saturating_sub(1);
    parts.extend(owned(key.get(level..)?, '.'));
    parts.extend((!import.value.is_empty()).then(|| import.value.to_owned()));
    Some((parts, first))
}
