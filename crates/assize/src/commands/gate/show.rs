//! What a gate says, for people, agents and machines.

use std::io::Write;

use assize_checks::Pass;
use assize_guard::Reason;
use assize_model::{Finding, FindingState, Problem, Severity};
use assize_report::{Head, Report, Stats, Tool, inline};
use assize_rulebook::RuleBook;
use serde_json::Value;

use super::tree::Change;
use crate::cli::Plain;
use crate::failure::Failure;
use crate::gates::answer::{Answer, clause};
use crate::project::Project;

/// Whether the work that led here was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Evidence {
    Recorded(String),
    Bad(String),
    /// By bundles that anybody can verify.
    Proven(String),
    Refused(String),
    /// The static gates are all there is.
    Unproven(String),
}

/// Everything that a gate found.
pub(super) struct Outcome {
    pub(super) changes: Vec<Change>,
    pub(super) findings: Vec<Finding>,
    pub(super) problems: Vec<Problem>,
    pub(super) refusals: Vec<Reason>,
    /// What is said and closes nothing.
    pub(super) notes: Vec<Reason>,
    pub(super) evidence: Evidence,
    pub(super) pass: Pass,
    /// The hash of the configuration that ruled.
    pub(super) rules: String,
}

impl Evidence {
    const fn word(&self) -> &'static str {
        match self {
            Self::Recorded(_) => "recorded",
            Self::Bad(_) => "bad",
            Self::Proven(_) => "proven",
            Self::Refused(_) => "refused",
            Self::Unproven(_) => "unproven",
        }
    }

    fn why(&self) -> &str {
        match self {
            Self::Recorded(why)
            | Self::Bad(why)
            | Self::Proven(why)
            | Self::Refused(why)
            | Self::Unproven(why) => why,
        }
    }
}

impl Outcome {
    fn holds(finding: &Finding) -> bool {
        finding.state == FindingState::New && finding.severity >= Severity::Error
    }

    /// How much holds the commit.
    fn held(&self) -> usize {
        let findings = self.findings.iter().filter(|finding| Self::holds(finding)).count();
        findings + self.problems.len()
    }

    pub(super) fn is_open(&self) -> bool {
        self.answer().is_open()
    }

    fn answer(&self) -> Answer {
        Answer {
            moment: "commit",
            held: self.held(),
            evidence: self.evidence.word(),
            why: self.evidence.why().to_owned(),
            refusals: self.refusals.clone(),
            notes: self.notes.clone(),
            counts: vec![("files", self.changes.len())],
        }
    }

    pub(super) fn print(
        &self,
        project: &Project,
        format: Plain,
        out: &mut dyn Write,
    ) -> Result<(), Failure> {
        match format {
            Plain::Text => self.text(out),
            Plain::Json => self.json(project, out),
        }
    }

    fn text(&self, out: &mut dyn Write) -> Result<(), Failure> {
        let book = RuleBook::backend().map_err(|error| Failure::tool(error))?;
        let mut findings: Vec<&Finding> =
            self.findings.iter().filter(|one| one.state == FindingState::New).collect();
        findings.sort();
        for finding in findings {
            let (path, place) = (inline(finding.path.as_str()), finding.place);
            let place = format!("{path}:{}:{}", place.line, place.column);
            let (severity, control) = (finding.severity.word(), finding.control.0);
            let clause = clause(book, control);
            let (code, message) = (inline(&finding.code), inline(&finding.message));
            let help = inline(&finding.help);
            writeln!(out, "{place}: {severity}[{control}/{code}]{clause}: {message}; {help}")?;
        }
        for problem in &self.problems {
            let (path, message) = (inline(problem.path.as_str()), inline(&problem.message));
            writeln!(
                out,
                "{path}: error: it was not checked ({}): {message}",
                problem.kind.word()
            )?;
        }
        self.answer().print(Plain::Text, None, out)
    }

    fn json(&self, project: &Project, out: &mut dyn Write) -> Result<(), Failure> {
        let book = RuleBook::backend().map_err(|error| Failure::tool(error))?;
        let head = Head {
            tool: Tool { name: "assize".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
            root: project.root.folder.display().to_string(),
            stats: Stats::default(),
            fail_on: Severity::Error,
        };
        let controls = crate::commands::check::control_runs(&self.pass, &project.settings);
        let (findings, problems) = (self.findings.clone(), self.problems.clone());
        let report = Report::new(head, book, findings, controls, problems);
        let mut bytes = Vec::new();
        assize_report::json(&mut bytes, &report)?;
        let report: Value =
            serde_json::from_slice(&bytes).map_err(|error| Failure::tool(&error))?;
        self.answer().print(Plain::Json, Some(report), out)
    }
}
