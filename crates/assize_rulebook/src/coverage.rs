//! How much of a clause is enforced by what is compiled in.
//!
//! A clause is `full` when every control that counts for it is complete: it exists, in each of its
//! kinds, and each language it claims has fixtures. It is `none` when no counting control exists
//! at all, else `partial`.
//!
//! Which controls count: those with a body of their own. A control without one (`edit-simulate`,
//! the ledger's) carries other controls or records what they said, so it neither raises nor lowers
//! a clause that names others. A clause that names only such controls has nothing else to be
//! judged by: there they count themselves, so the clause is `none` until one of them exists, and
//! is never `full` by default. Wildcards are not clauses' controls and never count.
//!
//! `full` says that controls exist and are tested, not that a clause's every meaning is decided.

use crate::book::{Clause, ControlEntry, Kind, RuleBook};
use crate::id::ClauseId;

/// What exists of a control in the running program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compiled {
    /// The kinds in which it exists: a check that has no guard yet has only the first.
    pub kinds: Vec<Kind>,
    /// The languages it says it reads; none for a control that reads no language.
    pub languages_claimed: Vec<String>,
    /// Those with at least one bad and one good fixture.
    pub languages_with_fixtures: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Coverage {
    Full,
    Partial,
    None,
}

impl Coverage {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Partial => "partial",
            Self::None => "none",
        }
    }
}

/// How far one control is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ControlStatus {
    /// In every kind, with fixtures for every language it claims.
    Compiled,
    /// Some kind or some language's fixtures are missing.
    Partial,
    /// Not in the program.
    Planned,
}

impl ControlStatus {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Compiled => "compiled",
            Self::Partial => "partial",
            Self::Planned => "planned",
        }
    }
}

/// What keeps a control from being complete.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Missing {
    Control,
    Kind(Kind),
    /// A claimed language without bad and good fixtures.
    Fixtures(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ControlCoverage {
    pub name: String,
    pub kinds: Vec<Kind>,
    pub status: ControlStatus,
    /// Whether the clause is judged by it.
    pub counts: bool,
    pub missing: Vec<Missing>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClauseCoverage {
    pub id: ClauseId,
    pub coverage: Coverage,
    /// All controls that the clause names, in its order.
    pub controls: Vec<ControlCoverage>,
}

impl ClauseCoverage {
    /// The controls that keep the clause from being full.
    pub fn missing(&self) -> impl Iterator<Item = &ControlCoverage> {
        self.controls.iter().filter(|c| c.counts && c.status != ControlStatus::Compiled)
    }
}

/// How many clauses are covered how far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CoverageSummary {
    pub full: usize,
    pub partial: usize,
    pub none: usize,
}

impl CoverageSummary {
    pub fn of<'a>(clauses: impl IntoIterator<Item = &'a ClauseCoverage>) -> Self {
        let mut summary = Self::default();
        for clause in clauses {
            match clause.coverage {
                Coverage::Full => summary.full += 1,
                Coverage::Partial => summary.partial += 1,
                Coverage::None => summary.none += 1,
            }
        }
        summary
    }

    pub const fn clauses(self) -> usize {
        self.full + self.partial + self.none
    }
}

impl RuleBook {
    /// The coverage of every clause, in order. `compiled` answers what exists of a control.
    pub fn coverage(&self, compiled: &dyn Fn(&str) -> Option<Compiled>) -> Vec<ClauseCoverage> {
        self.clauses().map(|clause| self.clause_coverage(clause, compiled)).collect()
    }

    fn clause_coverage(
        &self,
        clause: &Clause,
        compiled: &dyn Fn(&str) -> Option<Compiled>,
    ) -> ClauseCoverage {
        let entries: Vec<&ControlEntry> =
            clause.controls.iter().filter_map(|name| self.control(name)).collect();
        let some_body = entries.iter().any(|entry| entry.has_body);
        let controls: Vec<ControlCoverage> = entries
            .into_iter()
            .map(|entry| {
                let (status, missing) = status(entry, compiled(&entry.name).as_ref());
                ControlCoverage {
                    name: entry.name.clone(),
                    kinds: entry.kinds.clone(),
                    status,
                    counts: entry.has_body || !some_body,
                    missing,
                }
            })
            .collect();
        ClauseCoverage { id: clause.id, coverage: judged(&controls), controls }
    }
}

fn judged(controls: &[ControlCoverage]) -> Coverage {
    let mut counting = controls.iter().filter(|control| control.counts).map(|c| c.status);
    let Some(first) = counting.next() else {
        return Coverage::None;
    };
    let (mut all, mut any) = (first == ControlStatus::Compiled, first != ControlStatus::Planned);
    for status in counting {
        all &= status == ControlStatus::Compiled;
        any |= status != ControlStatus::Planned;
    }
    match (all, any) {
        (true, _) => Coverage::Full,
        (false, true) => Coverage::Partial,
        (false, false) => Coverage::None,
    }
}

fn status(entry: &ControlEntry, compiled: Option<&Compiled>) -> (ControlStatus, Vec<Missing>) {
    let Some(compiled) = compiled else {
        return (ControlStatus::Planned, vec![Missing::Control]);
    };
    let kinds = entry.kinds.iter().filter(|kind| !compiled.kinds.contains(kind));
    let mut missing: Vec<Missing> = kinds.copied().map(Missing::Kind).collect();
    if missing.len() == entry.kinds.len() {
        // Something of this name exists, but in no kind that the rule book asks for.
        return (ControlStatus::Planned, vec![Missing::Control]);
    }
    let bare = compiled
        .languages_claimed
        .iter()
        .filter(|language| !compiled.languages_with_fixtures.contains(language));
    missing.extend(bare.cloned().map(Missing::Fixtures));
    let status = if missing.is_empty() { ControlStatus::Compiled } else { ControlStatus::Partial };
    (status, missing)
}
