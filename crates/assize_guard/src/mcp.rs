//! What MCP servers rest on, as far as the caller found it out before the call.

use assize_mcp::Target;

/// What the call does to the servers that a client's settings name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The settings change beside them, or not at all.
    Kept,
    /// They change, or nobody can tell that they do not.
    Touched,
}

/// A locked server that may be running.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Running {
    pub name: String,
    /// Its command with all arguments.
    pub line: String,
    pub target: Target,
}

/// The protected set of one repository and one person.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct McpSet {
    /// Files that locked servers run or get their environment from: the absolute path, and the
    /// server.
    pub files: Vec<(String, String)>,
    /// Settings of clients that the call changes, by absolute path.
    pub settings: Vec<(String, Part)>,
    pub servers: Vec<Running>,
}
