//! From text to rable's tree, within limits that hold for any input.
//!
//! rable is a recursive parser: lists nest to the left, so that a long function body is a deep
//! tree, and a command substitution is read several times over. The scan here bounds both before
//! the parser runs. What passes the bounds and may still nest deep is handled on a thread whose
//! stack bears the bound. A text beyond the bounds is not parsed, which is no error of the text.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use rable::{Node, RableError};

/// Longer texts are not parsed. The longest scripts of real repositories have a third of it.
const BYTES_MAX: usize = 512 * 1024;
/// How many separators, keywords and operators a text may have: each can cost one level.
const DRIVERS_MAX: usize = 60_000;
/// Up to so many, the tree fits on any thread's stack.
const DRIVERS_SMALL: usize = 150;
/// How deep round brackets may nest: the cost of nested substitutions grows with the square.
const ROUND_MAX: usize = 24;
/// Bounds the scans that can run to the end of the text from many places.
const SCAN_WORK_MAX: usize = 400_000_000;
/// Bears `DRIVERS_MAX` levels. Only the pages that are touched cost memory.
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
    if !cost.is_bearable(text.len()) {
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

/// What a text can cost the parser, counted in one pass that tells no strings from code: it can
/// only overestimate.
#[derive(Debug, Default)]
struct Cost {
    drivers: usize,
    round_depth: usize,
    /// Places from which a scan can run to the end of the text.
    open_ends: usize,
    braces: usize,
    expansions: usize,
    /// How deep substitutions in back ticks nest through brackets that nothing closes.
    ticks_depth: u32,
}

impl Cost {
    fn of(text: &str) -> Self {
        let mut cost = Self::default();
        let arithmetic = text.contains("((") || text.contains("$[");
        let mut depth = 0_usize;
        let mut before = b'\n';
        let mut ticks = Ticks::default();
        for byte in text.bytes() {
            ticks.take(byte);
            match (before, byte) {
                (_, b'(') => {
                    depth += 1;
                    cost.round_depth = cost.round_depth.max(depth);
                    cost.drivers += 1;
                    cost.open_ends += usize::from(before == b'(');
                }
                (_, b')') => depth = depth.saturating_sub(1),
                (_, b'{') => {
                    cost.braces += 1;
                    cost.drivers += 1;
                }
                (_, b'$' | b'\\' | b'\'' | b'"') => cost.expansions += 1,
                (_, b'`') => {
                    cost.open_ends += 1;
                    cost.expansions += 1;
                }
                (_, b';' | b'&' | b'|' | b'!') => cost.drivers += 1,
                (_, b'\n') => cost.drivers += usize::from(before != b'\n'),
                // The beginnings of `if`, `elif`, `do`, `while`, `until`, `function`, `coproc`.
                (b'i', b'f') | (b'd', b'o') | (b'h', b'i') | (b'u', b'n') | (b'c', b'o') => {
                    cost.drivers += 1;
                }
                (_, b'+' | b'-' | b'*' | b'/' | b'%' | b'<' | b'>' | b'=') if arithmetic => {
                    cost.drivers += 1;
                }
                (_, b'~' | b'^' | b'?' | b':' | b',') if arithmetic => cost.drivers += 1,
                _ => {}
            }
            before = byte;
        }
        cost.ticks_depth = ticks.deepest;
        cost
    }

    fn is_bearable(&self, length: usize) -> bool {
        length <= BYTES_MAX
            && self.drivers <= DRIVERS_MAX
            && self.round_depth <= ROUND_MAX
            && self.open_ends.saturating_mul(length) <= SCAN_WORK_MAX
            && length.saturating_mul(1 << self.ticks_depth.min(32)) <= SCAN_WORK_MAX
            && self.braces.saturating_mul(self.expansions) <= SCAN_WORK_MAX
    }
}

/// Follows back ticks and the brackets between them: `` `${`${ ``. The parser reads what stands in
/// back ticks twice, so that each of them inside another doubles the work.
///
/// A bracket in which a quote, an escape or a comment stands is not trusted to be closed by the
/// next one of its kind, which may be no more than text.
#[derive(Debug, Default)]
struct Ticks {
    open: Vec<u8>,
    depth: u32,
    deepest: u32,
}

/// Takes the place of an opening bracket that is not trusted to be closed.
const NEVER_CLOSED: u8 = 0;

impl Ticks {
    fn take(&mut self, byte: u8) {
        match (self.open.last(), byte) {
            (Some(b'`'), b'`') => {
                self.open.pop();
                self.depth = self.depth.saturating_sub(1);
            }
            (_, b'`') => {
                self.open.push(byte);
                self.depth += 1;
                self.deepest = self.deepest.max(self.depth);
            }
            // In a string, a back tick begins what stands inside another one.
            (Some(b'`'), b'"') => self.open.push(byte),
            (Some(b'"'), b'"') => {
                self.open.pop();
            }
            // Outside of back ticks brackets cost nothing.
            (None, _) => {}
            (_, b'{' | b'(') => self.open.push(byte),
            (Some(b'{'), b'}') | (Some(b'('), b')') => {
                self.open.pop();
            }
            (Some(b'{'), b'\'' | b'"' | b'\\') | (Some(b'('), b'\'' | b'"' | b'\\' | b'#') => {
                self.open.pop();
                self.open.push(NEVER_CLOSED);
            }
            _ => {}
        }
    }
}

/// Parses a text that is part of one whose limits were already found to hold.
pub(super) fn parse_nested(text: &str) -> Outcome {
    parse(text)
}
