//! Jest: the summary for people, and the object of `--json`.

use serde_json::Value;

use crate::Counts;
use crate::plain::number;

/// `Tests:       1 failed, 2 skipped, 5 passed, 8 total`
pub(crate) fn text(text: &str) -> Option<Counts> {
    let mut all: Option<Counts> = None;
    for line in text.lines() {
        let Some(parts) = line.trim_start().strip_prefix("Tests:") else { continue };
        if let Some(counts) = summary(parts.trim()) {
            all.get_or_insert_default().add(counts);
        }
    }
    all
}

fn summary(parts: &str) -> Option<Counts> {
    let mut counts = Counts::default();
    let mut total = None;
    for part in parts.split(", ") {
        let (count, word) = number(part)?;
        let place = match word.trim() {
            "passed" => &mut counts.passed,
            "failed" => &mut counts.failed,
            "skipped" | "todo" => &mut counts.skipped,
            "total" => {
                total = Some(count);
                continue;
            }
            _ => return None,
        };
        *place = place.saturating_add(count);
    }
    total.map(|_| counts)
}

/// The object of `--json`, alone or on a line of its own.
pub(crate) fn json(text: &str) -> Option<Counts> {
    const MARK: &str = "\"numTotalTests\"";
    if !text.contains(MARK) {
        return None;
    }
    let whole = serde_json::from_str::<Value>(text.trim()).ok();
    whole.as_ref().and_then(object).or_else(|| {
        let lines = text.lines().filter(|line| line.starts_with('{') && line.contains(MARK));
        lines.filter_map(|line| object(&serde_json::from_str(line).ok()?)).next_back()
    })
}

fn object(report: &Value) -> Option<Counts> {
    let count = |key: &str| report.get(key).and_then(Value::as_u64);
    count("numTotalTests")?;
    // A file of tests that cannot be run has no tests to fail.
    let broken = count("numRuntimeErrorTestSuites").unwrap_or(0);
    Some(Counts {
        passed: count("numPassedTests")?,
        failed: count("numFailedTests")?.saturating_add(broken),
        skipped: count("numPendingTests")?.saturating_add(count("numTodoTests").unwrap_or(0)),
    })
}
