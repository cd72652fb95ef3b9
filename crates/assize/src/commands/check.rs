//! `assize check`.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use assize_checks::{CONTROLS, Pass};
use assize_index::View;
use assize_ledger::Ledger;
use assize_model::{
    ControlName, FileClass, Finding, FindingState, Outcome, Problem, RepoPath, Severity,
};
use assize_report::{ControlRun, Head, Report, Shown, Stats, Tool};
use assize_rulebook::RuleBook;
use assize_syntax::Parsed;

use crate::baseline::Baseline;
use crate::cli::{Check, FailOn, Format};
use crate::failure::Failure;
use crate::hook::{Keep as StateKeep, heeds_waivers, is_waived};
use crate::output::{Colour, status};
use crate::project::{Keep, Project};
use crate::{baseline, before, state};

/// How long another process may hold the ledger.
const LOCK_WAIT: Duration = Duration::from_secs(2);

pub(super) fn run(options: &Check, colour: Colour, out: &mut dyn Write) -> Result<u8, Failure> {
    let started = Instant::now();
    let book = RuleBook::backend().map_err(|error| Failure::tool(error))?;
    let keep = if options.no_cache { Keep::No } else { Keep::Yes };
    let first = options.paths.first().cloned().unwrap_or_else(|| ".".into());
    let project = Project::open(&first, keep)?;
    let (base, paths) = base_and_paths(options, &project);
    let scopes: Vec<RepoPath> =
        paths.iter().map(|path| project.relative(path)).collect::<Result<_, _>>()?;
    let view = project.view();
    say_empty(&scopes, view);
    let mut pass = crate::pass::run(&project);
    pass.problems.extend(project.problems());
    before::raise_broken_files(&project, &mut pass);
    mark(base, &project, &mut pass)?;
    mark_waived(&project, &mut pass.findings);
    narrow(&scopes, &mut pass);
    let report = report(options, &project, view, pass, book, started);
    print(options, colour, &project, book, &report, out)?;
    Ok(report.exit().code())
}

/// The base to compare with, and what to show. `--changed src` means a folder where it cannot mean
/// a commit: an option with a value that may be absent takes the word that follows it.
fn base_and_paths<'a>(options: &'a Check, project: &Project) -> (Option<&'a str>, Vec<&'a Path>) {
    let mut paths: Vec<&Path> = options.paths.iter().map(PathBuf::as_path).collect();
    let Some(base) = options.changed.as_deref().filter(|base| !base.is_empty()) else {
        return (options.changed.as_deref(), paths);
    };
    let git = project.root.git.as_ref();
    let known = git.is_some_and(|git| git.merge_base(base).is_ok());
    if known || !Path::new(base).exists() {
        return (Some(base), paths);
    }
    if paths == [Path::new(".")] {
        paths.clear();
    }
    paths.push(Path::new(base));
    (Some(""), paths)
}

/// Marks what is not held against the user: covered by the baseline, or there before the change.
fn mark(base: Option<&str>, project: &Project, pass: &mut Pass) -> Result<(), Failure> {
    if let Some(base) = base {
        let known = before::findings_at(project, base, &mut pass.problems)?;
        mark_known(&known, &mut pass.findings);
        return Ok(());
    }
    let Some(mut known) = Baseline::load(&project.root.folder)? else { return Ok(()) };
    known.mark(&mut pass.findings);
    if std::env::var_os("CI").is_none() {
        let gone = known.shrink(&pass.findings, &pass.problems);
        if gone > 0 && known.save(&project.root.folder).is_ok() {
            status(&format!("{gone} repaired findings left `{}`", baseline::NAME));
        }
    }
    Ok(())
}

/// Marks what a person let be. That stands in the ledger of this machine: where there is none, as
/// in CI, only allowances in the files themselves count.
fn mark_waived(project: &Project, findings: &mut [Finding]) {
    let root = project.root.folder.as_path();
    let is_new = |finding: &Finding| finding.state == FindingState::New;
    if !findings.iter().any(is_new) || !heeds_waivers(root, &project.settings) {
        return;
    }
    let Ok(Some(folder)) = state::known_folder(root) else { return };
    let grants = Ledger::open(&folder, LOCK_WAIT)
        .map_err(std::io::Error::other)
        .and_then(|mut ledger| StateKeep::new(&folder, root).grants(&mut ledger));
    let Ok(grants) = grants else {
        status("the ledger cannot be read, so no waiver counts: run `assize ledger verify`");
        return;
    };
    let today = crate::project::today().to_string();
    for finding in findings.iter_mut().filter(|finding| is_new(finding)) {
        if is_waived(finding, &grants, &today) {
            finding.state = FindingState::Waived;
        }
    }
}

/// A clean report on a path of which the index holds nothing would be misread.
fn say_empty(scopes: &[RepoPath], view: View<'_>) {
    for scope in scopes.iter().filter(|scope| !view.exists(scope.as_str())) {
        status(&format!("nothing of `{scope}` was checked: git ignores it, or it holds no file"));
    }
}

fn mark_known(known: &[Finding], findings: &mut [Finding]) {
    let mut counts = BTreeMap::new();
    for finding in known {
        *counts.entry(finding.fingerprint).or_insert(0_usize) += 1;
    }
    for finding in findings {
        if let Some(left) = counts.get_mut(&finding.fingerprint).filter(|left| **left > 0) {
            *left -= 1;
            finding.state = FindingState::Baselined;
        }
    }
}

/// Keeps what the user asked to see.
fn narrow(scopes: &[RepoPath], pass: &mut Pass) {
    let inside = |path: &RepoPath| scopes.iter().any(|scope| path.is_under(scope.as_str()));
    pass.findings.retain(|finding| inside(&finding.path));
    pass.problems
        .retain(|problem: &Problem| problem.path.as_str().is_empty() || inside(&problem.path));
}

fn report(
    options: &Check,
    project: &Project,
    view: View<'_>,
    pass: Pass,
    book: &RuleBook,
    started: Instant,
) -> Report {
    let controls = control_runs(&pass);
    let fail_on = match options.fail_on {
        FailOn::Info => Severity::Info,
        FailOn::Warn => Severity::Warn,
        FailOn::Error => Severity::Error,
        FailOn::Block => Severity::Block,
    };
    let mut problems = pass.problems;
    problems.sort();
    problems.dedup();
    let head = Head {
        tool: Tool { name: "assize".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
        root: project.root.folder.display().to_string(),
        stats: stats(project, view, started),
        fail_on,
    };
    Report::new(head, book, pass.findings, controls, problems)
}

/// What became of each control.
pub(super) fn control_runs(pass: &Pass) -> Vec<ControlRun> {
    let run = |(name, outcome, unresolved): &(ControlName, Outcome, u32)| {
        let control = CONTROLS.iter().find(|control| control.name == *name)?;
        Some(ControlRun {
            name: name.0.to_owned(),
            outcome: *outcome,
            unresolved: u64::from(*unresolved),
            summary: control.summary.to_owned(),
            doc: control.doc.to_owned(),
        })
    };
    pass.controls.iter().filter_map(run).collect()
}

fn stats(project: &Project, view: View<'_>, started: Instant) -> Stats {
    let mut classes: BTreeMap<FileClass, u64> = BTreeMap::new();
    let (mut files, mut parsed) = (0, 0);
    for file in view.files() {
        files += 1;
        parsed += u64::from(file.parsed() == Parsed::Valid);
        *classes.entry(file.class()).or_insert(0) += 1;
    }
    Stats {
        files,
        bytes: project.indexed.bytes,
        parsed,
        elapsed_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        classes: classes.into_iter().collect(),
    }
}

fn print(
    options: &Check,
    colour: Colour,
    project: &Project,
    book: &RuleBook,
    report: &Report,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let shown = if options.baselined { Shown::All } else { Shown::New };
    // Whoever says how many to show wants to see them whole.
    let (limit, excerpts) = match options.limit {
        None => (Some(assize_report::View::LIMIT), Some(assize_report::View::EXCERPTS)),
        Some(0) => (None, None),
        Some(limit) => (Some(limit), None),
    };
    let view = assize_report::View { colour: colour.data, limit, excerpts, shown };
    match options.format {
        Format::Full => {
            assize_report::full(out, report, view, book, &|path| project.text(path))?;
        }
        Format::Concise => assize_report::concise(out, report, view, book)?,
        Format::Agent => assize_report::agent(out, report, view)?,
        Format::Json => assize_report::json(out, report)?,
        Format::Sarif => assize_report::sarif(out, report, book)?,
    }
    Ok(())
}
