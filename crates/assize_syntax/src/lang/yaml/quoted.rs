//! Texts in quotes that go on at the margin.
//!
//! The letter of YAML wants their further lines indented; the libraries that clusters, pipelines
//! and Python use do not. The line ends of such a text are replaced by blanks, which says the same
//! and leaves every place where it is.

use super::tree::{self, Broken};

/// What the parser says of such a line.
const AT_MARGIN: &str = "invalid indentation in quoted scalar";

/// How many texts of one file are mended, and how long one may be.
const TEXTS_MAX: usize = 64;
const TEXT_BYTES_MAX: usize = 16_384;

/// The text with such quoted texts on one line each; `None` where that is not what is wrong, or
/// where a quote is never closed.
pub(super) fn folded(text: &str, broken: &Broken) -> Option<String> {
    if broken.message != AT_MARGIN {
        return None;
    }
    let mut folded = text.to_owned();
    let mut at = broken.at;
    for _ in 0..TEXTS_MAX {
        let (start, end) = around(&folded, at)?;
        let inner = folded.get(start..end)?.replace(['\n', '\r'], " ");
        folded.replace_range(start..end, &inner);
        match tree::check(&folded) {
            Err(next) if next.message == AT_MARGIN && next.at >= end => at = next.at,
            Err(_) => return None,
            Ok(()) => return Some(folded),
        }
    }
    None
}

/// From the quote that is open at this place to the one that closes it.
fn around(text: &str, at: usize) -> Option<(usize, usize)> {
    let mut line_end = at + text.get(at..)?.find('\n')?;
    loop {
        if at.saturating_sub(line_end) > TEXT_BYTES_MAX {
            return None;
        }
        let line_start = text.get(..line_end)?.rfind('\n').map_or(0, |at| at + 1);
        if let Some((open, quote)) = left_open(text.get(line_start..line_end)?) {
            let start = line_start + open;
            let end = closing(text, start + 1, quote)?;
            return (end > at).then_some((start, end));
        }
        line_end = line_start.checked_sub(1)?;
    }
}

/// The quote that a line opens and does not close.
fn left_open(line: &str) -> Option<(usize, u8)> {
    let bytes = line.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let before = at.checked_sub(1).and_then(|at| bytes.get(at));
        let opens = before.is_none_or(|byte| matches!(byte, b' ' | b'\t' | b'[' | b'{' | b','));
        match byte {
            b'#' if opens => return None,
            b'"' | b'\'' if opens => match closing(line, at + 1, *byte) {
                Some(end) => at = end,
                None => return Some((at, *byte)),
            },
            _ => {}
        }
        at += 1;
    }
    None
}

/// Where the quote that closes a text stands; the text begins at `from`.
fn closing(text: &str, from: usize, quote: u8) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    loop {
        match *bytes.get(at)? {
            b'\\' if quote == b'"' => at += 1,
            b'\'' if quote == b'\'' && bytes.get(at + 1) == Some(&b'\'') => at += 1,
            byte if byte == quote => return Some(at),
            _ => {}
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::super::tree;
    use super::folded;

    fn is_mended(text: &str) -> bool {
        let broken = tree::check(text).unwrap_err();
        let mended = folded(text, &broken);
        assert!(mended.as_ref().is_none_or(|mended| mended.len() == text.len()));
        mended.is_some()
    }

    #[test]
    fn texts_at_the_margin_are_read() {
        for text in [
            "a:\n  args: [\"\n  x && y\n  \"]\n  b: 1\n",
            "a:\n  b: \"one\n  two\n  three\"\nc: 'it''s\nfour'\n",
            "- a:\n    m: \"say \\\"x\\\"\n    on\"\n",
        ] {
            assert!(is_mended(text), "{text}");
        }
    }

    #[test]
    fn open_quotes_stay_errors() {
        for text in ["a:\n  b: \"one\n  c: two\n", "a:\n  b: \"one\n  c: \"two\"\n"] {
            assert!(!is_mended(text), "{text}");
        }
    }
}
