//! A cursor over the tokens of a statement.

use assize_model::Span;

use super::lexer::{Sort, Token, is_word};

#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    tokens: &'a [Token],
    pub(super) at: usize,
}

/// A name as it is compared: the last part, in lower case, without quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) key: String,
    pub(super) span: Span,
}

impl<'a> Reader<'a> {
    pub(super) const fn new(text: &'a str, tokens: &'a [Token]) -> Self {
        Self { text, tokens, at: 0 }
    }

    /// The same tokens, from another position on.
    pub(super) const fn at(self, at: usize) -> Self {
        Self { at, ..self }
    }

    pub(super) fn token(&self, ahead: usize) -> Option<&'a Token> {
        self.tokens.get(self.at + ahead)
    }

    /// The token so many before the next.
    pub(super) fn before(&self, back: usize) -> Option<&'a Token> {
        self.tokens.get(self.at.checked_sub(back)?)
    }

    pub(super) fn is(&self, ahead: usize, word: &str) -> bool {
        self.token(ahead).is_some_and(|token| is_word(self.text, token, word))
    }

    pub(super) fn is_any(&self, ahead: usize, words: &[&str]) -> bool {
        words.iter().any(|word| self.is(ahead, word))
    }

    pub(super) fn was(&self, back: usize, words: &[&str]) -> bool {
        self.before(back)
            .is_some_and(|token| words.iter().any(|word| is_word(self.text, token, word)))
    }

    pub(super) fn is_mark(&self, ahead: usize, mark: u8) -> bool {
        self.token(ahead).is_some_and(|token| token.sort == Sort::Mark(mark))
    }

    /// Passes a word, if it is next.
    pub(super) fn take(&mut self, word: &str) -> bool {
        let found = self.is(0, word);
        self.at += usize::from(found);
        found
    }

    /// Passes the words, if all of them are next.
    pub(super) fn take_all(&mut self, words: &[&str]) -> bool {
        let found = words.iter().enumerate().all(|(ahead, word)| self.is(ahead, word));
        self.at += if found { words.len() } else { 0 };
        found
    }

    pub(super) fn words(&self, token: &Token) -> &'a str {
        self.text.get(token.span.start..token.span.end).unwrap_or("")
    }

    /// One part of a name.
    pub(super) fn part(&mut self) -> Option<Name> {
        let token = *self.token(0)?;
        let written = self.words(&token);
        let plain = match token.sort {
            Sort::Word if written.starts_with(['@', '#', '$']) => return None,
            Sort::Word => written,
            Sort::Name => written.get(1..written.len().checked_sub(1)?)?,
            _ => return None,
        };
        self.at += 1;
        Some(Name { key: plain.to_lowercase(), span: token.span })
    }

    /// A name with the schemas before it, of which the last part counts.
    pub(super) fn name(&mut self) -> Option<Name> {
        let mut name = self.part()?;
        while self.is_mark(0, b'.') {
            self.at += 1;
            // `database..table`
            if self.is_mark(0, b'.') {
                self.at += 1;
            }
            name = self.part()?;
        }
        Some(name)
    }

    /// Passes what stands in brackets, which open here and close within so many tokens; what is
    /// inside.
    pub(super) fn group(&mut self, limit: usize) -> Option<Self> {
        if !self.is_mark(0, b'(') {
            return None;
        }
        let start = self.at + 1;
        let mut depth = 0_usize;
        while let Some(token) = self.token(0).filter(|_| self.at.saturating_sub(start) <= limit) {
            self.at += 1;
            match token.sort {
                Sort::Mark(b'(') => depth += 1,
                Sort::Mark(b')') => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                let tokens = self.tokens.get(start..self.at - 1)?;
                return Some(Self::new(self.text, tokens));
            }
        }
        None
    }

    /// The parts between commas outside of brackets.
    pub(super) fn listed(&self) -> Vec<Self> {
        let rest = self.tokens.get(self.at..).unwrap_or(&[]);
        let mut depth = 0_usize;
        let comma = |token: &Token| {
            match token.sort {
                Sort::Mark(b'(') => depth += 1,
                Sort::Mark(b')') => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth == 0 && token.sort == Sort::Mark(b',')
        };
        rest.split(comma).map(|part| Self::new(self.text, part)).collect()
    }

    pub(super) fn is_over(&self) -> bool {
        self.at >= self.tokens.len()
    }

    pub(super) const fn len(&self) -> usize {
        self.tokens.len()
    }

    /// The tokens between two positions.
    pub(super) fn slice(&self, from: usize, to: usize) -> &'a [Token] {
        self.tokens.get(from..to).unwrap_or(&[])
    }
}
