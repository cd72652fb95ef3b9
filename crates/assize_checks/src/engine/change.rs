//! What differs between two views, and whose answers may differ because of it.
//!
//! Too many files are judged rather than too few. But a guard waits for the answer: the usual edit
//! of one module is to lead to its importers and to nobody else.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use assize_index::resolve::python::may_come_with;
use assize_index::{FactRef, FileRef, View, is_pattern, segments};
use assize_syntax::{Dialect, FactKind, Flags, Role, top_segment};

use crate::engine::modules::{self, Modules, names};
use crate::engine::recheck::is_private;
use crate::engine::tellers::{bounds, configures, is_plain_code};

/// The file that makes a folder a Python package, at the root and below it.
const PACKAGE_MARK: &str = "__init__.py";
const PACKAGE_MARK_BELOW: &str = "/__init__.py";

/// Kinds on which every look-up of a control rests: when a definition of one of them comes or goes,
/// all references are judged again.
const LOOKUP_KINDS: [FactKind; 7] = [
    FactKind::Package,
    FactKind::Path, // What git ignores.
    FactKind::Project,
    FactKind::SourceRoot,
    FactKind::ModuleAlias,
    FactKind::Target,
    FactKind::Words, // From what types are made.
];

/// Files that say what can be looked up even where they define nothing.
const LOOKUP_DIALECTS: [Dialect; 5] = [
    Dialect::Makefile,
    Dialect::PackageJson,
    Dialect::TsConfig,
    Dialect::Pyproject,
    // A script that it copies meets other files where it runs.
    Dialect::Dockerfile,
];

/// References to files as such.
const PATH_KINDS: [FactKind; 3] = [FactKind::Path, FactKind::Link, FactKind::Command];

/// How often a change is passed on by modules that export what others define.
const REEXPORT_ROUNDS_MAX: usize = 8;
/// How many files of a folder that a changed reference names are judged again.
const NAMED_MAX: usize = 64;

/// What differs between two views.
#[derive(Debug, Default)]
pub(super) struct Change {
    paths: BTreeSet<String>,
    /// Last segments by which imports may name what changed.
    tails: BTreeSet<String>,
    /// Last segments by which other references may name it.
    named: BTreeSet<String>,
    /// Segments by which references may name what came or went.
    segments: BTreeSet<String>,
    /// Names under which something else knows what changed: whatever is imported by them may mean
    /// it.
    aliases: BTreeSet<String>,
    /// What changed, came or went, or passes on what others define, as imports know it.
    modules: Modules,
    /// A file came or went.
    existence: bool,
    /// A package began or ceased to say what it holds: that concerns all modules in it.
    passage: bool,
    /// What importers can have changed.
    exports: bool,
    /// A file came or went that may say what others are: that documents are pages of a site.
    configuration: bool,
    /// What git ignores, what is fetched, or where a script or a project runs changed: that a path
    /// is missing may mean something else.
    surroundings: bool,
    /// A file from which look-ups start changed.
    lookup_file: bool,
    /// Definitions that came or went.
    definitions: BTreeMap<FactKind, BTreeSet<String>>,
    /// References that came or went.
    references: BTreeMap<FactKind, BTreeSet<String>>,
    /// The files whose references of a kind name what changed, once a control has asked.
    naming: RefCell<BTreeMap<FactKind, BTreeSet<String>>>,
}

impl Change {
    pub(super) fn of(old: View<'_>, new: View<'_>, paths: &BTreeSet<String>) -> Self {
        let mut change = Self { paths: paths.clone(), ..Self::default() };
        for path in paths {
            if !change.compare(old.file(path), new.file(path)) {
                continue;
            }
            change.add_names(path);
            change.tails.extend(modules::namespaces(old.file(path), new.file(path)));
            change.add_passage(path, old, new);
            if old.is_file(path) != new.is_file(path) {
                change.existence = true;
                change.configuration |= configures(path);
                // Whether a folder is a package decides from where Python looks modules up.
                change.lookup_file |= path == PACKAGE_MARK || path.ends_with(PACKAGE_MARK_BELOW);
                change.lookup_file |= bounds(path);
                change.add_segments(path, old, new);
                change.add_packages(path, old, new);
            }
        }
        change.lookup_file |= change.explains_a_package(old, new);
        if change.exports || change.existence {
            change.add_aliases(old);
            change.add_aliases(new);
        }
        if change.exports {
            change.follow_reexports(new);
        }
        change
    }

    /// Whether a declared package is now imported for the first time, or no more: whether it may
    /// bring other modules hangs on that.
    fn explains_a_package(&self, old: View<'_>, new: View<'_>) -> bool {
        let imports = self.references.get(&FactKind::Import);
        let tops: BTreeSet<&str> =
            imports.into_iter().flatten().map(|key| top_segment(key)).collect();
        tops.into_iter().filter(|top| !top.is_empty()).any(|top| {
            let imported = |view: View<'_>| {
                view.find_key(FactKind::Import, Role::Reference, top, |fact| {
                    fact.key.strip_prefix(top).is_some_and(|rest| !rest.starts_with('_'))
                })
            };
            imported(old) != imported(new)
                && new.find_key(FactKind::Package, Role::Definition, "py:", |package| {
                    may_come_with(top, package.key.trim_start_matches("py:"))
                })
        })
    }

    /// Whether the change holds this file.
    pub(super) fn touches(&self, path: &str) -> bool {
        self.paths.contains(path)
    }

    /// What is called by its own name and, where it may be what its folder is called for, by that
    /// of its folder.
    fn add_names(&mut self, path: &str) {
        self.add_tails(path);
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        self.named.extend(names(name));
        if !is_plain_code(name) {
            // A folder is also named with a slash at its end.
            self.named.insert(String::new());
            self.named.extend(names(folder.rsplit('/').next().unwrap_or(folder)));
        }
    }

    fn add_passage(&mut self, path: &str, old: View<'_>, new: View<'_>) {
        let state = |view: View<'_>| view.file(path).map(|file| (file.parsed(), file.flags()));
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        if !is_plain_code(name) && state(old) != state(new) {
            self.passage = true;
            self.segments.extend(names(folder.rsplit('/').next().unwrap_or(folder)));
        }
    }

    /// A module is imported by its file's name, or from its folder: `from . import name` ends with
    /// an empty segment.
    fn add_tails(&mut self, path: &str) {
        self.modules.add(path);
        self.tails.insert(String::new());
        for part in path.rsplit('/').take(2) {
            self.tails.extend(names(part));
        }
    }

    /// Adds what a path is called by, and each folder that came or went with it.
    fn add_segments(&mut self, path: &str, old: View<'_>, new: View<'_>) {
        let (mut above, name) = path.rsplit_once('/').unwrap_or(("", path));
        self.segments.extend(names(name));
        let mut stands_for_it = !is_plain_code(name);
        while !above.is_empty() {
            let moves = old.is_folder(above) != new.is_folder(above);
            if !moves && !stands_for_it {
                return;
            }
            let (folder, name) = above.rsplit_once('/').unwrap_or(("", above));
            self.segments.extend(names(name));
            self.modules.add_folder(above);
            if !moves {
                return;
            }
            stands_for_it = false;
            above = folder;
        }
    }

    /// Adds the folders that now hold their first Python module, or no more: each is a package
    /// without a mark.
    fn add_packages(&mut self, path: &str, old: View<'_>, new: View<'_>) {
        let mut above = path;
        while let Some((folder, _)) = above.rsplit_once('/') {
            if !path.ends_with(".py") || holds_python(folder, old) == holds_python(folder, new) {
                return;
            }
            self.modules.add_folder(folder);
            let name = folder.rsplit('/').next().unwrap_or(folder);
            self.tails.extend(names(name));
            self.segments.extend(names(name));
            above = folder;
        }
    }

    /// An importer may know a module by an alias, or by the name of its project.
    fn add_aliases(&mut self, view: View<'_>) {
        for kind in [FactKind::ModuleAlias, FactKind::Project] {
            for fact in view.facts(kind, Role::Definition) {
                let known = |names: &BTreeSet<String>| {
                    fact.value.split('/').filter(|part| !part.is_empty()).any(|part| {
                        names.contains(part) || names.contains(part.split('.').next().unwrap_or(""))
                    })
                };
                let name = fact.key.split_once(':').map_or(fact.key, |(_, name)| name);
                if known(&self.tails) {
                    let last = names(name.rsplit('/').next().unwrap_or(name));
                    self.tails.extend(last.iter().cloned());
                    self.named.extend(last.iter().cloned());
                    self.aliases.extend(last);
                }
                if known(&self.segments) {
                    self.segments.extend(segments(name).map(str::to_owned));
                    self.aliases.extend(segments(name).map(str::to_owned));
                }
            }
        }
    }

    /// Takes in what differs in one file, and says whether a file elsewhere may see it.
    fn compare(&mut self, before: Option<FileRef<'_>>, after: Option<FileRef<'_>>) -> bool {
        let class = |file: Option<FileRef<'_>>| file.map(|file| file.class());
        let state = |file: Option<FileRef<'_>>| file.map(|file| (file.parsed(), file.flags().0));
        let (old, new) = (sheet(before), sheet(after));
        // A file of another class is read by other controls: all of its facts count.
        let lines: Vec<&Line<'_>> = if class(before) == class(after) {
            old.symmetric_difference(&new).collect()
        } else {
            old.union(&new).collect()
        };
        for (kind, role, key, _, _, _, _) in &lines {
            let changed = match role {
                Role::Definition => &mut self.definitions,
                Role::Reference => &mut self.references,
            };
            changed.entry(*kind).or_default().insert((*key).to_owned());
        }
        let reads = |file: Option<FileRef<'_>>| {
            file.is_some_and(|file| LOOKUP_DIALECTS.contains(&file.dialect()))
        };
        let differs = !lines.is_empty() || state(before) != state(after);
        self.exports |= state(before) != state(after)
            || lines.iter().any(|line| matches!(line.0, FactKind::Symbol | FactKind::Import));
        self.surroundings |= lines.iter().any(|line| surrounds(line));
        self.lookup_file |= differs && (reads(before) || reads(after));
        state(before) != state(after)
            || class(before) != class(after)
            || lines.iter().any(|line| !is_private(line.0, line.1, Flags(line.5)))
    }

    /// Adds the modules that pass on what changed modules define: `from x import *`.
    fn follow_reexports(&mut self, view: View<'_>) {
        let mut fresh: BTreeSet<String> = self.tails.clone();
        let mut known = BTreeSet::new();
        for _ in 0..REEXPORT_ROUNDS_MAX {
            let passing: BTreeSet<String> = fresh
                .iter()
                .flat_map(|tail| view.referring(FactKind::Import, tail))
                .filter(|fact| fact.flags.has(Flags::REEXPORT) && self.means(fact))
                .map(|fact| fact.file.path().to_owned())
                .filter(|path| known.insert(path.clone()))
                .collect();
            if passing.is_empty() {
                return;
            }
            fresh = BTreeSet::from([String::new()]);
            for path in passing {
                self.add_tails(&path);
                fresh.extend(path.rsplit('/').take(2).flat_map(names));
            }
        }
    }

    /// Whether anything of the repository may now be served otherwise: how routers are put together
    /// hangs on all files that name them, and on what modules mean.
    fn moves_routes(&self) -> bool {
        let kinds = [FactKind::Route, FactKind::Mount];
        self.existence
            || self.exports
            || self.passage
            || self.lookup_file
            || kinds.iter().any(|kind| {
                self.definitions.contains_key(kind) || self.references.contains_key(kind)
            })
    }

    /// Whether an import that names something like what changed may mean it.
    fn means(&self, import: &FactRef<'_>) -> bool {
        self.modules.may_be_meant(import)
            || !self.aliases.is_empty()
                && segments(import.key).any(|part| {
                    self.aliases.contains(part)
                        || self.aliases.contains(part.split('.').next().unwrap_or(part))
                })
    }

    /// The files outside the change whose references of these kinds may now mean something else.
    pub(super) fn files(
        &self,
        view: View<'_>,
        reads: &[FactKind],
        refers: &[FactKind],
        all: bool,
    ) -> BTreeSet<String> {
        let mut files = BTreeSet::new();
        let rests = LOOKUP_KINDS.iter().any(|kind| reads.contains(kind));
        let all = all
            || rests && self.lookup_file
            || LOOKUP_KINDS
                .iter()
                .any(|kind| reads.contains(kind) && self.definitions.contains_key(kind));
        for kind in refers {
            let all = all
                || self.configuration && PATH_KINDS.contains(kind)
                || self.surroundings && matches!(kind, FactKind::Path | FactKind::Command);
            if all {
                self.add_files(view.referring_where(*kind, |_| true), &mut files);
            } else {
                let mut naming = self.naming.borrow_mut();
                files.extend(
                    naming.entry(*kind).or_insert_with(|| self.naming(view, *kind)).clone(),
                );
                // An import names a module, never a symbol alone.
                let own = reads
                    .iter()
                    .filter(|read| (*kind, **read) != (FactKind::Import, FactKind::Symbol));
                for key in own.filter_map(|read| self.definitions.get(read)).flatten() {
                    self.add_files(view.lookup(*kind, Role::Reference, key), &mut files);
                }
            }
            self.add_named(view, *kind, &mut files);
        }
        if refers.contains(&FactKind::Mount) && (all || self.moves_routes()) {
            for kind in [FactKind::Route, FactKind::Mount] {
                self.add_files(view.facts(kind, Role::Definition), &mut files);
            }
            self.add_files(view.facts(FactKind::Route, Role::Reference), &mut files);
        }
        if self.existence && refers.contains(&FactKind::Command) {
            self.add_manifests_above(view, &mut files);
        }
        files
    }

    /// Adds the package manifests above what came or went: whether one lies alone decides what it
    /// is.
    fn add_manifests_above(&self, view: View<'_>, files: &mut BTreeSet<String>) {
        for path in &self.paths {
            let mut above = path.as_str();
            while let Some((folder, _)) = above.rsplit_once('/') {
                let manifest = format!("{folder}/package.json");
                if view.is_file(&manifest) && !self.paths.contains(&manifest) {
                    files.insert(manifest);
                }
                above = folder;
            }
        }
    }

    /// The files outside the change with references of a kind that may name what changed.
    fn naming(&self, view: View<'_>, kind: FactKind) -> BTreeSet<String> {
        let imports = kind == FactKind::Import;
        let tails = if imports { &self.tails } else { &self.named };
        let mut facts = Vec::new();
        if self.existence || imports && self.passage {
            facts = view.referring_by(kind, &self.segments, |key| {
                // Elsewhere `?` begins a query.
                let globs = matches!(kind, FactKind::Path | FactKind::Command);
                is_pattern(key) && (!globs || self.may_match(key))
                    || segments(key).any(|part| self.segments.contains(part))
            });
        }
        for tail in tails {
            facts.extend(view.referring(kind, tail));
        }
        if imports {
            facts.retain(|fact| is_pattern(fact.key) || self.means(fact));
        }
        if matches!(kind, FactKind::Path | FactKind::Command) {
            facts.retain(|fact| !is_blind(fact));
        }
        let mut files = BTreeSet::new();
        self.add_files(facts, &mut files);
        files
    }

    /// Whether a pattern may stand for what came or went: its last part must fit, where it tells.
    fn may_match(&self, key: &str) -> bool {
        let last = key.trim_end_matches('/').rsplit('/').next().unwrap_or(key);
        last.contains(['{', '}', '[', ']', '\\', '$', '%', '!', '(', '<', ','])
            || matches!(last, "**" | "." | "..")
            || self.segments.iter().any(|name| assize_index::glob_matches(&[last], &[name]))
    }

    fn add_files(&self, facts: Vec<FactRef<'_>>, files: &mut BTreeSet<String>) {
        for fact in facts {
            if !self.paths.contains(fact.file.path()) && !files.contains(fact.file.path()) {
                files.insert(fact.file.path().to_owned());
            }
        }
    }

    /// Adds the files that a changed reference names: the Dockerfile of a build context is read by
    /// what the compose file says of it.
    fn add_named(&self, view: View<'_>, kind: FactKind, files: &mut BTreeSet<String>) {
        for key in self.references.get(&kind).into_iter().flatten() {
            let inside = view.files_under(key).filter(|file| file.folder() == key);
            for file in view.file(key).into_iter().chain(inside.take(NAMED_MAX)) {
                if !self.paths.contains(file.path()) {
                    files.insert(file.path().to_owned());
                }
            }
        }
    }

    /// The keys of the groups that may now look different.
    pub(super) fn group_keys(&self, view: View<'_>, kind: FactKind, all: bool) -> BTreeSet<String> {
        // A register of ports speaks about all ports of its project, also those that it leaves out.
        let comes = |kind| self.definitions.contains_key(&kind);
        let register = kind == FactKind::Port && (comes(kind) || comes(FactKind::Project));
        // Whether an image is ours hangs on the projects and on what is built; as whom a container
        // runs, on the script by which it starts.
        let image =
            kind == FactKind::Image && (comes(FactKind::Project) || comes(FactKind::Setting));
        let setting = kind == FactKind::Setting && comes(kind);
        if all || register || image || setting {
            let mut facts = view.facts(kind, Role::Definition);
            facts.extend(view.facts(kind, Role::Reference));
            return facts.into_iter().map(|fact| fact.key.to_owned()).collect();
        }
        let projects = self.definitions.get(&FactKind::Project);
        let projects = projects.filter(|_| kind == FactKind::Package);
        let changed = [self.definitions.get(&kind), self.references.get(&kind), projects];
        let mut keys: BTreeSet<String> = changed.into_iter().flatten().flatten().cloned().collect();
        for path in &self.paths {
            keys.extend(super::pass::keys_resting_on(view, kind, path));
        }
        keys
    }
}

/// Whether a reference means the same whatever there is: it cannot be looked up, or only says what
/// comes later.
fn is_blind(fact: &FactRef<'_>) -> bool {
    fact.flags.has(Flags::UNRESOLVED) || fact.item == "built"
}

/// How many files of a folder are looked at.
const HELD_MAX: usize = 2048;

fn holds_python(folder: &str, view: View<'_>) -> bool {
    view.files_under(folder).take(HELD_MAX).any(|file| file.name().ends_with(".py"))
}

/// Whether a fact says of other paths whether they are to be there.
fn surrounds(line: &Line<'_>) -> bool {
    let (kind, role, _, _, item, flags, _) = line;
    let fetched = Flags::CREATED.with(Flags::FOLDER);
    *kind == FactKind::Path
        && (*role == Role::Definition
            || Flags(*flags).has(fetched)
            || matches!(*item, "copy-source" | "compose-file" | "project-directory"))
}

type Line<'a> = (FactKind, Role, &'a str, &'a str, &'a str, u32, u32);

fn sheet<'a>(file: Option<FileRef<'a>>) -> BTreeSet<Line<'a>> {
    file.into_iter()
        .flat_map(|file| file.facts())
        .map(|fact| {
            let FactRef { kind, role, key, value, item, flags, number, .. } = fact;
            (kind, role, key, value, item, flags.0, number)
        })
        .collect()
}
