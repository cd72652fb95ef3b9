//! What a missing path may have meant: something of the same name elsewhere in the tree.

use std::cmp::Reverse;

use assize_index::{FactRef, View};
use assize_model::FileClass;
use assize_syntax::Flags;

/// The file or folder of the same name that is closest to the path.
pub(super) fn to(path: &FactRef<'_>, view: &View<'_>) -> Option<String> {
    let name = path.key.rsplit('/').next().filter(|name| !name.is_empty())?;
    if path.flags.has(Flags::GLOB) {
        return None;
    }
    let files = view.files_named(name);
    let mut found: Vec<String> = files
        .iter()
        .filter(|file| !matches!(file.class(), FileClass::Vendored | FileClass::Fixture))
        .map(|file| file.path().to_owned())
        .collect();
    if found.is_empty() || path.flags.has(Flags::FOLDER) {
        found = folders_named(name, view);
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
