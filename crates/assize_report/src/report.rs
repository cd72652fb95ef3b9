//! The value that all renderings start from.

use std::collections::BTreeSet;

use assize_model::{
    FileClass, Finding, FindingState, Outcome, Problem, ProblemKind, Replacement, RepoPath,
    Severity,
};
use assize_rulebook::{ClauseId, RuleBook, RuleId};

/// Which program made the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tool {
    pub name: String,
    pub version: String,
}

/// Which rule book it was made by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleBookRef {
    pub name: String,
    /// 64 hexadecimal digits.
    pub hash: String,
}

/// How much was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stats {
    pub files: u64,
    pub bytes: u64,
    /// Files with a valid parse, cached or not.
    pub parsed: u64,
    pub elapsed_ms: u64,
    /// Files by class; a class without files may be left out.
    pub classes: Vec<(FileClass, u64)>,
}

/// What became of one control.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ControlRun {
    pub name: String,
    pub outcome: Outcome,
    /// References that could not be decided.
    pub unresolved: u64,
    /// One sentence: what it flags. May be empty.
    pub summary: String,
    /// Its page in Markdown. May be empty.
    pub doc: String,
}

/// A finding with its place in the rule book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportedFinding {
    pub finding: Finding,
    /// The rule of the primary clause.
    pub rule: Option<RuleId>,
    /// Primary first.
    pub clauses: Vec<ClauseId>,
    /// The exact edits that mend it, where there are any and somebody asked for them.
    pub fix: Vec<Replacement>,
}

/// Everything about a report that is not a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    pub tool: Tool,
    /// The root, as the user may see it.
    pub root: String,
    pub stats: Stats,
    /// New findings from this severity on make the exit status 1.
    pub fail_on: Severity,
}

/// What a parser or a control took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timing {
    /// The language of the parser, or the name of the control.
    pub name: String,
    /// Files or groups.
    pub count: u64,
    /// Processor time of all threads together.
    pub cpu_us: u64,
}

/// What a pass took, part by part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timings {
    pub parsers: Vec<Timing>,
    pub controls: Vec<Timing>,
}

/// One pass over a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    pub head: Head,
    pub rule_book: RuleBookRef,
    /// By path, then by place.
    pub findings: Vec<ReportedFinding>,
    /// By name; with every control of the rule book.
    pub controls: Vec<ControlRun>,
    /// By path, then by kind.
    pub problems: Vec<Problem>,
    /// Where somebody asked for them.
    pub timings: Option<Timings>,
}

impl Report {
    /// Puts the lists in order, names rule and clauses of each finding, and adds the rule book's
    /// controls that nobody ran as planned.
    pub fn new(
        head: Head,
        book: &RuleBook,
        findings: Vec<Finding>,
        controls: Vec<ControlRun>,
        problems: Vec<Problem>,
    ) -> Self {
        let mut findings: Vec<ReportedFinding> = findings
            .into_iter()
            .map(|finding| {
                let clauses = book.clauses_of(finding.control.0).to_vec();
                let rule = clauses.first().map(|c| c.rule());
                ReportedFinding { rule, clauses, finding, fix: Vec::new() }
            })
            .collect();
        findings.sort_by(|left, right| left.finding.cmp(&right.finding));
        let mut controls = controls;
        let known: BTreeSet<String> = controls.iter().map(|control| control.name.clone()).collect();
        let planned = book.controls().iter().filter(|entry| !known.contains(&entry.name));
        controls.extend(planned.map(|entry| ControlRun {
            name: entry.name.clone(),
            outcome: Outcome::Planned,
            unresolved: 0,
            summary: String::new(),
            doc: String::new(),
        }));
        controls.sort_by(|left, right| left.name.cmp(&right.name));
        let mut problems = problems;
        problems.sort();
        let rule_book = RuleBookRef { name: book.name().to_owned(), hash: book.hash().to_string() };
        Self { head, rule_book, findings, controls, problems, timings: None }
    }

    /// What the exit status of the program is to be, and why.
    pub fn exit(&self) -> Exit {
        let broken = |problem: &&Problem| {
            matches!(problem.kind, ProblemKind::Configuration | ProblemKind::Root)
        };
        if let Some(problem) = self.problems.iter().find(broken) {
            return Exit::Broken { kind: problem.kind, path: problem.path.clone() };
        }
        match self.findings.iter().filter(|reported| self.fails(&reported.finding)).count() {
            0 => Exit::Clean,
            findings => Exit::Findings { findings },
        }
    }

    /// Whether a finding is one of those that make the exit status 1.
    pub(crate) fn fails(&self, finding: &Finding) -> bool {
        finding.state == FindingState::New && finding.severity >= self.head.fail_on
    }
}

/// Why the program ends with the status it ends with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Exit {
    Clean,
    /// New findings of the severity that fails.
    Findings {
        findings: usize,
    },
    /// The configuration or the root cannot be used, so nothing that was found can be relied on.
    Broken {
        kind: ProblemKind,
        path: RepoPath,
    },
}

impl Exit {
    pub const fn code(&self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Findings { .. } => 1,
            Self::Broken { .. } => 2,
        }
    }
}
