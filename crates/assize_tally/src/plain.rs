//! Texts without what terminals make of them.

use std::borrow::Cow;

/// The text without colours and other escape sequences, and with plain line ends.
pub(crate) fn without_escapes(text: &str) -> Cow<'_, str> {
    if !text.contains(['\u{1b}', '\r']) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\u{1b}' if letters.next_if_eq(&'[').is_some() => {
                // A control sequence ends at its first letter.
                while letters.next().is_some_and(|inner| !('@'..='~').contains(&inner)) {}
            }
            '\u{1b}' => {}
            '\r' => {
                // A line that was written over on the terminal is a line of its own here.
                letters.next_if_eq(&'\n');
                out.push('\n');
            }
            _ => out.push(letter),
        }
    }
    Cow::Owned(out)
}

/// A number at the beginning, and what follows it.
pub(crate) fn number(text: &str) -> Option<(u64, &str)> {
    let end = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at_checked(end)?;
    Some((digits.parse().ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_and_line_ends_go() {
        for (text, plain) in [
            ("plain\n", "plain\n"),
            ("\u{1b}[1;31mred\u{1b}[0m\r\nnext\rover", "red\nnext\nover"),
            ("\u{1b}", ""),
            ("\u{1b}[", ""),
            ("\u{1b}[12", ""),
        ] {
            assert_eq!(without_escapes(text), plain, "{text:?}");
        }
        assert_eq!(number("12 x"), Some((12, " x")));
        assert_eq!(number("x"), None);
        assert_eq!(number("99999999999999999999"), None);
    }
}
