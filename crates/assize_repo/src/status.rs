//! What the disk says of a name, without its content.

use std::fs::{File, Metadata};
use std::io::Error;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use assize_index::FileStamp;
use rustix::fs::{AtFlags, FileType, Stat, statat};

use crate::Entry;

/// What lies at a name; a link itself, not what it leads to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Status {
    pub(crate) stamp: FileStamp,
    pub(crate) kind: FileType,
    pub(crate) can_run: bool,
}

/// The root of a tree, opened: names below it are looked up from there, so that the system need not
/// walk the path to the root for each.
#[derive(Debug)]
pub(crate) struct Base {
    open: Option<File>,
}

impl Base {
    pub(crate) fn of(folder: &Path) -> Self {
        Self { open: File::open(folder).ok() }
    }

    /// What lies where an entry does.
    pub(crate) fn status(&self, entry: &Entry) -> Result<Status, Error> {
        let inside = entry.path.as_str();
        match &self.open {
            // The bytes of other names are not those of the path.
            Some(open) if !inside.contains('%') => {
                Ok(Status::from(&statat(open, inside, AtFlags::SYMLINK_NOFOLLOW)?))
            }
            _ => Ok(Status::from(&entry.disk.symlink_metadata()?)),
        }
    }
}

impl From<&Stat> for Status {
    fn from(stat: &Stat) -> Self {
        let nanos = |seconds: i64, rest: u64| {
            let rest = i64::try_from(rest).unwrap_or(0);
            seconds.wrapping_mul(1_000_000_000).wrapping_add(rest)
        };
        Self {
            stamp: FileStamp {
                size: u64::try_from(stat.st_size).unwrap_or(0),
                modified_ns: nanos(stat.st_mtime, stat.st_mtime_nsec),
                changed_ns: nanos(stat.st_ctime, stat.st_ctime_nsec),
                inode: stat.st_ino,
            },
            kind: FileType::from_raw_mode(stat.st_mode),
            can_run: stat.st_mode & 0o111 != 0,
        }
    }
}

impl From<&Metadata> for Status {
    fn from(metadata: &Metadata) -> Self {
        Self {
            stamp: stamp_of(metadata),
            kind: FileType::from_raw_mode(metadata.mode()),
            can_run: metadata.mode() & 0o111 != 0,
        }
    }
}

pub(crate) fn stamp_of(metadata: &Metadata) -> FileStamp {
    let modified_ns = metadata.mtime() * 1_000_000_000 + metadata.mtime_nsec();
    let changed_ns = metadata.ctime() * 1_000_000_000 + metadata.ctime_nsec();
    FileStamp { size: metadata.len(), modified_ns, changed_ns, inode: metadata.ino() }
}

#[cfg(test)]
mod tests {
    use assize_model::RepoPath;

    use super::{Base, Status};
    use crate::{Entry, EntryKind};

    #[test]
    fn a_name_below_the_root_is_the_same_by_both_ways() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        std::fs::create_dir(root.join("a")).unwrap();
        std::fs::write(root.join("a/b.txt"), "1234").unwrap();
        std::os::unix::fs::symlink("b.txt", root.join("a/link")).unwrap();
        let base = Base::of(root);
        for name in ["a", "a/b.txt", "a/link"] {
            let path = RepoPath::new(name).unwrap();
            let disk = root.join(name);
            let other = Status::from(&disk.symlink_metadata().unwrap());
            let entry = Entry { path, disk, kind: EntryKind::File, tracked: false };
            let one = base.status(&entry).unwrap();
            assert_eq!(
                (one.stamp, one.kind, one.can_run),
                (other.stamp, other.kind, other.can_run)
            );
        }
        let path = RepoPath::new("a/none").unwrap();
        let gone = Entry { path, disk: root.join("a/none"), kind: EntryKind::File, tracked: false };
        assert_eq!(base.status(&gone).unwrap_err().kind(), std::io::ErrorKind::NotFound);
    }
}
