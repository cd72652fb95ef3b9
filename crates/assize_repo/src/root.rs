//! Where the repository begins.

use std::path::{Path, PathBuf};

use crate::Git;

/// The name of the configuration file.
pub const CONFIG_NAME: &str = "assize.toml";
/// A configuration above this size is none.
pub const CONFIG_BYTES_MAX: u64 = 1 << 20;

/// A repository's root.
#[derive(Debug)]
pub struct Root {
    pub folder: PathBuf,
    /// The work tree that holds the root, if git knows one.
    pub git: Option<Git>,
    /// Why git could not be asked although there is a `.git`.
    pub git_failure: Option<String>,
}

/// Why no root could be found.
#[derive(Debug, thiserror::Error)]
pub enum RootError {
    #[error("cannot read `{path}`: {source}")]
    Unreadable { path: String, source: std::io::Error },
}

impl Root {
    /// The root for a path: the first `assize.toml` with `root = true` at or above it, else the top
    /// of its git work tree, else the topmost `assize.toml`, else the path's own folder.
    ///
    /// # Errors
    /// The path does not exist or cannot be read.
    pub fn find(path: &Path) -> Result<Self, RootError> {
        let unreadable =
            |source| RootError::Unreadable { path: path.display().to_string(), source };
        let start = path.canonicalize().map_err(unreadable)?;
        let is_folder = start.metadata().map_err(unreadable)?.is_dir();
        let start = match start.parent() {
            Some(parent) if !is_folder => parent.to_path_buf(),
            _ => start,
        };
        std::fs::read_dir(&start).map_err(unreadable)?;
        let mut topmost = None;
        for folder in start.ancestors() {
            if let Some(text) = config_text(folder) {
                if says_root(&text) {
                    // The root may lie above the repository that holds the path.
                    let (git, git_failure) = discover(folder);
                    return Ok(Self { folder: folder.to_path_buf(), git, git_failure });
                }
                topmost = Some(folder.to_path_buf());
            }
        }
        let (git, git_failure) = discover(&start);
        let folder = git.as_ref().map(|git| git.top().to_path_buf()).or(topmost).unwrap_or(start);
        Ok(Self { folder, git, git_failure })
    }
}

/// The work tree of a folder, or why git could not be asked about it.
fn discover(folder: &Path) -> (Option<Git>, Option<String>) {
    match Git::discover(folder) {
        Ok(git) => (git, None),
        Err(error) => (None, Some(error.to_string())),
    }
}

fn config_text(folder: &Path) -> Option<String> {
    let bytes = crate::read_up_to(&folder.join(CONFIG_NAME), CONFIG_BYTES_MAX).ok()?;
    String::from_utf8(bytes).ok()
}

/// Whether a configuration says `root = true` before its first table. Its other errors are
/// reported where it is loaded; the root must be found even so.
fn says_root(text: &str) -> bool {
    text.lines().map(str::trim).take_while(|line| !line.starts_with('[')).any(|line| {
        line.split_once('=').is_some_and(|(key, value)| {
            let value = value.split('#').next().unwrap_or(value).trim();
            key.trim() == "root" && value == "true"
        })
    })
}

#[cfg(test)]
mod tests {
    use super::{Root, says_root};

    #[test]
    fn the_nearest_root_wins_over_git_and_outer_files() {
        let tree = tempfile::tempdir().unwrap();
        let inner = tree.path().join("a/b/c");
        std::fs::create_dir_all(&inner).unwrap();
        std::fs::write(tree.path().join("assize.toml"), "profile = \"strict\"\n").unwrap();
        std::fs::write(tree.path().join("a/assize.toml"), "root = true # here\n").unwrap();
        let root = Root::find(&inner).unwrap();
        assert!(root.folder.ends_with("a"));
    }

    #[test]
    fn a_root_key_inside_a_table_is_another_key() {
        assert!(says_root("root=true\n") && !says_root("[x]\nroot = true\n"));
    }
}
