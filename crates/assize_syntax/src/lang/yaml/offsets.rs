//! From the parser's character counts to bytes.
//!
//! The YAML parser numbers Unicode scalars. For ASCII the numbers are bytes already; other texts
//! get a table of every [`STRIDE`]th scalar, so that a look-up walks a few characters at most.

/// How many scalars lie between two entries of the table.
const STRIDE: usize = 32;

/// The byte at which each scalar of a text begins.
#[derive(Debug)]
pub(crate) struct Offsets<'t> {
    text: &'t str,
    /// Empty for ASCII.
    starts: Vec<u32>,
}

impl<'t> Offsets<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        let starts = if text.is_ascii() {
            Vec::new()
        } else {
            let narrow = |(at, _)| u32::try_from(at).unwrap_or(u32::MAX);
            text.char_indices().step_by(STRIDE).map(narrow).collect()
        };
        Self { text, starts }
    }

    /// The byte of a scalar; beyond the last one, the end.
    pub(crate) fn byte(&self, scalar: usize) -> usize {
        if self.starts.is_empty() {
            return scalar.min(self.text.len());
        }
        let Some(start) = self.starts.get(scalar / STRIDE) else { return self.text.len() };
        let start = *start as usize;
        let rest = self.text.get(start..).unwrap_or("");
        rest.char_indices()
            .nth(scalar % STRIDE)
            .map_or(self.text.len(), |(further, _)| start + further)
    }
}

#[cfg(test)]
mod tests {
    use super::Offsets;

    #[test]
    fn every_scalar_is_found() {
        for text in ["", "plain", &"aé\u{1F6A8}\r\n".repeat(50)] {
            let offsets = Offsets::new(text);
            for (number, (byte, _)) in text.char_indices().enumerate() {
                assert_eq!(offsets.byte(number), byte);
            }
            assert_eq!(offsets.byte(text.chars().count()), text.len());
            assert_eq!(offsets.byte(usize::MAX), text.len());
        }
    }
}
