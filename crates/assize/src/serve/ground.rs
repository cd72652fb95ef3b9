//! The repository between two questions: opened when somebody asks, and again when it may have
//! changed since.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use assize_repo::Root;

use crate::failure::Failure;
use crate::project::{Keep, Project};

/// Parsers recurse, and the threads of the server have small stacks.
const STACK_BYTES: usize = 64 << 20;

/// One repository.
pub(super) struct Ground {
    root: PathBuf,
    /// The index that was made last, and when its making began.
    last: Mutex<Option<(Instant, Arc<Project>)>>,
}

impl Ground {
    pub(super) fn new(path: &Path) -> Result<Self, Failure> {
        let root = Root::find(path).map_err(|error| Failure::tool(&error))?.folder;
        Ok(Self { root, last: Mutex::new(None) })
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// The repository with an index that is no older than the question. Questions that wait for
    /// each other share one: its making began after all of them were asked.
    pub(super) fn project(&self) -> Result<Arc<Project>, String> {
        let asked = Instant::now();
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((begun, project)) = &*last
            && *begun >= asked
        {
            return Ok(Arc::clone(project));
        }
        let begun = Instant::now();
        let opened = on_large_stack(|| Project::open(&self.root, Keep::Yes))?;
        let project = Arc::new(opened.map_err(|failure| failure.words())?);
        *last = Some((begun, Arc::clone(&project)));
        Ok(project)
    }
}

/// Runs what parses, or waits for parsers, on a thread with room for them.
pub(super) fn on_large_stack<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, String> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, work);
        let thread = thread.map_err(|error| format!("cannot start a thread: {error}"))?;
        thread.join().map_err(|_| "this is a bug of assize: please report it".to_owned())
    })
}
