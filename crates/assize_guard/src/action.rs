//! What an agent wants to do, in one form for all clients.

/// One call, or one event of a session.
///
/// What no client is known to send is [`Action::Unknown`], never an allow by accident: its
/// arguments are judged by what they hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// A command for a shell. `background`: nobody waits for its end.
    Shell {
        command: String,
        background: bool,
    },
    /// A whole file, new or in place of another.
    Write {
        path: String,
        content: String,
    },
    /// Pieces of a file, in order; each is sought in what the one before left.
    Edit {
        path: String,
        changes: Vec<Change>,
    },
    /// One cell of a notebook; no source deletes it.
    Notebook {
        path: String,
        cell: Option<String>,
        source: Option<String>,
    },
    /// A patch in the grammar of `apply_patch`.
    Patch {
        text: String,
    },
    Read {
        path: String,
    },
    Search {
        pattern: String,
        path: Option<String>,
    },
    Web {
        address: String,
    },
    Mcp {
        server: String,
        tool: String,
        arguments: Vec<Argument>,
    },
    SubagentStart {
        kind: String,
        prompt: String,
    },
    SubagentStop,
    Prompt {
        text: String,
    },
    SessionStart,
    SessionEnd,
    Stop,
    /// The client says that one of its settings changed.
    ConfigChange {
        path: Option<String>,
    },
    Unknown {
        tool: String,
        arguments: Vec<Argument>,
    },
}

/// One text among the arguments of a tool, however deep it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Argument {
    /// The keys that lead to it, joined by dots; members of lists have no key of their own.
    pub key: String,
    pub text: String,
}

/// One replacement of an edit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub old: String,
    pub new: String,
    /// Every occurrence, not the only one.
    pub all: bool,
}

impl Action {
    /// Whether the call cannot change anything outside of the session.
    pub const fn only_looks(&self) -> bool {
        matches!(self, Self::Read { .. } | Self::Search { .. })
    }
}
