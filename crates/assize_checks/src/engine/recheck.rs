//! The whole pass again, after few files changed, without judging the rest anew.
//!
//! Only changes of content are taken: when a path comes or goes, what others suggest may differ as
//! well. Where a changed file has other facts that others may ask about, whoever may mean it is
//! judged again too, as for a guard. Whatever else changed, the answer is `None`, and the caller
//! runs the whole pass. The property test `edits` holds this against a whole pass.

use std::collections::BTreeSet;

use assize_config::Settings;
use assize_index::resolve::World;
use assize_index::{FileRef, View};
use assize_syntax::{FactKind, Flags, Role};

use crate::engine::change::Change;
use crate::engine::delta::Affected;
use crate::engine::{FileResult, Pass, pass};
use crate::{CONTROLS, Context, Control, Scope};

/// What a pass over `new` finds, from what one over `old` found, where only these files changed.
pub fn recheck(
    old: View<'_>,
    new: View<'_>,
    known: &Pass,
    changed: &[String],
    settings: &Settings,
) -> Option<Pass> {
    let pairs: Vec<(FileRef<'_>, FileRef<'_>)> = changed
        .iter()
        .map(|path| Some((old.file(path)?, new.file(path)?)))
        .collect::<Option<_>>()?;
    if !pairs.iter().all(|(before, after)| stays_in_place(*before, *after)) {
        return None;
    }
    // A control that begins or ceases to apply has something else to say of the whole pass.
    let applying = applying(&new);
    if !self::applying(&old).iter().map(|one| one.name).eq(applying.iter().map(|one| one.name)) {
        return None;
    }
    let affected = affected(&pairs, changed, old, new)?;
    let worlds = [World::new(), World::new()];
    let [before, mut after] = [(old, &worlds[0]), (new, &worlds[1])]
        .map(|(view, world)| judge(&Context::new(view, settings, world), &pairs, &affected));
    let mut pass = known.clone();
    remove(&mut pass.findings, before.findings)?;
    remove(&mut pass.problems, before.problems)?;
    pass.findings.append(&mut after.findings);
    pass.problems.append(&mut after.problems);
    pass.findings.sort();
    pass.problems.sort();
    pass.problems.dedup();
    for (control, _, unresolved) in &mut pass.controls {
        let was = before.unresolved.get(control).copied().unwrap_or(0);
        let is = after.unresolved.get(control).copied().unwrap_or(0);
        *unresolved = unresolved.checked_sub(was)?.saturating_add(is);
    }
    Some(pass)
}

/// What else may be judged otherwise now; `None` where that is so much that a whole pass, on all
/// cores, is done sooner.
fn affected(
    pairs: &[(FileRef<'_>, FileRef<'_>)],
    changed: &[String],
    old: View<'_>,
    new: View<'_>,
) -> Option<Affected> {
    if pairs.iter().all(|(before, after)| stays_within(*before, *after)) {
        return Some(Affected::default());
    }
    let paths: BTreeSet<String> = changed.iter().cloned().collect();
    let affected = Affected::by(&Change::of(old, new, &paths), old, new);
    (affected.file_count() <= AFFECTED_MAX).then_some(affected)
}

/// How many files a change may concern beside its own.
const AFFECTED_MAX: usize = 512;

/// Whether the file is still of the same kind, for all that read it.
fn stays_in_place(before: FileRef<'_>, after: FileRef<'_>) -> bool {
    before.class() == after.class() && before.dialect() == after.dialect()
}

/// Whether nothing changed that another file's judgement may rest on.
fn stays_within(before: FileRef<'_>, after: FileRef<'_>) -> bool {
    before.parsed() == after.parsed()
        && before.flags() == after.flags()
        && outside(before) == outside(after)
}

type Line<'a> = (FactKind, Role, &'a str, &'a str, &'a str, Flags);

/// The facts of a file that others may ask about, without their places.
fn outside<'a>(file: FileRef<'a>) -> Vec<Line<'a>> {
    let mut facts: Vec<Line<'a>> = file
        .facts()
        .filter(|fact| !is_private(fact.kind, fact.role, fact.flags))
        .map(|fact| (fact.kind, fact.role, fact.key, fact.value, fact.item, fact.flags))
        .collect();
    facts.sort_unstable();
    facts
}

/// Whether only the file itself, or a group that is judged again, asks about such a fact.
pub(super) fn is_private(kind: FactKind, role: Role, flags: Flags) -> bool {
    match (kind, role) {
        (FactKind::Body | FactKind::Content | FactKind::Allowance, _) => true,
        (FactKind::Import, Role::Reference) => !flags.has(Flags::REEXPORT),
        (FactKind::Env | FactKind::Link | FactKind::Command, Role::Reference) => true,
        _ => false,
    }
}

fn applying(view: &View<'_>) -> Vec<&'static Control> {
    CONTROLS.iter().copied().filter(|control| (control.applies)(view)).collect()
}

fn judge(
    context: &Context<'_>,
    pairs: &[(FileRef<'_>, FileRef<'_>)],
    affected: &Affected,
) -> FileResult {
    let applying = applying(&context.view);
    let mut result = affected.judge_files(context, |_| true);
    for (before, _) in pairs {
        if let Some(file) = context.view.file(before.path()) {
            pass::judge_file(file, context, &applying, &mut result);
        }
    }
    for control in applying {
        let Scope::Groups { kind, .. } = control.scope else { continue };
        let mut keys: BTreeSet<String> = pairs
            .iter()
            .flat_map(|(before, after)| {
                let resting = pass::keys_resting_on(context.view, kind, before.path());
                let own = pass::keys_of(*before, kind).into_iter();
                own.chain(pass::keys_of(*after, kind)).chain(resting)
            })
            .collect();
        keys.extend(affected.keys_of(control).cloned());
        for key in keys {
            pass::judge_group(control, &key, context, &mut result);
        }
    }
    result
}

/// Takes what is gone out of what is known, both in order; `None` when something is not there, so
/// that the pass is not ours.
fn remove<T: Ord>(known: &mut Vec<T>, mut gone: Vec<T>) -> Option<()> {
    gone.sort();
    let mut rest = gone.into_iter().peekable();
    known.retain(|one| rest.next_if_eq(one).is_none());
    rest.next().is_none().then_some(())
}
