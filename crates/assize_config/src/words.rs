//! The closed sets of words that configuration may choose from.

/// How literally the rules are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Profile {
    #[default]
    Recommended,
    Strict,
}

impl Profile {
    pub const ALL: [Self; 2] = [Self::Recommended, Self::Strict];

    pub const fn word(self) -> &'static str {
        match self {
            Self::Recommended => "recommended",
            Self::Strict => "strict",
        }
    }
}

/// Whether the guard denies what is an error, or only records that it would have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum GuardMode {
    #[default]
    Observe,
    Enforce,
}

impl GuardMode {
    pub const ALL: [Self; 2] = [Self::Observe, Self::Enforce];

    pub const fn word(self) -> &'static str {
        match self {
            Self::Observe => "observe",
            Self::Enforce => "enforce",
        }
    }
}

/// Which approvals count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ApprovalStrength {
    /// A person at a terminal of this machine.
    #[default]
    Local,
    /// A signature by a key that the repository names.
    Signed,
}

impl ApprovalStrength {
    pub const ALL: [Self; 2] = [Self::Local, Self::Signed];

    pub const fn word(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Signed => "signed",
        }
    }
}

/// The command that is told when a person is needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Escalation {
    /// One text, for a shell.
    Shell(String),
    /// A program and its arguments.
    Program(Vec<String>),
}

/// What scripts are for, as `[scripts]` names it.
pub const SCRIPT_DUTIES: [&str; 6] =
    ["deploy", "validation", "monitoring", "orchestration", "testing", "management"];
