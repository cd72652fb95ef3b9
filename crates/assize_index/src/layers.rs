//! The index as it is kept: a snapshot, and the files that changed since it was written.
//!
//! A snapshot of a large repository is large, and the next change comes with the next call. So a
//! change is written beside the snapshot, as a layer over it, until the layer is so large that
//! reading it costs more than writing the snapshot anew.

use std::sync::Arc;

use crate::bytes::{narrow, u32_at};
use crate::{FileRef, Overlay, Snapshot, SnapshotError, SnapshotWriter, View};

const MAGIC: &[u8; 8] = b"ASSIZELY";
/// Magic, tag, hash of the base, hash of the rest.
const HEADER: usize = 8 + 3 * 32;
/// The tag of what is inside a layer, which has its own.
const INNER: [u8; 32] = [0; 32];
/// A layer of more facts is not laid: reading it would take a millisecond.
const FACTS_MAX: usize = 4_096;
/// Nor one of more files.
const FILES_MAX: usize = 256;

/// A snapshot and a layer of changes over it.
#[derive(Debug, Clone)]
pub struct Layers {
    base: Arc<Snapshot>,
    changes: Overlay,
    /// The changes as bytes.
    body: Arc<[u8]>,
    identity: [u8; 32],
}

/// The beginning of a kept layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LayerHead {
    /// Which engine wrote it.
    pub tag: [u8; 32],
    /// The content hash of the snapshot that it lies over.
    pub base: [u8; 32],
}

impl Layers {
    /// A snapshot with nothing over it.
    pub fn over(base: Arc<Snapshot>) -> Self {
        let identity = base.content_hash();
        Self { base, changes: Overlay::new(), body: Arc::default(), identity }
    }

    /// The same snapshot with these changes over it; nothing where they are so many that the
    /// snapshot had better be written anew.
    pub fn changed(&self, changes: &Overlay) -> Option<Self> {
        let laid = changes.changes().filter_map(|(_, file)| file);
        let facts: usize = laid.map(|file| file.facts.len() + file.findings.len()).sum();
        if facts > FACTS_MAX || changes.changes().count() > FILES_MAX {
            return None;
        }
        let body: Arc<[u8]> = body(changes)?.into();
        let base = Arc::clone(&self.base);
        let identity = identity(&base, &body);
        Some(Self { base, changes: changes.clone(), body, identity })
    }

    /// The layer as bytes.
    pub fn encode(&self, tag: &[u8; 32]) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER + self.body.len());
        bytes.extend_from_slice(MAGIC);
        let sum = blake3::hash(&self.body);
        for hash in [tag, &self.base.content_hash(), sum.as_bytes()] {
            bytes.extend_from_slice(hash);
        }
        bytes.extend_from_slice(&self.body);
        bytes
    }

    /// Opens a layer over the snapshot that its head names.
    ///
    /// # Errors
    /// The bytes are no layer of this engine, are damaged, or lie over another snapshot.
    pub fn open(bytes: &[u8], base: Arc<Snapshot>, tag: &[u8; 32]) -> Result<Self, SnapshotError> {
        let head = LayerHead::of(bytes).ok_or(SnapshotError::Foreign)?;
        if head.tag != *tag {
            return Err(SnapshotError::OtherVersion);
        }
        let body = bytes.get(HEADER..).ok_or(SnapshotError::Damaged)?;
        let sound = head.base == base.content_hash()
            && hash_at(bytes, 72).is_some_and(|sum| sum == *blake3::hash(body).as_bytes());
        if !sound {
            return Err(SnapshotError::Damaged);
        }
        let changes = changes(body).ok_or(SnapshotError::Damaged)?;
        let identity = identity(&base, body);
        Ok(Self { base, changes, body: body.into(), identity })
    }

    pub fn view(&self) -> View<'_> {
        View::new(&self.base, &self.changes)
    }

    /// What lies over the snapshot, and more over that.
    pub fn with(&self, more: &Overlay) -> Overlay {
        let mut overlay = self.changes.clone();
        overlay.lay(more);
        overlay
    }

    /// The snapshot below.
    pub fn base(&self) -> &Arc<Snapshot> {
        &self.base
    }

    /// What lies over it.
    pub fn changes(&self) -> &Overlay {
        &self.changes
    }

    /// A hash that differs wherever the content does.
    pub fn identity(&self) -> [u8; 32] {
        self.identity
    }
}

impl LayerHead {
    /// Reads the head of a layer; nothing where the bytes are none.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        bytes.strip_prefix(MAGIC.as_slice())?;
        Some(Self { tag: hash_at(bytes, 8)?, base: hash_at(bytes, 40)? })
    }
}

/// A hash that differs wherever the content does.
fn identity(base: &Snapshot, body: &[u8]) -> [u8; 32] {
    if body.is_empty() {
        return base.content_hash();
    }
    *blake3::Hasher::new().update(&base.content_hash()).update(body).finalize().as_bytes()
}

/// Changes as bytes: paths that are gone, then a snapshot of what was laid.
fn body(changes: &Overlay) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    if changes.is_empty() {
        return Some(body);
    }
    let gone: Vec<&str> =
        changes.changes().filter(|(_, file)| file.is_none()).map(|(path, _)| path).collect();
    body.extend_from_slice(&narrow(gone.len()).to_le_bytes());
    for path in gone {
        body.extend_from_slice(&narrow(path.len()).to_le_bytes());
        body.extend_from_slice(path.as_bytes());
    }
    let laid = changes.changes().filter_map(|(_, file)| file).map(FileRef::from);
    body.extend(SnapshotWriter::write(laid.collect(), &INNER).ok()?);
    Some(body)
}

fn hash_at(bytes: &[u8], at: usize) -> Option<[u8; 32]> {
    bytes.get(at..at + 32)?.try_into().ok()
}

fn changes(body: &[u8]) -> Option<Overlay> {
    let mut overlay = Overlay::new();
    if body.is_empty() {
        return Some(overlay);
    }
    let mut at = 4;
    for _ in 0..u32_at(body.get(..4)?, 0) {
        let length = u32_at(body.get(at..at + 4)?, 0) as usize;
        let path = body.get(at + 4..(at + 4).checked_add(length)?)?;
        overlay.delete(std::str::from_utf8(path).ok()?);
        at += 4 + length;
    }
    let laid = Snapshot::open(Box::new(body.get(at..)?.to_vec()), &INNER).ok()?;
    (0..laid.file_count()).for_each(|file| overlay.put(laid.owned(file)));
    Some(overlay)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::sync::Arc;

    use assize_model::{FileClass, Place, RepoPath};
    use assize_syntax::{Dialect, Fact, FactKind, FileFlags, Flags, Parsed, Role};

    use proptest::prelude::*;

    use super::{LayerHead, Layers};
    use crate::{
        FactRef, FileRecord, FileStamp, IndexedFile, Overlay, Snapshot, SnapshotError,
        SnapshotWriter, View,
    };

    const TAG: [u8; 32] = [7; 32];

    fn file(path: &str, facts: usize) -> IndexedFile {
        let place = Place { line: 1, column: 1, end_line: 1, end_column: 2 };
        let fact = |number: usize| Fact {
            kind: FactKind::Symbol,
            role: Role::Definition,
            key: format!("key{number}"),
            value: String::new(),
            item: String::new(),
            flags: Flags(0),
            number: 0,
            place,
        };
        let record = FileRecord {
            path: RepoPath::new(path).unwrap(),
            class: FileClass::Production,
            dialect: Dialect::Other,
            parsed: Parsed::NotParsed,
            flags: FileFlags(0),
            stamp: FileStamp { size: 3, ..FileStamp::default() },
            hash: [1; 16],
            problem: None,
        };
        IndexedFile { record, facts: (0..facts).map(fact).collect(), findings: Vec::new() }
    }

    fn base(paths: &[&str]) -> Arc<Snapshot> {
        let files: Vec<IndexedFile> = paths.iter().map(|path| file(path, 1)).collect();
        let bytes = SnapshotWriter::write(files.iter().map(Into::into).collect(), &TAG).unwrap();
        Arc::new(Snapshot::open(Box::new(bytes), &TAG).unwrap())
    }

    fn changes() -> Overlay {
        let mut changes = Overlay::new();
        changes.put(file("a.py", 3));
        changes.put(file("new/n.py", 2));
        changes.delete("c.py");
        changes.delete("d.py");
        changes
    }

    #[test]
    fn a_layer_is_read_as_it_was_written_and_no_other_bytes_are() {
        let base = base(&["a.py", "b.py", "c.py", "d.py"]);
        let whole = Layers::over(Arc::clone(&base));
        let layers = whole.changed(&changes()).unwrap();
        let bytes = layers.encode(&TAG);
        let head = LayerHead { tag: TAG, base: base.content_hash() };
        assert_eq!(LayerHead::of(&bytes), Some(head));
        let read = Layers::open(&bytes, Arc::clone(&base), &TAG).unwrap();
        let paths = |layers: &Layers| -> Vec<String> {
            layers.view().files().map(|file| file.path().to_owned()).collect()
        };
        assert_eq!(paths(&read), ["a.py", "b.py", "new/n.py"]);
        assert_eq!(read.view().file("a.py").unwrap().facts().count(), 3);
        assert_eq!(read.identity(), layers.identity());
        assert_ne!(read.identity(), whole.identity());
        for end in 0..bytes.len() {
            assert!(Layers::open(&bytes[..end], Arc::clone(&base), &TAG).is_err());
        }
        for at in 0..bytes.len() {
            let mut bytes = bytes.clone();
            bytes[at] ^= 1;
            let other = Layers::open(&bytes, Arc::clone(&base), &TAG);
            assert!(other.is_err(), "byte {at}");
        }
    }

    #[test]
    fn a_layer_lies_over_its_own_snapshot_only() {
        let (one, other) = (base(&["a.py"]), base(&["b.py"]));
        let layers = Layers::over(one);
        let bytes = layers.changed(&changes()).unwrap().encode(&TAG);
        let refused = Layers::open(&bytes, Arc::clone(&other), &TAG).err();
        assert_eq!(refused, Some(SnapshotError::Damaged));
        let bare = Layers::over(Arc::clone(&other)).encode(&TAG);
        let read = Layers::open(&bare, other, &TAG).unwrap();
        assert_eq!(read.view().files().count(), 1);
        assert!(read.changes().is_empty());
    }

    #[test]
    fn many_changes_make_no_layer() {
        let layers = Layers::over(base(&["a.py"]));
        let mut changes = Overlay::new();
        changes.put(file("a.py", 5_000));
        assert!(layers.changed(&changes).is_none());
        let mut changes = Overlay::new();
        (0..300).for_each(|number| changes.delete(&format!("{number}.py")));
        assert!(layers.changed(&changes).is_none());
    }

    /// What a view answers to every question about facts, files and folders.
    fn answers(view: &View<'_>) -> Vec<String> {
        let mut answers: Vec<String> =
            view.files().map(|file| format!("{:?}", file.owned())).collect();
        answers.push(format!("{} files", view.file_count()));
        let parts = BTreeSet::from(["k4".to_owned(), "none".to_owned()]);
        for kind in FactKind::ALL {
            for role in [Role::Definition, Role::Reference] {
                let mut facts = view.facts(kind, role);
                facts.extend(view.lookup(kind, role, "a/k3"));
                let at = |fact: &FactRef<'_>| {
                    format!("{}:{}:{}", fact.file.path(), fact.key, fact.value)
                };
                answers.extend(facts.iter().map(at));
                answers.push(format!("{}", view.any_key_starts_with(kind, role, "a/k1")));
            }
            let mut referring: Vec<String> = view
                .referring(kind, "k3")
                .into_iter()
                .chain(view.referring_by(kind, &parts, |key| key.ends_with("k4")))
                .chain(view.referring_where(kind, |key| key.ends_with('5')))
                .map(|fact| format!("{} means {}", fact.file.path(), fact.key))
                .collect();
            referring.sort();
            answers.extend(referring);
        }
        for name in 0..40 {
            let files = view.files_named(&format!("f{name}.py"));
            answers.extend(files.iter().map(|file| file.path().to_owned()));
            answers.push(format!("{}", view.is_folder(&format!("d{name}"))));
        }
        answers
    }

    /// A file whose facts follow from a number.
    fn numbered(path: u8, seed: u16) -> IndexedFile {
        let mut file = file(&format!("d{}/f{path}.py", path % 7), usize::from(seed % 9));
        for (number, fact) in (0..).zip(&mut file.facts) {
            fact.kind = FactKind::ALL[usize::from(seed + number) % FactKind::ALL.len()];
            fact.role = [Role::Definition, Role::Reference][usize::from(number % 2)];
            fact.key = format!("a/k{}", (seed + number * 3) % 7);
            fact.value = seed.to_string();
        }
        file
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn layers_answer_as_one_snapshot_of_the_same_files(
            first in prop::collection::btree_map(0_u8..40, 0_u16..500, 0..30),
            edits in prop::collection::vec((0_u8..40, prop::option::of(0_u16..500)), 0..12),
        ) {
            let written = |files: &BTreeMap<u8, u16>| {
                let numbered = |(path, seed): (&u8, &u16)| numbered(*path, *seed);
                let files: Vec<_> = files.iter().map(numbered).collect();
                let files = files.iter().map(Into::into).collect();
                let bytes = SnapshotWriter::write(files, &TAG).unwrap();
                Arc::new(Snapshot::open(Box::new(bytes), &TAG).unwrap())
            };
            let mut layers = Layers::over(written(&first));
            let mut files = first;
            for (path, seed) in edits {
                let mut changes = layers.changes().clone();
                match seed {
                    Some(seed) => changes.put(numbered(path, seed)),
                    None => changes.delete(numbered(path, 0).record.path.as_str()),
                }
                match seed {
                    Some(seed) => files.insert(path, seed),
                    None => files.remove(&path),
                };
                let bytes = layers.changed(&changes).unwrap().encode(&TAG);
                layers = Layers::open(&bytes, Arc::clone(layers.base()), &TAG).unwrap();
            }
            let whole = Layers::over(written(&files));
            prop_assert_eq!(answers(&layers.view()), answers(&whole.view()));
        }
    }
}
