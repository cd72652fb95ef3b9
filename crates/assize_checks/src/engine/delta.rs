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
use assize_syntax::Parsed;

use crate::control::speaks_of_changes;
use crate::engine::change::Change;
use crate::engine::{FileResult, pass};
use crate::{CONTROLS, Context, Control, Hints, Scope, team};

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
    let paths = overlay.changes().map(|(path, _)| path.to_owned()).collect();
    elsewhere(&old, &new, &paths)
}

/// The findings that come when the files of one overlay become those of another: in the changed
/// files themselves, and elsewhere.
///
/// `before` may lay what the snapshot does not know yet; `paths` are those that differ. A file that
/// parsed before and does not parse after is a finding of severity `block`.
pub fn check_change(
    snapshot: &Snapshot,
    before: &Overlay,
    after: &Overlay,
    paths: &BTreeSet<String>,
    settings: &Settings,
) -> FileResult {
    let (old, new) = (View::new(snapshot, before), View::new(snapshot, after));
    let worlds = [World::new(), World::new()];
    let [old, new] = [(old, &worlds[0]), (new, &worlds[1])]
        .map(|(view, world)| Context::new(view, settings, world));
    let mut result = elsewhere(&old, &new, paths);
    let applying = |context: &Context<'_>| -> Vec<&'static Control> {
        let asked = |control: &&Control| speaks_of_changes(control.name);
        let applies = |control: &&Control| (control.applies)(&context.view);
        CONTROLS.iter().copied().filter(asked).filter(applies).collect()
    };
    let (applied, applies) = (applying(&old), applying(&new));
    for file in paths.iter().filter_map(|path| new.view.file(path)) {
        let mut now = super::of_file(file, &new, &applies);
        let was = old.view.file(file.path());
        if file.parsed() == Parsed::Invalid && was.is_some_and(|was| was.parsed() == Parsed::Valid)
        {
            super::raise(&mut now.findings);
        }
        // Most writes break nothing: then nobody asks what was broken before.
        let known = match was {
            Some(was) if !now.findings.is_empty() => super::of_file(was, &old, &applied).findings,
            _ => Vec::new(),
        };
        result.findings.extend(difference(&known, now.findings));
        result.problems.append(&mut now.problems);
    }
    result.findings.sort();
    result
}

/// What comes elsewhere when the files of these paths change.
fn elsewhere(old: &Context<'_>, new: &Context<'_>, paths: &BTreeSet<String>) -> FileResult {
    let mut result = by_facts(old, new, paths);
    if paths.iter().any(|path| old.view.is_file(path) != new.view.is_file(path)) {
        let [was, is] = [old, new].map(|side| team::missing(side.view, side.settings));
        let lost = difference(&was, is).into_iter();
        result.findings.extend(lost.filter(|one| !paths.contains(one.path.as_str())));
        result.findings.sort();
    }
    result
}

/// What of it follows from facts.
fn by_facts(old: &Context<'_>, new: &Context<'_>, paths: &BTreeSet<String>) -> FileResult {
    let change = Change::of(old.view, new.view, paths);
    let mut affected = Affected::by(&change, old.view, new.view);
    affected.keep_to_changes();
    let bare = new.with(Hints::Omitted);
    let after = affected.judge(&bare, |_| true);
    let outside = |found: FileResult| -> Vec<Finding> {
        let outside = |finding: &Finding| !change.touches(finding.path.as_str());
        found.findings.into_iter().filter(outside).collect()
    };
    let problems = after.problems.clone();
    let unresolved = after.unresolved.clone();
    let findings = outside(after);
    if findings.is_empty() {
        return FileResult { findings, problems, unresolved };
    }
    let suspects = affected.only(&findings);
    let applied = |control: &Control| (control.applies)(&old.view);
    let before = suspects.judge(&old.with(Hints::Omitted), applied).findings;
    let mut findings = difference(&before, findings);
    if !findings.is_empty() {
        // Somebody will read these.
        findings = outside(affected.only(&findings).judge(new, |_| true));
        findings.sort();
        findings = difference(&before, findings);
    }
    FileResult { findings, problems, unresolved }
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
pub(super) struct Affected {
    /// Files, and the controls that judge them by their references.
    files: BTreeMap<String, Vec<&'static Control>>,
    /// Keys of the groups that a control judges.
    keys: Vec<(&'static Control, BTreeSet<String>)>,
}

impl Affected {
    pub(super) fn by(change: &Change, old: View<'_>, new: View<'_>) -> Self {
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
            found
                .iter()
                .any(|(name, path)| *name == control.name.0 && !self.files.contains_key(*path))
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

    /// Adds the files whose references gave findings: what is suggested there hangs on the paths
    /// that there are.
    pub(super) fn add_found<'f>(&mut self, findings: impl Iterator<Item = &'f Finding>) {
        for finding in findings {
            let control = CONTROLS.iter().find(|control| control.name == finding.control);
            let Some(control) = control.filter(|one| super::hints::concern(one)) else { continue };
            let controls = self.files.entry(finding.path.as_str().to_owned()).or_default();
            if !controls.iter().any(|one| one.name == control.name) {
                controls.push(control);
            }
        }
    }

    /// Leaves out what speaks of repositories as a whole.
    pub(super) fn keep_to_changes(&mut self) {
        self.keys.retain(|(control, _)| speaks_of_changes(control.name));
        self.files.retain(|_, controls| {
            controls.retain(|control| speaks_of_changes(control.name));
            !controls.is_empty()
        });
    }

    /// How many files are judged again.
    pub(super) fn file_count(&self) -> usize {
        self.files.len()
    }

    /// The keys of the groups that a control judges again.
    pub(super) fn keys_of(&self, control: &Control) -> impl Iterator<Item = &String> {
        self.keys.iter().filter(|(other, _)| other.name == control.name).flat_map(|(_, keys)| keys)
    }

    fn judge(&self, context: &Context<'_>, applies: impl Fn(&Control) -> bool) -> FileResult {
        let mut result = self.judge_files(context, &applies);
        for (control, keys) in self.keys.iter().filter(|(control, _)| applies(control)) {
            for key in keys {
                pass::judge_group(control, key, context, &mut result);
            }
        }
        result
    }

    /// What the files break that are judged by their references.
    pub(super) fn judge_files(
        &self,
        context: &Context<'_>,
        applies: impl Fn(&Control) -> bool,
    ) -> FileResult {
        let mut result = FileResult::default();
        for (path, controls) in &self.files {
            let Some(file) = context.view.file(path) else { continue };
            let imports = OnceLock::new();
            let context = context.of_file(&imports);
            for control in controls.iter().filter(|control| applies(control)) {
                pass::judge_references(control, file, &context, &mut result);
            }
        }
        result
    }
}
