//! A tree of files told by what differs from the commit under it.
//!
//! A hash of the whole says whether anything changed; this says what, so that a run of tests still
//! counts after something changed that has nothing to do with it.

use std::collections::BTreeMap;
use std::path::Path;

use crate::Root;
use crate::git::{Git, GitError};
use crate::worktree::{Scratch, tree_hash};

/// A tree that differs from its commit in more files is told by its hash alone.
pub const DIFFERING_MAX: usize = 5_000;

/// Files that are not as in the commit, by their paths relative to the root: what each is now, or
/// that it is gone.
pub type Differing = BTreeMap<Vec<u8>, Option<String>>;

/// A tree of files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeState {
    /// As of [`tree_hash`].
    pub hash: String,
    /// The commit under it; nothing without git, or before the first commit.
    pub base: Option<String>,
    /// Nothing where that is not known, or too much.
    pub files: Option<Differing>,
}

/// The files of a root as they lie there. Nothing where it cannot be told.
pub fn tree_state(root: &Root) -> Option<TreeState> {
    match &root.git {
        Some(git) => git.work_state(&root.folder).ok(),
        None => Some(TreeState { hash: tree_hash(root)?, base: None, files: None }),
    }
}

impl Git {
    fn work_state(&self, folder: &Path) -> Result<TreeState, GitError> {
        let scratch = Scratch::of_work_tree(self)?;
        let tree = scratch.tree(folder)?;
        let base = self.commit_named("HEAD");
        let below = base.as_deref().and_then(|base| self.tree_of(base, folder));
        let below = match below {
            Some(below) => below,
            // It prints the name of the tree without files.
            None => scratch.line(&["mktree"])?,
        };
        let raw = ["diff-tree", "-r", "--raw", "-z", "--no-renames", "--no-abbrev"];
        let output = scratch.ask(&[&raw[..], &["--no-ext-diff", &below, &tree]].concat())?;
        let files = differing(&output.stdout);
        Ok(TreeState { hash: format!("git:{tree}"), base, files })
    }

    /// The tree of a commit below a folder of the work tree; nothing where it holds none.
    pub fn tree_of(&self, commit: &str, folder: &Path) -> Option<String> {
        let inside = folder.strip_prefix(self.top()).unwrap_or(Path::new(""));
        let named = if inside.as_os_str().is_empty() {
            format!("{commit}^{{tree}}")
        } else {
            format!("{commit}:{}", inside.display())
        };
        let found = self.line(&["rev-parse", "--verify", "--quiet", "--end-of-options", &named]);
        found.ok().filter(|name| !name.is_empty())
    }

    /// The objects of these paths in a commit, relative to a folder of the work tree. What is not
    /// there is left out.
    ///
    /// # Errors
    /// The commit is unknown, or git failed.
    pub fn objects_at(
        &self,
        commit: &str,
        folder: &Path,
        paths: &[&[u8]],
    ) -> Result<BTreeMap<Vec<u8>, String>, GitError> {
        use std::os::unix::ffi::OsStrExt as _;
        const PATHS_AT_ONCE: usize = 200;
        let mut found = BTreeMap::new();
        for some in paths.chunks(PATHS_AT_ONCE) {
            let mut command = self.at(folder).command(&["ls-tree", "-r", "-z", commit, "--"]);
            command.args(some.iter().map(|path| std::ffi::OsStr::from_bytes(path)));
            let output = crate::git::finish(command, "ls-tree")?;
            let lines = output.stdout.split(|byte| *byte == 0).filter_map(crate::git::tree_line);
            found.extend(lines.map(|(path, _, object)| (path, object)));
        }
        Ok(found)
    }
}

/// `:100644 100644 <object> <object> M`, then the path.
fn differing(raw: &[u8]) -> Option<Differing> {
    let mut words = raw.split(|byte| *byte == 0);
    let mut found = Differing::new();
    while let (Some(line), Some(path)) = (words.next(), words.next()) {
        let line = std::str::from_utf8(line).ok()?;
        let object = line.split(' ').nth(3)?;
        let gone = object.bytes().all(|byte| byte == b'0');
        found.insert(path.to_vec(), (!gone).then(|| object.to_owned()));
        if found.len() > DIFFERING_MAX {
            return None;
        }
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::differing;

    #[test]
    fn lines_are_read() {
        let (one, two, none) = ("a".repeat(40), "b".repeat(40), "0".repeat(40));
        let raw = format!(
            ":100644 100644 {one} {two} M\0a b.py\0:100644 000000 {one} {none} D\0gone\0\
             :000000 100644 {none} {one} A\0new\0"
        );
        let found = differing(raw.as_bytes()).unwrap();
        assert_eq!(found[b"a b.py".as_slice()].as_deref(), Some(two.as_str()));
        assert_eq!(found[b"gone".as_slice()], None);
        assert_eq!(found[b"new".as_slice()].as_deref(), Some(one.as_str()));
        assert_eq!(differing(b"").unwrap().len(), 0);
    }
}
