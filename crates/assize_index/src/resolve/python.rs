//! Module look-up of Python.
//!
//! Where a module is looked for cannot be read off one file: the folder of the script that was
//! started, `PYTHONPATH`, what is installed. So the look-up tries every folder that may be a
//! source root, and says that something is missing only where no reading of the tree has it.

pub(super) mod distributions;
mod lookup;
mod manifests;
mod names;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use assize_syntax::{
    FactKind, FileFlags, Flags, Parsed, Role, normalise_python_name, python_stdlib, top_segment,
};

use self::lookup::{Found, begins, find, is_module, is_of_namespace, relative, resolve_in};
pub use self::manifests::may_come_with;
use self::manifests::{Manifests, key};
use crate::resolve::{Resolution, nearest};
use crate::{FactRef, FileRef, View};

/// How long a name must be for another that begins with it to be that of a fork.
const FORKED_MIN: usize = 8;
/// How many star imports in a row are followed to find a name.
const STAR_DEPTH_MAX: u32 = 8;
/// Endings of files that are modules, but whose names cannot be read.
const BINARY_ENDINGS: [&str; 5] = [".so", ".pyd", ".pyx", ".pyc", ".abi3.so"];

/// Source roots, gathered once per pass.
#[derive(Debug, Default)]
pub struct PythonWorld {
    /// Folder, and whether its word holds for every file: what a manifest, a Dockerfile or a
    /// pipeline says does; what one script adds to its own search path does not.
    roots: Vec<(String, bool)>,
    /// Files and folders whose modules are found in folders that cannot be told, or replaced.
    open: BTreeSet<String>,
    manifests: OnceLock<Manifests>,
    /// The first segments of all modules that Python imports.
    imported: OnceLock<Vec<names::Words>>,
    /// Candidates that were found, by folder of the importing file and first segment.
    known: Mutex<Known>,
}

/// Candidates by folder of the importing file and first segment.
type Known = HashMap<(String, String), Arc<[Candidate]>>;

/// A folder in which the first segment of a module was found.
#[derive(Debug)]
struct Candidate {
    root: String,
    /// It is a module or a package with `__init__`, not a mere folder with sources.
    certain: bool,
}

impl PythonWorld {
    pub(crate) fn new(view: &View<'_>) -> Self {
        let mut roots: BTreeMap<String, bool> = BTreeMap::new();
        let mut open = BTreeSet::new();
        for fact in view.facts(FactKind::SourceRoot, Role::Definition) {
            if fact.flags.has(Flags::UNRESOLVED) {
                // What is done before the tests of a folder holds for all of them.
                let file = fact.file;
                let holds = if file.name() == "conftest.py" && !file.folder().is_empty() {
                    file.folder()
                } else {
                    file.path()
                };
                open.insert(holds.to_owned());
            } else {
                *roots.entry(fact.key.to_owned()).or_default() |= fact.value != "sys.path";
            }
        }
        let roots = roots.into_iter().collect();
        Self {
            roots,
            open,
            manifests: OnceLock::new(),
            imported: OnceLock::new(),
            known: Mutex::default(),
        }
    }

    fn manifests(&self, view: &View<'_>) -> &Manifests {
        self.manifests.get_or_init(|| Manifests::new(view))
    }

    /// Whether a declared package is known to depend on this one, so that it may be named only for
    /// its version.
    pub(super) fn may_be_depended_on(&self, name: &str, view: &View<'_>) -> bool {
        self.manifests(view).may_be_depended_on(name)
    }

    /// Whether something is imported whose name is like that of the package.
    pub(super) fn imports_alike(&self, name: &str, view: &View<'_>) -> bool {
        let package = names::Words::of(name);
        let modules = self.imported.get_or_init(|| manifests::imported(view));
        modules.iter().any(|module| module.may_come_with(&package))
    }

    /// What an import means.
    pub fn resolve(&self, file: FileRef<'_>, import: &FactRef<'_>, view: &View<'_>) -> Resolution {
        let module = import.key;
        let level = module.bytes().take_while(|byte| *byte == b'.').count();
        if level > 0 {
            let rest = module.get(level..).unwrap_or("");
            return match relative(file, level, rest, import.value, view) {
                Resolution::NoModule { expected, .. } if is_of_namespace(&expected, view) => {
                    Resolution::Unresolved
                }
                found => found,
            };
        }
        let top = top_segment(module);
        if python_stdlib(top) {
            return Resolution::External;
        }
        let candidates = self.candidates(file, top, view);
        let open = self.is_open(file);
        let mut missing = None;
        let mut own = false;
        for candidate in candidates.iter() {
            match resolve_in(&candidate.root, module, import.value, view) {
                found @ (Resolution::Local | Resolution::Unresolved) => return found,
                gone if candidate.certain
                    && missing.is_none()
                    && (self.is_firm(&candidate.root, file, view)
                        || begins(&candidate.root, module, view)) =>
                {
                    own = is_of_project(&candidate.root, top, view);
                    missing = Some(gone);
                }
                _ => {}
            }
        }
        // That a project bears the name of its package declares nothing beyond its own sources.
        if own && !open {
            return missing.unwrap_or(Resolution::Unresolved);
        }
        if let found @ (Resolution::External | Resolution::Unresolved) = self.declared(top, view) {
            return found;
        }
        if open {
            return Resolution::Unresolved;
        }
        if let Some(missing) = missing {
            return missing;
        }
        if !candidates.is_empty()
            || exists_elsewhere(top, view)
            || !self.manifests(view).reach(file)
            || self.manifests(view).may_bring(file, top, import.flags)
        {
            return Resolution::Unresolved;
        }
        let certain = self.manifests(view).locked(file);
        Resolution::Undeclared { package: distributions::likely(top), certain }
    }

    /// The file in which a module lies.
    pub(crate) fn module<'a>(
        &self,
        file: FileRef<'a>,
        module: &str,
        view: &View<'a>,
    ) -> Option<FileRef<'a>> {
        if module.starts_with('.') {
            return star(file, module, view);
        }
        let candidates = self.candidates(file, top_segment(module), view);
        candidates.iter().find_map(|one| match find(&one.root, module, view) {
            Found::File(found) => Some(found),
            _ => None,
        })
    }

    /// The folders in which the first segment of a module lies, most likely first.
    fn candidates(&self, file: FileRef<'_>, top: &str, view: &View<'_>) -> Arc<[Candidate]> {
        let key = (file.folder().to_owned(), top.to_owned());
        // A lock that a panic poisoned still guards a sound map: entries are only ever added.
        let known = |key| {
            let map = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            map.get(key).map(Arc::clone)
        };
        if let Some(found) = known(&key) {
            return found;
        }
        let found: Arc<[Candidate]> = self.find_candidates(file, top, view).into();
        let mut map = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(map.entry(key).or_insert(found))
    }

    /// Whether a manifest, an image or a pipeline names the folder as a source root.
    fn named(&self, root: &str) -> bool {
        self.roots.iter().any(|(folder, for_all)| folder == root && *for_all)
    }

    fn find_candidates(&self, file: FileRef<'_>, top: &str, view: &View<'_>) -> Vec<Candidate> {
        let path = file.repo_path();
        let own = path.ancestors().map(|above| (above.to_owned(), true));
        let sources = path.ancestors().map(|above| (join(above, "src"), true));
        let folders = own.chain(sources).chain(self.roots.iter().cloned());
        let mut seen = BTreeSet::new();
        folders
            .filter(|(root, _)| seen.insert(root.clone()))
            .filter_map(|(root, for_all)| {
                let base = join(&root, top);
                let certain = view.is_file(&format!("{base}.py"))
                    || view.is_file(&format!("{base}/__init__.py"));
                let there = certain
                    || view.is_opaque(&base)
                    || view.is_file(&format!("{base}.pyi"))
                    || has_binary(&base, view)
                    || holds_python(&base, view);
                // A folder inside a package is no place from which Python looks modules up, and a
                // module does not import itself: `redis.py` that imports `redis` means the package.
                let inside = view.is_file(&join(&root, "__init__.py"));
                let itself = path.as_str() == format!("{base}.py");
                let certain = certain && for_all && !itself && (!inside || self.named(&root));
                there.then_some(Candidate { root, certain })
            })
            .collect()
    }

    /// Whether modules are surely looked for in a folder: it is the root, or that of a project by
    /// its manifest or its `assize.toml`, the one of the script, or something names it. Any other
    /// folder above may hold a package that only shares its name with one of somebody else.
    fn is_firm(&self, root: &str, file: FileRef<'_>, view: &View<'_>) -> bool {
        root.is_empty()
            || root == file.folder()
            || root == "src"
            || root.ends_with("/src")
            || self.named(root)
            || self.manifests(view).is_home(root)
            || view.is_file(&join(root, "assize.toml"))
    }

    /// Whether what the file imports may lie where nothing tells.
    fn is_open(&self, file: FileRef<'_>) -> bool {
        self.open.contains(file.path())
            || file.repo_path().ancestors().any(|folder| self.open.contains(folder))
    }

    /// Whether a manifest declares the package that brings this module.
    fn declared(&self, top: &str, view: &View<'_>) -> Resolution {
        if distributions::brought_by_runtime(top) {
            return Resolution::Unresolved;
        }
        let mut locked = false;
        for name in distributions::names(top) {
            for fact in view.lookup(FactKind::Package, Role::Definition, &key(&name)) {
                if !fact.flags.has(Flags::LOCKED) {
                    return Resolution::External;
                }
                locked = true;
            }
        }
        // A namespace is shared by many distributions: google-cloud-storage brings `google`.
        let prefix = format!("py:{}-", normalise_python_name(top));
        let project = key(top);
        // Forks add something to the name of what they continue: `pydantic-to-typescript2`.
        let forked = distributions::names(top).iter().any(|name| {
            name.len() >= FORKED_MIN
                && view.any_key_starts_with(FactKind::Package, Role::Definition, &key(name))
        });
        if forked
            || view.has(FactKind::Project, Role::Definition, &project)
            || view.any_key_starts_with(FactKind::Package, Role::Definition, &prefix)
        {
            return Resolution::External;
        }
        if locked {
            Resolution::Unresolved
        } else {
            Resolution::Undeclared { package: String::new(), certain: false }
        }
    }
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

fn has_binary(base: &str, view: &View<'_>) -> bool {
    view.files_starting_with(&format!("{base}."))
        .any(|file| BINARY_ENDINGS.iter().any(|ending| file.path().ends_with(ending)))
}

/// Whether a source root lies in a project that is named like the module.
fn is_of_project(root: &str, top: &str, view: &View<'_>) -> bool {
    view.lookup(FactKind::Project, Role::Definition, &key(top)).into_iter().any(|project| {
        let folder = project.file.folder();
        folder.is_empty()
            || root
                .strip_prefix(folder)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

/// Whether Python sources lie directly in this folder or one below it.
fn holds_python(folder: &str, view: &View<'_>) -> bool {
    view.files_under(folder).take(2048).any(|file| file.name().ends_with(".py"))
}

/// Whether a module of this name lies anywhere in the tree.
fn exists_elsewhere(top: &str, view: &View<'_>) -> bool {
    !view.files_named(&format!("{top}.py")).is_empty()
        || view.files_named("__init__.py").iter().any(|file| {
            file.folder().rsplit('/').next() == Some(top)
        })
        // A link to another repository of that name, or a folder behind a link.
        || !view.files_named(top).is_empty()
        || !view.files_named(&top.replace('_', "-")).is_empty()
}

/// Modules that a build writes: protocol stubs, version files.
fn made_by_a_tool(base: &str) -> bool {
    let name = base.rsplit('/').next().unwrap_or(base);
    ["_pb2", "_pb2_grpc", "_grpc"].iter().any(|ending| name.ends_with(ending))
        || matches!(name, "_version" | "version" | "__version__" | "_build" | "_generated")
}

fn defines(file: FileRef<'_>, name: &str) -> bool {
    file.facts_of(FactKind::Symbol, Role::Definition).any(|fact| fact.key == name)
}

/// A decorator may hand `_settings` out as `settings`; `django-simple-history` puts the class
/// `HistoricalOrder` beside `Order`, and `django-pghistory` the class `OrderEvent`.
fn is_made_from_another(file: FileRef<'_>, name: &str) -> bool {
    defines(file, &format!("_{name}"))
        || name.strip_prefix("Historical").is_some_and(|of| defines(file, of))
        || name.strip_suffix("Event").is_some_and(|of| !of.is_empty() && defines(file, of))
        || file.facts_of(FactKind::Import, Role::Reference).any(|one| one.key == "pghistory")
            && name.ends_with("Event")
}

fn name_in(file: FileRef<'_>, folder: &str, name: &str, view: &View<'_>) -> Resolution {
    if name == "*" || name.starts_with("__") || is_module(&join(folder, name), view) {
        return Resolution::Local;
    }
    match offers(file, name, view, STAR_DEPTH_MAX) {
        Offer::Yes => Resolution::Local,
        Offer::Unknown => Resolution::Unresolved,
        Offer::No if made_by_a_tool(name) || is_made_from_another(file, name) => {
            Resolution::Unresolved
        }
        Offer::No => {
            let symbols: Vec<&str> =
                file.facts_of(FactKind::Symbol, Role::Definition).map(|fact| fact.key).collect();
            Resolution::NoSymbol {
                module: file.path().to_owned(),
                name: name.to_owned(),
                nearest: nearest(name, symbols.into_iter()),
            }
        }
    }
}

enum Offer {
    Yes,
    No,
    Unknown,
}

/// Whether importers of a module can have a name, through star imports as well.
fn offers(file: FileRef<'_>, name: &str, view: &View<'_>, depth: u32) -> Offer {
    if file.parsed() != Parsed::Valid || file.flags().has(FileFlags::OPEN_EXPORTS) {
        return Offer::Unknown;
    }
    let mut unknown = false;
    for fact in file.facts() {
        match (fact.kind, fact.role) {
            (FactKind::Symbol, Role::Definition) if fact.key == name => return Offer::Yes,
            (FactKind::Import, Role::Reference) if fact.flags.has(Flags::REEXPORT) => {
                match star(file, fact.key, view) {
                    Some(module) if depth > 0 => match offers(module, name, view, depth - 1) {
                        Offer::Yes => return Offer::Yes,
                        Offer::Unknown => unknown = true,
                        Offer::No => {}
                    },
                    _ => unknown = true,
                }
            }
            _ => {}
        }
    }
    if unknown { Offer::Unknown } else { Offer::No }
}

/// The module of ours that a star import means, where that is certain: relative ones, and those
/// found from a folder above.
fn star<'a>(file: FileRef<'a>, module: &str, view: &View<'a>) -> Option<FileRef<'a>> {
    let level = module.bytes().take_while(|byte| *byte == b'.').count();
    let path = file.repo_path();
    let roots: Vec<&str> = if level > 0 {
        path.ancestors().skip(level - 1).take(1).collect()
    } else {
        path.ancestors().collect()
    };
    let rest = module.get(level..)?;
    roots.into_iter().find_map(|root| {
        if rest.is_empty() {
            return view.file(&join(root, "__init__.py"));
        }
        match find(root, rest, view) {
            Found::File(found) => Some(found),
            _ => None,
        }
    })
}
