//! Whether a ledger is what was once written.
//!
//! Three answers, because a chain cannot show what was cut off its end: *good* where the last
//! entry is the anchor, *bad* where something is proven wrong, *unknown* for the rest, with what
//! is in doubt. Bytes come in, a verdict goes out; nothing here touches a disk.

use std::collections::{BTreeMap, BTreeSet};

use crate::checkpoint::{self, PublicKey};
use crate::entry::{self, EntryError, OwnKind};
use crate::frame::{self, Frame, FrameError, Frames};
use crate::hash::{Hash, Head};
use crate::value::Map;

/// What the verifier knows from outside of the ledger.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trust {
    /// An entry that was published where the ledger's owner cannot change it, such as in a commit.
    pub anchor: Option<Head>,
    /// The keys whose checkpoints count.
    pub keys: Vec<PublicKey>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Every entry is as it was written, and the last one is the anchor.
    Good { head: Head },
    /// The first entry that is wrong.
    Bad { sequence: u64, fault: Fault },
    /// Nothing is wrong up to `head`, but something is not proven.
    Unknown { head: Head, doubt: Doubt },
}

/// What is wrong with an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error(transparent)]
    Frame(#[from] FrameError),
    #[error("it does not continue the segment before")]
    Gap,
    #[error("the anchor names another entry of this number")]
    Anchor,
    #[error("it is missing, though the anchor names it or a later one")]
    Missing,
    #[error("its payload is missing or changed, and no later entry says that it was forgotten")]
    Payload,
    #[error("the signature of the checkpoint is wrong")]
    Signature,
}

/// What is not proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Doubt {
    #[error("no anchor vouches for any entry")]
    NoAnchor,
    #[error("nothing vouches for what follows entry {anchor}, nor that nothing was cut off there")]
    BeyondAnchor { anchor: u64 },
    #[error("{bytes} bytes at the end are no entry: a write that did not finish")]
    Torn { bytes: usize },
    #[error("checkpoint {sequence} is signed by a key that is not among the trusted ones")]
    Key { sequence: u64 },
    #[error("entry {sequence} is of version {version}, which this program does not know")]
    Version { sequence: u64, version: i64 },
}

/// Takes the segments in order, then gives the verdict.
#[derive(Debug)]
pub struct Verifier<'a> {
    trust: &'a Trust,
    head: Option<Head>,
    /// Entries whose payload is not there, by its hash.
    absent: BTreeMap<Hash, u64>,
    /// The first of the ledger's own entries without a payload: those are never forgotten.
    own_absent: Option<u64>,
    forgotten: BTreeSet<Hash>,
    /// Of the last entry.
    last_length: usize,
    foreign: Option<u64>,
    /// What is wrong with the bytes at the end of the last segment, where a write that did not
    /// finish can have left them.
    torn: Option<(FrameError, usize)>,
    end: Option<Verdict>,
}

impl<'a> Verifier<'a> {
    pub const fn new(trust: &'a Trust) -> Self {
        Self {
            trust,
            head: None,
            absent: BTreeMap::new(),
            own_absent: None,
            forgotten: BTreeSet::new(),
            last_length: 0,
            foreign: None,
            torn: None,
            end: None,
        }
    }

    /// The bytes of the next segment. After the first fault the rest does not matter.
    pub fn segment(&mut self, bytes: &[u8]) {
        if self.end.is_some() {
            return;
        }
        let next = self.head.map_or(1, |head| head.sequence.saturating_add(1));
        if let Some((error, _)) = self.torn {
            return self.bad(next, error.into());
        }
        let mut frames = match Frames::new(bytes) {
            Ok(frames) => frames,
            Err(error) => return self.stop(error, next, bytes),
        };
        // The first segment holds the random hash that the chain starts from.
        let continues = match self.head {
            Some(head) => frames.previous == head,
            None => frames.previous.sequence == 0,
        };
        if !continues {
            return self.bad(next, Fault::Gap);
        }
        self.arrive(frames.previous);
        while self.end.is_none() && self.torn.is_none() {
            let (previous, rest) = (frames.previous, frames.rest());
            let next = previous.sequence.saturating_add(1);
            match frames.next() {
                None => return,
                Some(Ok(frame)) => self.entry(&frame, previous),
                Some(Err(error)) => self.stop(error, next, rest),
            }
        }
    }

    pub fn finish(mut self) -> Verdict {
        let head = self.head.unwrap_or(Head { sequence: 0, hash: Hash::new([0; Hash::BYTES]) });
        if let Some(end @ Verdict::Bad { .. }) = self.end {
            return end;
        }
        self.absent.retain(|hash, _| !self.forgotten.contains(hash));
        let vouched = self.trust.anchor.is_some_and(|anchor| anchor.sequence >= head.sequence);
        if let Some(sequence) = self.absent.values().copied().chain(self.own_absent).min() {
            if sequence < head.sequence || vouched {
                return Verdict::Bad { sequence, fault: Fault::Payload };
            }
            // The entry that forgets one stands behind it, so that this one was not forgotten.
            let doubt = Doubt::Torn { bytes: self.last_length };
            return Verdict::Unknown { head, doubt };
        }
        if let Some(end) = self.end {
            return end;
        }
        let anchor = self.trust.anchor;
        if anchor.is_some_and(|anchor| anchor.sequence > head.sequence) {
            let sequence = head.sequence.saturating_add(1);
            return Verdict::Bad { sequence, fault: Fault::Missing };
        }
        if let Some((_, bytes)) = self.torn {
            return Verdict::Unknown { head, doubt: Doubt::Torn { bytes } };
        }
        let doubt = match (anchor, self.foreign) {
            (_, Some(sequence)) => Doubt::Key { sequence },
            (None, None) => Doubt::NoAnchor,
            (Some(anchor), None) if anchor == head => return Verdict::Good { head },
            (Some(anchor), None) => Doubt::BeyondAnchor { anchor: anchor.sequence },
        };
        Verdict::Unknown { head, doubt }
    }

    fn entry(&mut self, frame: &Frame<'_>, previous: Head) {
        let sequence = frame.head.sequence;
        match (frame.has_payload(), frame.head.kind.is_own()) {
            (true, false) => {}
            (true, true) => {
                if let Err(fault) = self.own(frame, previous) {
                    return self.bad(sequence, fault);
                }
            }
            (false, false) => {
                self.absent.entry(frame.head.payload_hash).or_insert(sequence);
            }
            (false, true) => {
                self.own_absent.get_or_insert(sequence);
            }
        }
        self.last_length = frame.length;
        self.arrive(frame.place());
    }

    fn own(&mut self, frame: &Frame<'_>, previous: Head) -> Result<(), Fault> {
        let payload = || -> Result<Map, FrameError> {
            Ok(entry::open(frame.payload).map_err(EntryError::from)?)
        };
        let kind = frame.head.kind.as_str();
        if kind == OwnKind::Forget.name() {
            let hash = entry::hash(&payload()?, "payload").map_err(FrameError::from)?;
            self.forgotten.insert(hash);
        } else if kind == OwnKind::Checkpoint.name() {
            let signer = checkpoint::signer(&payload()?, previous).map_err(FrameError::from)?;
            let signer = signer.ok_or(Fault::Signature)?;
            if !self.trust.keys.contains(&signer) {
                self.foreign.get_or_insert(frame.head.sequence);
            }
        }
        Ok(())
    }

    /// The chain has come to `head`.
    fn arrive(&mut self, head: Head) {
        self.head = Some(head);
        let anchor = self.trust.anchor.filter(|anchor| anchor.sequence == head.sequence);
        if anchor.is_some_and(|anchor| anchor != head) {
            self.bad(head.sequence, Fault::Anchor);
        }
    }

    /// The bytes where entry `sequence` should stand are none.
    fn stop(&mut self, error: FrameError, sequence: u64, bytes: &[u8]) {
        let vouched = self.trust.anchor.is_some_and(|anchor| anchor.sequence >= sequence);
        if let (FrameError::Entry(EntryError::Version(version)), Some(head)) = (error, self.head) {
            let doubt = Doubt::Version { sequence, version };
            self.end = Some(Verdict::Unknown { head, doubt });
        } else if !vouched && frame::is_torn_write(bytes, error) {
            self.torn = Some((error, bytes.len()));
        } else {
            self.bad(sequence, error.into());
        }
    }

    fn bad(&mut self, sequence: u64, fault: Fault) {
        self.end = Some(Verdict::Bad { sequence, fault });
    }
}

#[cfg(test)]
mod tests {
    use ed25519_dalek::SigningKey;

    use super::*;
    use crate::entry::{Actor, Draft, Kind, Origin, SALT_BYTES, seal};
    use crate::value::Value;

    const START: Head = Head { sequence: 0, hash: Hash::new([3; 32]) };

    /// A chain whose entries follow from each other, whatever they say.
    #[derive(Debug)]
    struct Forge {
        bytes: Vec<u8>,
        head: Head,
    }

    impl Forge {
        fn new() -> Self {
            Self { bytes: frame::build_header(START), head: START }
        }

        /// An entry; `stored` changes the bytes of the payload after they were hashed.
        fn put(&mut self, kind: Kind, payload: Map, stored: impl Fn(&mut Vec<u8>)) -> Hash {
            let actor = Actor { harness: "h".into(), agent: None, user: "u".into() };
            let origin = Origin { time_ms: 0, session: "s".into(), actor };
            let sequence = self.head.sequence + 1;
            let draft = Draft { origin, kind, payload };
            let (head, mut payload) = seal(&draft, sequence, [0; SALT_BYTES]).unwrap();
            let payload_hash = Hash::of(&[&payload]);
            stored(&mut payload);
            let (bytes, hash) = frame::build(self.head.hash, &head, &payload);
            self.bytes.extend(bytes);
            self.head = Head { sequence, hash };
            payload_hash
        }

        fn verdict(&self) -> Verdict {
            let key = PublicKey::of(&SigningKey::from_bytes(&[7; 32]));
            let trust = Trust { anchor: Some(self.head), keys: vec![key] };
            let mut verifier = Verifier::new(&trust);
            verifier.segment(&self.bytes);
            verifier.finish()
        }
    }

    /// What happens to the stored bytes of a payload.
    type Change = fn(&mut Vec<u8>);

    fn text() -> Map {
        Map::from([("text".to_owned(), Value::Text("of some length".to_owned()))])
    }

    #[test]
    fn a_checkpoint_must_sign_the_entry_before_it() {
        let key = SigningKey::from_bytes(&[7; 32]);
        for (sequence, good) in [(1, true), (2, false)] {
            let mut forge = Forge::new();
            forge.put(Kind::new("a").unwrap(), text(), |_| {});
            let payload = checkpoint::sign(&key, Head { sequence, ..forge.head });
            forge.put(Kind::own(OwnKind::Checkpoint), payload, |_| {});
            let bad = Verdict::Bad { sequence: 2, fault: Fault::Signature };
            let expect = if good { Verdict::Good { head: forge.head } } else { bad };
            assert_eq!(forge.verdict(), expect);
        }
    }

    /// Forgotten bytes keep their length, and the ledger's own payloads are never forgotten.
    #[test]
    fn forgetting_excuses_a_payload_of_the_same_length_alone() {
        let cases: [(Kind, Change, Option<Fault>); 3] = [
            (Kind::new("a").unwrap(), |stored| stored.fill(0), None),
            (
                Kind::new("a").unwrap(),
                |stored| stored.truncate(20),
                Some(Fault::Frame(FrameError::Lengths)),
            ),
            (Kind::own(OwnKind::Recovery), |stored| stored.fill(0), Some(Fault::Payload)),
        ];
        for (kind, stored, fault) in cases {
            let mut forge = Forge::new();
            let hash = forge.put(kind, text(), stored);
            let members = [("payload".to_owned(), Value::Bytes(hash.bytes().to_vec()))];
            forge.put(Kind::own(OwnKind::Forget), Map::from(members), |_| {});
            let good = Verdict::Good { head: forge.head };
            let expect = fault.map_or(good, |fault| Verdict::Bad { sequence: 1, fault });
            assert_eq!(forge.verdict(), expect);
        }
    }

    /// Entries of kinds and versions to come: the ones are verified, the others said.
    #[test]
    fn what_later_programs_write_is_no_damage() {
        let mut forge = Forge::new();
        forge.put(Kind::new("a.kind-to-come").unwrap(), text(), |_| {});
        assert_eq!(forge.verdict(), Verdict::Good { head: forge.head });
        let before = forge.head;
        let head = crate::value::encode(&Map::from([("v".to_owned(), Value::Integer(2))])).unwrap();
        let (bytes, hash) = frame::build(before.hash, &head, &[0; 20]);
        forge.bytes.extend(bytes);
        forge.head = Head { sequence: 2, hash };
        let doubt = Doubt::Version { sequence: 2, version: 2 };
        assert_eq!(forge.verdict(), Verdict::Unknown { head: before, doubt });
    }
}
