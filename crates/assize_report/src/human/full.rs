//! `full`: each finding with its excerpt, its way out and the clause that it breaks.

use std::collections::BTreeMap;
use std::io::{self, Write};

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use assize_model::{RepoPath, Severity};
use assize_rulebook::RuleBook;

use super::excerpt::{Excerpt, Excerpts};
use super::lines::line;
use super::{Selection, View, place_text, state_note, summary};
use crate::escape::inline;
use crate::report::{Report, ReportedFinding};
use crate::style::Palette;

/// The findings, worst first, with excerpts as far as the view goes, then the summary. `text` gives
/// the text of a file, or nothing where it cannot be had: the excerpt is then left out.
///
/// # Errors
/// `out` cannot be written to.
pub fn full(
    out: &mut dyn Write,
    report: &Report,
    view: View,
    book: &RuleBook,
    text: &dyn Fn(&RepoPath) -> Option<String>,
) -> io::Result<()> {
    let palette = Palette { colour: view.colour };
    let renderer =
        if view.colour { Renderer::styled().hyperlink(false) } else { Renderer::plain() };
    let selection = Selection::of(report, view).worst_first();
    let mut excerpts = Excerpts::new(report, text);
    let mut at_length: BTreeMap<&str, usize> = BTreeMap::new();
    let mut in_lines = false;
    for reported in &selection.findings {
        let finding = &reported.finding;
        let before = at_length.entry(finding.control.0).or_default();
        *before += 1;
        if view.excerpts.is_some_and(|most| *before > most) {
            line(out, reported, palette)?;
            in_lines = true;
            continue;
        }
        if std::mem::take(&mut in_lines) {
            writeln!(out)?;
        }
        let slot = format!("[{}]", finding.control);
        writeln!(
            out,
            "{}{} {}{}",
            palette.severity(finding.severity, finding.severity.word()),
            palette.strong(&slot),
            inline(&finding.message),
            state_note(reported),
        )?;
        let excerpt = excerpts.of(finding);
        // The renderer would count the column in the excerpt, which is a window with replacements,
        // so the place is written here, in line with the numbers below it.
        let width = excerpt.as_ref().map_or(0, |_| finding.place.line.to_string().len());
        let arrow = format!("{:width$}-->", "");
        writeln!(out, "{} {}", palette.faint(&arrow), place_text(finding))?;
        let body = body(reported, book, excerpt, &renderer);
        writeln!(out, "{}\n", body.trim_end_matches('\n'))?;
    }
    if in_lines {
        writeln!(out)?;
    }
    selection.write_left_out(out)?;
    summary::write(out, report, palette, book)
}

fn body(
    reported: &ReportedFinding,
    book: &RuleBook,
    excerpt: Option<Excerpt>,
    renderer: &Renderer,
) -> String {
    let finding = &reported.finding;
    let place = finding.place;
    let mut group = Group::with_level(level(finding.severity));
    if let Some(excerpt) = excerpt {
        let mut mark = AnnotationKind::Primary.span(excerpt.mark);
        if place.end_line > place.line {
            mark = mark.label(format!("to line {}", place.end_line));
        }
        let snippet = Snippet::source(excerpt.text).line_start(place.line as usize);
        group = group.element(snippet.annotation(mark));
    }
    if !finding.help.is_empty() {
        group = group.element(Level::HELP.message(inline(&finding.help)));
    }
    // The primary clause says what the finding breaks; the others are named.
    if let Some((first, others)) = reported.clauses.split_first() {
        let mut text = book.clause(*first).map_or_else(String::new, |c| inline(&c.text).into());
        if !others.is_empty() {
            let others: Vec<String> = others.iter().map(ToString::to_string).collect();
            text.push_str(&format!(" (also {})", others.join(", ")));
        }
        let name = format!("clause {first}");
        group = group.element(Level::NOTE.with_name(name).message(text));
    }
    let hint = format!("assize explain {}", finding.control);
    group = group.element(Level::NOTE.with_name("docs").message(hint));
    renderer.render(&[group])
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Block | Severity::Error => Level::ERROR,
        Severity::Warn => Level::WARNING,
        Severity::Info => Level::INFO,
    }
}
