//! The list of files after few names came or went: the kept one, brought up to date.
//!
//! Rules, settings and git's own list of tracked files are those of the kept list. So a name is
//! tracked if it was, and else it is listed unless the rules ignore it. Whatever does not follow
//! from that alone, such as a repository in the tree or a name that is not text, is left to git.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::io::ErrorKind;
use std::ops::Bound;
use std::path::{Path, PathBuf};

use assize_model::RepoPath;

use super::folder::{Folder, Looked, What};
use super::{ROUNDS_MAX, Watch, look_at_all};
use crate::git::Git;
use crate::{Entry, EntryKind};

/// More new names than this are left to git.
pub(super) const NAMES_MAX: usize = 1_024;

/// The entries and the watch as they are now, if only names in these folders changed.
pub(super) fn update(
    git: &Git,
    root: &Path,
    watch: &mut Watch,
    entries: Vec<Entry>,
    changed: &[usize],
    begun_ns: i64,
) -> Option<Vec<Entry>> {
    let count = entries.len();
    let tracked = entries.iter().filter(|entry| entry.tracked).count();
    // Else a tracked file went after the list was made and before the files were looked at.
    let complete = tracked + watch.missing.len() == watch.tracked;
    if !watch.plain || !complete {
        return None;
    }
    let mut update = Update::of(git, root, watch, changed, begun_ns)?;
    let mut entries = update.still_listed(entries, watch)?;
    update.take_known_folders(&watch.folders)?;
    update.take_ignored(watch, changed);
    let kept = entries.len();
    update.take_new(watch, &mut entries)?;
    let same = kept == count && entries.len() == count;
    if entries.len() > kept {
        entries.sort_by(|a, b| a.path.cmp(&b.path));
    }
    watch.held = update.put_into(watch, changed) && same;
    Some(entries)
}

/// What is found in the changed folders.
struct Update<'a> {
    git: &'a Git,
    root: &'a Path,
    begun_ns: i64,
    /// The changed folders as they are now, with the names that nothing explains yet. `None` for
    /// those that are gone.
    looked: BTreeMap<PathBuf, Option<Looked>>,
    /// Folders that came.
    fresh: Vec<Folder>,
}

impl<'a> Update<'a> {
    fn of(
        git: &'a Git,
        root: &'a Path,
        watch: &Watch,
        changed: &[usize],
        begun_ns: i64,
    ) -> Option<Self> {
        let folders: Vec<&Folder> =
            changed.iter().filter_map(|at| watch.folders.get(*at)).collect();
        let paths: Vec<PathBuf> = folders.iter().map(|folder| folder.inside.clone()).collect();
        let looked = look_at_all(root, paths.clone(), begun_ns)?;
        for (folder, looked) in folders.iter().zip(&looked) {
            let Some(looked) = looked else { continue };
            let foreign = looked.repository && root.join(&folder.inside) != git.top();
            if foreign || looked.folder.rules != folder.rules {
                return None;
            }
        }
        let looked: BTreeMap<_, _> = paths.into_iter().zip(looked).collect();
        // Without the root there is nothing to compare.
        let lost = looked.get(Path::new("")).is_some_and(Option::is_none);
        (!lost).then_some(Self { git, root, begun_ns, looked, fresh: Vec::new() })
    }

    /// The entries whose names are still there.
    fn still_listed(&mut self, entries: Vec<Entry>, watch: &mut Watch) -> Option<Vec<Entry>> {
        let mut listed = Vec::with_capacity(entries.len());
        // Entries of one folder stand together.
        let mut last: Option<(String, bool)> = None;
        for entry in entries {
            let folder = entry.path.folder();
            let changed = match &last {
                Some((same, changed)) if same == folder => *changed,
                _ => self.looked.contains_key(Path::new(folder)),
            };
            if last.as_ref().is_none_or(|(same, _)| same != folder) {
                last = Some((folder.to_owned(), changed));
            }
            if !changed || self.is_there(&entry, &watch.links)? {
                listed.push(entry);
            } else if entry.tracked {
                watch.missing.insert(PathBuf::from(entry.path.as_str()));
            }
        }
        Some(listed)
    }

    /// Whether an entry of a changed folder is there; nothing where it has become something else.
    fn is_there(&mut self, entry: &Entry, links: &BTreeSet<PathBuf>) -> Option<bool> {
        let looked = self.looked.get_mut(Path::new(entry.path.folder()))?;
        let names = looked.as_mut().map(|looked| &mut looked.names);
        let what = names.and_then(|names| names.remove(OsStr::new(entry.path.name())));
        match (what, entry.kind) {
            (Some(What::File | What::Link), EntryKind::File | EntryKind::Link) => Some(true),
            (Some(What::Folder), EntryKind::GitLink) => {
                links.contains(Path::new(entry.path.as_str())).then_some(true)
            }
            (Some(What::File | What::Link), EntryKind::Sparse) => Some(true),
            (None, EntryKind::Sparse) => is_gone(&entry.disk).then_some(true),
            // A disk that folds names finds it under another.
            (None, EntryKind::File | EntryKind::Link) => is_gone(&entry.disk).then_some(false),
            _ => None,
        }
    }

    /// Takes the watched folders for explained that are still there.
    fn take_known_folders(&mut self, folders: &[Folder]) -> Option<()> {
        for folder in folders {
            let Some(above) = folder.inside.parent() else { continue };
            let gone = self.looked.get(&folder.inside).is_some_and(Option::is_none);
            let what = match self.looked.get_mut(above) {
                // Nothing came or went there.
                None => (!gone).then_some(What::Folder),
                Some(None) => None,
                Some(Some(looked)) => looked.names.remove(folder.inside.file_name()?),
            };
            match what {
                Some(What::Folder) if !gone => {}
                None if gone => {}
                _ => return None,
            }
        }
        Some(())
    }

    /// Takes the names for explained that git is known to ignore.
    fn take_ignored(&mut self, watch: &Watch, changed: &[usize]) {
        for old in changed.iter().filter_map(|at| watch.folders.get(*at)) {
            let Some(Some(looked)) = self.looked.get_mut(&old.inside) else { continue };
            for (name, what) in &old.ignored {
                if looked.names.get(name) == Some(what) {
                    looked.names.remove(name);
                    looked.folder.ignored.insert(name.clone(), *what);
                }
            }
        }
    }

    /// Finds out about the names that nothing explains, and about those in new folders.
    fn take_new(&mut self, watch: &mut Watch, entries: &mut Vec<Entry>) -> Option<()> {
        let mut new: Vec<(PathBuf, What)> = Vec::new();
        for looked in self.looked.values_mut().flatten() {
            new.extend(names_of(looked));
        }
        let mut count = 0;
        for _ in 0..ROUNDS_MAX {
            count += new.len();
            if count > NAMES_MAX {
                return None;
            }
            if new.is_empty() {
                return Some(());
            }
            let untracked = back_again(new, watch, self.root, entries)?;
            let folders = self.take_untracked(untracked, entries)?;
            new = self.take_folders(folders)?;
        }
        None
    }

    /// Lists the names that git does not ignore, and returns the folders among them.
    fn take_untracked(
        &mut self,
        names: Vec<(PathBuf, What)>,
        entries: &mut Vec<Entry>,
    ) -> Option<Vec<PathBuf>> {
        let asked: Vec<PathBuf> = names.iter().map(|(path, _)| path.clone()).collect();
        let ignored = self.git.ignored(self.root, &asked)?;
        let mut folders = Vec::new();
        for (path, what) in names {
            if ignored.contains(&path) {
                let name = path.file_name()?.to_os_string();
                self.holder(path.parent()?)?.ignored.insert(name, what);
            } else if what == What::Folder {
                folders.push(path);
            } else {
                entries.push(entry(self.root, &path, EntryKind::File, Tracked::No)?);
            }
        }
        Some(folders)
    }

    fn holder(&mut self, inside: &Path) -> Option<&mut Folder> {
        match self.looked.get_mut(inside) {
            Some(looked) => looked.as_mut().map(|looked| &mut looked.folder),
            None => self.fresh.iter_mut().rev().find(|folder| folder.inside == inside),
        }
    }

    /// Watches new folders, and returns the names in them.
    fn take_folders(&mut self, folders: Vec<PathBuf>) -> Option<Vec<(PathBuf, What)>> {
        let mut names = Vec::new();
        // One that is gone already leaves its traces above.
        for mut looked in look_at_all(self.root, folders, self.begun_ns)?.into_iter().flatten() {
            if looked.repository {
                return None;
            }
            names.extend(names_of(&mut looked));
            self.fresh.push(looked.folder);
        }
        Some(names)
    }

    /// Puts the folders as they are now into the watch, and says whether they are as they were.
    fn put_into(mut self, watch: &mut Watch, changed: &[usize]) -> bool {
        let mut same = self.fresh.is_empty();
        let mut gone = BTreeSet::new();
        for at in changed {
            let Some(old) = watch.folders.get_mut(*at) else { continue };
            match self.looked.remove(&old.inside) {
                Some(Some(new)) => {
                    same &= *old == new.folder;
                    *old = new.folder;
                }
                _ => {
                    gone.insert(old.inside.clone());
                }
            }
        }
        same &= gone.is_empty();
        if !same {
            watch.folders.retain(|folder| !gone.contains(&folder.inside));
            watch.folders.extend(self.fresh);
            watch.folders.sort_by(|a, b| a.inside.cmp(&b.inside));
        }
        same
    }
}

/// Lists again what git tracks and was missing; returns the other names that it may list.
fn back_again(
    names: Vec<(PathBuf, What)>,
    watch: &mut Watch,
    root: &Path,
    entries: &mut Vec<Entry>,
) -> Option<Vec<(PathBuf, What)>> {
    let mut others = Vec::new();
    for (path, what) in names {
        if watch.missing.remove(&path) {
            let kind = match what {
                What::File => EntryKind::File,
                What::Link => EntryKind::Link,
                What::Folder | What::Special => return None,
            };
            entries.push(entry(root, &path, kind, Tracked::Yes)?);
        } else if holds_any(&watch.missing, &path) || holds_any(&watch.left_out, &path) {
            return None;
        } else if what != What::Special {
            others.push((path, what));
        }
    }
    Some(others)
}

/// Whether a path, or one below it, is among these.
fn holds_any(paths: &BTreeSet<PathBuf>, path: &Path) -> bool {
    let from = (Bound::Included(path), Bound::Unbounded);
    paths.range::<Path, _>(from).next().is_some_and(|next| next.starts_with(path))
}

fn names_of(looked: &mut Looked) -> Vec<(PathBuf, What)> {
    let names = std::mem::take(&mut looked.names);
    names.into_iter().map(|(name, what)| (looked.folder.inside.join(name), what)).collect()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Tracked {
    Yes,
    No,
}

/// The entry of a name; nothing where its bytes are not what its path says.
fn entry(root: &Path, inside: &Path, kind: EntryKind, tracked: Tracked) -> Option<Entry> {
    let text = inside.to_str().filter(|text| !text.contains('%'))?;
    let path = RepoPath::new(text).ok()?;
    Some(Entry { path, disk: root.join(inside), kind, tracked: tracked == Tracked::Yes })
}

fn is_gone(disk: &Path) -> bool {
    disk.symlink_metadata().is_err_and(|error| error.kind() == ErrorKind::NotFound)
}
