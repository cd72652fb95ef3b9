//! The parts of a reference's key, by which it may name what changed, came or went.

use std::ops::Range;

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

/// The last segment of a reference's key: what a changed file is looked up by.
pub(crate) fn tail(kind: FactKind, key: &str) -> &str {
    key.get(tail_of(kind, key.as_bytes())).unwrap_or("")
}

/// Where the last segment of a key stands.
pub(crate) fn tail_of(kind: FactKind, key: &[u8]) -> Range<usize> {
    let after = |end: usize, byte: u8| {
        let before = key.get(..end).unwrap_or(&[]);
        before.iter().rposition(|one| *one == byte).map_or(0, |at| at + 1)
    };
    let (slash, all) = (after(key.len(), b'/'), key.len());
    match kind {
        FactKind::Import if slash > 0 => {
            let end = key.iter().rposition(|byte| *byte != b'/').map_or(0, |last| last + 1);
            let start = after(end, b'/');
            let last = key.get(start..end).unwrap_or(&[]);
            // A name that begins with a dot is whole.
            let stem = last.iter().position(|byte| *byte == b'.').filter(|len| *len > 0);
            start..stem.map_or(end, |len| start + len)
        }
        FactKind::Import => after(all, b'.')..all,
        // `file:run.sh` at the root.
        FactKind::Command => {
            let colon = key.iter().position(|byte| *byte == b':').map_or(0, |at| at + 1);
            colon.max(slash)..all
        }
        _ => slash..all,
    }
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

#[cfg(test)]
mod tests {
    use assize_syntax::FactKind;

    use super::{segments, tail};

    #[test]
    fn last_segments() {
        for (kind, key, last) in [
            (FactKind::Import, "app.names", "names"),
            (FactKind::Import, "names", "names"),
            (FactKind::Import, ".", ""),
            (FactKind::Import, "./lib/names.test.js", "names"),
            (FactKind::Import, "../.config", ".config"),
            (FactKind::Import, "./lib/", "lib"),
            (FactKind::Import, "//", ""),
            (FactKind::Command, "file:run.sh", "run.sh"),
            (FactKind::Command, "file:bin/run.sh", "run.sh"),
            (FactKind::Command, "make:all", "all"),
            (FactKind::Path, "docs/\u{e9}t\u{e9}.md", "\u{e9}t\u{e9}.md"),
            (FactKind::Path, "docs/", ""),
        ] {
            assert_eq!(tail(kind, key), last, "{key}");
        }
    }

    #[test]
    fn segments_are_parts_and_what_stands_in_them() {
        let all = |key| segments(key).collect::<Vec<_>>();
        assert_eq!(all("a/b.py"), ["a", "b.py", "b", "py"]);
        assert_eq!(all("file:x//y"), ["file:x", "file", "x", "y"]);
        assert_eq!(all(""), [""; 0]);
    }
}
