//! Enough stack for the parser and the walk.
//!
//! Both recurse as deep as the tree, and a tree can be deep without a single bracket: a chain of
//! operators, of members, of JSX elements, of `else if`. A stack overflow is no panic, so a text
//! gets a stack for the worst that its characters could mean. Every level of a tree costs at least
//! one operator or keyword, so their weighted count is a bound that needs no lexer and cannot be
//! misled by strings or comments. Most texts fit the stack that is there.

use crate::hostile::NESTING_MAX;

/// Beyond this a text is refused. Only pages that are touched cost memory.
const STACK_MAX: usize = 1 << 30;

/// What a parse needs before the first level.
const BASE: usize = 128 * 1_024;

/// Bytes of stack per level: three times what the largest frames were measured to take.
const BRACKET: usize = 4 * 1_024;
const OPERATOR: usize = 1_024;

/// Runs `work` on a stack that suffices for `text`. False: the text is refused.
pub(super) fn with_room(text: &str, work: impl FnOnce()) -> bool {
    let needed = needed(text);
    if needed > STACK_MAX {
        return false;
    }
    stacker::maybe_grow(needed, needed, work);
    true
}

fn needed(text: &str) -> usize {
    let bytes = text.as_bytes();
    let (mut brackets, mut heavy, mut light) = (0_usize, 0_usize, 0_usize);
    let mut word_start = None;
    for (at, byte) in bytes.iter().enumerate() {
        if byte.is_ascii_lowercase() {
            word_start = word_start.or(Some(at));
            continue;
        }
        if let Some(start) = word_start.take() {
            match bytes.get(start..at) {
                Some(b"class" | b"extends" | b"function") => heavy += 1,
                Some(word) if nests(word) => light += 1,
                _ => {}
            }
        }
        match byte {
            b'(' | b'[' | b'{' => brackets += 1,
            b'<' => heavy += 1,
            b')' | b']' | b'}' | b'"' | b'\'' | b',' | b';' | b'_' | b'\\' | b'#' => {}
            _ if byte.is_ascii_punctuation() => light += 1,
            _ => {}
        }
    }
    // Brackets that nest deeper were refused before any parser ran; those that follow each other
    // make a chain: `a()()()`.
    let heavy = heavy.saturating_add(brackets.min(NESTING_MAX));
    let light = light.saturating_add(brackets);
    BASE.saturating_add(heavy.saturating_mul(BRACKET))
        .saturating_add(light.saturating_mul(OPERATOR))
}

/// Keywords that can follow each other with nothing but space between.
fn nests(word: &[u8]) -> bool {
    matches!(
        word,
        b"abstract"
            | b"as"
            | b"asserts"
            | b"async"
            | b"await"
            | b"declare"
            | b"default"
            | b"delete"
            | b"do"
            | b"else"
            | b"export"
            | b"for"
            | b"if"
            | b"in"
            | b"infer"
            | b"instanceof"
            | b"is"
            | b"keyof"
            | b"new"
            | b"of"
            | b"readonly"
            | b"return"
            | b"satisfies"
            | b"throw"
            | b"typeof"
            | b"unique"
            | b"void"
            | b"while"
            | b"with"
            | b"yield"
    )
}
