//! Sets of ASCII characters, and the parts of which tokens are made. Knows nothing of any issuer.

/// A set of ASCII characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Alphabet(u128);

pub(crate) const DIGIT: Alphabet = Alphabet::of(b"09");
pub(crate) const HEX: Alphabet = Alphabet::of(b"09af");
pub(crate) const HEX_ANY: Alphabet = Alphabet::of(b"09afAF");
pub(crate) const LOWER: Alphabet = Alphabet::of(b"az09");
pub(crate) const UPPER: Alphabet = Alphabet::of(b"AZ09");
pub(crate) const ALNUM: Alphabet = Alphabet::of(b"azAZ09");
pub(crate) const WORD: Alphabet = ALNUM.with(b"_");
pub(crate) const BASE32: Alphabet = Alphabet::of(b"AZ27");
pub(crate) const BASE64: Alphabet = ALNUM.with(b"+/");
pub(crate) const BASE64_PADDED: Alphabet = BASE64.with(b"=");
pub(crate) const URL: Alphabet = ALNUM.with(b"_-");
pub(crate) const URL_PADDED: Alphabet = URL.with(b"=");
pub(crate) const URL_DOTTED: Alphabet = URL.with(b".=");
pub(crate) const URL_TILDE: Alphabet = URL.with(b".~");
/// The letters of bech32, in upper case as age writes them.
pub(crate) const BECH32: Alphabet = Alphabet(0).with(b"QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L");

impl Alphabet {
    pub(crate) const SPACES: Self = Self(0).with(b" \t");

    /// The set of these ranges: pairs of first and last character.
    pub(crate) const fn of(ranges: &[u8]) -> Self {
        let mut bits = 0;
        let mut pair = 0;
        while pair + 1 < ranges.len() {
            let mut byte = ranges[pair];
            while byte <= ranges[pair + 1] {
                bits |= 1 << (byte & 127);
                byte += 1;
            }
            pair += 2;
        }
        Self(bits)
    }

    /// The set with these characters added.
    pub(crate) const fn with(self, more: &[u8]) -> Self {
        let mut bits = self.0;
        let mut at = 0;
        while at < more.len() {
            bits |= 1 << (more[at] & 127);
            at += 1;
        }
        Self(bits)
    }

    pub(crate) const fn has(self, byte: u8) -> bool {
        byte < 128 && (self.0 >> byte) & 1 == 1
    }

    /// Whether all of the text is made of the set.
    pub(crate) fn spells(self, text: &str) -> bool {
        text.bytes().all(|byte| self.has(byte))
    }

    /// How many characters of the set stand from here on, at most `limit`.
    pub(crate) fn run(self, text: &[u8], from: usize, limit: usize) -> usize {
        let rest = text.get(from..).unwrap_or(&[]);
        rest.iter().take(limit).take_while(|byte| self.has(**byte)).count()
    }

    /// How many characters of the set stand right before here, at most `limit`.
    pub(crate) fn run_back(self, text: &[u8], to: usize, limit: usize) -> usize {
        let rest = text.get(..to).unwrap_or(&[]);
        rest.iter().rev().take(limit).take_while(|byte| self.has(**byte)).count()
    }
}

/// One part of a token.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Part {
    /// As many characters of the set as there are: at least the first, at most the second number.
    Run(Alphabet, u16, u16),
    Text(&'static str),
    /// Five groups of lower-case hexadecimal digits.
    Uuid,
}

/// Exactly so many characters of a set.
pub(crate) const fn exact(alphabet: Alphabet, count: u16) -> Part {
    Part::Run(alphabet, count, count)
}

pub(crate) const fn between(alphabet: Alphabet, least: u16, most: u16) -> Part {
    Part::Run(alphabet, least, most)
}

pub(crate) const fn text(words: &'static str) -> Part {
    Part::Text(words)
}

const UUID_GROUPS: [usize; 5] = [8, 4, 4, 4, 12];

impl Part {
    /// Where the part ends if it stands here.
    fn end(self, text: &[u8], from: usize) -> Option<usize> {
        match self {
            Self::Text(words) => {
                text.get(from..)?.starts_with(words.as_bytes()).then(|| from + words.len())
            }
            Self::Run(alphabet, least, most) => {
                let count = alphabet.run(text, from, usize::from(most));
                (count >= usize::from(least)).then_some(from + count)
            }
            Self::Uuid => {
                let mut at = from;
                for (number, size) in UUID_GROUPS.into_iter().enumerate() {
                    if number > 0 {
                        (text.get(at) == Some(&b'-')).then_some(())?;
                        at += 1;
                    }
                    (HEX_ANY.run(text, at, size) == size).then_some(())?;
                    at += size;
                }
                Some(at)
            }
        }
    }

    /// The characters after which a token of this last part would go on.
    pub(crate) const fn goes_on(self) -> Alphabet {
        match self {
            Self::Run(alphabet, _, _) => Alphabet(alphabet.0 | WORD.0),
            Self::Text(_) | Self::Uuid => WORD,
        }
    }
}

/// Where the parts end if they stand here, one after the other.
pub(crate) fn parts_end(parts: &[Part], text: &[u8], from: usize) -> Option<usize> {
    parts.iter().try_fold(from, |at, part| part.end(text, at))
}

/// Whether the parts make up the whole text.
pub(crate) fn parts_match(parts: &[Part], value: &str) -> bool {
    parts_end(parts, value.as_bytes(), 0) == Some(value.len())
}
