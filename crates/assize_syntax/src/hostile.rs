//! A byte scan that runs before any parser: text nested deeper than a parser's stack can bear is
//! refused, because a stack overflow is no panic and would end the process.

use crate::Language;

/// How deep brackets may nest. Real code stays below 100; parser threads bear ten times this.
pub const NESTING_MAX: usize = 1_000;

/// Whether brackets nest deeper than [`NESTING_MAX`].
///
/// In JSON, whose strings are simple, brackets inside strings do not count: log output in test
/// reports is full of them. Elsewhere strings and comments are not told apart: an unbalanced
/// bracket in one counts, so the scan can only overestimate; closing brackets never go below zero.
pub fn too_deep(language: Language, text: &str) -> bool {
    let skip_strings = language == Language::Json;
    let mut depth = 0_usize;
    let mut in_string = false;
    let mut escaped = false;
    for byte in text.bytes() {
        if in_string {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_string = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' if skip_strings => in_string = true,
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
    use crate::Language;

    #[test]
    fn holds_at_the_limit() {
        for language in [Language::Python, Language::Json] {
            assert!(!too_deep(language, &"[".repeat(NESTING_MAX)));
            assert!(too_deep(language, &"[".repeat(NESTING_MAX + 1)));
            assert!(!too_deep(language, &"()".repeat(NESTING_MAX * 4)));
        }
    }

    #[test]
    fn strings_of_json_do_not_count() {
        let inside = format!("\"\\\"{}\"", "[".repeat(NESTING_MAX * 2));
        assert!(!too_deep(Language::Json, &inside));
        assert!(too_deep(Language::Json, &format!("{inside}{}", "[".repeat(NESTING_MAX + 1))));
    }
}
