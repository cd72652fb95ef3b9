//! What the walk needs to know of a language.

use std::sync::OnceLock;

use assize_grammars::{Grammar, Node};

use super::notes;
use super::walk::Walk;

/// A language, by the kinds of nodes of its grammar.
#[derive(Debug)]
pub(super) struct Tongue {
    pub(super) grammar: Grammar,
    pub(super) comments: &'static [&'static str],
    /// Taken whole, as one token.
    pub(super) literals: &'static [&'static str],
    pub(super) names: &'static [&'static str],
    /// Tokens of which one makes a body more than a list of facts.
    pub(super) decisions: &'static [&'static str],
    /// Tokens after which a name belongs to something else.
    pub(super) dots: &'static [&'static str],
    /// The kinds that `enter` wants to see.
    pub(super) wanted: &'static [&'static str],
    pub(super) enter: fn(&mut Walk<'_, '_>, Node<'_>),
    /// Whether a text that the grammar refuses is likely one that a compiler takes: `fault` is the
    /// first place of which the grammar can make nothing, `paired` whether all brackets pair up.
    pub(super) is_gap: fn(text: &str, fault: Node<'_>, paired: bool) -> bool,
    /// Made from the lists above, when the first file of the language is read.
    pub(super) sorts: OnceLock<Vec<Sort>>,
}

/// What the walk does with a node of some kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Sort {
    pub(super) token: Token,
    pub(super) wanted: bool,
    /// Controls on conduct ask for it.
    pub(super) noted: bool,
}

/// What a token is to the comparison of bodies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::lang) enum Token {
    #[default]
    Word,
    Comment,
    Literal,
    Name,
    Decision,
    Dot,
    Comma,
    Opening,
    Closing,
}

impl Tongue {
    pub(super) fn sorts(&self) -> &[Sort] {
        self.sorts.get_or_init(|| self.grammar.kinds(|kind| self.sort(kind)))
    }

    fn sort(&self, kind: &str) -> Sort {
        let tables = [
            (self.comments, Token::Comment),
            (self.literals, Token::Literal),
            (self.names, Token::Name),
            (self.decisions, Token::Decision),
            (self.dots, Token::Dot),
            (&[","], Token::Comma),
            (&["("], Token::Opening),
            (&[")", "]", "}"], Token::Closing),
        ];
        let known = tables.iter().find(|(kinds, _)| kinds.contains(&kind));
        let token = known.map_or(Token::Word, |(_, token)| *token);
        let noted = notes::kinds(self.grammar).contains(&kind);
        Sort { token, wanted: self.wanted.contains(&kind), noted }
    }
}
