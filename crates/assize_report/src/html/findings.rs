//! The findings below their rules, file by file, with excerpts.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use assize_model::{FindingState, Severity};
use assize_rulebook::{ClauseCoverage, Rule};

use super::{ByRule, Counts, Page};
use crate::human::excerpt::Excerpts;
use crate::markup::{entities, inline};
use crate::report::{Report, ReportedFinding};

/// So many findings of one control are listed: more teach nothing new.
const PER_CONTROL_MAX: usize = 100;

/// So many bytes may all listed findings take. A browser opens that at once, a mail takes it.
const BYTES_MAX: usize = 1_200_000;

/// What stands around the findings of one file, besides its path.
const FRAME_BYTES: usize = 200;

/// What is listed, and what only counted.
struct Listing<'a> {
    report: &'a Report,
    page: &'a Page<'a>,
    excerpts: Excerpts<'a>,
    /// By control.
    listed: BTreeMap<&'a str, usize>,
    bytes: usize,
}

pub(super) fn sections(report: &Report, page: &Page<'_>, by_rule: &ByRule<'_>) -> String {
    let excerpts = Excerpts::new(report, page.text);
    let (listed, bytes) = (BTreeMap::new(), 0);
    let mut listing = Listing { report, page, excerpts, listed, bytes };
    // The worst rule takes its room first, whatever its number.
    let mut order: Vec<_> = by_rule.iter().collect();
    order.sort_by_key(|(_, found)| Reverse(Counts::of(found.iter().copied())));
    let mut bodies: BTreeMap<_, String> = BTreeMap::new();
    for (rule, found) in order {
        bodies.insert(*rule, listing.files(found));
    }
    let mut out = String::from(
        "<section id=\"findings\" aria-labelledby=\"findings-h\">\n\
         <h2 id=\"findings-h\">Findings</h2>\n<div id=\"filter\"></div>\n\
         <p id=\"filtered\" role=\"status\"></p>\n",
    );
    for rule in page.book.rules() {
        let body = bodies.remove(&Some(rule.id)).unwrap_or_default();
        out.push_str(&section(listing.report, page, rule, &body));
    }
    if let Some(body) = bodies.remove(&None) {
        out.push_str(&format!(
            "<section id=\"outside\" class=\"rule\" aria-labelledby=\"outside-h\">\n\
             <h3 id=\"outside-h\">Outside the rules</h3>\n{body}</section>\n"
        ));
    }
    out.push_str("</section>\n");
    out
}

fn section(report: &Report, page: &Page<'_>, rule: &Rule, body: &str) -> String {
    let id = rule.id.to_string();
    let (title, why) = (inline(&rule.title), inline(&rule.why));
    let clauses: String = rule
        .clauses
        .iter()
        .map(|clause| {
            let covered = page.coverage.iter().find(|one| one.id == clause.id);
            let word = covered.map_or("unknown", |one| one.coverage.word());
            let (id, text) = (clause.id.to_string(), inline(&clause.text));
            let controls = covered.map_or_else(String::new, |one| controls(report, one));
            format!(
                "<tr><th scope=\"row\">{id}</th><td>{text}</td><td>{word}</td>\
             <td>{controls}</td></tr>\n"
            )
        })
        .collect();
    let body = if body.is_empty() { "<p class=\"none\">No findings.</p>\n" } else { body };
    format!(
        "<section id=\"{id}\" class=\"rule\" aria-labelledby=\"{id}-h\">\n\
         <h3 id=\"{id}-h\">{id} {title}</h3>\n<p>{why}</p>\n<details class=\"clauses\">\
         <summary>Clauses and what enforces them</summary>\n<div class=\"wide\" role=\"region\" \
         aria-label=\"Clauses of {id}\" tabindex=\"0\">\n<table>\n<thead><tr>\
         <th scope=\"col\">Clause</th><th scope=\"col\">Says</th><th scope=\"col\">Enforced</th>\
         <th scope=\"col\">Controls</th></tr></thead>\n<tbody>\n{clauses}</tbody>\n</table>\n\
         </div>\n</details>\n{body}</section>\n"
    )
}

/// The controls of a clause, each with what became of it.
fn controls(report: &Report, clause: &ClauseCoverage) -> String {
    let words = clause.controls.iter().map(|control| {
        let run = report.controls.iter().find(|one| one.name == control.name);
        let outcome = run.map_or("unknown", |run| run.outcome.word());
        let status = control.status.word();
        // A control of other kinds than check runs at calls and gates: the pass says nothing of it.
        let word = if outcome == "planned" { status } else { outcome };
        format!("{} ({word})", inline(&control.name))
    });
    words.collect::<Vec<_>>().join(", ")
}

impl<'a> Listing<'a> {
    /// The findings of one rule by file, and how many are left out.
    fn files(&mut self, found: &[&'a ReportedFinding]) -> String {
        let mut by_file: BTreeMap<&str, Vec<(&ReportedFinding, String)>> = BTreeMap::new();
        let mut left_out: BTreeMap<&str, usize> = BTreeMap::new();
        let mut worst_first = found.to_vec();
        worst_first.sort_by_key(|one| {
            (one.finding.state != FindingState::New, Reverse(one.finding.severity))
        });
        for reported in worst_first {
            let (control, path) = (reported.finding.control.0, reported.finding.path.as_str());
            let listed = self.listed.entry(control).or_default();
            if *listed >= PER_CONTROL_MAX || self.bytes >= BYTES_MAX {
                *left_out.entry(control).or_default() += 1;
                continue;
            }
            *listed += 1;
            let item = self.item(reported);
            self.bytes += item.len();
            by_file.entry(path).or_default().push((reported, item));
        }
        let mut files: Vec<_> = by_file.into_iter().collect();
        files.sort_by_key(|(path, found)| (Reverse(counts(found)), *path));
        let mut out = String::new();
        for (path, found) in files {
            let file = self.file(path, found);
            self.bytes += path.len() + FRAME_BYTES;
            out.push_str(&file);
        }
        for (control, count) in left_out {
            out.push_str(&format!(
                "<p class=\"more\">… and {count} more of {}: <code>assize check --limit 0</code> \
                 lists all</p>\n",
                inline(control)
            ));
        }
        out
    }

    fn file(&self, path: &str, mut found: Vec<(&ReportedFinding, String)>) -> String {
        let words = counts(&found).words();
        found.sort_by_key(|(reported, _)| reported.finding.place);
        let items: String = found.into_iter().map(|(_, item)| item).collect();
        let owners = self.page.owners.map_or(&[][..], |owners| owners.of(path)).join(" ");
        let owners = match owners.as_str() {
            "" => String::new(),
            named => format!(" <span class=\"owners\">{}</span>", inline(named)),
        };
        format!(
            "<details class=\"file\"><summary><span class=\"path\">{}</span> \
             <span class=\"counts\">{words}</span>{owners}</summary>\n<ol>\n{items}</ol>\n\
             </details>\n",
            inline(path)
        )
    }

    fn item(&mut self, reported: &ReportedFinding) -> String {
        let finding = &reported.finding;
        let (word, class) = match finding.state {
            FindingState::New => (finding.severity.word(), severity_class(finding.severity)),
            other => (other.word(), "known"),
        };
        let slot = match finding.code.as_str() {
            "" => finding.control.to_string(),
            code => format!("{}/{code}", finding.control),
        };
        let (slot, message) = (inline(&slot), inline(&finding.message));
        let excerpt = self.excerpts.of(finding).map_or_else(String::new, |excerpt| {
            let part = |range| entities(excerpt.text.get(range).unwrap_or_default());
            let mark = excerpt.mark.clone();
            let (before, after) = (part(0..mark.start), part(mark.end..excerpt.text.len()));
            let marked = part(mark);
            let line = finding.place.line;
            format!(
                "<pre tabindex=\"0\"><code><span class=\"line\">{line}</span>{before}\
                 <mark>{marked}</mark>{after}</code></pre>\n"
            )
        });
        let help = match finding.help.as_str() {
            "" => String::new(),
            help => format!("<p class=\"help\">Instead: {}</p>\n", inline(help)),
        };
        let clauses: Vec<String> = reported.clauses.iter().map(ToString::to_string).collect();
        let clauses = if clauses.is_empty() { "no clause".to_owned() } else { clauses.join(", ") };
        let (line, column) = (finding.place.line, finding.place.column);
        format!(
            "<li class=\"{class}\"><p><strong class=\"{class}\">{word}</strong> \
             <code>{slot}</code> {message}</p>\n{excerpt}{help}<p class=\"meta\">line {line}, \
             column {column}; {clauses}</p></li>\n"
        )
    }
}

fn counts(found: &[(&ReportedFinding, String)]) -> Counts {
    Counts::of(found.iter().map(|(reported, _)| *reported))
}

const fn severity_class(severity: Severity) -> &'static str {
    match severity {
        Severity::Block => "block",
        Severity::Error => "error",
        Severity::Warn => "warn",
        Severity::Info => "info",
    }
}
