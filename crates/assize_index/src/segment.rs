//! The parts of a key by which a reference may name a path that comes or goes.

use assize_syntax::FactKind;

/// The kinds whose references are found by any part of their key.
const KINDS: [FactKind; 5] =
    [FactKind::Import, FactKind::Path, FactKind::Link, FactKind::Command, FactKind::Env];

/// What stands in the table for a pattern, whatever its parts are.
pub(crate) const PATTERN: &str = "*";

/// The parts of a key: of a path by `/`, and of what stands between by `.` and `:`.
pub fn segments(key: &str) -> impl Iterator<Item = &str> {
    let parts = key.split('/');
    parts.flat_map(|part| {
        let finer = part.split(['.', ':']).filter(move |finer| *finer != part);
        std::iter::once(part).chain(finer).filter(|part| !part.is_empty())
    })
}

/// Whether a key may stand for several paths.
pub fn is_pattern(key: &str) -> bool {
    key.contains(['*', '?', '[', '{'])
}

pub(crate) fn is_found_by_parts(kind: FactKind) -> bool {
    KINDS.contains(&kind)
}

/// Where references of a kind with this part stand in the table. Other parts may share the number.
pub(crate) fn hash(kind: FactKind, part: &str) -> u32 {
    // FNV-1a: the table is ours, and whoever fills it with equal hashes only slows his own index.
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let hash = part.bytes().fold(step(0xcbf2_9ce4_8422_2325, kind as u8), step);
    (hash ^ (hash >> 32)) as u32
}

/// The numbers under which a key stands in the table, each once.
pub(crate) fn hashes(kind: FactKind, key: &str) -> Vec<u32> {
    let pattern = is_pattern(key).then_some(PATTERN);
    let mut hashes: Vec<u32> = segments(key).chain(pattern).map(|part| hash(kind, part)).collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}
