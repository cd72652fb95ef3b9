//! Words after expansion, the streams between commands, and the options of a command.

use crate::Place;

/// What is known of a word.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Word {
    /// The whole text, or its known beginning.
    pub(super) text: String,
    pub(super) rest: Rest,
    /// Its text comes from the network, or was decoded.
    pub(super) fetched: bool,
    /// Files whose content it holds.
    pub(super) carries: Vec<Place>,
    /// What follows an unknown part or the first sign of a pattern; `\0` stands for unknown parts.
    pub(super) tail: String,
    /// What chose the processes whose numbers it holds.
    pub(super) processes: Vec<String>,
    /// What a `<(..)` in its place yields.
    pub(super) stream: Option<Box<Stream>>,
    /// It stands for each of many files: what `find`, `grep -l` or `git ls-files` lists.
    pub(super) lists: bool,
    /// It holds settings for a shell that a well-known program prints.
    pub(super) setup: bool,
    /// The whole text if variables that nobody sets are empty, signs of patterns as they stand.
    pub(super) guess: Option<String>,
}

/// Longer guesses are dropped: a variable that doubles itself would grow without end.
const GUESS_MAX: usize = 256;

/// What follows the known beginning of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Rest {
    #[default]
    Nothing,
    /// A pattern that the shell fills with names of files.
    Pattern,
    Unknown,
}

impl Word {
    pub(super) fn known(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    pub(super) fn unknown() -> Self {
        Self::begins("")
    }

    pub(super) fn begins(text: impl Into<String>) -> Self {
        Self { text: text.into(), rest: Rest::Unknown, ..Self::default() }
    }

    /// The value of a variable that nobody set.
    pub(super) fn unset() -> Self {
        Self { guess: Some(String::new()), ..Self::unknown() }
    }

    /// One of many files whose names begin like this.
    pub(super) fn one_of_many(text: impl Into<String>) -> Self {
        Self { lists: true, ..Self::begins(text) }
    }

    /// A sign of a pattern.
    pub(super) fn sign(text: &str) -> Self {
        Self {
            rest: Rest::Pattern,
            guess: Some(text.to_owned()),
            tail: text.to_owned(),
            ..Self::default()
        }
    }

    /// The whole text, or what it most likely is.
    pub(super) fn likely(&self) -> Option<&str> {
        self.text().or(self.guess.as_deref())
    }

    /// What both words most likely are together.
    pub(super) fn likely_with(&self, other: &Self) -> Option<String> {
        let (first, second) = (self.likely()?, other.likely()?);
        (first.len() + second.len() <= GUESS_MAX).then(|| format!("{first}{second}"))
    }

    /// Whether it stands for many files at once.
    pub(super) fn is_many(&self) -> bool {
        self.lists || self.guess.as_deref().is_some_and(|guess| guess.contains("**"))
    }

    pub(super) fn text(&self) -> Option<&str> {
        (self.rest == Rest::Nothing && self.stream.is_none()).then_some(self.text.as_str())
    }

    pub(super) fn is(&self, text: &str) -> bool {
        self.text() == Some(text)
    }

    pub(super) fn is_option(&self) -> bool {
        self.text.len() > 1 && self.text.starts_with('-')
    }

    /// The word with its first `count` bytes taken away.
    pub(super) fn without(&self, count: usize) -> Self {
        let text = self.text.get(count..).unwrap_or("").to_owned();
        let guess = self.guess.as_ref().and_then(|guess| guess.get(count..)).map(str::to_owned);
        Self { text, guess, ..self.clone() }
    }

    /// The word as a shell would read it again.
    pub(super) fn quoted(&self) -> String {
        let text = format!("'{}'", self.text.replace('\'', r"'\''"));
        match self.rest {
            Rest::Nothing => text,
            Rest::Pattern | Rest::Unknown => format!("{text}\"${UNKNOWN_NAME}\""),
        }
    }
}

/// A variable that nobody sets.
const UNKNOWN_NAME: &str = "_assize_unknown";

/// The word for all processes, or all containers.
pub(super) const EVERY: &str = "*";

/// What flows from one command into the next.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) enum Stream {
    /// Nothing is redirected.
    #[default]
    Absent,
    Text(String),
    /// A text of which the beginning is known.
    Begins(String),
    /// Names of many files, one a line, each of which is like this word.
    Listed(Box<Word>),
    /// Settings for a shell that a well-known program prints: `ssh-agent -s`.
    Setup,
    /// From the network.
    Fetched,
    /// Decoded from something that cannot be decoded here.
    Decoded,
    /// The content of files.
    Files(Vec<Place>),
    /// Processes, and what chose them; [`EVERY`] where nothing did.
    Processes(Vec<String>),
    Unknown,
}

impl Stream {
    /// What a command substitution makes of it.
    pub(super) fn into_word(self) -> Word {
        match self {
            Self::Text(text) => Word::known(text.trim_end_matches('\n')),
            Self::Begins(text) => Word::begins(text),
            Self::Listed(word) => *word,
            Self::Fetched | Self::Decoded => Word { fetched: true, ..Word::unknown() },
            Self::Files(carries) => Word { carries, ..Word::unknown() },
            Self::Processes(processes) => Word { processes, ..Word::unknown() },
            Self::Setup => Word { setup: true, ..Word::unknown() },
            Self::Absent | Self::Unknown => Word::unknown(),
        }
    }

    /// What a command that changes text in some way makes of it.
    pub(super) fn filtered(self) -> Self {
        match self {
            Self::Fetched => Self::Fetched,
            Self::Decoded | Self::Text(_) => Self::Decoded,
            Self::Files(places) => Self::Files(places),
            Self::Processes(chosen) => Self::Processes(chosen),
            Self::Listed(word) => Self::Listed(word),
            Self::Absent | Self::Begins(_) | Self::Setup | Self::Unknown => Self::Unknown,
        }
    }

    pub(super) fn files(&self) -> &[Place] {
        match self {
            Self::Files(places) => places,
            _ => &[],
        }
    }
}

/// The words of a command, options told from operands.
#[derive(Debug, Default)]
pub(super) struct Options {
    given: Vec<(String, Option<Word>)>,
    pub(super) operands: Vec<Word>,
}

impl Options {
    /// `valued`: options that take the next word. Short options may be joined: `-rf`.
    pub(super) fn of(words: &[Word], valued: &[&str]) -> Self {
        Self::read(words, valued, false).0
    }

    /// The same up to the first operand, and where that stands.
    pub(super) fn leading(words: &[Word], valued: &[&str]) -> (Self, usize) {
        Self::read(words, valued, true)
    }

    fn read(words: &[Word], valued: &[&str], only_leading: bool) -> (Self, usize) {
        let mut out = Self::default();
        let mut at = 0;
        while let Some(word) = words.get(at) {
            if word.is("--") {
                at += 1;
                if !only_leading {
                    out.operands.extend(words.get(at..).unwrap_or(&[]).iter().cloned());
                    at = words.len();
                }
                break;
            }
            if !word.is_option() {
                if only_leading {
                    break;
                }
                out.operands.push(word.clone());
                at += 1;
                continue;
            }
            at += 1 + usize::from(out.take(word, words.get(at + 1), valued));
        }
        (out, at)
    }

    /// Reads one word of options; whether it took the next word, too.
    fn take(&mut self, word: &Word, next: Option<&Word>, valued: &[&str]) -> bool {
        let whole = valued.contains(&word.text.as_str());
        if word.text.starts_with("--") || whole {
            return match word.text.split_once('=') {
                Some((name, value)) => {
                    let value = Word { text: value.to_owned(), ..word.clone() };
                    self.given.push((name.to_owned(), Some(value)));
                    false
                }
                None => {
                    self.given.push((word.text.clone(), next.filter(|_| whole).cloned()));
                    whole
                }
            };
        }
        for (at, letter) in word.text.char_indices().skip(1) {
            let name = format!("-{letter}");
            let end = at + letter.len_utf8();
            if !valued.contains(&name.as_str()) {
                self.given.push((name, None));
                continue;
            }
            let glued = word.without(end);
            let takes_next = glued.text.is_empty() && glued.rest == Rest::Nothing;
            let value = if takes_next { next.cloned() } else { Some(glued) };
            self.given.push((name, value));
            return takes_next;
        }
        // Options of more than one letter after one dash: `-delete`, `-auto-approve`.
        self.given.push((word.text.clone(), None));
        false
    }

    /// Long options may be shortened, as the GNU programs allow.
    pub(super) fn has(&self, names: &[&str]) -> bool {
        self.given.iter().any(|(given, _)| names.iter().any(|name| names_match(given, name)))
    }

    pub(super) fn value(&self, names: &[&str]) -> Option<&Word> {
        let fits = |given: &str| names.iter().any(|name| names_match(given, name));
        self.given
            .iter()
            .find(|(given, v)| v.is_some() && fits(given))
            .and_then(|(_, v)| v.as_ref())
    }

    pub(super) fn values<'a>(&'a self, names: &'a [&str]) -> impl Iterator<Item = &'a Word> {
        let fits = |given: &str| names.iter().any(|name| names_match(given, name));
        self.given.iter().filter(move |(given, _)| fits(given)).filter_map(|(_, v)| v.as_ref())
    }

    pub(super) fn operand(&self, at: usize) -> Option<&Word> {
        self.operands.get(at)
    }

    /// The text of one operand.
    pub(super) fn verb(&self, at: usize) -> &str {
        self.operand(at).and_then(Word::text).unwrap_or("")
    }
}

/// How short a long option may be cut.
const ABBREVIATION_MIN: usize = 5;

fn names_match(given: &str, name: &str) -> bool {
    given == name
        || (given.len() >= ABBREVIATION_MIN && given.starts_with("--") && name.starts_with(given))
}
