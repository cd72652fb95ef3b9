//! Writing a snapshot: from files that were just read, and from those of an older snapshot.

mod patch;
mod segments;

use std::collections::HashMap;

use assize_model::Place;
use assize_syntax::{FactKind, Role};

use super::{FACT, FILE, FINDING, HEADER, LAYOUT, MAGIC, SECTIONS, Snapshot, SnapshotError, tail};
use crate::bytes::narrow;
use crate::view::Inner;
use crate::{FileRef, LocalFinding};

/// Where a text stands: offset and length.
type TextPlace = (u32, u32);

/// One entry of the table of keys, or of tails where there is no role.
type KeyRow<'t> = (u8, u8, &'t str, u32);

/// Builds the bytes of a snapshot.
#[derive(Debug, Default)]
pub struct SnapshotWriter<'t> {
    texts: Vec<u8>,
    known: HashMap<&'t str, TextPlace>,
    /// Where the texts of an older snapshot stand now: what is only taken over need not be
    /// compared letter by letter.
    moved: HashMap<TextPlace, TextPlace>,
    facts: Vec<u8>,
    findings: Vec<u8>,
    keys: Vec<KeyRow<'t>>,
    tails: Vec<KeyRow<'t>>,
}

impl<'t> SnapshotWriter<'t> {
    /// Writes files into a snapshot; their order does not matter, their paths must differ. Files
    /// of other snapshots must all come from the same one.
    ///
    /// # Errors
    /// There is more text than 32 bits can address.
    pub fn write(mut files: Vec<FileRef<'t>>, tag: &[u8; 32]) -> Result<Vec<u8>, SnapshotError> {
        files.sort_by_cached_key(FileRef::repo_path);
        files.dedup_by(|a, b| a.path() == b.path());
        if let Some(old) = patch::base(&files) {
            return patch::write(old, &files, tag);
        }
        Self::whole(&files, tag)
    }

    /// Writes files, in order of path, with no text but theirs.
    fn whole(files: &[FileRef<'t>], tag: &[u8; 32]) -> Result<Vec<u8>, SnapshotError> {
        let mut writer = Self::default();
        let mut file_table = Vec::with_capacity(files.len() * FILE);
        for (number, file) in files.iter().enumerate() {
            match file.0 {
                Inner::Kept(snapshot, old) => {
                    let facts = writer.facts.len() / FACT;
                    let findings = writer.findings.len() / FINDING;
                    writer.take_over(snapshot, old, narrow(number));
                    writer.file(&mut file_table, *file, facts, findings);
                }
                Inner::Laid(file) => writer.lay(file, narrow(number), &mut file_table),
            }
        }
        writer.check()?;
        let names = sorted_names(files);
        writer.keys.sort_unstable();
        let segments = segments::of(&writer.keys);
        let keys = numbers(writer.keys.into_iter().map(|row| row.3));
        let tails = sorted(writer.tails);
        let (texts, facts, findings) = (writer.texts, writer.facts, writer.findings);
        let sections = [texts, file_table, facts, keys, tails, names, findings, segments];
        Ok(assemble(&sections, tag, 0))
    }

    /// Whether 32 bits can address everything.
    fn check(&self) -> Result<(), SnapshotError> {
        let large = self.texts.len().max(self.facts.len() / FACT) > u32::MAX as usize;
        if large { Err(SnapshotError::TooLarge) } else { Ok(()) }
    }

    fn place_of(&mut self, text: &'t str) -> TextPlace {
        if text.is_empty() {
            return (0, 0);
        }
        if let Some(place) = self.known.get(text) {
            return *place;
        }
        let place = (narrow(self.texts.len()), narrow(text.len()));
        self.texts.extend_from_slice(text.as_bytes());
        self.known.insert(text, place);
        place
    }

    /// The place of a text of an older snapshot, which stands in a record there.
    fn place_moved(&mut self, snapshot: &'t Snapshot, record: &[u8], at: usize) -> TextPlace {
        let old = (super::u32_at(record, at), super::u32_at(record, at + 4));
        if old.1 == 0 {
            return (0, 0);
        }
        if let Some(place) = self.moved.get(&old) {
            return *place;
        }
        let place = self.place_of(snapshot.text(record, at));
        self.moved.insert(old, place);
        place
    }

    /// Facts and findings of a file of an older snapshot.
    fn take_over(&mut self, snapshot: &'t Snapshot, old: u32, file: u32) {
        for fact in snapshot.facts_of(old) {
            let record = snapshot.fact_record(fact);
            let (kind, role) = (snapshot.fact_kind(fact), snapshot.fact_role(fact));
            let texts = [8, 16, 24].map(|at| self.place_moved(snapshot, record, at));
            self.row(file, (kind, role, snapshot.fact_key(fact)), texts);
            put(&mut self.facts, snapshot.fact_flags(fact).0);
            put(&mut self.facts, snapshot.fact_number(fact));
            put_place(&mut self.facts, snapshot.fact_place(fact));
            fill(&mut self.facts, FACT);
        }
        for finding in snapshot.findings_of(old) {
            let record = snapshot.finding_record(finding);
            let texts = [8, 16, 40, 48, 56, 64].map(|at| self.place_moved(snapshot, record, at));
            let known = snapshot.finding(finding);
            self.finding_row(&known, texts);
        }
    }

    fn fact(&mut self, file: u32, fact: &'t assize_syntax::Fact) {
        let texts = [&fact.key, &fact.value, &fact.item].map(|text| self.place_of(text));
        self.row(file, (fact.kind, fact.role, &fact.key), texts);
        put(&mut self.facts, fact.flags.0);
        put(&mut self.facts, fact.number);
        put_place(&mut self.facts, fact.place);
        fill(&mut self.facts, FACT);
    }

    /// The beginning of a fact's record, and its rows in the tables of keys and tails.
    fn row(&mut self, file: u32, head: (FactKind, Role, &'t str), texts: [TextPlace; 3]) {
        let (kind, role, key) = head;
        let number = narrow(self.facts.len() / FACT);
        self.keys.push((kind as u8, role as u8, key, number));
        if role == Role::Reference {
            self.tails.push((kind as u8, 0, tail(kind, key), number));
        }
        self.facts.extend_from_slice(&[kind as u8, role as u8, 0, 0]);
        put(&mut self.facts, file);
        for text in texts {
            put_text(&mut self.facts, text);
        }
    }

    fn finding(&mut self, finding: &'t LocalFinding) {
        let LocalFinding { control, code, message, help, item, subject, .. } = finding;
        let texts = [control, code, message, help, item, subject].map(|text| self.place_of(text));
        self.finding_row(finding, texts);
    }

    fn finding_row(&mut self, finding: &LocalFinding, texts: [TextPlace; 6]) {
        let out = &mut self.findings;
        out.extend_from_slice(&[finding.severity as u8, u8::from(finding.unresolved)]);
        out.extend_from_slice(&[0; 6]);
        let [control, code, message, help, item, subject] = texts;
        put_text(out, control);
        put_text(out, code);
        put_place(out, finding.place);
        for text in [message, help, item, subject] {
            put_text(out, text);
        }
        fill(out, FINDING);
    }

    fn file(&mut self, out: &mut Vec<u8>, file: FileRef<'t>, facts: usize, findings: usize) {
        let problem = file.problem();
        let path = self.place_of(file.path());
        put_text(out, path);
        out.extend_from_slice(&[
            file.class() as u8,
            file.dialect() as u8,
            file.parsed() as u8,
            problem.map_or(0, |(kind, _)| kind as u8 + 1),
        ]);
        put(out, file.flags().0);
        let stamp = file.stamp();
        for number in [
            stamp.size,
            stamp.modified_ns.cast_unsigned(),
            stamp.changed_ns.cast_unsigned(),
            stamp.inode,
        ] {
            out.extend_from_slice(&number.to_le_bytes());
        }
        out.extend_from_slice(&file.hash());
        let facts_end = self.facts.len() / FACT;
        let findings_end = self.findings.len() / FINDING;
        for number in [facts, facts_end - facts, findings, findings_end - findings] {
            put(out, narrow(number));
        }
        let words = self.place_of(problem.map_or("", |(_, words)| words));
        put_text(out, words);
        fill(out, FILE);
    }
}

/// Fills up to a whole record.
fn fill(out: &mut Vec<u8>, record: usize) {
    out.resize(out.len().next_multiple_of(record), 0);
}

fn put(out: &mut Vec<u8>, number: u32) {
    out.extend_from_slice(&number.to_le_bytes());
}

fn put_text(out: &mut Vec<u8>, place: TextPlace) {
    put(out, place.0);
    put(out, place.1);
}

fn put_place(out: &mut Vec<u8>, place: Place) {
    for number in [place.line, place.column, place.end_line, place.end_column] {
        put(out, number);
    }
}

fn sorted(mut rows: Vec<KeyRow<'_>>) -> Vec<u8> {
    rows.sort_unstable();
    numbers(rows.into_iter().map(|row| row.3))
}

fn sorted_names(files: &[FileRef<'_>]) -> Vec<u8> {
    let mut names: Vec<(&str, u32)> =
        files.iter().enumerate().map(|(number, file)| (file.name(), narrow(number))).collect();
    names.sort_unstable();
    numbers(names.into_iter().map(|name| name.1))
}

fn numbers(sorted: impl Iterator<Item = u32>) -> Vec<u8> {
    let mut out = Vec::new();
    for number in sorted {
        put(&mut out, number);
    }
    out
}

/// `text_added` is how much text was added since the snapshot was written as a whole.
fn assemble(sections: &[Vec<u8>; SECTIONS], tag: &[u8; 32], text_added: u32) -> Vec<u8> {
    let total = HEADER + sections.iter().map(Vec::len).sum::<usize>();
    let mut out = Vec::with_capacity(total);
    out.extend_from_slice(MAGIC);
    put(&mut out, LAYOUT);
    put(&mut out, text_added);
    out.extend_from_slice(tag);
    out.extend_from_slice(&[0; 32]);
    let mut start = HEADER as u64;
    for section in sections {
        out.extend_from_slice(&start.to_le_bytes());
        out.extend_from_slice(&(section.len() as u64).to_le_bytes());
        start += section.len() as u64;
    }
    for section in sections {
        out.extend_from_slice(section);
    }
    let hash = blake3::hash(out.get(80..).unwrap_or(&[]));
    if let Some(place) = out.get_mut(48..80) {
        place.copy_from_slice(hash.as_bytes());
    }
    out
}
