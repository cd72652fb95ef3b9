//! Patterns of paths against the tree.

use assize_index::{View, glob_matches};

/// Whether any file or folder of the tree matches.
pub(crate) fn any(view: &View<'_>, pattern: &str) -> bool {
    let parts: Vec<&str> = pattern.split('/').collect();
    let literal = parts.iter().take_while(|part| !part.contains(['*', '?', '['])).count();
    if literal == parts.len() {
        return view.exists(pattern);
    }
    let folder = parts.get(..literal).unwrap_or_default().join("/");
    let wanted = parts.get(literal..).unwrap_or_default();
    view.files_under(&folder).any(|file| {
        let rest = file.path().get(folder.len()..).unwrap_or("").trim_start_matches('/');
        glob_matches(wanted, &rest.split('/').collect::<Vec<_>>())
    })
}
