//! Where the snapshot is kept, outside the work tree, and how it is replaced.

use std::fs::{File, TryLockError};
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

use assize_index::{Snapshot, SnapshotError};

use crate::reading::{Links, open, read_up_to};

/// The folder of one work tree's index. Deletable at any time.
#[derive(Debug, Clone)]
pub struct Cache {
    folder: PathBuf,
}

/// Why a snapshot could not be kept.
#[derive(Debug, thiserror::Error)]
#[error("the index cannot be kept in `{path}`: {source}")]
pub struct CacheError {
    path: String,
    source: std::io::Error,
}

const NAME: &str = "index.snapshot";
const LOCK: &str = "index.lock";
/// Held by whoever builds the index where there is none.
const BUILD: &str = "index.build";
const PASS: &str = "last.pass";
const WATCH: &str = "index.watch";
const SEEN: &str = "seen.snapshot";
const SEEN_PASS: &str = "seen.pass";
const SEEN_LOCK: &str = "seen.lock";
/// A kept pass above this size is not read: it is a damaged one.
const PASS_BYTES_MAX: u64 = 1 << 30;
/// A snapshot begins with its tag and the hash of its content.
const START_BYTES: usize = 80;
/// How the names of snapshots begin that are still being written.
const HALF_WRITTEN: &str = "index.half-written";

impl Cache {
    /// The cache of the work tree at `root` below `base` (the user's cache folder).
    pub fn of(base: &Path, root: &Path) -> Self {
        let id = blake3::hash(root.as_os_str().as_encoded_bytes()).to_hex();
        let id: String = id.chars().take(32).collect();
        Self { folder: base.join("assize").join(id) }
    }

    /// The folder itself.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Opens the snapshot without reading it; none when there is none yet, or none that may be
    /// read: then keeping the next one says why.
    ///
    /// # Errors
    /// Something is there, but it is no snapshot of this engine.
    pub fn open(&self, tag: &[u8; 32]) -> Option<Result<Snapshot, SnapshotError>> {
        self.open_named(NAME, tag)
    }

    fn open_named(&self, name: &str, tag: &[u8; 32]) -> Option<Result<Snapshot, SnapshotError>> {
        let file = match open(&self.folder.join(name), Links::Followed) {
            Ok((file, _)) => file,
            Err(error) if error.kind() == ErrorKind::InvalidInput => {
                return Some(Err(SnapshotError::Foreign));
            }
            Err(_) => return None,
        };
        #[expect(
            unsafe_code,
            reason = "the file is only ever replaced by rename, never written in place, so the \
                      mapped bytes do not change under the reader"
        )]
        // SAFETY: see the reason above; a foreign writer could at worst make reads wrong, and
        // every read is bounds-checked.
        let map = unsafe { memmap2::Mmap::map(&file) }.ok()?;
        Some(Snapshot::open(Box::new(map), tag))
    }

    /// When the snapshot was kept; none where there is none.
    pub fn kept_at(&self) -> Option<std::time::SystemTime> {
        std::fs::metadata(self.folder.join(NAME)).ok()?.modified().ok()
    }

    /// The turn to build the index, for as long as the file is open; none while another process
    /// builds it.
    ///
    /// # Errors
    /// As for [`Cache::replace`].
    pub fn turn_to_build(&self) -> Result<Option<File>, CacheError> {
        std::fs::create_dir_all(&self.folder).map_err(|error| self.failed(error))?;
        let turn = File::create(self.folder.join(BUILD)).map_err(|error| self.failed(error))?;
        match turn.try_lock() {
            Ok(()) => Ok(Some(turn)),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(self.failed(error)),
        }
    }

    fn failed(&self, source: std::io::Error) -> CacheError {
        CacheError { path: self.folder.display().to_string(), source }
    }

    /// Replaces the snapshot by rename. While another process replaces it, this one leaves it.
    ///
    /// # Errors
    /// The folder cannot be made or written: a full disk, a read-only home.
    pub fn replace(&self, bytes: &[u8]) -> Result<(), CacheError> {
        self.replace_file(NAME, bytes)
    }

    /// The bytes of the last pass; none when there are none.
    pub fn read_pass(&self) -> Option<Vec<u8>> {
        read_up_to(&self.folder.join(PASS), PASS_BYTES_MAX).ok()
    }

    /// Keeps the bytes of a pass.
    ///
    /// # Errors
    /// As for [`Cache::replace`].
    pub fn replace_pass(&self, bytes: &[u8]) -> Result<(), CacheError> {
        self.replace_file(PASS, bytes)
    }

    /// Waits for its turn to compare what there is with what was seen last. The turn ends when the
    /// file is closed, or the process dies.
    ///
    /// # Errors
    /// The folder cannot be made or written.
    pub fn turn(&self) -> std::io::Result<File> {
        std::fs::create_dir_all(&self.folder)?;
        let turn = File::create(self.folder.join(SEEN_LOCK))?;
        turn.lock()?;
        Ok(turn)
    }

    /// What was seen last, and the bytes of its pass; none where nothing was, or it is damaged.
    ///
    /// The index is brought up to date by whoever asks it. What somebody answers for may only be
    /// forgotten by the one who recorded it, so it is kept apart.
    pub fn seen(&self, tag: &[u8; 32]) -> Option<(Snapshot, Option<Vec<u8>>)> {
        let snapshot = self.open_named(SEEN, tag)?.ok()?;
        Some((snapshot, read_up_to(&self.folder.join(SEEN_PASS), PASS_BYTES_MAX).ok()))
    }

    /// Whether anything was seen that can be compared with.
    pub fn has_seen(&self, tag: &[u8; 32]) -> bool {
        matches!(self.open_named(SEEN, tag), Some(Ok(_)))
    }

    /// Keeps what was seen. Only who has the turn may.
    ///
    /// # Errors
    /// As for [`Cache::replace`].
    pub fn keep_seen(&self, snapshot: &Snapshot, pass: &[u8]) -> Result<(), CacheError> {
        let failed = |source| CacheError { path: self.folder.display().to_string(), source };
        if !self.link_seen(snapshot) {
            self.put_seen(SEEN, snapshot.bytes()).map_err(failed)?;
        }
        self.put_seen(SEEN_PASS, pass).map_err(failed)
    }

    fn put_seen(&self, name: &str, bytes: &[u8]) -> std::io::Result<()> {
        let new = self.folder.join(format!("{name}.new"));
        // It may be the index under another name.
        drop(std::fs::remove_file(&new));
        std::fs::write(&new, bytes)?;
        std::fs::rename(&new, self.folder.join(name))
    }

    /// The kept index under another name, where it is this one: it is never written in place.
    fn link_seen(&self, snapshot: &Snapshot) -> bool {
        let new = self.folder.join(format!("{SEEN}.new"));
        drop(std::fs::remove_file(&new));
        let linked = std::fs::hard_link(self.folder.join(NAME), &new).is_ok()
            && open(&new, Links::Refused).is_ok_and(|(mut file, _)| {
                let mut start = vec![0; START_BYTES.min(snapshot.bytes().len())];
                let read = file.read_exact(&mut start);
                read.is_ok() && snapshot.bytes().starts_with(&start)
            });
        linked && std::fs::rename(&new, self.folder.join(SEEN)).is_ok()
    }

    /// The bytes of the stamps on which the list of files rests; none when there are none.
    pub(crate) fn read_watch(&self) -> Option<Vec<u8>> {
        read_up_to(&self.folder.join(WATCH), PASS_BYTES_MAX).ok()
    }

    /// Keeps the bytes of such stamps.
    ///
    /// # Errors
    /// As for [`Cache::replace`].
    pub(crate) fn replace_watch(&self, bytes: &[u8]) -> Result<(), CacheError> {
        self.replace_file(WATCH, bytes)
    }

    fn replace_file(&self, name: &str, bytes: &[u8]) -> Result<(), CacheError> {
        let failed = |source| self.failed(source);
        std::fs::create_dir_all(&self.folder).map_err(failed)?;
        let lock = File::create(self.folder.join(LOCK)).map_err(failed)?;
        if lock.try_lock().is_err() {
            return Ok(());
        }
        self.sweep();
        let mut file = tempfile::Builder::new()
            .prefix(HALF_WRITTEN)
            .tempfile_in(&self.folder)
            .map_err(failed)?;
        file.write_all(bytes).map_err(failed)?;
        file.persist(self.folder.join(name)).map_err(|error| failed(error.error))?;
        Ok(())
    }

    /// Removes what writers left that were killed. Whoever holds the lock is the only writer.
    fn sweep(&self) {
        let Ok(entries) = std::fs::read_dir(&self.folder) else { return };
        for entry in entries.flatten() {
            let name = entry.file_name();
            if name.as_encoded_bytes().starts_with(HALF_WRITTEN.as_bytes()) {
                // What cannot be removed takes room, and nothing else.
                drop(std::fs::remove_file(entry.path()));
            }
        }
    }
}
