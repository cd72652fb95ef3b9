//! Writing a snapshot in which most files are those of an older one: their records are copied, and
//! what was sorted stays sorted.
//!
//! Files are numbered in order of path and facts in order of file. So what is carried over keeps
//! its order however many files come and go between, and only what is new must find its place in
//! the tables. Texts stay where they stand, also those that nothing refers to any more: when too
//! many were added, the snapshot is written as a whole again.

use super::{KeyRow, SnapshotWriter, assemble, put, segments};
use crate::bytes::{narrow, u32_at};
use crate::snapshot::{
    FACT, FILE, FINDING, Section, Snapshot, SnapshotError, base_name, part_of, tail,
};
use crate::view::Inner;
use crate::{FileRef, IndexedFile};

/// At most one file in so many is new or gone, and one byte of text in so many was added.
const SHARE: usize = 8;
/// The number of what is not carried over.
pub(super) const GONE: u32 = u32::MAX;

/// The snapshot to start from, where that pays.
pub(super) fn base<'t>(files: &[FileRef<'t>]) -> Option<&'t Snapshot> {
    let mut kept = files.iter().filter_map(|file| match file.0 {
        Inner::Kept(snapshot, _) => Some(snapshot),
        Inner::Laid(_) => None,
    });
    let old = kept.next()?;
    let carried = kept.count() + 1;
    let fresh = files.len() - carried;
    let gone = (old.file_count() as usize).saturating_sub(carried);
    let few = (fresh + gone) * SHARE <= files.len();
    let added = old.text_added() as usize;
    (few && added * SHARE <= old.section(Section::Text).len()).then_some(old)
}

/// Where files and facts of the older snapshot stand now.
pub(super) struct Moved {
    files: Vec<u32>,
    pub(super) facts: Vec<u32>,
}

impl Moved {
    /// The number of a fact now; none where it is gone.
    pub(super) fn of(&self, fact: u32) -> Option<u32> {
        self.facts.get(fact as usize).copied().filter(|now| *now != GONE)
    }
}

/// Writes files, in order of path, those of `old` by copying.
pub(super) fn write<'t>(
    old: &'t Snapshot,
    files: &[FileRef<'t>],
    tag: &[u8; 32],
) -> Result<Vec<u8>, SnapshotError> {
    let mut writer = SnapshotWriter {
        texts: old.section(Section::Text).to_vec(),
        facts: Vec::with_capacity(old.section(Section::Facts).len()),
        findings: Vec::with_capacity(old.section(Section::Findings).len()),
        ..SnapshotWriter::default()
    };
    let mut moved = Moved {
        files: vec![GONE; old.file_count() as usize],
        facts: vec![GONE; old.fact_count() as usize],
    };
    let mut file_table = Vec::with_capacity(files.len() * FILE);
    let mut names: Vec<KeyRow<'t>> = Vec::new();
    for (number, file) in files.iter().enumerate() {
        let number = narrow(number);
        match file.0 {
            Inner::Kept(_, at) => writer.carry(old, at, number, &mut file_table, &mut moved),
            Inner::Laid(laid) => {
                names.push((0, 0, file.name(), number));
                writer.lay(laid, number, &mut file_table);
            }
        }
    }
    writer.check()?;
    let added = old.text_added() as usize + writer.texts.len() - old.section(Section::Text).len();
    let key = |fact| (old.fact_kind(fact) as u8, old.fact_role(fact) as u8, old.fact_key(fact));
    let last = |fact| {
        let kind = old.fact_kind(fact);
        (kind as u8, 0, tail(kind, old.fact_key(fact)))
    };
    let name = |file| (0, 0, base_name(old.path(file)));
    let segments = segments::patched(old, &moved, &writer.keys);
    let keys = merged(old.section(Section::Keys), &moved.facts, writer.keys, key);
    let tails = merged(old.section(Section::Tails), &moved.facts, writer.tails, last);
    let names = merged(old.section(Section::Names), &moved.files, names, name);
    let (texts, facts, findings) = (writer.texts, writer.facts, writer.findings);
    let sections = [texts, file_table, facts, keys, tails, names, findings, segments];
    Ok(assemble(&sections, tag, narrow(added)))
}

impl<'t> SnapshotWriter<'t> {
    /// A file of the older snapshot as it is, under its new number.
    fn carry(
        &mut self,
        old: &Snapshot,
        at: u32,
        number: u32,
        file_table: &mut Vec<u8>,
        moved: &mut Moved,
    ) {
        let (facts, findings) = (old.facts_of(at), old.findings_of(at));
        let first_fact = narrow(self.facts.len() / FACT);
        let first_finding = narrow(self.findings.len() / FINDING);
        set(&mut moved.files, at, number);
        for (fact, now) in facts.clone().zip(first_fact..) {
            set(&mut moved.facts, fact, now);
        }
        let start = self.facts.len();
        self.facts.extend_from_slice(part_of(old.section(Section::Facts), facts, FACT));
        for record in self.facts.get_mut(start..).unwrap_or_default().chunks_exact_mut(FACT) {
            overwrite(record, 4, number);
        }
        self.findings.extend_from_slice(part_of(old.section(Section::Findings), findings, FINDING));
        let start = file_table.len();
        file_table.extend_from_slice(old.file_record(at));
        let record = file_table.get_mut(start..).unwrap_or_default();
        overwrite(record, 64, first_fact);
        overwrite(record, 72, first_finding);
    }

    /// A file that was just read.
    pub(super) fn lay(&mut self, file: &'t IndexedFile, number: u32, file_table: &mut Vec<u8>) {
        let facts = self.facts.len() / FACT;
        let findings = self.findings.len() / FINDING;
        for fact in &file.facts {
            self.fact(number, fact);
        }
        for finding in &file.findings {
            self.finding(finding);
        }
        self.file(file_table, FileRef::from(file), facts, findings);
    }
}

/// A table of the older snapshot without what is gone, and with new rows in their places.
fn merged<'t>(
    table: &[u8],
    moved: &[u32],
    mut rows: Vec<KeyRow<'t>>,
    row_of: impl Fn(u32) -> (u8, u8, &'t str),
) -> Vec<u8> {
    let now = |old: &u32| moved.get(*old as usize).copied().unwrap_or(GONE);
    let numbers = (0..table.len() / 4).map(|at| u32_at(table, at * 4));
    let kept: Vec<u32> = numbers.filter(|old| now(old) != GONE).collect();
    rows.sort_unstable();
    let mut out = Vec::with_capacity((kept.len() + rows.len()) * 4);
    let mut rest = kept.as_slice();
    for row in rows {
        let before = rest.partition_point(|old| {
            let (kind, role, key) = row_of(*old);
            (kind, role, key, now(old)) < row
        });
        let (first, others) = rest.split_at(before);
        first.iter().for_each(|old| put(&mut out, now(old)));
        put(&mut out, row.3);
        rest = others;
    }
    rest.iter().for_each(|old| put(&mut out, now(old)));
    out
}

pub(super) fn set(numbers: &mut [u32], at: u32, number: u32) {
    if let Some(place) = numbers.get_mut(at as usize) {
        *place = number;
    }
}

fn overwrite(record: &mut [u8], at: usize, number: u32) {
    if let Some(place) = record.get_mut(at..at + 4) {
        place.copy_from_slice(&number.to_le_bytes());
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use assize_model::{FileClass, Place, RepoPath, Severity};
    use assize_syntax::{Dialect, Fact, FactKind, FileFlags, Flags, Parsed, Role};
    use proptest::prelude::*;

    use super::*;
    use crate::{FactRef, FileRecord, FileStamp, LocalFinding, Overlay, View, is_pattern};

    const TAG: [u8; 32] = [7; 32];
    const TABLES: [Section; 4] = [Section::Keys, Section::Tails, Section::Names, Section::Segments];

    /// A file whose facts follow from a number; few keys, so that many files share them.
    fn file(path: u8, seed: u16) -> IndexedFile {
        let path = format!("d{}/f{}.py", path % 7, path);
        let place = Place { line: 1, column: 1, end_line: 1, end_column: 2 };
        let fact = |at: u16| Fact {
            kind: FactKind::ALL[usize::from(seed.wrapping_add(at)) % FactKind::ALL.len()],
            role: if at.is_multiple_of(3) { Role::Definition } else { Role::Reference },
            key: match seed.wrapping_mul(at + 1) % 11 {
                0 => "a/*.py".to_owned(),
                number => format!("a{}/k{number}.py", seed % 2),
            },
            value: format!("v{seed}"),
            item: String::new(),
            flags: Flags(u32::from(at)),
            number: u32::from(seed),
            place,
        };
        let finding = LocalFinding {
            control: "c".into(),
            code: "d".into(),
            severity: Severity::Error,
            place,
            message: format!("m{seed}"),
            help: String::new(),
            item: path.clone(),
            subject: String::new(),
            unresolved: false,
        };
        let record = FileRecord {
            path: RepoPath::new(&path).unwrap(),
            class: FileClass::Production,
            dialect: Dialect::Other,
            parsed: Parsed::NotParsed,
            flags: FileFlags(0),
            stamp: FileStamp { size: u64::from(seed), ..FileStamp::default() },
            hash: [0; 16],
            problem: None,
        };
        let findings = vec![finding; usize::from(seed % 3)];
        IndexedFile { record, facts: (0..seed % 9).map(fact).collect(), findings }
    }

    fn opened(bytes: Vec<u8>) -> Snapshot {
        let snapshot = Snapshot::open(Box::new(bytes), &TAG).unwrap();
        snapshot.verify().unwrap();
        snapshot
    }

    /// The snapshot after edits (`None` deletes) of some paths.
    fn edited(old: &Snapshot, edits: &[(u8, Option<u16>)]) -> (Snapshot, bool) {
        let none = Overlay::new();
        let fresh: std::collections::BTreeMap<String, Option<IndexedFile>> = edits
            .iter()
            .map(|(path, seed)| {
                let name = file(*path, 0).record.path.as_str().to_owned();
                (name, seed.map(|seed| file(*path, seed)))
            })
            .collect();
        let view = View::new(old, &none);
        let mut files: Vec<FileRef<'_>> =
            view.files().filter(|file| !fresh.contains_key(file.path())).collect();
        files.extend(fresh.values().flatten().map(FileRef::from));
        let copied = base(&files).is_some();
        (opened(SnapshotWriter::write(files, &TAG).unwrap()), copied)
    }

    /// All that a view can be asked rests on the files and on these tables.
    fn same(one: &Snapshot, other: &Snapshot) {
        assert_eq!(one.file_count(), other.file_count());
        for file in 0..one.file_count() {
            assert_eq!(one.owned(file), other.owned(file));
        }
        for table in TABLES {
            assert_eq!(one.section(table), other.section(table));
        }
    }

    /// Who is found by the parts of a key is who is found by looking at every key.
    fn finds_by_parts(snapshot: &Snapshot) {
        let none = Overlay::new();
        let view = View::new(snapshot, &none);
        let shown = |facts: Vec<FactRef<'_>>| -> Vec<String> {
            facts.iter().map(|fact| format!("{} {}", fact.key, fact.file.path())).collect()
        };
        for kind in FactKind::ALL {
            for parts in [&["k3"][..], &["k3.py"], &["a1", "k5"], &["py"], &["k"], &[]] {
                let parts: BTreeSet<String> = parts.iter().map(|part| (*part).to_owned()).collect();
                let fits = |key: &str| {
                    is_pattern(key) || crate::segments(key).any(|part| parts.contains(part))
                };
                let all = shown(view.referring_where(kind, fits));
                assert_eq!(shown(view.referring_by(kind, &parts, fits)), all, "{kind:?}");
            }
        }
    }

    proptest! {
        // Each case writes some dozens of snapshots.
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn edit_after_edit_gives_the_snapshot_of_the_files(
            edits in prop::collection::vec((0_u8..120, prop::option::of(any::<u16>())), 1..30),
            at_once in 1_usize..6,
        ) {
            let first: Vec<IndexedFile> = (0..100).map(|path| file(path, path.into())).collect();
            let refs = first.iter().map(FileRef::from).collect();
            let mut snapshot = opened(SnapshotWriter::write(refs, &TAG).unwrap());
            let mut copied = 0;
            for edits in edits.chunks(at_once) {
                let (next, by_copying) = edited(&snapshot, edits);
                let owned: Vec<IndexedFile> =
                    (0..next.file_count()).map(|file| next.owned(file)).collect();
                let refs: Vec<FileRef<'_>> = owned.iter().map(FileRef::from).collect();
                same(&next, &opened(SnapshotWriter::whole(&refs, &TAG).unwrap()));
                let wanted = edits.last().and_then(|(path, seed)| Some(file(*path, (*seed)?)));
                if let Some(wanted) = wanted {
                    let found = next.find(wanted.record.path.as_str());
                    prop_assert_eq!(found.map(|found| next.owned(found)), Some(wanted));
                }
                copied += usize::from(by_copying);
                snapshot = next;
            }
            finds_by_parts(&snapshot);
            prop_assert!(copied > 0);
        }
    }

    #[test]
    fn texts_that_nothing_needs_any_more_do_not_pile_up() {
        let first: Vec<IndexedFile> = (0..100).map(|path| file(path, path.into())).collect();
        let refs = first.iter().map(FileRef::from).collect();
        let mut snapshot = opened(SnapshotWriter::write(refs, &TAG).unwrap());
        let whole = snapshot.section(Section::Text).len();
        for seed in 0..500 {
            snapshot = edited(&snapshot, &[(3, Some(seed))]).0;
            assert!(snapshot.section(Section::Text).len() < whole * 3 / 2);
        }
    }
}
