//! Passes without hints, and how their findings come by them.

use std::collections::BTreeMap;

use assize_config::Settings;
use assize_index::View;
use assize_index::resolve::World;
use assize_model::{Finding, Fingerprint, Place};

use crate::control::speaks_of_changes;
use crate::engine::Pass;
use crate::engine::delta::Affected;
use crate::{Context, Control, Scope};

/// Whether the findings of a control lack their help where hints are omitted.
pub(super) const fn concern(control: &Control) -> bool {
    matches!(control.scope, Scope::References { .. })
}

/// The pass as it is without hints.
pub fn bare(mut pass: Pass) -> Pass {
    for finding in &mut pass.findings {
        if crate::control(finding.control.0).is_some_and(concern) {
            finding.help.clear();
        }
    }
    pass.findings.retain(|finding| speaks_of_changes(finding.control));
    pass.findings.sort();
    for (control, _, unresolved) in &mut pass.controls {
        if !speaks_of_changes(*control) {
            *unresolved = 0;
        }
    }
    pass
}

/// Gives findings of a pass without hints those that they lack: only what gave them is judged
/// again.
pub fn give_hints(findings: &mut [Finding], view: View<'_>, settings: &Settings) {
    let mut found = Affected::default();
    found.add_found(findings.iter());
    let world = World::new();
    let judged = found.judge_files(&Context::new(view, settings, &world), |_| true);
    let mut helps: BTreeMap<(Fingerprint, Place), String> = judged
        .findings
        .into_iter()
        .map(|finding| ((finding.fingerprint, finding.place), finding.help))
        .collect();
    for finding in findings.iter_mut().filter(|finding| finding.help.is_empty()) {
        if let Some(help) = helps.remove(&(finding.fingerprint, finding.place)) {
            finding.help = help;
        }
    }
    findings.sort();
}
