//! The table that finds references by any part of their key: one row for each part of each
//! different key, with the first fact that has the key.

use std::collections::{BTreeMap, BTreeSet};

use assize_syntax::{FactKind, Role};

use super::patch::{GONE, Moved, set};
use super::{KeyRow, put};
use crate::bytes::u32_at;
use crate::segment::{hashes, is_found_by_parts};
use crate::snapshot::{SEGMENT, Section, Snapshot};

/// A part's number, and the number of the first fact with a key that has it.
type Row = (u32, u32);

/// The table of a snapshot that is written as a whole, from its sorted keys.
pub(super) fn of(keys: &[KeyRow<'_>]) -> Vec<u8> {
    let mut rows = Vec::new();
    let firsts = keys.chunk_by(|one, next| (one.0, one.1, one.2) == (next.0, next.1, next.2));
    for row in firsts.filter_map(<[_]>::first) {
        if let Some(kind) = kind_of(row) {
            rows.extend(hashes(kind, row.2).into_iter().map(|hash| (hash, row.3)));
        }
    }
    rows.sort_unstable();
    let mut out = Vec::with_capacity(rows.len() * SEGMENT);
    rows.into_iter().for_each(|row| put_row(&mut out, row));
    out
}

/// The table of an older snapshot, for its files that are carried over and for new facts.
pub(super) fn patched<'t>(old: &'t Snapshot, moved: &Moved, new: &[KeyRow<'t>]) -> Vec<u8> {
    let mut places = moved.facts.clone();
    let mut rows = Vec::new();
    for ((kind, key), first) in touched(old, moved, new) {
        let was = || old.keyed(kind, Role::Reference, Some(key));
        // In the order of their numbers, before and after.
        let kept = was().find_map(|fact| moved.of(fact));
        was().take(1).for_each(|fact| set(&mut places, fact, GONE));
        if let Some(first) = kept.into_iter().chain(first).min() {
            rows.extend(hashes(kind, key).into_iter().map(|hash| (hash, first)));
        }
    }
    rows.sort_unstable();
    merged(old.section(Section::Segments), &places, rows)
}

/// The keys of which a fact came or went, each with the first of the facts that came.
fn touched<'t>(
    old: &'t Snapshot,
    moved: &Moved,
    new: &[KeyRow<'t>],
) -> BTreeMap<(FactKind, &'t str), Option<u32>> {
    let mut touched = BTreeMap::new();
    let gone = (0..old.fact_count()).filter(|fact| moved.of(*fact).is_none());
    for fact in gone {
        let kind = old.fact_kind(fact);
        if old.fact_role(fact) == Role::Reference && is_found_by_parts(kind) {
            touched.insert((kind, old.fact_key(fact)), None);
        }
    }
    let new: BTreeSet<(FactKind, &str, u32)> =
        new.iter().filter_map(|row| Some((kind_of(row)?, row.2, row.3))).collect();
    // The last is the first.
    for (kind, key, fact) in new.into_iter().rev() {
        touched.insert((kind, key), Some(fact));
    }
    touched
}

/// The kind of a reference that has rows.
fn kind_of(row: &KeyRow<'_>) -> Option<FactKind> {
    let kind = FactKind::from_number(row.0).filter(|kind| is_found_by_parts(*kind))?;
    (row.1 == Role::Reference as u8).then_some(kind)
}

/// Rows of a table without those whose fact has no place, and new rows between.
fn merged(table: &[u8], places: &[u32], rows: Vec<Row>) -> Vec<u8> {
    let mut out = Vec::with_capacity(table.len() + rows.len() * SEGMENT);
    let mut rows = rows.into_iter().peekable();
    for at in (0..table.len()).step_by(SEGMENT) {
        let fact = places.get(u32_at(table, at + 4) as usize).copied().unwrap_or(GONE);
        if fact == GONE {
            continue;
        }
        let row = (u32_at(table, at), fact);
        while let Some(new) = rows.next_if(|new| *new < row) {
            put_row(&mut out, new);
        }
        put_row(&mut out, row);
    }
    rows.for_each(|row| put_row(&mut out, row));
    out
}

fn put_row(out: &mut Vec<u8>, row: Row) {
    put(out, row.0);
    put(out, row.1);
}
