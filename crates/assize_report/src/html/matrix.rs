//! The rules as a table: how far each is enforced, and what was found.

use std::collections::BTreeSet;

use assize_model::{FindingState, Outcome};
use assize_rulebook::{Coverage, CoverageSummary, Rule};

use super::{ByRule, COUNT_HEADS, Counts, Page};
use crate::markup::inline;
use crate::report::{Report, ReportedFinding};

pub(super) fn table(report: &Report, page: &Page<'_>, by_rule: &ByRule<'_>) -> String {
    let mut rows = String::new();
    for rule in page.book.rules() {
        rows.push_str(&row(report, page, by_rule, rule));
    }
    if let Some(outside) = by_rule.get(&None) {
        let counts = Counts::of(outside.iter().copied());
        rows.push_str(&format!(
            "<tr><th scope=\"row\"><a href=\"#outside\">Outside the rules</a></th><td>–</td>{}\
             <td>–</td><td>findings</td></tr>\n",
            counts.cells()
        ));
    }
    format!(
        "<section id=\"rules\" aria-labelledby=\"rules-h\">\n<h2 id=\"rules-h\">Rules</h2>\n\
         <div class=\"wide\" role=\"region\" aria-labelledby=\"rules-h\" tabindex=\"0\">\n\
         <table>\n<caption>New findings by rule and severity. A rule is enforced as far as its \
         clauses are: in full, in part, or not at all.</caption>\n<thead><tr>\
         <th scope=\"col\">Rule</th><th scope=\"col\">Clauses enforced</th>{COUNT_HEADS}\
         <th scope=\"col\">Trend</th><th scope=\"col\">State</th></tr></thead>\n<tbody>\n{rows}\
         </tbody>\n</table>\n</div>\n</section>\n"
    )
}

fn row(report: &Report, page: &Page<'_>, by_rule: &ByRule<'_>, rule: &Rule) -> String {
    let clauses: Vec<_> = page.coverage.iter().filter(|one| one.id.rule() == rule.id).collect();
    let CoverageSummary { full, partial, none } = CoverageSummary::of(clauses.iter().copied());
    let found = by_rule.get(&Some(rule.id)).map_or(&[][..], Vec::as_slice);
    let counts = Counts::of(found.iter().copied());
    let then = page.before.as_ref().map(|before| {
        let counts = before.counts.iter();
        let own = counts.filter(|(control, _)| page.book.rule_of(control) == Some(rule.id));
        own.map(|(_, count)| count).sum::<usize>()
    });
    let trend = then.map_or_else(|| "–".to_owned(), |then| trend(then, found.len()));
    let (id, title) = (rule.id.to_string(), inline(&rule.title));
    let state = state(report, page, rule, counts);
    let bar = bar(full, partial, none);
    let cells = counts.cells();
    format!(
        "<tr><th scope=\"row\"><a href=\"#{id}\">{id} {title}</a></th>\
         <td>{bar}{full} full, {partial} partial, {none} none</td>{cells}<td>{trend}</td>\
         <td>{state}</td></tr>\n"
    )
}

/// The words beside it say the same.
fn bar(full: usize, partial: usize, none: usize) -> String {
    let part = |class: &str, count: usize| match count {
        0 => String::new(),
        _ => format!("<i class=\"{class}\" style=\"flex-grow:{count}\"></i>"),
    };
    let parts = [part("full", full), part("partial", partial), part("none", none)].concat();
    format!("<span class=\"bar\" aria-hidden=\"true\">{parts}</span>")
}

/// What can be said of a rule. That nothing was found says something only where something looked,
/// and a finding that breaks several rules stands below the first of them alone.
fn state(report: &Report, page: &Page<'_>, rule: &Rule, counts: Counts) -> String {
    if counts.held() > 0 {
        return "findings".to_owned();
    }
    let elsewhere = elsewhere(report, rule);
    if !elsewhere.is_empty() {
        return format!("findings that stand under {}", elsewhere.join(", "));
    }
    without_findings(report, page, rule).to_owned()
}

/// The other rules below which new findings stand that break this one too, as links.
fn elsewhere(report: &Report, rule: &Rule) -> Vec<String> {
    let new = report.findings.iter().filter(|one| one.finding.state == FindingState::New);
    let breaks = |one: &&ReportedFinding| one.clauses.iter().any(|clause| clause.rule() == rule.id);
    let rules: BTreeSet<String> =
        new.filter(breaks).filter_map(|one| one.rule).map(|id| id.to_string()).collect();
    rules.iter().map(|id| format!("<a href=\"#{id}\">{id}</a>")).collect()
}

fn without_findings(report: &Report, page: &Page<'_>, rule: &Rule) -> &'static str {
    let outcomes: Vec<Outcome> = rule
        .clauses
        .iter()
        .flat_map(|clause| &clause.controls)
        .filter_map(|name| report.controls.iter().find(|control| control.name == *name))
        .map(|control| control.outcome)
        .filter(|outcome| *outcome != Outcome::Planned)
        .collect();
    let counted = |outcome| outcomes.contains(&outcome);
    let mut clauses = page.coverage.iter().filter(|one| one.id.rule() == rule.id);
    let is_held = clauses.any(|clause| clause.coverage != Coverage::None);
    match () {
        () if counted(Outcome::Ran) => "no new findings",
        () if counted(Outcome::NotApplicable) => "not applicable here",
        () if counted(Outcome::Off) => "switched off",
        () if is_held => "held at calls and gates only",
        () => "not enforced yet",
    }
}

/// `12, then 15: 3 fewer`.
pub(super) fn trend(then: usize, now: usize) -> String {
    let change = match (now.checked_sub(then), then.checked_sub(now)) {
        (Some(0), _) => "<span class=\"same\">the same</span>".to_owned(),
        (Some(more), _) => format!("<span class=\"worse\">▲ {more} more</span>"),
        (None, Some(fewer)) => format!("<span class=\"better\">▼ {fewer} fewer</span>"),
        (None, None) => String::new(),
    };
    format!("{then} → {now} {change}")
}
