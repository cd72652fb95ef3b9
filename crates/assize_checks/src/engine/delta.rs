//! What a change breaks in files that it did not touch.
//!
//! The controls are run twice, without the change and with it, but only over the files and groups
//! whose answers may differ. The property test `edits` holds this against two whole passes.

use std::collections::{BTreeMap, BTreeSet};

use assize_config::Settings;
use assize_index::resolve::World;
use assize_index::{Overlay, Snapshot, View};
use assize_model::{Finding, Fingerprint};

use crate::engine::change::Change;
use crate::engine::{FileResult, pass};
use crate::{CONTROLS, Context, Control, Scope};

/// The findings that the overlay brings about in files that it does not hold: an importer of a
/// deleted symbol, the second publisher of a port.
///
/// A finding that was there without the overlay is not among them.
pub fn check_delta(snapshot: &Snapshot, overlay: &Overlay, settings: &Settings) -> FileResult {
    let none = Overlay::new();
    let (old, new) = (View::new(snapshot, &none), View::new(snapshot, overlay));
    let change = Change::of(old, new, overlay);
    let affected: Vec<Affected> = CONTROLS
        .iter()
        .filter(|control| !matches!(control.scope, Scope::File(_)))
        .filter_map(|control| Affected::by(&change, control, old, new))
        .collect();
    let mut after = judge(new, settings, &affected, |one| one.applies);
    let before = judge(old, settings, &affected, |one| one.applied);
    after.findings.retain(|finding| !change.touches(finding.path.as_str()));
    after.findings.sort();
    after.findings = difference(&before.findings, after.findings);
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

/// What a change may make a control see differently.
struct Affected {
    control: &'static Control,
    /// Whether the control spoke of the repository before, and whether it does now.
    applied: bool,
    applies: bool,
    /// Files that it judges by their references.
    files: BTreeSet<String>,
    /// Keys of the groups that it judges.
    keys: BTreeSet<String>,
}

impl Affected {
    fn by(
        change: &Change,
        control: &'static Control,
        old: View<'_>,
        new: View<'_>,
    ) -> Option<Self> {
        let (applied, applies) = ((control.applies)(&old), (control.applies)(&new));
        if !applies {
            return None;
        }
        // A control that begins to apply has all of the repository before it.
        let all = !applied;
        let (mut files, mut keys) = (BTreeSet::new(), BTreeSet::new());
        match control.scope {
            Scope::File(_) => {}
            Scope::References { reads, refers, .. } => {
                files = change.files(new, reads, refers, all);
            }
            Scope::Groups { kind, .. } => keys = change.group_keys(new, kind, all),
        }
        (!files.is_empty() || !keys.is_empty()).then_some(Self {
            control,
            applied,
            applies,
            files,
            keys,
        })
    }
}

fn judge(
    view: View<'_>,
    settings: &Settings,
    affected: &[Affected],
    applies: impl Fn(&Affected) -> bool,
) -> FileResult {
    let mut result = FileResult::default();
    if !affected.iter().any(&applies) {
        return result;
    }
    let world = World::new();
    let context = Context::new(view, settings, &world);
    for one in affected.iter().filter(|one| applies(one)) {
        for file in one.files.iter().filter_map(|path| view.file(path)) {
            pass::judge_references(one.control, file, &context, &mut result);
        }
        for key in &one.keys {
            pass::judge_group(one.control, key, &context, &mut result);
        }
    }
    result
}
