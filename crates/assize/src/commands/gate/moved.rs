//! Files that a commit moves: what was wrong in them comes along, and is nobody's new work.

use std::collections::BTreeMap;

use assize_model::{ControlName, Finding, RepoPath};
use assize_repo::Tree;

/// New names of files, and their old ones.
pub(super) type Moves = BTreeMap<RepoPath, RepoPath>;

/// Whether files came and others went.
pub(super) fn is_likely(now: &Tree, before: &Tree) -> bool {
    let lacks = |one: &Tree, other: &Tree| one.keys().any(|path| !other.contains_key(path));
    lacks(now, before) && lacks(before, now)
}

/// What of `new` is not a finding that a moved file had under its old name. A place is no part of
/// it: the lines of a file that moves change a little as well.
pub(super) fn difference(new: Vec<Finding>, known: &[Finding], moves: &Moves) -> Vec<Finding> {
    type Key<'a> = (&'a RepoPath, ControlName, &'a str, &'a str);
    fn key<'a>(path: &'a RepoPath, finding: &'a Finding) -> Key<'a> {
        (path, finding.control, &finding.code, &finding.message)
    }
    let mut left: BTreeMap<Key<'_>, usize> = BTreeMap::new();
    for finding in known {
        *left.entry(key(&finding.path, finding)).or_default() += 1;
    }
    let mut kept = Vec::new();
    for finding in new {
        let before = moves.get(&finding.path);
        let known = before.and_then(|before| {
            let count = left.iter_mut().find(|(one, _)| **one == key(before, &finding));
            count.map(|(_, count)| count).filter(|count| **count > 0)
        });
        match known {
            Some(count) => *count -= 1,
            None => kept.push(finding),
        }
    }
    kept
}
