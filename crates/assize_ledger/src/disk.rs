//! The store on disk: a folder with the segments, the lock and the key. The one module of this
//! crate that touches files and the clock.
//!
//! Everything in it is for its owner alone. It does not follow links: the folder is the owner's,
//! and who else can write there could write the entries themselves.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{
    DirBuilderExt as _, FileExt as _, OpenOptionsExt as _, PermissionsExt as _,
};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

use ed25519_dalek::{SECRET_KEY_LENGTH, SigningKey};

use crate::error::LedgerError;
use crate::ledger::Ledger;
use crate::store::Store;

/// The lock, and in it what is known to be durable: a segment and its length.
const LOCK: &str = "lock";
const HINT_BYTES: usize = 16;
const KEY: &str = "key";
/// The key while it is written: a key is whole or not there.
const KEY_DRAFT: &str = "key.new";
const SEGMENT_END: &str = ".ledger";
const OWNER_FOLDER: u32 = 0o700;
const OWNER_FILE: u32 = 0o600;

#[derive(Debug)]
pub struct Disk {
    folder: PathBuf,
    lock: File,
    lock_wait_max: Duration,
    /// The segment that was used last.
    open: Option<(u64, File)>,
}

impl Ledger<Disk> {
    /// The ledger in a folder, which is made where it does not exist. Who waits for the lock
    /// longer than `lock_wait_max` gets [`LedgerError::Locked`].
    pub fn open(folder: &Path, lock_wait_max: Duration) -> Result<Self, LedgerError> {
        Ok(Self::new(Disk::open(folder, lock_wait_max)?))
    }
}

impl Disk {
    fn open(folder: &Path, lock_wait_max: Duration) -> io::Result<Self> {
        let lock = match options().create(true).open(folder.join(LOCK)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                DirBuilder::new().recursive(true).mode(OWNER_FOLDER).create(folder)?;
                options().create(true).open(folder.join(LOCK))?
            }
            opened => opened?,
        };
        if fs::metadata(folder)?.permissions().mode() & 0o022 != 0 {
            return Err(invalid("others can write to the folder of the ledger"));
        }
        Ok(Self { folder: folder.to_owned(), lock, lock_wait_max, open: None })
    }

    fn path(&self, segment: u64) -> PathBuf {
        self.folder.join(format!("{segment:020}{SEGMENT_END}"))
    }

    fn segment(&mut self, segment: u64) -> io::Result<&File> {
        let open = match self.open.take() {
            Some((number, file)) if number == segment => (number, file),
            _ => (segment, options().open(self.path(segment))?),
        };
        Ok(&self.open.insert(open).1)
    }

    /// The lock, once those who asked for it before have had it; `None` where that takes too long.
    ///
    /// The system wakes those who wait in their order and when it is time. Trying again and again
    /// would burn time, and whoever just came could be faster each time. Waiting has no end of its
    /// own, so a thread waits, on a file of its own: whenever it comes too late, its file is closed
    /// and the lock goes on.
    fn locked_in_turn(&self) -> io::Result<Option<File>> {
        let own = options().open(self.folder.join(LOCK))?;
        let (send, receive) = mpsc::channel();
        std::thread::Builder::new().spawn(move || {
            // Nobody listens any more: the file is closed with the answer.
            drop(send.send(own.lock().map(|()| own)));
        })?;
        match receive.recv_timeout(self.lock_wait_max) {
            Ok(locked) => locked.map(Some),
            Err(_) => Ok(None),
        }
    }

    /// New and lost names in the folder are durable.
    fn sync_folder(&self) -> io::Result<()> {
        File::open(&self.folder)?.sync_all()
    }

    fn make_key(&self) -> io::Result<[u8; SECRET_KEY_LENGTH]> {
        let mut key = [0; SECRET_KEY_LENGTH];
        getrandom::fill(&mut key).map_err(io::Error::other)?;
        let draft = self.folder.join(KEY_DRAFT);
        let mut file = options().create(true).truncate(true).open(&draft)?;
        file.write_all(&key)?;
        file.sync_all()?;
        fs::rename(draft, self.folder.join(KEY))?;
        self.sync_folder()?;
        Ok(key)
    }
}

fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true).mode(OWNER_FILE).custom_flags(libc::O_NOFOLLOW);
    options
}

fn invalid(message: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message)
}

impl Store for Disk {
    fn lock(&mut self) -> io::Result<bool> {
        match self.lock.try_lock() {
            Ok(()) => return Ok(true),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) => {}
        }
        match self.locked_in_turn()? {
            Some(lock) => self.lock = lock,
            None => return Ok(false),
        }
        Ok(true)
    }

    fn unlock(&mut self) -> io::Result<()> {
        self.lock.unlock()
    }

    fn segments(&mut self) -> io::Result<Vec<u64>> {
        let mut segments = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let name = entry?.file_name();
            let number = name.to_str().and_then(|name| name.strip_suffix(SEGMENT_END));
            segments.extend(number.and_then(|number| number.parse::<u64>().ok()));
        }
        segments.sort_unstable();
        Ok(segments)
    }

    fn create(&mut self, segment: u64, bytes: &[u8]) -> io::Result<()> {
        let mut file = options().create_new(true).open(self.path(segment))?;
        file.write_all(bytes)?;
        file.sync_all()?;
        self.sync_folder()?;
        self.open = Some((segment, file));
        Ok(())
    }

    fn remove(&mut self, segment: u64) -> io::Result<()> {
        self.open = None;
        fs::remove_file(self.path(segment))?;
        self.sync_folder()
    }

    fn length(&mut self, segment: u64) -> io::Result<u64> {
        Ok(self.segment(segment)?.metadata()?.len())
    }

    fn read(&mut self, segment: u64, offset: u64, length: usize) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; length];
        self.segment(segment)?.read_exact_at(&mut bytes, offset)?;
        Ok(bytes)
    }

    fn write(&mut self, segment: u64, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.segment(segment)?.write_all_at(bytes, offset)
    }

    fn truncate(&mut self, segment: u64, length: u64) -> io::Result<()> {
        self.segment(segment)?.set_len(length)
    }

    fn sync(&mut self, segment: u64) -> io::Result<()> {
        self.segment(segment)?.sync_data()
    }

    fn synced(&mut self) -> io::Result<Option<(u64, u64)>> {
        let mut hint = [0; HINT_BYTES];
        if self.lock.read_at(&mut hint, 0)? != HINT_BYTES {
            return Ok(None);
        }
        let (numbers, _) = hint.as_chunks::<8>();
        let numbers: Vec<u64> = numbers.iter().map(|bytes| u64::from_le_bytes(*bytes)).collect();
        Ok(<[u64; 2]>::try_from(numbers).ok().map(<(u64, u64)>::from))
    }

    fn set_synced(&mut self, segment: u64, length: u64) -> io::Result<()> {
        let hint = [segment.to_le_bytes(), length.to_le_bytes()];
        self.lock.write_all_at(hint.as_flattened(), 0)
    }

    fn key(&mut self) -> io::Result<SigningKey> {
        let mut file = match options().open(self.folder.join(KEY)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(SigningKey::from_bytes(&self.make_key()?));
            }
            opened => opened?,
        };
        if file.metadata()?.permissions().mode() & 0o077 != 0 {
            return Err(invalid("the key of the ledger can be read by others"));
        }
        let mut key = Vec::new();
        file.read_to_end(&mut key)?;
        let key = key.try_into().map_err(|_| invalid("the key of the ledger is not 32 bytes"))?;
        Ok(SigningKey::from_bytes(&key))
    }

    fn random(&mut self) -> io::Result<[u8; 32]> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(io::Error::other)?;
        Ok(bytes)
    }
}
