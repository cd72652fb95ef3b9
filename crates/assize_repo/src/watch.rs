//! Whether git would list the same files again, and which others, without asking it for all.
//!
//! Git's list rests on its index, on its configuration, on the ignore files, and on the names in
//! the folders that it walks. A name that comes or goes changes its folder's stamp. So the stamps
//! of all of these are kept, and while every one of them holds, the list is the kept one.
//! Where folders alone changed, their names are read and compared, and git is asked about those
//! that are new. Folders that git ignores are not walked and not watched.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use assize_index::{FileRef, FileStamp, Layers, SnapshotError, View};
use assize_model::{Problem, ProblemKind, RepoPath};
use assize_syntax::FileFlags;
use rayon::prelude::*;

use self::ask::Ground;
use self::folder::{Folder, Looked, What, holds, look, stamp_at};
use crate::git::Git;
use crate::refresh::{UNSEEN, now_ns, unless_racy_since};
use crate::{Cache, Entry, EntryKind, FileSet, Root};

mod again;
mod ask;
mod folder;
mod store;

/// A tree with more folders is listed by git every time.
const FOLDERS_MAX: usize = 200_000;
/// How deep folders without a listed file are followed.
const ROUNDS_MAX: usize = 32;

/// On what a list of files rests.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Watch {
    /// The index of git, its settings, and ignore files outside of the folders below.
    ground: Vec<(PathBuf, FileStamp)>,
    /// The folders that git walks, in order of path.
    folders: Vec<Folder>,
    /// Other repositories in the tree, relative to the root.
    links: BTreeSet<PathBuf>,
    /// Files that git tracks and that need not be there, relative to the root.
    left_out: BTreeSet<PathBuf>,
    /// Other files that git tracks and that are not there, relative to the root.
    missing: BTreeSet<PathBuf>,
    /// How many names git tracks.
    tracked: usize,
    /// Whether names alone decide what git lists of a folder.
    plain: bool,
    /// The list was taken from the index as it is, and these are the stamps kept with it.
    pub(crate) held: bool,
}

impl FileSet {
    /// Opens and verifies the kept index, and lists the files below a root by its help.
    pub fn open_kept(root: &Root, cache: &Cache, tag: &[u8; 32]) -> (Self, Option<Layers>) {
        let damage = match cache.open(tag) {
            None | Some(Err(SnapshotError::OtherVersion)) => None,
            Some(Err(error)) => Some(error),
            Some(Ok(layers)) => {
                let list = || Self::list_kept(root, cache, Some(&layers));
                let (sound, set) = rayon::join(|| layers.base().verify(), list);
                match sound {
                    Ok(()) => return (set, Some(layers)),
                    Err(error) => Some(error),
                }
            }
        };
        let mut set = Self::list_kept(root, cache, None);
        set.problems.extend(damage.map(|error| Problem {
            path: RepoPath::root(),
            kind: ProblemKind::Cache,
            message: format!("{error}: it was built anew"),
        }));
        (set, None)
    }

    /// Lists the files below a root: from the kept index, as far as nothing shows that git would
    /// list others, else by git.
    ///
    /// A change that leaves every stamp as it was still shows too late: one in a file that an
    /// ignore rule's file includes by other means, or by a clock that was turned back.
    fn list_kept(root: &Root, cache: &Cache, known: Option<&Layers>) -> Self {
        let Some(git) = &root.git else { return Self::list(root) };
        let begun_ns = now_ns();
        known
            .and_then(|kept| self::known(git, &root.folder, cache, kept, begun_ns))
            .unwrap_or_else(|| listed(git, root, begun_ns))
    }
}

/// The files that git lists, and on what the list rests that it began to write at `begun_ns`.
fn listed(git: &Git, root: &Root, begun_ns: i64) -> FileSet {
    let mut set = FileSet::list(root);
    if set.problems.is_empty() {
        set.watch = Watch::take(git, &root.folder, &set.entries, begun_ns);
    }
    set
}

/// The files of the kept index, with those that came and without those that went.
fn known(git: &Git, folder: &Path, cache: &Cache, kept: &Layers, begun_ns: i64) -> Option<FileSet> {
    let mut watch = store::decode(&cache.read_watch()?, &store::bound(&kept.identity()))?;
    let changed = watch.changed(folder)?;
    let mut entries = entries(kept.view(), folder)?;
    watch.mark_left_out(&mut entries)?;
    if !changed.is_empty() {
        entries = again::update(git, folder, &mut watch, entries, &changed, begun_ns)?;
    }
    let folder = folder.to_path_buf();
    Some(FileSet { entries, problems: Vec::new(), folder, watch: Some(watch) })
}

fn entries(view: View<'_>, folder: &Path) -> Option<Vec<Entry>> {
    let files: Vec<FileRef<'_>> = view.files().collect();
    files
        .into_par_iter()
        .map(|file| {
            let path = file.repo_path();
            let flags = file.flags();
            let tracked = flags.has(FileFlags::TRACKED);
            let kind = if flags.has(FileFlags::GIT_LINK) {
                EntryKind::GitLink
            } else if flags.has(FileFlags::LINK) && tracked {
                EntryKind::Link
            } else {
                // Git does not say of an untracked name that it is a link.
                EntryKind::File
            };
            // The bytes of such a name are not known.
            let plain = !path.as_str().contains('%');
            let disk = folder.join(path.as_str());
            plain.then_some(Entry { path, disk, kind, tracked })
        })
        .collect()
}

impl Watch {
    /// On what a list rests that git began to write at `begun_ns`.
    fn take(git: &Git, root: &Path, entries: &[Entry], begun_ns: i64) -> Option<Self> {
        let Ground { mut paths, intricate } = git.ground(root)?;
        let of_kind = |kind| entries.iter().filter(move |entry| entry.kind == kind);
        let inside = |entry: &Entry| Some(entry.disk.strip_prefix(root).ok()?.to_path_buf());
        let all = |kind| of_kind(kind).map(inside).collect::<Option<BTreeSet<PathBuf>>>();
        let (links, left_out) = (all(EntryKind::GitLink)?, all(EntryKind::Sparse)?);
        let mut looked = walk(git, root, entries, &links, begun_ns)?;
        let odd = odd(&looked, root, git.top());
        // Rules that are left out are read from git's index.
        let unread = left_out.iter().any(|path| path.ends_with(".gitignore"));
        let plain = !intricate && odd.is_empty() && !unread;
        let missing = account(root, entries, &mut looked)?;
        // What makes these folders repositories can change inside of them.
        let nested = of_kind(EntryKind::GitLink).filter(|entry| !entry.tracked);
        paths.extend(nested.map(|entry| entry.disk.join(".git")));
        paths.extend(odd);
        paths.sort();
        paths.dedup();
        let stamp = |path: PathBuf| {
            let stamp = unless_racy_since(stamp_at(&path), begun_ns);
            (path, stamp)
        };
        Some(Self {
            ground: paths.into_par_iter().map(stamp).collect(),
            folders: looked.into_iter().map(|looked| looked.folder).collect(),
            links,
            left_out,
            missing,
            tracked: entries.iter().filter(|entry| entry.tracked).count(),
            plain,
            held: false,
        })
    }

    /// Says of the entries that need not be there what git says of them.
    fn mark_left_out(&self, entries: &mut [Entry]) -> Option<()> {
        for path in &self.left_out {
            let path = path.to_str()?;
            let at = entries.binary_search_by(|entry| entry.path.as_str().cmp(path)).ok()?;
            entries.get_mut(at)?.kind = EntryKind::Sparse;
        }
        Some(())
    }

    /// The folders in which names may have come or gone; `None` where more than that changed.
    fn changed(&self, root: &Path) -> Option<Vec<usize>> {
        if !self.ground.par_iter().all(|(path, stamp)| holds(path, *stamp)) {
            return None;
        }
        let state = |(at, folder): (usize, &Folder)| {
            let path = root.join(&folder.inside);
            let same = holds(&path, folder.stamp);
            // Where no name came, there is still no `.gitignore`.
            let ruled =
                (same && folder.rules == UNSEEN) || holds(&path.join(".gitignore"), folder.rules);
            ruled.then_some((!same).then_some(at))
        };
        let states: Option<Vec<Option<usize>>> =
            self.folders.par_iter().enumerate().map(state).collect();
        Some(states?.into_iter().flatten().collect())
    }

    /// Keeps the stamps for the index with this hash.
    pub(crate) fn keep(&self, cache: &Cache, hash: &[u8; 32]) {
        // Without them git is asked again, and nothing else.
        drop(cache.replace_watch(&store::encode(self, &store::bound(hash))));
    }
}

/// Reads the folders that git walks, those with a listed file and those that could hold one, in
/// order of path.
fn walk(
    git: &Git,
    root: &Path,
    entries: &[Entry],
    links: &BTreeSet<PathBuf>,
    begun_ns: i64,
) -> Option<Vec<Looked>> {
    let mut known = holders(root, entries)?;
    let mut all: BTreeMap<PathBuf, Looked> = BTreeMap::new();
    let mut fresh: Vec<PathBuf> = known.iter().cloned().collect();
    for _ in 0..ROUNDS_MAX {
        let looked = look_at_all(root, fresh, begun_ns)?;
        let mut unknown: Vec<PathBuf> = looked.iter().flatten().flat_map(inner).collect();
        unknown.retain(|path| !known.contains(path) && !links.contains(path));
        for looked in looked.into_iter().flatten() {
            all.insert(looked.folder.inside.clone(), looked);
        }
        if unknown.is_empty() {
            return Some(all.into_values().collect());
        }
        let ignored = git.ignored(root, &unknown)?;
        unknown.retain(|path| !ignored.contains(path));
        known.extend(unknown.iter().cloned());
        if known.len() > FOLDERS_MAX {
            return None;
        }
        fresh = unknown;
    }
    None
}

/// The `.git` of folders that git walks even so: they are not repositories, or it tracks files
/// in them.
fn odd(looked: &[Looked], root: &Path, top: &Path) -> Vec<PathBuf> {
    let with = looked.iter().filter(|looked| looked.repository);
    let folders = with.map(|looked| root.join(&looked.folder.inside));
    folders.filter(|folder| folder != top).map(|folder| folder.join(".git")).collect()
}

/// The folders above listed files, relative to the root.
fn holders(root: &Path, entries: &[Entry]) -> Option<BTreeSet<PathBuf>> {
    let mut folders = BTreeSet::from([PathBuf::new()]);
    let mut last: Option<&Path> = None;
    for entry in entries {
        let holder = entry.disk.parent();
        if holder == last {
            continue;
        }
        last = holder;
        for above in holder?.strip_prefix(root).ok()?.ancestors() {
            if !folders.insert(above.to_path_buf()) {
                break;
            }
        }
    }
    Some(folders)
}

/// Reads folders; those that are gone are `None`. Nothing where one of them cannot be read.
fn look_at_all(root: &Path, inside: Vec<PathBuf>, begun_ns: i64) -> Option<Vec<Option<Looked>>> {
    inside.into_par_iter().map(|inside| look(root, inside, begun_ns)).collect()
}

/// The folders directly in one.
fn inner(looked: &Looked) -> impl Iterator<Item = PathBuf> {
    let folders = looked.names.iter().filter(|(_, what)| **what == What::Folder);
    folders.map(|(name, _)| looked.folder.inside.join(name))
}

/// Compares the names in folders with what is listed: what git passed over is ignored, and what it
/// tracks although no name is there is returned.
fn account(root: &Path, entries: &[Entry], looked: &mut [Looked]) -> Option<BTreeSet<PathBuf>> {
    let mut places: HashMap<&[u8], usize> = HashMap::with_capacity(entries.len());
    for (at, entry) in entries.iter().enumerate() {
        places.insert(entry.disk.strip_prefix(root).ok()?.as_os_str().as_bytes(), at);
    }
    let walked: BTreeSet<PathBuf> =
        looked.iter().map(|looked| looked.folder.inside.clone()).collect();
    let mut there = vec![false; entries.len()];
    for Looked { folder, names, .. } in looked {
        // Where a name may have come after the list was written, it does not say what is ignored.
        let settled = folder.stamp.modified_ns != 0;
        for (name, what) in std::mem::take(names) {
            let path = folder.inside.join(&name);
            if let Some(at) = places.get(path.as_os_str().as_bytes()) {
                there.get_mut(*at).map(|there| *there = true)?;
            } else if settled && what != What::Special && !walked.contains(&path) {
                folder.ignored.insert(name, what);
            }
        }
    }
    let is_file = |entry: &Entry| matches!(entry.kind, EntryKind::File | EntryKind::Link);
    let absent = entries
        .iter()
        .zip(there)
        .filter(|(entry, there)| !there && entry.tracked && is_file(entry));
    absent.map(|(entry, _)| Some(entry.disk.strip_prefix(root).ok()?.to_path_buf())).collect()
}

#[cfg(test)]
mod tests;
