//! Whether git knew a content before: a checkout, a pull or a stash brings back what somebody else
//! answers for.

use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use crate::git::{Git, GitError, finish};
use crate::read_up_to;

/// Longer logs of refs are not read.
const LOG_BYTES_MAX: u64 = 16 << 20;

/// What of a reflog's entry says that others made the commit.
const FETCHED: [&str; 3] = ["fetch", "pull", "clone"];

/// Where a known state may come from.
#[derive(Debug, Clone)]
pub struct Known<'a> {
    /// What HEAD was before the call; empty where there was no commit.
    pub head: &'a str,
    /// The stashes that there were before the call.
    pub stashes: &'a [String],
    /// When the call began, in milliseconds since 1970: branches that moved since prove nothing.
    pub before_ms: i64,
}

impl Git {
    /// Whether the file below the top stands as a commit has it that was there before: reachable
    /// from the old HEAD, from what was fetched, from a branch that has not moved or an older
    /// stash. A file that is not there is known if HEAD moved to such a commit and lacks it.
    ///
    /// Dates of commits are what their makers say, and what is pushed stands among what was
    /// fetched: neither counts. Replaced commits and grafts are not heeded.
    ///
    /// # Errors
    /// git failed.
    pub fn knew(&self, path: &str, known: &Known<'_>) -> Result<bool, GitError> {
        let mut tips: Vec<String> = known.stashes.to_vec();
        if !known.head.is_empty() {
            tips.insert(0, known.head.to_owned());
        }
        tips.extend(self.standing(known)?);
        if tips.is_empty() {
            return Ok(false);
        }
        if self.top().join(path).symlink_metadata().is_err() {
            return self.lacks(path, &tips);
        }
        let blob = self.content(path)?;
        let find = format!("--find-object={blob}");
        let mut arguments = vec!["log", "-1", "--format=%H", "-m", "--root", find.as_str()];
        arguments.extend(tips.iter().map(String::as_str));
        arguments.extend(["--", path]);
        Ok(!self.plain(&arguments)?.is_empty())
    }

    /// The object that git would make of a file, without running anybody's filter.
    fn content(&self, path: &str) -> Result<String, GitError> {
        let mut command = self.command(&["hash-object", "--", path]);
        self.switch_filters_off(&mut command)?;
        let output = finish(command, "hash-object")?;
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// The first line of what git prints of history as it was made.
    fn plain(&self, arguments: &[&str]) -> Result<String, GitError> {
        let mut command = self.command(arguments);
        command.env("GIT_NO_REPLACE_OBJECTS", "1").env("GIT_GRAFT_FILE", "/dev/null");
        let output = finish(command, arguments.first().copied().unwrap_or(""))?;
        let text = String::from_utf8_lossy(&output.stdout);
        Ok(text.lines().next().unwrap_or_default().to_owned())
    }

    /// Whether HEAD is a commit that was known, and does not have the path.
    fn lacks(&self, path: &str, tips: &[String]) -> Result<bool, GitError> {
        let head = self.line(&["rev-parse", "--verify", "--quiet", "HEAD"]).unwrap_or_default();
        if head.is_empty() {
            return Ok(false);
        }
        let mut arguments = vec!["rev-list", "--max-count=1", head.as_str(), "--not"];
        arguments.extend(tips.iter().map(String::as_str));
        if !self.plain(&arguments)?.is_empty() {
            return Ok(false);
        }
        Ok(self.line(&["ls-tree", "--name-only", head.as_str(), "--", path])?.is_empty())
    }

    /// Branches that have not moved since, and what was fetched.
    fn standing(&self, known: &Known<'_>) -> Result<Vec<String>, GitError> {
        let format = "--format=%(objectname) %(refname)";
        let listed = self.text(&["for-each-ref", format, "refs/remotes", "refs/heads"])?;
        let common = self.line(&["rev-parse", "--git-common-dir"])?;
        let common = self.top().join(common);
        let common = common.canonicalize().unwrap_or(common);
        let packed = is_older(&common.join("packed-refs"), known.before_ms);
        let mut tips = Vec::new();
        for line in listed.lines() {
            let Some((tip, name)) = line.split_once(' ') else { continue };
            let loose = common.join(name);
            let stood = if loose.exists() { is_older(&loose, known.before_ms) } else { packed };
            let fetched = name.starts_with("refs/remotes/");
            if stood || (fetched && self.came(&common, name, tip)) || was(&common, name, tip, known)
            {
                tips.push(tip.to_owned());
            }
        }
        Ok(tips)
    }

    /// Whether the log of a remote's branch says that the commit was fetched from elsewhere.
    fn came(&self, common: &Path, name: &str, tip: &str) -> bool {
        let Some(message) = message(common, name, tip) else { return false };
        let mut words =
            message.split([' ', ':']).filter(|word| !word.is_empty() && !word.starts_with('-'));
        if !words.next().is_some_and(|verb| FETCHED.contains(&verb)) {
            return false;
        }
        // A path may be this very repository.
        if words.next().is_some_and(|from| from.starts_with(['.', '/']) || from == "file") {
            return false;
        }
        let remote = name.split('/').nth(2).unwrap_or("");
        let address = self.line(&["config", "--get", &format!("remote.{remote}.url")]);
        let address = address.unwrap_or_default();
        let path = self.top().join(address.strip_prefix("file://").unwrap_or(&address));
        let here = path.canonicalize().is_ok_and(|path| path == common || path == self.top());
        !address.is_empty() && !here
    }
}

/// Whether a file has not been touched since. Nobody sets this time but the system's clock.
fn is_older(path: &Path, before_ms: i64) -> bool {
    path.symlink_metadata().is_ok_and(|metadata| {
        let nanos = metadata.ctime_nsec() / 1_000_000;
        metadata.ctime().saturating_mul(1_000).saturating_add(nanos) < before_ms
    })
}

/// The last entry of a ref's log that led to a commit: its message.
fn message(common: &Path, name: &str, tip: &str) -> Option<String> {
    let bytes = read_up_to(&common.join("logs").join(name), LOG_BYTES_MAX).ok()?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let line = text.lines().rev().find(|line| line.split(' ').nth(1) == Some(tip))?;
    Some(line.split_once('\t').map_or("", |(_, message)| message).to_owned())
}

/// Whether a branch whose file was only written anew stood at the commit before: its log was not
/// touched since.
fn was(common: &Path, name: &str, tip: &str, known: &Known<'_>) -> bool {
    is_older(&common.join("logs").join(name), known.before_ms)
        && message(common, name, tip).is_some()
}
