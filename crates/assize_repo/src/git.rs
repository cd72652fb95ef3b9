//! Questions to git, through its own program: it alone knows all of its formats and extensions.
//!
//! Hooks, file monitors and pagers of the repository never run: a hostile configuration must not
//! make a check execute its programs.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A work tree that git knows.
#[derive(Debug, Clone)]
pub struct Git {
    top: PathBuf,
}

/// Why git gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    #[error("git could not be started: {source}")]
    NotStarted { source: std::io::Error },
    #[error("git {command}: {message}")]
    Failed { command: String, message: String },
}

/// A file that git tracks or does not ignore.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) path: Vec<u8>,
    /// The mode in git's index; zero for untracked files.
    pub(crate) mode: u32,
}

impl Git {
    /// The work tree that holds a folder; none when there is no `.git` at or above it.
    ///
    /// # Errors
    /// There is a `.git`, but git refuses to work with it.
    pub fn discover(folder: &Path) -> Result<Option<Self>, GitError> {
        if !folder.ancestors().any(|above| above.join(".git").exists()) {
            return Ok(None);
        }
        let here = Self { top: folder.to_path_buf() };
        let output = here.run(&["rev-parse", "--show-toplevel"])?;
        let top = String::from_utf8_lossy(&output.stdout).trim_end().to_owned();
        let top = Path::new(&top).canonicalize().unwrap_or_else(|_| PathBuf::from(&top));
        Ok(Some(Self { top }))
    }

    /// The top of the work tree.
    pub fn top(&self) -> &Path {
        &self.top
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        command
            .arg("-C")
            .arg(&self.top)
            .args(["-c", "core.fsmonitor=false", "-c", "core.quotePath=false"])
            .args(["-c", "core.hooksPath=/dev/null", "--no-pager", "--literal-pathspecs"])
            .args(arguments)
            .env("GIT_OPTIONAL_LOCKS", "0")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_NO_LAZY_FETCH", "1")
            .env("LC_ALL", "C")
            .stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Result<Output, GitError> {
        let output =
            self.command(arguments).output().map_err(|source| GitError::NotStarted { source })?;
        if output.status.success() {
            return Ok(output);
        }
        let message = String::from_utf8_lossy(&output.stderr);
        Err(GitError::Failed {
            command: arguments.first().copied().unwrap_or("").to_owned(),
            message: message.lines().next().unwrap_or("no message").to_owned(),
        })
    }

    /// The files below a folder of the work tree, tracked or not ignored, with the complaints that
    /// git printed on the way.
    ///
    /// # Errors
    /// git failed.
    pub(crate) fn list(&self, folder: &Path) -> Result<(Vec<Listed>, Vec<String>), GitError> {
        let here = Self { top: folder.to_path_buf() };
        let output = here.run(&[
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--stage",
            "-t",
            "--exclude-standard",
        ])?;
        let listed = output.stdout.split(|byte| *byte == 0).filter_map(listed).collect();
        let complaints =
            String::from_utf8_lossy(&output.stderr).lines().map(str::to_owned).collect();
        Ok((listed, complaints))
    }

    /// The commit at which a revision and HEAD part: the base of a comparison.
    ///
    /// # Errors
    /// The revision is unknown, or there is no common ancestor.
    pub fn merge_base(&self, revision: &str) -> Result<String, GitError> {
        if revision.starts_with('-') {
            return Err(GitError::Failed {
                command: "merge-base".to_owned(),
                message: format!("`{revision}` is no revision"),
            });
        }
        let output = self.run(&["merge-base", revision, "HEAD"])?;
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// The upstream of the current branch, else HEAD.
    pub fn default_base(&self) -> String {
        self.run(&["rev-parse", "--verify", "--quiet", "@{upstream}"]).map_or_else(
            |_| "HEAD".to_owned(),
            |output| String::from_utf8_lossy(&output.stdout).trim().to_owned(),
        )
    }

    /// The files of a commit below a folder of the work tree: path relative to the folder, mode
    /// and object.
    ///
    /// # Errors
    /// The commit is unknown, or git failed.
    pub fn tree(
        &self,
        commit: &str,
        folder: &Path,
    ) -> Result<Vec<(Vec<u8>, u32, String)>, GitError> {
        let here = Self { top: folder.to_path_buf() };
        let output = here.run(&["ls-tree", "-r", "-z", commit])?;
        Ok(output.stdout.split(|byte| *byte == 0).filter_map(tree_line).collect())
    }

    /// The tracked files below a folder that differ from a commit, relative to the folder; only
    /// those among `paths` where any are given.
    ///
    /// # Errors
    /// The commit is unknown, or git failed.
    pub fn changed(
        &self,
        commit: &str,
        folder: &Path,
        paths: &[&str],
    ) -> Result<Vec<Vec<u8>>, GitError> {
        let here = Self { top: folder.to_path_buf() };
        let mut arguments = vec![
            "diff",
            "--no-ext-diff",
            "--no-textconv",
            "--no-renames",
            "--name-only",
            "--relative",
            "-z",
            commit,
            "--",
        ];
        arguments.extend_from_slice(paths);
        let output = here.run(&arguments)?;
        let names = output.stdout.split(|byte| *byte == 0).filter(|name| !name.is_empty());
        Ok(names.map(<[u8]>::to_vec).collect())
    }

    /// The contents of objects; an object that is missing is left out.
    ///
    /// # Errors
    /// git failed.
    pub fn blobs(&self, objects: &[String]) -> Result<BTreeMap<String, Vec<u8>>, GitError> {
        let mut found = BTreeMap::new();
        if objects.is_empty() {
            return Ok(found);
        }
        let started = |source| GitError::NotStarted { source };
        let mut child = self
            .command(&["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(started)?;
        let input = child.stdin.take();
        let names = objects.join("\n") + "\n";
        // git answers while it is still being asked: one thread asks, this one reads.
        let asking = std::thread::spawn(move || input.map(|mut to| to.write_all(names.as_bytes())));
        if let Some(output) = child.stdout.take() {
            read_batch(&mut BufReader::new(output), &mut found).map_err(started)?;
        }
        drop(asking.join());
        child.wait().map_err(started)?;
        Ok(found)
    }
}

fn listed(line: &[u8]) -> Option<Listed> {
    let (tag, rest) = line.split_at_checked(2)?;
    if tag == b"? " {
        return Some(Listed { path: rest.to_vec(), mode: 0 });
    }
    let tab = rest.iter().position(|byte| *byte == b'\t')?;
    let (meta, path) = rest.split_at(tab);
    let mode = std::str::from_utf8(meta.get(..6)?).ok()?;
    Some(Listed { path: path.get(1..)?.to_vec(), mode: u32::from_str_radix(mode, 8).ok()? })
}

fn tree_line(line: &[u8]) -> Option<(Vec<u8>, u32, String)> {
    let tab = line.iter().position(|byte| *byte == b'\t')?;
    let (meta, path) = line.split_at(tab);
    let mut words = std::str::from_utf8(meta).ok()?.split(' ');
    let mode = u32::from_str_radix(words.next()?, 8).ok()?;
    let object = words.nth(1)?.to_owned();
    Some((path.get(1..)?.to_vec(), mode, object))
}

fn read_batch(
    output: &mut impl BufRead,
    found: &mut BTreeMap<String, Vec<u8>>,
) -> std::io::Result<()> {
    let mut header = String::new();
    loop {
        header.clear();
        if output.read_line(&mut header)? == 0 {
            return Ok(());
        }
        let mut words = header.split_whitespace();
        let (name, kind, size) = (words.next(), words.next(), words.next());
        let (Some(name), Some(_), Some(Ok(size))) = (name, kind, size.map(str::parse::<u64>))
        else {
            continue;
        };
        let mut body = Vec::new();
        output.take(size).read_to_end(&mut body)?;
        found.insert(name.to_owned(), body);
        let mut end = [0; 1];
        output.read_exact(&mut end)?;
    }
}

#[cfg(test)]
mod tests {
    use super::{listed, tree_line};

    #[test]
    fn lines_of_git_are_read() {
        let line = b"H 100755 0123456789012345678901234567890123456789 0\ta/b c.sh";
        let file = listed(line).unwrap();
        assert_eq!((file.path.as_slice(), file.mode), (b"a/b c.sh".as_slice(), 0o100_755));
        assert_eq!(listed(b"? new.py").unwrap().mode, 0);
        assert_eq!(listed(b"H"), None);
        let (path, mode, object) = tree_line(b"120000 blob abc\tlink").unwrap();
        assert_eq!(
            (path.as_slice(), mode, object.as_str()),
            (b"link".as_slice(), 0o120_000, "abc")
        );
    }
}
