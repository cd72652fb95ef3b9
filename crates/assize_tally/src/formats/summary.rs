//! Runners that close with a summary of a few words: unittest, Vitest, Mocha, Node, nextest, Maven
//! and .NET.

use crate::Counts;
use crate::plain::number;

/// `Ran 5 tests in 0.001s`, then `OK (skipped=1)` or `FAILED (failures=1, errors=1)`.
pub(crate) fn unittest(text: &str) -> Option<Counts> {
    let mut all: Option<Counts> = None;
    let mut ran = None;
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if let Some(count) = unittest_ran(line) {
            ran = Some(count);
        } else if let Some(count) = ran.take() {
            let counts = unittest_end(line, count)?;
            all.get_or_insert_default().add(counts);
        }
    }
    all
}

fn unittest_ran(line: &str) -> Option<u64> {
    let (count, rest) = number(line.strip_prefix("Ran ")?)?;
    let time = rest.strip_prefix(" tests in ").or_else(|| rest.strip_prefix(" test in "))?;
    time.strip_suffix('s')?.parse::<f64>().ok().map(|_| count)
}

fn unittest_end(line: &str, ran: u64) -> Option<Counts> {
    let (word, rest) = line.split_once(" (").unwrap_or((line, ")"));
    let mut counts = Counts::default();
    for part in rest.strip_suffix(')')?.split(", ").filter(|part| !part.is_empty()) {
        let (name, count) = part.split_once('=')?;
        let count: u64 = count.parse().ok()?;
        match name {
            "failures" | "errors" | "unexpected successes" => {
                counts.failed = counts.failed.saturating_add(count)
            }
            "skipped" | "expected failures" => {
                counts.skipped = counts.skipped.saturating_add(count)
            }
            _ => return None,
        }
    }
    let is_end = matches!(word, "OK" | "FAILED" | "NO TESTS RAN");
    counts.passed = ran.saturating_sub(counts.failed).saturating_sub(counts.skipped);
    is_end.then_some(counts)
}

/// `      Tests  1 failed | 4 passed (5)`
pub(crate) fn vitest(text: &str) -> Option<Counts> {
    sum(text, |line| {
        let parts = line.strip_prefix("Tests  ")?.trim_start();
        let (parts, total) = parts.rsplit_once(" (")?;
        total.strip_suffix(')')?.parse::<u64>().ok()?;
        named(parts, " | ", |word| match word {
            "passed" => Some(Place::Passed),
            "failed" => Some(Place::Failed),
            "skipped" | "todo" | "expected fail" => Some(Place::Skipped),
            _ => None,
        })
    })
}

/// `  5 passing (12ms)`, with `  1 failing` and `  2 pending` behind it.
pub(crate) fn mocha(text: &str) -> Option<Counts> {
    let mut all: Option<Counts> = None;
    for line in text.lines().filter(|line| line.starts_with("  ")).map(str::trim) {
        let Some((count, word)) = number(line) else { continue };
        if word.starts_with(" passing (") && word.ends_with(')') {
            let counts = Counts { passed: count, ..Counts::default() };
            all.get_or_insert_default().add(counts);
        } else if let Some(all) = &mut all {
            match word {
                " failing" => all.failed = all.failed.saturating_add(count),
                " pending" => all.skipped = all.skipped.saturating_add(count),
                _ => {}
            }
        }
    }
    all
}

/// `ℹ tests 5`, `ℹ pass 4`, `ℹ fail 1`, `ℹ skipped 0`, each on a line.
pub(crate) fn node(text: &str) -> Option<Counts> {
    let count = |word: &str| -> Option<u64> {
        let mut lines = text.lines().filter_map(|line| line.strip_prefix("ℹ "));
        lines.find_map(|line| line.strip_prefix(word)?.strip_prefix(' ')?.parse().ok())
    };
    count("tests")?;
    let others = count("skipped").unwrap_or(0).saturating_add(count("todo").unwrap_or(0));
    let failed = count("fail")?.saturating_add(count("cancelled").unwrap_or(0));
    Some(Counts { passed: count("pass")?, failed, skipped: others })
}

/// `     Summary [   0.005s] 5 tests run: 4 passed (1 slow), 1 failed, 2 skipped`
pub(crate) fn nextest(text: &str) -> Option<Counts> {
    sum(text, |line| {
        let (time, rest) = line.strip_prefix("Summary [")?.split_once(']')?;
        time.trim().strip_suffix('s')?;
        // Where it ends early it says how many there would have been: `3/5 tests run`.
        let (head, parts) = rest.trim().split_once(" run: ")?;
        head.ends_with("test").then_some(()).or_else(|| head.ends_with("tests").then_some(()))?;
        named(parts, ", ", |word| match word.split(" (").next().unwrap_or(word) {
            "passed" => Some(Place::Passed),
            "failed" | "timed out" | "exec failed" => Some(Place::Failed),
            "skipped" => Some(Place::Skipped),
            _ => None,
        })
    })
}

/// `[INFO] Tests run: 5, Failures: 0, Errors: 0, Skipped: 1`; lines of one class tell a time.
pub(crate) fn maven(text: &str) -> Option<Counts> {
    sum(text, |line| {
        let line = line.split_once("] ").map_or(line, |(_, rest)| rest);
        let (run, rest) = number(line.strip_prefix("Tests run: ")?)?;
        let (failures, rest) = number(rest.strip_prefix(", Failures: ")?)?;
        let (errors, rest) = number(rest.strip_prefix(", Errors: ")?)?;
        let (skipped, rest) = number(rest.strip_prefix(", Skipped: ")?)?;
        let failed = failures.saturating_add(errors);
        let passed = run.saturating_sub(failed).saturating_sub(skipped);
        rest.is_empty().then_some(Counts { passed, failed, skipped })
    })
}

/// `Passed!  - Failed:     0, Passed:     5, Skipped:     0, Total:     5, Duration: 12 ms - x.dll`
pub(crate) fn dotnet(text: &str) -> Option<Counts> {
    sum(text, |line| {
        let (word, rest) = line.split_once("!  - Failed:")?;
        if !matches!(word, "Passed" | "Failed" | "Skipped") {
            return None;
        }
        let (failed, rest) = number(rest.trim_start())?;
        let (passed, rest) = number(rest.strip_prefix(", Passed:")?.trim_start())?;
        let (skipped, rest) = number(rest.strip_prefix(", Skipped:")?.trim_start())?;
        rest.starts_with(", Total:").then_some(Counts { passed, failed, skipped })
    })
}

/// The sum of what lines tell.
fn sum(text: &str, read: impl Fn(&str) -> Option<Counts>) -> Option<Counts> {
    let mut all: Option<Counts> = None;
    for counts in text.lines().filter_map(|line| read(line.trim())) {
        all.get_or_insert_default().add(counts);
    }
    all
}

enum Place {
    Passed,
    Failed,
    Skipped,
}

/// Counts, each with its word.
fn named(parts: &str, between: &str, place: impl Fn(&str) -> Option<Place>) -> Option<Counts> {
    let mut counts = Counts::default();
    for part in parts.split(between) {
        let (count, word) = number(part.trim())?;
        let sum = match place(word.trim())? {
            Place::Passed => &mut counts.passed,
            Place::Failed => &mut counts.failed,
            Place::Skipped => &mut counts.skipped,
        };
        *sum = sum.saturating_add(count);
    }
    Some(counts)
}
