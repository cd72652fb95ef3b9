//! Sentences as rows of tokens.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Word,
    /// In back ticks.
    Code,
    /// Comma, colon, bracket, dash.
    Mark,
    /// In quotation marks: somebody else's words.
    Quoted,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    /// As written.
    pub(crate) raw: String,
    /// In lower case.
    pub(crate) word: String,
}

impl Token {
    pub(crate) fn new(kind: Kind, raw: &str) -> Self {
        Self { kind, raw: raw.to_owned(), word: raw.to_lowercase() }
    }

    /// Whether it is a plain word, and one of these.
    pub(crate) fn is(&self, words: &[&str]) -> bool {
        self.kind == Kind::Word && words.contains(&self.word.as_str())
    }

    /// A whole number; `1,234` is one.
    pub(crate) fn number(&self) -> Option<u64> {
        if self.kind != Kind::Word {
            return None;
        }
        self.word.replace(',', "").parse().ok()
    }

    /// The number before a per cent sign.
    pub(crate) fn percent(&self) -> Option<&str> {
        let number = self.word.strip_suffix('%').filter(|_| self.kind == Kind::Word)?;
        number.parse::<f64>().is_ok().then_some(number)
    }
}

/// One sentence, or one cell or item that is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sentence {
    pub(crate) line: u32,
    pub(crate) tokens: Vec<Token>,
    /// It ends with a question mark.
    pub(crate) asks: bool,
}

impl Sentence {
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        for token in &self.tokens {
            if !text.is_empty() && !(token.kind == Kind::Mark && token.raw != "(") {
                text.push(' ');
            }
            match token.kind {
                Kind::Code => text.push_str(&format!("`{}`", token.raw)),
                Kind::Quoted => text.push_str(&format!("\"{}\"", token.raw)),
                Kind::Word | Kind::Mark => text.push_str(&token.raw),
            }
        }
        text
    }

    pub(crate) fn at(&self, index: usize) -> Option<&Token> {
        self.tokens.get(index)
    }

    /// The number of the first token from `from` on that is none of these words.
    pub(crate) fn skip(&self, from: usize, words: &[&str]) -> usize {
        let rest = self.tokens.iter().skip(from);
        from.saturating_add(rest.take_while(|token| token.is(words)).count())
    }

    /// Whether these words stand from here on.
    pub(crate) fn follows(&self, from: usize, words: &[&str]) -> bool {
        words.iter().enumerate().all(|(offset, word)| {
            self.at(from.saturating_add(offset)).is_some_and(|token| token.is(&[word]))
        })
    }
}
