//! What the guard answers.

use assize_model::Severity;

/// Why a call is not simply allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The control that says so, by its bare name.
    pub control: &'static str,
    /// What is wrong, without a full stop.
    pub message: String,
    /// What to do instead.
    pub help: String,
}

/// The answer to one action, from the mildest to the strictest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    Allow,
    /// The call runs; the agent is told.
    Warn(Vec<Reason>),
    /// A person decides; where nobody can be asked, it is a denial.
    Ask(Vec<Reason>),
    Deny(Vec<Reason>),
}

impl Verdict {
    /// The answer to what was judged: whatever is at least as bad as `denies` stops the call, the
    /// rest from warnings up is told.
    pub fn of(judged: &[(Severity, Reason)], denies: Severity) -> Self {
        let at_least = |least: Severity| -> Vec<Reason> {
            let found = judged.iter().filter(|(severity, _)| *severity >= least);
            found.map(|(_, reason)| reason.clone()).collect()
        };
        let stopped = at_least(denies);
        if !stopped.is_empty() {
            return Self::Deny(stopped);
        }
        let told = at_least(Severity::Warn);
        if told.is_empty() { Self::Allow } else { Self::Warn(told) }
    }

    /// The word in the ledger.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Warn(_) => "warn",
            Self::Ask(_) => "ask",
            Self::Deny(_) => "deny",
        }
    }

    pub fn reasons(&self) -> &[Reason] {
        match self {
            Self::Allow => &[],
            Self::Warn(reasons) | Self::Ask(reasons) | Self::Deny(reasons) => reasons,
        }
    }
}

#[cfg(test)]
mod tests {
    use assize_model::Severity;

    use super::{Reason, Verdict};

    #[test]
    fn what_stops_a_call_hangs_on_the_mode() {
        let reason = |control| Reason { control, message: String::new(), help: String::new() };
        let judged = [(Severity::Error, reason("a")), (Severity::Warn, reason("b"))];
        assert_eq!(Verdict::of(&judged, Severity::Error).word(), "deny");
        let told = Verdict::of(&judged, Severity::Block);
        assert_eq!((told.word(), told.reasons().len()), ("warn", 2));
        assert_eq!(Verdict::of(&[], Severity::Error), Verdict::Allow);
    }
}
