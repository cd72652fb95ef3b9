//! `check_file`: a file judged before it is written, by the code that judges the write itself.

use assize_guard::{Reason, Verdict};
use assize_model::Finding;
use assize_serve::Answer;
use serde_json::{Value, json};

use super::Asked;
use super::arguments::Arguments;
use super::bounds;
use super::ground::{Ground, on_large_stack};
use crate::hook::{Proposal, propose};

/// What the guard itself would take from a client is not much more.
const CONTENT_BYTES_MAX: usize = 2 << 20;
const SHOWN_MAX: usize = 50;

pub(super) fn input() -> Value {
    json!({
        "path": {
            "type": "string",
            "description": "The file, relative to the root of the repository.",
        },
        "content": { "type": "string", "description": "The whole file as it would be." },
    })
}

pub(super) fn check(ground: &Ground, arguments: &Arguments<'_>) -> Asked {
    let path = arguments.text("path")?;
    let content = arguments.long("content", CONTENT_BYTES_MAX)?;
    let full = ground.root().join(path);
    let proposal = on_large_stack(|| propose(ground.root(), &full, content))??;
    Ok(Answer::good(text(path, &proposal), data(&proposal)))
}

fn text(path: &str, proposal: &Proposal) -> String {
    let Proposal { verdict, findings, spared } = proposal;
    let path = assize_report::inline(path);
    let mut text = match verdict {
        Verdict::Allow => format!("`{path}` may be written\n"),
        Verdict::Warn(_) => format!("`{path}` may be written, with a warning\n"),
        Verdict::Ask(_) => format!("a person would be asked about `{path}`\n"),
        Verdict::Deny(_) => format!("writing `{path}` would be denied\n"),
    };
    let all = findings.len();
    for finding in findings.iter().take(SHOWN_MAX) {
        let (severity, control) = (finding.severity.word(), finding.control);
        let line = format!(
            "{severity}[{control}] {}:{} {} {}",
            finding.path,
            finding.place.line,
            bounds::value(&finding.message),
            bounds::value(&finding.help)
        );
        text.push_str(&format!("{}\n", assize_report::inline(line.trim_end())));
    }
    text.push_str(&bounds::rest(all.min(SHOWN_MAX), all, "mend these first"));
    for reason in said(proposal) {
        let line = format!("[{}] {} {}", reason.control, reason.message, reason.help);
        text.push_str(&format!("{}\n", assize_report::inline(line.trim_end())));
    }
    if !spared.is_empty() && !matches!(verdict, Verdict::Deny(_)) {
        text.push_str("in `enforce` mode this would be denied; here it is only recorded\n");
    }
    text
}

/// The reasons that are no findings: of the guards, not of the checks.
fn said(proposal: &Proposal) -> impl Iterator<Item = &Reason> {
    let is_finding = |reason: &&Reason| {
        let mut findings = proposal.findings.iter();
        findings
            .any(|one| one.control.0 == reason.control && reason.message.ends_with(&one.message))
    };
    let mut all: Vec<&Reason> = proposal.verdict.reasons().iter().collect();
    all.extend(proposal.spared.iter().filter(|one| !proposal.verdict.reasons().contains(one)));
    all.into_iter().filter(move |reason| !is_finding(reason)).take(SHOWN_MAX)
}

fn data(proposal: &Proposal) -> Value {
    let findings = proposal.findings.iter().take(SHOWN_MAX);
    json!({
        "verdict": proposal.verdict.word(),
        "denied_in_enforce": matches!(proposal.verdict, Verdict::Deny(_))
            || !proposal.spared.is_empty(),
        "all": proposal.findings.len(),
        "cut": proposal.findings.len() > SHOWN_MAX,
        "findings": findings.map(finding).collect::<Vec<_>>(),
        "reasons": said(proposal).map(reason).collect::<Vec<_>>(),
    })
}

fn finding(finding: &Finding) -> Value {
    json!({
        "control": finding.control.0,
        "code": finding.code,
        "severity": finding.severity.word(),
        "path": finding.path.as_str(),
        "line": finding.place.line,
        "column": finding.place.column,
        "message": bounds::value(&finding.message),
        "help": bounds::value(&finding.help),
    })
}

fn reason(reason: &Reason) -> Value {
    json!({
        "control": reason.control,
        "message": bounds::value(&reason.message),
        "help": bounds::value(&reason.help),
    })
}
