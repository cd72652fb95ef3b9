//! GitHub's workflow commands: annotations on the lines of a pull request.
//!
//! GitHub keeps a few annotations of each level per step and drops the rest without a word. The
//! worst are written, and a summary counts what is left out, so that a short list is never taken
//! for a clean one. The lines of the summary hold no text of the repository: the runner acts on
//! commands wherever they stand in a log.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Write};

use assize_model::{Finding, FindingState, ProblemKind, Severity};

use crate::escape::inline;
use crate::human::summary;
use crate::report::{Report, ReportedFinding};

/// So many annotations of one level does GitHub show of a step.
const PER_LEVEL_MAX: usize = 10;

/// What GitHub knows of severity.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Error,
    Warning,
    Notice,
}

impl Level {
    const fn of(severity: Severity) -> Self {
        match severity {
            Severity::Block | Severity::Error => Self::Error,
            Severity::Warn => Self::Warning,
            Severity::Info => Self::Notice,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Notice => "notice",
        }
    }
}

/// The new findings as annotations, worst first, and a summary of the rest.
///
/// # Errors
/// `out` cannot be written to.
pub fn github(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    let mut room: BTreeMap<Level, usize> = BTreeMap::new();
    let mut has_room = |level| {
        let used = room.entry(level).or_default();
        *used += 1;
        *used <= PER_LEVEL_MAX
    };
    for problem in &report.problems {
        let broken = matches!(problem.kind, ProblemKind::Configuration | ProblemKind::Root);
        if broken && has_room(Level::Error) {
            let title = format!("title=assize {}", property(problem.kind.word()));
            writeln!(out, "::error {title}::{}", data(&problem.message))?;
        }
    }
    let mut findings: Vec<&ReportedFinding> = report.findings.iter().collect();
    findings.retain(|reported| reported.finding.state == FindingState::New);
    findings.sort_by_key(|reported| Reverse(reported.finding.severity));
    let mut left_out: BTreeMap<(&str, Level), usize> = BTreeMap::new();
    for reported in findings {
        let level = Level::of(reported.finding.severity);
        if has_room(level) {
            annotation(out, level, reported)?;
        } else {
            *left_out.entry((reported.finding.control.0, level)).or_default() += 1;
        }
    }
    write_left_out(out, &left_out)?;
    writeln!(out, "{}", summary::totals(report))?;
    let exit = report.exit();
    writeln!(out, "exit {}", exit.code())
}

fn annotation(out: &mut dyn Write, level: Level, reported: &ReportedFinding) -> io::Result<()> {
    let Finding { path, place, control, code, message, help, .. } = &reported.finding;
    let slot = if code.is_empty() { control.to_string() } else { format!("{control}/{code}") };
    let title = match reported.clauses.first() {
        Some(clause) => format!("{slot} ({clause})"),
        None => slot,
    };
    write!(
        out,
        "::{} file={},line={},endLine={}",
        level.word(),
        property(path.as_str()),
        place.line,
        place.end_line.max(place.line),
    )?;
    // GitHub refuses columns where a place goes over several lines.
    if place.line == place.end_line {
        write!(out, ",col={},endColumn={}", place.column, place.end_column)?;
    }
    let text = if help.is_empty() { message.clone() } else { format!("{message}\nhelp: {help}") };
    writeln!(out, ",title={}::{}", property(&title), data(&text))
}

fn write_left_out(
    out: &mut dyn Write,
    left_out: &BTreeMap<(&str, Level), usize>,
) -> io::Result<()> {
    let total: usize = left_out.values().sum();
    if total == 0 {
        return Ok(());
    }
    writeln!(
        out,
        "{total} more, of which GitHub would show nothing ({PER_LEVEL_MAX} per level and step):"
    )?;
    for ((control, level), count) in left_out {
        writeln!(out, "  {control} {}: {count}", level.word())?;
    }
    writeln!(out, "`assize check` lists all of them")
}

/// A text behind the second `::`. Lines are kept, all else that acts on a display is made visible.
fn data(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(|line| inline(line).replace('%', "%25")).collect();
    lines.join("%0A")
}

/// The value of a property, which commas and colons would end.
fn property(text: &str) -> String {
    inline(text).replace('%', "%25").replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::{data, property};

    #[test]
    fn texts_stay_inside_their_command() {
        assert_eq!(data("100% \r\n::error::x\u{1b}"), "100%25 %0A::error::x\\u{1b}");
        assert_eq!(property("a,line=1::b%0A\n"), "a%2Cline=1%3A%3Ab%250A\\n");
    }
}
