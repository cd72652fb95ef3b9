//! What would be committed: git's list of files, as the commit that is being made has it.
//!
//! While `git commit -a` or `git commit FILE` runs, git keeps that list in a file of its own and
//! names it to its hooks by `GIT_INDEX_FILE`. So does whoever keeps a list of his own, in any
//! folder. A list in the folders of another repository is of another commit: then nobody knows what
//! this one would be.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use crate::git::{Git, GitError};

/// What git would commit at a path, or has there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staged {
    pub mode: u32,
    /// The object's name.
    pub object: String,
}

/// Files by their path relative to the folder that was asked for.
pub type Tree = BTreeMap<Vec<u8>, Staged>;

/// The old and the new path of a file.
pub type Moved = (Vec<u8>, Vec<u8>);

/// What of the tracked files is not as it would be committed.
#[derive(Debug, Clone, Default)]
pub struct Unstaged {
    /// Meant to be added, by `git add --intent-to-add`: no commit has them yet.
    pub intended: Vec<Vec<u8>>,
    pub other: Vec<Vec<u8>>,
}

/// The list that the commit is made from: another one than the usual, while git says so.
#[derive(Debug, Clone, Default)]
pub struct Index(Option<PathBuf>);

impl Index {
    /// The file of the list, where it is another one than the usual.
    pub(crate) fn file(&self) -> Option<&Path> {
        self.0.as_deref()
    }
}

impl Git {
    /// The list that the running commit is made from.
    ///
    /// # Errors
    /// It is named in the folder of another repository.
    pub fn index_of_commit(&self) -> Result<Index, GitError> {
        let Some(named) = std::env::var_os("GIT_INDEX_FILE") else { return Ok(Index(None)) };
        // Git names it relative to the top of the work tree, where hooks start.
        let path = self.top().join(named);
        let folder = path.parent().and_then(|folder| folder.canonicalize().ok());
        let Some(folder) = folder.filter(|_| path.is_file()) else { return Ok(Index(None)) };
        let is_own = ["--absolute-git-dir", "--git-common-dir"]
            .iter()
            .any(|which| self.folder_of(which).is_some_and(|own| folder.starts_with(own)));
        if !is_own && folder.ancestors().any(is_git_folder) {
            let shown = path.display();
            return Err(GitError::Failed {
                command: "commit".to_owned(),
                message: format!("`GIT_INDEX_FILE` names a list of another repository: `{shown}`"),
            });
        }
        Ok(Index(Some(path)))
    }

    /// One of git's own folders.
    fn folder_of(&self, which: &str) -> Option<PathBuf> {
        let said = self.line(&["rev-parse", which]).ok()?;
        self.top().join(said).canonicalize().ok()
    }

    /// Git's folder that all work trees share.
    pub fn common_folder(&self) -> Option<PathBuf> {
        self.folder_of("--git-common-dir")
    }

    /// The files that would be committed, below a folder of the work tree. A path with a conflict
    /// is there with one of its sides.
    ///
    /// # Errors
    /// git failed.
    pub fn staged(&self, index: &Index, folder: &Path) -> Result<Tree, GitError> {
        let here = self.at(folder);
        let mut command = here.command(&["ls-files", "-z", "--stage"]);
        if let Some(path) = &index.0 {
            command.env("GIT_INDEX_FILE", path);
        }
        let output = crate::git::finish(command, "ls-files")?;
        let lines = output.stdout.split(|byte| *byte == 0);
        Ok(lines.filter_map(staged_line).collect())
    }

    /// The tracked files below a folder that may not be as they would be committed.
    ///
    /// # Errors
    /// git failed.
    pub fn unstaged(&self, index: &Index, folder: &Path) -> Result<Unstaged, GitError> {
        let here = self.at(folder);
        let mut command = here.command(&[
            "diff-files",
            "--no-ext-diff",
            "--no-textconv",
            "--ignore-submodules=dirty",
            "--name-status",
            "--relative",
            "-z",
        ]);
        if let Some(path) = &index.0 {
            command.env("GIT_INDEX_FILE", path);
        }
        here.switch_filters_off(&mut command)?;
        let output = crate::git::finish(command, "diff-files")?;
        let mut words = output.stdout.split(|byte| *byte == 0);
        let mut found = Unstaged::default();
        while let (Some(status), Some(path)) = (words.next(), words.next()) {
            let list = if status == b"A" { &mut found.intended } else { &mut found.other };
            list.push(path.to_vec());
        }
        Ok(found)
    }

    /// The files that a commit would move against another one: their old and new paths below a
    /// folder. Git calls a file moved that is mostly as one that went.
    ///
    /// # Errors
    /// The commit is unknown, or git failed.
    pub fn moves(&self, index: &Index, base: &str, folder: &Path) -> Result<Vec<Moved>, GitError> {
        let here = self.at(folder);
        let mut command = here.command(&["diff-index", "--cached", "--no-ext-diff"]);
        command.args(["--no-textconv", "--find-renames", "--diff-filter=R", "--name-status"]);
        command.args(["--relative", "-z", base, "--"]);
        if let Some(path) = &index.0 {
            command.env("GIT_INDEX_FILE", path);
        }
        let output = crate::git::finish(command, "diff-index")?;
        let mut words = output.stdout.split(|byte| *byte == 0);
        let mut found = Vec::new();
        while let (Some(_), Some(from), Some(to)) = (words.next(), words.next(), words.next()) {
            found.push((from.to_vec(), to.to_vec()));
        }
        Ok(found)
    }

    /// The files of a commit below a folder of the work tree.
    ///
    /// # Errors
    /// The commit is unknown, or git failed.
    pub fn committed(&self, commit: &str, folder: &Path) -> Result<Tree, GitError> {
        let files = self.tree(commit, folder)?.into_iter();
        Ok(files.map(|(path, mode, object)| (path, Staged { mode, object })).collect())
    }

    /// A commit by its full name; none where nothing is called so.
    pub fn commit_named(&self, name: &str) -> Option<String> {
        let asked = format!("{name}^{{commit}}");
        let found = self.line(&["rev-parse", "--verify", "--quiet", "--end-of-options", &asked]);
        found.ok().filter(|name| !name.is_empty())
    }

    /// Names of all objects that these paths have ever been: in the history of HEAD, of every
    /// remote branch, of what was stashed and of what is being merged.
    ///
    /// # Errors
    /// git failed.
    pub fn versions(&self, folder: &Path, paths: &[Vec<u8>]) -> Result<BTreeSet<String>, GitError> {
        let here = self.at(folder);
        let mut found = BTreeSet::new();
        let start = if self.has_commit() { "HEAD" } else { return Ok(found) };
        let others = ["refs/stash", "MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD"];
        let others: Vec<String> =
            others.into_iter().filter_map(|name| self.commit_named(name)).collect();
        for some in paths.chunks(PATHS_AT_ONCE) {
            let mut command = here.command(&["log", "--format=", "--raw", "--no-abbrev", "-m"]);
            command.args(["--no-renames", "--no-ext-diff", "--no-textconv", start, "--remotes"]);
            command.args(&others).arg("--");
            command.args(some.iter().map(|path| OsStr::from_bytes(path)));
            let output = crate::git::finish(command, "log")?;
            for line in output.stdout.split(|byte| *byte == b'\n') {
                let words = String::from_utf8_lossy(line.get(..LINE_BYTES_MAX).unwrap_or(line));
                found.extend(words.split(' ').skip(2).take(2).map(str::to_owned));
            }
        }
        Ok(found)
    }
}

/// As git itself knows its folders.
fn is_git_folder(folder: &Path) -> bool {
    folder.join("HEAD").is_file() && folder.join("objects").is_dir()
}

/// Two modes and two names of objects stand in front; the path does not matter.
const LINE_BYTES_MAX: usize = 160;
/// A command line has an end.
const PATHS_AT_ONCE: usize = 200;

/// `100644 <object> 0<tab>path`
fn staged_line(line: &[u8]) -> Option<(Vec<u8>, Staged)> {
    let tab = line.iter().position(|byte| *byte == b'\t')?;
    let (meta, path) = line.split_at(tab);
    let mut words = std::str::from_utf8(meta).ok()?.split(' ');
    let mode = u32::from_str_radix(words.next()?, 8).ok()?;
    let object = words.next()?.to_owned();
    Some((path.get(1..)?.to_vec(), Staged { mode, object }))
}

#[cfg(test)]
mod tests {
    use super::staged_line;

    #[test]
    fn lines_are_read() {
        let (path, staged) = staged_line(b"100755 abc 2\ta/b c").unwrap();
        assert_eq!((path.as_slice(), staged.mode), (b"a/b c".as_slice(), 0o100_755));
        assert_eq!(staged.object, "abc");
        assert!(staged_line(b"100644 abc 0").is_none());
    }
}
