//! Whether git would list the same files again, without asking it.
//!
//! Git's list rests on its index, on its configuration, on the ignore files, and on the names in
//! the folders that it walks. A name that comes or goes changes its folder's stamp. So the stamps
//! of all of these are kept, and while every one of them holds, the list is that of the snapshot.
//! Folders that git ignores are not walked and not watched.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::io::Write as _;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};

use assize_index::{FileStamp, Layers, View};
use assize_syntax::FileFlags;
use rayon::prelude::*;

use crate::git::Git;
use crate::refresh::{UNSEEN, now_ns, stamp_of, unless_racy_since};
use crate::{Cache, Entry, EntryKind, FileSet, Root};

const MAGIC: &[u8; 8] = b"ASSIZEW1";
/// A tree with more folders is listed by git every time.
const FOLDERS_MAX: usize = 200_000;
/// How deep folders without a listed file are followed.
const ROUNDS_MAX: usize = 32;
/// What stands before each stamp's path: its four numbers and the path's length.
const STAMP_BYTES: usize = 36;

/// The stamps on which a list of files rests.
#[derive(Debug)]
pub(crate) struct Watch {
    stamps: Vec<(PathBuf, FileStamp)>,
    /// They held when the list was taken from the snapshot.
    pub(crate) held: bool,
}

impl FileSet {
    /// Lists the files below a root: from the kept snapshot where nothing shows that git would list
    /// others, else by git.
    ///
    /// A change that leaves every stamp as it was still shows too late: one in a file that an
    /// ignore rule's file includes by other means, or by a clock that was turned back.
    pub fn list_kept(root: &Root, cache: &Cache, known: Option<&Layers>) -> Self {
        let Some(git) = &root.git else { return Self::list(root) };
        if let Some(known) = known.and_then(|known| self::known(root, cache, known)) {
            return known;
        }
        let begun_ns = now_ns();
        let mut set = Self::list(root);
        if set.problems.is_empty() {
            set.watch = Watch::take(git, &root.folder, &set.entries, begun_ns);
        }
        set
    }
}

/// The files of the kept index, if all stamps hold that were kept with it.
fn known(root: &Root, cache: &Cache, kept: &Layers) -> Option<FileSet> {
    let stamps = decode(&cache.read_watch()?, &bound(&kept.identity()))?;
    if !stamps.par_iter().all(|(path, stamp)| stamp.modified_ns != 0 && stamp_at(path) == *stamp) {
        return None;
    }
    let entries = entries(kept.view(), &root.folder)?;
    Some(FileSet { entries, problems: Vec::new(), watch: Some(Watch { stamps, held: true }) })
}

fn entries(view: View<'_>, folder: &Path) -> Option<Vec<Entry>> {
    view.files()
        .map(|file| {
            let path = file.repo_path();
            let flags = file.flags();
            let kind = if flags.has(FileFlags::LINK) {
                EntryKind::Link
            } else if flags.has(FileFlags::GIT_LINK) {
                EntryKind::GitLink
            } else {
                EntryKind::File
            };
            // The bytes of such a name are not known.
            let plain = !path.as_str().contains('%');
            let disk = folder.join(path.as_str());
            plain.then(|| Entry { path, disk, kind, tracked: flags.has(FileFlags::TRACKED) })
        })
        .collect()
}

impl Watch {
    /// The stamps on which a list rests that git began to write at `begun_ns`.
    fn take(git: &Git, folder: &Path, entries: &[Entry], begun_ns: i64) -> Option<Self> {
        let folders = folders(git, folder, entries)?;
        let mut paths = git.ground(folder)?;
        paths.extend(folders.iter().map(|inside| folder.join(inside)));
        paths.extend(folders.iter().map(|inside| folder.join(inside).join(".gitignore")));
        let stamps = paths
            .into_par_iter()
            .map(|path| {
                let stamp = unless_racy_since(stamp_at(&path), begun_ns);
                (path, stamp)
            })
            .collect();
        Some(Self { stamps, held: false })
    }

    /// Keeps the stamps for the index with this hash.
    pub(crate) fn keep(&self, cache: &Cache, hash: &[u8; 32]) {
        // Without them git is asked again, and nothing else.
        drop(cache.replace_watch(&encode(&self.stamps, &bound(hash))));
    }
}

/// What stamps are kept for: a snapshot, and the variables that lead git to its configuration.
fn bound(snapshot: &[u8; 32]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(snapshot);
    let leads = |name: &OsString| {
        let name = name.as_bytes();
        name.starts_with(b"GIT_") || matches!(name, b"HOME" | b"XDG_CONFIG_HOME")
    };
    let leading: BTreeMap<_, _> = std::env::vars_os().filter(|(name, _)| leads(name)).collect();
    for (name, value) in leading {
        for part in [name, value] {
            hasher.update(&(part.len() as u64).to_le_bytes()).update(part.as_bytes());
        }
    }
    *hasher.finalize().as_bytes()
}

fn stamp_at(path: &Path) -> FileStamp {
    path.symlink_metadata().map_or(UNSEEN, |metadata| stamp_of(&metadata))
}

/// The folders that git walks: those with a listed file, and those that could hold one.
fn folders(git: &Git, folder: &Path, entries: &[Entry]) -> Option<BTreeSet<PathBuf>> {
    let mut folders: BTreeSet<PathBuf> = BTreeSet::from([PathBuf::new()]);
    let mut nested: BTreeSet<&Path> = BTreeSet::new();
    for entry in entries {
        let inside = entry.disk.strip_prefix(folder).ok()?;
        if entry.kind == EntryKind::GitLink {
            nested.insert(inside);
        }
        for above in inside.ancestors().skip(1) {
            if !folders.insert(above.to_path_buf()) {
                break;
            }
        }
    }
    let mut fresh: Vec<PathBuf> = folders.iter().cloned().collect();
    for _ in 0..ROUNDS_MAX {
        let mut unknown = inner(folder, &fresh);
        unknown.retain(|path| !folders.contains(path) && !nested.contains(path.as_path()));
        if unknown.is_empty() {
            return Some(folders);
        }
        let ignored = git.ignored(folder, &unknown)?;
        unknown.retain(|path| !ignored.contains(path));
        folders.extend(unknown.iter().cloned());
        if folders.len() > FOLDERS_MAX {
            return None;
        }
        fresh = unknown;
    }
    None
}

/// The folders directly in these.
fn inner(root: &Path, folders: &[PathBuf]) -> Vec<PathBuf> {
    let inside = |folder: &PathBuf| -> Vec<PathBuf> {
        let Ok(entries) = std::fs::read_dir(root.join(folder)) else { return Vec::new() };
        let folders = entries.flatten().filter(|entry| {
            entry.file_name() != ".git" && entry.file_type().is_ok_and(|kind| kind.is_dir())
        });
        folders.map(|entry| folder.join(entry.file_name())).collect()
    };
    folders.par_iter().flat_map_iter(inside).collect()
}

impl Git {
    /// Which of these folders git ignores.
    fn ignored(&self, folder: &Path, paths: &[PathBuf]) -> Option<BTreeSet<PathBuf>> {
        let mut asked = tempfile::tempfile().ok()?;
        for path in paths {
            // No name is taken for a pattern then.
            asked.write_all(b"./").ok()?;
            asked.write_all(path.as_os_str().as_bytes()).ok()?;
            // The slash says that it is a folder.
            asked.write_all(b"/\0").ok()?;
        }
        std::io::Seek::rewind(&mut asked).ok()?;
        let mut command = self.at(folder).bare();
        command.args(["check-ignore", "--no-index", "-z", "--stdin"]).stdin(asked);
        let output = command.output().ok()?;
        // 1: none of them.
        if !matches!(output.status.code(), Some(0 | 1)) {
            return None;
        }
        let paths = output.stdout.split(|byte| *byte == 0).filter(|path| !path.is_empty());
        let path = |bytes: &[u8]| {
            let bytes = bytes.strip_prefix(b"./").unwrap_or(bytes);
            let bytes = bytes.strip_suffix(b"/").unwrap_or(bytes);
            PathBuf::from(OsString::from_vec(bytes.to_vec()))
        };
        Some(paths.map(path).collect())
    }

    /// The files apart from the tree's own on which the list below a folder rests.
    fn ground(&self, folder: &Path) -> Option<Vec<PathBuf>> {
        let home = PathBuf::from(std::env::var_os("HOME")?);
        let named = std::env::var_os("XDG_CONFIG_HOME").filter(|name| !name.is_empty());
        let user = named.map_or_else(|| home.join(".config"), PathBuf::from).join("git");
        let mut paths = vec![
            PathBuf::from("/etc/gitconfig"),
            home.join(".gitconfig"),
            user.join("config"),
            user.join("ignore"),
        ];
        for name in ["index", "info/exclude", "config", "config.worktree", "info/sparse-checkout"] {
            let output = self.run(&["rev-parse", "--git-path", name]).ok()?.stdout;
            let path = output.strip_suffix(b"\n").unwrap_or(&output);
            paths.push(self.top().join(OsString::from_vec(path.to_vec())));
        }
        let listed = self.run(&["config", "--list", "--show-origin", "-z"]).ok()?.stdout;
        for part in listed.split(|byte| *byte == 0) {
            if let Some(origin) = part.strip_prefix(b"file:") {
                paths.push(self.top().join(OsString::from_vec(origin.to_vec())));
            } else if let Some(excludes) = part.strip_prefix(b"core.excludesfile\n") {
                let path = match excludes.strip_prefix(b"~/") {
                    Some(rest) => home.join(OsString::from_vec(rest.to_vec())),
                    None => self.top().join(OsString::from_vec(excludes.to_vec())),
                };
                paths.push(path);
            }
        }
        let above = folder.ancestors().skip(1).take_while(|above| above.starts_with(self.top()));
        paths.extend(above.map(|above| above.join(".gitignore")));
        paths.sort();
        paths.dedup();
        Some(paths)
    }
}

fn encode(stamps: &[(PathBuf, FileStamp)], hash: &[u8; 32]) -> Vec<u8> {
    let mut body = Vec::new();
    for (path, stamp) in stamps {
        let path = path.as_os_str().as_bytes();
        body.extend_from_slice(&stamp.size.to_le_bytes());
        body.extend_from_slice(&stamp.modified_ns.to_le_bytes());
        body.extend_from_slice(&stamp.changed_ns.to_le_bytes());
        body.extend_from_slice(&stamp.inode.to_le_bytes());
        body.extend_from_slice(&u32::try_from(path.len()).unwrap_or(u32::MAX).to_le_bytes());
        body.extend_from_slice(path);
    }
    let mut bytes = MAGIC.to_vec();
    bytes.extend_from_slice(hash);
    bytes.extend_from_slice(blake3::hash(&body).as_bytes());
    bytes.extend(body);
    bytes
}

/// The stamps that were kept for the snapshot with this hash, if the bytes are sound.
fn decode(bytes: &[u8], hash: &[u8; 32]) -> Option<Vec<(PathBuf, FileStamp)>> {
    let rest = bytes.strip_prefix(MAGIC.as_slice())?.strip_prefix(hash.as_slice())?;
    let (sum, mut body) = rest.split_at_checked(32)?;
    if sum != blake3::hash(body).as_bytes() {
        return None;
    }
    let mut stamps = Vec::new();
    while !body.is_empty() {
        let (numbers, rest) = body.split_at_checked(STAMP_BYTES)?;
        let number = |at: usize| -> Option<[u8; 8]> { numbers.get(at..at + 8)?.try_into().ok() };
        let length = u32::from_le_bytes(numbers.get(32..36)?.try_into().ok()?);
        let (path, rest) = rest.split_at_checked(length as usize)?;
        let stamp = FileStamp {
            size: u64::from_le_bytes(number(0)?),
            modified_ns: i64::from_le_bytes(number(8)?),
            changed_ns: i64::from_le_bytes(number(16)?),
            inode: u64::from_le_bytes(number(24)?),
        };
        stamps.push((PathBuf::from(OsString::from_vec(path.to_vec())), stamp));
        body = rest;
    }
    Some(stamps)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use assize_index::FileStamp;

    use super::{decode, encode};

    #[test]
    fn stamps_are_read_for_their_snapshot_alone_and_never_torn() {
        let stamp = FileStamp { size: 1, modified_ns: -2, changed_ns: 3, inode: 4 };
        let stamps = vec![(PathBuf::from("/a/b"), stamp), (PathBuf::new(), FileStamp::default())];
        let bytes = encode(&stamps, &[7; 32]);
        assert_eq!(decode(&bytes, &[7; 32]), Some(stamps));
        assert_eq!(decode(&bytes, &[8; 32]), None);
        assert!((0..bytes.len()).all(|end| decode(&bytes[..end], &[7; 32]).is_none()));
    }
}
