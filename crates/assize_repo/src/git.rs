//! Questions to git, through its own program: it alone knows all of its formats and extensions.
//!
//! Hooks, file monitors, filters and pagers of the repository never run: a hostile configuration
//! must not make a check execute its programs. Nor does the repository whose hook runs the check
//! decide which repository is looked at.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStringExt as _;
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
    #[error("git {command}: {}", said(message))]
    Failed { command: String, message: String },
}

fn said(message: &str) -> &str {
    if message.is_empty() { "it failed without a word" } else { message }
}

/// A file that git tracks or does not ignore.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) path: Vec<u8>,
    /// The mode in git's index; zero for untracked files.
    pub(crate) mode: u32,
    /// A sparse checkout leaves it out.
    pub(crate) sparse: bool,
}

/// Settings that are no repository's business: they go on to git. All other variables of git that
/// surround the check belong to the command that started it.
const VARIABLES: [&str; 3] =
    ["GIT_EXEC_PATH", "GIT_CEILING_DIRECTORIES", "GIT_DISCOVERY_ACROSS_FILESYSTEM"];

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
        let mut output = here.run(&["rev-parse", "--show-toplevel"])?.stdout;
        if output.last() == Some(&b'\n') {
            output.pop();
        }
        let top = PathBuf::from(OsString::from_vec(output));
        Ok(Some(Self { top: top.canonicalize().unwrap_or(top) }))
    }

    /// The top of the work tree.
    pub fn top(&self) -> &Path {
        &self.top
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.bare();
        command.arg("--literal-pathspecs").args(arguments);
        command
    }

    /// Git itself, for questions that take no names as they are.
    pub(crate) fn bare(&self) -> Command {
        let mut command = Command::new("git");
        for (name, _) in std::env::vars_os() {
            if belongs_to_another(&name) {
                command.env_remove(name);
            }
        }
        command
            .arg("-C")
            .arg(&self.top)
            .args(["-c", "core.fsmonitor=false", "-c", "core.quotePath=false"])
            .args(["-c", "core.hooksPath=/dev/null", "--no-pager"])
            .env("GIT_OPTIONAL_LOCKS", "0")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_NO_LAZY_FETCH", "1")
            .env("LC_ALL", "C")
            .stdin(Stdio::null());
        command
    }

    /// The same repository, asked from a folder of its work tree.
    pub(crate) fn at(&self, folder: &Path) -> Self {
        Self { top: folder.to_path_buf() }
    }

    /// What git prints.
    pub(crate) fn text(&self, arguments: &[&str]) -> Result<String, GitError> {
        Ok(String::from_utf8_lossy(&self.run(arguments)?.stdout).into_owned())
    }

    /// The first line of what git prints; empty where it prints nothing.
    pub(crate) fn line(&self, arguments: &[&str]) -> Result<String, GitError> {
        Ok(self.text(arguments)?.lines().next().unwrap_or_default().to_owned())
    }

    /// What git prints when it talks to another place: with the user's own ways to get there.
    pub(crate) fn remote_text(&self, arguments: &[&str]) -> Result<String, GitError> {
        let mut command = self.command(arguments);
        for name in ["GIT_SSH", "GIT_SSH_COMMAND", "GIT_ASKPASS", "SSH_ASKPASS"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        let name = arguments.first().copied().unwrap_or("");
        Ok(String::from_utf8_lossy(&finish(command, name)?.stdout).into_owned())
    }

    /// The folder from which git takes its hooks, where the configuration names one.
    pub fn hooks_path(&self) -> Option<String> {
        // The value that our own calls are given stands behind those of the files.
        let said =
            self.text(&["config", "--null", "--type=path", "--get-all", "core.hooksPath"]).ok()?;
        let mut values: Vec<&str> = said.split('\0').filter(|value| !value.is_empty()).collect();
        values.pop();
        values.pop().map(str::to_owned)
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Result<Output, GitError> {
        let name = arguments.first().copied().unwrap_or("");
        finish(self.command(arguments), name)
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
        let failed =
            |message: String| GitError::Failed { command: "merge-base".to_owned(), message };
        if revision.starts_with('-') {
            return Err(failed(format!("`{revision}` is no revision")));
        }
        match self.run(&["merge-base", revision, "HEAD"]) {
            Ok(output) => Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned()),
            // Where there is none, git says nothing.
            Err(GitError::Failed { message, .. }) if message.is_empty() => Err(failed(format!(
                "`{revision}` and HEAD have no common ancestor{}",
                if self.is_shallow() { " in this shallow clone" } else { "" }
            ))),
            Err(error) => Err(error),
        }
    }

    fn is_shallow(&self) -> bool {
        self.run(&["rev-parse", "--is-shallow-repository"])
            .is_ok_and(|output| output.stdout.starts_with(b"true"))
    }

    /// Whether there is a commit at all.
    pub fn has_commit(&self) -> bool {
        self.run(&["rev-parse", "--verify", "--quiet", "HEAD^{commit}"]).is_ok()
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

    /// The tracked files below a folder that may differ from a commit, relative to the folder.
    ///
    /// Metadata decides, so that no object need be there: a file that was touched is among them.
    ///
    /// # Errors
    /// The commit is unknown, or git failed.
    pub fn changed(&self, commit: &str, folder: &Path) -> Result<Vec<Vec<u8>>, GitError> {
        let here = Self { top: folder.to_path_buf() };
        let mut command = here.command(&[
            "diff-index",
            "--no-ext-diff",
            "--no-textconv",
            "--no-renames",
            "--ignore-submodules=dirty",
            "--name-only",
            "--relative",
            "-z",
            commit,
            "--",
        ]);
        here.switch_filters_off(&mut command)?;
        let output = finish(command, "diff-index")?;
        let names = output.stdout.split(|byte| *byte == 0).filter(|name| !name.is_empty());
        Ok(names.map(<[u8]>::to_vec).collect())
    }

    /// A file as old as git's list of files is compared by its content, and content passes through
    /// the filters that the configuration names: programs.
    pub(crate) fn switch_filters_off(&self, command: &mut Command) -> Result<(), GitError> {
        let pattern = r"^filter\..*\.(clean|smudge|process|required)$";
        let listed = match self.run(&["config", "--null", "--name-only", "--get-regexp", pattern]) {
            Ok(output) => output.stdout,
            // It names none.
            Err(GitError::Failed { message, .. }) if message.is_empty() => return Ok(()),
            Err(error) => return Err(error),
        };
        // Names may hold `=`, which only variables can carry.
        let given = std::env::var("GIT_CONFIG_COUNT").ok().and_then(|count| count.parse().ok());
        let mut count: usize = given.unwrap_or(0);
        for name in listed.split(|byte| *byte == 0).filter(|name| !name.is_empty()) {
            let off = if name.ends_with(b".required") { "false" } else { "" };
            command.env(format!("GIT_CONFIG_KEY_{count}"), OsString::from_vec(name.to_vec()));
            command.env(format!("GIT_CONFIG_VALUE_{count}"), off);
            count += 1;
        }
        command.env("GIT_CONFIG_COUNT", count.to_string());
        Ok(())
    }
}

/// Whether a variable tells git about a repository, or what to print on the way.
fn belongs_to_another(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    name.starts_with(b"GIT_")
        && !name.starts_with(b"GIT_CONFIG")
        && !VARIABLES.iter().any(|kept| name == kept.as_bytes())
}

/// Runs git to its end. The message of a failure is empty where git gave none.
pub(crate) fn finish(mut command: Command, name: &str) -> Result<Output, GitError> {
    let output = command.output().map_err(|source| GitError::NotStarted { source })?;
    if output.status.success() {
        return Ok(output);
    }
    let message = String::from_utf8_lossy(&output.stderr);
    let message = message.lines().next().unwrap_or("").to_owned();
    Err(GitError::Failed { command: name.to_owned(), message })
}

fn listed(line: &[u8]) -> Option<Listed> {
    let (tag, rest) = line.split_at_checked(2)?;
    if tag == b"? " {
        return Some(Listed { path: rest.to_vec(), mode: 0, sparse: false });
    }
    let tab = rest.iter().position(|byte| *byte == b'\t')?;
    let (meta, path) = rest.split_at(tab);
    let mode = std::str::from_utf8(meta.get(..6)?).ok()?;
    let mode = u32::from_str_radix(mode, 8).ok()?;
    // A small letter says that the file is assumed to be unchanged as well.
    let sparse = tag.eq_ignore_ascii_case(b"S ");
    Some(Listed { path: path.get(1..)?.to_vec(), mode, sparse })
}

pub(crate) fn tree_line(line: &[u8]) -> Option<(Vec<u8>, u32, String)> {
    let tab = line.iter().position(|byte| *byte == b'\t')?;
    let (meta, path) = line.split_at(tab);
    let mut words = std::str::from_utf8(meta).ok()?.split(' ');
    let mode = u32::from_str_radix(words.next()?, 8).ok()?;
    let object = words.nth(1)?.to_owned();
    Some((path.get(1..)?.to_vec(), mode, object))
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
        let sparse = b"S 100644 0123456789012345678901234567890123456789 0\tfar.py";
        assert!(listed(sparse).unwrap().sparse && !file.sparse);
        assert_eq!(listed(b"H"), None);
        let (path, mode, object) = tree_line(b"120000 blob abc\tlink").unwrap();
        assert_eq!(
            (path.as_slice(), mode, object.as_str()),
            (b"link".as_slice(), 0o120_000, "abc")
        );
    }
}
