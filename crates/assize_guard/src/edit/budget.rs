//! How long the search for lines may take.

/// How much of a search is too much, in compared lines; a long line counts as several.
const COMPARISONS_MAX: u64 = 20_000_000;
/// Bytes of a line that count as one comparison.
const BYTES_PER_COMPARISON: usize = 64;

/// What is left of the time that one patch may take.
#[derive(Debug)]
pub(super) struct Budget(u64);

/// The budget is used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooLong;

impl Default for Budget {
    fn default() -> Self {
        Self(COMPARISONS_MAX)
    }
}

impl Budget {
    /// Pays for the comparison of two lines, of which the shorter has so many bytes.
    pub(super) fn spend(&mut self, bytes: usize) -> Result<(), TooLong> {
        let cost = u64::try_from(bytes / BYTES_PER_COMPARISON).unwrap_or(u64::MAX);
        self.0 = self.0.checked_sub(cost.saturating_add(1)).ok_or(TooLong)?;
        Ok(())
    }
}
