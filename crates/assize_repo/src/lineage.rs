//! Questions to the history: what a commit stands on, and what lies between two.

use std::path::Path;

use crate::Index;
use crate::git::{Git, GitError};
use crate::worktree::Scratch;

/// A commit and those before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    pub id: String,
    pub parents: Vec<String>,
}

impl Git {
    /// The commits that HEAD has and `base` has not, newest first, at most `most`. Without a base,
    /// all of them.
    ///
    /// # Errors
    /// The base is unknown, or git failed.
    pub fn commits_since(&self, base: Option<&str>, most: usize) -> Result<Vec<Commit>, GitError> {
        let count = format!("--max-count={most}");
        let without = base.map(|base| format!("^{base}"));
        let mut arguments = vec!["rev-list", "--parents", "--topo-order", &count, "HEAD"];
        arguments.extend(without.as_deref());
        let text = self.text(&arguments)?;
        let commit = |line: &str| {
            let mut words = line.split(' ').map(str::to_owned);
            words.next().map(|id| Commit { id, parents: words.collect() })
        };
        Ok(text.lines().filter_map(commit).collect())
    }

    /// The tree that git makes of two commits by itself; nothing where they contradict each other.
    pub fn merged_tree(&self, one: &str, other: &str) -> Option<String> {
        let scratch = Scratch::new(self, &Index::default()).ok()?;
        scratch.line(&["merge-tree", "--write-tree", "--no-messages", one, other]).ok()
    }

    /// Of the last commits that changed something at or below a folder, at most `most`: how many
    /// there are, and how many of them changed a file there as well. Both are relative to `root`.
    ///
    /// # Errors
    /// git failed.
    pub fn touched_along(
        &self,
        root: &Path,
        folder: &str,
        file: &str,
        most: usize,
    ) -> Result<(usize, usize), GitError> {
        const MARK: &str = "commit ";
        let count = format!("--max-count={most}");
        let format = format!("--format={MARK}%H");
        let below = if folder.is_empty() { "." } else { folder };
        let arguments =
            ["log", "--no-merges", "--no-renames", "--name-only", "--relative", "--no-ext-diff"];
        let end = [&count, &format, "--", below];
        let text = self.at(root).text(&[&arguments[..], &end[..]].concat())?;
        let commits = text.lines().filter(|line| line.starts_with(MARK)).count();
        let touched = text.lines().filter(|line| *line == file).count();
        Ok((commits, touched))
    }
}
