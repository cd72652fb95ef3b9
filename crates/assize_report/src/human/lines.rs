//! One line per finding: `concise` for people, `agent` for coding agents.

use std::io::{self, Write};

use assize_rulebook::RuleBook;

use super::{Selection, View, place_text, state_note, summary};
use crate::escape::inline;
use crate::report::{Report, ReportedFinding};
use crate::style::Palette;

/// `path:line:col: severity[control/code] message`, then the summary.
///
/// # Errors
/// `out` cannot be written to.
pub fn concise(
    out: &mut dyn Write,
    report: &Report,
    view: View,
    book: &RuleBook,
) -> io::Result<()> {
    let palette = Palette { colour: view.colour };
    let selection = Selection::of(report, view);
    for reported in &selection.findings {
        line(out, reported, palette)?;
    }
    selection.write_left_out(out)?;
    if !selection.findings.is_empty() {
        writeln!(out)?;
    }
    summary::write(out, report, palette, book)
}

/// One finding in one line, for people.
pub(super) fn line(
    out: &mut dyn Write,
    reported: &ReportedFinding,
    palette: Palette,
) -> io::Result<()> {
    let finding = &reported.finding;
    writeln!(
        out,
        "{}: {}{} {}{}",
        palette.strong(&place_text(finding)),
        palette.severity(finding.severity, finding.severity.word()),
        slot(reported, "[", "/", "]"),
        inline(&finding.message),
        state_note(reported),
    )
}

/// `path:line:col severity control[code] R01.1: message; help`, then one line of totals.
///
/// Nothing is aligned, coloured or quoted: every character costs the reader's context.
///
/// # Errors
/// `out` cannot be written to.
pub fn agent(out: &mut dyn Write, report: &Report, view: View) -> io::Result<()> {
    let selection = Selection::of(report, view);
    for reported in &selection.findings {
        let finding = &reported.finding;
        let severity = finding.severity.word();
        write!(out, "{} {severity} {}", place_text(finding), slot(reported, "", "[", "]"))?;
        if let Some(clause) = reported.clauses.first() {
            write!(out, " {clause}")?;
        }
        write!(out, ": {}{}", inline(&finding.message), state_note(reported))?;
        if !finding.help.is_empty() {
            write!(out, "; {}", inline(&finding.help))?;
        }
        writeln!(out)?;
    }
    selection.write_left_out(out)?;
    writeln!(out, "{}; {}", summary::totals(report), summary::exit_line(report))
}

/// The control and, where it has one, the code: `[control/code]` or `control[code]`.
fn slot(reported: &ReportedFinding, open: &str, between: &str, close: &str) -> String {
    let (control, code) = (reported.finding.control.0, reported.finding.code.as_str());
    match (code.is_empty(), open.is_empty()) {
        (true, true) => control.to_owned(),
        (true, false) => format!("{open}{control}{close}"),
        (false, _) => format!("{open}{control}{between}{}{close}", inline(code)),
    }
}
