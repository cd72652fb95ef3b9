//! `assize check`.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use assize_checks::{CONTROLS, Hints, Meter, Pass, check_all_on};
use assize_config::Settings;
use assize_index::View;
use assize_ledger::Ledger;
use assize_model::{
    ControlName, FileClass, Finding, FindingState, Outcome, Problem, RepoPath, Severity,
};
use assize_report::{
    Before, CODEOWNERS, ControlRun, Head, Owners, Page, Report, Shown, Stats, Tool,
};
use assize_rulebook::RuleBook;
use assize_syntax::Parsed;

use crate::baseline::Baseline;
use crate::cli::{Check, FailOn, Format, Profile};
use crate::failure::Failure;
use crate::hook::{Keep as StateKeep, heeds_waivers, is_waived};
use crate::output::{Colour, status};
use crate::project::{Keep, Project};
use crate::{baseline, before, state};

use super::fix;

/// How long another process may hold the ledger.
const LOCK_WAIT: Duration = Duration::from_secs(2);

/// A repository, what was found in it, and what that was compared with.
struct Look {
    project: Project,
    pass: Pass,
    before: Option<Before>,
}

pub(super) fn run(options: &Check, colour: Colour, out: &mut dyn Write) -> Result<u8, Failure> {
    let started = Instant::now();
    let meter = options.timings.then(crate::timings::meter);
    let mut look = look(options, meter.as_ref())?;
    if options.fix || options.diff {
        let mended = fix::mend(&look.project, &look.pass);
        if options.diff {
            fix::show(&mended, out)?;
            return Ok(u8::from(!mended.is_empty()));
        }
        if fix::write(&look.project, &mended, options.allow_dirty)? > 0 {
            drop(mended);
            look = self::look(options, meter.as_ref())?;
        }
    }
    let Look { project, pass, before } = look;
    let book = &*crate::team::book(&project.settings.team)?;
    let mut report = report(options, &project, project.view(), pass, book, started);
    report.timings = meter.as_ref().map(crate::timings::read);
    if matches!(options.format, Format::Json | Format::Sarif) {
        fix::offer(&project, &mut report);
    }
    print(options, colour, &project, (book, before), &report, out)?;
    Ok(report.exit().code())
}

fn look(options: &Check, meter: Option<&Meter>) -> Result<Look, Failure> {
    let keep = if options.no_cache { Keep::No } else { Keep::Yes };
    let first = options.paths.first().cloned().unwrap_or_else(|| ".".into());
    let mut project = Project::open_on(meter, &first, keep)?;
    if let Some(profile) = options.profile {
        project.read_by(match profile {
            Profile::Recommended => assize_config::Profile::Recommended,
            Profile::Strict => assize_config::Profile::Strict,
        })?;
    }
    let (base, paths) = base_and_paths(options, &project);
    let scopes: Vec<RepoPath> =
        paths.iter().map(|path| project.relative(path)).collect::<Result<_, _>>()?;
    say_empty(&scopes, project.view());
    // What was kept costs nothing, and would say nothing.
    let anew = |meter| check_all_on(Some(meter), project.view(), &project.settings, Hints::Given);
    let mut pass = meter.map_or_else(|| crate::pass::run(&project), anew);
    pass.problems.extend(project.problems());
    pass.findings.extend(crate::precedence::findings(&project.settings));
    before::raise_broken_files(&project, &mut pass);
    // Where only a part is shown, the whole of another day is nothing to compare it with.
    let is_whole = scopes.iter().any(|scope| scope.as_str().is_empty());
    let before = mark(base, &project, &mut pass)?.filter(|_| is_whole);
    mark_waived(&project, &mut pass.findings);
    narrow(&scopes, &mut pass);
    Ok(Look { project, pass, before })
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
/// Gives what it was compared with.
fn mark(base: Option<&str>, project: &Project, pass: &mut Pass) -> Result<Option<Before>, Failure> {
    if let Some(base) = base {
        let known = before::findings_at(project, base, &mut pass.problems)?;
        mark_known(&known, &mut pass.findings);
        let counts = Baseline::of(&known).by_control();
        let of =
            if base.is_empty() { "the base of the change".to_owned() } else { base.to_owned() };
        return Ok(Some(Before { of, counts }));
    }
    let Some(mut known) = Baseline::load(&project.root.folder)? else { return Ok(None) };
    let before = Before { of: "the baseline".to_owned(), counts: known.by_control() };
    known.mark(&mut pass.findings);
    if std::env::var_os("CI").is_none() {
        let gone = known.shrink(&pass.findings, &pass.problems);
        if gone > 0 && known.save(&project.root.folder).is_ok() {
            status(&format!("{gone} repaired findings left `{}`", baseline::NAME));
        }
    }
    Ok(Some(before))
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
    let controls = control_runs(&pass, &project.settings);
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
pub(super) fn control_runs(pass: &Pass, settings: &Settings) -> Vec<ControlRun> {
    let run = |(name, outcome, unresolved): &(ControlName, Outcome, u32)| {
        let control = CONTROLS.iter().find(|control| control.name == *name);
        let own = control.map(|control| (control.summary.to_owned(), control.doc.to_owned()));
        let team = || {
            let rule = settings.team.iter().find(|rule| rule.name == *name)?;
            Some((rule.message.clone(), rule.page()))
        };
        let (summary, doc) = own.or_else(team)?;
        Some(ControlRun {
            name: name.0.to_owned(),
            outcome: *outcome,
            unresolved: u64::from(*unresolved),
            summary,
            doc,
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
    (book, before): (&RuleBook, Option<Before>),
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
        Format::Junit => assize_report::junit(out, report)?,
        Format::Github => assize_report::github(out, report)?,
        Format::Html => page(project, book, before, report, out)?,
    }
    if let Some(timings) = report.timings.as_ref().filter(|_| options.format != Format::Json) {
        let mut text = Vec::new();
        assize_report::timings(&mut text, timings)?;
        String::from_utf8_lossy(&text).lines().for_each(status);
    }
    Ok(())
}

/// The page, with owners where the repository names them.
fn page(
    project: &Project,
    book: &RuleBook,
    before: Option<Before>,
    report: &Report,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let text = |path: &RepoPath| project.text(path);
    let mut named = CODEOWNERS.iter().filter_map(|name| text(&RepoPath::new(name).ok()?));
    let owners = named.next().map(|text| Owners::parse(&text));
    let page = Page {
        book,
        coverage: &super::rules::coverage(book),
        owners: owners.as_ref(),
        before,
        day: crate::project::today().to_string(),
        text: &text,
    };
    assize_report::html(out, report, &page)?;
    Ok(())
}
