//! The smaller tables: owners, controls, problems.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use assize_model::Outcome;

use super::{COUNT_HEADS, Counts, Page};
use crate::markup::inline;
use crate::report::Report;

/// So many rows has a table; the rest are counted.
const ROWS_MAX: usize = 300;

/// What an owner answers for. A file with several owners counts for each of them.
pub(super) fn owners(report: &Report, page: &Page<'_>) -> String {
    let head = "<section id=\"owners\" aria-labelledby=\"owners-h\">\n\
                <h2 id=\"owners-h\">Owners</h2>\n";
    let Some(owners) = page.owners else {
        return format!("{head}<p>The repository has no CODEOWNERS file.</p>\n</section>\n");
    };
    let mut by_owner: BTreeMap<&str, (Counts, BTreeSet<&str>)> = BTreeMap::new();
    for reported in &report.findings {
        let path = reported.finding.path.as_str();
        let named = owners.of(path);
        let names = named.iter().map(String::as_str).chain(named.is_empty().then_some(""));
        for owner in names {
            let (counts, files) = by_owner.entry(owner).or_default();
            counts.add(reported);
            files.insert(path);
        }
    }
    let mut rows: Vec<_> = by_owner.into_iter().collect();
    rows.sort_by_key(|(owner, (counts, _))| (Reverse(*counts), *owner));
    let left_out = left_out(rows.len());
    let rows = rows.iter().take(ROWS_MAX).map(|(owner, (counts, files))| {
        let owner = if owner.is_empty() { "nobody".to_owned() } else { inline(owner) };
        let (cells, files) = (counts.cells(), files.len());
        format!("<tr><th scope=\"row\">{owner}</th>{cells}<td class=\"n\">{files}</td></tr>\n")
    });
    format!(
        "{head}<div class=\"wide\" role=\"region\" aria-labelledby=\"owners-h\" tabindex=\"0\">\n\
         <table>\n<caption>Findings in the files of each owner, as the last matching line of \
         CODEOWNERS names them</caption>\n<thead><tr><th scope=\"col\">Owner</th>{COUNT_HEADS}\
         <th class=\"n\" scope=\"col\">files</th></tr></thead>\n<tbody>\n{}</tbody>\n\
         </table>\n</div>\n\
         {left_out}</section>\n",
        rows.collect::<String>()
    )
}

/// What ran, and how much of it could not be decided.
pub(super) fn controls(report: &Report) -> String {
    let rows = report.controls.iter().filter(|control| control.outcome != Outcome::Planned);
    let rows = rows.map(|control| {
        let (name, summary) = (inline(&control.name), inline(&control.summary));
        let (outcome, unresolved) = (control.outcome.word(), control.unresolved);
        format!(
            "<tr><th scope=\"row\">{name}</th><td>{summary}</td><td>{outcome}</td>\
             <td class=\"n\">{unresolved}</td></tr>\n"
        )
    });
    let planned = report.controls.iter().filter(|one| one.outcome == Outcome::Planned).count();
    format!(
        "<section id=\"controls\" aria-labelledby=\"controls-h\">\n\
         <h2 id=\"controls-h\">Controls</h2>\n<div class=\"wide\" role=\"region\" \
         aria-labelledby=\"controls-h\" tabindex=\"0\">\n<table>\n<caption>What looked. \
         What could not be decided is counted, and is never a finding.</caption>\n<thead><tr>\
         <th scope=\"col\">Control</th><th scope=\"col\">Flags</th>\
         <th scope=\"col\">Outcome</th><th class=\"n\" scope=\"col\">undecided</th></tr></thead>\n\
         <tbody>\n\
         {}</tbody>\n</table>\n</div>\n<p>{planned} controls of the rule book are not checks of \
         this pass: planned, or held at calls and gates.</p>\n</section>\n",
        rows.collect::<String>()
    )
}

/// What could not be looked at.
pub(super) fn problems(report: &Report) -> String {
    let head = "<section id=\"problems\" aria-labelledby=\"problems-h\">\n\
                <h2 id=\"problems-h\">Problems</h2>\n";
    if report.problems.is_empty() {
        return format!("{head}<p>Every file could be read.</p>\n</section>\n");
    }
    let rows = report.problems.iter().take(ROWS_MAX).map(|problem| {
        let path = if problem.path.as_str().is_empty() { "." } else { problem.path.as_str() };
        let (path, kind) = (inline(path), problem.kind.word());
        let message = inline(&problem.message);
        format!("<tr><th scope=\"row\">{path}</th><td>{kind}</td><td>{message}</td></tr>\n")
    });
    let left_out = left_out(report.problems.len());
    format!(
        "{head}<div class=\"wide\" role=\"region\" aria-labelledby=\"problems-h\" \
         tabindex=\"0\">\n<table>\n<caption>What could not be looked at, or only in \
         part</caption>\n<thead><tr><th scope=\"col\">Path</th><th scope=\"col\">Kind</th>\
         <th scope=\"col\">What</th></tr></thead>\n<tbody>\n{}</tbody>\n</table>\n</div>\n\
         {left_out}</section>\n",
        rows.collect::<String>()
    )
}

fn left_out(rows: usize) -> String {
    match rows.saturating_sub(ROWS_MAX) {
        0 => String::new(),
        more => format!("<p class=\"more\">… and {more} more</p>\n"),
    }
}
