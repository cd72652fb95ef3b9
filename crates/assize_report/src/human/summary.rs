//! What a lead reads in ten seconds: which rules suffer, how much is new, what was looked at.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Write};

use assize_model::{FindingState, Outcome, Severity};
use assize_rulebook::{RuleBook, RuleId};

use crate::escape::inline;
use crate::report::{Exit, Report, ReportedFinding};
use crate::style::Palette;

/// So many problems are listed; the rest are counted.
const PROBLEMS_MAX: usize = 5;

/// Findings by severity, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
struct Counts {
    block: usize,
    error: usize,
    warn: usize,
    info: usize,
}

impl Counts {
    fn add(&mut self, severity: Severity) {
        match severity {
            Severity::Block => self.block += 1,
            Severity::Error => self.error += 1,
            Severity::Warn => self.warn += 1,
            Severity::Info => self.info += 1,
        }
    }

    fn of<'a>(findings: impl Iterator<Item = &'a ReportedFinding>) -> Self {
        let mut counts = Self::default();
        findings.for_each(|reported| counts.add(reported.finding.severity));
        counts
    }

    const fn total(self) -> usize {
        self.block + self.error + self.warn + self.info
    }

    fn parts(self) -> impl Iterator<Item = (Severity, usize)> {
        [
            (Severity::Block, self.block),
            (Severity::Error, self.error),
            (Severity::Warn, self.warn),
            (Severity::Info, self.info),
        ]
        .into_iter()
        .filter(|(_, count)| *count > 0)
    }
}

/// The new findings of one rule.
#[derive(Debug, Default)]
struct Line {
    counts: Counts,
    controls: BTreeMap<&'static str, usize>,
}

pub(crate) fn write(
    out: &mut dyn Write,
    report: &Report,
    palette: Palette,
    book: &RuleBook,
) -> io::Result<()> {
    if write_rules(out, report, palette, book)? {
        writeln!(out)?;
    }
    writeln!(out, "{}", palette.strong(&totals(report)))?;
    write_files(out, report)?;
    write_problems(out, report)?;
    write_controls(out, report)?;
    writeln!(out, "{}", palette.strong(&exit_line(report)))
}

fn new_findings(report: &Report) -> impl Iterator<Item = &ReportedFinding> {
    report.findings.iter().filter(|reported| reported.finding.state == FindingState::New)
}

/// One line per rule that has new findings, the worst first. Says whether there were any.
fn write_rules(
    out: &mut dyn Write,
    report: &Report,
    palette: Palette,
    book: &RuleBook,
) -> io::Result<bool> {
    let mut lines: BTreeMap<Option<RuleId>, Line> = BTreeMap::new();
    for reported in new_findings(report) {
        let line = lines.entry(reported.rule).or_default();
        line.counts.add(reported.finding.severity);
        *line.controls.entry(reported.finding.control.0).or_default() += 1;
    }
    let mut lines: Vec<(Option<RuleId>, Line)> = lines.into_iter().collect();
    // What serves no rule comes last among equals.
    lines.sort_by_key(|(rule, line)| (Reverse(line.counts), rule.is_none(), *rule));
    let title = |rule: &Option<RuleId>| match rule {
        Some(id) => book.rule(*id).map_or_else(String::new, |r| inline(&r.title).into_owned()),
        None => "outside the rules".to_owned(),
    };
    let count_text = |counts: Counts| {
        let parts = counts.parts().map(|(severity, count)| format!("{count} {}", severity.word()));
        parts.collect::<Vec<_>>().join("  ")
    };
    let title_width = lines.iter().map(|(rule, _)| title(rule).chars().count()).max();
    let count_width = lines.iter().map(|(_, line)| count_text(line.counts).len()).max();
    for (rule, line) in &lines {
        let id = rule.map_or_else(|| "-  ".to_owned(), |id| id.to_string());
        let counts = format!("{:1$}", count_text(line.counts), count_width.unwrap_or(0));
        let worst = line.counts.parts().next().map_or(Severity::Info, |(severity, _)| severity);
        let mut controls: Vec<(&str, usize)> =
            line.controls.iter().map(|(name, count)| (*name, *count)).collect();
        controls.sort_by_key(|(name, count)| (Reverse(*count), *name));
        let controls: Vec<String> =
            controls.iter().map(|(name, count)| format!("{name} {count}")).collect();
        writeln!(
            out,
            "{} {:width$}   {}   {}",
            palette.strong(&id),
            title(rule),
            palette.severity(worst, &counts),
            controls.join(", "),
            width = title_width.unwrap_or(0),
        )?;
    }
    Ok(!lines.is_empty())
}

/// `15 new findings: 3 error, 12 warn; 40 baselined`.
pub(crate) fn totals(report: &Report) -> String {
    let counts = Counts::of(new_findings(report));
    let of = |state| report.findings.iter().filter(|one| one.finding.state == state).count();
    let mut text = match counts.total() {
        0 => "no new findings".to_owned(),
        1 => "1 new finding".to_owned(),
        total => format!("{total} new findings"),
    };
    let parts = counts.parts().map(|(severity, count)| format!("{count} {}", severity.word()));
    let parts: Vec<String> = parts.collect();
    if !parts.is_empty() {
        text.push_str(": ");
        text.push_str(&parts.join(", "));
    }
    for state in [FindingState::Baselined, FindingState::Waived] {
        let count = of(state);
        if count > 0 {
            text.push_str(&format!("; {count} {}", state.word()));
        }
    }
    text
}

/// `exit 1: 3 new findings of severity error or above`.
pub(crate) fn exit_line(report: &Report) -> String {
    let exit = report.exit();
    let fail_on = match report.head.fail_on {
        Severity::Block => "block".to_owned(),
        other => format!("{} or above", other.word()),
    };
    let why = match &exit {
        Exit::Clean => format!("no new finding of severity {fail_on}"),
        Exit::Findings { findings: 1 } => format!("1 new finding of severity {fail_on}"),
        Exit::Findings { findings } => format!("{findings} new findings of severity {fail_on}"),
        Exit::Broken { kind, path } => {
            let path = inline(path.as_str()).into_owned();
            let place = if path.is_empty() { String::new() } else { format!(" in {path}") };
            format!("{} problem{place}; the findings cannot be relied on", kind.word())
        }
    };
    format!("exit {}: {why}", exit.code())
}

fn write_files(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    let stats = &report.head.stats;
    let mut classes: Vec<_> = stats.classes.iter().filter(|(_, count)| *count > 0).collect();
    classes.sort_by_key(|(class, count)| (Reverse(*count), *class));
    let classes: Vec<String> =
        classes.iter().map(|(class, count)| format!("{count} {}", class.word())).collect();
    let colon = if classes.is_empty() { "" } else { ": " };
    writeln!(
        out,
        "{} files, {}, {} parsed, {}{colon}{}",
        stats.files,
        megabytes(stats.bytes),
        stats.parsed,
        seconds(stats.elapsed_ms),
        classes.join(", "),
    )
}

/// Decimal megabytes with one digit, without a detour over floating point.
fn megabytes(bytes: u64) -> String {
    let tenths = bytes / 100_000 + u64::from(bytes % 100_000 >= 50_000);
    format!("{}.{} MB", tenths / 10, tenths % 10)
}

fn seconds(elapsed_ms: u64) -> String {
    format!("{}.{:02} s", elapsed_ms / 1_000, elapsed_ms % 1_000 / 10)
}

fn write_problems(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    let problems = &report.problems;
    if problems.is_empty() {
        return Ok(());
    }
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for problem in problems {
        *kinds.entry(problem.kind.word()).or_default() += 1;
    }
    let mut kinds: Vec<(&str, usize)> = kinds.into_iter().collect();
    kinds.sort_by_key(|(word, count)| (Reverse(*count), *word));
    let kinds: Vec<String> = kinds.iter().map(|(word, count)| format!("{count} {word}")).collect();
    let noun = if problems.len() == 1 { "problem" } else { "problems" };
    writeln!(out, "{} {noun}: {}", problems.len(), kinds.join(", "))?;
    for problem in problems.iter().take(PROBLEMS_MAX) {
        let path = match problem.path.as_str() {
            "" => ".".into(),
            path => inline(path),
        };
        writeln!(out, "  {path}: {}: {}", problem.kind.word(), inline(&problem.message))?;
    }
    let rest = problems.len().saturating_sub(PROBLEMS_MAX);
    if rest > 0 {
        writeln!(out, "  … and {rest} more: --format json lists all")?;
    }
    Ok(())
}

/// What did not run, and what ran without being able to decide everything.
fn write_controls(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    let named = |outcome: Outcome| {
        let matching = report.controls.iter().filter(|control| control.outcome == outcome);
        matching.map(|control| inline(&control.name)).collect::<Vec<_>>().join(", ")
    };
    let (off, idle) = (named(Outcome::Off), named(Outcome::NotApplicable));
    let silent = [("off", off), ("not applicable", idle)].into_iter();
    let silent: Vec<String> = silent
        .filter(|(_, names)| !names.is_empty())
        .map(|(word, names)| format!("{word}: {names}"))
        .collect();
    if !silent.is_empty() {
        writeln!(out, "{}", silent.join("; "))?;
    }
    let undecided = report.controls.iter().filter(|control| control.unresolved > 0);
    let undecided: Vec<String> =
        undecided.map(|c| format!("{} {}", inline(&c.name), c.unresolved)).collect();
    if !undecided.is_empty() {
        writeln!(out, "unresolved, never a finding: {}", undecided.join(", "))?;
    }
    Ok(())
}
