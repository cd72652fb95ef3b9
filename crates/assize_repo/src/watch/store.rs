//! The bytes in which a watch is kept beside the index that it belongs to.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};

use assize_index::FileStamp;

use super::Watch;
use super::folder::{Folder, What};

const MAGIC: &[u8; 8] = b"ASSIZEW2";

/// What a watch is kept for: an index, and the variables that lead git to its configuration.
pub(super) fn bound(index: &[u8; 32]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(index);
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

pub(super) fn encode(watch: &Watch, hash: &[u8; 32]) -> Vec<u8> {
    let mut body = Body(Vec::new());
    body.0.push(u8::from(watch.plain));
    body.count(watch.ground.len());
    for (path, stamp) in &watch.ground {
        body.stamp(stamp);
        body.path(path);
    }
    body.count(watch.folders.len());
    for folder in &watch.folders {
        body.path(&folder.inside);
        body.stamp(&folder.stamp);
        body.stamp(&folder.rules);
        body.count(folder.ignored.len());
        for (name, what) in &folder.ignored {
            body.0.push(what.code());
            body.path(Path::new(name));
        }
    }
    for paths in [&watch.links, &watch.left_out, &watch.missing] {
        body.count(paths.len());
        for path in paths {
            body.path(path);
        }
    }
    body.count(watch.tracked);
    let mut bytes = MAGIC.to_vec();
    bytes.extend_from_slice(hash);
    bytes.extend_from_slice(blake3::hash(&body.0).as_bytes());
    bytes.extend(body.0);
    bytes
}

struct Body(Vec<u8>);

impl Body {
    fn count(&mut self, count: usize) {
        self.0.extend_from_slice(&u32::try_from(count).unwrap_or(u32::MAX).to_le_bytes());
    }

    fn path(&mut self, path: &Path) {
        let path = path.as_os_str().as_bytes();
        self.count(path.len());
        self.0.extend_from_slice(path);
    }

    fn stamp(&mut self, stamp: &FileStamp) {
        self.0.extend_from_slice(&stamp.size.to_le_bytes());
        self.0.extend_from_slice(&stamp.modified_ns.to_le_bytes());
        self.0.extend_from_slice(&stamp.changed_ns.to_le_bytes());
        self.0.extend_from_slice(&stamp.inode.to_le_bytes());
    }
}

/// The watch that was kept for the index with this hash, if the bytes are sound.
pub(super) fn decode(bytes: &[u8], hash: &[u8; 32]) -> Option<Watch> {
    let rest = bytes.strip_prefix(MAGIC.as_slice())?.strip_prefix(hash.as_slice())?;
    let (sum, body) = rest.split_at_checked(32)?;
    if sum != blake3::hash(body).as_bytes() {
        return None;
    }
    let mut body = Rest(body);
    let plain = body.byte()? == 1;
    let ground = body.all(|body| {
        let stamp = body.stamp()?;
        Some((body.path()?, stamp))
    })?;
    let folders = body.all(Rest::folder)?;
    let links = body.all(Rest::path)?;
    let left_out = body.all(Rest::path)?;
    let missing = body.all(Rest::path)?;
    let tracked = body.count()? as usize;
    let watch = Watch { ground, folders, links, left_out, missing, tracked, plain, held: true };
    body.0.is_empty().then_some(watch)
}

struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take::<1>().map(|[byte]| byte)
    }

    fn count(&mut self) -> Option<u32> {
        self.take().map(u32::from_le_bytes)
    }

    fn all<T, C: FromIterator<T>>(
        &mut self,
        mut one: impl FnMut(&mut Self) -> Option<T>,
    ) -> Option<C> {
        let count = self.count()?;
        (0..count).map(|_| one(self)).collect()
    }

    fn path(&mut self) -> Option<PathBuf> {
        let length = self.count()?;
        let (path, rest) = self.0.split_at_checked(length as usize)?;
        self.0 = rest;
        Some(PathBuf::from(OsString::from_vec(path.to_vec())))
    }

    fn stamp(&mut self) -> Option<FileStamp> {
        Some(FileStamp {
            size: self.take().map(u64::from_le_bytes)?,
            modified_ns: self.take().map(i64::from_le_bytes)?,
            changed_ns: self.take().map(i64::from_le_bytes)?,
            inode: self.take().map(u64::from_le_bytes)?,
        })
    }

    fn folder(&mut self) -> Option<Folder> {
        Some(Folder {
            inside: self.path()?,
            stamp: self.stamp()?,
            rules: self.stamp()?,
            ignored: self.all(|body| {
                let what = What::of_code(body.byte()?)?;
                Some((body.path()?.into_os_string(), what))
            })?,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::path::PathBuf;

    use assize_index::FileStamp;

    use super::super::Watch;
    use super::super::folder::{Folder, What};
    use super::{decode, encode};

    #[test]
    fn a_watch_is_read_for_its_index_alone_and_never_torn() {
        let stamp = FileStamp { size: 1, modified_ns: -2, changed_ns: 3, inode: 4 };
        let folder = Folder {
            inside: PathBuf::from("a/b"),
            stamp,
            rules: FileStamp::default(),
            ignored: BTreeMap::from([("new\nline".into(), What::Folder)]),
        };
        let watch = Watch {
            ground: vec![(PathBuf::from("/a/b"), stamp), (PathBuf::new(), FileStamp::default())],
            folders: vec![folder],
            links: BTreeSet::from([PathBuf::from("other")]),
            left_out: BTreeSet::new(),
            missing: BTreeSet::from([PathBuf::from("a/gone.py")]),
            tracked: 2,
            plain: true,
            held: true,
        };
        let bytes = encode(&watch, &[7; 32]);
        assert_eq!(decode(&bytes, &[7; 32]), Some(watch));
        assert_eq!(decode(&bytes, &[8; 32]), None);
        assert!((0..bytes.len()).all(|end| decode(&bytes[..end], &[7; 32]).is_none()));
    }
}
