//! Whether the commits behind a base are proven by their bundles, from the repository alone.

use std::collections::BTreeSet;
use std::path::Path;

use assize_ledger::PublicKey;
use assize_model::RepoPath;
use assize_repo::{Blob, CONFIG_NAME, Commit, Git, GitError};

use super::claim::rules_hash;
use super::envelope::{Opened, is_bundle, open};
use crate::failure::Failure;
use crate::records::{self, TRAILER};
use crate::team::RuleTexts;

/// More commits than this are proven by no one: a base is wrong then.
const COMMITS_MAX: usize = 1_000;
/// So many commits without a bundle are named.
const NAMED_MAX: usize = 5;
const KEYS: &str = ".assize/keys/";
const KEYS_MAX: usize = 1_000;

/// How far commits are proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Evidence {
    Proven {
        why: String,
        /// A person made the newest commit.
        is_persons: bool,
    },
    /// The static gates are all there is.
    Unproven(String),
    /// A bundle is there, and it is not what it says.
    Refused(String),
}

/// The repository in which bundles are verified.
pub(crate) struct InRepository<'a> {
    pub(crate) git: &'a Git,
    /// The root, in the work tree of git.
    pub(crate) folder: &'a Path,
    /// The commit before the change.
    pub(crate) base: Option<&'a str>,
}

/// What one commit's note says.
enum Said {
    Holds { is_persons: bool },
    Lacks(String),
    Refused(String),
}

/// How far the commits between the base and HEAD are proven.
pub(crate) fn proven(around: &InRepository<'_>) -> Result<Evidence, Failure> {
    let failed = |error: GitError| Failure::tool(&error);
    let keys = around.keys().map_err(failed)?;
    if keys.is_empty() {
        let why = format!("`{KEYS}` of the commit before the change holds no key of a record");
        return Ok(Evidence::Unproven(why));
    }
    let commits = around.git.commits_since(around.base, COMMITS_MAX).map_err(failed)?;
    let Some(head) = commits.first() else {
        return Ok(Evidence::Unproven("there is no commit behind the base".to_owned()));
    };
    if commits.len() == COMMITS_MAX {
        return Ok(Evidence::Unproven(format!("there are {COMMITS_MAX} commits or more")));
    }
    let said = around.said(head, &keys, around.base).map_err(failed)?;
    let Said::Holds { is_persons } = said else { return Ok(short_of(head, said)) };
    let mut missing: Vec<(&Commit, Said)> = Vec::new();
    for commit in commits.iter().skip(1) {
        match around.said(commit, &keys, None).map_err(failed)? {
            Said::Holds { .. } => {}
            said @ Said::Refused(_) => return Ok(short_of(commit, said)),
            said @ Said::Lacks(_) => missing.push((commit, said)),
        }
    }
    // The newest bundle may be one over all of the change.
    if missing.is_empty() || around.covers_all(head, &keys).map_err(failed)? {
        let count = commits.len();
        let why = match count {
            1 => "the commit carries its evidence".to_owned(),
            count => format!("all {count} commits carry their evidence"),
        };
        return Ok(Evidence::Proven { why, is_persons });
    }
    let names: Vec<&str> =
        missing.iter().take(NAMED_MAX).map(|(commit, _)| short(&commit.id)).collect();
    let (count, all) = (missing.len(), commits.len());
    let named = names.join(", ");
    Ok(Evidence::Unproven(format!("{count} of {all} commits carry no evidence: {named}")))
}

fn short_of(commit: &Commit, said: Said) -> Evidence {
    let id = short(&commit.id);
    match said {
        Said::Refused(why) => Evidence::Refused(format!("the evidence of {id}: {why}")),
        Said::Lacks(why) => Evidence::Unproven(format!("{id}: {why}")),
        Said::Holds { .. } => Evidence::Unproven(format!("{id}: it is not said")),
    }
}

fn short(id: &str) -> &str {
    id.get(..12).unwrap_or(id)
}

impl InRepository<'_> {
    /// The keys that stand in the commit before the change. A key that the change itself adds
    /// would let it vouch for itself.
    fn keys(&self) -> Result<Vec<PublicKey>, GitError> {
        let Some(base) = self.base else { return Ok(Vec::new()) };
        let found = self.git.objects_at(base, self.folder, &[KEYS.as_bytes()])?;
        let objects = found.into_iter().filter(|(path, _)| path.ends_with(b".pub"));
        let objects: Vec<String> = objects.map(|(_, object)| object).take(KEYS_MAX).collect();
        let blobs = self.git.blobs(&objects)?;
        let key = |blob: &Blob| match blob {
            Blob::Bytes(bytes) => {
                let text = std::str::from_utf8(bytes).ok()?;
                text.split_whitespace().next()?.parse::<PublicKey>().ok()
            }
            Blob::TooLarge => None,
        };
        Ok(blobs.values().filter_map(key).collect())
    }

    /// What the note on a commit's tree says. `also`: a base that counts besides the parents.
    fn said(
        &self,
        commit: &Commit,
        keys: &[PublicKey],
        also: Option<&str>,
    ) -> Result<Said, GitError> {
        let tree = self.git.tree_of(&commit.id, self.folder);
        let Some(tree) = tree else { return Ok(Said::Lacks("it has no files here".to_owned())) };
        let first = commit.parents.first();
        if first.and_then(|parent| self.git.tree_of(parent, self.folder)) == Some(tree.clone()) {
            return Ok(Said::Holds { is_persons: false });
        }
        let lines = self.git.note_on(&tree)?;
        let mut refused = None;
        let mut lacks = "it carries no evidence".to_owned();
        for line in lines.iter().filter(|line| is_bundle(line)) {
            match open(line, keys).map(|opened| self.fits(&opened, commit, &tree, also)) {
                Ok(Ok(said @ Said::Holds { .. })) => return Ok(said),
                Ok(Ok(Said::Refused(why))) => refused = Some(why),
                Ok(Ok(Said::Lacks(why))) => lacks = why,
                Ok(Err(error)) => return Err(error),
                Err(error) => refused = Some(error.to_string()),
            }
        }
        if self.is_plain_merge(commit) {
            return Ok(Said::Holds { is_persons: false });
        }
        Ok(refused.map_or(Said::Lacks(lacks), Said::Refused))
    }

    /// Whether a merge adds nothing to what it merges.
    fn is_plain_merge(&self, commit: &Commit) -> bool {
        let [one, other] = commit.parents.as_slice() else { return false };
        let whole = self.git.tree_of(&commit.id, self.git.top());
        whole.is_some() && self.git.merged_tree(one, other) == whole
    }

    /// Whether a bundle that is signed speaks of this commit.
    fn fits(
        &self,
        opened: &Opened,
        commit: &Commit,
        tree: &str,
        also: Option<&str>,
    ) -> Result<Said, GitError> {
        if opened.tree != tree {
            let other = short(&opened.tree);
            return Ok(Said::Refused(format!("it is bound to another tree ({other})")));
        }
        let bases: Vec<&str> = commit.parents.iter().map(String::as_str).chain(also).collect();
        let named = opened.base.as_deref();
        let same_tree = |base: &&&str| {
            opened.base_tree.is_some() && self.git.tree_of(base, self.folder) == opened.base_tree
        };
        let base = bases.iter().find(|base| named == Some(**base));
        let base = base.or_else(|| bases.iter().find(same_tree)).copied();
        if base.is_none() && !(named.is_none() && commit.parents.is_empty()) {
            return Ok(Said::Lacks("its evidence is of a change from another commit".to_owned()));
        }
        let rules = [Some(commit.id.as_str()), base].into_iter().flatten();
        let mut known = BTreeSet::new();
        for commit in rules {
            known.insert(self.rules(commit)?);
        }
        if !known.contains(&opened.rules) {
            let why = "it was judged by a configuration of neither side of the change";
            return Ok(Said::Refused(why.to_owned()));
        }
        if let Some(why) = self.contradicts(opened, commit)? {
            return Ok(Said::Refused(why));
        }
        if !opened.unmet.is_empty() {
            return Ok(Said::Lacks(format!("its evidence lacks {}", opened.unmet.join(", "))));
        }
        Ok(Said::Holds { is_persons: opened.is_persons })
    }

    /// The hash of the configuration in a commit.
    fn rules(&self, commit: &str) -> Result<String, GitError> {
        let files = self.git.tree(commit, self.folder)?;
        let rules = files.iter().filter(|(path, ..)| is_rules(path));
        Ok(rules_hash(rules.map(|(path, _, object)| (path.as_slice(), object.as_str()))))
    }

    /// Whether the trailer of the commit names another state of the same record.
    fn contradicts(&self, opened: &Opened, commit: &Commit) -> Result<Option<String>, GitError> {
        let (id, sequence, hash) = &opened.ledger;
        let trailers = self.git.trailers_of(&commit.id, TRAILER)?;
        let anchors = trailers.iter().filter_map(|value| records::read_anchor(value));
        for (named, head) in anchors.filter(|(named, _)| named == id) {
            let before = head.sequence < *sequence;
            let other = head.sequence == *sequence && head.hash.to_string() != *hash;
            if before || other {
                let sequence = head.sequence;
                return Ok(Some(format!("entry {sequence} of record {named} is not what it was")));
            }
        }
        Ok(None)
    }

    /// Whether the bundle of a commit is one over the whole change.
    fn covers_all(&self, head: &Commit, keys: &[PublicKey]) -> Result<bool, GitError> {
        let Some(base) = self.base else { return Ok(false) };
        let Some(tree) = self.git.tree_of(&head.id, self.folder) else { return Ok(false) };
        let base_tree = self.git.tree_of(base, self.folder);
        let lines = self.git.note_on(&tree)?;
        let opened = lines.iter().filter_map(|line| open(line, keys).ok());
        Ok(opened.into_iter().any(|opened| {
            opened.tree == tree
                && opened.unmet.is_empty()
                && opened.base_tree.is_some()
                && opened.base_tree == base_tree
        }))
    }
}

/// Whether a file is part of the configuration.
pub(crate) fn is_rules(path: &[u8]) -> bool {
    RepoPath::from_bytes(path)
        .is_ok_and(|path| path.name() == CONFIG_NAME || RuleTexts::is_file(&path))
}
