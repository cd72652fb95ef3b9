//! Claims about the whole change: tests, coverage, documents, rules.

use crate::found::What;
use crate::guard::Span;
use crate::token::{Kind, Sentence, Token};

type Found = Vec<(What, Span)>;

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
const BE: [&str; 12] =
    ["are", "is", "were", "was", "have", "has", "been", "now", "still", "also", "all", "both"];
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
const SOME: [&str; 14] = [
    "some", "most", "many", "several", "few", "half", "certain", "flaky", "failing", "failed",
    "almost", "nearly", "these", "two",
];
const UPDATED: [&str; 5] = ["updated", "updates", "refreshed", "revised", "extended"];
const ARTICLES: [&str; 12] = [
    "the",
    "all",
    "relevant",
    "api",
    "user",
    "project",
    "corresponding",
    "our",
    "related",
    "existing",
    "developer",
    "its",
];
const DOCUMENTS: [&str; 5] = ["documentation", "docs", "readme", "readme.md", "doc"];
const CHANGELOGS: [&str; 3] = ["changelog", "changelog.md", "changes.md"];
/// Standards that are no rule book of ours.
const STANDARDS: [&str; 24] = [
    "gdpr",
    "hipaa",
    "pci",
    "pci-dss",
    "soc",
    "soc2",
    "iso",
    "wcag",
    "pep",
    "pep8",
    "posix",
    "oauth",
    "oauth2",
    "openapi",
    "rfc",
    "spec",
    "specification",
    "standard",
    "standards",
    "semver",
    "license",
    "licence",
    "owasp",
    "aria",
];
const REMAIN: [&str; 5] = ["left", "remain", "remains", "remaining", "anymore"];
/// What controls yield, as people call it.
const FINDINGS: [&str; 11] = [
    "finding",
    "findings",
    "violation",
    "violations",
    "issue",
    "issues",
    "warning",
    "warnings",
    "error",
    "errors",
    "breaches",
];
const CLEARED: [&str; 6] = ["fixed", "fixes", "resolved", "resolves", "cleared", "eliminated"];
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

/// All of them in one sentence.
pub(crate) fn all(sentence: &Sentence, is_control: &dyn Fn(&str) -> bool) -> Found {
    let mut found = Vec::new();
    for at in 0..sentence.tokens.len() {
        found.extend(tests(sentence, at));
        found.extend(counted(sentence, at));
        found.extend(command(sentence, at));
        found.extend(coverage(sentence, at));
        found.extend(no_breaking(sentence, at));
        found.extend(updated(sentence, at));
        found.extend(no_todo(sentence, at));
        found.extend(compliant(sentence, at));
        found.extend(fixed(sentence, at, is_control));
    }
    found
}

/// `all 12 unit tests are passing`
fn tests(sentence: &Sentence, at: usize) -> Option<(What, Span)> {
    let subject = sentence.at(at)?;
    let suite = subject.is(&["suite", "suites"]) && before(sentence, at, 1, &["test", "tests"]);
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
        if let Some(number) = number_of_all(token)? {
            count = Some(number);
        } else if token.is(&SOME) && !token.is(&["these"]) {
            return None;
        } else if token.is(&["no", "zero", "new"]) && !token.is(&["new"]) {
            return None;
        } else if !token.is(&WHICH) && !(token.is(&["and", "of"]) && index > 0) {
            break;
        }
        start = index;
    }
    (!fails(sentence)).then_some((What::Tests { count }, (start, verb + 1)))
}

/// A number of tests: `12`, or `12/12`. The outer nothing: some of them are left out.
#[expect(clippy::option_option, reason = "no number and a bad number end differently")]
fn number_of_all(token: &Token) -> Option<Option<u64>> {
    if let Some(number) = token.number() {
        return Some((number > 0).then_some(number));
    }
    if token.percent().is_some_and(|percent| percent != "100") {
        return None;
    }
    let Some((part, whole)) = token.word.split_once('/').filter(|_| token.kind == Kind::Word)
    else {
        return Some(None);
    };
    match (part.parse::<u64>(), whole.parse::<u64>()) {
        (Ok(part), Ok(whole)) if part == whole && part > 0 => Some(Some(part)),
        (Ok(_), Ok(_)) => None,
        _ => Some(None),
    }
}

/// `120 passed, 0 failed`
fn counted(sentence: &Sentence, at: usize) -> Option<(What, Span)> {
    let token = sentence.at(at)?;
    let count = number_of_all(token)??;
    let verb = sentence.skip(at + 1, &["tests", "test"]);
    let passed = sentence.at(verb)?.is(&["passed", "passing"]);
    // `3 tests passing` is one claim, which the other reader makes.
    let alone = verb == at + 1;
    let of_tests = sentence.tokens.iter().any(|token| token.is(&["tests", "test"]))
        || sentence.tokens.iter().any(|token| token.is(&["failed", "failures", "skipped"]));
    // `5 of 7 passed` says of the whole that it failed.
    let part = before(sentence, at, 1, &["of", "out"]);
    let good = passed && alone && of_tests && !part && !fails(sentence);
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

/// `coverage is now 91%`, `91% line coverage`
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
    // A bound and a comparison are no measurement.
    if sentence.tokens.iter().any(|token| {
        token.is(&["least", "above", "over", "below", "under", "more", "than", "from", "up"])
    }) {
        return None;
    }
    if let Some(percent) = percent_at(sentence, at) {
        let next = sentence.skip(percent.1, &OF);
        let named = sentence.at(next)?.is(&["coverage"]);
        return named.then(|| (What::Coverage { percent: percent.0 }, (at, next + 1)));
    }
    if !sentence.at(at)?.is(&["coverage"]) {
        return None;
    }
    let colon = sentence.at(at + 1).is_some_and(|mark| mark.raw == ":");
    let next = sentence.skip(at + 1 + usize::from(colon), &LEADS);
    let (percent, end) = percent_at(sentence, next)?;
    (next > at + 1).then_some((What::Coverage { percent }, (at, end)))
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

/// `no breaking changes`, `backward compatible`
fn no_breaking(sentence: &Sentence, at: usize) -> Option<(What, Span)> {
    let token = sentence.at(at)?;
    let found = |from: usize, to: usize| Some((What::NoBreakingChange, (from, to)));
    if token.is(&["breaking"]) {
        let end = sentence.skip(at + 1, &["api", "public"]);
        let change = sentence.at(end)?.is(&["change", "changes"]);
        let mut start = at;
        while start > 0 && before(sentence, start, 1, &["api", "public", "known", "any", "a"]) {
            start -= 1;
        }
        let denied = before(sentence, start, 1, &["no", "zero", "not", "without", "introduces no"]);
        return if change && denied { found(start.saturating_sub(1), end + 1) } else { None };
    }
    let compatible = token.is(&["compatible"])
        && before(sentence, at, 1, &["backward", "backwards"])
        || token.is(&["backward-compatible", "backwards-compatible", "non-breaking"]);
    // `fully`, never `not`, which the guard sees.
    let partly = sentence.tokens.iter().any(|token| token.is(&["partially", "mostly", "less"]));
    if compatible && !partly { found(at.saturating_sub(1), at + 1) } else { None }
}

/// `updated the docs`, `documentation was updated`, and the same of the changelog
fn updated(sentence: &Sentence, at: usize) -> Option<(What, Span)> {
    let token = sentence.at(at)?;
    let what = |token: &Token| {
        let word = token.word.as_str();
        let named = |words: &[&str]| token.kind != Kind::Mark && words.contains(&word);
        if named(&CHANGELOGS) {
            Some(What::Changelog)
        } else if named(&DOCUMENTS) && token.kind != Kind::Quoted {
            Some(What::Documentation)
        } else {
            None
        }
    };
    if let Some(claim) = what(token) {
        let verb = sentence.skip(at + 1, &BE);
        let after = sentence.at(verb)?;
        let date = sentence.follows(verb, &["up", "to", "date"]) || after.is(&["up-to-date"]);
        return (date
            || after.is(&["updated", "extended", "refreshed"]) && ends(sentence, verb + 1))
        .then_some((claim, (at, verb + 1)));
    }
    if !token.is(&UPDATED) {
        return None;
    }
    let object = sentence.skip(at + 1, &ARTICLES);
    let claim = what(sentence.at(object)?)?;
    ends(sentence, object + 1).then_some((claim, (at, object + 1)))
}

/// Whether the thing named before is not the mere beginning of another: `docs build`.
fn ends(sentence: &Sentence, at: usize) -> bool {
    const AFTER: [&str; 14] = [
        "to",
        "for",
        "with",
        "and",
        "in",
        "as",
        "accordingly",
        "too",
        "by",
        "on",
        "about",
        "files",
        "where",
        "too",
    ];
    sentence.at(at).is_none_or(|token| token.kind == Kind::Mark || token.is(&AFTER))
}

/// `no TODOs left`, `all TODOs are resolved`
fn no_todo(sentence: &Sentence, at: usize) -> Option<(What, Span)> {
    let token = sentence.at(at)?;
    if !token.is(&["todo", "todos", "fixme", "fixmes", "todo's"]) {
        return None;
    }
    let next = sentence.skip(at + 1, &["comment", "comments", "marker", "markers", "items", "or"]);
    let mut start = at;
    while start > 0 && before(sentence, start, 1, &["more", "open", "remaining", "outstanding"]) {
        start -= 1;
    }
    if before(sentence, start, 1, &["no", "zero", "0"]) {
        let ended = sentence.at(next).is_none_or(|token| {
            token.kind == Kind::Mark || token.is(&REMAIN) || token.is(&["in", "are", "is"])
        });
        return ended.then_some((What::NoTodo, (start.saturating_sub(1), next)));
    }
    let verb = sentence.skip(next, &BE);
    let done =
        sentence.at(verb)?.is(&["resolved", "removed", "addressed", "done", "fixed", "gone"]);
    let every = before(sentence, start, 1, &["all", "every"])
        || before(sentence, start, 2, &["all", "every"]) && before(sentence, start, 1, &["the"]);
    (done && every).then_some((What::NoTodo, (start.saturating_sub(1), verb + 1)))
}

/// `100% compliant`, `all rules are followed`
fn compliant(sentence: &Sentence, at: usize) -> Option<(What, Span)> {
    let token = sentence.at(at)?;
    if sentence.tokens.iter().any(|token| token.is(&STANDARDS)) {
        return None;
    }
    if token.is(&["compliant", "compliance"]) {
        let mut start = at;
        while start > 0
            && before(sentence, start, 1, &["rule", "rules", "rulebook", "rule-book", "codebase"])
        {
            start -= 1;
        }
        let last = start.checked_sub(1)?;
        let whole = sentence.at(last)?;
        if whole.is(&["fully", "full", "completely", "100%", "totally"]) {
            return Some((What::Compliant, (last, at + 1)));
        }
        let first = last.checked_sub(1)?;
        let apart = whole.is(&["%"]) && sentence.at(first)?.is(&["100"]);
        return apart.then_some((What::Compliant, (first, at + 1)));
    }
    if !token.is(&["rules"]) || !before(sentence, at, 1, &["all", "20", "the"]) {
        return None;
    }
    let every = before(sentence, at, 1, &["all"])
        || before(sentence, at, 2, &["all"]) && before(sentence, at, 1, &["20", "the"]);
    let verb = sentence.skip(at + 1, &["are", "were", "is", "have", "been", "now"]);
    let kept = sentence
        .at(verb)
        .is_some_and(|verb| verb.is(&["followed", "met", "satisfied", "respected", "kept"]));
    let complies = (1..=3).any(|back| before(sentence, at, back, &["complies", "comply"]));
    (every && (kept || complies)).then_some((What::Compliant, (at.saturating_sub(1), verb + 1)))
}

/// `` fixed all `phantom-env` findings ``
fn fixed(
    sentence: &Sentence,
    at: usize,
    is_control: &dyn Fn(&str) -> bool,
) -> Option<(What, Span)> {
    let token = sentence.at(at)?;
    let name = token.word.as_str();
    if !matches!(token.kind, Kind::Code | Kind::Word) || !is_control(name) {
        return None;
    }
    let noun = sentence.at(at + 1)?;
    if !noun.is(&FINDINGS) {
        return None;
    }
    let claim = |from: usize, to: usize| (What::Fixed { control: name.to_owned() }, (from, to));
    let mut start = at;
    let numbered = |token: &Token| token.number().is_some();
    let which = ["all", "the", "every", "remaining", "more", "open"];
    while let Some(index) = start.checked_sub(1) {
        let token = sentence.at(index)?;
        if !token.is(&which) && !numbered(token) {
            break;
        }
        start = index;
    }
    let every = start < at;
    if before(sentence, start, 1, &["no", "zero"]) || sentence.at(start)?.is(&["0"]) {
        return Some(claim(start.saturating_sub(1), at + 2));
    }
    if every && before(sentence, start, 1, &CLEARED) {
        return Some(claim(start.saturating_sub(1), at + 2));
    }
    let verb = sentence.skip(at + 2, &BE);
    let cleared = sentence.at(verb).is_some_and(|verb| verb.is(&CLEARED) || verb.is(&["gone"]));
    (every && cleared).then(|| claim(start, verb + 1))
}

/// Whether one of these words stands so far before a token.
fn before(sentence: &Sentence, at: usize, back: usize, words: &[&str]) -> bool {
    at.checked_sub(back).and_then(|at| sentence.at(at)).is_some_and(|token| token.is(words))
}
