//! SARIF 2.1.0, for code-scanning services and editors.
//!
//! What SARIF has no word for (our four severities, codes, clauses) stands in property bags.
//! Like JSON it is never cut by a limit.

mod wire;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use assize_model::{FindingState, Place, Problem, ProblemKind, Severity};
use assize_rulebook::RuleBook;

use crate::report::{ControlRun, Exit, Report, ReportedFinding};
use wire::{
    Artifact, ArtifactChange, BaseUri, Configuration, Descriptor, Driver, Fix, Invocation,
    Location, Log, Message, Multiformat, Notification, Physical, Region, Replacement,
    Result as WireResult, ResultProperties, Rule, RuleProperties, Run, RunProperties, Tool,
};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// What paths are relative to.
const BASE: &str = "SRCROOT";

/// The key of our fingerprint; its number is raised when the fingerprint's recipe changes.
const FINGERPRINT: &str = "assizeFingerprint/v1";

/// One run with all findings, and the problems as notifications of the tool.
///
/// # Errors
/// `out` cannot be written to.
pub fn sarif(out: &mut dyn Write, report: &Report, book: &RuleBook) -> io::Result<()> {
    let rules = rules(report, book);
    let positions: BTreeMap<&str, usize> =
        rules.iter().enumerate().map(|(position, rule)| (rule.id, position)).collect();
    let exit = report.exit();
    let run = Run {
        results: report.findings.iter().map(|found| result(found, &positions)).collect(),
        tool: Tool {
            driver: Driver {
                name: &report.head.tool.name,
                version: &report.head.tool.version,
                rules,
            },
        },
        invocations: [Invocation {
            execution_successful: !matches!(exit, Exit::Broken { .. }),
            exit_code: exit.code(),
            tool_execution_notifications: report.problems.iter().map(notification).collect(),
        }],
        original_uri_base_ids: base_uri(&report.head.root),
        column_kind: "unicodeCodePoints",
        properties: RunProperties {
            rule_book: &report.rule_book.name,
            rule_book_hash: &report.rule_book.hash,
        },
    };
    let log = Log { schema: SCHEMA, version: "2.1.0", runs: [run] };
    serde_json::to_writer(&mut *out, &log)?;
    out.write_all(b"\n")
}

/// Every control that ran, and every control with a finding, by name.
fn rules<'a>(report: &'a Report, book: &'a RuleBook) -> Vec<Rule<'a>> {
    let found: BTreeSet<&str> =
        report.findings.iter().map(|reported| reported.finding.control.0).collect();
    let runs: BTreeMap<&str, &ControlRun> =
        report.controls.iter().map(|control| (control.name.as_str(), control)).collect();
    let ran = runs.values().filter(|control| control.outcome == assize_model::Outcome::Ran);
    let names: BTreeSet<&str> = ran.map(|control| control.name.as_str()).chain(found).collect();
    names.into_iter().map(|name| rule(name, runs.get(name).copied(), book)).collect()
}

fn rule<'a>(name: &'a str, run: Option<&'a ControlRun>, book: &'a RuleBook) -> Rule<'a> {
    let entry = book.control(name);
    let clauses = book.clauses_of(name);
    let texts: Vec<String> = clauses
        .iter()
        .filter_map(|id| book.clause(*id))
        .map(|clause| format!("{} {}", clause.id, clause.text))
        .collect();
    let summary = run.map_or("", |run| run.summary.as_str());
    let short = if summary.is_empty() { name } else { summary };
    let mut help = vec![short.to_owned()];
    help.extend(texts);
    help.push(format!("assize explain {name}"));
    let page = run.map_or("", |run| run.doc.as_str());
    let severity = entry.and_then(|entry| entry.severity);
    Rule {
        id: name,
        short_description: Message { text: short.to_owned() },
        help: Multiformat {
            text: help.join("\n"),
            markdown: if page.is_empty() { None } else { Some(page) },
        },
        default_configuration: severity.map(|severity| Configuration { level: level(severity) }),
        properties: RuleProperties { clauses: clauses.iter().map(ToString::to_string).collect() },
    }
}

fn result<'a>(reported: &'a ReportedFinding, positions: &BTreeMap<&str, usize>) -> WireResult<'a> {
    let finding = &reported.finding;
    let mut text = finding.message.clone();
    if !finding.help.is_empty() {
        text.push_str("; ");
        text.push_str(&finding.help);
    }
    WireResult {
        rule_id: finding.control.0,
        rule_index: positions.get(finding.control.0).copied(),
        level: level(finding.severity),
        message: Message { text },
        locations: [location(finding.path.as_str(), Some(finding.place))],
        partial_fingerprints: BTreeMap::from([(FINGERPRINT, finding.fingerprint.to_string())]),
        baseline_state: match finding.state {
            FindingState::New => "new",
            FindingState::Baselined | FindingState::Waived => "unchanged",
        },
        fixes: fix(reported).into_iter().collect(),
        properties: ResultProperties {
            severity: finding.severity.word(),
            code: &finding.code,
            rule: reported.rule.map(|rule| rule.to_string()),
            clauses: reported.clauses.iter().map(ToString::to_string).collect(),
        },
    }
}

/// The edits that mend a finding, all of them in its own file.
fn fix(reported: &ReportedFinding) -> Option<Fix> {
    let replacement = |one: &assize_model::Replacement| Replacement {
        deleted_region: region(one.place),
        inserted_content: Message { text: one.text.clone() },
    };
    let replacements: Vec<Replacement> = reported.fix.iter().map(replacement).collect();
    let uri = uri(reported.finding.path.as_str());
    (!replacements.is_empty()).then(|| Fix {
        description: Message { text: reported.finding.help.clone() },
        artifact_changes: [ArtifactChange {
            artifact_location: Artifact { uri, uri_base_id: BASE },
            replacements,
        }],
    })
}

fn region(place: Place) -> Region {
    Region {
        start_line: place.line.max(1),
        start_column: place.column.max(1),
        end_line: place.end_line.max(1),
        end_column: place.end_column.max(1),
    }
}

fn location(path: &str, place: Option<Place>) -> Location {
    Location {
        physical_location: Physical {
            artifact_location: Artifact { uri: uri(path), uri_base_id: BASE },
            region: place.map(region),
        },
    }
}

fn notification(problem: &Problem) -> Notification<'_> {
    let fatal = matches!(problem.kind, ProblemKind::Configuration | ProblemKind::Root);
    let path = problem.path.as_str();
    Notification {
        descriptor: Descriptor { id: problem.kind.word() },
        level: if fatal { "error" } else { "warning" },
        message: Message { text: problem.message.clone() },
        // The root itself has no address below the root.
        locations: if path.is_empty() { Vec::new() } else { vec![location(path, None)] },
    }
}

/// An address for the root where it is an absolute path; elsewhere the reader has to know it.
fn base_uri(root: &str) -> BTreeMap<&'static str, BaseUri> {
    let uri = root.starts_with('/').then(|| format!("file://{}/", uri(root.trim_end_matches('/'))));
    BTreeMap::from([(BASE, BaseUri { uri })])
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Block | Severity::Error => "error",
        Severity::Warn => "warning",
        Severity::Info => "note",
    }
}

/// The path as a relative reference: everything but unreserved characters and `/` is escaped, so
/// a colon in the first part cannot turn it into a scheme, and decoding gives the path again.
fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn paths_become_relative_references() {
        assert_eq!(uri("a b/c:d#e?f%.py"), "a%20b/c%3Ad%23e%3Ff%25.py");
        assert_eq!(uri("é\u{1b}"), "%C3%A9%1B");
    }
}
