//! What was found, and which of two overlapping finds is kept.

use assize_model::Severity;

/// Ranks: of two overlapping finds the higher one is kept.
pub(super) const RANK_GENERIC: u8 = 0;
pub(super) const RANK_LOGIN: u8 = 1;
pub(super) const RANK_CONTEXT: u8 = 2;
pub(super) const RANK_JWT: u8 = 3;
pub(super) const RANK_FORMAT: u8 = 4;
pub(super) const RANK_KEY: u8 = 5;

/// One secret in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Secret {
    pub(crate) code: &'static str,
    /// What it is, with its article.
    pub(crate) name: &'static str,
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) rank: u8,
    pub(crate) severity: Severity,
    /// Whether a checksum or an inner structure proves the format.
    pub(crate) proven: bool,
    /// Whether its first characters belong to the format and may be shown.
    pub(crate) shows_head: bool,
    /// The name to which it is assigned.
    pub(crate) item: String,
}

impl Secret {
    /// The same secret, further on in a text of which only a part was read.
    pub(super) fn moved(self, by: usize) -> Self {
        Self { start: self.start + by, end: self.end + by, ..self }
    }
}

/// One secret per place: of overlapping ones the most specific, then the longest.
pub(super) fn without_overlaps(mut found: Vec<Secret>) -> Vec<Secret> {
    found.sort_by(|a, b| (a.start, b.rank, b.end, a.code).cmp(&(b.start, a.rank, a.end, b.code)));
    let mut kept: Vec<Secret> = Vec::with_capacity(found.len());
    for secret in found {
        match kept.last_mut() {
            Some(last) if secret.start < last.end => {
                if secret.rank > last.rank {
                    *last = secret;
                }
            }
            _ => kept.push(secret),
        }
    }
    kept
}
