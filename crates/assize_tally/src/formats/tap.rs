//! The Test Anything Protocol: `ok` and `not ok`, and a plan that says how many there should be.

use crate::Counts;
use crate::plain::number;

/// Without a plan nobody knows whether the end was reached, and `ok` is a word of many programs.
pub(crate) fn read(text: &str) -> Option<Counts> {
    let (mut counts, mut seen, mut planned) = (Counts::default(), 0_u64, None);
    for line in text.lines() {
        // What is indented belongs to a test that holds others, and that test is counted.
        if let Some(count) = plan(line) {
            let sum: &mut u64 = planned.get_or_insert(0);
            *sum = sum.saturating_add(count);
        } else if let Some(outcome) = outcome(line) {
            seen += 1;
            counts.add(outcome);
        }
    }
    // More than were planned: then something else says `ok` as well.
    let fits = |planned: &u64| (*planned == 0 || seen > 0) && seen <= *planned;
    let planned = planned.filter(fits)?;
    // A test that was planned and never came has failed.
    counts.failed = counts.failed.saturating_add(planned.saturating_sub(seen));
    Some(counts)
}

/// `1..N`, perhaps with a reason to skip all.
fn plan(line: &str) -> Option<u64> {
    let (count, rest) = number(line.strip_prefix("1..")?)?;
    let rest = rest.trim();
    (rest.is_empty() || rest.starts_with('#')).then_some(count)
}

fn outcome(line: &str) -> Option<Counts> {
    let (good, rest) = match line.strip_prefix("not ok") {
        Some(rest) => (false, rest),
        None => (true, line.strip_prefix("ok")?),
    };
    (rest.is_empty() || rest.starts_with(' ')).then_some(())?;
    let directive = rest.rsplit_once("# ").map_or("", |(_, directive)| directive);
    let word = directive.split_whitespace().next().unwrap_or_default().to_ascii_uppercase();
    let (one, mut counts) = (1, Counts::default());
    match word.as_str() {
        word if word.starts_with("SKIP") => counts.skipped = one,
        "TODO" if !good => counts.skipped = one,
        _ if good => counts.passed = one,
        _ => counts.failed = one,
    }
    Some(counts)
}
