//! What the ledger asks of the place where its segments lie.
//!
//! The trait exists for the tests: a store in memory loses what was not synced, tears writes and
//! runs out of space. In production there is one, on disk.

use std::io;

use ed25519_dalek::SigningKey;

/// Segments by the number of their first entry, one lock over all of them, and a key.
pub trait Store {
    /// Takes the lock; `false` when others held it for too long.
    fn lock(&mut self) -> io::Result<bool>;

    fn unlock(&mut self) -> io::Result<()>;

    /// The segments, in order.
    fn segments(&mut self) -> io::Result<Vec<u64>>;

    /// A new segment with these bytes; durable when it returns.
    fn create(&mut self, segment: u64, bytes: &[u8]) -> io::Result<()>;

    fn remove(&mut self, segment: u64) -> io::Result<()>;

    fn length(&mut self, segment: u64) -> io::Result<u64>;

    /// Exactly these bytes.
    fn read(&mut self, segment: u64, offset: u64, length: usize) -> io::Result<Vec<u8>>;

    /// Writes over what is there or behind it; not durable before [`Store::sync`].
    fn write(&mut self, segment: u64, offset: u64, bytes: &[u8]) -> io::Result<()>;

    fn truncate(&mut self, segment: u64, length: u64) -> io::Result<()>;

    /// What was written to the segment is durable when it returns.
    fn sync(&mut self, segment: u64) -> io::Result<()>;

    /// What [`Store::set_synced`] was told last, by any process. It may be lost or late, so that it
    /// saves a sync and decides nothing else.
    fn synced(&mut self) -> io::Result<Option<(u64, u64)>>;

    /// The segment is durable up to this length.
    fn set_synced(&mut self, segment: u64, length: u64) -> io::Result<()>;

    /// The key that signs checkpoints, made when there is none. Called under the lock.
    fn key(&mut self) -> io::Result<SigningKey>;

    /// Bytes that nobody can guess.
    fn random(&mut self) -> io::Result<[u8; 32]>;
}
