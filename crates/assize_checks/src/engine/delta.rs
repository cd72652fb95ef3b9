//! What a change breaks in files that it did not touch.

use std::collections::{BTreeMap, BTreeSet};

use assize_config::Settings;
use assize_index::resolve::World;
use assize_index::{FileRef, Overlay, Snapshot, View};
use assize_model::{Finding, Fingerprint};
use assize_syntax::{FactKind, Role};

use crate::engine::{FileResult, pass};
use crate::{CONTROLS, Context, Control, Scope};

/// Kinds on which the look-up of every import rests: when one of them changes, all importers are
/// judged again.
const LOOKUP_KINDS: [FactKind; 4] =
    [FactKind::Package, FactKind::Project, FactKind::SourceRoot, FactKind::ModuleAlias];

/// The findings that the overlay brings about in files that it does not hold: an importer of a
/// deleted symbol, the second publisher of a port.
///
/// A finding that was there without the overlay is not among them.
pub fn check_delta(snapshot: &Snapshot, overlay: &Overlay, settings: &Settings) -> FileResult {
    let none = Overlay::new();
    let (old, new) = (View::new(snapshot, &none), View::new(snapshot, overlay));
    let change = Change::of(old, new, overlay);
    let mut after = judge(new, settings, &change);
    let before = judge(old, settings, &change);
    after.findings.retain(|finding| !change.paths.contains(finding.path.as_str()));
    after.findings = difference(&before.findings, after.findings);
    after.findings.sort();
    after
}

/// The findings of `after` beyond those of `before`, as a multiset of fingerprints.
pub fn difference(before: &[Finding], after: Vec<Finding>) -> Vec<Finding> {
    let mut known: BTreeMap<Fingerprint, usize> = BTreeMap::new();
    for finding in before {
        *known.entry(finding.fingerprint).or_insert(0) += 1;
    }
    after
        .into_iter()
        .filter(|finding| match known.get_mut(&finding.fingerprint) {
            Some(left) if *left > 0 => {
                *left -= 1;
                false
            }
            _ => true,
        })
        .collect()
}

/// What differs between two views.
#[derive(Debug, Default)]
struct Change {
    paths: BTreeSet<String>,
    /// Last segments by which references may name what changed.
    tails: BTreeSet<String>,
    /// Definitions that came or went.
    definitions: BTreeMap<FactKind, BTreeSet<String>>,
    /// Keys of any role whose facts came or went.
    keys: BTreeMap<FactKind, BTreeSet<String>>,
}

impl Change {
    fn of(old: View<'_>, new: View<'_>, overlay: &Overlay) -> Self {
        let mut change = Self::default();
        for (path, _) in overlay.changes() {
            change.paths.insert(path.to_owned());
            let (before, after) = (old.file(path), new.file(path));
            change.compare(before, after);
            for part in path.split('/') {
                change.tails.insert(part.to_owned());
                let stem = part.split('.').next().unwrap_or(part);
                change.tails.insert(stem.to_owned());
            }
            // `from . import name` has an empty last segment.
            change.tails.insert(String::new());
        }
        change
    }

    fn compare(&mut self, before: Option<FileRef<'_>>, after: Option<FileRef<'_>>) {
        let old = sheet(before);
        let new = sheet(after);
        for (kind, role, key, _, _, _) in old.symmetric_difference(&new) {
            self.keys.entry(*kind).or_default().insert((*key).to_owned());
            if *role == Role::Definition {
                self.definitions.entry(*kind).or_default().insert((*key).to_owned());
            }
        }
    }

    /// The files outside the change whose references of these kinds may now mean something else.
    fn affected<'a>(&self, view: View<'a>, control: &Control) -> BTreeMap<String, FileRef<'a>> {
        let mut files = BTreeMap::new();
        let Scope::References { reads, refers, .. } = control.scope else { return files };
        let everything = LOOKUP_KINDS
            .iter()
            .any(|kind| reads.contains(kind) && self.definitions.contains_key(kind));
        for kind in refers {
            if everything {
                for fact in view.facts(*kind, Role::Reference) {
                    files.insert(fact.file.path().to_owned(), fact.file);
                }
                continue;
            }
            for tail in &self.tails {
                for fact in view.referring(*kind, tail) {
                    files.insert(fact.file.path().to_owned(), fact.file);
                }
            }
            for key in reads.iter().filter_map(|read| self.definitions.get(read)).flatten() {
                for fact in view.lookup(*kind, Role::Reference, key) {
                    files.insert(fact.file.path().to_owned(), fact.file);
                }
            }
        }
        files.retain(|path, _| !self.paths.contains(path));
        files
    }
}

type Line<'a> = (FactKind, Role, &'a str, &'a str, &'a str, u32);

fn sheet<'a>(file: Option<FileRef<'a>>) -> BTreeSet<Line<'a>> {
    file.into_iter()
        .flat_map(|file| file.facts())
        .map(|fact| (fact.kind, fact.role, fact.key, fact.value, fact.item, fact.flags.0))
        .collect()
}

fn judge(view: View<'_>, settings: &Settings, change: &Change) -> FileResult {
    let world = World::new(&view);
    let context = Context { view, settings, world: &world };
    let mut result = FileResult::default();
    for control in CONTROLS {
        match control.scope {
            Scope::File(_) => {}
            Scope::References { .. } => {
                for file in change.affected(view, control).into_values() {
                    pass::judge_references(control, file, &context, &mut result);
                }
            }
            Scope::Groups { kind, .. } => {
                for key in change.keys.get(&kind).into_iter().flatten() {
                    pass::judge_group(control, key, &context, &mut result);
                }
            }
        }
    }
    result
}
