//! Findings: one breach at one place.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use crate::{Place, RepoPath};

/// The id of a control, as it stands in the rule book.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ControlName(pub &'static str);

/// The names of teams' rules that were met so far.
static TEAM_NAMES: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());

impl ControlName {
    /// What the names of a team's own rules begin with.
    pub const TEAM: &'static str = "team/";

    /// The name of a team's own rule. It lives as long as the program, as all names of controls do:
    /// a repository has few rules, and each name is kept once.
    pub fn team(rule: &str) -> Self {
        let full = format!("{}{rule}", Self::TEAM);
        // A set that another thread left while it panicked is still a set.
        let mut known = TEAM_NAMES.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(name) = known.get(full.as_str()) {
            return Self(name);
        }
        let name: &'static str = full.leak();
        known.insert(name);
        Self(name)
    }

    /// The rule that a name means, if it is one of a team's.
    pub fn of_team(name: &str) -> Option<Self> {
        name.strip_prefix(Self::TEAM).filter(|rule| !rule.is_empty()).map(Self::team)
    }
}

impl fmt::Display for ControlName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.0)
    }
}

/// How bad a finding is. `Error` and `Block` fail gates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Severity {
    Info = 0,
    Warn = 1,
    Error = 2,
    Block = 3,
}

impl Severity {
    pub const ALL: [Self; 4] = [Self::Info, Self::Warn, Self::Error, Self::Block];

    /// The word used in configuration and output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
            Self::Block => "block",
        }
    }

    /// The severity with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.word() == word)
    }

    /// The severity with this stored number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| *severity as u8 == number)
    }
}

/// Whether a finding is held against the change, or was there before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FindingState {
    New,
    Baselined,
    /// A person let it be until a day; it is shown.
    Waived,
}

impl FindingState {
    pub const fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Baselined => "baselined",
            Self::Waived => "waived",
        }
    }
}

/// What became of a control in a pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    Ran,
    Off,
    NotApplicable,
    Planned,
}

impl Outcome {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ran => "ran",
            Self::Off => "off",
            Self::NotApplicable => "not-applicable",
            Self::Planned => "planned",
        }
    }
}

/// Identity of a finding over time: no line and no ordinal goes into it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(pub [u8; 16]);

/// What a fingerprint is made of.
#[derive(Debug, Clone, Copy)]
pub struct FingerprintParts<'a> {
    pub control: ControlName,
    pub version: u32,
    pub code: &'a str,
    pub path: &'a RepoPath,
    /// The enclosing function, class or key path.
    pub item: &'a str,
    /// The package, variable or target that the finding is about.
    pub subject: &'a str,
}

impl Fingerprint {
    pub fn of(parts: &FingerprintParts<'_>) -> Self {
        let mut hasher = blake3::Hasher::new();
        let fields = [parts.control.0, parts.code, parts.path.as_str(), parts.item, parts.subject];
        hasher.update(&parts.version.to_le_bytes());
        for field in fields {
            // The length before each field keeps ("ab","c") apart from ("a","bc").
            hasher.update(&(field.len() as u64).to_le_bytes());
            hasher.update(field.as_bytes());
        }
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
        Self(bytes)
    }

    /// The fingerprint written as 32 hexadecimal digits.
    pub fn from_hex(text: &str) -> Option<Self> {
        if text.len() != 32 {
            return None;
        }
        let mut bytes = [0; 16];
        for (index, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(text.get(index * 2..index * 2 + 2)?, 16).ok()?;
        }
        Some(Self(bytes))
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
    }
}

/// One breach at one place.
///
/// The order of the fields is the order of the output: by path, then by place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    pub path: RepoPath,
    pub place: Place,
    pub control: ControlName,
    /// The control's sub-case, in kebab case.
    pub code: String,
    pub severity: Severity,
    /// What is wrong and why, enough on its own.
    pub message: String,
    /// What to do instead.
    pub help: String,
    pub fingerprint: Fingerprint,
    pub state: FindingState,
}

/// This place of a finding's file becomes this text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Replacement {
    pub place: Place,
    pub text: String,
}
