//! One page on one session: what an agent really did, in order, and what the record does not hold.
//!
//! It runs no script and asks no network. What agents, files and people are called is theirs to
//! choose, so that all of it passes through [`crate::markup`]. A long session is cut in its middle:
//! how it began and how it ended say the most.

use std::io::{self, Write};

use super::{STYLE, name_of};
use crate::markup::inline;

/// Nothing runs and nothing is fetched, whatever the page holds.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; \
                      form-action 'none'";
/// So many steps are listed from either end.
const STEPS_EACH: usize = 1_000;
/// So many lines of one step, each so long.
const LINES_MAX: usize = 20;
const LINE_CHARS_MAX: usize = 400;

/// What an agent did in one session.
#[derive(Debug, Clone)]
pub struct SessionPage {
    /// The root of the repository; its folder's name is shown.
    pub root: String,
    pub session: String,
    /// The client, and the subagents that the record names.
    pub client: String,
    pub agents: Vec<String>,
    pub first: String,
    pub last: String,
    /// What is counted, each with its noun.
    pub totals: Vec<(String, usize)>,
    /// Violations that are still open.
    pub open: Vec<String>,
    pub steps: Vec<Step>,
    /// What the record does not hold, in sentences.
    pub not_held: Vec<String>,
    /// The version of this program.
    pub version: String,
}

/// How a step is marked, beside its word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    Stopped,
    Told,
    Good,
    Plain,
}

/// One entry of the record.
#[derive(Debug, Clone)]
pub struct Step {
    pub number: u64,
    /// In UTC.
    pub time: String,
    /// A subagent, a person, or nobody else than the session.
    pub who: String,
    pub mark: Mark,
    /// What it came to: `allow`, `deny`, `broke`, `repaired`, `exit 0`.
    pub word: String,
    /// What was done, such as `shell`.
    pub what: String,
    /// On what: a path, a command.
    pub object: String,
    pub lines: Vec<String>,
}

/// The page.
///
/// # Errors
/// `out` cannot be written to.
pub fn session_html(out: &mut dyn Write, page: &SessionPage) -> io::Result<()> {
    out.write_all(head(page).as_bytes())?;
    out.write_all(overview(page).as_bytes())?;
    out.write_all(
        b"<section id=\"steps\" aria-labelledby=\"steps-h\">\n\
          <h2 id=\"steps-h\">What happened</h2>\n<ol>\n",
    )?;
    let count = page.steps.len();
    let cut = count.saturating_sub(2 * STEPS_EACH);
    for (index, step) in page.steps.iter().enumerate() {
        if index == STEPS_EACH && cut > 0 {
            let left_out = "steps in between are left out: <code>assize ledger log</code> has all";
            writeln!(out, "<li class=\"more\">… {cut} {left_out}</li>")?;
        }
        if index < STEPS_EACH || index >= count.saturating_sub(STEPS_EACH) {
            out.write_all(item(step).as_bytes())?;
        }
    }
    if count == 0 {
        writeln!(out, "<li class=\"none\">Nothing is recorded.</li>")?;
    }
    writeln!(out, "</ol>\n</section>")?;
    out.write_all(not_held(page).as_bytes())?;
    let version = inline(&page.version);
    write!(
        out,
        "</main>\n<footer><p>assize {version}. <code>assize ledger verify</code> says whether the \
         record is what was written; <code>assize ledger show N</code> prints an entry.</p>\
         </footer>\n</body>\n</html>\n"
    )
}

fn head(page: &SessionPage) -> String {
    let (name, session) = (inline(name_of(&page.root)), inline(&short(&page.session)));
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\"/>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n\
         <meta name=\"color-scheme\" content=\"light dark\"/>\n\
         <title>{name}: session {session}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#main\">Skip to the session</a>\n\
         <header><h1>{name}: session {session}</h1></header>\n\
         <nav aria-label=\"Parts of the page\"><ul>\
         <li><a href=\"#overview\">Overview</a></li><li><a href=\"#steps\">What happened</a></li>\
         <li><a href=\"#not-held\">What is not in the record</a></li></ul></nav>\n\
         <main id=\"main\" tabindex=\"-1\">\n"
    )
}

fn overview(page: &SessionPage) -> String {
    let (client, first, last) = (inline(&page.client), inline(&page.first), inline(&page.last));
    let agents = match page.agents.as_slice() {
        [] => String::new(),
        agents => format!(", with {}", inline(&short(&agents.join(", ")))),
    };
    let row = |(noun, count): &(String, usize)| {
        format!("<tr><th scope=\"row\">{}</th><td class=\"n\">{count}</td></tr>\n", inline(noun))
    };
    let totals: String = page.totals.iter().map(row).collect();
    let open: String = page.open.iter().take(LINES_MAX).map(|one| line(one)).collect();
    let open = if open.is_empty() {
        "<p class=\"verdict good\">No violation is open.</p>\n".to_owned()
    } else {
        let count = page.open.len();
        format!("<p class=\"verdict bad\">Open violations: {count}</p>\n<ul>\n{open}</ul>\n")
    };
    format!(
        "<section id=\"overview\" aria-labelledby=\"overview-h\">\n\
         <h2 id=\"overview-h\">Overview</h2>\n<p>{client}{agents}; {first} to {last}.</p>\n{open}\
         <div class=\"wide\" role=\"region\" aria-labelledby=\"overview-h\" tabindex=\"0\">\n\
         <table>\n<caption>What the record counts of this session.</caption>\n<thead><tr>\
         <th scope=\"col\">What</th><th class=\"n\" scope=\"col\">How many</th></tr></thead>\n\
         <tbody>\n{totals}</tbody>\n</table>\n</div>\n</section>\n"
    )
}

fn item(step: &Step) -> String {
    let class = match step.mark {
        Mark::Stopped => "error",
        Mark::Told => "warn",
        Mark::Good | Mark::Plain => "info",
    };
    let Step { number, .. } = step;
    let [time, who, word, what] =
        [&step.time, &step.who, &step.word, &step.what].map(|it| inline(it));
    let object = match step.object.as_str() {
        "" => String::new(),
        object => format!(" <span class=\"path\">{}</span>", inline(&short(object))),
    };
    let who = if who.is_empty() { String::new() } else { format!(", {who}") };
    let mut lines: String = step.lines.iter().take(LINES_MAX).map(|one| line(one)).collect();
    let more = step.lines.len().saturating_sub(LINES_MAX);
    if more > 0 {
        lines.push_str(&format!("<li class=\"more\">… and {more} more</li>\n"));
    }
    let lines = if lines.is_empty() { lines } else { format!("<ul>\n{lines}</ul>\n") };
    format!(
        "<li id=\"e{number}\"><p><strong class=\"{class}\">{word}</strong> {what}{object}</p>\n\
         {lines}<p class=\"meta\">entry {number}, <time datetime=\"{time}\">{time}</time>{who}</p></li>\n"
    )
}

fn line(text: &str) -> String {
    format!("<li>{}</li>\n", inline(&short(text)))
}

fn not_held(page: &SessionPage) -> String {
    let sentences: String = page.not_held.iter().map(|one| line(one)).collect();
    format!(
        "<section id=\"not-held\" aria-labelledby=\"not-held-h\">\n\
         <h2 id=\"not-held-h\">What is not in the record</h2>\n<ul>\n{sentences}</ul>\n</section>\n"
    )
}

fn short(text: &str) -> String {
    let mut letters = text.chars();
    let mut short: String = letters.by_ref().take(LINE_CHARS_MAX).collect();
    if letters.next().is_some() {
        short.push('…');
    }
    short
}
