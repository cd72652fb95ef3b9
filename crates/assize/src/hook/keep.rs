//! The state of sessions and calls on the disk, beside the ledger.
//!
//! Each is one small file that is changed under its lock. A damaged one is folded anew from the
//! ledger; calls have no other source, and none is the answer that blames nobody.

use std::fs::{File, OpenOptions, create_dir_all};
use std::io::{Error, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use assize_ledger::{Ledger, Payload};
use assize_session::{Calls, Grants, Note, Session};

/// How long another process may hold the ledger while a session is folded anew.
const LOCK_WAIT: Duration = Duration::from_millis(1_500);
/// After so many entries what was read of them is kept.
const GRANTS_KEPT_EVERY: u64 = 20_000;
/// The state of a session that nobody asked for in this time goes; the ledger has it still.
const SESSION_AGE_MAX: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// A work tree, by the hash of its path.
pub(crate) fn tree_id(root: &Path) -> String {
    short(root.as_os_str().as_encoded_bytes())
}

/// What is kept for one repository.
#[derive(Debug, Clone)]
pub(crate) struct Keep {
    ledger: PathBuf,
    /// The work tree, by the hash of its path: calls are of one, sessions may roam.
    tree: String,
}

impl Keep {
    /// `ledger` is the folder of the ledger, `root` that of the work tree.
    pub(crate) fn new(ledger: &Path, root: &Path) -> Self {
        Self { ledger: ledger.to_owned(), tree: tree_id(root) }
    }

    /// What a session has done so far. `key` names harness and session.
    pub(crate) fn session(&self, key: &str) -> std::io::Result<Session> {
        let mut file = match File::open(self.session_path(key)) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return self.renew(key),
            Err(error) => return Err(error),
        };
        file.lock_shared()?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        drop(file);
        Session::from_bytes(&bytes).or_else(|_| self.renew(key))
    }

    fn renew(&self, key: &str) -> std::io::Result<Session> {
        let mut found = Session::default();
        self.change_session(key, |session| found = session.clone())?;
        Ok(found)
    }

    /// Changes what is kept of a session.
    pub(crate) fn change_session(
        &self,
        key: &str,
        change: impl FnOnce(&mut Session),
    ) -> std::io::Result<()> {
        let mut file = self.open(&self.session_path(key))?;
        let bytes = read_locked(&mut file)?;
        let mut session = match Session::from_bytes(&bytes) {
            Ok(session) => session,
            Err(_) => self.folded(key)?,
        };
        change(&mut session);
        write(&mut file, &session.to_bytes().map_err(Error::other)?)
    }

    /// Looks at the calls of this work tree, or changes them.
    pub(crate) fn calls<T>(&self, work: impl FnOnce(&mut Calls) -> T) -> std::io::Result<T> {
        let mut file = self.open(&self.ledger.join("work").join(format!("{}.calls", self.tree)))?;
        let mut calls = Calls::from_bytes(&read_locked(&mut file)?).unwrap_or_default();
        let before = calls.clone();
        let answer = work(&mut calls);
        if calls != before {
            write(&mut file, &calls.to_bytes().map_err(Error::other)?)?;
        }
        Ok(answer)
    }

    /// What people allowed in this repository, up to the ledger's last entry.
    pub(crate) fn grants(&self, ledger: &mut Ledger) -> std::io::Result<Grants> {
        let mut file = self.open(&self.ledger.join("work").join("grants"))?;
        let mut grants = Grants::from_bytes(&read_locked(&mut file)?).unwrap_or_default();
        let head = ledger.head().map_err(Error::other)?.sequence;
        // A ledger that is shorter than what was read of it is another one.
        if grants.sequence > head {
            grants = Grants::default();
        }
        if grants.sequence == head {
            return Ok(grants);
        }
        for entry in ledger.read(grants.sequence.saturating_add(1)).map_err(Error::other)? {
            let entry = entry.map_err(Error::other)?;
            let none = assize_ledger::Map::new();
            let payload = match &entry.payload {
                Payload::Present(payload) => payload,
                Payload::Absent => &none,
            };
            let (sequence, time_ms) = (entry.sequence, entry.origin.time_ms);
            let note = Note { sequence, time_ms, kind: entry.kind.as_str(), payload };
            let session = session_key(&entry.origin.actor.harness, &entry.origin.session);
            grants.apply(note, &session);
            // Who has to answer in time may not come to the end of a long record at once.
            if sequence.is_multiple_of(GRANTS_KEPT_EVERY) {
                write(&mut file, &grants.to_bytes().map_err(Error::other)?)?;
            }
        }
        write(&mut file, &grants.to_bytes().map_err(Error::other)?)?;
        Ok(grants)
    }

    /// Forgets the state of sessions that nobody asked for in a month.
    pub(crate) fn tidy(&self) {
        let Ok(entries) = std::fs::read_dir(self.ledger.join("work")) else { return };
        for entry in entries.flatten() {
            let old = entry.metadata().and_then(|it| it.modified()).is_ok_and(|at| {
                SystemTime::now().duration_since(at).unwrap_or_default() > SESSION_AGE_MAX
            });
            if old {
                // Whoever loses the race to it finds it gone.
                drop(std::fs::remove_file(entry.path()));
            }
        }
    }

    /// The session as the ledger tells it.
    fn folded(&self, key: &str) -> std::io::Result<Session> {
        let mut session = Session::default();
        let mut ledger = Ledger::open(&self.ledger, LOCK_WAIT).map_err(Error::other)?;
        for entry in ledger.read(1).map_err(Error::other)? {
            let entry = entry.map_err(Error::other)?;
            if session_key(&entry.origin.actor.harness, &entry.origin.session) != key {
                continue;
            }
            let Payload::Present(payload) = &entry.payload else { continue };
            session.apply(Note {
                sequence: entry.sequence,
                time_ms: entry.origin.time_ms,
                kind: entry.kind.as_str(),
                payload,
            });
        }
        Ok(session)
    }

    fn session_path(&self, key: &str) -> PathBuf {
        self.ledger.join("work").join(format!("{}.session", short(key.as_bytes())))
    }

    fn open(&self, path: &Path) -> std::io::Result<File> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        match options.open(path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                create_dir_all(self.ledger.join("work"))?;
                options.open(path)
            }
            opened => opened,
        }
    }
}

/// Harness and session in one word.
pub(crate) fn session_key(harness: &str, session: &str) -> String {
    format!("{harness}:{session}")
}

fn short(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().chars().take(32).collect()
}

fn read_locked(file: &mut File) -> std::io::Result<Vec<u8>> {
    file.lock()?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Whoever dies in between leaves a damaged file, which is folded anew.
fn write(file: &mut File, bytes: &[u8]) -> std::io::Result<()> {
    file.seek(SeekFrom::Start(0))?;
    file.write_all(bytes)?;
    file.set_len(bytes.len() as u64)
}
