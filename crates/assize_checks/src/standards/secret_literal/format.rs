//! What is known of one kind of token, and how it is recognised around its anchor.

use assize_model::Severity;

use super::alphabet::{Alphabet, BASE64, Part, WORD, parts_end};
use super::placeholder::plausible;

/// How far before a token its context words may stand.
const CONTEXT_BYTES: usize = 160;
/// A run of base64 characters of this length next to a match makes it part of a blob.
const BLOB_BYTES: usize = 40;

/// A kind of token: a literal anchor, and what must stand around it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Format {
    /// The finding's code.
    pub(crate) code: &'static str,
    /// What it is, with its article.
    pub(crate) name: &'static str,
    /// The literal by which it is found.
    pub(crate) anchor: &'static str,
    /// Characters that stand before the anchor: set, least, most.
    pub(crate) lead: Option<(Alphabet, u16, u16)>,
    pub(crate) parts: &'static [Part],
    /// What the whole token must have besides its form.
    pub(crate) proof: Option<fn(&str) -> bool>,
    /// Whether that is a checksum or an inner structure, which nothing made up by hand has.
    pub(crate) proven: bool,
    /// Lower-case words one of which must stand shortly before.
    pub(crate) near: &'static [&'static str],
    pub(crate) severity: Severity,
}

impl Format {
    pub(crate) const fn new(
        code: &'static str,
        name: &'static str,
        anchor: &'static str,
        parts: &'static [Part],
    ) -> Self {
        let severity = Severity::Block;
        Self {
            code,
            name,
            anchor,
            lead: None,
            parts,
            proof: None,
            proven: false,
            near: &[],
            severity,
        }
    }

    pub(crate) const fn lead(mut self, alphabet: Alphabet, least: u16, most: u16) -> Self {
        self.lead = Some((alphabet, least, most));
        self
    }

    /// A checksum or an inner structure.
    pub(crate) const fn proof(mut self, proof: fn(&str) -> bool) -> Self {
        self.proof = Some(proof);
        self.proven = true;
        self
    }

    /// A test that sorts out chance finds and proves nothing.
    pub(crate) const fn only_if(mut self, test: fn(&str) -> bool) -> Self {
        self.proof = Some(test);
        self
    }

    pub(crate) const fn near(mut self, words: &'static [&'static str]) -> Self {
        self.near = words;
        self
    }

    /// For formats that are public by design, that expire soon or that name an account only.
    pub(crate) const fn warn(mut self) -> Self {
        self.severity = Severity::Warn;
        self
    }

    /// The token around the anchor at this place, from first to last byte.
    pub(crate) fn find(&self, text: &str, anchor_at: usize) -> Option<(usize, usize)> {
        let bytes = text.as_bytes();
        let mut start = anchor_at;
        if let Some((alphabet, least, most)) = self.lead {
            let count = alphabet.run_back(bytes, anchor_at, usize::from(most) + 1);
            let fits = usize::from(least) <= count && count <= usize::from(most);
            fits.then_some(())?;
            start = anchor_at - count;
        }
        starts_token(bytes, start, WORD).then_some(())?;
        let body = anchor_at + self.anchor.len();
        let end = parts_end(self.parts, bytes, body)?;
        let last = self.parts.last().map_or(WORD, |part| part.goes_on());
        let closed = bytes.get(end).is_none_or(|byte| !last.has(*byte));
        // Documents show the form of a token and end in an ellipsis.
        let rest = text.get(end..).unwrap_or("");
        let cut = rest.starts_with("...") || rest.starts_with('…');
        (closed && !cut && !inside_blob(bytes, start, end)).then_some(())?;
        let token = text.get(start..end)?;
        let passes = self.proof.is_none_or(|proof| proof(token));
        let lead = text.get(start..anchor_at)?;
        let fits = passes && plausible(lead, text.get(body..end)?) && self.has_context(text, start);
        fits.then_some((start, end))
    }

    fn has_context(&self, text: &str, start: usize) -> bool {
        if self.near.is_empty() {
            return true;
        }
        let window = text.as_bytes().get(start.saturating_sub(CONTEXT_BYTES)..start);
        let window = String::from_utf8_lossy(window.unwrap_or(&[])).to_ascii_lowercase();
        self.near.iter().any(|word| window.contains(word))
    }
}

/// Whether a token can start here: what stands before is no part of it.
///
/// An escape such as `\n` before it ends in a letter and still is a boundary.
pub(crate) fn starts_token(bytes: &[u8], start: usize, goes_on: Alphabet) -> bool {
    let Some(before) = start.checked_sub(1).and_then(|at| bytes.get(at)) else { return true };
    if !goes_on.has(*before) {
        return true;
    }
    let escape = start.checked_sub(2).and_then(|at| bytes.get(at)) == Some(&b'\\');
    escape && matches!(before, b'n' | b't' | b'r')
}

/// Whether the match is a chance find in base64 text, such as an integrity value or an image.
fn inside_blob(bytes: &[u8], start: usize, end: usize) -> bool {
    let glued = |at: Option<usize>| {
        at.and_then(|at| bytes.get(at)).is_some_and(|byte| matches!(byte, b'+' | b'/'))
    };
    let before = glued(start.checked_sub(1)).then(|| BASE64.run_back(bytes, start, BLOB_BYTES));
    let after = glued(Some(end)).then(|| BASE64.run(bytes, end, BLOB_BYTES));
    let blob = |range: Option<&[u8]>| {
        let range = range.unwrap_or(&[]);
        range.iter().any(u8::is_ascii_uppercase)
            && range.iter().any(u8::is_ascii_lowercase)
            && range.iter().any(u8::is_ascii_digit)
    };
    before.is_some_and(|n| n == BLOB_BYTES && blob(bytes.get(start - n..start)))
        || after.is_some_and(|n| n == BLOB_BYTES && blob(bytes.get(end..end + n)))
}
