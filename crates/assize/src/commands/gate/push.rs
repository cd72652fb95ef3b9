//! `assize gate push`: whether the commits that leave name the record, and the notes that go along.

use std::collections::BTreeSet;
use std::io::{BufRead as _, IsTerminal as _, Write};
use std::path::Path;

use assize_guard::Reason;
use assize_repo::{Git, Reach};

use crate::cli::Plain;
use crate::failure::Failure;
use crate::gates::answer::Answer;
use crate::gates::bundle;
use crate::output;
use crate::records::{self, Records, TRAILER};

/// So many commits without a trailer are named.
const NAMED_MAX: usize = 5;
/// So many lines has no push.
const REFS_MAX: usize = 10_000;

/// What git tells its hook of one ref.
#[derive(Debug, PartialEq, Eq)]
struct Pushed {
    local: String,
    remote: Option<String>,
}

pub(super) fn run(remote: Option<&str>, format: Plain, out: &mut dyn Write) -> Result<u8, Failure> {
    let root = records::root(Path::new("."))?;
    let Some(git) = &root.git else { return Err(Failure::said("this is no git work tree")) };
    let refs = refs()?;
    let mut commits = Vec::new();
    for one in &refs {
        let sent = git.unpublished(&one.local, one.remote.as_deref(), TRAILER);
        commits.extend(sent.map_err(|error| Failure::tool(&error))?);
    }
    commits.sort();
    commits.dedup();
    let mut answer = Answer {
        moment: "push",
        held: 0,
        evidence: "unproven",
        why: "there is no record".to_owned(),
        refusals: Vec::new(),
        notes: Vec::new(),
        counts: vec![("commits", commits.len())],
    };
    let Some(mut records) = Records::existing(&root.folder)? else {
        answer.print(format, None, out)?;
        return Ok(answer.status());
    };
    let is_bare = |values: &[String]| values.iter().all(|it| records::read_anchor(it).is_none());
    let bare: Vec<&String> =
        commits.iter().filter(|(_, values)| is_bare(values)).map(|(commit, _)| commit).collect();
    answer.notes.extend(bare.iter().take(NAMED_MAX).map(|commit| unnamed(commit)));
    answer.counts.push(("without a trailer", bare.len()));
    let proven = with_evidence(git, &commits, &root.folder)?;
    (answer.evidence, answer.why) = ("recorded", format!("{proven} carry evidence"));
    anchor(git, &mut records, &refs)?;
    if let Some(remote) = remote
        && let Err(error) = git.push_notes(remote)
    {
        output::status(&format!("the notes were not pushed: {error}"));
    }
    answer.print(format, None, out)?;
    Ok(answer.status())
}

fn unnamed(commit: &str) -> Reason {
    let short = commit.get(..12).unwrap_or(commit);
    Reason {
        control: "ledger-gap",
        message: format!("commit {short} names no entry of the record"),
        help: "commit with the hooks of `assize init --git`".to_owned(),
    }
}

/// How many commits have a tree on whose note a bundle is. Whether it counts is asked in CI.
fn with_evidence(
    git: &Git,
    commits: &[(String, Vec<String>)],
    folder: &Path,
) -> Result<usize, Failure> {
    let notes = git.notes().map_err(|error| Failure::tool(&error))?;
    let bundles = notes.iter().filter(|(_, line)| bundle::is_bundle(line));
    let noted: BTreeSet<&str> = bundles.map(|(object, _)| object.as_str()).collect();
    if noted.is_empty() {
        return Ok(0);
    }
    let commits: Vec<&str> = commits.iter().map(|(commit, _)| commit.as_str()).collect();
    let trees = git.trees_of(&commits, folder);
    Ok(trees.iter().filter(|tree| noted.contains(tree.as_str())).count())
}

/// Lines `<local ref> <local object> <remote ref> <remote object>`; deleted refs send nothing.
fn refs() -> Result<Vec<Pushed>, Failure> {
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        return Ok(vec![Pushed { local: "HEAD".to_owned(), remote: None }]);
    }
    let mut found = Vec::new();
    for line in stdin.lock().lines().take(REFS_MAX) {
        found.extend(pushed(&line?));
    }
    Ok(found)
}

fn pushed(line: &str) -> Option<Pushed> {
    let mut words = line.split_whitespace();
    let (local, remote) = (words.nth(1)?, words.nth(1)?);
    let is_name = |name: &str| name.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_nothing = |name: &str| name.bytes().all(|byte| byte == b'0');
    if !is_name(local) || !is_name(remote) || is_nothing(local) {
        return None;
    }
    let remote = (!is_nothing(remote)).then(|| remote.to_owned());
    Some(Pushed { local: local.to_owned(), remote })
}

/// A note on what leaves, where the record has grown since the newest anchor.
fn anchor(git: &Git, records: &mut Records, refs: &[Pushed]) -> Result<(), Failure> {
    let head = records.ledger().head().map_err(|error| Failure::tool(&error))?;
    let known = records.anchor(git, Reach::All)?;
    let Some(commit) = refs.iter().find_map(|one| git.commit_named(&one.local)) else {
        return Ok(());
    };
    if known.is_some_and(|known| known.head.sequence >= head.sequence) {
        return Ok(());
    }
    let trailer = records.checkpoint()?;
    git.add_note(&commit, &trailer).map_err(|error| Failure::tool(&error))
}

#[cfg(test)]
mod tests {
    use super::{Pushed, pushed};

    #[test]
    fn lines_of_git_are_read() {
        let (one, two, none) = ("a".repeat(40), "b".repeat(40), "0".repeat(40));
        let sent = |remote: Option<&String>| Pushed { local: one.clone(), remote: remote.cloned() };
        let line = |local: &str, remote: &str| pushed(&format!("refs/a {local} refs/b {remote}"));
        assert_eq!(line(&one, &two), Some(sent(Some(&two))));
        assert_eq!(line(&one, &none), Some(sent(None)));
        assert_eq!(line(&none, &two), None);
        assert_eq!(line("--all", &two), None);
        assert_eq!(pushed(""), None);
    }
}
