//! `cargo test`: one opening and one closing line for each test program.
//!
//! The tests themselves may print such lines, above all tests of what runs tests. So a closing
//! line counts for the program that opened with as many tests, and what was printed inside of it
//! does not.

use crate::Counts;
use crate::plain::number;

/// Programs that are open at once; one that dies never closes.
const OPEN_MAX: usize = 64;

/// A program whose closing line has not come.
#[derive(Debug)]
struct Program {
    tests: u64,
    /// What closed inside of it: its tests printed that, or it died and others followed.
    inside: Option<Counts>,
}

pub(crate) fn read(text: &str) -> Option<Counts> {
    let mut all: Option<Counts> = None;
    let (mut open, mut opened): (Vec<Program>, bool) = (Vec::new(), false);
    for line in text.lines().map(str::trim_start) {
        if let Some(tests) = opening(line) {
            opened = true;
            if open.len() == OPEN_MAX {
                open.remove(0);
            }
            open.push(Program { tests, inside: None });
        } else if let Some((tests, counts)) = line.strip_prefix("test result: ").and_then(result) {
            match open.iter().rposition(|program| program.tests == tests) {
                Some(at) => open.truncate(at),
                // Only the end of the output may have been handed on.
                None if !opened => {}
                None => continue,
            }
            let sum = open.last_mut().map_or(&mut all, |program| &mut program.inside);
            sum.get_or_insert_default().add(counts);
        }
    }
    for counts in open.into_iter().filter_map(|program| program.inside) {
        all.get_or_insert_default().add(counts);
    }
    all
}

/// `running 3 tests`
fn opening(line: &str) -> Option<u64> {
    let (tests, rest) = number(line.strip_prefix("running ")?)?;
    matches!(rest.trim_end(), " test" | " tests").then_some(tests)
}

/// `ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s`
fn result(rest: &str) -> Option<(u64, Counts)> {
    let (verdict, parts) = rest.split_once(". ")?;
    matches!(verdict, "ok" | "FAILED").then_some(())?;
    let mut counts = Counts::default();
    let (mut known, mut measured) = (0, 0);
    for part in parts.split(';') {
        let Some((count, word)) = number(part.trim()) else { continue };
        match word.trim() {
            "passed" => counts.passed = count,
            "failed" => counts.failed = count,
            "ignored" => counts.skipped = count,
            "measured" => {
                measured = count;
                continue;
            }
            _ => continue,
        }
        known += 1;
    }
    let tests = [counts.failed, counts.skipped, measured].into_iter();
    let tests = tests.fold(counts.passed, u64::saturating_add);
    (known == 3).then_some((tests, counts))
}
