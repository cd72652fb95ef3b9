//! One page for whoever answers for a repository: which rules are held, by what, where not, and who
//! owns the places.
//!
//! The page asks no network and holds no foreign asset, so that it can be opened from a mail or an
//! archive in years. All of it is there without scripts; the script only filters. Everything that a
//! repository chooses passes through [`crate::markup`]. A page that nobody can load helps nobody:
//! the findings are listed up to a bound, worst first, and the rest are counted where they belong.

mod findings;
mod matrix;
mod session;
mod tables;

pub use session::{Mark, SessionPage, Step, session_html};

use std::collections::BTreeMap;
use std::io::{self, Write};

use assize_model::{FindingState, RepoPath, Severity};
use assize_rulebook::{ClauseCoverage, RuleBook, RuleId};

use crate::human::summary;
use crate::markup::inline;
use crate::owners::Owners;
use crate::report::{Report, ReportedFinding};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// No network, whatever the page holds.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; \
                      base-uri 'none'; form-action 'none'";

/// What the page says beside the report.
#[expect(missing_debug_implementations, reason = "it holds a closure of the caller")]
pub struct Page<'a> {
    pub book: &'a RuleBook,
    /// Of every clause of the book.
    pub coverage: &'a [ClauseCoverage],
    /// Who owns which file; none where the repository does not say.
    pub owners: Option<&'a Owners>,
    /// What to compare with.
    pub before: Option<Before>,
    /// The day of the report.
    pub day: String,
    /// The text of a file, for excerpts.
    pub text: &'a dyn Fn(&RepoPath) -> Option<String>,
}

/// The findings of another day or another commit.
#[derive(Debug, Clone)]
pub struct Before {
    /// What they are the findings of, such as `the baseline`.
    pub of: String,
    /// How many of each control.
    pub counts: BTreeMap<String, usize>,
}

/// Findings by severity, worst first, and those that are not held against anybody.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Counts {
    block: usize,
    error: usize,
    warn: usize,
    info: usize,
    known: usize,
}

impl Counts {
    fn add(&mut self, reported: &ReportedFinding) {
        if reported.finding.state != FindingState::New {
            self.known += 1;
            return;
        }
        match reported.finding.severity {
            Severity::Block => self.block += 1,
            Severity::Error => self.error += 1,
            Severity::Warn => self.warn += 1,
            Severity::Info => self.info += 1,
        }
    }

    fn of<'a>(findings: impl IntoIterator<Item = &'a ReportedFinding>) -> Self {
        let mut counts = Self::default();
        findings.into_iter().for_each(|reported| counts.add(reported));
        counts
    }

    const fn held(self) -> usize {
        self.block + self.error + self.warn + self.info
    }

    /// The cells of a table's row.
    fn cells(self) -> String {
        let cell = |class: &str, count: usize| match count {
            0 => "<td class=\"n zero\">0</td>".to_owned(),
            _ => format!("<td class=\"n {class}\">{count}</td>"),
        };
        [
            cell("block", self.block),
            cell("error", self.error),
            cell("warn", self.warn),
            cell("info", self.info),
            cell("known", self.known),
        ]
        .concat()
    }

    /// `2 error, 1 known`.
    fn words(self) -> String {
        let parts = [
            (self.block, "block"),
            (self.error, "error"),
            (self.warn, "warn"),
            (self.info, "info"),
            (self.known, "known"),
        ];
        let parts = parts.iter().filter(|(count, _)| *count > 0);
        parts.map(|(count, word)| format!("{count} {word}")).collect::<Vec<_>>().join(", ")
    }
}

/// The heads of the columns that [`Counts::cells`] fills.
const COUNT_HEADS: &str = "<th class=\"n\" scope=\"col\">block</th>\
     <th class=\"n\" scope=\"col\">error</th>\
     <th class=\"n\" scope=\"col\">warn</th><th class=\"n\" scope=\"col\">info</th>\
     <th class=\"n\" scope=\"col\" title=\"covered by the baseline, or waived\">known</th>";

/// The findings of each rule; `None` holds those that serve none.
type ByRule<'a> = BTreeMap<Option<RuleId>, Vec<&'a ReportedFinding>>;

/// The page.
///
/// # Errors
/// `out` cannot be written to.
pub fn html(out: &mut dyn Write, report: &Report, page: &Page<'_>) -> io::Result<()> {
    let mut by_rule: ByRule<'_> = BTreeMap::new();
    for reported in &report.findings {
        by_rule.entry(reported.rule).or_default().push(reported);
    }
    let (matrix, owners) = (matrix::table(report, page, &by_rule), tables::owners(report, page));
    let listed = findings::sections(report, page, &by_rule);
    let rest = [tables::controls(report), tables::problems(report)].concat();
    out.write_all(head(report).as_bytes())?;
    out.write_all(overview(report, page).as_bytes())?;
    for part in [matrix, owners, listed, rest] {
        out.write_all(part.as_bytes())?;
    }
    write!(out, "</main>\n{}<script>{SCRIPT}</script>\n</body>\n</html>\n", foot(report))
}

fn head(report: &Report) -> String {
    let name = inline(name_of(&report.head.root));
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\"/>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n\
         <meta name=\"color-scheme\" content=\"light dark\"/>\n\
         <title>{name}: rules and findings</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#main\">Skip to the report</a>\n\
         <header><h1>{name}</h1></header>\n\
         <nav aria-label=\"Parts of the report\"><ul>\
         <li><a href=\"#overview\">Overview</a></li><li><a href=\"#rules\">Rules</a></li>\
         <li><a href=\"#owners\">Owners</a></li><li><a href=\"#findings\">Findings</a></li>\
         <li><a href=\"#controls\">Controls</a></li><li><a href=\"#problems\">Problems</a></li>\
         </ul></nav>\n<main id=\"main\" tabindex=\"-1\">\n"
    )
}

/// The folder's own name: the way to it says who ran the program where.
fn name_of(root: &str) -> &str {
    let last = root.trim_end_matches('/').rsplit('/').next().unwrap_or(root);
    if last.is_empty() { root } else { last }
}

fn overview(report: &Report, page: &Page<'_>) -> String {
    let totals = inline(&summary::totals(report));
    let exit = inline(&summary::exit_line(report));
    let stats = &report.head.stats;
    let class = if report.exit().code() == 0 { "good" } else { "bad" };
    let day = inline(&page.day);
    let (files, parsed) = (stats.files, stats.parsed);
    let trend = page.before.as_ref().map_or_else(String::new, |before| {
        let then: usize = before.counts.values().sum();
        let now = report.findings.len();
        let of = inline(&before.of);
        format!("<p>Against {of}: {}.</p>\n", matrix::trend(then, now))
    });
    format!(
        "<section id=\"overview\" aria-labelledby=\"overview-h\">\n\
         <h2 id=\"overview-h\">Overview</h2>\n<p class=\"verdict {class}\">{exit}</p>\n\
         <p>{totals}.</p>\n{trend}<p>{files} files, {parsed} of them parsed; {day}.</p>\n\
         </section>\n"
    )
}

fn foot(report: &Report) -> String {
    let (tool, book) = (&report.head.tool, &report.rule_book);
    format!(
        "<footer><p>{} {}, rule book {} <code>{}</code>. <code>assize explain CONTROL</code> \
         prints what a control holds to; <code>assize check --format json</code> lists \
         everything.</p></footer>\n",
        inline(&tool.name),
        inline(&tool.version),
        inline(&book.name),
        inline(book.hash.get(..12).unwrap_or(&book.hash)),
    )
}
