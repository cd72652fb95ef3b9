//! Claims about runs: that tests pass, how many, how much they cover.

use crate::found::What;
use crate::guard::Span;
use crate::phrases::{BE, ends};
use crate::token::{Kind, Sentence, Token};

const PASS: [&str; 11] = [
    "pass",
    "passes",
    "passed",
    "passing",
    "green",
    "succeed",
    "succeeds",
    "succeeded",
    "successful",
    "successfully",
    "ok",
];
/// Words that say which tests, without leaving some out on purpose.
const WHICH: [&str; 37] = [
    "unit",
    "integration",
    "e2e",
    "end-to-end",
    "existing",
    "new",
    "backend",
    "frontend",
    "the",
    "our",
    "these",
    "its",
    "regression",
    "automated",
    "python",
    "rust",
    "api",
    "full",
    "entire",
    "whole",
    "complete",
    "all",
    "every",
    "functional",
    "smoke",
    "relevant",
    "other",
    "remaining",
    "current",
    "project",
    "repo",
    "acceptance",
    "snapshot",
    "go",
    "javascript",
    "typescript",
    "pytest",
];
/// Words that leave some out.
const SOME: [&str; 15] = [
    "more", "some", "most", "many", "several", "few", "half", "certain", "flaky", "failing",
    "failed", "almost", "nearly", "these", "two",
];
/// Commands that run tests, by how they begin.
const RUNNERS: [&str; 19] = [
    "cargo test",
    "cargo nextest",
    "pytest",
    "python -m pytest",
    "npm test",
    "npm run test",
    "pnpm test",
    "yarn test",
    "go test",
    "make test",
    "make check",
    "tox",
    "jest",
    "npx jest",
    "vitest",
    "npx vitest",
    "mvn test",
    "gradle test",
    "dotnet test",
];

/// Those that begin at this token.
pub(crate) fn all(sentence: &Sentence, at: usize) -> impl Iterator<Item = (What, Span)> {
    let readers = [tests, counted, command, coverage];
    readers.into_iter().filter_map(move |read| read(sentence, at))
}

/// `all 12 unit tests are passing`
fn tests(sentence: &Sentence, at: usize) -> Option<(What, Span)> {
    let subject = sentence.at(at)?;
    let suite = subject.is(&["suite", "suites"]) && sentence.before(at, 1, &["test", "tests"]);
    if !suite && !subject.is(&["tests", "specs"]) {
        return None;
    }
    let verb = sentence.skip(at + 1, &BE);
    if !sentence.at(verb)?.is(&PASS) {
        return None;
    }
    let mut start = if suite { at.checked_sub(1)? } else { at };
    let mut count = None;
    while let Some(index) = start.checked_sub(1) {
        let token = sentence.at(index)?;
        if token.raw.starts_with('+') {
            return None;
        }
        let others = token.is(&SOME) && !token.is(&["these"]) || token.is(&["no", "zero"]);
        match share(token) {
            Share::All(number) => count = Some(number),
            Share::Part => return None,
            Share::Nothing if others => return None,
            Share::Nothing => {
                let joins = token.is(&["and", "of"]) && index > 0;
                if !token.is(&WHICH) && !joins {
                    break;
                }
            }
        }
        start = index;
    }
    let whole = !fails(sentence) && !is_partial(sentence) && !is_caused(sentence, start);
    (whole && ends(sentence, verb + 1)).then_some((What::Tests { count }, (start, verb + 1)))
}

/// `6/7`, `99.7%`: some are left out.
pub(crate) fn is_partial(sentence: &Sentence) -> bool {
    let less = |token: &Token| {
        let parts = token.word.split_once('/');
        let parts = parts.and_then(|(a, b)| Some((a.parse::<u64>().ok()?, b.parse::<u64>().ok()?)));
        parts.is_some_and(|(part, whole)| part < whole)
            || token.percent().is_some_and(|percent| !matches!(percent, "100" | "100.0"))
    };
    sentence.tokens.iter().any(less)
}

/// `makes the tests pass`, `only unit tests pass`
fn is_caused(sentence: &Sentence, start: usize) -> bool {
    let causes = ["make", "makes", "making", "made", "get", "let", "only", "see", "which", "have"];
    sentence.before(start, 1, &causes)
}

/// What a token says of how many.
enum Share {
    /// `12`, or `12/12`.
    All(u64),
    /// `11/12`, `98%`, or none.
    Part,
    Nothing,
}

fn share(token: &Token) -> Share {
    if let Some(number) = token.number() {
        return if number > 0 { Share::All(number) } else { Share::Part };
    }
    if token.percent().is_some_and(|percent| percent != "100") {
        return Share::Part;
    }
    let Some((part, whole)) = token.word.split_once('/').filter(|_| token.kind == Kind::Word)
    else {
        return Share::Nothing;
    };
    match (part.parse::<u64>(), whole.parse::<u64>()) {
        (Ok(part), Ok(whole)) if part == whole && part > 0 => Share::All(part),
        (Ok(_), Ok(_)) => Share::Part,
        _ => Share::Nothing,
    }
}

/// `120 passed, 0 failed`
fn counted(sentence: &Sentence, at: usize) -> Option<(What, Span)> {
    let token = sentence.at(at)?;
    let Share::All(count) = share(token) else { return None };
    let verb = sentence.skip(at + 1, &["tests", "test"]);
    let passed = sentence.at(verb)?.is(&["passed", "passing"]);
    // `3 tests passing` is one claim, which the other reader makes.
    let alone = verb == at + 1;
    let of_tests = sentence.tokens.iter().any(|token| token.is(&["tests", "test"]))
        || sentence.tokens.iter().any(|token| token.is(&["failed", "failures", "skipped"]));
    // `5 of 7 passed` says of the whole that it failed.
    let part = sentence.before(at, 1, &["of", "out"]);
    let whole = !part && !fails(sentence) && !is_partial(sentence);
    let good = passed && alone && of_tests && whole;
    good.then_some((What::Tests { count: Some(count) }, (at, verb + 1)))
}

/// Whether anything is said to fail: `2 failed`, `one fails`. `0 failed` says the contrary.
fn fails(sentence: &Sentence) -> bool {
    let words =
        ["fail", "fails", "failed", "failing", "failure", "failures", "flaky", "broken", "skip"];
    sentence.tokens.iter().enumerate().any(|(at, token)| {
        let nothing = |token: &Token| token.is(&["0", "no", "zero", "without"]);
        let before = at.checked_sub(1).and_then(|at| sentence.at(at));
        token.is(&words) && !before.is_some_and(nothing)
    })
}

/// `` `cargo test` passes ``
fn command(sentence: &Sentence, at: usize) -> Option<(What, Span)> {
    let token = sentence.at(at)?;
    let runs = |runner: &str| {
        let rest = token.raw.strip_prefix(runner);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    if token.kind != Kind::Code || !RUNNERS.into_iter().any(runs) {
        return None;
    }
    let verb = sentence.skip(at + 1, &BE);
    let passes = sentence.at(verb)?.is(&PASS) && !fails(sentence);
    passes.then(|| (What::Command { command: token.raw.clone() }, (at, verb + 1)))
}

/// `coverage is now 91%`, `91% line coverage`. Other things have a coverage as well: only that of
/// tests is meant, and only of all that there is.
fn coverage(sentence: &Sentence, at: usize) -> Option<(What, Span)> {
    const OF: [&str; 7] = ["test", "code", "line", "branch", "statement", "unit", "overall"];
    const LEADS: [&str; 12] = [
        "is",
        "at",
        "of",
        "now",
        "to",
        "increased",
        "raised",
        "improved",
        "reached",
        "stands",
        "was",
        "remains",
    ];
    // A bound, a comparison and a wish are no measurement.
    let other = |token: &Token| {
        token.is(&["least", "above", "over", "below", "under", "more", "than", "from", "up"])
            || token.is(&["improve", "increase", "raise", "maintain", "bring", "only"])
            || token.raw.starts_with(['>', '<', '≥', '≤', '~', '→', '+'])
    };
    if sentence.tokens.iter().any(other) {
        return None;
    }
    if let Some((percent, end)) = percent_at(sentence, at) {
        let next = sentence.skip(end, &OF);
        let named = next > end && sentence.at(next)?.is(&["coverage"]);
        return (named && is_last(sentence, next + 1))
            .then_some((What::Coverage { percent }, (at, next + 1)));
    }
    let before = at.checked_sub(1).and_then(|at| sentence.at(at));
    let of_tests = before.is_none_or(|token| {
        token.is(&OF) || token.is(&["the", "total", "our", "its"]) || token.kind == Kind::Mark
    });
    if !sentence.at(at)?.is(&["coverage"]) || !of_tests {
        return None;
    }
    let colon = sentence.at(at + 1).is_some_and(|mark| mark.raw == ":");
    let next = sentence.skip(at + 1 + usize::from(colon), &LEADS);
    let (percent, end) = percent_at(sentence, next)?;
    (next > at + 1 && is_last(sentence, end)).then_some((What::Coverage { percent }, (at, end)))
}

/// Whether nothing follows that would make it a part of something else.
fn is_last(sentence: &Sentence, at: usize) -> bool {
    sentence.at(at).is_none_or(|token| {
        token.kind == Kind::Mark || token.is(&["now", "and", "with", "after", "overall"])
    })
}

/// A number of per cent, written together or apart, and where it ends.
fn percent_at(sentence: &Sentence, at: usize) -> Option<(String, usize)> {
    let token = sentence.at(at)?;
    if let Some(percent) = token.percent() {
        return Some((percent.to_owned(), at + 1));
    }
    let apart = token.word.parse::<f64>().is_ok() && token.kind == Kind::Word;
    let sign = sentence.at(at + 1)?.is(&["%"]);
    (apart && sign).then(|| (token.word.clone(), at + 2))
}
