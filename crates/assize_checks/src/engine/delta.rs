//! What a change breaks in files that it did not touch.
//!
//! The controls are run with the change, and where they then find something without it as well; but
//! only over the files and groups whose answers may differ. The property test `edits` holds this
//! against two whole passes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

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
    let worlds = [World::new(), World::new()];
    let [old, new] = [(old, &worlds[0]), (new, &worlds[1])]
        .map(|(view, world)| Context::new(view, settings, world));
    elsewhere(&old, &new, overlay)
}

/// The same between two views that both hide files of one snapshot; `overlay` names what differs.
pub(super) fn elsewhere(old: &Context<'_>, new: &Context<'_>, overlay: &Overlay) -> FileResult {
    let change = Change::of(old.view, new.view, overlay);
    let affected = Affected::by(&change, old.view, new.view);
    let mut after = affected.judge(new, |_| true);
    after.findings.retain(|finding| !change.touches(finding.path.as_str()));
    if after.findings.is_empty() {
        return after;
    }
    let before = affected.only(&after.findings).judge(old, |control| (control.applies)(&old.view));
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

/// What a change may make controls see differently.
#[derive(Debug, Default)]
struct Affected {
    /// Files, and the controls that judge them by their references.
    files: BTreeMap<String, Vec<&'static Control>>,
    /// Keys of the groups that a control judges.
    keys: Vec<(&'static Control, BTreeSet<String>)>,
}

impl Affected {
    fn by(change: &Change, old: View<'_>, new: View<'_>) -> Self {
        let mut affected = Self::default();
        for control in CONTROLS {
            if matches!(control.scope, Scope::File(_)) || !(control.applies)(&new) {
                continue;
            }
            // A control that begins to apply has all of the repository before it.
            let all = !(control.applies)(&old);
            match control.scope {
                Scope::File(_) => {}
                Scope::References { reads, refers, .. } => {
                    for path in change.files(new, reads, refers, all) {
                        affected.files.entry(path).or_default().push(control);
                    }
                }
                Scope::Groups { kind, .. } => {
                    let keys = change.group_keys(new, kind, all);
                    affected.keys.push((control, keys));
                }
            }
        }
        affected
    }

    /// What of it can have given one of these findings. A control may speak of another file than
    /// the one that it judges: then all that it judges counts.
    fn only(&self, findings: &[Finding]) -> Self {
        let found: BTreeSet<(&str, &str)> =
            findings.iter().map(|finding| (finding.control.0, finding.path.as_str())).collect();
        let speaks = |control: &Control| found.iter().any(|(name, _)| *name == control.name.0);
        let wanders = |control: &Control| {
            found.iter().any(|(name, path)| {
                *name == control.name.0 && !self.files.contains_key(*path)
            })
        };
        let far: BTreeSet<&str> = CONTROLS
            .iter()
            .filter(|control| wanders(control))
            .map(|control| control.name.0)
            .collect();
        let files = self.files.iter().filter_map(|(path, controls)| {
            let mut controls = controls.clone();
            controls.retain(|control| {
                found.contains(&(control.name.0, path)) || far.contains(control.name.0)
            });
            (!controls.is_empty()).then(|| (path.clone(), controls))
        });
        let keys = self.keys.iter().filter(|(control, _)| speaks(control)).cloned();
        Self { files: files.collect(), keys: keys.collect() }
    }

    fn judge(&self, context: &Context<'_>, applies: impl Fn(&Control) -> bool) -> FileResult {
        let mut result = FileResult::default();
        for (path, controls) in &self.files {
            let Some(file) = context.view.file(path) else { continue };
            let imports = OnceLock::new();
            let context = context.of_file(&imports);
            for control in controls.iter().filter(|control| applies(control)) {
                pass::judge_references(control, file, &context, &mut result);
            }
        }
        for (control, keys) in self.keys.iter().filter(|(control, _)| applies(control)) {
            for key in keys {
                pass::judge_group(control, key, context, &mut result);
            }
        }
        result
    }
}
