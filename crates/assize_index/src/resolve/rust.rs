//! Rust: `mod name;` takes in a file beside the one that says so, and a path of `use` begins with a
//! crate or with something that is in scope.
//!
//! Only files whose modules lie in their own folder whatever the manifest says tell where a module
//! lies. A build fails without a requirement for a crate, so that one which the nearest manifest
//! does not name is missing for certain, where nothing in scope can bear its name.

use assize_syntax::{FactKind, Flags, Parsed, Role};

use super::Resolution;
use super::python::may_come_with;
use crate::{FactRef, FileRef, View};

/// What needs no manifest.
const OWN: [&str; 10] = [
    "Self",
    "alloc",
    "core",
    "crate",
    "proc_macro",
    "rustc_driver",
    "self",
    "std",
    "super",
    "test",
];
/// Files of builds that read no manifest.
const OTHER_BUILDS: [&str; 4] = ["BUCK", "BUILD", "BUILD.bazel", "BUILD.gn"];

pub(super) fn resolve(file: FileRef<'_>, import: &FactRef<'_>, view: &View<'_>) -> Resolution {
    match import.key.strip_prefix("./") {
        Some(name) => module(file, name, view),
        None => path(file, import, view),
    }
}

fn module(file: FileRef<'_>, name: &str, view: &View<'_>) -> Resolution {
    let stem = match file.folder() {
        "" => name.to_owned(),
        folder => format!("{folder}/{name}"),
    };
    let expected = format!("{stem}.rs");
    if view.is_file(&expected) || view.is_file(&format!("{stem}/mod.rs")) {
        Resolution::Local
    } else {
        Resolution::NoModule { expected, nearest: None }
    }
}

/// A path of `use`, by what it begins with.
fn path(file: FileRef<'_>, import: &FactRef<'_>, view: &View<'_>) -> Resolution {
    let first = import.key.trim_start_matches("::").split("::").next().unwrap_or("");
    let name = first.trim_start_matches("r#");
    let plain = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if OWN.contains(&name) || name.is_empty() || !plain {
        return Resolution::External;
    }
    let path = file.repo_path();
    let manifest = path.ancestors().find_map(|folder| view.file(&joined(folder, "Cargo.toml")));
    let Some(manifest) = manifest.filter(|one| one.parsed() == Parsed::Valid) else {
        return Resolution::Unresolved;
    };
    match declares(manifest, name) {
        Declared::Yes => return Resolution::External,
        Declared::Unclear => return Resolution::Unresolved,
        Declared::No => {}
    }
    let workspace = [name.to_owned(), name.replace('_', "-")];
    if workspace.iter().any(|name| {
        view.has(FactKind::Project, Role::Definition, &format!("cargo:{name}"))
            || view.has(FactKind::Package, Role::Definition, &format!("said:{name}"))
    }) {
        return Resolution::Unresolved;
    }
    let other = OTHER_BUILDS.iter().any(|name| view.is_file(&joined(manifest.folder(), name)));
    if other || import.flags.has(Flags::NESTED) || may_be_in_scope(file, manifest, name, view) {
        return Resolution::Unresolved;
    }
    Resolution::Undeclared { package: name.replace('_', "-"), certain: true }
}

enum Declared {
    Yes,
    No,
    /// Something that is declared may bear the name in code.
    Unclear,
}

fn declares(manifest: FileRef<'_>, name: &str) -> Declared {
    let named = |key: &str| key.split_once(':').map_or("", |(_, name)| name).replace('-', "_");
    let projects = manifest.facts_of(FactKind::Project, Role::Definition);
    let packages = manifest.facts_of(FactKind::Package, Role::Definition);
    let cargo = |fact: &FactRef<'_>| fact.key.starts_with("cargo:");
    let mut known = projects.chain(packages).filter(cargo).map(|fact| named(fact.key)).peekable();
    if known.peek().is_none() {
        return Declared::Unclear;
    }
    let mut alike = false;
    for one in known {
        if one == name {
            return Declared::Yes;
        }
        alike |= may_come_with(name, &one);
    }
    if alike { Declared::Unclear } else { Declared::No }
}

/// Whether something in scope may bear the name: of the file itself, brought by another import or
/// by a star, or a module that lies below the manifest.
fn may_be_in_scope(file: FileRef<'_>, manifest: FileRef<'_>, name: &str, view: &View<'_>) -> bool {
    let mut imports = file.facts_of(FactKind::Import, Role::Reference);
    let brought = imports.any(|one| {
        one.value == name || one.item == name || one.value == "*" && !one.key.starts_with("std")
    });
    let below = |path: &str| {
        let folder = manifest.folder();
        folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
    };
    brought
        || file.facts_of(FactKind::Symbol, Role::Definition).any(|symbol| symbol.key == name)
        || view.files_named(&format!("{name}.rs")).iter().any(|one| below(one.path()))
        || view
            .files_named("mod.rs")
            .iter()
            .any(|one| below(one.path()) && one.folder().rsplit('/').next() == Some(name))
}

fn joined(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}
