//! From text to rable's tree, within limits that hold for any input.
//!
//! rable is a recursive parser: lists nest to the left, so that a long function body is a deep
//! tree, and a command substitution is read several times over. The scan here bounds both before
//! the parser runs. What passes the bounds and may still nest deep is handled on a thread whose
//! stack bears the bound. A text beyond the bounds is not parsed, which is no error of the text.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use rable::{Node, RableError};

use crate::shell_cost::{Cost, Limits};

/// Longer texts are not parsed. The longest scripts of real repositories have a third of it.
const BYTES_MAX: usize = 512 * 1024;
/// Up to so many, the tree fits on any thread's stack.
const DRIVERS_SMALL: usize = 150;
/// What a text may cost.
const LIMITS: Limits = Limits { bytes: BYTES_MAX, drivers: 60_000, scan_work: 400_000_000 };
/// Bears `LIMITS.drivers` levels. Only the pages that are touched cost memory.
const STACK_BYTES: usize = 256 * 1024 * 1024;

/// What became of a text.
#[derive(Debug)]
pub(super) enum Outcome {
    Tree(Vec<Node>),
    Broken(RableError),
    /// Beyond the limits, or the parser failed on it.
    Refused,
}

/// Parses a text and does something with the outcome, both on a stack that bears the tree.
pub(super) fn with_tree(text: &str, run: impl FnOnce(Outcome) + Send) {
    let cost = Cost::of(text);
    if !cost.is_bearable(text.len(), &LIMITS) {
        return run(Outcome::Refused);
    }
    if cost.drivers <= DRIVERS_SMALL {
        return run(parse(text));
    }
    std::thread::scope(|scope| {
        let job = move || run(parse(text));
        // Without the thread nothing runs: a text that nobody reads has no facts.
        let Ok(thread) =
            std::thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, job)
        else {
            return;
        };
        if let Err(panic) = thread.join() {
            resume_unwind(panic);
        }
    });
}

fn parse(text: &str) -> Outcome {
    match catch_unwind(AssertUnwindSafe(|| rable::parse(text, true))) {
        Ok(Ok(nodes)) => Outcome::Tree(nodes),
        Ok(Err(error)) => Outcome::Broken(error),
        Err(_) => Outcome::Refused,
    }
}

/// Parses a text that is part of one whose limits were already found to hold.
pub(super) fn parse_nested(text: &str) -> Outcome {
    parse(text)
}
