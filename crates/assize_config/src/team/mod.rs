//! A team's own rules: what the files of [`RULES_FOLDER`] say, as data.
//!
//! Read here is what can be told without a parser: which keys there are and what they hold. Whether
//! a pattern is one, and whether the examples hold, is found out by who runs the rules; for that
//! each text keeps its place.

mod read;

use std::fmt::Write as _;

use assize_model::{ControlName, FileClass, Severity};

use crate::{Mistake, MistakeKind};

pub use read::RuleFile;

/// Where the files of rules lie, relative to the root.
pub const RULES_FOLDER: &str = ".assize/rules";
/// How many files of rules are read, and how large one may be.
pub const RULE_FILES_MAX: usize = 64;
pub const RULE_FILE_BYTES_MAX: usize = 256 * 1024;
/// How many rules all files may hold together.
pub const RULES_MAX: usize = 200;
/// How long a name may be.
pub const RULE_NAME_MAX: usize = 64;
/// How long a pattern, an expression, or any other text of a rule may be.
pub const RULE_TEXT_MAX: usize = 2_000;
/// How many texts one key of a rule may hold.
pub const RULE_TEXTS_MAX: usize = 50;

/// A text of a rule, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub text: String,
    /// 1-based.
    pub line: u32,
    pub column: u32,
}

/// In what part of a text an expression is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Within {
    All,
    Comments,
    Strings,
}

impl Within {
    pub const ALL: [Self; 3] = [Self::All, Self::Comments, Self::Strings];

    pub const fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Comments => "comments",
            Self::Strings => "strings",
        }
    }
}

/// How the words of a file's name are written, up to its first dot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    Snake,
    Kebab,
    Camel,
    Pascal,
}

impl Case {
    pub const ALL: [Self; 4] = [Self::Snake, Self::Kebab, Self::Camel, Self::Pascal];

    /// The word, written as it says.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Snake => "snake_case",
            Self::Kebab => "kebab-case",
            Self::Camel => "camelCase",
            Self::Pascal => "PascalCase",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|case| case.word() == word)
    }

    /// Whether a file is named so. A name that begins with a dot or an underscore is one of a tool.
    pub fn fits(self, name: &str) -> bool {
        let stem = name.split('.').next().unwrap_or(name).trim_start_matches('_');
        let sign = match self {
            Self::Snake => Some('_'),
            Self::Kebab => Some('-'),
            Self::Camel | Self::Pascal => None,
        };
        let letters = stem.chars().all(|letter| match sign {
            Some(sign) => letter == sign || letter.is_alphanumeric() && !letter.is_uppercase(),
            None => letter.is_alphanumeric(),
        });
        let begins = match self {
            Self::Pascal => stem.starts_with(char::is_uppercase),
            Self::Camel => stem.starts_with(char::is_lowercase),
            Self::Snake | Self::Kebab => true,
        };
        stem.is_empty() || letters && begins
    }
}

/// What a rule looks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// Code of a shape.
    Code {
        any: Vec<Said>,
        unless: Vec<Said>,
        inside: Vec<Said>,
        outside: Vec<Said>,
        /// The kind of the node in the code that is the pattern.
        selector: Option<Said>,
    },
    /// Lines that an expression matches.
    Text { any: Vec<Said>, within: Within },
    /// Files that there must not be.
    NoFile,
    /// Files whose names fit none of these: globs, or a way to write words.
    Named(Vec<Said>),
    /// Globs for each of which there must be a file.
    File(Vec<Said>),
}

/// One rule of a team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamRule {
    /// `team/` and the name that the file gives it.
    pub name: ControlName,
    /// The file that holds it, relative to the root, and the place of its name.
    pub file: String,
    pub place: Said,
    pub message: String,
    pub help: String,
    pub severity: Severity,
    /// The languages that it reads, by their words; none for all files.
    pub languages: Vec<String>,
    /// Globs of the files that it reads, and of those among them that it does not.
    pub paths: Vec<String>,
    pub except: Vec<String>,
    /// The classes of files that it reads.
    pub classes: Vec<FileClass>,
    /// The clause of the rule book that it serves.
    pub clause: Option<Said>,
    pub wanted: Wanted,
    /// Examples that it must find, and that it must not.
    pub matches: Vec<Said>,
    pub no_matches: Vec<Said>,
}

impl TeamRule {
    /// The name without `team/`.
    pub fn own_name(&self) -> &str {
        self.name.0.strip_prefix(ControlName::TEAM).unwrap_or(self.name.0)
    }

    /// Something about one of its texts that only showed when the text was used.
    pub fn mistake(&self, said: &Said, what: String) -> Mistake {
        let key = format!("rules.{}", self.own_name());
        Mistake::at(&self.file, (said.line, said.column), MistakeKind::Rule, key, what)
    }

    /// The page that explains it, in Markdown.
    pub fn page(&self) -> String {
        let mut out = format!("# {}\n\n{}\n", self.name, self.message);
        // Writing to a string cannot fail.
        if !self.help.is_empty() {
            let _ = write!(out, "\n{}\n", self.help);
        }
        let _ = writeln!(out, "\nA rule of this repository, from `{}`.", self.file);
        let mut list = |title: &str, texts: Vec<&str>| {
            if !texts.is_empty() {
                let _ = write!(out, "\n## {title}\n\n");
                for text in texts {
                    let _ = write!(out, "```text\n{}\n```\n", text.trim_end());
                }
            }
        };
        let texts = |said: &'static str, list: &[Said]| -> (&'static str, Vec<String>) {
            (said, list.iter().map(|one| one.text.clone()).collect())
        };
        for (title, said) in self.looks_for().into_iter().map(|(title, said)| texts(title, said)) {
            list(title, said.iter().map(String::as_str).collect());
        }
        list("Found", self.matches.iter().map(|one| one.text.as_str()).collect());
        list("Not found", self.no_matches.iter().map(|one| one.text.as_str()).collect());
        out
    }

    fn looks_for(&self) -> Vec<(&'static str, &[Said])> {
        match &self.wanted {
            Wanted::Code { any, unless, inside, outside, .. } => vec![
                ("Looks for", any),
                ("But not for", unless),
                ("Only inside", inside),
                ("Never inside", outside),
            ],
            Wanted::Text { any, .. } => vec![("Looks for lines with", any)],
            Wanted::NoFile => Vec::new(),
            Wanted::Named(names) => vec![("Names must be", names)],
            Wanted::File(globs) => vec![("There must be", globs)],
        }
    }
}

#[cfg(test)]
mod tests;
