//! Running controls over files and groups, and the whole pass.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;

use assize_config::Settings;
use assize_index::resolve::World;
use assize_index::{FactRef, FileRef, LocalFinding, View};
use assize_model::{
    ControlName, FileClass, Finding, FindingState, Fingerprint, FingerprintParts, Outcome, Problem,
    ProblemKind, RepoPath,
};
use assize_syntax::{FactKind, Role};
use rayon::prelude::*;

use crate::control::speaks_of_changes;
use crate::engine::meter::judging;
use crate::engine::{FileResult, Pass};
use crate::{CONTROLS, Context, Control, Group, Hints, Meter, Report, Scope, Sink, team};

/// The whole pass: every control over every file and every group, in parallel.
///
/// The result does not depend on the number of threads.
pub fn check_all(view: View<'_>, settings: &Settings, hints: Hints) -> Pass {
    check_all_on(None, view, settings, hints)
}

/// The same, with what it cost on a meter.
pub fn check_all_on(
    meter: Option<&Meter>,
    view: View<'_>,
    settings: &Settings,
    hints: Hints,
) -> Pass {
    let world = World::new();
    let context = Context::new(view, settings, &world).with(hints).on(meter);
    let applying: Vec<&'static Control> =
        CONTROLS.iter().copied().filter(|control| (control.applies)(&view)).collect();
    let asked = asked(&context, &applying);
    let files: Vec<FileRef<'_>> = view.files().collect();
    let mut total = files
        .par_chunks(64)
        .map(|chunk| {
            let mut result = FileResult::default();
            for file in chunk {
                judge_file(*file, &context, &asked, &mut result);
            }
            result
        })
        .reduce(FileResult::default, FileResult::merged);
    for control in &asked {
        if let Scope::Groups { kind, run } = control.scope {
            let groups = judge_all_groups(control, kind, run, &context);
            total = total.merged(groups);
        }
    }
    total.findings.extend(team::missing(view, settings));
    total.findings.sort();
    total.problems.sort();
    total.problems.dedup();
    let count = |name| total.unresolved.get(&name).copied().unwrap_or(0);
    let own = CONTROLS.iter().map(|control| {
        let applies = applying.iter().any(|other| other.name == control.name);
        (control.name, outcome(control, applies, settings), count(control.name))
    });
    let teams = settings.team.iter().map(|rule| {
        let is_off = settings.severity(rule.name.0, "", rule.severity).is_none();
        let outcome = if is_off { Outcome::Off } else { Outcome::Ran };
        (rule.name, outcome, count(rule.name))
    });
    let controls = own.chain(teams).collect();
    Pass { findings: total.findings, problems: total.problems, controls }
}

/// Those of the controls that a pass of this kind asks.
pub(super) fn asked(context: &Context<'_>, controls: &[&'static Control]) -> Vec<&'static Control> {
    let all = context.gives_hints();
    controls.iter().copied().filter(|one| all || speaks_of_changes(one.name)).collect()
}

fn outcome(control: &Control, applies: bool, settings: &Settings) -> Outcome {
    if settings.severity(control.name.0, "", control.severity).is_none() {
        Outcome::Off
    } else if applies {
        Outcome::Ran
    } else {
        Outcome::NotApplicable
    }
}

impl FileResult {
    /// Both results as one.
    fn merged(mut self, mut other: Self) -> Self {
        self.findings.append(&mut other.findings);
        self.problems.append(&mut other.problems);
        for (control, count) in other.unresolved {
            let sum = self.unresolved.entry(control).or_insert(0);
            *sum = sum.saturating_add(count);
        }
        self
    }
}

/// Everything that one file's text and references break.
pub(super) fn judge_file(
    file: FileRef<'_>,
    context: &Context<'_>,
    controls: &[&'static Control],
    result: &mut FileResult,
) {
    let before = result.findings.len();
    if let Some((kind, words)) = file.problem() {
        let path = file.repo_path();
        result.problems.push(Problem { path, kind, message: words.to_owned() });
    }
    take_local(file, context, result);
    result.findings.extend(team::by_path(file, context.settings));
    drop_allowed(file, before, context, result);
    let imports = OnceLock::new();
    let context = context.of_file(&imports);
    for control in controls {
        judge_references(control, file, &context, result);
    }
}

/// Everything that one file's references break by one control.
pub(super) fn judge_references(
    control: &Control,
    file: FileRef<'_>,
    context: &Context<'_>,
    result: &mut FileResult,
) {
    let Scope::References { run, .. } = control.scope else { return };
    if !control.classes.contains(&file.class()) || file.class() == FileClass::Fixture {
        return;
    }
    let before = result.findings.len();
    let mut sink = Sink::default();
    let judge = || catch_unwind(AssertUnwindSafe(|| run(file, context, &mut sink)));
    if judging(context.meter(), control.name, 1, judge).is_err() {
        result.problems.push(panicked(control, &file.repo_path()));
        return;
    }
    take(control, file, sink, context, result);
    drop_allowed(file, before, context, result);
}

fn panicked(control: &Control, path: &RepoPath) -> Problem {
    Problem {
        path: path.clone(),
        kind: ProblemKind::Panic,
        message: format!("{} panicked: please report", control.name),
    }
}

/// The findings that came with the file's own text.
fn take_local(file: FileRef<'_>, context: &Context<'_>, result: &mut FileResult) {
    for local in file.local_findings() {
        let Some((name, version)) = named(&local.control) else { continue };
        if local.unresolved {
            let count = result.unresolved.entry(name).or_insert(0);
            *count = count.saturating_add(1);
            continue;
        }
        let own = local.severity;
        let path = file.path();
        let Some(severity) = context.settings.severity(name.0, path, own) else { continue };
        result.findings.push(local_finding((name, version), file, local, severity));
    }
}

/// The control that a kept finding names, with its version.
fn named(name: &str) -> Option<(ControlName, u32)> {
    match crate::control(name) {
        Some(control) => Some((control.name, control.version)),
        None => Some((ControlName::of_team(name)?, team::VERSION)),
    }
}

fn local_finding(
    (control, version): (ControlName, u32),
    file: FileRef<'_>,
    local: LocalFinding,
    severity: assize_model::Severity,
) -> Finding {
    let path = file.repo_path();
    let fingerprint = Fingerprint::of(&FingerprintParts {
        control,
        version,
        code: &local.code,
        path: &path,
        item: &local.item,
        subject: &local.subject,
    });
    Finding {
        path,
        place: local.place,
        control,
        code: local.code,
        severity,
        message: local.message,
        help: local.help,
        fingerprint,
        state: FindingState::New,
    }
}

fn take(
    control: &Control,
    file: FileRef<'_>,
    sink: Sink,
    context: &Context<'_>,
    result: &mut FileResult,
) {
    if sink.unresolved > 0 {
        let count = result.unresolved.entry(control.name).or_insert(0);
        *count = count.saturating_add(sink.unresolved);
    }
    for report in sink.reports {
        if let Some(finding) = finding(control, file, report, context) {
            result.findings.push(finding);
        }
    }
}

fn finding(
    control: &Control,
    file: FileRef<'_>,
    report: Report,
    context: &Context<'_>,
) -> Option<Finding> {
    let own = report.severity.unwrap_or(control.severity);
    let path = match &report.path {
        Some(path) => RepoPath::new(path).ok()?,
        None => file.repo_path(),
    };
    let severity = context.settings.severity(control.name.0, path.as_str(), own)?;
    let told = context.gives_hints() || !super::hints::concern(control);
    let fingerprint = Fingerprint::of(&FingerprintParts {
        control: control.name,
        version: control.version,
        code: report.code,
        path: &path,
        item: &report.item,
        subject: &report.subject,
    });
    Some(Finding {
        path,
        place: report.place,
        control: control.name,
        code: report.code.to_owned(),
        severity,
        message: report.message,
        help: if told { report.help } else { String::new() },
        fingerprint,
        state: FindingState::New,
    })
}

/// Drops the findings, from `first` on, that an in-line allowance of the file covers. An
/// allowance that is itself wrong covers nothing, and its own finding cannot be allowed.
fn drop_allowed(file: FileRef<'_>, first: usize, context: &Context<'_>, result: &mut FileResult) {
    if result.findings.len() == first {
        return;
    }
    let allowed = allowances(file, context);
    if allowed.is_empty() {
        return;
    }
    let mut position = 0;
    result.findings.retain(|finding| {
        position += 1;
        position <= first || !covered(&allowed, finding)
    });
}

fn allowances<'a>(file: FileRef<'a>, context: &Context<'_>) -> BTreeMap<u32, BTreeSet<&'a str>> {
    let mut allowed: BTreeMap<u32, BTreeSet<&'a str>> = BTreeMap::new();
    for fact in file.facts_of(FactKind::Allowance, Role::Definition) {
        if crate::allowance::holds(&fact, context.settings.today) {
            allowed.entry(fact.number).or_default().insert(fact.key);
        }
    }
    allowed
}

fn covered(allowed: &BTreeMap<u32, BTreeSet<&str>>, finding: &Finding) -> bool {
    finding.control.0 != "allowance-invalid"
        && allowed
            .get(&finding.place.line)
            .is_some_and(|controls| controls.contains(finding.control.0))
}

type GroupRun = fn(&Group<'_>, &Context<'_>, &mut Sink);

/// All groups of one kind.
fn judge_all_groups(
    control: &'static Control,
    kind: FactKind,
    run: GroupRun,
    context: &Context<'_>,
) -> FileResult {
    let mut members: Vec<FactRef<'_>> = context.view.facts(kind, Role::Definition);
    members.extend(context.view.facts(kind, Role::Reference));
    sort_members(&mut members);
    let groups: Vec<&[FactRef<'_>]> = members.chunk_by(|a, b| a.key == b.key).collect();
    groups
        .par_chunks(256)
        .map(|chunk| {
            let mut result = FileResult::default();
            judging(context.meter(), control.name, chunk.len(), || {
                for members in chunk {
                    judge_members(control, run, members, context, &mut result);
                }
            });
            result
        })
        .reduce(FileResult::default, FileResult::merged)
}

fn sort_members(members: &mut [FactRef<'_>]) {
    members.sort_by(|a, b| {
        (a.key, a.file.path(), a.place, a.role).cmp(&(b.key, b.file.path(), b.place, b.role))
    });
}

/// The group of one key.
pub(super) fn judge_group(
    control: &'static Control,
    key: &str,
    context: &Context<'_>,
    result: &mut FileResult,
) {
    let Scope::Groups { kind, run } = control.scope else { return };
    let mut members = context.view.lookup(kind, Role::Definition, key);
    members.extend(context.view.lookup(kind, Role::Reference, key));
    sort_members(&mut members);
    judge_members(control, run, &members, context, result);
}

fn judge_members(
    control: &'static Control,
    run: GroupRun,
    members: &[FactRef<'_>],
    context: &Context<'_>,
    result: &mut FileResult,
) {
    let members: Vec<FactRef<'_>> = members
        .iter()
        .copied()
        .filter(|member| {
            control.classes.contains(&member.file.class())
                && member.file.class() != FileClass::Fixture
        })
        .collect();
    let Some(first) = members.first() else { return };
    let before = result.findings.len();
    let mut sink = Sink::default();
    let group = Group { key: first.key, members: &members };
    if catch_unwind(AssertUnwindSafe(|| run(&group, context, &mut sink))).is_err() {
        result.problems.push(panicked(control, &first.file.repo_path()));
        return;
    }
    take(control, first.file, sink, context, result);
    // Many findings of a group stand in the same file: its facts are gone through once.
    let mut allowed = BTreeMap::new();
    let mut position = 0;
    result.findings.retain(|finding| {
        position += 1;
        if position <= before {
            return true;
        }
        let here = allowed.entry(finding.path.clone()).or_insert_with(|| {
            let file = context.view.file(finding.path.as_str());
            file.map(|file| allowances(file, context)).unwrap_or_default()
        });
        !covered(here, finding)
    });
}

/// The keys under which a file's facts of a kind stand. A package is also judged by whether it is a
/// project of ours.
pub(super) fn keys_of(file: FileRef<'_>, kind: FactKind) -> BTreeSet<String> {
    let speaks = |other| other == kind || kind == FactKind::Package && other == FactKind::Project;
    file.facts().filter(|fact| speaks(fact.kind)).map(|fact| fact.key.to_owned()).collect()
}

/// The keys of groups whose answer rests on what a file holds, beyond its facts: locked servers
/// that run it, variants of it, packages of a manifest that now includes another.
pub(super) fn keys_resting_on(view: View<'_>, kind: FactKind, path: &str) -> BTreeSet<String> {
    match kind {
        FactKind::McpLock => servers_resting_on(view, path),
        FactKind::Variant => BTreeSet::from([path.to_owned()]),
        FactKind::Package => view.file(path).map(|file| keys_of(file, kind)).unwrap_or_default(),
        _ => BTreeSet::new(),
    }
}

fn servers_resting_on(view: View<'_>, path: &str) -> BTreeSet<String> {
    let locked = view.facts(FactKind::McpLock, Role::Reference);
    let runs = |fact: &FactRef<'_>| {
        // A file may lose the servers that are locked for it.
        fact.item == path
            || assize_mcp::Pin::from_json(fact.value)
                .is_some_and(|pin| pin.scripts.contains_key(path))
    };
    locked.iter().filter(|fact| runs(fact)).map(|fact| fact.key.to_owned()).collect()
}
