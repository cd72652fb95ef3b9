//! The engine: the same code for one file on disk, one file that someone only wants to write, and
//! the whole repository.

mod change;
mod delta;
mod hints;
mod intake;
mod keep;
mod meter;
mod modules;
mod pass;
mod recheck;
mod tellers;
mod usage;
mod variant;

use std::collections::BTreeMap;

use assize_config::Settings;
use assize_index::resolve::World;
use assize_index::{FileRef, FileStamp, Overlay, Snapshot, View};
use assize_model::{ControlName, FileClass, Finding, Outcome, Problem, RepoPath, Severity};
use assize_syntax::Parsed;

use crate::{CONTROLS, Context, Control, Scope};

pub use delta::{check_change, check_delta, difference};
pub use hints::{bare, give_hints};
pub use intake::{Intake, index_text, index_text_by};
pub use keep::{decode, encode};
pub use meter::{Meter, Spent};
pub use pass::{check_all, check_all_on};
pub use recheck::recheck;

/// A file to judge: on disk, or one that someone wants to write.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    pub path: &'a RepoPath,
    pub class: FileClass,
    pub bytes: &'a [u8],
    /// What the file held before, if it was there.
    pub before: Option<&'a [u8]>,
}

/// What one file breaks, or what a change breaks elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FileResult {
    pub findings: Vec<Finding>,
    pub problems: Vec<Problem>,
    pub unresolved: BTreeMap<ControlName, u32>,
}

/// The result of a whole pass.
#[derive(Debug, Clone, Default)]
pub struct Pass {
    pub findings: Vec<Finding>,
    pub problems: Vec<Problem>,
    /// What became of each compiled-in control, and how many references it could not decide.
    pub controls: Vec<(ControlName, Outcome, u32)>,
}

/// The findings in one file, with every other file as the snapshot and the overlay have it.
///
/// A file that parsed before and does not parse now is a finding of severity `block`.
pub fn check_file(
    input: &Input<'_>,
    snapshot: &Snapshot,
    overlay: &Overlay,
    settings: &Settings,
) -> FileResult {
    let file = index_text(input.path, input.class, input.bytes, FileStamp::default(), 0);
    let mut laid = overlay.clone();
    laid.put(file);
    let view = View::new(snapshot, &laid);
    let world = World::new();
    let context = Context::new(view, settings, &world);
    let Some(file) = view.file(input.path.as_str()) else { return FileResult::default() };
    let applying: Vec<_> =
        CONTROLS.iter().copied().filter(|control| (control.applies)(&view)).collect();
    let mut result = of_file(file, &context, &applying);
    if file.parsed() == Parsed::Invalid && parsed_before(input) {
        raise(&mut result.findings);
    }
    result.findings.sort();
    result
}

/// What one file of the index breaks, by itself and as a member of groups.
fn of_file(file: FileRef<'_>, context: &Context<'_>, applying: &[&'static Control]) -> FileResult {
    let mut result = FileResult::default();
    pass::judge_file(file, context, applying, &mut result);
    for control in applying {
        if let Scope::Groups { kind, .. } = control.scope {
            for key in pass::keys_of(file, kind) {
                let mut all = FileResult::default();
                pass::judge_group(control, &key, context, &mut all);
                all.findings.retain(|finding| finding.path.as_str() == file.path());
                result.findings.append(&mut all.findings);
                result.problems.append(&mut all.problems);
            }
        }
    }
    result.findings.sort();
    result.problems.sort();
    result
}

fn parsed_before(input: &Input<'_>) -> bool {
    input.before.is_some_and(|before| {
        let before = index_text(input.path, input.class, before, FileStamp::default(), 0);
        before.record.parsed == Parsed::Valid
    })
}

/// Raises the findings of syntax-parse to `block`: the file did parse.
fn raise(findings: &mut [Finding]) {
    for finding in findings.iter_mut().filter(|one| crate::says_broken(one)) {
        finding.severity = Severity::Block;
    }
}
