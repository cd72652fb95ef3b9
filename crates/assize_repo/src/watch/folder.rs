//! One folder that git walks: its stamps, and the names in it.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::FileType;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use assize_index::FileStamp;

use crate::refresh::{UNSEEN, unless_racy_since};
use crate::status::stamp_of;

/// What lies at a name. Git's rules and its list depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    Folder,
    File,
    Link,
    /// A pipe, a socket or a device: git lists none that it does not track.
    Special,
}

impl What {
    fn of(kind: FileType) -> Self {
        if kind.is_dir() {
            Self::Folder
        } else if kind.is_symlink() {
            Self::Link
        } else if kind.is_file() {
            Self::File
        } else {
            Self::Special
        }
    }

    pub(super) fn code(self) -> u8 {
        match self {
            Self::Folder => 0,
            Self::File => 1,
            Self::Link => 2,
            Self::Special => 3,
        }
    }

    pub(super) fn of_code(code: u8) -> Option<Self> {
        [Self::Folder, Self::File, Self::Link, Self::Special]
            .into_iter()
            .find(|what| what.code() == code)
    }
}

/// A folder that git walks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Folder {
    /// Relative to the root.
    pub(super) inside: PathBuf,
    pub(super) stamp: FileStamp,
    /// The stamp of its `.gitignore`.
    pub(super) rules: FileStamp,
    /// Names in it that git ignores for as long as its rules are these.
    pub(super) ignored: BTreeMap<OsString, What>,
}

/// What stands in a folder.
#[derive(Debug)]
pub(super) struct Looked {
    pub(super) folder: Folder,
    /// All but `.git`.
    pub(super) names: BTreeMap<OsString, What>,
    /// Whether it has a `.git`.
    pub(super) repository: bool,
}

/// Reads a folder; the inner `None` says that it is gone, the outer one that it cannot be read.
///
/// Its stamps are older than its names: what comes or goes meanwhile breaks them.
#[expect(clippy::option_option, reason = "gone and unreadable are different answers")]
pub(super) fn look(root: &Path, inside: PathBuf, begun_ns: i64) -> Option<Option<Looked>> {
    let path = root.join(&inside);
    let stamp = unless_racy_since(stamp_at(&path), begun_ns);
    let rules = unless_racy_since(stamp_at(&path.join(".gitignore")), begun_ns);
    let entries = match std::fs::read_dir(&path) {
        Ok(entries) => entries,
        Err(error) => return (error.kind() == ErrorKind::NotFound).then_some(None),
    };
    let mut names = BTreeMap::new();
    for entry in entries {
        let entry = entry.ok()?;
        names.insert(entry.file_name(), What::of(entry.file_type().ok()?));
    }
    let repository = names.remove(std::ffi::OsStr::new(".git")).is_some();
    let folder = Folder { inside, stamp, rules, ignored: BTreeMap::new() };
    Some(Some(Looked { folder, names, repository }))
}

pub(super) fn stamp_at(path: &Path) -> FileStamp {
    path.symlink_metadata().map_or(UNSEEN, |metadata| stamp_of(&metadata))
}

/// Whether what lies at a path is what it was when it was stamped.
pub(super) fn holds(path: &Path, stamp: FileStamp) -> bool {
    stamp.modified_ns != 0 && stamp_at(path) == stamp
}
