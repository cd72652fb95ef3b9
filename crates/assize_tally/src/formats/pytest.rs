//! pytest: the line that closes a run, with or without its frame of `=`.

use crate::Counts;
use crate::plain::number;

pub(crate) fn read(text: &str) -> Option<Counts> {
    let mut all: Option<Counts> = None;
    for line in text.lines() {
        if let Some(counts) = summary(line) {
            all.get_or_insert_default().add(counts);
        }
    }
    all
}

/// `== 1 failed, 2 passed, 1 warning in 0.05s ==`
fn summary(line: &str) -> Option<Counts> {
    let line = line.trim().trim_matches('=').trim();
    let (parts, time) = line.rsplit_once(" in ")?;
    // From a minute on the same time stands behind it once more, in hours and minutes.
    let time = time.split_once(" (").map_or(time, |(seconds, _)| seconds);
    let seconds = time.strip_suffix('s')?;
    seconds.parse::<f64>().ok().filter(|seconds| *seconds >= 0.0)?;
    if parts == "no tests ran" {
        return Some(Counts::default());
    }
    let mut counts = Counts::default();
    let mut tests = false;
    for part in parts.split(", ") {
        let (count, word) = number(part)?;
        let place = match word.trim() {
            "passed" | "xpassed" => &mut counts.passed,
            "failed" | "error" | "errors" => &mut counts.failed,
            "skipped" | "xfailed" => &mut counts.skipped,
            "deselected" | "warning" | "warnings" | "rerun" | "subtests passed" => continue,
            _ => return None,
        };
        *place = place.saturating_add(count);
        tests = true;
    }
    tests.then_some(counts)
}
