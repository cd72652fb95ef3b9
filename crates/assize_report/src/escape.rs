//! Makes text from a repository safe to show.
//!
//! A file name or a message can hold bytes that move the cursor, change colours, set the title of
//! a window, reorder the line or hide part of it. Such characters are written as `\u{1b}`; what
//! remains is what a reader sees. JSON and SARIF do not pass here: their strings are exact.

use std::borrow::Cow;

/// A message of this many characters says everything; more is an attempt to drown the rest.
pub(crate) const INLINE_CHARS_MAX: usize = 2_000;

/// Whether a character acts on the display, or is invisible, instead of being seen.
pub(crate) fn is_hidden(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_control();
    }
    character.is_control()
        || matches!(
            character,
            // Soft hyphen, grapheme joiner, Arabic letter mark, fillers without ink.
            '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{3164}' | '\u{FFA0}'
            // Zero width, directions, separators of lines and paragraphs, invisible operators.
            | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
            // Musical and shorthand controls, tags, supplementary variation selectors.
            | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}'
        )
}

/// Appends the visible form of one character.
pub(crate) fn push(out: &mut String, character: char) {
    match character {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        hidden if is_hidden(hidden) => out.extend(hidden.escape_unicode()),
        seen => out.push(seen),
    }
}

/// The text on one line, with nothing hidden in it, cut at `INLINE_CHARS_MAX`.
pub fn inline(text: &str) -> Cow<'_, str> {
    if text.len() <= INLINE_CHARS_MAX && !text.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len().min(INLINE_CHARS_MAX));
    let mut rest = text.chars();
    for character in rest.by_ref().take(INLINE_CHARS_MAX) {
        push(&mut out, character);
    }
    if rest.next().is_some() {
        out.push('…');
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::{INLINE_CHARS_MAX, inline};

    #[test]
    fn nothing_that_acts_on_the_display_is_left() {
        let hostile = "a\u{1b}[31mred\u{1b}]0;title\u{7}\u{9b}1m\u{202e}\u{200b}\u{e0041}\r\n\tz";
        assert_eq!(
            inline(hostile),
            "a\\u{1b}[31mred\\u{1b}]0;title\\u{7}\\u{9b}1m\\u{202e}\\u{200b}\\u{e0041}\\r\\n\\tz"
        );
        assert_eq!(inline("naïve 日本 🚨"), "naïve 日本 🚨");
    }

    #[test]
    fn the_length_is_limited_in_characters() {
        let text = "é".repeat(INLINE_CHARS_MAX);
        assert_eq!(inline(&text), text);
        let longer = inline(&format!("{text}é")).into_owned();
        assert_eq!(longer, format!("{text}…"));
    }
}
