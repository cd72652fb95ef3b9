//! The bytes of a segment: a header, then one frame per entry.
//!
//! ```text
//! header  "ASSIZEL1" · number of the first entry, u64 · hash before it, 32 ·
//!         BLAKE3 of all that, 32
//! frame   length of the head, u32 · length of the payload, u32 · head · payload ·
//!         BLAKE3(hash before, head), 32 · length of the frame, u32
//! ```
//!
//! Numbers are little-endian. The length at the end of a frame and the hash before it let the last
//! entry be found and verified from the end of the file alone, without a hint that could lie. The
//! lengths are not chained, but the head holds the payload's and every reader compares all three.

use std::ops::Range;

use crate::entry::{EntryError, EntryHead, HEAD_BYTES_MAX, PAYLOAD_BYTES_MAX, SALT_BYTES};
use crate::hash::{Hash, Head};

const MAGIC: &[u8; 8] = b"ASSIZEL1";
pub(crate) const HEADER_BYTES: usize = 80;
/// The two lengths before the head.
const LENGTHS_BYTES: usize = 8;
/// The length after the hash.
const TRAILER_BYTES: usize = 4;
/// A frame without head and payload.
const EMPTY_BYTES: usize = LENGTHS_BYTES + Hash::BYTES + TRAILER_BYTES;
/// The end of a frame: its hash and its length.
pub(crate) const END_BYTES: usize = Hash::BYTES + TRAILER_BYTES;
const FRAME_BYTES_MAX: usize = EMPTY_BYTES + HEAD_BYTES_MAX + SALT_BYTES + PAYLOAD_BYTES_MAX;

/// Why bytes are no frame at this place of the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    #[error("the header of the segment is damaged")]
    Header,
    #[error("the entry is cut off")]
    Short,
    #[error("the lengths of the entry contradict each other")]
    Lengths,
    #[error("the hash does not follow from the entry and the one before")]
    Hash,
    #[error("the entry is numbered {0}")]
    Sequence(u64),
    #[error(transparent)]
    Entry(#[from] EntryError),
}

/// A frame whose hash was verified.
#[derive(Debug, Clone)]
pub(crate) struct Frame<'a> {
    pub(crate) head: EntryHead,
    /// The payload's stored bytes, whatever they are.
    pub(crate) payload: &'a [u8],
    /// Where they stand, from the start of the frame.
    pub(crate) payload_range: Range<usize>,
    pub(crate) hash: Hash,
    pub(crate) length: usize,
}

impl Frame<'_> {
    pub(crate) fn place(&self) -> Head {
        Head { sequence: self.head.sequence, hash: self.hash }
    }

    pub(crate) fn has_payload(&self) -> bool {
        Hash::of(&[self.payload]) == self.head.payload_hash
    }
}

/// The frame of a head and a payload, and its hash.
pub(crate) fn build(previous: Hash, head: &[u8], payload: &[u8]) -> (Vec<u8>, Hash) {
    let hash = Hash::of(&[previous.bytes(), head]);
    let whole = EMPTY_BYTES.saturating_add(head.len()).saturating_add(payload.len());
    let mut out = Vec::with_capacity(whole);
    out.extend_from_slice(&number(head.len()));
    out.extend_from_slice(&number(payload.len()));
    out.extend_from_slice(head);
    out.extend_from_slice(payload);
    out.extend_from_slice(hash.bytes());
    out.extend_from_slice(&number(whole));
    (out, hash)
}

/// A length as it is stored. The limits on heads and payloads keep it far below the maximum.
fn number(length: usize) -> [u8; 4] {
    u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes()
}

/// The frame at the start of `bytes`, which must follow `previous`.
pub(crate) fn parse(bytes: &[u8], previous: Hash) -> Result<Frame<'_>, FrameError> {
    let parts = split(bytes)?;
    if Hash::of(&[previous.bytes(), parts.head]) != parts.hash {
        return Err(FrameError::Hash);
    }
    let head = EntryHead::decode(parts.head)?;
    if head.payload_length != parts.payload.len() {
        return Err(FrameError::Lengths);
    }
    let start = LENGTHS_BYTES.saturating_add(parts.head.len());
    let payload_range = start..start.saturating_add(parts.payload.len());
    let Parts { payload, hash, length, .. } = parts;
    Ok(Frame { head, payload, payload_range, hash, length })
}

struct Parts<'a> {
    head: &'a [u8],
    payload: &'a [u8],
    hash: Hash,
    length: usize,
}

fn split(bytes: &[u8]) -> Result<Parts<'_>, FrameError> {
    let (head_length, rest) = bytes.split_first_chunk::<4>().ok_or(FrameError::Short)?;
    let (payload_length, rest) = rest.split_first_chunk::<4>().ok_or(FrameError::Short)?;
    let head_length = length(*head_length, HEAD_BYTES_MAX)?;
    let payload_length = length(*payload_length, PAYLOAD_BYTES_MAX.saturating_add(SALT_BYTES))?;
    if head_length == 0 || payload_length <= SALT_BYTES {
        return Err(FrameError::Lengths);
    }
    let (head, rest) = rest.split_at_checked(head_length).ok_or(FrameError::Short)?;
    let (payload, rest) = rest.split_at_checked(payload_length).ok_or(FrameError::Short)?;
    let (hash, rest) = rest.split_first_chunk::<{ Hash::BYTES }>().ok_or(FrameError::Short)?;
    let (trailer, _) = rest.split_first_chunk::<TRAILER_BYTES>().ok_or(FrameError::Short)?;
    let whole = EMPTY_BYTES.saturating_add(head_length).saturating_add(payload_length);
    if *trailer != number(whole) {
        return Err(FrameError::Lengths);
    }
    Ok(Parts { head, payload, hash: Hash::new(*hash), length: whole })
}

fn length(bytes: [u8; 4], most: usize) -> Result<usize, FrameError> {
    let length = usize::try_from(u32::from_le_bytes(bytes)).map_err(|_| FrameError::Lengths)?;
    if length > most { Err(FrameError::Lengths) } else { Ok(length) }
}

/// The length of the frame that ends where `bytes` end, as it claims itself.
pub(crate) fn claimed_length(bytes: &[u8]) -> Option<usize> {
    let length = length(*bytes.last_chunk::<TRAILER_BYTES>()?, FRAME_BYTES_MAX).ok()?;
    (length > EMPTY_BYTES).then_some(length)
}

/// The hash of the frame that ends where `bytes` end.
pub(crate) fn end_hash(bytes: &[u8]) -> Option<Hash> {
    let (hash, _) = bytes.last_chunk::<END_BYTES>()?.split_first_chunk()?;
    Some(Hash::new(*hash))
}

/// Whether one write that did not finish can have left this.
pub(crate) fn is_torn_write(bytes: &[u8], error: FrameError) -> bool {
    match error {
        // The hash follows: these are entries, of a form or a number that does not fit.
        FrameError::Entry(_) | FrameError::Sequence(_) => false,
        FrameError::Header => bytes.len() <= HEADER_BYTES,
        FrameError::Short | FrameError::Lengths | FrameError::Hash => {
            bytes.len() <= FRAME_BYTES_MAX && (reaches_the_end(bytes) || !holds_later_frame(bytes))
        }
    }
}

/// Whether the frame that starts here claims to reach to the end of `bytes` or beyond it.
fn reaches_the_end(bytes: &[u8]) -> bool {
    let Some((lengths, _)) = bytes.split_first_chunk::<LENGTHS_BYTES>() else { return true };
    let (numbers, _) = lengths.as_chunks::<4>();
    let claims = numbers.iter().map(|number| length(*number, FRAME_BYTES_MAX).ok());
    let sum: Option<usize> = claims.sum();
    sum.is_some_and(|sum| sum.saturating_add(EMPTY_BYTES) >= bytes.len())
}

/// Whether a whole entry stands anywhere in `bytes` but at their start. What a torn write leaves
/// holds none, so that it is told from damage in front of entries that were acknowledged.
fn holds_later_frame(bytes: &[u8]) -> bool {
    (1..bytes.len()).filter_map(|at| bytes.split_at_checked(at)).any(|(before, rest)| {
        let Ok(parts) = split(rest) else { return false };
        end_hash(before)
            .is_some_and(|previous| Hash::of(&[previous.bytes(), parts.head]) == parts.hash)
            || EntryHead::decode(parts.head).is_ok()
    })
}

/// The header of a segment whose first entry follows `previous`.
pub(crate) fn build_header(previous: Head) -> Vec<u8> {
    let mut out = MAGIC.to_vec();
    out.extend_from_slice(&previous.sequence.saturating_add(1).to_le_bytes());
    out.extend_from_slice(previous.hash.bytes());
    let hash = Hash::of(&[&out]);
    out.extend_from_slice(hash.bytes());
    out
}

/// What stands before the first entry of the segment.
pub(crate) fn parse_header(bytes: &[u8]) -> Result<Head, FrameError> {
    let header = bytes.first_chunk::<HEADER_BYTES>().ok_or(FrameError::Header)?;
    let (body, hash) = header.split_last_chunk::<{ Hash::BYTES }>().ok_or(FrameError::Header)?;
    let body = body.strip_prefix(MAGIC).ok_or(FrameError::Header)?;
    let (first, previous) = body.split_first_chunk::<8>().ok_or(FrameError::Header)?;
    let sequence = u64::from_le_bytes(*first).checked_sub(1).ok_or(FrameError::Header)?;
    let previous = previous.try_into().map(Hash::new).map_err(|_| FrameError::Header)?;
    let head = Head { sequence, hash: previous };
    let whole = build_header(head);
    (whole.last_chunk() == Some(hash)).then_some(head).ok_or(FrameError::Header)
}

/// The frames of a segment behind its header, up to the first that does not belong there.
#[derive(Debug)]
pub(crate) struct Frames<'a> {
    bytes: &'a [u8],
    /// Where the next frame starts.
    pub(crate) offset: usize,
    pub(crate) previous: Head,
}

impl<'a> Frames<'a> {
    pub(crate) fn new(segment: &'a [u8]) -> Result<Self, FrameError> {
        Ok(Self { previous: parse_header(segment)?, bytes: segment, offset: HEADER_BYTES })
    }

    /// The frames from one on, whose place and predecessor are known.
    pub(crate) const fn from(bytes: &'a [u8], offset: usize, previous: Head) -> Self {
        Self { bytes, offset, previous }
    }

    pub(crate) fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.offset..).unwrap_or_default()
    }

    /// The next frame; `None` at the end. After an error it stays where it is.
    pub(crate) fn next(&mut self) -> Option<Result<Frame<'a>, FrameError>> {
        if self.rest().is_empty() {
            return None;
        }
        let frame = match parse(self.rest(), self.previous.hash) {
            Ok(frame) if self.is_next(&frame.head) => frame,
            Ok(frame) => return Some(Err(FrameError::Sequence(frame.head.sequence))),
            Err(FrameError::Hash) => return Some(Err(self.stranger())),
            Err(error) => return Some(Err(error)),
        };
        self.offset = self.offset.saturating_add(frame.length);
        self.previous = frame.place();
        Some(Ok(frame))
    }

    fn is_next(&self, head: &EntryHead) -> bool {
        Some(head.sequence) == self.previous.sequence.checked_add(1)
    }

    /// An entry whose hash does not follow. Where it has another number, somebody put it here: no
    /// write that did not finish leaves that.
    fn stranger(&self) -> FrameError {
        let head = split(self.rest()).and_then(|parts| Ok(EntryHead::decode(parts.head)?));
        match head {
            Ok(head) if !self.is_next(&head) => FrameError::Sequence(head.sequence),
            Ok(_) | Err(_) => FrameError::Hash,
        }
    }
}
