//! Rust: `mod name;` takes in a file beside the one that says so.
//!
//! Only files whose modules lie in their own folder whatever the manifest says tell such imports;
//! paths of `use` are the compiler's business.

use super::Resolution;
use crate::{FactRef, FileRef, View};

pub(super) fn resolve(file: FileRef<'_>, import: &FactRef<'_>, view: &View<'_>) -> Resolution {
    let Some(name) = import.key.strip_prefix("./") else { return Resolution::Unresolved };
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
