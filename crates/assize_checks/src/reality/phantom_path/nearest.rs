//! What a missing path may have meant: something of the same name elsewhere in the tree.

use std::cmp::Reverse;

use assize_index::{FactRef, View};
use assize_model::FileClass;
use assize_syntax::Flags;

/// Classes of files that nobody means to refer to.
const SET_ASIDE: &[FileClass] = &[FileClass::Vendored, FileClass::Fixture, FileClass::Archive];

/// From how many candidates without another likeness one is still offered.
const CANDIDATES_MAX: usize = 3;

/// The file or folder of the same name that is closest to the path.
///
/// Some names stand in every other folder: then only one in a folder of the same name is offered,
/// since a wrong hint is worse than none.
pub(super) fn to(path: &FactRef<'_>, view: &View<'_>) -> Option<String> {
    let (folder, name) = path.key.rsplit_once('/').unwrap_or(("", path.key));
    if path.flags.has(Flags::GLOB) || name.is_empty() {
        return None;
    }
    let mut found: Vec<String> = view
        .files_named(name)
        .iter()
        .filter(|file| !SET_ASIDE.contains(&file.class()))
        .map(|file| file.path().to_owned())
        .collect();
    if found.is_empty() || path.flags.has(Flags::FOLDER) {
        found = folders_named(name, view);
    }
    let last = |path: &str| path.rsplit('/').next().map(str::to_owned);
    let alike = |other: &String| {
        let (above, _) = other.rsplit_once('/').unwrap_or(("", other));
        !folder.is_empty() && last(above) == last(folder)
    };
    if found.iter().any(alike) {
        found.retain(alike);
    } else if found.len() > if folder.is_empty() { CANDIDATES_MAX } else { 1 } {
        return None;
    }
    found.into_iter().min_by_key(|other| {
        (Reverse(shared_parts(path.key, other)), other.matches('/').count(), other.clone())
    })
}

fn folders_named(name: &str, view: &View<'_>) -> Vec<String> {
    let inside = format!("/{name}/");
    let first = format!("{name}/");
    let mut found: Vec<String> = Vec::new();
    for file in view.files() {
        let path = file.path();
        let end = if path.starts_with(&first) {
            Some(name.len())
        } else {
            path.find(&inside).map(|at| at + inside.len() - 1)
        };
        let Some(folder) = end.and_then(|end| path.get(..end)) else { continue };
        if found.last().is_none_or(|last| last != folder) {
            found.push(folder.to_owned());
        }
    }
    found
}

/// How many folders from the root on both paths share.
fn shared_parts(one: &str, other: &str) -> usize {
    one.split('/').zip(other.split('/')).take_while(|(a, b)| a == b).count()
}
