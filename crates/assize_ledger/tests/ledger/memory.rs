//! A store in memory that fails as disks do: what was not synced may be lost page by page, space
//! runs out, writes stop halfway.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;
use std::rc::Rc;

use assize_ledger::{Actor, Draft, Kind, Ledger, Map, Origin, Store, Value};
use ed25519_dalek::SigningKey;

/// Small, so that one entry lies on several pages.
pub(crate) const PAGE: usize = 64;

#[derive(Debug, Clone, Default)]
pub(crate) struct File {
    pub(crate) now: Vec<u8>,
    /// What a loss of power leaves for certain.
    pub(crate) synced: Vec<u8>,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct World {
    pub(crate) files: BTreeMap<u64, File>,
    pub(crate) locked: bool,
    /// How many bytes may still be written; the write that comes to it stops halfway.
    pub(crate) space: Option<usize>,
    /// How many calls that change something may still succeed; then the process is dead.
    pub(crate) life: Option<usize>,
    pub(crate) sync_fails: bool,
    /// What the next question for a length is answered: as it was before others wrote.
    pub(crate) length_before: Option<u64>,
    pub(crate) hint: Option<(u64, u64)>,
    random: u8,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Memory(pub(crate) Rc<RefCell<World>>);

impl World {
    fn live(&mut self) -> io::Result<()> {
        let Some(life) = self.life.as_mut() else { return Ok(()) };
        *life = life.checked_sub(1).ok_or_else(|| io::Error::other("dead"))?;
        Ok(())
    }

    /// The power fails: `keep` says of each unsynced page, and of each length, whether it is kept.
    pub(crate) fn lose(&mut self, mut keep: impl FnMut() -> bool) {
        if keep() {
            self.hint = None;
        }
        for file in self.files.values_mut() {
            let length = if keep() { file.now.len() } else { file.synced.len() };
            let mut after = file.synced.clone();
            after.resize(length, 0);
            for start in (0..length).step_by(PAGE) {
                let end = (start + PAGE).min(length);
                let new = file.now.get(start..end.min(file.now.len())).unwrap_or_default();
                if keep() {
                    after[start..start + new.len()].copy_from_slice(new);
                }
            }
            file.now = after.clone();
            file.synced = after;
        }
    }
}

impl Store for Memory {
    fn lock(&mut self) -> io::Result<bool> {
        let mut world = self.0.borrow_mut();
        Ok(!std::mem::replace(&mut world.locked, true))
    }

    fn unlock(&mut self) -> io::Result<()> {
        self.0.borrow_mut().locked = false;
        Ok(())
    }

    fn segments(&mut self) -> io::Result<Vec<u64>> {
        Ok(self.0.borrow().files.keys().copied().collect())
    }

    fn create(&mut self, segment: u64, bytes: &[u8]) -> io::Result<()> {
        let mut world = self.0.borrow_mut();
        if world.files.insert(segment, File::default()).is_some() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        drop(world);
        self.write(segment, 0, bytes)?;
        self.sync(segment)
    }

    fn remove(&mut self, segment: u64) -> io::Result<()> {
        let mut world = self.0.borrow_mut();
        world.live()?;
        world.files.remove(&segment);
        Ok(())
    }

    fn length(&mut self, segment: u64) -> io::Result<u64> {
        let before = self.0.borrow_mut().length_before.take();
        Ok(before.unwrap_or(self.0.borrow().files[&segment].now.len() as u64))
    }

    fn read(&mut self, segment: u64, offset: u64, length: usize) -> io::Result<Vec<u8>> {
        let world = self.0.borrow();
        let bytes = world.files[&segment].now.get(offset as usize..).unwrap_or_default();
        bytes.get(..length).map(<[u8]>::to_vec).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }

    fn write(&mut self, segment: u64, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let mut world = self.0.borrow_mut();
        let dies = world.live();
        let mut room = world.space.unwrap_or(usize::MAX).min(bytes.len());
        if dies.is_err() {
            room = bytes.len() / 2;
        }
        if let Some(space) = world.space.as_mut() {
            *space -= room;
        }
        let file = &mut world.files.get_mut(&segment).unwrap().now;
        let offset = offset as usize;
        file.resize(file.len().max(offset + room), 0);
        file[offset..offset + room].copy_from_slice(&bytes[..room]);
        dies?;
        if room < bytes.len() { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
    }

    fn truncate(&mut self, segment: u64, length: u64) -> io::Result<()> {
        let mut world = self.0.borrow_mut();
        world.live()?;
        world.files.get_mut(&segment).unwrap().now.truncate(length as usize);
        Ok(())
    }

    fn sync(&mut self, segment: u64) -> io::Result<()> {
        let mut world = self.0.borrow_mut();
        world.live()?;
        if world.sync_fails {
            return Err(io::Error::other("bad disk"));
        }
        let file = world.files.get_mut(&segment).unwrap();
        file.synced = file.now.clone();
        Ok(())
    }

    fn synced(&mut self) -> io::Result<Option<(u64, u64)>> {
        Ok(self.0.borrow().hint)
    }

    fn set_synced(&mut self, segment: u64, length: u64) -> io::Result<()> {
        let mut world = self.0.borrow_mut();
        world.live()?;
        world.hint = Some((segment, length));
        Ok(())
    }

    fn key(&mut self) -> io::Result<SigningKey> {
        Ok(SigningKey::from_bytes(&[7; 32]))
    }

    fn random(&mut self) -> io::Result<[u8; 32]> {
        let mut world = self.0.borrow_mut();
        world.random = world.random.wrapping_add(1);
        Ok([world.random; 32])
    }
}

pub(crate) fn origin() -> Origin {
    let actor = Actor { harness: "test".into(), agent: Some("a".into()), user: "ada".into() };
    Origin { time_ms: 1_700_000_000_000, session: "s".into(), actor }
}

pub(crate) fn draft(number: i64, bytes: usize) -> Draft {
    let payload = Map::from([
        ("number".to_owned(), Value::Integer(number)),
        ("filler".to_owned(), Value::Bytes(vec![0xab; bytes])),
    ]);
    Draft { origin: origin(), kind: Kind::new("test.entry").unwrap(), payload }
}

/// A ledger with entries 1 to `count`, over several segments where they end early.
pub(crate) fn filled(count: i64, segment_bytes_max: u64) -> (Memory, Ledger<Memory>) {
    let memory = Memory::default();
    let mut ledger = Ledger::new(memory.clone()).with_segment_bytes_max(segment_bytes_max);
    for number in 1..=count {
        ledger.append(&draft(number, 10)).unwrap();
    }
    (memory, ledger)
}
