//! What the tree is when a session begins: a commit, and what differs from it. Whatever changes
//! later is recorded as it is seen, so that the tree at any entry follows from both.

use std::collections::BTreeSet;

use assize_ledger::{Map, Value};
use assize_syntax::FileFlags;

use super::changes::hash;
use super::failing::Cause;
use super::record::Record;
use crate::project::Project;
use crate::state;

/// More files than these beside the last commit are not listed: the entry says so.
const FILES_MAX: usize = 5_000;

/// Records where a session begins.
pub(super) fn record(project: &Project, record: &mut Record<'_>) -> Result<(), Cause> {
    let root = &project.root.folder;
    let head = state::head(root);
    let mut paths = untracked(project);
    match changed(project, &head) {
        Some(changed) => paths.extend(changed),
        // What git cannot compare is not known: no base is better than a wrong one.
        None => return Ok(()),
    }
    let files = paths.iter().take(FILES_MAX).map(|path| {
        let mut file = Map::from([("path".to_owned(), path.as_str().into())]);
        if let Some(hash) = hash(project.view(), path) {
            file.insert("after".to_owned(), hash.into());
        }
        Value::Map(file)
    });
    let payload = Map::from([
        ("files".to_owned(), Value::List(files.collect())),
        ("head".to_owned(), head.into()),
        ("tree".to_owned(), super::tree_id(root).into()),
        ("whole".to_owned(), (paths.len() <= FILES_MAX).into()),
    ]);
    record.append("base", payload).map(drop)
}

/// Files that no commit has.
fn untracked(project: &Project) -> BTreeSet<String> {
    let files = project.view().files();
    let new = files.filter(|file| !file.flags().has(FileFlags::TRACKED));
    new.map(|file| file.path().to_owned()).collect()
}

/// Tracked files that may differ from the commit; without one, all that there are.
fn changed(project: &Project, head: &str) -> Option<Vec<String>> {
    let Some(git) = &project.root.git else { return Some(Vec::new()) };
    if head.is_empty() {
        return Some(project.view().files().map(|file| file.path().to_owned()).collect());
    }
    let changed = git.changed(head, &project.root.folder).ok()?;
    let path = |bytes: Vec<u8>| assize_model::RepoPath::from_bytes(&bytes).ok();
    Some(changed.into_iter().filter_map(path).map(|path| path.as_str().to_owned()).collect())
}
