//! Reading and writing little-endian numbers in place, without trusting the bytes.
//!
//! A read beyond the end yields zero or the empty text: a damaged snapshot can give wrong answers
//! until it is verified, but never a panic.

pub(crate) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).and_then(|four| four.try_into().ok()).map_or(0, u32::from_le_bytes)
}

pub(crate) fn u64_at(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..at + 8).and_then(|eight| eight.try_into().ok()).map_or(0, u64::from_le_bytes)
}

pub(crate) fn u8_at(bytes: &[u8], at: usize) -> u8 {
    bytes.get(at).copied().unwrap_or(0)
}

pub(crate) fn part(bytes: &[u8], start: u32, len: u32) -> &[u8] {
    let start = start as usize;
    bytes.get(start..start.saturating_add(len as usize)).unwrap_or(&[])
}

pub(crate) fn text(bytes: &[u8], start: u32, len: u32) -> &str {
    std::str::from_utf8(part(bytes, start, len)).unwrap_or("")
}

/// Lengths and offsets are stored in 32 bits; what does not fit is refused by the writer.
pub(crate) fn narrow(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
