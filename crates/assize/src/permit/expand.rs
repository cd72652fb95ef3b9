//! Patterns of the configuration, turned into the files that there are.

use std::path::Path;

use assize_documents::fits;

/// More documents than this are not read before each change, but none of the first is left out.
const FILES_MAX: usize = 200;
/// Folders below folders, as far as anybody files documents.
const DEPTH_MAX: usize = 8;
const ENTRIES_MAX: usize = 5_000;
/// What documents are called. Diagrams and archives beside them are none.
const ENDINGS: [&str; 7] = ["md", "mdc", "markdown", "txt", "rst", "adoc", ""];

/// What a pattern means in a tree.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Files below the root, in order.
    pub(super) files: Vec<String>,
    /// Everything that the answer hangs on: files, folders, and what is not there.
    pub(super) watched: Vec<String>,
}

/// The files of a pattern.
pub(super) fn expand(root: &Path, pattern: &str) -> Found {
    let mut found = Found::default();
    let pattern = mapped(root, pattern.trim_start_matches("./"), &mut found.watched);
    let literal: Vec<&str> = pattern.split('/').take_while(|part| !is_open(part)).collect();
    let base = literal.join("/");
    let base = base.trim_end_matches('/');
    let is_plain = base == pattern.trim_end_matches('/');
    if is_plain && !root.join(base).is_dir() {
        found.watched.push(base.to_owned());
        if root.join(base).symlink_metadata().is_ok() {
            found.files.push(base.to_owned());
        }
        return found;
    }
    let whole = if is_plain { format!("{base}/**") } else { pattern.clone() };
    // Whoever wants one folder does not wait for those within.
    let deeper = pattern.split('/').count().saturating_sub(literal.len() + 1);
    let depth = if whole.contains("**") { DEPTH_MAX } else { deeper };
    walk(root, base, depth, &mut found);
    found.files.retain(|path| is_document(path) && fits(&whole, path));
    found.files.sort_unstable();
    found.files.truncate(FILES_MAX);
    found
}

fn is_document(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    ENDINGS.iter().any(|known| known.eq_ignore_ascii_case(ending))
}

/// An absolute path, as another machine names it, below this root: the longest end of it that is
/// there. Where none is, each of them could come to be: they are watched.
fn mapped(root: &Path, pattern: &str, watched: &mut Vec<String>) -> String {
    let Some(whole) = pattern.strip_prefix('/') else { return pattern.to_owned() };
    let mut rest = Some(whole);
    while let Some(end) = rest {
        let base: Vec<&str> = end.split('/').take_while(|part| !is_open(part)).collect();
        let base = base.join("/");
        if base.is_empty() {
            break;
        }
        if root.join(&base).symlink_metadata().is_ok() {
            return end.to_owned();
        }
        watched.push(base);
        rest = end.split_once('/').map(|(_, shorter)| shorter).filter(|it| !it.is_empty());
    }
    whole.to_owned()
}

/// Whether a part of a pattern stands for more than one name.
fn is_open(part: &str) -> bool {
    part.contains(['*', '?', '[', '{'])
}

fn walk(root: &Path, folder: &str, depth: usize, found: &mut Found) {
    found.watched.push(folder.to_owned());
    let Ok(entries) = std::fs::read_dir(root.join(folder)) else { return };
    for entry in entries.flatten().take(ENTRIES_MAX) {
        let Ok(name) = entry.file_name().into_string() else { continue };
        let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() {
            let hidden = matches!(name.as_str(), ".git" | "node_modules" | "target" | ".venv");
            if depth > 0 && !hidden && found.watched.len() < ENTRIES_MAX {
                walk(root, &path, depth - 1, found);
            }
        } else if found.files.len() < ENTRIES_MAX {
            found.files.push(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::expand;

    #[test]
    fn patterns_mean_files_and_paths_of_other_machines_those_below_the_root() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        std::fs::create_dir_all(root.join("docs/policy/old")).unwrap();
        let files = ["CLAUDE.md", "docs/policy/a.md", "docs/policy/old/b.md", "docs/policy/c.png"];
        for path in files.iter().chain(&["docs/policy/Rules"]) {
            std::fs::write(root.join(path), "x").unwrap();
        }
        for (pattern, expected) in [
            ("CLAUDE.md", &["CLAUDE.md"][..]),
            ("/opt/app/CLAUDE.md", &["CLAUDE.md"]),
            ("/opt/app/docs/policy/*", &["docs/policy/Rules", "docs/policy/a.md"]),
            ("docs/policy", &["docs/policy/Rules", "docs/policy/a.md", "docs/policy/old/b.md"]),
            ("docs/policy/**/b.md", &["docs/policy/old/b.md"]),
            ("docs/none/**", &[]),
            ("AGENTS.md", &[]),
            ("/opt/app/AGENTS.md", &[]),
            ("/opt/app/none/**", &[]),
        ] {
            assert_eq!(expand(root, pattern).files, expected, "{pattern}");
        }
        assert_eq!(expand(root, "AGENTS.md").watched, ["AGENTS.md"]);
    }
}
