//! From text to rable's tree, within limits that hold for any input.
//!
//! rable is a recursive parser: lists nest to the left and substitutions are read several times
//! over. The scan here bounds both before the parser runs; it tells no strings from code, so that
//! it can only overestimate. A text beyond the bounds is not parsed: what it does cannot be known.

use std::panic::{AssertUnwindSafe, catch_unwind};

use assize_syntax::shell_cost::{Cost, Limits};
use rable::Node;

/// Longer texts are not read.
pub(super) const BYTES_MAX: usize = 64 * 1024;
/// What a text may cost.
const LIMITS: Limits = Limits { bytes: BYTES_MAX, drivers: 20_000, scan_work: 40_000_000 };
/// Bears `LIMITS.drivers` levels. Only the pages that are touched cost memory.
const STACK_BYTES: usize = 256 * 1024 * 1024;

/// Runs a job on a stack that bears any tree within the limits; `None` if it cannot or fails.
pub(super) fn on_deep_stack<T: Send>(job: impl FnOnce() -> T + Send) -> Option<T> {
    std::thread::scope(|scope| {
        let guarded = move || catch_unwind(AssertUnwindSafe(job)).ok();
        let thread = std::thread::Builder::new().stack_size(STACK_BYTES);
        thread.spawn_scoped(scope, guarded).ok()?.join().ok()?
    })
}

/// The tree of a text; `None` where bash refuses it, or where it is beyond the limits.
pub(super) fn parse(text: &str) -> Option<Vec<Node>> {
    if !Cost::of(text).is_bearable(text.len(), &LIMITS) {
        return None;
    }
    catch_unwind(AssertUnwindSafe(|| rable::parse(text, true))).ok()?.ok()
}
