//! `cargo test`: one closing line for each test program.

use crate::Counts;
use crate::plain::number;

pub(crate) fn read(text: &str) -> Option<Counts> {
    let mut all: Option<Counts> = None;
    for line in text.lines() {
        let Some(rest) = line.trim_start().strip_prefix("test result: ") else { continue };
        let Some(counts) = result(rest) else { continue };
        all.get_or_insert_default().add(counts);
    }
    all
}

/// `ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s`
fn result(rest: &str) -> Option<Counts> {
    let (verdict, parts) = rest.split_once(". ")?;
    matches!(verdict, "ok" | "FAILED").then_some(())?;
    let mut counts = Counts::default();
    let mut known = 0;
    for part in parts.split(';') {
        let Some((count, word)) = number(part.trim()) else { continue };
        match word.trim() {
            "passed" => counts.passed = count,
            "failed" => counts.failed = count,
            "ignored" => counts.skipped = count,
            _ => continue,
        }
        known += 1;
    }
    (known == 3).then_some(counts)
}
