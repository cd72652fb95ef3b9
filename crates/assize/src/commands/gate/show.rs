//! What a gate says, for people, agents and machines.

use std::io::Write;

use assize_checks::Pass;
use assize_guard::Reason;
use assize_model::{Finding, FindingState, Problem, Severity};
use assize_report::{Head, Report, Stats, Tool, inline};
use assize_rulebook::RuleBook;
use serde_json::{Value, json};

use super::tree::Change;
use crate::cli::Plain;
use crate::failure::Failure;
use crate::project::Project;

/// Whether the work that led here was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Evidence {
    Recorded(String),
    Bad(String),
    /// The static gates are all there is.
    Unproven(String),
}

/// Something that closes the gate and lies at no place in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) control: &'static str,
    pub(super) message: String,
    pub(super) help: String,
}

/// Everything that a gate found.
pub(super) struct Outcome {
    pub(super) changes: Vec<Change>,
    pub(super) findings: Vec<Finding>,
    pub(super) problems: Vec<Problem>,
    pub(super) refusals: Vec<Refusal>,
    /// What is said and closes nothing.
    pub(super) notes: Vec<Reason>,
    pub(super) evidence: Evidence,
    pub(super) pass: Pass,
}

impl Evidence {
    const fn word(&self) -> &'static str {
        match self {
            Self::Recorded(_) => "recorded",
            Self::Bad(_) => "bad",
            Self::Unproven(_) => "unproven",
        }
    }

    fn why(&self) -> &str {
        match self {
            Self::Recorded(why) | Self::Bad(why) | Self::Unproven(why) => why,
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
        findings + self.problems.len() + self.refusals.len()
    }

    pub(super) fn is_open(&self) -> bool {
        self.held() == 0
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
        for refusal in &self.refusals {
            let Refusal { control, message, help } = refusal;
            let clause = clause(book, control);
            writeln!(out, "error[{control}]{clause}: {}; {help}", inline(message))?;
        }
        for Reason { control, message, help } in &self.notes {
            let clause = clause(book, control);
            writeln!(out, "warn[{control}]{clause}: {}; {help}", inline(message))?;
        }
        let (evidence, why) = (self.evidence.word(), inline(self.evidence.why()));
        let files = self.changes.len();
        let state = match self.held() {
            0 => "open".to_owned(),
            held => format!("closed by {held}"),
        };
        writeln!(out, "gate commit: {state}; files: {files}; {evidence}: {why}")?;
        Ok(())
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
        let refusal = |one: &Refusal| json!({ "control": one.control, "message": one.message, "help": one.help });
        let note = |one: &Reason| json!({ "control": one.control, "message": one.message, "help": one.help });
        let whole = json!({
            "schema": 1,
            "moment": "commit",
            "open": self.is_open(),
            "evidence": self.evidence.word(),
            "why": self.evidence.why(),
            "refusals": self.refusals.iter().map(refusal).collect::<Vec<_>>(),
            "notes": self.notes.iter().map(note).collect::<Vec<_>>(),
            "report": report,
        });
        writeln!(out, "{whole}")?;
        Ok(())
    }
}

fn clause(book: &RuleBook, control: &str) -> String {
    book.clauses_of(control).first().map_or(String::new(), |clause| format!(" {clause}"))
}
