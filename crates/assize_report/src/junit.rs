//! JUnit XML, which CI servers show as test results.
//!
//! A control is a suite, a finding a case. A case *fails* exactly where the finding makes the exit
//! status 1, so that a red build and a red list mean the same; what is shown without failing (below
//! the severity that fails, baselined, waived) is *skipped*, with its message. The document follows
//! the schema by which Jenkins reads reports, the strictest of those in use; it has no place for a
//! file or a line, so both stand in the name.

use std::collections::BTreeMap;
use std::io::{self, Write};

use assize_model::{Finding, FindingState, Outcome, Problem, ProblemKind};

use crate::markup::inline;
use crate::report::{ControlRun, Report, ReportedFinding};

/// The suite of what could not be looked at.
const PROBLEMS: &str = "problems";

/// How a case ends.
enum End {
    Passed,
    /// With the kind of failure.
    Failed(&'static str),
    Skipped,
    /// The pass itself went wrong.
    Broken(&'static str),
}

struct Case {
    name: String,
    end: End,
    message: String,
    /// Further lines, for who opens the case.
    body: String,
}

/// How many cases of a suite, or of all, ended how.
#[derive(Default)]
struct Tally {
    cases: usize,
    failed: usize,
    broken: usize,
    skipped: usize,
}

impl Tally {
    fn add(&mut self, end: &End) {
        self.cases += 1;
        match end {
            End::Passed => {}
            End::Failed(_) => self.failed += 1,
            End::Skipped => self.skipped += 1,
            End::Broken(_) => self.broken += 1,
        }
    }

    fn of<'a>(cases: impl Iterator<Item = &'a Case>) -> Self {
        let mut tally = Self::default();
        cases.for_each(|case| tally.add(&case.end));
        tally
    }
}

/// One suite per control that is compiled in, and one for problems where there are any.
///
/// # Errors
/// `out` cannot be written to.
pub fn junit(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    let mut by_control: BTreeMap<&str, Vec<&ReportedFinding>> = BTreeMap::new();
    for reported in &report.findings {
        by_control.entry(reported.finding.control.0).or_default().push(reported);
    }
    let mut suites: BTreeMap<&str, Vec<Case>> = BTreeMap::new();
    for control in report.controls.iter().filter(|one| one.outcome != Outcome::Planned) {
        suites.insert(&control.name, vec![without_findings(control)]);
    }
    for (control, findings) in by_control {
        suites.insert(control, findings.into_iter().map(|found| case(found, report)).collect());
    }
    let problems: Vec<Case> = report.problems.iter().map(problem_case).collect();
    if !problems.is_empty() {
        suites.insert(PROBLEMS, problems);
    }
    let all = Tally::of(suites.values().flatten());
    let name = inline(&report.head.tool.name);
    let time = seconds(report.head.stats.elapsed_ms);
    let (tests, failures, errors) = (all.cases, all.failed, all.broken);
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(
        out,
        "<testsuites name=\"{name}\" time=\"{time}\" tests=\"{tests}\" failures=\"{failures}\" \
         errors=\"{errors}\">"
    )?;
    suites.iter().try_for_each(|(name, cases)| suite(out, name, cases))?;
    writeln!(out, "</testsuites>")
}

fn suite(out: &mut dyn Write, name: &str, cases: &[Case]) -> io::Result<()> {
    let name = inline(name);
    let Tally { cases: tests, failed, broken, skipped } = Tally::of(cases.iter());
    writeln!(
        out,
        "  <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failed}\" \
         errors=\"{broken}\" skipped=\"{skipped}\">"
    )?;
    for case in cases {
        let (title, message) = (inline(&case.name), inline(&case.message));
        write!(out, "    <testcase classname=\"{name}\" name=\"{title}\"")?;
        let body = &case.body;
        match case.end {
            End::Passed => writeln!(out, "/>")?,
            End::Skipped => {
                writeln!(out, ">\n      <skipped message=\"{message}\">{body}</skipped>")?;
            }
            End::Failed(kind) => writeln!(
                out,
                ">\n      <failure type=\"{kind}\" message=\"{message}\">{body}</failure>"
            )?,
            End::Broken(kind) => {
                writeln!(
                    out,
                    ">\n      <error type=\"{kind}\" message=\"{message}\">{body}</error>"
                )?;
            }
        }
        if !matches!(case.end, End::Passed) {
            writeln!(out, "    </testcase>")?;
        }
    }
    writeln!(out, "  </testsuite>")
}

fn without_findings(control: &ControlRun) -> Case {
    let name = match control.summary.as_str() {
        "" => "no finding".to_owned(),
        summary => summary.to_owned(),
    };
    let end = match control.outcome {
        Outcome::Ran => End::Passed,
        Outcome::Off | Outcome::NotApplicable | Outcome::Planned => End::Skipped,
    };
    Case { name, end, message: control.outcome.word().to_owned(), body: String::new() }
}

fn case(reported: &ReportedFinding, report: &Report) -> Case {
    let finding = &reported.finding;
    let end =
        if report.fails(finding) { End::Failed(finding.severity.word()) } else { End::Skipped };
    let place = place(finding);
    let mut lines = vec![place.clone()];
    if !finding.help.is_empty() {
        lines.push(format!("help: {}", finding.help));
    }
    let clauses: Vec<String> = reported.clauses.iter().map(ToString::to_string).collect();
    if !clauses.is_empty() {
        lines.push(format!("clauses: {}", clauses.join(", ")));
    }
    lines.push(format!("docs: assize explain {}", finding.control));
    let lines: Vec<String> = lines.iter().map(|line| inline(line)).collect();
    let code = if finding.code.is_empty() { String::new() } else { format!(" {}", finding.code) };
    let state = match finding.state {
        FindingState::New => String::new(),
        other => format!(" ({})", other.word()),
    };
    Case {
        name: format!("{place}{code}"),
        end,
        message: format!("{}: {}{state}", finding.severity.word(), finding.message),
        body: lines.join("\n"),
    }
}

fn place(finding: &Finding) -> String {
    format!("{}:{}:{}", finding.path.as_str(), finding.place.line, finding.place.column)
}

fn problem_case(problem: &Problem) -> Case {
    let broken = matches!(problem.kind, ProblemKind::Configuration | ProblemKind::Root);
    let end = if broken { End::Broken(problem.kind.word()) } else { End::Skipped };
    let path = if problem.path.as_str().is_empty() { "." } else { problem.path.as_str() };
    Case {
        name: format!("{path} {}", problem.kind.word()),
        end,
        message: problem.message.clone(),
        body: String::new(),
    }
}

fn seconds(elapsed_ms: u64) -> String {
    format!("{}.{:03}", elapsed_ms / 1_000, elapsed_ms % 1_000)
}
