//! What a text claims of a change: that tests pass, that an endpoint was added, that nothing
//! breaks.
//!
//! Text in, claims out; whether one is true is not known here. A claim is only what is plainly
//! said of the present: a wish, a plan, a condition, a negation, a quotation and prose about other
//! things are passed over. What is missed is read by a person anyway; what is made up would be
//! held against somebody.

mod found;
mod guard;
mod markdown;
mod phrases;
mod things;
mod token;

pub use found::{Claim, Thing, ThingKind, What};

use self::markdown::sentences;
use self::token::Sentence;

/// Texts longer than this are cut: nobody reads a report of a megabyte.
const TEXT_BYTES_MAX: usize = 1 << 20;
/// So many claims of one text are looked at.
const CLAIMS_MAX: usize = 2_000;

/// The claims of a text in Markdown, in order. `is_control` knows the names of controls.
pub fn claims(text: &str, is_control: &dyn Fn(&str) -> bool) -> Vec<Claim> {
    let mut end = text.len().min(TEXT_BYTES_MAX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let text = text.get(..end).unwrap_or_default();
    let mut claims = Vec::new();
    for sentence in sentences(text) {
        for what in of_sentence(&sentence, is_control) {
            if claims.len() < CLAIMS_MAX {
                let said = sentence.text();
                claims.push(Claim { line: sentence.line, sentence: said, what });
            }
        }
    }
    claims
}

fn of_sentence(sentence: &Sentence, is_control: &dyn Fn(&str) -> bool) -> Vec<What> {
    if sentence.asks || sentence.tokens.is_empty() {
        return Vec::new();
    }
    let mut found = phrases::all(sentence, is_control);
    found.extend(things::all(sentence));
    let mut all: Vec<What> = Vec::new();
    for (what, span) in found {
        if !guard::hedged(sentence, span) && !all.contains(&what) {
            all.push(what);
        }
    }
    all
}

#[cfg(test)]
mod tests;
