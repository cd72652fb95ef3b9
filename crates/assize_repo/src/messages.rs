//! What stands in the messages of commits, and in git's notes on them.

use std::io::Write as _;

use crate::git::{Git, GitError, finish};

/// The notes that carry what is known of a commit and is not in its message.
pub const NOTES: &str = "refs/notes/assize";
/// Where the notes of another place are put before they are joined with ours.
const NOTES_FETCHED: &str = "refs/notes/assize-fetched";

/// How far back messages are searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// The whole history of every branch, tag and remote.
    All,
    /// This many commits of the current branch.
    Last(u32),
}

/// Whatever the user has set, a line is a commit.
const LOG: [&str; 4] = ["log", "--no-notes", "--no-color", "--no-show-signature"];

/// A commit, and the values of a trailer.
fn format_of(key: &str) -> String {
    format!("--format=%H%x00%(trailers:key={key},valueonly,separator=%x01)")
}

fn values_of(line: &str) -> Option<(String, Vec<String>)> {
    let (commit, values) = line.split_once('\0')?;
    let values = values.split('\u{1}').map(str::trim).filter(|value| !value.is_empty());
    Some((commit.to_owned(), values.map(str::to_owned).collect()))
}

impl Git {
    /// The values of a trailer in the messages of commits, each with the commit, newest first.
    ///
    /// # Errors
    /// git failed.
    pub fn trailers(&self, key: &str, reach: Reach) -> Result<Vec<(String, String)>, GitError> {
        if !self.has_commit() {
            return Ok(Vec::new());
        }
        let format = format_of(key);
        let count = match reach {
            Reach::All => "--max-count=-1".to_owned(),
            Reach::Last(count) => format!("--max-count={count}"),
        };
        let mut arguments = [&LOG[..], &[&format, &count]].concat();
        let grep = format!("--grep=^{key}: ");
        match reach {
            Reach::All => arguments.extend(["--branches", "--tags", "--remotes", &grep, "HEAD"]),
            Reach::Last(_) => arguments.push("HEAD"),
        }
        let output = finish(self.command(&arguments), "log")?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let mut found = Vec::new();
        for (commit, values) in text.lines().filter_map(values_of) {
            found.extend(values.into_iter().map(|value| (commit.clone(), value)));
        }
        Ok(found)
    }

    /// The lines of our notes, each with the commit that it is on.
    ///
    /// # Errors
    /// git failed.
    pub fn notes(&self) -> Result<Vec<(String, String)>, GitError> {
        if self.commit_named(NOTES).is_none() {
            return Ok(Vec::new());
        }
        let listed = self.text(&["notes", "--ref", NOTES, "list"])?;
        let pairs: Vec<(&str, &str)> =
            listed.lines().filter_map(|line| line.split_once(' ')).collect();
        let objects: Vec<String> = pairs.iter().map(|(object, _)| (*object).to_owned()).collect();
        let blobs = self.blobs(&objects)?;
        let mut found = Vec::new();
        for (object, commit) in pairs {
            let Some(crate::Blob::Bytes(bytes)) = blobs.get(object) else { continue };
            let text = String::from_utf8_lossy(bytes).into_owned();
            found.extend(text.lines().map(|line| (commit.to_owned(), line.to_owned())));
        }
        Ok(found)
    }

    /// Adds a line to our note on a commit.
    ///
    /// # Errors
    /// git failed.
    pub fn add_note(&self, commit: &str, line: &str) -> Result<(), GitError> {
        self.text(&["notes", "--ref", NOTES, "append", "-m", line, commit]).map(drop)
    }

    /// Adds a line to our note on an object, which need not be there yet: the tree of a commit that
    /// is being made.
    ///
    /// # Errors
    /// git failed.
    pub fn add_long_note(&self, object: &str, line: &str) -> Result<(), GitError> {
        let failed = |source| GitError::NotStarted { source };
        // A command line has an end, and a bundle may be longer.
        let mut file = tempfile::NamedTempFile::new().map_err(failed)?;
        file.write_all(line.as_bytes()).map_err(failed)?;
        let path = file.path().to_string_lossy();
        self.text(&["notes", "--ref", NOTES, "append", "-F", &path, object]).map(drop)
    }

    /// The lines of our note on an object; none where there is no note, or one too large to read.
    ///
    /// # Errors
    /// git failed.
    pub fn note_on(&self, object: &str) -> Result<Vec<String>, GitError> {
        if self.commit_named(NOTES).is_none() {
            return Ok(Vec::new());
        }
        let listed = match self.line(&["notes", "--ref", NOTES, "list", object]) {
            Ok(listed) => listed,
            // That is how git says that there is none.
            Err(GitError::Failed { .. }) => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let blobs = self.blobs(&[listed])?;
        let text = blobs.into_values().filter_map(|blob| match blob {
            crate::Blob::Bytes(bytes) => Some(String::from_utf8_lossy(&bytes).into_owned()),
            crate::Blob::TooLarge => None,
        });
        Ok(text.flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>()).collect())
    }

    /// Sends our notes to a remote. What others sent before is joined with them first.
    ///
    /// # Errors
    /// git failed, or the remote did.
    pub fn push_notes(&self, remote: &str) -> Result<(), GitError> {
        if self.commit_named(NOTES).is_none() {
            return Ok(());
        }
        let both = format!("{NOTES}:{NOTES}");
        let push = || self.remote_text(&["push", "--quiet", "--no-verify", remote, &both]);
        if push().is_ok() {
            return Ok(());
        }
        let theirs = format!("+{NOTES}:{NOTES_FETCHED}");
        self.remote_text(&["fetch", "--quiet", remote, &theirs])?;
        let merge = ["notes", "--ref", NOTES, "merge", "--quiet", "-s", "cat_sort_uniq"];
        self.text(&[&merge[..], &[NOTES_FETCHED]].concat())?;
        push().map(drop)
    }

    /// The commits that a push of `local` sends, where the other side is known to have `remote`,
    /// each with the values of a trailer in its message. A first push sends all of a history.
    ///
    /// # Errors
    /// git failed.
    pub fn unpublished(
        &self,
        local: &str,
        remote: Option<&str>,
        key: &str,
    ) -> Result<Vec<(String, Vec<String>)>, GitError> {
        let format = format_of(key);
        let mut arguments = [&LOG[..], &[&format, local, "--not", "--remotes"]].concat();
        arguments.extend(remote.filter(|remote| self.commit_named(remote).is_some()));
        Ok(self.text(&arguments)?.lines().filter_map(values_of).collect())
    }

    /// Adds a trailer to the message in a file, in the place of one with this key.
    ///
    /// # Errors
    /// git failed.
    pub fn add_trailer(&self, file: &str, trailer: &str) -> Result<(), GitError> {
        let add = ["interpret-trailers", "--in-place", "--no-divider", "--if-exists", "replace"];
        self.text(&[&add[..], &["--trailer", trailer, file]].concat()).map(drop)
    }

    /// What opens a comment in a message that is being written.
    pub fn comment_mark(&self) -> String {
        let said = |key: &str| self.line(&["config", "--get", key]).ok();
        let mark = said("core.commentString").or_else(|| said("core.commentChar"));
        mark.filter(|mark| !mark.is_empty() && mark != "auto").unwrap_or_else(|| "#".to_owned())
    }
}
