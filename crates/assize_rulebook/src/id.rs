//! Ids of rules and clauses: `R01` and `R01.1`.

use std::fmt;
use std::str::FromStr;

/// The highest number of a rule, and of a clause within its rule.
const NUMBER_MAX: u8 = 99;

/// A text is no id of a rule or clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    #[error("a rule id is `R` and two digits, `R01` to `R99`")]
    Rule,
    #[error("a clause id is a rule id, a dot and a number from 1 to 99 without leading zero")]
    Clause,
}

/// The id of a rule: `R01` to `R99`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(u8);

impl RuleId {
    /// The rule with this number.
    ///
    /// # Errors
    /// The number is not between 1 and 99.
    pub const fn new(number: u8) -> Result<Self, IdError> {
        if number == 0 || number > NUMBER_MAX { Err(IdError::Rule) } else { Ok(Self(number)) }
    }

    pub const fn number(self) -> u8 {
        self.0
    }
}

impl FromStr for RuleId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let digits = text.strip_prefix('R').ok_or(IdError::Rule)?;
        if digits.len() != 2 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(IdError::Rule);
        }
        Self::new(digits.parse().map_err(|_| IdError::Rule)?)
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "R{:02}", self.0)
    }
}

/// The id of a clause: its rule and its number there, `R01.1`.
///
/// Ids are ordered by rule, then by number: `R01.2` comes before `R01.10`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClauseId {
    rule: RuleId,
    number: u8,
}

impl ClauseId {
    /// The clause of a rule with this number.
    ///
    /// # Errors
    /// The number is not between 1 and 99.
    pub const fn new(rule: RuleId, number: u8) -> Result<Self, IdError> {
        if number == 0 || number > NUMBER_MAX {
            Err(IdError::Clause)
        } else {
            Ok(Self { rule, number })
        }
    }

    pub const fn rule(self) -> RuleId {
        self.rule
    }

    pub const fn number(self) -> u8 {
        self.number
    }
}

impl FromStr for ClauseId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let (rule, number) = text.split_once('.').ok_or(IdError::Clause)?;
        let digits = number.bytes().all(|byte| byte.is_ascii_digit());
        if number.is_empty() || number.starts_with('0') || !digits {
            return Err(IdError::Clause);
        }
        let rule = rule.parse().map_err(|_| IdError::Clause)?;
        Self::new(rule, number.parse().map_err(|_| IdError::Clause)?)
    }
}

impl fmt::Display for ClauseId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}.{}", self.rule, self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::{ClauseId, IdError, RuleId};

    #[test]
    fn only_the_canonical_spelling_is_an_id() {
        for text in ["", "R", "R1", "r01", "R00", "R100", "R+1", "R0１", " R01"] {
            assert_eq!(text.parse::<RuleId>(), Err(IdError::Rule), "{text}");
        }
        for text in ["R01", "R01.", "R01.0", "R01.01", "R01.100", "R01.+1", "R01.*", "R01.1.1"] {
            assert_eq!(text.parse::<ClauseId>(), Err(IdError::Clause), "{text}");
        }
    }

    #[test]
    fn clauses_are_ordered_by_number() {
        let two: ClauseId = "R01.2".parse().unwrap();
        let ten: ClauseId = "R01.10".parse().unwrap();
        let next: ClauseId = "R02.1".parse().unwrap();
        assert!(two < ten && ten < next);
    }
}
