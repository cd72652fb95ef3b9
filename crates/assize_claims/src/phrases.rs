//! Claims about the whole change: what breaks, documents, rules.

use crate::found::What;
use crate::guard::Span;
use crate::runs::{self, is_partial};
use crate::token::{Kind, Sentence, Token};

type Found = Vec<(What, Span)>;

pub(crate) const BE: [&str; 12] =
    ["are", "is", "were", "was", "have", "has", "been", "now", "still", "also", "all", "both"];
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
/// All of them in one sentence.
pub(crate) fn all(sentence: &Sentence, is_control: &dyn Fn(&str) -> bool) -> Found {
    let mut found = Vec::new();
    for at in 0..sentence.tokens.len() {
        found.extend(runs::all(sentence, at));
        found.extend(no_breaking(sentence, at));
        found.extend(updated(sentence, at));
        found.extend(no_todo(sentence, at));
        found.extend(compliant(sentence, at));
        found.extend(fixed(sentence, at, is_control));
    }
    found
}

/// `no breaking changes`, `is backward compatible`. What stands beside a noun describes that noun.
fn no_breaking(sentence: &Sentence, at: usize) -> Option<(What, Span)> {
    let token = sentence.at(at)?;
    let found = |from: usize, to: usize| Some((What::NoBreakingChange, (from, to)));
    if token.is(&["breaking"]) {
        let end = sentence.skip(at + 1, &["api", "public"]);
        let change = sentence.at(end)?.is(&["change", "changes"]);
        let mut start = at;
        while start > 0 && sentence.before(start, 1, &["api", "public", "known", "any", "a"]) {
            start -= 1;
        }
        let denied = sentence.before(start, 1, &["no", "zero", "not"]);
        let said = change && denied && (ends(sentence, end + 1) || is_made(sentence, end + 1));
        return if said { found(start.saturating_sub(1), end + 1) } else { None };
    }
    let is = ["is", "are", "remains", "remain", "stays", "fully", "100%", "completely"];
    if token.is(&["non-breaking"]) {
        let change = sentence.at(at + 1)?.is(&["change", "changes"]);
        let said = sentence.before(at, 1, &["is", "are"])
            || sentence.before(at, 1, &["a"]) && sentence.before(at, 2, &["is"]);
        return if said && change && ends(sentence, at + 2) { found(at, at + 2) } else { None };
    }
    let apart = token.is(&["compatible"]) && sentence.before(at, 1, &["backward", "backwards"]);
    let joined = token.is(&["backward-compatible", "backwards-compatible"]);
    let start = if apart { at.checked_sub(1)? } else { at };
    let ours = ["this", "it", "change", "changes", "fix", "pr", "api", "everything", "that"];
    let of_ours = sentence.before(start, 1, &["fully", "100%", "completely"])
        || start < 2
        || sentence.before(start, 2, &ours);
    let predicate = sentence.before(start, 1, &is) && of_ours;
    let said = (apart || joined) && predicate && ends(sentence, at + 1);
    if said { found(start, at + 1) } else { None }
}

/// `were introduced`, `are made`
fn is_made(sentence: &Sentence, at: usize) -> bool {
    let verb = sentence.skip(at, &["are", "were", "have", "been", "was", "is"]);
    sentence.at(verb).is_none_or(|verb| {
        verb.is(&["introduced", "made", "confirmed", "detected", "here", "added", "found"])
    })
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
    // `and updated docs` may be a list of things.
    let verb = object > at + 1 || begins(sentence, at);
    (verb && ends(sentence, object + 1)).then_some((claim, (at, object + 1)))
}

/// Whether a sentence, or a part of one, begins here, its subject aside.
fn begins(sentence: &Sentence, at: usize) -> bool {
    at == 0
        || sentence.before(at, 1, &["i", "we", "also", "have", "has", "pr", "change", "commit"])
        || at.checked_sub(1).and_then(|at| sentence.at(at)).is_some_and(|token| {
            token.kind == Kind::Mark && matches!(token.raw.as_str(), ":" | ";" | "—" | "–")
        })
}

/// Whether the thing named before is not the mere beginning of another: `docs build`.
pub(crate) fn ends(sentence: &Sentence, at: usize) -> bool {
    const AFTER: [&str; 22] = [
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
        "locally",
        "again",
        "consistently",
        "cleanly",
        "now",
        "without",
        "under",
        "after",
        "here",
    ];
    let sign = |token: &Token| !token.raw.contains(char::is_alphanumeric);
    sentence.at(at).is_none_or(|token| token.kind == Kind::Mark || token.is(&AFTER) || sign(token))
}

/// `no TODOs left`, `all TODOs are resolved`
fn no_todo(sentence: &Sentence, at: usize) -> Option<(What, Span)> {
    let token = sentence.at(at)?;
    if !token.is(&["todo", "todos", "fixme", "fixmes", "todo's"]) {
        return None;
    }
    let next = sentence.skip(at + 1, &["comment", "comments", "marker", "markers", "items", "or"]);
    let mut start = at;
    while start > 0 && sentence.before(start, 1, &["more", "open", "remaining", "outstanding"]) {
        start -= 1;
    }
    if sentence.before(start, 1, &["no", "zero", "0"]) {
        let ended = sentence.at(next).is_none_or(|token| {
            token.kind == Kind::Mark || token.is(&REMAIN) || token.is(&["in", "are", "is"])
        });
        return ended.then_some((What::NoTodo, (start.saturating_sub(1), next)));
    }
    let verb = sentence.skip(next, &BE);
    let done =
        sentence.at(verb)?.is(&["resolved", "removed", "addressed", "done", "fixed", "gone"]);
    let every = sentence.before(start, 1, &["all", "every"])
        || sentence.before(start, 2, &["all", "every"]) && sentence.before(start, 1, &["the"]);
    (done && every).then_some((What::NoTodo, (start.saturating_sub(1), verb + 1)))
}

/// `100% compliant`, `all rules are followed`. One rule, and what is compliant with something
/// else, is not the rule book.
fn compliant(sentence: &Sentence, at: usize) -> Option<(What, Span)> {
    let token = sentence.at(at)?;
    let narrow = |(at, token): (usize, &Token)| {
        let numbered = token.is(&["rule"])
            && sentence.at(at + 1).is_some_and(|next| next.word.starts_with(char::is_numeric));
        numbered || token.is(&STANDARDS) || token.raw == "→"
    };
    if sentence.tokens.iter().enumerate().any(narrow) || is_partial(sentence) {
        return None;
    }
    let whole = whole_rules(sentence);
    if token.is(&["compliant", "compliance"]) {
        let mut start = at;
        while start > 0 && sentence.before(start, 1, &["rule", "rules", "rulebook", "codebase"]) {
            start -= 1;
        }
        let named = start < at;
        let mut last = start.checked_sub(1)?;
        if sentence.at(last)?.is(&["%"]) {
            last = last
                .checked_sub(1)
                .filter(|at| sentence.at(*at).is_some_and(|it| it.is(&["100"])))?;
        } else if !sentence.at(last)?.is(&["fully", "full", "completely", "100%", "totally"]) {
            return None;
        }
        let said = whole || (named || is_bare(sentence)) && !is_planned(sentence);
        return said.then_some((What::Compliant, (last, at + 1)));
    }
    if !token.is(&["rules"]) || !whole {
        return None;
    }
    let verb = sentence.skip(at + 1, &["are", "were", "is", "have", "been", "now"]);
    let kept = verb > at + 1
        && sentence
            .at(verb)
            .is_some_and(|verb| verb.is(&["followed", "met", "satisfied", "respected", "kept"]));
    let complies = (1..=4).any(|back| sentence.before(at, back, &["complies", "comply"]));
    (kept || complies).then_some((What::Compliant, (at, verb + 1)))
}

/// `all rules`, `all of the 20 rules`
fn whole_rules(sentence: &Sentence) -> bool {
    sentence.tokens.iter().enumerate().any(|(at, token)| {
        let number = |back: usize| {
            let token = at.checked_sub(back).and_then(|at| sentence.at(at));
            token.is_some_and(|token| token.number().is_some())
        };
        token.is(&["rules"])
            && (1..=5).any(|back| sentence.before(at, back, &["all", "every"]))
            && (sentence.before(at, 1, &["all", "the", "enforcement", "engineering"]) || number(1))
    })
}

/// Whether a sentence says nothing but that: then it speaks of the whole.
fn is_bare(sentence: &Sentence) -> bool {
    const BARE: [&str; 22] = [
        "the",
        "codebase",
        "code",
        "repository",
        "project",
        "is",
        "now",
        "fully",
        "100%",
        "100",
        "%",
        "compliant",
        "compliance",
        "achieved",
        "status",
        "result",
        "this",
        "change",
        "pr",
        "branch",
        "full",
        "completely",
    ];
    let plain = |token: &Token| !token.raw.contains(char::is_alphanumeric);
    sentence.tokens.iter().all(|token| token.is(&BARE) || plain(token))
        && !sentence.tokens.first().is_some_and(|first| first.is(&["full", "compliance"]))
}

/// What is still to come, or how long it takes.
fn is_planned(sentence: &Sentence) -> bool {
    let ahead = ["to", "for", "hours", "week", "weeks", "days", "min", "day", "mission", "bring"];
    sentence.tokens.iter().any(|token| token.is(&ahead))
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
    if sentence.before(start, 1, &["no", "zero"]) || sentence.at(start)?.is(&["0"]) {
        return Some(claim(start.saturating_sub(1), at + 2));
    }
    if every && sentence.before(start, 1, &CLEARED) {
        return Some(claim(start.saturating_sub(1), at + 2));
    }
    let verb = sentence.skip(at + 2, &BE);
    let cleared = sentence.at(verb).is_some_and(|verb| verb.is(&CLEARED) || verb.is(&["gone"]));
    (every && cleared).then(|| claim(start, verb + 1))
}
