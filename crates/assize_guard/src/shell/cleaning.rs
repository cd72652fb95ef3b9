//! `git clean`: which files go, and whether work goes with them.

use crate::{Effect, Reach};

use super::place::inside;
use super::walk::Walk;
use super::word::Options;

impl Walk<'_> {
    pub(super) fn cleaned(&mut self, options: &Options) {
        if !only_named_builds(options) {
            let at = self.folder();
            return self.push(Effect::Delete { at, reach: Reach::Many });
        }
        for word in &options.operands {
            let at = inside(self.place(word));
            self.push(Effect::Delete { at, reach: Reach::Made });
        }
    }
}

/// Whether files may go that nobody can make again.
pub(super) fn cleans_work(options: &Options) -> bool {
    !options.has(&["-n", "--dry-run"]) && !only_named_builds(options)
}

/// `git clean -fdX dist`: of the named folders only what git ignores.
fn only_named_builds(options: &Options) -> bool {
    options.has(&["-X"]) && !options.has(&["-x"]) && !options.operands.is_empty()
}
