//! The files as they would be after an action, before it happens.
//!
//! Everything here is pure: the caller hands in a function that reads a file, and follows
//! symbolic links before it asks and after it is answered. Where clients differ, the answer is
//! the content that the most lenient of them would leave, since a guard must judge what may come
//! to be. A [`Failed`] says that the client is expected to refuse; it is no allowance, and what
//! the call left is looked at again after it.

mod budget;
mod diff;
mod effects;
mod files;
mod notebook;
mod patch;
mod path;
mod replace;
mod server;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::{Action, Effects, Place, Surroundings};
use files::Files;

/// The largest file that is read or written here, and the largest patch.
pub const FILE_BYTES_MAX: usize = 16 * 1024 * 1024;
/// The most files that one action may change.
pub const FILES_MAX: usize = 10_000;
/// The most pieces that one action may replace: changes of an edit, hunks of a patch.
pub const HUNKS_MAX: usize = 10_000;

/// What an action would leave.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Simulation {
    /// By absolute path; files that keep their content may be among them.
    pub files: BTreeMap<String, After>,
    /// What the client would refuse, in order. Files that were changed before it stay in `files`:
    /// some clients write as they go.
    pub failed: Vec<Failed>,
    /// Places where something changes of which no file can be named.
    pub unplaced: Vec<Place>,
}

/// One file after an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum After {
    Written(Vec<u8>),
    Deleted,
    /// The file changes, and why its content cannot be told.
    Unknown(String),
}

/// A change that the client itself would refuse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// `None` where the call as a whole cannot be read.
    pub path: Option<String>,
    /// What is wrong, without a full stop.
    pub why: String,
}

/// What `action` would leave; `read` yields the content of a file by its absolute path, and
/// nothing where there is none.
///
/// Of commands of a shell only a call of `apply_patch` with a here-document is read, as its client
/// does; all else is in their effects.
pub fn after(
    action: &Action,
    surroundings: &Surroundings,
    read: &dyn Fn(&str) -> Option<Vec<u8>>,
) -> Simulation {
    let mut files = Files::new(read);
    match action {
        Action::Write { path, content } => {
            if let Some(path) = placed(path, surroundings, &mut files) {
                files.write(&path, content.clone().into_bytes());
            }
        }
        Action::Edit { path, changes } => {
            if let Some(path) = placed(path, surroundings, &mut files) {
                replace::apply(&path, changes, &mut files);
            }
        }
        Action::Patch { text } if !patch::is_patch(text) && diff::is_diff(text) => {
            diff::apply(text, &surroundings.folder, &mut files);
        }
        Action::Patch { text } => patch::apply(text, &surroundings.folder, &mut files),
        Action::Shell { command, .. } if patch::is_call(command) => {
            patch::apply(command, &surroundings.folder, &mut files);
        }
        Action::Notebook { path, cell, source } => {
            if let Some(path) = placed(path, surroundings, &mut files) {
                notebook::apply(&path, cell.as_deref(), source.as_deref(), &mut files);
            }
        }
        Action::Mcp { tool, arguments, .. } => {
            let is_there = |path: &str| {
                path::of_tool(path, surroundings).is_some_and(|path| read(&path).is_some())
            };
            if let Some(alike) = server::alike(tool, arguments, &is_there) {
                return after(&alike, surroundings, read);
            }
        }
        Action::Shell { .. }
        | Action::Read { .. }
        | Action::Search { .. }
        | Action::Web { .. }
        | Action::SubagentStart { .. }
        | Action::SubagentStop
        | Action::Prompt { .. }
        | Action::SessionStart
        | Action::SessionEnd
        | Action::Stop
        | Action::ConfigChange { .. }
        | Action::Unknown { .. } => {}
    }
    files.into_simulation()
}

/// What a unified diff would leave that is given to `git apply` or `patch -p1` in the working
/// folder.
pub fn after_diff(
    text: &str,
    surroundings: &Surroundings,
    read: &dyn Fn(&str) -> Option<Vec<u8>>,
) -> Simulation {
    let mut files = Files::new(read);
    diff::apply(text, &surroundings.folder, &mut files);
    files.into_simulation()
}

/// What the effects of a command would leave, as far as their content is known.
pub fn after_effects(
    effects: &Effects,
    surroundings: &Surroundings,
    read: &dyn Fn(&str) -> Option<Vec<u8>>,
) -> Simulation {
    let mut files = Files::new(read);
    effects::apply(effects, surroundings, &mut files);
    files.into_simulation()
}

/// The absolute form of a path that a tool takes; one that names no file is a failure.
fn placed(path: &str, surroundings: &Surroundings, files: &mut Files<'_>) -> Option<String> {
    let placed = path::of_tool(path, surroundings);
    if placed.is_none() {
        files.fail(None, format!("`{}` names no file", path.escape_debug()));
    }
    placed
}
