//! Absolute paths without `.` and `..`.

use crate::Surroundings;

/// A path that a tool takes: relative to the working folder; `~` is the home folder.
pub(super) fn of_tool(path: &str, surroundings: &Surroundings) -> Option<String> {
    match path.strip_prefix('~') {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => {
            absolute(&format!("{}{rest}", surroundings.home), &surroundings.folder)
        }
        _ => absolute(path, &surroundings.folder),
    }
}

/// `path` seen from `folder`. Nothing where no file can have that name.
pub(super) fn absolute(path: &str, folder: &str) -> Option<String> {
    if path.is_empty() || path.contains('\0') {
        return None;
    }
    let whole = if path.starts_with('/') { path.to_owned() } else { format!("{folder}/{path}") };
    let mut parts: Vec<&str> = Vec::new();
    for part in whole.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    (!parts.is_empty()).then(|| format!("/{}", parts.join("/")))
}
