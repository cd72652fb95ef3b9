//! What a file is for. Controls say which classes they read.

/// The class of a file. Every file has exactly one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum FileClass {
    Production = 0,
    Test = 1,
    /// Test data: input that is wrong on purpose. No control reads it.
    Fixture = 2,
    Example = 3,
    Generated = 4,
    Vendored = 5,
    Archive = 6,
    /// Files whose purpose is to list bad patterns: rule books, agent definitions.
    RuleSelf = 7,
    Doc = 8,
}

impl FileClass {
    pub const ALL: [Self; 9] = [
        Self::Production,
        Self::Test,
        Self::Fixture,
        Self::Example,
        Self::Generated,
        Self::Vendored,
        Self::Archive,
        Self::RuleSelf,
        Self::Doc,
    ];

    /// The word used in configuration and output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::Test => "test",
            Self::Fixture => "fixture",
            Self::Example => "example",
            Self::Generated => "generated",
            Self::Vendored => "vendored",
            Self::Archive => "archive",
            Self::RuleSelf => "rule-self",
            Self::Doc => "doc",
        }
    }

    /// The class with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.word() == word)
    }

    /// The class with this stored number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|class| *class as u8 == number)
    }
}
