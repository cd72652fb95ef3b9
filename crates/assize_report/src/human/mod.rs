//! The formats for people and agents, and what they share: which findings are shown, and how.

pub(crate) mod excerpt;
mod full;
mod lines;
pub(crate) mod summary;

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Write};

use assize_model::{Finding, FindingState};

use crate::escape::inline;
use crate::report::{Report, ReportedFinding};

pub use full::full;
pub use lines::{agent, concise};

/// Which findings are listed. The summary counts all of them in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// Only those held against the change.
    New,
    /// Those of the baseline too, marked.
    All,
}

/// How a report is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct View {
    pub colour: bool,
    /// Findings listed per control; `None` lists all.
    pub limit: Option<usize>,
    /// Of these, how many `full` shows with excerpt and way out; the others get a line each.
    pub excerpts: Option<usize>,
    pub shown: Shown,
}

impl View {
    /// Findings listed per control unless asked otherwise.
    pub const LIMIT: usize = 20;
    /// Findings of a control shown at length unless asked otherwise: more teach nothing new.
    pub const EXCERPTS: usize = 3;
}

/// The findings to list, in order, and how many of which control are left out.
pub(crate) struct Selection<'a> {
    pub(crate) findings: Vec<&'a ReportedFinding>,
    /// By control.
    left_out: BTreeMap<&'a str, usize>,
}

impl<'a> Selection<'a> {
    /// Where a control has too many, its worst are kept, and among equals the first.
    pub(crate) fn of(report: &'a Report, view: View) -> Self {
        let wanted = report.findings.iter().filter(|reported| {
            view.shown == Shown::All || reported.finding.state != FindingState::Baselined
        });
        let Some(limit) = view.limit else {
            return Self { findings: wanted.collect(), left_out: BTreeMap::new() };
        };
        let mut by_control: BTreeMap<&str, Vec<(usize, &ReportedFinding)>> = BTreeMap::new();
        for (order, reported) in wanted.enumerate() {
            by_control.entry(reported.finding.control.0).or_default().push((order, reported));
        }
        let mut left_out = BTreeMap::new();
        let mut kept = Vec::new();
        for (control, mut members) in by_control {
            members.sort_by_key(|(order, reported)| (Reverse(reported.finding.severity), *order));
            if members.len() > limit {
                left_out.insert(control, members.len() - limit);
                members.truncate(limit);
            }
            kept.append(&mut members);
        }
        kept.sort_by_key(|(order, _)| *order);
        Self { findings: kept.into_iter().map(|(_, reported)| reported).collect(), left_out }
    }

    /// The worst first, those of one control together; else in order of path.
    pub(crate) fn worst_first(mut self) -> Self {
        self.findings.sort_by_key(|reported| {
            let finding = &reported.finding;
            (Reverse(finding.severity), finding.control.0)
        });
        self
    }

    pub(crate) fn write_left_out(&self, out: &mut dyn Write) -> io::Result<()> {
        self.left_out.iter().try_for_each(|(control, count)| {
            writeln!(out, "… and {count} more of {control}: --limit 0 shows all")
        })
    }
}

/// What follows the message of a finding that was there before.
pub(crate) fn state_note(reported: &ReportedFinding) -> &'static str {
    match reported.finding.state {
        FindingState::New => "",
        FindingState::Baselined => " (baselined)",
        FindingState::Waived => " (waived)",
    }
}

/// `path:line:col`.
pub(crate) fn place_text(finding: &Finding) -> String {
    let place = finding.place;
    format!("{}:{}:{}", inline(finding.path.as_str()), place.line, place.column)
}
