//! The end of the ledger: found without reading the rest, and repaired where a process died.

use crate::error::LedgerError;
use crate::frame::{self, END_BYTES, FrameError, Frames, HEADER_BYTES};
use crate::hash::{Hash, Head};
use crate::ledger::size;
use crate::store::Store;

/// What is read of a segment's end at first: most entries fit, with the hash before them.
const GLANCE_BYTES: usize = 4096;

/// Where the next entry goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tail {
    pub(crate) segment: u64,
    pub(crate) length: u64,
    pub(crate) head: Head,
}

/// Bytes behind the last entry that were cut off: a write that did not finish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dropped {
    pub bytes: u64,
    pub hash: Hash,
}

/// The end as it is; `None` where there is no entry and no segment. Nothing is repaired: torn
/// bytes are read over.
pub(crate) fn find<S: Store>(store: &mut S, segments: &[u64]) -> Result<Option<Tail>, LedgerError> {
    let Some((&segment, before)) = segments.split_last() else { return Ok(None) };
    let length = store.length(segment)?;
    if let Some(tail) = last(store, segment, length)? {
        return Ok(Some(tail));
    }
    match scan(store, segment, length)? {
        Scan { tail: Some(tail), .. } => Ok(Some(tail)),
        Scan { tail: None, .. } => find(store, before),
    }
}

/// The end, after torn bytes were cut off. A ledger without segments gets its first.
pub(crate) fn recover<S: Store>(store: &mut S) -> Result<(Tail, Option<Dropped>), LedgerError> {
    let segments = store.segments()?;
    let Some((&segment, before)) = segments.split_last() else {
        return Ok((first(store)?, None));
    };
    let length = store.length(segment)?;
    if let Some(tail) = last(store, segment, length)? {
        // A process that died before its sync left an entry that is whole and not durable. Were
        // another one written behind it, a loss of power could take the first and leave the second.
        if store.synced()? != Some((segment, length)) {
            store.sync(segment)?;
        }
        return Ok((tail, None));
    }
    let Scan { tail, torn } = scan(store, segment, length)?;
    let Some(tail) = tail else {
        // A segment is made before its first entry: none was in it.
        store.remove(segment)?;
        let tail = match find(store, before)? {
            Some(tail) => tail,
            None => first(store)?,
        };
        return Ok((tail, torn));
    };
    store.truncate(segment, tail.length)?;
    store.sync(segment)?;
    Ok((tail, torn))
}

/// The first segment. The chain starts from a random hash, so that no two ledgers share entries.
fn first<S: Store>(store: &mut S) -> Result<Tail, LedgerError> {
    let hash = Hash::new(store.random()?);
    start(store, Head { sequence: 0, hash })
}

/// A segment for the entries after `head`.
pub(crate) fn start<S: Store>(store: &mut S, head: Head) -> Result<Tail, LedgerError> {
    let segment = head.sequence.saturating_add(1);
    let header = frame::build_header(head);
    store.create(segment, &header)?;
    Ok(Tail { segment, length: wide(header.len()), head })
}

/// The last entry from the end of the segment alone, if it is whole.
fn last<S: Store>(store: &mut S, segment: u64, length: u64) -> Result<Option<Tail>, LedgerError> {
    let Some(body) = length.checked_sub(wide(HEADER_BYTES)) else { return Ok(None) };
    if body == 0 {
        let header = frame::parse_header(&store.read(segment, 0, HEADER_BYTES)?);
        let head = header.ok().filter(|head| starts(*head, segment));
        return Ok(head.map(|head| Tail { segment, length, head }));
    }
    let mut bytes = read_end(store, segment, length, GLANCE_BYTES)?;
    let Some(claimed) = frame::claimed_length(&bytes) else { return Ok(None) };
    if wide(claimed) > body {
        return Ok(None);
    }
    let is_first = wide(claimed) == body;
    let need = claimed.saturating_add(if is_first { HEADER_BYTES } else { END_BYTES });
    if bytes.len() < need {
        bytes = read_end(store, segment, length, need)?;
    }
    let Some((before, frame)) =
        bytes.len().checked_sub(claimed).and_then(|at| bytes.split_at_checked(at))
    else {
        return Ok(None);
    };
    let previous = if is_first {
        frame::parse_header(&store.read(segment, 0, HEADER_BYTES)?).ok().map(|head| head.hash)
    } else {
        frame::end_hash(before)
    };
    let Some(previous) = previous else { return Ok(None) };
    // The last payload is never a forgotten one: the entry that forgets it stands behind it.
    let frame = frame::parse(frame, previous).ok().filter(frame::Frame::has_payload);
    Ok(frame.map(|frame| Tail { segment, length, head: frame.place() }))
}

fn read_end<S: Store>(
    store: &mut S,
    segment: u64,
    length: u64,
    bytes: usize,
) -> Result<Vec<u8>, LedgerError> {
    let start = length.saturating_sub(wide(bytes));
    Ok(store.read(segment, start, size(length.saturating_sub(start)))?)
}

/// What a segment holds whose end is no entry.
struct Scan {
    /// After the last whole entry; `None` where not even the header is whole.
    tail: Option<Tail>,
    torn: Option<Dropped>,
}

/// Reads the whole segment. It is an error if what is not whole is more than a torn write.
fn scan<S: Store>(store: &mut S, segment: u64, length: u64) -> Result<Scan, LedgerError> {
    let bytes = store.read(segment, 0, size(length))?;
    let mut frames = match Frames::new(&bytes) {
        Ok(frames) if starts(frames.previous, segment) => frames,
        Ok(_) => {
            return Err(LedgerError::Corrupt { sequence: segment, source: FrameError::Header });
        }
        Err(_) if bytes.len() <= HEADER_BYTES => {
            return Ok(Scan { tail: None, torn: dropped(&bytes) });
        }
        Err(source) => return Err(LedgerError::Corrupt { sequence: segment, source }),
    };
    loop {
        let (offset, head) = (frames.offset, frames.previous);
        let error = match frames.next() {
            None => return Ok(Scan { tail: Some(Tail { segment, length, head }), torn: None }),
            Some(Ok(frame)) if frames.rest().is_empty() && !frame.has_payload() => {
                FrameError::Short
            }
            Some(Ok(_)) => continue,
            Some(Err(error)) => error,
        };
        let torn = bytes.get(offset..).unwrap_or_default();
        if !frame::is_torn_write(torn, error) {
            let sequence = head.sequence.saturating_add(1);
            return Err(LedgerError::Corrupt { sequence, source: error });
        }
        let tail = Tail { segment, length: wide(offset), head };
        return Ok(Scan { tail: Some(tail), torn: dropped(torn) });
    }
}

/// Whether the segment's first entry is the one after `head`.
fn starts(head: Head, segment: u64) -> bool {
    head.sequence.checked_add(1) == Some(segment)
}

fn dropped(bytes: &[u8]) -> Option<Dropped> {
    let dropped = Dropped { bytes: wide(bytes.len()), hash: Hash::of(&[bytes]) };
    (!bytes.is_empty()).then_some(dropped)
}

fn wide(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
