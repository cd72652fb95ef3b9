//! What the index keeps of one file, as owned values: the form in which facts enter it.

use assize_model::{FileClass, Place, ProblemKind, RepoPath, Severity};
use assize_syntax::{Dialect, Fact, FileFlags, Parsed};

/// File metadata that tells whether a file must be read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FileStamp {
    pub size: u64,
    /// Nanoseconds since the epoch; zero when unknown, which never equals a stat result.
    pub modified_ns: i64,
    pub changed_ns: i64,
    pub inode: u64,
}

/// What is known of a file apart from its facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRecord {
    pub path: RepoPath,
    pub class: FileClass,
    pub dialect: Dialect,
    pub parsed: Parsed,
    pub flags: FileFlags,
    pub stamp: FileStamp,
    /// BLAKE3 of the bytes, shortened to 128 bits; zero where the file was not read.
    pub hash: [u8; 16],
    /// Why the file could not be used, and in which words.
    pub problem: Option<(ProblemKind, String)>,
}

/// A finding that follows from one file alone, kept with the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalFinding {
    pub control: String,
    pub code: String,
    pub severity: Severity,
    pub place: Place,
    pub message: String,
    pub help: String,
    pub item: String,
    pub subject: String,
    /// Whether the control could not decide: counted, never shown.
    pub unresolved: bool,
}

/// One file as the index takes it in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexedFile {
    pub record: FileRecord,
    pub facts: Vec<Fact>,
    pub findings: Vec<LocalFinding>,
}
