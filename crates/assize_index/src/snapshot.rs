//! The snapshot: one immutable run of bytes, read in place.
//!
//! Layout, all numbers little-endian: a header of fixed size, then the sections in the order of
//! [`Section`]. Records have a fixed size, texts are (offset, length) into the text section. The
//! tables are sorted when they are written, so that every look-up is a binary search and opening
//! costs nothing but the header.

mod write;

use std::fmt;

use assize_model::{FileClass, Place, ProblemKind, RepoPath, Severity};
use assize_syntax::{Dialect, FactKind, FileFlags, Flags, Parsed, Role};

use crate::bytes::{narrow, part, text, u8_at, u32_at, u64_at};
use crate::{FileRecord, FileStamp, IndexedFile, LocalFinding, segment};

pub(crate) use crate::segment::tail;
pub use write::SnapshotWriter;

const MAGIC: &[u8; 8] = b"ASSIZEIX";
/// Raised whenever the layout changes; the engine's own version is in the tag.
const LAYOUT: u32 = 2;
const HEADER: usize = 8 + 4 + 4 + 32 + 32 + SECTIONS * 16;
const SECTIONS: usize = 8;
const FILE: usize = 104;
const FACT: usize = 60;
const FINDING: usize = 80;
const SEGMENT: usize = 8;

/// The parts of a snapshot.
#[derive(Clone, Copy)]
enum Section {
    Text = 0,
    Files = 1,
    Facts = 2,
    /// Fact numbers, sorted by kind, role, key, file.
    Keys = 3,
    /// Fact numbers of references, sorted by kind and last segment of the key.
    Tails = 4,
    /// File numbers, sorted by base name.
    Names = 5,
    Findings = 6,
    /// Hashes of the parts of references' keys, sorted, each with the first fact of the key.
    Segments = 7,
}

/// Why bytes are no snapshot that can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotError {
    #[error("the file is not a snapshot")]
    Foreign,
    #[error("the snapshot was written by another version")]
    OtherVersion,
    #[error("the snapshot is damaged")]
    Damaged,
    #[error("the repository is too large for one snapshot")]
    TooLarge,
}

/// Bytes that hold a snapshot: owned, or a memory map.
pub trait Store: AsRef<[u8]> + Send + Sync {}
impl<T: AsRef<[u8]> + Send + Sync> Store for T {}

/// An opened snapshot.
pub struct Snapshot {
    store: Box<dyn Store>,
    sections: [(usize, usize); SECTIONS],
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Snapshot").field("files", &self.file_count()).finish_non_exhaustive()
    }
}

impl Snapshot {
    /// Opens a snapshot: reads its header and nothing else.
    ///
    /// # Errors
    /// The bytes are no snapshot, or one of another engine (`tag` differs), or cut short.
    pub fn open(store: Box<dyn Store>, tag: &[u8; 32]) -> Result<Self, SnapshotError> {
        let bytes: &[u8] = (*store).as_ref();
        if bytes.get(..8) != Some(MAGIC.as_slice()) {
            return Err(SnapshotError::Foreign);
        }
        if bytes.len() < HEADER {
            return Err(SnapshotError::Damaged);
        }
        if u32_at(bytes, 8) != LAYOUT || bytes.get(16..48) != Some(tag.as_slice()) {
            return Err(SnapshotError::OtherVersion);
        }
        let mut sections = [(0, 0); SECTIONS];
        for (number, section) in sections.iter_mut().enumerate() {
            let at = 80 + number * 16;
            let start = usize::try_from(u64_at(bytes, at)).unwrap_or(usize::MAX);
            let len = usize::try_from(u64_at(bytes, at + 8)).unwrap_or(usize::MAX);
            if start.checked_add(len).is_none_or(|end| end > bytes.len()) {
                return Err(SnapshotError::Damaged);
            }
            *section = (start, len);
        }
        Ok(Self { store, sections })
    }

    /// Compares the whole content with the hash in the header.
    ///
    /// # Errors
    /// The content was altered or cut.
    pub fn verify(&self) -> Result<(), SnapshotError> {
        let bytes = self.bytes();
        let body = bytes.get(80..).ok_or(SnapshotError::Damaged)?;
        if bytes.get(48..80) == Some(blake3::hash(body).as_bytes().as_slice()) {
            Ok(())
        } else {
            Err(SnapshotError::Damaged)
        }
    }

    /// The hash of the content, as the header has it.
    pub fn content_hash(&self) -> [u8; 32] {
        self.bytes().get(48..80).and_then(|hash| hash.try_into().ok()).unwrap_or([0; 32])
    }

    /// The snapshot of no files.
    pub fn empty() -> Self {
        Self { store: Box::new(Vec::new()), sections: [(0, 0); SECTIONS] }
    }

    /// Bytes of text that were added since the snapshot was written as a whole.
    fn text_added(&self) -> u32 {
        u32_at(self.bytes(), 12)
    }

    /// The bytes from which it can be opened again.
    pub fn bytes(&self) -> &[u8] {
        (*self.store).as_ref()
    }

    fn section(&self, section: Section) -> &[u8] {
        let (start, len) = self.sections[section as usize];
        self.bytes().get(start..start + len).unwrap_or(&[])
    }

    fn text(&self, record: &[u8], at: usize) -> &str {
        text(self.section(Section::Text), u32_at(record, at), u32_at(record, at + 4))
    }

    /// Texts compare as their bytes do: searches need not look whether they are UTF-8.
    fn raw(&self, record: &[u8], at: usize) -> &[u8] {
        part(self.section(Section::Text), u32_at(record, at), u32_at(record, at + 4))
    }

    fn raw_path(&self, file: u32) -> &[u8] {
        self.raw(self.file_record(file), 0)
    }

    fn raw_key(&self, fact: u32) -> &[u8] {
        self.raw(self.fact_record(fact), 8)
    }

    pub fn file_count(&self) -> u32 {
        narrow(self.section(Section::Files).len() / FILE)
    }

    fn file_record(&self, file: u32) -> &[u8] {
        let at = file as usize * FILE;
        self.section(Section::Files).get(at..at + FILE).unwrap_or(&[])
    }

    pub(crate) fn path(&self, file: u32) -> &str {
        self.text(self.file_record(file), 0)
    }

    /// The path as an owned value; the root if a damaged snapshot holds no path there.
    pub(crate) fn owned_path(&self, file: u32) -> RepoPath {
        RepoPath::new(self.path(file)).unwrap_or_else(|_| RepoPath::root())
    }

    /// The number of the file with this path.
    pub(crate) fn find(&self, path: &str) -> Option<u32> {
        let at = self.first_not_below(path);
        (at < self.file_count() && self.raw_path(at) == path.as_bytes()).then_some(at)
    }

    /// Whether a file's path begins with this text.
    pub(crate) fn path_starts_with(&self, file: u32, prefix: &str) -> bool {
        self.raw_path(file).starts_with(prefix.as_bytes())
    }

    /// The first file whose path is not below `path` in byte order.
    pub(crate) fn first_not_below(&self, path: &str) -> u32 {
        partition(self.file_count(), |file| self.raw_path(file) < path.as_bytes())
    }

    pub(crate) fn class(&self, file: u32) -> FileClass {
        FileClass::from_number(u8_at(self.file_record(file), 8)).unwrap_or(FileClass::Production)
    }

    pub(crate) fn dialect(&self, file: u32) -> Dialect {
        Dialect::from_number(u8_at(self.file_record(file), 9)).unwrap_or(Dialect::Other)
    }

    pub(crate) fn parsed(&self, file: u32) -> Parsed {
        Parsed::from_number(u8_at(self.file_record(file), 10)).unwrap_or(Parsed::NotParsed)
    }

    pub(crate) fn flags(&self, file: u32) -> FileFlags {
        FileFlags(u32_at(self.file_record(file), 12))
    }

    pub(crate) fn hash(&self, file: u32) -> [u8; 16] {
        self.file_record(file)
            .get(48..64)
            .and_then(|bytes| bytes.try_into().ok())
            .unwrap_or([0; 16])
    }

    pub(crate) fn stamp(&self, file: u32) -> FileStamp {
        let record = self.file_record(file);
        FileStamp {
            size: u64_at(record, 16),
            modified_ns: u64_at(record, 24).cast_signed(),
            changed_ns: u64_at(record, 32).cast_signed(),
            inode: u64_at(record, 40),
        }
    }

    pub(crate) fn problem(&self, file: u32) -> Option<(ProblemKind, &str)> {
        let record = self.file_record(file);
        let kind = ProblemKind::from_number(u8_at(record, 11).checked_sub(1)?)?;
        Some((kind, self.text(record, 80)))
    }

    /// The numbers of a file's facts.
    pub(crate) fn facts_of(&self, file: u32) -> std::ops::Range<u32> {
        let record = self.file_record(file);
        let start = u32_at(record, 64);
        start..start.saturating_add(u32_at(record, 68)).min(self.fact_count())
    }

    /// The numbers of a file's own findings.
    pub(crate) fn findings_of(&self, file: u32) -> std::ops::Range<u32> {
        let record = self.file_record(file);
        let start = u32_at(record, 72);
        let all = narrow(self.section(Section::Findings).len() / FINDING);
        start..start.saturating_add(u32_at(record, 76)).min(all)
    }

    fn fact_count(&self) -> u32 {
        narrow(self.section(Section::Facts).len() / FACT)
    }

    fn fact_record(&self, fact: u32) -> &[u8] {
        let at = fact as usize * FACT;
        self.section(Section::Facts).get(at..at + FACT).unwrap_or(&[])
    }

    pub(crate) fn fact_kind(&self, fact: u32) -> FactKind {
        FactKind::from_number(u8_at(self.fact_record(fact), 0)).unwrap_or(FactKind::Content)
    }

    pub(crate) fn fact_role(&self, fact: u32) -> Role {
        role(u8_at(self.fact_record(fact), 1))
    }

    pub(crate) fn fact_file(&self, fact: u32) -> u32 {
        u32_at(self.fact_record(fact), 4)
    }

    pub(crate) fn fact_key(&self, fact: u32) -> &str {
        self.text(self.fact_record(fact), 8)
    }

    pub(crate) fn fact_value(&self, fact: u32) -> &str {
        self.text(self.fact_record(fact), 16)
    }

    pub(crate) fn fact_item(&self, fact: u32) -> &str {
        self.text(self.fact_record(fact), 24)
    }

    pub(crate) fn fact_flags(&self, fact: u32) -> Flags {
        Flags(u32_at(self.fact_record(fact), 32))
    }

    pub(crate) fn fact_number(&self, fact: u32) -> u32 {
        u32_at(self.fact_record(fact), 36)
    }

    pub(crate) fn fact_place(&self, fact: u32) -> Place {
        place_at(self.fact_record(fact), 40)
    }

    /// The facts of a kind and role with this key, or with any key: numbers into the facts, in
    /// order of key and file.
    pub(crate) fn keyed(&self, kind: FactKind, role: Role, key: Option<&str>) -> FactNumbers<'_> {
        let table = self.section(Section::Keys);
        let count = narrow(table.len() / 4);
        let number = |at: u32| u32_at(table, at as usize * 4);
        let head = |fact: u32| (self.fact_kind(fact) as u8, self.fact_role(fact) as u8);
        let wanted = (kind as u8, role as u8);
        let (start, end) = match key {
            None => (
                partition(count, |at| head(number(at)) < wanted),
                partition(count, |at| head(number(at)) <= wanted),
            ),
            Some(key) => (
                partition(count, |at| {
                    (head(number(at)), self.raw_key(number(at))) < (wanted, key.as_bytes())
                }),
                partition(count, |at| {
                    (head(number(at)), self.raw_key(number(at))) <= (wanted, key.as_bytes())
                }),
            ),
        };
        FactNumbers { table, next: start, end }
    }

    /// The facts of a kind and role from the first key on that is not below this one.
    pub(crate) fn keyed_from(&self, kind: FactKind, role: Role, key: &str) -> FactNumbers<'_> {
        let all = self.keyed(kind, role, None);
        let (table, end) = (all.table, all.end);
        let below = partition(end.saturating_sub(all.next), |at| {
            self.raw_key(u32_at(table, (all.next + at) as usize * 4)) < key.as_bytes()
        });
        FactNumbers { table, next: all.next + below, end }
    }

    /// References of a kind whose key ends with this segment.
    pub(crate) fn tailed(&self, kind: FactKind, wanted: &str) -> FactNumbers<'_> {
        let table = self.section(Section::Tails);
        let count = narrow(table.len() / 4);
        let place = |at: u32| {
            let fact = u32_at(table, at as usize * 4);
            let key = self.raw_key(fact);
            (self.fact_kind(fact) as u8, key.get(segment::tail_of(kind, key)).unwrap_or(&[]))
        };
        let wanted = (kind as u8, wanted.as_bytes());
        let start = partition(count, |at| place(at) < wanted);
        let end = partition(count, |at| place(at) <= wanted);
        FactNumbers { table, next: start, end }
    }

    /// The first fact of each key of this kind that has this part, and of others that only share
    /// its hash.
    pub(crate) fn parted(&self, kind: FactKind, part: &str) -> impl Iterator<Item = u32> {
        let table = self.section(Section::Segments);
        let hash_at = |at: u32| u32_at(table, at as usize * SEGMENT);
        let wanted = segment::hash(kind, part);
        let start = partition(narrow(table.len() / SEGMENT), |at| hash_at(at) < wanted) as usize;
        let rows = table.chunks_exact(SEGMENT).skip(start);
        rows.take_while(move |row| u32_at(row, 0) == wanted).map(|row| u32_at(row, 4))
    }

    /// Files with this base name, in order of path.
    pub(crate) fn named(&self, name: &str) -> FactNumbers<'_> {
        let table = self.section(Section::Names);
        let count = narrow(table.len() / 4);
        let at_name = |at: u32| base_name(self.path(u32_at(table, at as usize * 4)));
        let start = partition(count, |at| at_name(at) < name);
        let end = partition(count, |at| at_name(at) <= name);
        FactNumbers { table, next: start, end }
    }

    fn finding_record(&self, number: u32) -> &[u8] {
        let at = number as usize * FINDING;
        self.section(Section::Findings).get(at..at + FINDING).unwrap_or(&[])
    }

    pub(crate) fn finding(&self, number: u32) -> LocalFinding {
        let record = self.finding_record(number);
        LocalFinding {
            severity: Severity::from_number(u8_at(record, 0)).unwrap_or(Severity::Info),
            unresolved: u8_at(record, 1) == 1,
            control: self.text(record, 8).to_owned(),
            code: self.text(record, 16).to_owned(),
            place: place_at(record, 24),
            message: self.text(record, 40).to_owned(),
            help: self.text(record, 48).to_owned(),
            item: self.text(record, 56).to_owned(),
            subject: self.text(record, 64).to_owned(),
        }
    }

    /// The file as owned values, to be written again.
    pub fn owned(&self, file: u32) -> IndexedFile {
        let facts = self
            .facts_of(file)
            .map(|fact| assize_syntax::Fact {
                kind: self.fact_kind(fact),
                role: self.fact_role(fact),
                key: self.fact_key(fact).to_owned(),
                value: self.fact_value(fact).to_owned(),
                item: self.fact_item(fact).to_owned(),
                flags: self.fact_flags(fact),
                number: self.fact_number(fact),
                place: self.fact_place(fact),
            })
            .collect();
        IndexedFile {
            record: FileRecord {
                path: self.owned_path(file),
                class: self.class(file),
                dialect: self.dialect(file),
                parsed: self.parsed(file),
                flags: self.flags(file),
                stamp: self.stamp(file),
                hash: self.hash(file),
                problem: self.problem(file).map(|(kind, words)| (kind, words.to_owned())),
            },
            facts,
            findings: self.findings_of(file).map(|number| self.finding(number)).collect(),
        }
    }
}

fn role(number: u8) -> Role {
    if number == 0 { Role::Definition } else { Role::Reference }
}

fn place_at(record: &[u8], at: usize) -> Place {
    Place {
        line: u32_at(record, at),
        column: u32_at(record, at + 4),
        end_line: u32_at(record, at + 8),
        end_column: u32_at(record, at + 12),
    }
}

pub(crate) fn base_name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// The records with these numbers.
fn part_of(section: &[u8], numbers: std::ops::Range<u32>, record: usize) -> &[u8] {
    let at = |number: u32| number as usize * record;
    section.get(at(numbers.start)..at(numbers.end)).unwrap_or(&[])
}

/// The first of `0..count` for which `below` is false.
fn partition(count: u32, below: impl Fn(u32) -> bool) -> u32 {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low + (high - low) / 2;
        if below(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

/// A run of a table of numbers.
#[derive(Debug, Clone)]
pub(crate) struct FactNumbers<'a> {
    table: &'a [u8],
    next: u32,
    end: u32,
}

impl Iterator for FactNumbers<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        if self.next >= self.end {
            return None;
        }
        let number = u32_at(self.table, self.next as usize * 4);
        self.next += 1;
        Some(number)
    }
}
