//! What is known of the machine and the session before the call.

use std::collections::BTreeMap;

use crate::McpSet;

/// Where a call would happen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Surroundings {
    /// The root of the repository, absolute, without a slash at its end.
    pub root: String,
    /// The working folder of the call, absolute.
    pub folder: String,
    /// The home folder of the user, absolute.
    pub home: String,
    /// Where the program of Assize lies, absolute; empty where it is not known.
    pub program: String,
    /// Variables whose value is known.
    pub variables: BTreeMap<String, String>,
    /// Folders whose documents decide, absolute, without a slash at their ends.
    pub authority: Vec<String>,
    /// The window without changes that is open now, as messages name it.
    pub frozen: Option<String>,
    /// What MCP servers rest on.
    pub mcp: McpSet,
}
