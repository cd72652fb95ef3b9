//! The index where there is none: built by a process of its own.
//!
//! A hook lives two seconds at most. Where a cold build takes longer, one that built the index
//! itself would be stopped each time, and the next would begin again. So whoever finds none starts
//! a process that outlives it, and waits for as long as an answer may take.

use std::path::Path;
use std::process::Child;
use std::time::{Duration, Instant};

use assize_repo::{Root, detach};

use crate::failure::Failure;
use crate::project::{Keep, Project, cache_of, is_kept};
use crate::{pass, records};

/// How long an answer waits for the index: what remains of a hook's time must do for the rest.
const WAIT: Duration = Duration::from_millis(1_300);
const PAUSE: Duration = Duration::from_millis(5);
/// The exit status while another process builds the index.
const BUSY: u8 = 3;

/// What a hook can count on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Index {
    /// It can be opened; or it cannot be kept, and opening it says why.
    Openable,
    Building,
}

/// Waits until there is an index; where there is none, has it built.
pub(crate) fn wait(root: &Path) -> Index {
    if is_kept(root) {
        return Index::Openable;
    }
    let Ok(mut builder) = start(root) else { return Index::Openable };
    let begun = Instant::now();
    while begun.elapsed() < WAIT {
        match builder.try_wait() {
            Ok(None) => {}
            Ok(Some(status)) if status.code() == Some(i32::from(BUSY)) => {
                if is_kept(root) {
                    return Index::Openable;
                }
            }
            // It did what it could.
            _ => return Index::Openable,
        }
        std::thread::sleep(PAUSE);
    }
    if is_kept(root) { Index::Openable } else { Index::Building }
}

/// Starts a process that brings the index up to date.
pub(crate) fn start(folder: &Path) -> std::io::Result<Child> {
    let program = std::env::current_exe()?;
    detach(&program, &["index".as_ref(), "warm".as_ref(), folder.as_os_str()])
}

/// That process.
pub(crate) fn run(folder: &Path) -> Result<u8, Failure> {
    let Root { folder: root, .. } = records::root(folder)?;
    let cache = cache_of(&root);
    let turn = cache.map(|cache| cache.turn_to_build()).transpose();
    let turn = match turn.map_err(|error| Failure::tool(&error))? {
        Some(None) => return Ok(BUSY),
        turn => turn,
    };
    let project = Project::open(&root, Keep::Yes)?;
    // What was found before a change is what a change is measured by.
    pass::run(&project);
    drop(turn);
    Ok(0)
}
