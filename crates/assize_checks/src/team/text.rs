//! Expressions over the lines of a text, or of its comments or strings.

use assize_config::{TeamRule, Wanted, Within};
use assize_grammars::{MATCHES_MAX, Sheet};
use assize_index::LocalFinding;
use assize_model::Span;

use super::ready::Ready;
use super::{Page, at};

/// What the rules find in the lines of a text: each rule each line at most once.
pub(super) fn lines(asked: &[(&TeamRule, &Ready)], page: &Page<'_>) -> Vec<LocalFinding> {
    let whole = Span::new(0, page.text.len());
    asked.iter().flat_map(|(rule, ready)| within(rule, ready, &[whole], page)).collect()
}

/// What a rule finds in the comments or the strings of a text.
pub(super) fn parts(
    rule: &TeamRule,
    ready: &Ready,
    sheet: &Sheet,
    page: &Page<'_>,
) -> Vec<LocalFinding> {
    let Wanted::Text { within: part, .. } = rule.wanted else { return Vec::new() };
    let spans = sheet.spans(|kind| match part {
        Within::All => false,
        Within::Comments => kind.ends_with("comment"),
        Within::Strings => {
            kind.ends_with("string")
                || kind.ends_with("string_literal")
                || kind == "interpolated_string_expression"
        }
    });
    let spans: Vec<Span> =
        spans.into_iter().map(|bytes| Span::new(bytes.start, bytes.end)).collect();
    within(rule, ready, &spans, page)
}

fn within(rule: &TeamRule, ready: &Ready, spans: &[Span], page: &Page<'_>) -> Vec<LocalFinding> {
    let expressions = ready.expressions(rule);
    let mut found = Vec::new();
    let mut last = 0;
    for span in spans {
        let part = page.text.get(span.start..span.end).unwrap_or("");
        let mut start = span.start;
        for line in part.split_inclusive(['\n', '\r']) {
            let body = line.trim_end_matches(['\n', '\r']);
            let first = expressions.iter().filter_map(|one| one.find(body));
            if let Some(hit) = first.min_by_key(|hit| hit.start()) {
                let span = Span::new(start + hit.start(), start + hit.end());
                let number = page.lines.line(span.start);
                if number != last {
                    found.push(at(rule, "text", span, &[], page));
                    last = number;
                }
                if found.len() >= MATCHES_MAX {
                    return found;
                }
            }
            start += line.len();
        }
    }
    found
}
