//! What the guard answers.

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
