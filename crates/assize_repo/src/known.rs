//! Whether git knew a content before: a checkout, a pull or a stash brings back what somebody else
//! answers for.

use crate::git::{Git, GitError};

/// Where a known state may come from.
#[derive(Debug, Clone)]
pub struct Known<'a> {
    /// What HEAD was before the call; empty where there was no commit.
    pub head: &'a str,
    /// When the call began, in seconds since 1970: stashes and branches that are younger prove
    /// nothing.
    pub before_s: i64,
}

impl Git {
    /// Whether the file below the top stands as a commit has it that was there before: reachable
    /// from the old HEAD, from what was fetched, from an older branch or an older stash. A file
    /// that is not there is known if HEAD moved to such a commit and lacks it.
    ///
    /// # Errors
    /// git failed.
    pub fn knew(&self, path: &str, known: &Known<'_>) -> Result<bool, GitError> {
        let mut tips = self.older(known)?;
        if !known.head.is_empty() {
            tips.insert(0, known.head.to_owned());
        }
        if tips.is_empty() {
            return Ok(false);
        }
        if self.top().join(path).symlink_metadata().is_err() {
            return self.lacks(path, &tips);
        }
        let blob = self.line(&["hash-object", "--", path])?;
        let find = format!("--find-object={blob}");
        let mut arguments = vec!["log", "-1", "--format=%H", "-m", "--root", find.as_str()];
        arguments.extend(tips.iter().map(String::as_str));
        arguments.extend(["--", path]);
        Ok(!self.line(&arguments)?.is_empty())
    }

    /// Whether HEAD is a commit that was known, and does not have the path.
    fn lacks(&self, path: &str, tips: &[String]) -> Result<bool, GitError> {
        let head = self.line(&["rev-parse", "--verify", "--quiet", "HEAD"]).unwrap_or_default();
        if head.is_empty() {
            return Ok(false);
        }
        let mut arguments = vec!["rev-list", "--max-count=1", head.as_str(), "--not"];
        arguments.extend(tips.iter().map(String::as_str));
        if !self.line(&arguments)?.is_empty() {
            return Ok(false);
        }
        Ok(self.line(&["ls-tree", "--name-only", head.as_str(), "--", path])?.is_empty())
    }

    /// What was fetched, and branches and stashes whose last commit is older.
    fn older(&self, known: &Known<'_>) -> Result<Vec<String>, GitError> {
        let format = "--format=%(objectname) %(committerdate:unix) %(refname)";
        let refs = ["refs/remotes", "refs/heads"];
        let listed = self.text(&["for-each-ref", format, refs[0], refs[1]])?;
        let stashes = self
            .text(&["reflog", "show", "--format=%H %ct refs/stash", "refs/stash"])
            .unwrap_or_default();
        let mut tips = Vec::new();
        for line in listed.lines().chain(stashes.lines()) {
            let mut words = line.split(' ');
            let (Some(tip), Some(time), Some(name)) = (words.next(), words.next(), words.next())
            else {
                continue;
            };
            let old = time.parse::<i64>().is_ok_and(|time| time < known.before_s);
            if old || name.starts_with("refs/remotes/") {
                tips.push(tip.to_owned());
            }
        }
        Ok(tips)
    }
}
