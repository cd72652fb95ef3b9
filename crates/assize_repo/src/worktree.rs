//! One hash for all files of a work tree: what a recorded run ran on.
//!
//! With git it is the name of the tree that a commit of everything not ignored would have. Git's
//! list of files is copied first and new objects go to a scratch folder, so that nothing of the
//! user's is touched, neither what is staged nor the store of objects.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::Output;

use crate::git::{Git, GitError, finish};
use crate::reading::{Links, open};
use crate::{EntryKind, FileSet, Index, Root};

/// The hash of the files of a root, with its kind in front: `git:` and a tree's name, or `blake3:`.
/// Nothing where it cannot be told.
pub fn tree_hash(root: &Root) -> Option<String> {
    match &root.git {
        Some(git) => git.work_tree(&root.folder).ok().map(|name| format!("git:{name}")),
        None => plain(root),
    }
}

impl Git {
    /// The name of the tree that the work tree is, with new files and without ignored ones.
    fn work_tree(&self, folder: &Path) -> Result<String, GitError> {
        Scratch::of_work_tree(self)?.tree(folder)
    }

    /// The name of the tree that would be committed, with its kind in front as in [`tree_hash`].
    ///
    /// # Errors
    /// git failed; it does where a path has a conflict.
    pub fn staged_tree(&self, index: &Index, folder: &Path) -> Result<String, GitError> {
        Ok(format!("git:{}", Scratch::new(self, index)?.tree(folder)?))
    }
}

/// A copy of git's list of files, and a place for new objects that goes with it.
pub(crate) struct Scratch<'a> {
    git: &'a Git,
    /// Removed when this is dropped.
    folder: tempfile::TempDir,
    /// The repository's own objects.
    store: PathBuf,
}

impl<'a> Scratch<'a> {
    /// A copy of the list with all files of the work tree, new ones too and without ignored ones.
    pub(crate) fn of_work_tree(git: &'a Git) -> Result<Self, GitError> {
        let scratch = Self::new(git, &Index::default())?;
        // What is hashed is thrown away: packing it well would only take time. A list that is
        // split in two would leave its other half in the user's folder of git.
        let cheap = ["-c", "core.looseCompression=0", "-c", "pack.compression=0"];
        let whole = ["-c", "core.splitIndex=false"];
        scratch.ask(&[&cheap[..], &whole, &["add", "--all", "--", "."]].concat())?;
        Ok(scratch)
    }

    pub(crate) fn new(git: &'a Git, index: &Index) -> Result<Self, GitError> {
        let failed = |error: std::io::Error| GitError::NotStarted { source: error };
        let own = |what: &str| -> Result<PathBuf, GitError> {
            let said = git.line(&["rev-parse", "--git-path", what])?;
            Ok(git.top().join(said))
        };
        let folder = tempfile::tempdir().map_err(failed)?;
        fs::create_dir(folder.path().join("objects")).map_err(failed)?;
        let from = match index.file() {
            Some(path) => path.to_path_buf(),
            None => own("index")?,
        };
        // With its times of files, only what changed is hashed again.
        match copy_with_time(&from, &folder.path().join("index")) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(failed(error)),
        }
        Ok(Self { git, folder, store: own("objects")? })
    }

    pub(crate) fn ask(&self, arguments: &[&str]) -> Result<Output, GitError> {
        let mut command = self.git.command(arguments);
        command.env("GIT_INDEX_FILE", self.folder.path().join("index"));
        command.env("GIT_OBJECT_DIRECTORY", self.folder.path().join("objects"));
        command.env("GIT_ALTERNATE_OBJECT_DIRECTORIES", &self.store);
        self.git.switch_filters_off(&mut command)?;
        finish(command, arguments.first().copied().unwrap_or_default())
    }

    /// The first line of what git prints.
    pub(crate) fn line(&self, arguments: &[&str]) -> Result<String, GitError> {
        let output = self.ask(arguments)?;
        let text = String::from_utf8_lossy(&output.stdout);
        Ok(text.lines().next().unwrap_or_default().to_owned())
    }

    /// The name of the tree that the copied list is, below a folder of the work tree.
    pub(crate) fn tree(&self, folder: &Path) -> Result<String, GitError> {
        let inside = folder.strip_prefix(self.git.top()).unwrap_or(Path::new(""));
        let prefix = format!("--prefix={}/", inside.display());
        let output = if inside.as_os_str().is_empty() {
            self.ask(&["write-tree"])?
        } else {
            self.ask(&["write-tree", &prefix])?
        };
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }
}

/// A file that was changed in the moment when the list was written looks unchanged in a list that
/// is younger: git tells by the list's own time that it must look again.
fn copy_with_time(from: &Path, to: &Path) -> std::io::Result<()> {
    let written = fs::metadata(from)?.modified()?;
    fs::copy(from, to)?;
    fs::File::options().write(true).open(to)?.set_modified(written)
}

/// Without git: over the paths, kinds and contents of the listed files.
fn plain(root: &Root) -> Option<String> {
    let set = FileSet::list(root);
    if !set.problems.is_empty() {
        return None;
    }
    let mut all = blake3::Hasher::new();
    for entry in &set.entries {
        let content = match entry.kind {
            EntryKind::Link => {
                let target = fs::read_link(&entry.disk).ok()?;
                blake3::hash(target.as_os_str().as_encoded_bytes())
            }
            EntryKind::File => {
                let (file, _) = open(&entry.disk, Links::Refused).ok()?;
                let mut hasher = blake3::Hasher::new();
                let mut buffer = [0; 1 << 16];
                let mut file = file.take(u64::MAX);
                loop {
                    let count = file.read(&mut buffer).ok()?;
                    if count == 0 {
                        break hasher.finalize();
                    }
                    hasher.update(buffer.get(..count)?);
                }
            }
            EntryKind::GitLink | EntryKind::Sparse => continue,
        };
        let path = entry.path.as_str();
        all.update(&(path.len() as u64).to_le_bytes()).update(path.as_bytes());
        all.update(&[u8::from(entry.kind == EntryKind::Link)]).update(content.as_bytes());
    }
    Some(format!("blake3:{}", all.finalize().to_hex()))
}
