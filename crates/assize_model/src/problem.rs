//! Problems: what the pass could not do. A problem is never silence and never the end of the pass.

use crate::RepoPath;

/// What kind of obstacle it was. The set is closed: machines read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum ProblemKind {
    /// The file or folder could not be opened or read.
    Unreadable = 0,
    /// The file is above the size that is read.
    TooLarge = 1,
    /// The text is not UTF-8.
    NotUtf8 = 2,
    /// Brackets nest deeper than a parser is trusted with.
    TooDeep = 3,
    /// The file changed while it was read.
    Changed = 4,
    /// A symbolic link points to nothing.
    DanglingLink = 5,
    /// A symbolic link leads back to itself.
    LinkLoop = 6,
    /// git names a blob that is not there.
    MissingBlob = 7,
    /// git could not be asked.
    Git = 8,
    /// A control or a parser panicked; a bug of ours.
    Panic = 9,
    /// The cache could not be read or written; the pass went on without it.
    Cache = 10,
    /// `assize.toml` is wrong.
    Configuration = 11,
    /// The root could not be found or read.
    Root = 12,
    /// The path is no regular file: a socket, a pipe, a device.
    NotRegular = 13,
}

impl ProblemKind {
    pub const ALL: [Self; 14] = [
        Self::Unreadable,
        Self::TooLarge,
        Self::NotUtf8,
        Self::TooDeep,
        Self::Changed,
        Self::DanglingLink,
        Self::LinkLoop,
        Self::MissingBlob,
        Self::Git,
        Self::Panic,
        Self::Cache,
        Self::Configuration,
        Self::Root,
        Self::NotRegular,
    ];

    pub const fn word(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::TooLarge => "too-large",
            Self::NotUtf8 => "not-utf8",
            Self::TooDeep => "too-deep",
            Self::Changed => "changed",
            Self::DanglingLink => "dangling-link",
            Self::LinkLoop => "link-loop",
            Self::MissingBlob => "missing-blob",
            Self::Git => "git",
            Self::Panic => "panic",
            Self::Cache => "cache",
            Self::Configuration => "configuration",
            Self::Root => "root",
            Self::NotRegular => "not-regular",
        }
    }

    /// The kind with this stored number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| *kind as u8 == number)
    }
}

/// Something that the pass could not do, and where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    pub path: RepoPath,
    pub kind: ProblemKind,
    pub message: String,
}
