//! A byte scan that runs before any parser: text nested deeper than a parser's stack can bear is
//! refused, because a stack overflow is no panic and would end the process.

/// How deep brackets may nest. Real code stays below 100; parser threads bear ten times this.
pub const NESTING_MAX: usize = 1_000;

/// Whether brackets nest deeper than [`NESTING_MAX`].
///
/// Strings and comments are not told apart: an unbalanced bracket in a comment counts once, so the
/// scan can only overestimate the depth by their number; closing brackets never go below zero.
pub fn too_deep(text: &str) -> bool {
    let opens = |byte: &&u8| matches!(byte, b'(' | b'[' | b'{');
    // Counting takes a tenth of the time of following, and is enough for most files.
    if text.as_bytes().iter().filter(opens).count() <= NESTING_MAX {
        return false;
    }
    let mut depth = 0_usize;
    for byte in text.bytes() {
        match byte {
            b'(' | b'[' | b'{' => {
                depth += 1;
                if depth > NESTING_MAX {
                    return true;
                }
            }
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::{NESTING_MAX, too_deep};

    #[test]
    fn holds_at_the_limit() {
        assert!(!too_deep(&"[".repeat(NESTING_MAX)));
        assert!(too_deep(&"[".repeat(NESTING_MAX + 1)));
        assert!(!too_deep(&"()".repeat(NESTING_MAX * 4)));
    }
}
