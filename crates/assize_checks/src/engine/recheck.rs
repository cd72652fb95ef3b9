//! The whole pass again, after few files changed, without judging the rest anew.
//!
//! Where a changed file has other facts that others may ask about, whoever may mean it is judged
//! again too, as for a guard. When a path comes or goes, so is whatever was found before, in a pass
//! with hints: what is suggested there may differ. Where too much may have changed, the answer is
//! `None`, and the caller runs the whole pass. The property test `edits` holds this against a whole
//! pass.

use std::collections::BTreeSet;

use assize_config::Settings;
use assize_index::resolve::World;
use assize_index::{FileRef, View};
use assize_model::Finding;
use assize_syntax::{FactKind, Flags, Role};

use crate::engine::change::Change;
use crate::engine::delta::Affected;
use crate::engine::{FileResult, Pass, pass, usage};
use crate::{CONTROLS, Context, Control, Hints, Scope, team};

/// What a pass over `new` finds, from what one over `old` found, where only these files changed;
/// both of the same kind.
pub fn recheck(
    old: View<'_>,
    new: View<'_>,
    known: &Pass,
    changed: &[String],
    settings: &Settings,
    hints: Hints,
) -> Option<Pass> {
    let pairs: Vec<Pair<'_>> = changed.iter().map(|path| Pair::of(path, old, new)).collect();
    if !pairs.iter().all(Pair::stays_in_place) {
        return None;
    }
    // A control that begins or ceases to apply has something else to say of the whole pass.
    let applying = applying(&new);
    if !self::applying(&old).iter().map(|one| one.name).eq(applying.iter().map(|one| one.name)) {
        return None;
    }
    let suggested = if hints == Hints::Given { known.findings.as_slice() } else { &[] };
    let mut affected = affected(&pairs, changed, suggested, old, new)?;
    if hints == Hints::Omitted {
        affected.keep_to_changes();
    }
    let worlds = [World::new(), World::new()];
    let used: BTreeSet<String> = match hints {
        Hints::Given => usage::keys(pairs.iter().map(|pair| (pair.before, pair.after)), old, new),
        Hints::Omitted => BTreeSet::new(),
    };
    let [before, mut after] = [(old, &worlds[0]), (new, &worlds[1])].map(|(view, world)| {
        judge(&Context::new(view, settings, world).with(hints), &pairs, &affected, &used)
    });
    let [was, is] = [old, new].map(|view| team::missing(view, settings));
    let mut pass = known.clone();
    remove(&mut pass.findings, was)?;
    remove(&mut pass.findings, before.findings)?;
    remove(&mut pass.problems, before.problems)?;
    pass.findings.extend(is);
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

/// One changed path before and after; nothing where there is no file.
struct Pair<'a> {
    path: &'a str,
    before: Option<FileRef<'a>>,
    after: Option<FileRef<'a>>,
}

impl<'a> Pair<'a> {
    fn of(path: &'a str, old: View<'a>, new: View<'a>) -> Self {
        Self { path, before: old.file(path), after: new.file(path) }
    }

    /// Whether a file came or went.
    const fn moves(&self) -> bool {
        self.before.is_some() != self.after.is_some()
    }

    /// Whether the file is still of the same kind, for all that read it.
    fn stays_in_place(&self) -> bool {
        let (Some(before), Some(after)) = (self.before, self.after) else { return true };
        before.class() == after.class() && before.dialect() == after.dialect()
    }

    /// Whether nothing changed that another file's judgement may rest on.
    fn stays_within(&self) -> bool {
        let (Some(before), Some(after)) = (self.before, self.after) else { return !self.moves() };
        before.parsed() == after.parsed()
            && before.flags() == after.flags()
            && outside(before) == outside(after)
    }

    fn keys(&self, kind: FactKind, view: View<'_>) -> impl Iterator<Item = String> {
        let own = self.before.into_iter().chain(self.after);
        own.flat_map(move |file| pass::keys_of(file, kind))
            .chain(pass::keys_resting_on(view, kind, self.path))
    }
}

/// What else may be judged otherwise now; `None` where that is so much that a whole pass, on all
/// cores, is done sooner.
fn affected(
    pairs: &[Pair<'_>],
    changed: &[String],
    suggested: &[Finding],
    old: View<'_>,
    new: View<'_>,
) -> Option<Affected> {
    if pairs.iter().all(Pair::stays_within) {
        return Some(Affected::default());
    }
    let paths: BTreeSet<String> = changed.iter().cloned().collect();
    let change = Change::of(old, new, &paths);
    let mut affected = Affected::by(&change, old, new);
    if pairs.iter().any(Pair::moves) {
        let outside = |finding: &&Finding| !change.touches(finding.path.as_str());
        affected.add_found(suggested.iter().filter(outside));
    }
    (affected.file_count() <= AFFECTED_MAX).then_some(affected)
}

/// How many files a change may concern beside its own.
const AFFECTED_MAX: usize = 1_024;

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
        (FactKind::Body | FactKind::Content | FactKind::Allowance | FactKind::Variant, _) => true,
        (FactKind::Catch | FactKind::Test | FactKind::StandIn | FactKind::Duty, _) => true,
        // Whether a package is used is asked again for each that a change may mean.
        (FactKind::Words, Role::Reference) => true,
        (FactKind::Import, Role::Reference) => !flags.has(Flags::REEXPORT),
        (FactKind::Env | FactKind::Link | FactKind::Command | FactKind::Call, Role::Reference) => {
            true
        }
        _ => false,
    }
}

fn applying(view: &View<'_>) -> Vec<&'static Control> {
    CONTROLS.iter().copied().filter(|control| (control.applies)(view)).collect()
}

fn judge(
    context: &Context<'_>,
    pairs: &[Pair<'_>],
    affected: &Affected,
    used: &BTreeSet<String>,
) -> FileResult {
    let applying = pass::asked(context, &applying(&context.view));
    let mut result = affected.judge_files(context, |_| true);
    for pair in pairs {
        if let Some(file) = context.view.file(pair.path) {
            pass::judge_file(file, context, &applying, &mut result);
        }
    }
    for control in applying {
        let Scope::Groups { kind, .. } = control.scope else { continue };
        let own = pairs.iter().flat_map(|pair| pair.keys(kind, context.view));
        let mut keys: BTreeSet<String> = own.collect();
        keys.extend(affected.keys_of(control).cloned());
        if kind == FactKind::Package {
            keys.extend(used.iter().cloned());
        }
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
