//! What differs between a locked server and the one in the file.

use crate::definition::Definition;

/// One kind of difference.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Difference {
    /// It is locked, and the file does not name it.
    Missing,
    /// The file names it, and no person locked it.
    Added,
    Transport,
    Command,
    Arguments,
    Environment,
    Headers,
    Address,
    Folder,
    EnvironmentFile,
    /// It is switched off, or on again.
    State,
    /// A script that it runs has another content.
    Script(String),
}

impl Difference {
    /// The word in reports.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Added => "added",
            Self::Transport => "transport",
            Self::Command => "command",
            Self::Arguments => "arguments",
            Self::Environment => "environment",
            Self::Headers => "headers",
            Self::Address => "address",
            Self::Folder => "folder",
            Self::EnvironmentFile => "environment-file",
            Self::State => "state",
            Self::Script(_) => "script",
        }
    }

    /// What is wrong with a server of this name, without a full stop.
    pub fn words(&self, name: &str) -> String {
        let changed = |what: &str| format!("{what} of the MCP server `{name}` is not as locked");
        match self {
            Self::Missing => format!("the locked MCP server `{name}` is gone from its file"),
            Self::Added => format!("the MCP server `{name}` is not in the lock"),
            Self::Transport => changed("the transport"),
            Self::Command => changed("the command"),
            Self::Arguments => format!("the arguments of the MCP server `{name}` are not as locked"),
            Self::Environment => changed("the set of environment variables"),
            Self::Headers => changed("the set of headers"),
            Self::Address => changed("the address"),
            Self::Folder => changed("the working folder"),
            Self::EnvironmentFile => changed("the file of environment variables"),
            Self::State => format!("whether the MCP server `{name}` is on is not as locked"),
            Self::Script(path) => {
                format!("`{path}`, which the MCP server `{name}` runs, is not as locked")
            }
        }
    }
}

/// The members in which two definitions differ.
pub fn differences(locked: &Definition, now: &Definition) -> Vec<Difference> {
    let pairs = [
        (locked.transport != now.transport, Difference::Transport),
        (locked.command != now.command, Difference::Command),
        (locked.arguments != now.arguments, Difference::Arguments),
        (locked.environment != now.environment, Difference::Environment),
        (locked.headers != now.headers, Difference::Headers),
        (locked.address != now.address, Difference::Address),
        (locked.folder != now.folder, Difference::Folder),
        (locked.environment_file != now.environment_file, Difference::EnvironmentFile),
        (locked.disabled != now.disabled, Difference::State),
    ];
    pairs.into_iter().filter_map(|(differs, what)| differs.then_some(what)).collect()
}
