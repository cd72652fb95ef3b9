//! Claims as values.

/// One claim and where it is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Counted from 1.
    pub line: u32,
    /// The sentence, on one line.
    pub sentence: String,
    pub what: What,
}

/// What is claimed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// Tests pass; so many of them, where that is said.
    Tests {
        count: Option<u64>,
    },
    /// A command that is named ends well.
    Command {
        command: String,
    },
    /// So many per cent are covered, as written.
    Coverage {
        percent: String,
    },
    NoBreakingChange,
    /// Documentation was brought up to date.
    Documentation,
    Changelog,
    NoTodo,
    /// All rules are kept.
    Compliant,
    /// A control finds nothing any more.
    Fixed {
        control: String,
    },
    Added(Thing),
    Removed(Thing),
}

/// Something that came or went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thing {
    pub kind: ThingKind,
    /// A path for a route; else the name.
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ThingKind {
    /// `*` where no method is said.
    Route {
        method: String,
    },
    Table,
    Env,
    Function,
    Type,
    Command,
    File,
    Package,
}

impl ThingKind {
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Route { .. } => "endpoint",
            Self::Table => "table",
            Self::Env => "environment variable",
            Self::Function => "function",
            Self::Type => "type",
            Self::Command => "command",
            Self::File => "file",
            Self::Package => "package",
        }
    }
}

impl What {
    /// The word for programs.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Tests { .. } => "tests",
            Self::Command { .. } => "command",
            Self::Coverage { .. } => "coverage",
            Self::NoBreakingChange => "no-breaking-change",
            Self::Documentation => "documentation",
            Self::Changelog => "changelog",
            Self::NoTodo => "no-todo",
            Self::Compliant => "compliant",
            Self::Fixed { .. } => "fixed",
            Self::Added(_) => "added",
            Self::Removed(_) => "removed",
        }
    }
}

impl std::fmt::Display for What {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let thing = |thing: &Thing| match &thing.kind {
            ThingKind::Route { method } if method == "*" => format!("endpoint {}", thing.name),
            ThingKind::Route { method } => format!("endpoint {method} {}", thing.name),
            kind => format!("{} `{}`", kind.word(), thing.name),
        };
        match self {
            Self::Tests { count: Some(count) } => write!(out, "{count} tests pass"),
            Self::Tests { count: None } => write!(out, "the tests pass"),
            Self::Command { command } => write!(out, "`{command}` passes"),
            Self::Coverage { percent } => write!(out, "{percent} % are covered"),
            Self::NoBreakingChange => write!(out, "nothing that others use breaks"),
            Self::Documentation => write!(out, "the documentation was updated"),
            Self::Changelog => write!(out, "the changelog was updated"),
            Self::NoTodo => write!(out, "no TODO is left"),
            Self::Compliant => write!(out, "all rules are kept"),
            Self::Fixed { control } => write!(out, "`{control}` finds nothing any more"),
            Self::Added(added) => write!(out, "{} was added", thing(added)),
            Self::Removed(removed) => write!(out, "{} was removed", thing(removed)),
        }
    }
}
