//! Where the workspace stands and which files it has.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::process;

/// The folder of the workspace.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// The folder of build results: `CARGO_TARGET_DIR`, else `target` in the workspace.
pub(crate) fn target() -> PathBuf {
    let root = root();
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root.join(folder),
        None => root.join("target"),
    }
}

/// Paths, relative to the root and sorted, of the files that are or would be committed.
pub(crate) fn files() -> Result<Vec<String>> {
    listed(&root(), &["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
}

/// The paths that a git command lists, sorted, without those that are gone from the disk.
pub(crate) fn listed(folder: &Path, arguments: &[&str]) -> Result<Vec<String>> {
    let bytes = process::output(Command::new("git").current_dir(folder).args(arguments))?;
    let text = String::from_utf8(bytes).context("a path is not UTF-8")?;
    let mut paths: Vec<String> = text
        .split('\0')
        .filter(|path| !path.is_empty() && folder.join(path).is_file())
        .map(str::to_owned)
        .collect();
    paths.sort();
    paths.dedup();
    Ok(paths)
}
