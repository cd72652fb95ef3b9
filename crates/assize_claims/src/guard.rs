//! What takes a sentence's claim away: a plan, a wish, a condition, a doubt, somebody else's words.

use crate::token::{Kind, Sentence};

/// From the first to behind the last token of a claim.
pub(crate) type Span = (usize, usize);

/// Anywhere in the sentence.
const CONDITIONS: [&str; 16] = [
    "if",
    "unless",
    "until",
    "whether",
    "assuming",
    "provided",
    "except",
    "excluding",
    "besides",
    "apart",
    "although",
    "though",
    "however",
    "otherwise",
    "suppose",
    "supposing",
];

/// In the part of the sentence that claims.
const HEDGES: [&str; 97] = [
    "will",
    "would",
    "should",
    "could",
    "may",
    "might",
    "must",
    "shall",
    "can",
    "cannot",
    "won't",
    "when",
    "whenever",
    "once",
    "while",
    "before",
    "ensure",
    "ensures",
    "ensuring",
    "ensured",
    "sure",
    "please",
    "plan",
    "plans",
    "planned",
    "planning",
    "need",
    "needs",
    "needed",
    "want",
    "wants",
    "wanted",
    "hope",
    "hopefully",
    "expect",
    "expects",
    "expected",
    "supposed",
    "intended",
    "intend",
    "goal",
    "goals",
    "aim",
    "aims",
    "target",
    "targets",
    "next",
    "later",
    "future",
    "soon",
    "eventually",
    "previously",
    "formerly",
    "originally",
    "probably",
    "possibly",
    "maybe",
    "perhaps",
    "likely",
    "think",
    "believe",
    "let's",
    "lets",
    "going",
    "yet",
    "verify",
    "verifies",
    "confirm",
    "validate",
    "validates",
    "says",
    "said",
    "claims",
    "claimed",
    "reported",
    "example",
    "e.g.",
    "i.e.",
    "consider",
    "recommend",
    "recommended",
    "suggest",
    "suggested",
    "how",
    "why",
    "what",
    "require",
    "requires",
    "required",
    "requirement",
    "minimum",
    "threshold",
    "achieve",
    "guarantee",
    "guarantees",
    "try",
    "proposed",
];

/// Words that deny it. `no` stands in some claims and is looked at by them.
const NEGATIONS: [&str; 14] = [
    "not", "never", "none", "neither", "nor", "hardly", "without", "isn't", "aren't", "wasn't",
    "don't", "doesn't", "didn't", "haven't",
];

/// Words that begin another part of the sentence.
const TURNS: [&str; 6] = ["which", "so", "because", "and", "but", "that"];

/// Whether the claim in this span is none after all.
pub(crate) fn hedged(sentence: &Sentence, (from, to): Span) -> bool {
    if sentence.tokens.iter().any(|token| token.is(&CONDITIONS)) {
        return true;
    }
    // What follows up to the next turn belongs to the claim, what came before it does.
    let rest = sentence.tokens.iter().skip(to);
    let behind = rest.take_while(|token| token.kind != Kind::Mark && !token.is(&TURNS)).count();
    let part = sentence.tokens.iter().take(to.saturating_add(behind));
    let start = clause_start(sentence, from);
    part.enumerate().skip(start).any(|(at, token)| {
        let inside = at >= from && at < to;
        token.is(&HEDGES) || (!inside && token.is(&NEGATIONS))
    }) || is_infinitive(sentence, from)
}

/// Where the part of the sentence that holds the claim begins: behind the last strong mark, or
/// behind the last full change of subject.
fn clause_start(sentence: &Sentence, from: usize) -> usize {
    let before = sentence.tokens.iter().enumerate().take(from);
    let strong = |token: &crate::token::Token| {
        token.kind == Kind::Mark && matches!(token.raw.as_str(), ";" | "—" | "–" | "|")
    };
    before.filter(|(_, token)| strong(token)).map(|(at, _)| at + 1).last().unwrap_or(0)
}

/// `to add a table` is a purpose.
fn is_infinitive(sentence: &Sentence, from: usize) -> bool {
    let before = from.checked_sub(1).and_then(|at| sentence.at(at));
    before.is_some_and(|token| token.is(&["to"]))
}
