//! Whether a module has a name, through `export *` as well.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, RwLock};

use assize_syntax::{FactKind, FileFlags, Flags, Language, Parsed, Role};

use super::JavaScriptWorld;
use crate::{FileRef, View};

/// How far re-exports are followed.
const DEPTH_MAX: u32 = 8;
/// How many modules one module may pass on.
const MODULES_MAX: usize = 2_000;

/// Whether a module has a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Has {
    Yes,
    No,
    Unknown,
}

/// The modules whose names a module has.
#[derive(Debug, Default)]
struct Closure {
    paths: BTreeSet<String>,
    /// Some names cannot be known.
    open: bool,
}

/// Closures by path, made when they are first asked for. The answers do not depend on the order.
#[derive(Debug, Default)]
pub(super) struct Closures(RwLock<BTreeMap<String, Arc<Closure>>>);

impl Closures {
    pub(super) fn has(
        &self,
        world: &JavaScriptWorld,
        path: &str,
        name: &str,
        view: &View<'_>,
    ) -> Has {
        let Some(file) = view.file(path) else { return Has::Unknown };
        if is_open(file) {
            return Has::Unknown;
        }
        // Nearly every default export is called so: the file's own facts are fewer.
        if name == "default" {
            let mut own = file.facts_of(FactKind::Symbol, Role::Definition);
            return if own.any(|fact| fact.key == name) { Has::Yes } else { Has::No };
        }
        let definitions = view.lookup(FactKind::Symbol, Role::Definition, name);
        if definitions.iter().any(|fact| fact.file.path() == path) {
            return Has::Yes;
        }
        let closure = self.closure(world, file, view);
        if definitions.iter().any(|fact| closure.paths.contains(fact.file.path())) {
            Has::Yes
        } else if closure.open {
            Has::Unknown
        } else {
            Has::No
        }
    }

    fn closure(&self, world: &JavaScriptWorld, file: FileRef<'_>, view: &View<'_>) -> Arc<Closure> {
        if let Ok(known) = self.0.read()
            && let Some(closure) = known.get(file.path())
        {
            return Arc::clone(closure);
        }
        let closure = Arc::new(follow(world, file, view));
        if let Ok(mut known) = self.0.write() {
            known.insert(file.path().to_owned(), Arc::clone(&closure));
        }
        closure
    }
}

fn follow(world: &JavaScriptWorld, start: FileRef<'_>, view: &View<'_>) -> Closure {
    let mut closure = Closure::default();
    let mut open = vec![(start.path().to_owned(), 0)];
    while let Some((path, depth)) = open.pop() {
        if !closure.paths.insert(path.clone()) {
            continue;
        }
        let Some(file) = view.file(&path) else { continue };
        if is_open(file) || depth > DEPTH_MAX || closure.paths.len() > MODULES_MAX {
            closure.open = true;
            continue;
        }
        for star in file.facts_of(FactKind::Import, Role::Reference) {
            if star.value != "*" || !star.flags.has(Flags::REEXPORT) {
                continue;
            }
            match world.module(file, star.key, view) {
                Some(next) => open.push((next, depth + 1)),
                None => closure.open = true,
            }
        }
    }
    closure
}

/// Whether the names of the file are not all in the facts.
fn is_open(file: FileRef<'_>) -> bool {
    let language = file.dialect().language();
    !matches!(language, Language::JavaScript | Language::TypeScript)
        || file.parsed() != Parsed::Valid
        || file.flags().has(FileFlags::OPEN_EXPORTS)
        || file.flags().has(FileFlags::TEMPLATE)
}
