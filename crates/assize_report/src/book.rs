//! The rule book and its coverage as text for a terminal.

use std::collections::BTreeMap;
use std::io::{self, Write};

use assize_rulebook::{
    ClauseCoverage, ControlCoverage, ControlStatus, CoverageSummary, Missing, Rule, RuleBook,
};

use crate::escape::inline;
use crate::style::Palette;

/// `rules list`: one line per rule with its coverage.
///
/// # Errors
/// `out` cannot be written to.
pub fn rules_list(
    out: &mut dyn Write,
    book: &RuleBook,
    coverage: &[ClauseCoverage],
    colour: bool,
) -> io::Result<()> {
    let palette = Palette { colour };
    let titles: Vec<String> = book.rules().iter().map(|r| inline(&r.title).into_owned()).collect();
    let width = titles.iter().map(|title| title.chars().count()).max().unwrap_or(0);
    for (rule, title) in book.rules().iter().zip(&titles) {
        let summary = CoverageSummary::of(of_rule(coverage, rule));
        let id = rule.id.to_string();
        writeln!(out, "{} {title:width$}   {}", palette.strong(&id), summary_text(summary))?;
    }
    let all = summary_text(CoverageSummary::of(coverage));
    writeln!(out, "\n{} rules of rule book {}: {all}", titles.len(), inline(book.name()))
}

/// `rules show R04`: the rule, its reason, its clauses and what executes them.
///
/// # Errors
/// `out` cannot be written to.
pub fn rule_page(
    out: &mut dyn Write,
    rule: &Rule,
    coverage: &[ClauseCoverage],
    colour: bool,
) -> io::Result<()> {
    let palette = Palette { colour };
    let head = format!("{} {}", rule.id, inline(&rule.title));
    writeln!(out, "{}\n{}", palette.strong(&head), inline(&rule.why))?;
    let covered: BTreeMap<_, _> =
        of_rule(coverage, rule).map(|clause| (clause.id, clause)).collect();
    for clause in &rule.clauses {
        let id = clause.id.to_string();
        let clause_coverage = covered.get(&clause.id);
        let word = clause_coverage.map_or("unknown", |covered| covered.coverage.word());
        writeln!(out, "\n{} [{word}] {}", palette.strong(&id), inline(&clause.text))?;
        match clause_coverage {
            None => writeln!(out, "  {}", clause.controls.join(", "))?,
            Some(covered) => covered
                .controls
                .iter()
                .try_for_each(|control| writeln!(out, "  {}", control_line(control)))?,
        }
    }
    Ok(())
}

/// `rules coverage`: one line per clause, and what it lacks.
///
/// # Errors
/// `out` cannot be written to.
pub fn rules_coverage(
    out: &mut dyn Write,
    coverage: &[ClauseCoverage],
    colour: bool,
) -> io::Result<()> {
    let palette = Palette { colour };
    for clause in coverage {
        let id = format!("{:6}", clause.id.to_string());
        let lacking: Vec<String> = clause.missing().map(lacking).collect();
        let word = clause.coverage.word();
        if lacking.is_empty() {
            writeln!(out, "{} {word}", palette.strong(&id))?;
        } else {
            let lacking = format!("lacks {}", lacking.join(", "));
            writeln!(out, "{} {word:7} {}", palette.strong(&id), palette.faint(&lacking))?;
        }
    }
    let summary = CoverageSummary::of(coverage);
    writeln!(out, "\n{} clauses: {}", summary.clauses(), summary_text(summary))
}

fn of_rule<'a>(
    coverage: &'a [ClauseCoverage],
    rule: &Rule,
) -> impl Iterator<Item = &'a ClauseCoverage> {
    let id = rule.id;
    coverage.iter().filter(move |clause| clause.id.rule() == id)
}

fn summary_text(summary: CoverageSummary) -> String {
    let CoverageSummary { full, partial, none } = summary;
    format!("{full:>3} full {partial:>3} partial {none:>3} none")
}

fn control_line(control: &ControlCoverage) -> String {
    let kinds: Vec<&str> = control.kinds.iter().map(|kind| kind.word()).collect();
    let head = format!("{} ({})", inline(&control.name), kinds.join("+"));
    let note = if control.counts { "" } else { ", not counted: it has no check of its own" };
    match control.status {
        ControlStatus::Compiled => format!("{head}{note}"),
        ControlStatus::Planned => format!("{head}: planned{note}"),
        ControlStatus::Partial => format!("{head}: lacks {}{note}", parts(control).join(", ")),
    }
}

/// The control, and in brackets what it lacks where it exists in part.
fn lacking(control: &ControlCoverage) -> String {
    match control.status {
        ControlStatus::Partial => {
            format!("{} ({})", inline(&control.name), parts(control).join(", "))
        }
        ControlStatus::Compiled | ControlStatus::Planned => inline(&control.name).into_owned(),
    }
}

fn parts(control: &ControlCoverage) -> Vec<String> {
    let part = |missing: &Missing| match missing {
        Missing::Control => "the control".to_owned(),
        Missing::Kind(kind) => kind.word().to_owned(),
        Missing::Fixtures(language) => format!("{} fixtures", inline(language)),
    };
    control.missing.iter().map(part).collect()
}
