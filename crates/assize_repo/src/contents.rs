//! Contents that git holds, found by what they are and not by where they stand: in the history of
//! paths, among what is staged or stashed, and among objects that nothing names any more.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use crate::git::{Git, GitError, finish};
use crate::refresh::READ_MAX;

/// Two modes and two names of objects stand in front; the path does not matter.
const LINE_BYTES_MAX: usize = 160;
/// A command line has an end.
const PATHS_AT_ONCE: usize = 200;
/// In a larger store what nothing names is not searched: reading it all would take minutes.
const STORE_MAX: usize = 200_000;

impl Git {
    /// Names of all objects that these paths ever were, as far as anything leads there: branches,
    /// tags, remotes, stashes, the logs of refs, and what is staged.
    ///
    /// # Errors
    /// git failed.
    pub fn ever(&self, folder: &Path, paths: &[Vec<u8>]) -> Result<BTreeSet<String>, GitError> {
        let here = self.at(folder);
        let mut found = BTreeSet::new();
        for some in paths.chunks(PATHS_AT_ONCE) {
            let paths = || some.iter().map(|path| OsStr::from_bytes(path));
            let mut staged = here.command(&["ls-files", "--stage", "--"]);
            staged.args(paths());
            for line in finish(staged, "ls-files")?.stdout.split(|byte| *byte == b'\n') {
                found.extend(words(line).get(1).cloned());
            }
            if !self.has_commit() {
                continue;
            }
            let mut log = here.command(&["log", "--format=", "--raw", "--no-abbrev", "-m"]);
            log.args(["--no-renames", "--no-ext-diff", "--no-textconv", "--all", "--reflog", "--"]);
            log.args(paths());
            for line in finish(log, "log")?.stdout.split(|byte| *byte == b'\n') {
                found.extend(words(line).into_iter().skip(2).take(2));
            }
        }
        found.retain(|name| !name.bytes().all(|byte| byte == b'0'));
        Ok(found)
    }

    /// Names of all contents in the store, named by something or not; nothing where they are too
    /// many to be searched.
    ///
    /// # Errors
    /// git failed.
    pub fn stored(&self) -> Result<Option<Vec<String>>, GitError> {
        let format = "--batch-check=%(objecttype) %(objectname) %(objectsize)";
        let output = self.run(&["cat-file", "--batch-all-objects", "--unordered", format])?;
        let text = String::from_utf8_lossy(&output.stdout);
        let mut names = Vec::new();
        for (count, line) in text.lines().enumerate() {
            if count >= STORE_MAX {
                return Ok(None);
            }
            let mut words = line.split(' ');
            let (kind, name, size) = (words.next(), words.next(), words.next());
            let small = size.and_then(|size| size.parse::<u64>().ok());
            if kind == Some("blob") && small.is_some_and(|size| size <= READ_MAX) {
                names.extend(name.map(str::to_owned));
            }
        }
        Ok(Some(names))
    }
}

fn words(line: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(line.get(..LINE_BYTES_MAX).unwrap_or(line)).into_owned();
    text.split(' ').map(str::to_owned).collect()
}
