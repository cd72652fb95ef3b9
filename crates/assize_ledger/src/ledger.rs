//! The ledger over a store: append, checkpoint, forget, verify.
//!
//! INVARIANT: an entry is acknowledged only after it was synced, and the next one is written only
//! behind a last entry that was found and verified. So at most one frame can be torn, and cutting
//! it off never takes an acknowledged entry with it.

use crate::checkpoint::{self, PublicKey};
use crate::disk::Disk;
use crate::entry::{self, Draft, Kind, Origin, OwnKind, SALT_BYTES};
use crate::envelope::Envelope;
use crate::error::LedgerError;
use crate::frame::{self, Frames};
use crate::hash::{Hash, Head};
use crate::store::Store;
use crate::tail::{self, Dropped, Tail};
use crate::value::{Map, Value};
use crate::verify::{Trust, Verdict, Verifier};

/// A segment of this length gets no more entries.
pub const SEGMENT_BYTES_MAX: u64 = 64 << 20;
/// An entry whose number this divides is a checkpoint.
pub const CHECKPOINT_EVERY: u64 = 256;
/// How often verifying starts again because entries were forgotten under its feet.
const VERIFY_TRIES: usize = 3;

/// One process's access to a ledger. Any number of them append to the same one.
#[derive(Debug)]
pub struct Ledger<S = Disk> {
    store: S,
    segment_bytes_max: u64,
}

/// An entry is durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receipt {
    pub head: Head,
    /// What [`Ledger::forget`] takes.
    pub payload: Hash,
    /// What a process that died left behind the last entry: it was cut off, and an entry says so.
    pub dropped: Option<Dropped>,
}

impl<S: Store> Ledger<S> {
    pub const fn new(store: S) -> Self {
        Self { store, segment_bytes_max: SEGMENT_BYTES_MAX }
    }

    /// A ledger whose segments end early: what reads over several can be tried on little.
    #[must_use]
    pub const fn with_segment_bytes_max(mut self, bytes: u64) -> Self {
        self.segment_bytes_max = bytes;
        self
    }

    pub(crate) const fn store(&mut self) -> &mut S {
        &mut self.store
    }

    /// Appends an entry. It is durable when this returns.
    pub fn append(&mut self, draft: &Draft) -> Result<Receipt, LedgerError> {
        self.locked(|ledger| ledger.append_locked(draft))
    }

    /// Signs what the chain has come to, in an entry of its own.
    pub fn checkpoint(&mut self, origin: &Origin) -> Result<Receipt, LedgerError> {
        self.locked(|ledger| {
            let (mut tail, dropped) = ledger.tail(origin)?;
            let mut receipt = ledger.put_checkpoint(&mut tail, origin)?;
            receipt.dropped = dropped;
            Ok(receipt)
        })
    }

    /// Drops the payload with this hash, and says so in an entry; the chain still verifies.
    ///
    /// The bytes are overwritten where they stand. Copies that a file system or a backup keeps are
    /// out of reach.
    pub fn forget(
        &mut self,
        payload: Hash,
        reason: &str,
        origin: &Origin,
    ) -> Result<Receipt, LedgerError> {
        self.locked(|ledger| {
            // The entry that is to be forgotten must be found whole before anything is promised.
            let (mut tail, dropped) = ledger.tail(origin)?;
            let found = ledger.find_payload(payload)?;
            let members = [
                ("payload".to_owned(), Value::Bytes(payload.bytes().to_vec())),
                ("reason".to_owned(), Value::Text(reason.to_owned())),
            ];
            let draft = own(OwnKind::Forget, origin, Map::from(members));
            // First the entry, then the deed: a payload without an entry would be damage.
            let mut receipt = ledger.put(&mut tail, &draft)?;
            for Found { segment, offset, length } in found {
                ledger.store.write(segment, offset, &vec![0; length])?;
                ledger.store.sync(segment)?;
            }
            receipt.dropped = dropped;
            Ok(receipt)
        })
    }

    /// The last entry; number 0 where there is none.
    pub fn head(&mut self) -> Result<Head, LedgerError> {
        self.locked(|ledger| {
            let segments = ledger.store.segments()?;
            Ok(match tail::find(&mut ledger.store, &segments)? {
                Some(tail) => tail.head,
                None => Head { sequence: 0, hash: Hash::new([0; Hash::BYTES]) },
            })
        })
    }

    /// The key whose checkpoints this ledger writes.
    pub fn public_key(&mut self) -> Result<PublicKey, LedgerError> {
        self.locked(|ledger| Ok(PublicKey::of(&ledger.store.key()?)))
    }

    /// Signs an envelope with the key of the checkpoints.
    pub fn sign(&mut self, envelope: &mut Envelope) -> Result<(), LedgerError> {
        self.locked(|ledger| {
            envelope.sign(&ledger.store.key()?);
            Ok(())
        })
    }

    /// Reads everything and says whether it is what was written. Others may append meanwhile.
    pub fn verify(&mut self, trust: &Trust) -> Result<Verdict, LedgerError> {
        let mut verdict = self.verify_once(trust)?;
        for _ in 1..VERIFY_TRIES {
            // A payload may have been forgotten after the extent was taken: look again, and the
            // entry that says so is inside.
            if !matches!(verdict, Verdict::Bad { .. }) {
                break;
            }
            verdict = self.verify_once(trust)?;
        }
        Ok(verdict)
    }

    fn verify_once(&mut self, trust: &Trust) -> Result<Verdict, LedgerError> {
        let mut verifier = Verifier::new(trust);
        for (segment, length) in self.extent()? {
            verifier.segment(&self.store.read(segment, 0, size(length))?);
        }
        Ok(verifier.finish())
    }

    /// The segments and how long they are, at one moment.
    pub(crate) fn extent(&mut self) -> Result<Vec<(u64, u64)>, LedgerError> {
        self.locked(Self::extent_locked)
    }

    pub(crate) fn extent_locked(&mut self) -> Result<Vec<(u64, u64)>, LedgerError> {
        let segments = self.store.segments()?;
        segments.into_iter().map(|one| Ok((one, self.store.length(one)?))).collect()
    }

    pub(crate) fn locked<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, LedgerError>,
    ) -> Result<T, LedgerError> {
        if !self.store.lock()? {
            return Err(LedgerError::Locked);
        }
        let done = work(self);
        // An entry that is durable stays acknowledged, and a failure of the work is the cause.
        match (done, self.store.unlock()) {
            (Ok(_), Err(error)) => Err(LedgerError::Io(error)),
            (done, _) => done,
        }
    }

    pub(crate) fn append_locked(&mut self, draft: &Draft) -> Result<Receipt, LedgerError> {
        let (mut tail, dropped) = self.tail(&draft.origin)?;
        if tail.head.sequence.saturating_add(1).is_multiple_of(CHECKPOINT_EVERY) {
            self.put_checkpoint(&mut tail, &draft.origin)?;
        }
        let mut receipt = self.put(&mut tail, draft)?;
        receipt.dropped = dropped;
        Ok(receipt)
    }

    /// Where the next entry goes, after what is torn was cut off and recorded.
    fn tail(&mut self, origin: &Origin) -> Result<(Tail, Option<Dropped>), LedgerError> {
        let (mut tail, dropped) = tail::recover(&mut self.store)?;
        if let Some(dropped) = dropped {
            let bytes = i64::try_from(dropped.bytes).unwrap_or(i64::MAX);
            let members = [
                ("bytes".to_owned(), Value::Integer(bytes)),
                ("hash".to_owned(), Value::Bytes(dropped.hash.bytes().to_vec())),
            ];
            self.put(&mut tail, &own(OwnKind::Recovery, origin, Map::from(members)))?;
        }
        Ok((tail, dropped))
    }

    fn put_checkpoint(&mut self, tail: &mut Tail, origin: &Origin) -> Result<Receipt, LedgerError> {
        let payload = checkpoint::sign(&self.store.key()?, tail.head);
        self.put(tail, &own(OwnKind::Checkpoint, origin, payload))
    }

    fn put(&mut self, tail: &mut Tail, draft: &Draft) -> Result<Receipt, LedgerError> {
        let salt = *self.store.random()?.first_chunk::<SALT_BYTES>().unwrap_or(&[0; SALT_BYTES]);
        let sequence = tail.head.sequence.saturating_add(1);
        let (head, payload) = entry::seal(draft, sequence, salt)?;
        // An empty segment is used, however small it must be.
        if tail.length >= self.segment_bytes_max && tail.segment < sequence {
            *tail = tail::start(&mut self.store, tail.head)?;
        }
        let (bytes, hash) = frame::build(tail.head.hash, &head, &payload);
        let written = self.store.write(tail.segment, tail.length, &bytes);
        if let Err(error) = written.and_then(|()| self.store.sync(tail.segment)) {
            return Err(self.take_back(tail, error));
        }
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        tail.length = tail.length.saturating_add(length);
        tail.head = Head { sequence, hash };
        match self.store.set_synced(tail.segment, tail.length) {
            // The entry is durable; without the hint the next process syncs once more.
            Ok(()) | Err(_) => {}
        }
        Ok(Receipt { head: tail.head, payload: Hash::of(&[&payload]), dropped: None })
    }

    /// Cuts off what a failed write left. Where even that fails, the next process recovers.
    fn take_back(&mut self, tail: &Tail, error: std::io::Error) -> LedgerError {
        match self.store.truncate(tail.segment, tail.length) {
            Ok(()) | Err(_) => error.into(),
        }
    }

    fn find_payload(&mut self, payload: Hash) -> Result<Vec<Found>, LedgerError> {
        let mut found = Vec::new();
        for segment in self.store.segments()? {
            let length = size(self.store.length(segment)?);
            let bytes = self.store.read(segment, 0, length)?;
            let damaged = |source| LedgerError::Corrupt { sequence: segment, source };
            let mut frames = Frames::new(&bytes).map_err(damaged)?;
            loop {
                let (start, sequence) = (frames.offset, frames.previous.sequence);
                let Some(next) = frames.next() else { break };
                let frame = next.map_err(|source| LedgerError::Corrupt {
                    sequence: sequence.saturating_add(1),
                    source,
                })?;
                if frame.head.payload_hash != payload {
                    continue;
                }
                if frame.head.kind.is_own() {
                    return Err(LedgerError::Own(frame.head.sequence));
                }
                let offset = start.saturating_add(frame.payload_range.start);
                let offset = u64::try_from(offset).unwrap_or(u64::MAX);
                found.push(Found { segment, offset, length: frame.payload_range.len() });
            }
        }
        if found.is_empty() { Err(LedgerError::NotFound(payload)) } else { Ok(found) }
    }
}

struct Found {
    segment: u64,
    offset: u64,
    length: usize,
}

fn own(kind: OwnKind, origin: &Origin, payload: Map) -> Draft {
    Draft { origin: origin.clone(), kind: Kind::own(kind), payload }
}

/// A length in memory. Where it does not fit, reading so much fails as it must.
pub(crate) fn size(length: u64) -> usize {
    usize::try_from(length).unwrap_or(usize::MAX)
}
