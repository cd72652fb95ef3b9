//! What can go wrong with a ledger. Every state is named, because each asks for another answer.

use std::io;

use crate::entry::EntryError;
use crate::frame::FrameError;
use crate::hash::Hash;

#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// Nothing was written; trying again may help.
    #[error("other processes held the lock of the ledger for too long")]
    Locked,
    /// Nothing was acknowledged, and what was written in part is taken back.
    #[error("no space is left for the ledger")]
    Full(#[source] io::Error),
    /// Entries stand behind the damage, so nothing was cut off and nothing can be appended.
    #[error("the ledger is damaged at entry {sequence}")]
    Corrupt { sequence: u64, source: FrameError },
    #[error("the entry cannot be written")]
    Entry(#[from] EntryError),
    #[error("no entry has a payload {0}")]
    NotFound(Hash),
    #[error("entry {0} is the ledger's own: its payload is never forgotten")]
    Own(u64),
    #[error("the ledger cannot be read or written")]
    Io(#[source] io::Error),
}

impl From<io::Error> for LedgerError {
    fn from(error: io::Error) -> Self {
        if matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) {
            Self::Full(error)
        } else {
            Self::Io(error)
        }
    }
}
