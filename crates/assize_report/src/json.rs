//! The JSON formats. `docs/json.md` is their contract: fields are added, never renamed, moved or
//! given another meaning without raising [`SCHEMA`].

use std::collections::BTreeMap;
use std::io::{self, Write};

use assize_model::{FileClass, Problem, Replacement};
use assize_rulebook::{ClauseCoverage, ControlStatus, CoverageSummary, Kind};
use serde::Serialize;

use crate::report::{ControlRun, Report, ReportedFinding, Stats, Timing, Timings};

/// The version of all formats in this module.
const SCHEMA: u32 = 1;

/// The whole report. Never cut by a limit, never escaped beyond what JSON asks.
///
/// # Errors
/// `out` cannot be written to.
pub fn json(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    let wire = WireReport {
        schema: SCHEMA,
        tool: WireTool { name: &report.head.tool.name, version: &report.head.tool.version },
        root: &report.head.root,
        rulebook: WireRuleBook { name: &report.rule_book.name, hash: &report.rule_book.hash },
        stats: WireStats::of(&report.head.stats),
        findings: report.findings.iter().map(WireFinding::of).collect(),
        controls: report.controls.iter().map(WireControl::of).collect(),
        problems: report.problems.iter().map(WireProblem::of).collect(),
        timings: report.timings.as_ref().map(WireTimings::of),
    };
    write_line(out, &wire)
}

/// How far each clause is covered, and by what.
///
/// # Errors
/// `out` cannot be written to.
pub fn json_coverage(out: &mut dyn Write, coverage: &[ClauseCoverage]) -> io::Result<()> {
    let summary = CoverageSummary::of(coverage);
    let mut statuses: BTreeMap<&str, ControlStatus> = BTreeMap::new();
    for control in coverage.iter().flat_map(|clause| &clause.controls) {
        statuses.insert(&control.name, control.status);
    }
    let count = |wanted| statuses.values().filter(|status| **status == wanted).count();
    let wire = WireCoverage {
        schema: SCHEMA,
        clauses: coverage.iter().map(WireClause::of).collect(),
        summary: WireCoverageSummary {
            clauses: summary.clauses(),
            full: summary.full,
            partial: summary.partial,
            none: summary.none,
            controls: WireControlSummary {
                compiled: count(ControlStatus::Compiled),
                partial: count(ControlStatus::Partial),
                planned: count(ControlStatus::Planned),
            },
        },
    };
    write_line(out, &wire)
}

/// One file that is, or pretends to be, an agent definition.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AgentRow {
    pub name: String,
    pub path: String,
    pub status: String,
}

/// The agent definitions, in the order given.
///
/// # Errors
/// `out` cannot be written to.
pub fn json_agents<'a>(out: &mut dyn Write, agents: &'a [AgentRow]) -> io::Result<()> {
    let wire = |row: &'a AgentRow| {
        let AgentRow { name, path, status } = row;
        WireAgent { name, path, status }
    };
    write_line(out, &WireAgents { schema: SCHEMA, agents: agents.iter().map(wire).collect() })
}

fn write_line(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")
}

#[derive(Serialize)]
struct WireReport<'a> {
    schema: u32,
    tool: WireTool<'a>,
    root: &'a str,
    rulebook: WireRuleBook<'a>,
    stats: WireStats,
    findings: Vec<WireFinding<'a>>,
    controls: Vec<WireControl<'a>>,
    problems: Vec<WireProblem<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timings: Option<WireTimings<'a>>,
}

/// There only where somebody asked for it.
#[derive(Serialize)]
struct WireTimings<'a> {
    parsers: Vec<WireTiming<'a>>,
    controls: Vec<WireTiming<'a>>,
}

impl<'a> WireTimings<'a> {
    fn of(timings: &'a Timings) -> Self {
        let wire = |one: &'a Timing| {
            let Timing { name, count, cpu_us } = one;
            WireTiming { name, count: *count, cpu_us: *cpu_us }
        };
        Self {
            parsers: timings.parsers.iter().map(wire).collect(),
            controls: timings.controls.iter().map(wire).collect(),
        }
    }
}

#[derive(Serialize)]
struct WireTiming<'a> {
    name: &'a str,
    count: u64,
    cpu_us: u64,
}

#[derive(Serialize)]
struct WireTool<'a> {
    name: &'a str,
    version: &'a str,
}

#[derive(Serialize)]
struct WireRuleBook<'a> {
    name: &'a str,
    hash: &'a str,
}

#[derive(Serialize)]
struct WireStats {
    files: u64,
    bytes: u64,
    parsed: u64,
    elapsed_ms: u64,
    /// Every class, those without files too.
    classes: BTreeMap<&'static str, u64>,
}

impl WireStats {
    fn of(stats: &Stats) -> Self {
        let mut classes: BTreeMap<&str, u64> =
            FileClass::ALL.into_iter().map(|class| (class.word(), 0)).collect();
        for (class, count) in &stats.classes {
            *classes.entry(class.word()).or_default() += count;
        }
        Self {
            files: stats.files,
            bytes: stats.bytes,
            parsed: stats.parsed,
            elapsed_ms: stats.elapsed_ms,
            classes,
        }
    }
}

#[derive(Serialize)]
struct WireFinding<'a> {
    control: &'a str,
    rule: Option<String>,
    clauses: Vec<String>,
    severity: &'static str,
    path: &'a str,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
    message: &'a str,
    help: &'a str,
    fingerprint: String,
    code: &'a str,
    state: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fix: Vec<WireReplacement<'a>>,
}

#[derive(Serialize)]
struct WireReplacement<'a> {
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
    text: &'a str,
}

impl<'a> WireReplacement<'a> {
    fn of(replacement: &'a Replacement) -> Self {
        let Replacement { place, text } = replacement;
        Self {
            line: place.line,
            column: place.column,
            end_line: place.end_line,
            end_column: place.end_column,
            text,
        }
    }
}

impl<'a> WireFinding<'a> {
    fn of(reported: &'a ReportedFinding) -> Self {
        let finding = &reported.finding;
        Self {
            control: finding.control.0,
            rule: reported.rule.map(|rule| rule.to_string()),
            clauses: reported.clauses.iter().map(ToString::to_string).collect(),
            severity: finding.severity.word(),
            path: finding.path.as_str(),
            line: finding.place.line,
            column: finding.place.column,
            end_line: finding.place.end_line,
            end_column: finding.place.end_column,
            message: &finding.message,
            help: &finding.help,
            fingerprint: finding.fingerprint.to_string(),
            code: &finding.code,
            state: finding.state.word(),
            fix: reported.fix.iter().map(WireReplacement::of).collect(),
        }
    }
}

#[derive(Serialize)]
struct WireControl<'a> {
    name: &'a str,
    outcome: &'static str,
    unresolved: u64,
}

impl<'a> WireControl<'a> {
    fn of(control: &'a ControlRun) -> Self {
        let ControlRun { name, outcome, unresolved, .. } = control;
        Self { name, outcome: outcome.word(), unresolved: *unresolved }
    }
}

#[derive(Serialize)]
struct WireProblem<'a> {
    path: &'a str,
    kind: &'static str,
    message: &'a str,
}

impl<'a> WireProblem<'a> {
    fn of(problem: &'a Problem) -> Self {
        Self { path: problem.path.as_str(), kind: problem.kind.word(), message: &problem.message }
    }
}

#[derive(Serialize)]
struct WireCoverage<'a> {
    schema: u32,
    clauses: Vec<WireClause<'a>>,
    summary: WireCoverageSummary,
}

#[derive(Serialize)]
struct WireClause<'a> {
    id: String,
    coverage: &'static str,
    controls: Vec<WireCoverageControl<'a>>,
}

impl<'a> WireClause<'a> {
    fn of(clause: &'a ClauseCoverage) -> Self {
        let controls = clause.controls.iter().map(|control| WireCoverageControl {
            name: &control.name,
            kind: control.kinds.iter().copied().map(Kind::word).collect::<Vec<_>>().join("+"),
            status: if control.counts { control.status.word() } else { "uncounted" },
        });
        Self {
            id: clause.id.to_string(),
            coverage: clause.coverage.word(),
            controls: controls.collect(),
        }
    }
}

#[derive(Serialize)]
struct WireCoverageControl<'a> {
    name: &'a str,
    kind: String,
    status: &'static str,
}

#[derive(Serialize)]
struct WireCoverageSummary {
    clauses: usize,
    full: usize,
    partial: usize,
    none: usize,
    controls: WireControlSummary,
}

#[derive(Serialize)]
struct WireControlSummary {
    compiled: usize,
    partial: usize,
    planned: usize,
}

#[derive(Serialize)]
struct WireAgents<'a> {
    schema: u32,
    agents: Vec<WireAgent<'a>>,
}

#[derive(Serialize)]
struct WireAgent<'a> {
    name: &'a str,
    path: &'a str,
    status: &'a str,
}
