//! What is wrong with the numbers and lines of a document.

use std::collections::BTreeMap;

use super::{Fault, FoundFault, FoundRule, is_item, is_numberless};
use crate::outline::{Line, heading};

/// A gap is told number by number up to this; a longer one is said as a whole.
const MISSING_MAX: usize = 10;

/// Numbers that are there twice, and numbers that are not there.
pub(super) fn of_numbers(rules: &[FoundRule<'_>]) -> Vec<FoundFault> {
    let mut places: BTreeMap<u32, Vec<&FoundRule<'_>>> = BTreeMap::new();
    for rule in rules {
        if let Some(number) = rule.number {
            places.entry(number).or_default().push(rule);
        }
    }
    let mut faults = twice(&places);
    faults.extend(missing(&places));
    faults
}

fn twice(places: &BTreeMap<u32, Vec<&FoundRule<'_>>>) -> Vec<FoundFault> {
    let doubled = places.values().filter(|all| all.len() > 1).count();
    // A list of contents, or a second part, names the rules once more.
    if doubled * 2 >= places.len() {
        return Vec::new();
    }
    let mut faults = Vec::new();
    for (number, all) in places {
        let Some((first, rest)) = all.split_first() else { continue };
        for rule in rest {
            let message = format!("rule {number} stands here and in line {}", first.line);
            faults.push(FoundFault { fault: Fault::DuplicateNumber, line: rule.line, message });
        }
    }
    faults
}

fn missing(places: &BTreeMap<u32, Vec<&FoundRule<'_>>>) -> Vec<FoundFault> {
    let Some((last, _)) = places.last_key_value() else { return Vec::new() };
    let count = usize::try_from(*last).unwrap_or(usize::MAX);
    // Some rules of another document are quoted here.
    if !places.contains_key(&1) || count.saturating_sub(places.len()) * 3 > count {
        return Vec::new();
    }
    let gaps = (1..*last).filter(|number| !places.contains_key(number)).take(MISSING_MAX);
    gaps.map(|number| {
        let next = places.range(number..).next().and_then(|(_, all)| all.first());
        let line = next.map_or(1, |rule| rule.line);
        let message = format!("rule {number} is missing: the rules count to {last}");
        FoundFault { fault: Fault::MissingNumber, line, message }
    })
    .collect()
}

/// What only looks like a rule, in a document that numbers its rules.
pub(super) fn unread(lines: &[Line<'_>]) -> Vec<FoundFault> {
    let odd = lines.iter().filter(|line| !line.is_quoted && is_numberless(line.text));
    let fault = |line: &Line<'_>| FoundFault {
        fault: Fault::Unread,
        line: line.number,
        message: "this looks like a rule, and has no number to read".to_owned(),
    };
    odd.map(fault).collect()
}

/// Headings twice in a row, and holes where a word was.
pub(super) fn of_lines(lines: &[Line<'_>]) -> Vec<FoundFault> {
    let mut faults = Vec::new();
    let mut before: Option<&Line<'_>> = None;
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| !line.text.trim().is_empty()) {
        let below = lines.get(at + 1).filter(|next| !next.is_quoted).map_or("", |next| next.text);
        let is_heading = heading(line, below).is_some();
        let repeats = before.is_some_and(|before| before.text.trim() == line.text.trim());
        let fault = |fault, message: &str| {
            let message = message.to_owned();
            FoundFault { fault, line: line.number, message }
        };
        if is_heading && repeats {
            faults.push(fault(Fault::RepeatedLine, "the heading stands here and just before"));
        }
        if !line.is_quoted && (is_heading || is_item(line.text)) && has_hole(line.text) {
            faults.push(fault(Fault::Hole, "words stand apart as if one between them was erased"));
        }
        before = Some(line);
    }
    faults
}

/// Two or more blanks between two words, where neither stands in code and nothing is lined up.
fn has_hole(text: &str) -> bool {
    let text = text.trim();
    if text.contains(['`', '|', '\t']) {
        return false;
    }
    let holes = text.match_indices("  ").filter(|(at, _)| {
        let before = text.get(..*at).and_then(|before| before.chars().next_back());
        let after = text.get(*at..).and_then(|after| after.trim_start().chars().next());
        before.is_some_and(char::is_alphabetic) && after.is_some_and(char::is_alphabetic)
    });
    holes.count() > 0
}
