//! Claims that a thing was added or removed: a verb, then nothing but the thing; or the thing, then
//! nothing but the verb.
//!
//! `Added tests for GET /orders` adds tests, and `added caching to table orders` no table. So
//! between verb and thing only words may stand that change nothing of that.

use crate::found::{Thing, ThingKind, What};
use crate::guard::Span;
use crate::token::{Kind, Sentence, Token};

const ADDED: [&str; 12] = [
    "added",
    "adds",
    "introduced",
    "introduces",
    "implemented",
    "implements",
    "created",
    "creates",
    "exposed",
    "exposes",
    "adding",
    "new",
];
const REMOVED: [&str; 8] =
    ["removed", "removes", "deleted", "deletes", "dropped", "drops", "removing", "deleting"];
/// Between the verb and its object.
const FILLERS: [&str; 42] = [
    "a",
    "an",
    "the",
    "new",
    "one",
    "two",
    "three",
    "four",
    "five",
    "its",
    "our",
    "and",
    "old",
    "obsolete",
    "unused",
    "dead",
    "deprecated",
    "legacy",
    "stale",
    "unneeded",
    "redundant",
    "helper",
    "utility",
    "small",
    "simple",
    "public",
    "private",
    "async",
    "missing",
    "dedicated",
    "separate",
    "single",
    "optional",
    "required",
    "internal",
    "rest",
    "http",
    "api",
    "database",
    "db",
    "both",
    "following",
];
/// Between a thing and the verb behind it.
const PASSIVES: [&str; 9] = ["was", "were", "is", "are", "has", "have", "been", "now", "also"];
/// What may stand behind a thing that is the object itself.
const BEHIND: [&str; 34] = [
    "to",
    "in",
    "for",
    "with",
    "that",
    "which",
    "under",
    "at",
    "on",
    "so",
    "by",
    "from",
    "and",
    "or",
    "via",
    "using",
    "as",
    "returning",
    "returns",
    "because",
    "was",
    "were",
    "is",
    "are",
    "has",
    "have",
    "been",
    "added",
    "removed",
    "deleted",
    "now",
    "also",
    "introduced",
    "implemented",
];
/// Texts about things: what is added to them is no thing.
const TEXTS: [&str; 17] = [
    "readme",
    "readme.md",
    "docs",
    "documentation",
    "changelog",
    "changelog.md",
    "list",
    "table",
    "comment",
    "comments",
    "examples",
    "example",
    "checklist",
    "allowlist",
    "ignore",
    "guide",
    "section",
];
const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

/// A noun that says of what kind the name beside it is.
const NOUNS: [(&str, Noun); 27] = [
    ("endpoint", Noun::Route),
    ("endpoints", Noun::Route),
    ("route", Noun::Route),
    ("routes", Noun::Route),
    ("table", Noun::Table),
    ("tables", Noun::Table),
    ("env", Noun::Env),
    ("variable", Noun::Env),
    ("variables", Noun::Env),
    ("var", Noun::Env),
    ("vars", Noun::Env),
    ("function", Noun::Function),
    ("functions", Noun::Function),
    ("class", Noun::Type),
    ("classes", Noun::Type),
    ("struct", Noun::Type),
    ("enum", Noun::Type),
    ("interface", Noun::Type),
    ("trait", Noun::Type),
    ("command", Noun::Command),
    ("script", Noun::Command),
    ("target", Noun::Command),
    ("file", Noun::File),
    ("module", Noun::File),
    ("dependency", Noun::Package),
    ("package", Noun::Package),
    ("dependencies", Noun::Package),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Noun {
    Route,
    Table,
    Env,
    Function,
    Type,
    Command,
    File,
    Package,
}

/// A thing, and the tokens that name it.
struct Named {
    thing: Thing,
    span: Span,
}

pub(crate) fn all(sentence: &Sentence) -> Vec<(What, Span)> {
    let named = named(sentence);
    let mut found = Vec::new();
    for (index, one) in named.iter().enumerate() {
        let first = named.get(..index).unwrap_or_default();
        let after = named.get(index + 1..).unwrap_or_default();
        if let Some((adds, span)) = said(sentence, one, first, after) {
            let thing = one.thing.clone();
            let what = if adds { What::Added(thing) } else { What::Removed(thing) };
            found.push((what, span));
        }
    }
    found
}

/// Whether it was added or removed, and the tokens that say so.
fn said(
    sentence: &Sentence,
    one: &Named,
    first: &[Named],
    after: &[Named],
) -> Option<(bool, Span)> {
    let (from, to) = one.span;
    if is_part_of_more(sentence, to, after) {
        return None;
    }
    // Backwards: other things of the same list, and what says nothing.
    let mut at = from;
    while let Some(index) = at.checked_sub(1) {
        if let Some(other) = first.iter().find(|other| other.span.1 == at) {
            at = other.span.0;
            continue;
        }
        let token = sentence.at(index)?;
        if let Some(adds) = verb(token) {
            // A plan stands before a verb as well as behind one.
            return Some((adds, (index, to)));
        }
        let comma = token.kind == Kind::Mark && matches!(token.raw.as_str(), "," | ":");
        if !token.is(&FILLERS) && !comma {
            break;
        }
        at = index;
    }
    // Forwards.
    let mut at = to;
    while let Some(token) = sentence.at(at) {
        if let Some(other) = after.iter().find(|other| other.span.0 == at) {
            at = other.span.1;
            continue;
        }
        if let Some(adds) = verb(token).filter(|_| !token.is(&["new", "adding", "removing"])) {
            return is_passive(token).then_some((adds, (from, at + 1)));
        }
        let comma = token.kind == Kind::Mark && token.raw == ",";
        if !token.is(&PASSIVES) && !token.is(&["and"]) && !comma {
            break;
        }
        at += 1;
    }
    None
}

/// `X removes Y` does not remove X.
fn is_passive(token: &Token) -> bool {
    token.word.ends_with("ed")
}

fn verb(token: &Token) -> Option<bool> {
    if token.is(&ADDED) && !token.is(&["new", "adding"]) {
        Some(true)
    } else if token.is(&REMOVED) {
        Some(false)
    } else {
        None
    }
}

/// Whether the name is only the beginning of what was added, or it was added to a text.
fn is_part_of_more(sentence: &Sentence, to: usize, after: &[Named]) -> bool {
    let Some(next) = sentence.at(to) else { return false };
    if next.kind == Kind::Mark || after.iter().any(|other| other.span.0 == to) {
        return false;
    }
    if !next.is(&BEHIND) {
        return true;
    }
    let to_text = next.is(&["to", "in", "from", "on"]);
    to_text && (to + 1..to + 6).any(|at| sentence.at(at).is_some_and(|token| is_text(token)))
}

fn is_text(token: &Token) -> bool {
    matches!(token.kind, Kind::Word | Kind::Code)
        && (TEXTS.contains(&token.word.as_str()) || token.word.ends_with(".md"))
}

/// All things of a sentence, in order.
fn named(sentence: &Sentence) -> Vec<Named> {
    let mut found: Vec<Named> = Vec::new();
    let mut at = 0;
    while at < sentence.tokens.len() {
        match thing_at(sentence, at) {
            Some(one) => {
                at = one.span.1;
                found.push(one);
            }
            None => at += 1,
        }
    }
    found
}

fn thing_at(sentence: &Sentence, at: usize) -> Option<Named> {
    method_and_path(sentence, at)
        .or_else(|| noun_and_names(sentence, at))
        .or_else(|| name_and_noun(sentence, at))
        .or_else(|| listed(sentence, at))
}

/// `GET /orders/{id}`, in one pair of back ticks or in none.
fn method_and_path(sentence: &Sentence, at: usize) -> Option<Named> {
    let token = sentence.at(at)?;
    let route = |method: &str, path: &str, to: usize| {
        let method = METHODS.into_iter().find(|known| *known == method)?;
        is_route(path).then(|| Named {
            thing: Thing {
                kind: ThingKind::Route { method: method.to_owned() },
                name: path.to_owned(),
            },
            span: (at, to),
        })
    };
    let start = noun_before(sentence, at, Noun::Route);
    let found = match token.kind {
        Kind::Code => {
            let (method, path) = token.raw.split_once(' ')?;
            route(method, path.trim(), at + 1)
        }
        Kind::Word => {
            let next = sentence.at(at + 1)?;
            let plain = matches!(next.kind, Kind::Word | Kind::Code);
            plain.then(|| route(&token.raw, &next.raw, at + 2))?
        }
        _ => None,
    }?;
    let to = noun_behind(sentence, found.span.1, Noun::Route);
    Some(Named { span: (start, to), ..found })
}

/// ``table `orders` ``
fn noun_and_names(sentence: &Sentence, at: usize) -> Option<Named> {
    let noun = noun(sentence.at(at)?)?;
    let mut next = at + 1;
    if noun == Noun::Env {
        next = sentence.skip(next, &["variable", "variables", "var", "vars"]);
    }
    if sentence.at(next)?.raw == ":" {
        next += 1;
    }
    let thing = name(sentence.at(next)?, noun)?;
    let start = if sentence.at(at)?.is(&["variable", "variables", "var", "vars"]) {
        let back = at.checked_sub(1).filter(|back| {
            sentence.at(*back).is_some_and(|token| token.is(&["environment", "env"]))
        });
        back.unwrap_or(at)
    } else {
        at
    };
    Some(Named { thing, span: (start, next + 1) })
}

/// `` `orders` table ``
fn name_and_noun(sentence: &Sentence, at: usize) -> Option<Named> {
    let token = sentence.at(at)?;
    let next = sentence.skip(at + 1, &["environment", "helper", "utility", "api", "database"]);
    let noun = noun(sentence.at(next)?)?;
    let thing = name(token, noun)?;
    let end = if noun == Noun::Env {
        sentence.skip(next + 1, &["variable", "variables", "var", "vars"])
    } else {
        next + 1
    };
    Some(Named { thing, span: (at, end) })
}

/// One more of a list whose noun stands before its first: ``tables `a` and `b` ``.
fn listed(sentence: &Sentence, at: usize) -> Option<Named> {
    let token = sentence.at(at)?;
    if token.kind != Kind::Code {
        return None;
    }
    let mut back = at;
    while let Some(index) = back.checked_sub(1) {
        let before = sentence.at(index)?;
        let joins = before.raw == "," || before.is(&["and"]) || before.kind == Kind::Code;
        if !joins {
            let plural = before.word.ends_with('s').then(|| noun(before)).flatten()?;
            return Some(Named { thing: name(token, plural)?, span: (at, at + 1) });
        }
        back = index;
    }
    None
}

fn noun(token: &Token) -> Option<Noun> {
    if token.kind != Kind::Word {
        return None;
    }
    NOUNS.into_iter().find(|(word, _)| *word == token.word).map(|(_, noun)| noun)
}

fn noun_before(sentence: &Sentence, at: usize, wanted: Noun) -> usize {
    let back = at.checked_sub(1);
    let is = |at: &usize| sentence.at(*at).and_then(noun) == Some(wanted);
    back.filter(is).unwrap_or(at)
}

fn noun_behind(sentence: &Sentence, at: usize, wanted: Noun) -> usize {
    let is = sentence.at(at).and_then(noun) == Some(wanted);
    if is { at + 1 } else { at }
}

/// The thing that a token names, if it can be the name of one of this kind. Words without back
/// ticks are names only where they look like nothing else.
fn name(token: &Token, noun: Noun) -> Option<Thing> {
    let code = token.kind == Kind::Code;
    if !code && token.kind != Kind::Word {
        return None;
    }
    let raw = token.raw.as_str();
    let thing = |kind: ThingKind, name: &str| Some(Thing { kind, name: name.to_owned() });
    match noun {
        Noun::Route => {
            let any = || ThingKind::Route { method: "*".to_owned() };
            if is_route(raw) { thing(any(), raw) } else { None }
        }
        Noun::Env => is_constant(raw).then(|| thing(ThingKind::Env, raw))?,
        Noun::Table => {
            let fits = is_identifier(raw) && (code || raw.contains('_'));
            if fits { thing(ThingKind::Table, raw) } else { None }
        }
        Noun::Function => {
            let bare = raw.split('(').next().unwrap_or(raw);
            let called = raw.ends_with(')');
            let fits = is_identifier(bare) && (code || called || bare.contains('_'));
            if fits { thing(ThingKind::Function, bare) } else { None }
        }
        Noun::Type => {
            let pascal = raw.starts_with(char::is_uppercase) && raw.contains(char::is_lowercase);
            let inner = raw.chars().skip(1).any(char::is_uppercase);
            let fits = is_identifier(raw) && pascal && (code || inner);
            if fits { thing(ThingKind::Type, raw) } else { None }
        }
        Noun::Command => (code && !raw.is_empty()).then(|| thing(ThingKind::Command, raw))?,
        Noun::File => {
            let path = raw.contains('.') && !raw.contains([' ', '(', '*']);
            if path && (code || raw.contains('/')) { thing(ThingKind::File, raw) } else { None }
        }
        Noun::Package => {
            let fits = code && !raw.contains(' ') && !raw.is_empty();
            if fits { thing(ThingKind::Package, raw) } else { None }
        }
    }
}

/// A path of a request; a lone slash may be anything.
fn is_route(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next() == Some('/')
        && letters.next().is_some_and(|second| second.is_alphanumeric() || "{:<_.".contains(second))
        && !text.contains([' ', '`', '"', '\\'])
}

fn is_identifier(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next().is_some_and(|first| first.is_alphabetic() || first == '_')
        && letters.all(|letter| letter.is_alphanumeric() || letter == '_')
}

fn is_constant(text: &str) -> bool {
    is_identifier(text)
        && text.len() > 2
        && text.chars().all(|letter| !letter.is_lowercase())
        && text.chars().any(char::is_alphabetic)
}
