//! Finds the places in a text at which a secret may stand, in one pass.
//!
//! A hash of three bytes is looked up in a bit set at every place; only where it hits are the
//! anchors compared. Making the set takes microseconds, where an automaton over the same literals
//! takes most of a millisecond, which is all that a hook has.

use std::sync::LazyLock;

use super::format::Format;
use super::formats::TABLES;

/// What an anchor announces.
#[derive(Debug, Clone, Copy)]
pub(super) enum Meaning {
    Token(&'static Format),
    Jwt,
    PrivateKey,
    Putty,
    /// `://`, perhaps with a login behind it.
    Address,
    /// A word that names secrets, in any case.
    Word,
    /// A Kubernetes Secret.
    Manifest,
    /// `Bearer `, in any case.
    Bearer,
    /// A command that may carry a login.
    Curl,
}

#[derive(Debug)]
struct Entry {
    literal: &'static [u8],
    any_case: bool,
    meaning: Meaning,
    /// The position of the next entry in the same bucket, plus one.
    next: u16,
}

/// The literals, arranged for the pass.
#[derive(Debug)]
pub(super) struct Anchors {
    filter: Box<[u64; FILTER_WORDS]>,
    buckets: Box<[u16; BUCKETS]>,
    entries: Vec<Entry>,
}

const FILTER_WORDS: usize = 1024;
const BUCKETS: usize = 4096;
const WINDOW: usize = 3;

/// Words by which names of secrets are recognised, in lower case.
const WORDS: [&str; 20] = [
    "identified by",
    "password",
    "passwd",
    "passphrase",
    "secret",
    "token",
    "api_key",
    "apikey",
    "api-key",
    "_pwd",
    "credential",
    "access_key",
    "accesskey",
    "private_key",
    "encryption_key",
    "signing_key",
    "auth_key",
    "_pass",
    "app_key",
    "appkey",
];

pub(super) static ANCHORS: LazyLock<Anchors> = LazyLock::new(Anchors::new);

impl Anchors {
    fn new() -> Self {
        let mut anchors = Self {
            filter: Box::new([0; FILTER_WORDS]),
            buckets: Box::new([0; BUCKETS]),
            entries: Vec::with_capacity(320),
        };
        for format in TABLES.iter().copied().flatten() {
            anchors.add(format.anchor, false, Meaning::Token(format));
        }
        anchors.add("eyJ", false, Meaning::Jwt);
        anchors.add("PRIVATE KEY", false, Meaning::PrivateKey);
        anchors.add("PuTTY-User-Key-File-", false, Meaning::Putty);
        anchors.add("://", false, Meaning::Address);
        anchors.add("kind: Secret", false, Meaning::Manifest);
        anchors.add("bearer ", true, Meaning::Bearer);
        anchors.add("curl ", false, Meaning::Curl);
        for word in WORDS {
            anchors.add(word, true, Meaning::Word);
        }
        anchors
    }

    fn add(&mut self, literal: &'static str, any_case: bool, meaning: Meaning) {
        let &[first, second, third, ..] = literal.as_bytes() else { return };
        let variants = if any_case { 0..1_u8 << WINDOW } else { 0..1 };
        for upper in variants {
            let cased = |byte: u8, place: u8| {
                if upper >> place & 1 == 1 { byte.to_ascii_uppercase() } else { byte }
            };
            let hash = hash([cased(first, 0), cased(second, 1), cased(third, 2)]);
            let known = self.filter[hash >> 6] >> (hash & 63) & 1 == 1;
            self.filter[hash >> 6] |= 1 << (hash & 63);
            let bucket = hash % BUCKETS;
            // `_` has no upper case: the same variant must not be entered twice.
            if known && self.holds(bucket, literal) {
                continue;
            }
            let next = self.buckets[bucket];
            self.entries.push(Entry { literal: literal.as_bytes(), any_case, meaning, next });
            self.buckets[bucket] = u16::try_from(self.entries.len()).unwrap_or(0);
        }
    }

    /// Whether an any-case word is in the bucket; formats may share an anchor.
    fn holds(&self, bucket: usize, literal: &str) -> bool {
        self.bucket(bucket).any(|entry| entry.any_case && entry.literal == literal.as_bytes())
    }

    fn bucket(&self, bucket: usize) -> impl Iterator<Item = &Entry> {
        let entry =
            |next: u16| usize::from(next).checked_sub(1).and_then(|at| self.entries.get(at));
        std::iter::successors(entry(self.buckets[bucket]), move |found| entry(found.next))
    }

    /// Calls `visit` for every anchor in the text, in order, with its place and what it means.
    pub(super) fn visit(&self, text: &[u8], mut visit: impl FnMut(usize, usize, Meaning)) {
        for (at, window) in text.windows(WINDOW).enumerate() {
            let &[first, second, third] = window else { continue };
            let hash = hash([first, second, third]);
            if self.filter[hash >> 6] >> (hash & 63) & 1 == 0 {
                continue;
            }
            let rest = text.get(at..).unwrap_or(&[]);
            for entry in self.bucket(hash % BUCKETS) {
                let Some(head) = rest.get(..entry.literal.len()) else { continue };
                let same = if entry.any_case {
                    head.eq_ignore_ascii_case(entry.literal)
                } else {
                    head == entry.literal
                };
                if same {
                    visit(at, entry.literal.len(), entry.meaning);
                }
            }
        }
    }
}

/// Sixteen bits of three bytes.
fn hash([first, second, third]: [u8; WINDOW]) -> usize {
    let joined = u32::from_le_bytes([first, second, third, 0]);
    (joined.wrapping_mul(0x9E37_79B1) >> 16) as usize
}
