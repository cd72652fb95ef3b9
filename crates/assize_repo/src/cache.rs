//! Where the index is kept, outside the work tree, and how it is replaced.
//!
//! Two states are kept: the index, and what was seen last. Each is one small file, a layer of
//! changes with the name of the snapshot below it. A snapshot is named by the hash of its content
//! and shared by the two; it goes when neither names it any more. So every state changes in one
//! step, by rename.

use std::fs::{File, TryLockError};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use assize_index::{LayerHead, Layers, Snapshot, SnapshotError};

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

const NAME: &str = "index.layer";
const SEEN: &str = "seen.layer";
/// How the name of a snapshot ends.
const BASE: &str = ".snapshot";
const LOCK: &str = "index.lock";
/// Held by whoever builds the index where there is none.
const BUILD: &str = "index.build";
const PASS: &str = "last.pass";
const WATCH: &str = "index.watch";
const SEEN_PASS: &str = "seen.pass";
const SEEN_LOCK: &str = "seen.lock";
/// What is kept and larger is not read: it is damaged.
const BYTES_MAX: u64 = 1 << 30;
/// How the names of files begin that are still being written.
const HALF_WRITTEN: &str = "index.half-written";
/// How often a state is opened whose snapshot another process replaces at that moment.
const TRIES: usize = 3;

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

    /// Opens the index without reading its snapshot; none when there is none yet, or none that may
    /// be read: then keeping the next one says why.
    ///
    /// # Errors
    /// Something is there, but it is no index of this engine.
    pub fn open(&self, tag: &[u8; 32]) -> Option<Result<Layers, SnapshotError>> {
        self.open_named(NAME, tag, None)
    }

    /// Whether there is an index of this engine.
    pub fn has_index(&self, tag: &[u8; 32]) -> bool {
        self.has(NAME, tag)
    }

    fn has(&self, name: &str, tag: &[u8; 32]) -> bool {
        let head = self.read(name).ok().and_then(|bytes| LayerHead::of(&bytes));
        head.is_some_and(|head| head.tag == *tag && self.base(&head.base).is_file())
    }

    /// Opens a state; a snapshot that is open already need not be opened again.
    fn open_named(
        &self,
        name: &str,
        tag: &[u8; 32],
        opened: Option<&Arc<Snapshot>>,
    ) -> Option<Result<Layers, SnapshotError>> {
        for _ in 0..TRIES {
            let bytes = match self.read(name) {
                Ok(bytes) => bytes,
                Err(error) => {
                    let foreign = error.kind() == ErrorKind::InvalidInput;
                    return foreign.then_some(Err(SnapshotError::Foreign));
                }
            };
            let Some(head) = LayerHead::of(&bytes) else {
                return Some(Err(SnapshotError::Foreign));
            };
            if head.tag != *tag {
                return Some(Err(SnapshotError::OtherVersion));
            }
            if let Some(base) = opened.filter(|base| base.content_hash() == head.base) {
                return Some(Layers::open(&bytes, Arc::clone(base), tag));
            }
            match self.map(&head.base, tag) {
                Ok(base) => return Some(Layers::open(&bytes, Arc::new(base), tag)),
                // Replaced since the layer was read.
                Err(None) => {}
                Err(Some(error)) => return Some(Err(error)),
            }
        }
        Some(Err(SnapshotError::Damaged))
    }

    fn read(&self, name: &str) -> std::io::Result<Vec<u8>> {
        read_up_to(&self.folder.join(name), BYTES_MAX)
    }

    /// Where the snapshot with this content lies.
    fn base(&self, hash: &[u8; 32]) -> PathBuf {
        self.folder.join(base_name(hash))
    }

    /// Opens a snapshot; the error is nothing where there is none.
    fn map(&self, hash: &[u8; 32], tag: &[u8; 32]) -> Result<Snapshot, Option<SnapshotError>> {
        let (file, _) = open(&self.base(hash), Links::Followed).map_err(|error| {
            (error.kind() == ErrorKind::InvalidInput).then_some(SnapshotError::Foreign)
        })?;
        #[expect(
            unsafe_code,
            reason = "the file is only ever replaced by rename, never written in place, so the \
                      mapped bytes do not change under the reader"
        )]
        // SAFETY: see the reason above; a foreign writer could at worst make reads wrong, and
        // every read is bounds-checked.
        let map = unsafe { memmap2::Mmap::map(&file) }.map_err(|_| SnapshotError::Damaged)?;
        Ok(Snapshot::open(Box::new(map), tag)?)
    }

    /// When the index was kept; none where there is none.
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

    /// Replaces the index. While another process replaces it, this one leaves it.
    ///
    /// `layer` is the layer as bytes; its snapshot is written where it is `new`.
    ///
    /// # Errors
    /// The folder cannot be made or written: a full disk, a read-only home.
    pub fn replace(&self, layer: &[u8], new: Option<&Snapshot>) -> Result<(), CacheError> {
        let Some(_lock) = self.lock_at_once()? else { return Ok(()) };
        self.sweep();
        if let Some(base) = new {
            self.write(&base_name(&base.content_hash()), base.bytes())?;
        }
        self.write(NAME, layer)?;
        if new.is_some() {
            self.sweep_bases();
        }
        Ok(())
    }

    /// The bytes of the last pass; none when there are none.
    pub fn read_pass(&self) -> Option<Vec<u8>> {
        self.read(PASS).ok()
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
    /// `opened` is a snapshot that is open already.
    ///
    /// The index is brought up to date by whoever asks it. What somebody answers for may only be
    /// forgotten by the one who recorded it, so it is kept apart.
    pub fn seen(
        &self,
        tag: &[u8; 32],
        opened: &Arc<Snapshot>,
    ) -> Option<(Layers, Option<Vec<u8>>)> {
        let layers = self.open_named(SEEN, tag, Some(opened))?.ok()?;
        Some((layers, self.read(SEEN_PASS).ok()))
    }

    /// Whether anything was seen that can be compared with.
    pub fn has_seen(&self, tag: &[u8; 32]) -> bool {
        self.has(SEEN, tag)
    }

    /// Keeps what was seen. Only who has the turn may.
    ///
    /// # Errors
    /// As for [`Cache::replace`].
    pub fn keep_seen(&self, seen: &Layers, pass: &[u8], tag: &[u8; 32]) -> Result<(), CacheError> {
        // Nobody may sweep the snapshot away before it is named.
        let lock = self.lock_file()?;
        lock.lock().map_err(|error| self.failed(error))?;
        let base = seen.base();
        if !self.base(&base.content_hash()).is_file() {
            self.write(&base_name(&base.content_hash()), base.bytes())?;
        }
        self.write(SEEN, &seen.encode(tag))?;
        self.write(SEEN_PASS, pass)
    }

    /// The bytes of the stamps on which the list of files rests; none when there are none.
    pub(crate) fn read_watch(&self) -> Option<Vec<u8>> {
        self.read(WATCH).ok()
    }

    /// Keeps the bytes of such stamps.
    ///
    /// # Errors
    /// As for [`Cache::replace`].
    pub(crate) fn replace_watch(&self, bytes: &[u8]) -> Result<(), CacheError> {
        self.replace_file(WATCH, bytes)
    }

    fn replace_file(&self, name: &str, bytes: &[u8]) -> Result<(), CacheError> {
        let Some(_lock) = self.lock_at_once()? else { return Ok(()) };
        self.sweep();
        self.write(name, bytes)
    }

    fn lock_file(&self) -> Result<File, CacheError> {
        std::fs::create_dir_all(&self.folder).map_err(|error| self.failed(error))?;
        File::create(self.folder.join(LOCK)).map_err(|error| self.failed(error))
    }

    /// The lock of all writers; none while another process has it.
    fn lock_at_once(&self) -> Result<Option<File>, CacheError> {
        let lock = self.lock_file()?;
        Ok(lock.try_lock().is_ok().then_some(lock))
    }

    /// Writes a file by rename.
    fn write(&self, name: &str, bytes: &[u8]) -> Result<(), CacheError> {
        let failed = |source| self.failed(source);
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
        self.remove(|name| name.starts_with(HALF_WRITTEN));
    }

    /// Removes snapshots that no state names.
    fn sweep_bases(&self) {
        let named = [NAME, SEEN].map(|name| {
            let head = self.read(name).ok().and_then(|bytes| LayerHead::of(&bytes));
            head.map(|head| base_name(&head.base))
        });
        self.remove(|name| name.ends_with(BASE) && !named.iter().flatten().any(|one| one == name));
    }

    fn remove(&self, goes: impl Fn(&str) -> bool) {
        let Ok(entries) = std::fs::read_dir(&self.folder) else { return };
        for entry in entries.flatten() {
            if entry.file_name().to_str().is_some_and(&goes) {
                // What cannot be removed takes room, and nothing else.
                drop(std::fs::remove_file(entry.path()));
            }
        }
    }
}

fn base_name(hash: &[u8; 32]) -> String {
    let hash: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("{hash}{BASE}")
}
