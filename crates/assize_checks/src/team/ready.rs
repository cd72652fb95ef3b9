//! Patterns and expressions of one rule, made when they are first asked for.

use std::sync::OnceLock;

use assize_config::{Mistake, Said, TeamRule, Wanted};
use assize_grammars::{Grammar, Pattern, PatternError, Query};
use regex::{Regex, RegexBuilder};

use super::grammars;

/// How large the machine of one expression may become.
const REGEX_BYTES_MAX: usize = 1024 * 1024;

/// What one rule looks for, in the form in which it is looked for.
#[derive(Debug, Default)]
pub(super) struct Ready {
    /// One for each grammar; nothing where the rule is not written in it.
    queries: [OnceLock<Option<Query>>; Grammar::ALL.len()],
    expressions: OnceLock<Vec<Regex>>,
}

impl Ready {
    /// The query of a rule for code in a grammar.
    pub(super) fn query(&self, rule: &TeamRule, grammar: Grammar) -> Option<&Query> {
        let slot = Grammar::ALL.iter().position(|one| *one == grammar);
        let cell = slot.and_then(|slot| self.queries.get(slot))?;
        cell.get_or_init(|| query(rule, grammar, &mut Vec::new())).as_ref()
    }

    /// The expressions of a rule for texts.
    pub(super) fn expressions(&self, rule: &TeamRule) -> &[Regex] {
        let make = || match &rule.wanted {
            Wanted::Text { any, .. } => {
                any.iter().filter_map(|said| expression(&said.text).ok()).collect()
            }
            _ => Vec::new(),
        };
        self.expressions.get_or_init(make)
    }

    /// Writes down what in the rule is no pattern and no expression.
    pub(super) fn prove(&self, rule: &TeamRule, mistakes: &mut Vec<Mistake>) {
        match &rule.wanted {
            Wanted::Code { .. } => {
                for (number, language) in rule.languages.iter().enumerate() {
                    let usual = grammars(language).first().filter(|_| number == 0);
                    for grammar in grammars(language) {
                        let mut wrong = Vec::new();
                        drop(query(rule, *grammar, &mut wrong));
                        // What a second grammar cannot say is not looked for in it.
                        if usual == Some(grammar) || mistakes.is_empty() && number > 0 {
                            mistakes.append(&mut wrong);
                        }
                    }
                }
            }
            Wanted::Text { any, .. } => {
                for said in any {
                    if let Err(why) = expression(&said.text) {
                        mistakes.push(rule.mistake(said, why));
                    }
                }
            }
            Wanted::NoFile | Wanted::Named(_) | Wanted::File(_) => {}
        }
    }
}

/// The query in a grammar; none where a pattern of it is none in that grammar.
fn query(rule: &TeamRule, grammar: Grammar, mistakes: &mut Vec<Mistake>) -> Option<Query> {
    let Wanted::Code { any, unless, inside, outside, selector } = &rule.wanted else { return None };
    let before = mistakes.len();
    let kind = selector.as_ref().map(|said| said.text.as_str());
    let mut made = |list: &[Said], kind: Option<&str>| -> Vec<Pattern> {
        let mut patterns = Vec::with_capacity(list.len());
        for said in list {
            match Pattern::new(grammar, &said.text, kind) {
                Ok(pattern) => patterns.push(pattern),
                Err(error) => mistakes.push(rule.mistake(said, why(error, &said.text, grammar))),
            }
        }
        patterns
    };
    let query = Query {
        any: made(any, kind),
        unless: made(unless, kind),
        inside: made(inside, None),
        outside: made(outside, None),
    };
    (mistakes.len() == before).then_some(query)
}

fn why(error: PatternError, code: &str, grammar: Grammar) -> String {
    let why = match error {
        PatternError::Code => {
            "it does not parse; write a whole expression or statement, or put it into code that \
             does and name with `selector` the kind of node that is meant"
        }
        PatternError::Several => "it is more than one statement; give one",
        PatternError::Anything => "it would fit any code",
        PatternError::Twice => "a hole for several nodes (`$$$NAME`) can only stand once",
        PatternError::Selector => "it holds no node of the kind that `selector` names",
    };
    format!("`{code}` is no pattern of {grammar:?}: {why}")
}

/// An expression for lines; else why it is none.
fn expression(text: &str) -> Result<Regex, String> {
    let made = RegexBuilder::new(text).size_limit(REGEX_BYTES_MAX).build();
    made.map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => {
            format!("`{text}` grows larger than {REGEX_BYTES_MAX} bytes")
        }
        // The last line says what is wrong; those above show where.
        error => {
            let words = error.to_string();
            let last = words.lines().last().unwrap_or("").trim();
            let last = last.strip_prefix("error: ").unwrap_or(last);
            format!("`{text}` is no regular expression: {last}")
        }
    })
}
