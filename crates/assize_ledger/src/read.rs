//! Reading entries in order, and writing them out for other programs.

use std::io::{self, Write};

use crate::entry::{self, Draft, Entry, EntryError, Payload};
use crate::error::LedgerError;
use crate::frame::{self, FrameError, Frames};
use crate::hash::Head;
use crate::ledger::{Ledger, Receipt, size};
use crate::store::Store;

/// The entries from a number on, up to what was there when reading began.
#[derive(Debug)]
pub struct Entries<'a, S> {
    store: &'a mut S,
    /// The segments to come and their lengths, the next one last.
    segments: Vec<(u64, u64)>,
    bytes: Vec<u8>,
    offset: usize,
    previous: Option<Head>,
    from: u64,
    done: bool,
}

impl<S: Store> Ledger<S> {
    /// The entries from number `from` on. Each follows from the one before it, or reading ends
    /// with an error.
    pub fn read(&mut self, from: u64) -> Result<Entries<'_, S>, LedgerError> {
        let segments = self.extent()?;
        Ok(self.entries(segments, from))
    }

    /// Appends an entry if the entries from number `from` on let it, all under one lock: nobody
    /// appends between the look and the entry. What may happen once is claimed in this way.
    pub fn append_if(
        &mut self,
        draft: &Draft,
        from: u64,
        fits: impl FnOnce(Entries<'_, S>) -> Result<bool, LedgerError>,
    ) -> Result<Option<Receipt>, LedgerError> {
        self.locked(|ledger| {
            let segments = ledger.extent_locked()?;
            if fits(ledger.entries(segments, from))? {
                return ledger.append_locked(draft).map(Some);
            }
            Ok(None)
        })
    }

    fn entries(&mut self, mut segments: Vec<(u64, u64)>, from: u64) -> Entries<'_, S> {
        let start = segments.iter().rposition(|(first, _)| *first <= from).unwrap_or(0);
        segments.drain(..start);
        segments.reverse();
        Entries {
            store: self.store(),
            segments,
            bytes: Vec::new(),
            offset: 0,
            previous: None,
            from,
            done: false,
        }
    }

    /// Writes the entries from number `from` on, one JSON object a line.
    pub fn export(&mut self, from: u64, out: &mut dyn Write) -> Result<(), ExportError> {
        for entry in self.read(from)? {
            let mut line = entry?.to_json();
            line.push('\n');
            out.write_all(line.as_bytes()).map_err(ExportError::Output)?;
        }
        Ok(())
    }
}

/// Which side of an export failed: a broken pipe is not a broken ledger.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error("the export cannot be written")]
    Output(#[source] io::Error),
}

impl<S: Store> Entries<'_, S> {
    fn step(&mut self) -> Result<Option<Entry>, LedgerError> {
        loop {
            let Some(previous) = self.previous.filter(|_| self.offset < self.bytes.len()) else {
                if self.open()? {
                    continue;
                }
                return Ok(None);
            };
            let mut frames = Frames::from(&self.bytes, self.offset, previous);
            let sequence = previous.sequence.saturating_add(1);
            let damaged = |source| LedgerError::Corrupt { sequence, source };
            let frame = match frames.next() {
                // A write that did not finish: nobody was told that it is there.
                Some(Err(error))
                    if self.segments.is_empty() && frame::is_torn_write(frames.rest(), error) =>
                {
                    return Ok(None);
                }
                Some(frame) => frame.map_err(damaged)?,
                None => return Ok(None),
            };
            let is_last = self.segments.is_empty() && frames.rest().is_empty();
            if is_last && !frame.has_payload() {
                return Ok(None);
            }
            self.offset = frames.offset;
            self.previous = Some(frame.place());
            if sequence < self.from {
                continue;
            }
            let payload = if frame.has_payload() {
                let map = entry::open(frame.payload).map_err(EntryError::from);
                Payload::Present(map.map_err(FrameError::from).map_err(damaged)?)
            } else {
                Payload::Absent
            };
            let hash = frame.hash;
            let entry::EntryHead { origin, kind, payload_hash, .. } = frame.head;
            let previous = previous.hash;
            return Ok(Some(Entry {
                sequence,
                origin,
                kind,
                payload_hash,
                payload,
                previous,
                hash,
            }));
        }
    }

    /// Reads the next segment; `false` where there is none.
    fn open(&mut self) -> Result<bool, LedgerError> {
        let Some((segment, length)) = self.segments.pop() else { return Ok(false) };
        self.bytes = self.store.read(segment, 0, size(length))?;
        let damaged = |source| LedgerError::Corrupt { sequence: segment, source };
        let before = match frame::parse_header(&self.bytes) {
            Err(_) if self.segments.is_empty() && self.bytes.len() <= frame::HEADER_BYTES => {
                return Ok(false);
            }
            header => header.map_err(damaged)?,
        };
        let starts = before.sequence.checked_add(1) == Some(segment);
        if !starts || self.previous.is_some_and(|previous| previous != before) {
            return Err(damaged(FrameError::Header));
        }
        self.offset = frame::HEADER_BYTES;
        self.previous = Some(before);
        Ok(true)
    }
}

impl<S: Store> Iterator for Entries<'_, S> {
    type Item = Result<Entry, LedgerError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let step = self.step().transpose();
        self.done = !matches!(step, Some(Ok(_)));
        step
    }
}
