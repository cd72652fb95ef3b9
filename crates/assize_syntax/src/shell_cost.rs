//! What a text of a shell can cost its parser.
//!
//! rable is a recursive parser: lists nest to the left and substitutions are read several times
//! over. One scan bounds both before it runs; it tells no strings from code, so that it can only
//! overestimate. Whoever reads commands that agents send bounds them tighter than scripts.

/// How deep round brackets may nest: the cost of nested substitutions grows with the square.
const ROUND_MAX: usize = 24;

/// How much a text may cost.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The longest text, in bytes.
    pub bytes: usize,
    /// How many separators, keywords and operators it may have.
    pub drivers: usize,
    /// Bounds the scans that can run to the end of the text from many places.
    pub scan_work: usize,
}

/// What a text can cost the parser, counted in one pass.
#[derive(Debug, Default)]
pub struct Cost {
    /// Separators, keywords and operators: each can cost one level of the tree.
    pub drivers: usize,
    round_depth: usize,
    /// Places from which a scan can run to the end of the text.
    open_ends: usize,
    braces: usize,
    expansions: usize,
    /// How deep substitutions in back ticks nest through brackets that nothing closes.
    ticks_depth: u32,
}

impl Cost {
    /// Counts what a text can cost.
    pub fn of(text: &str) -> Self {
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

    /// Whether a text of so many bytes can be parsed within the limits.
    pub fn is_bearable(&self, length: usize, limits: &Limits) -> bool {
        length <= limits.bytes
            && self.drivers <= limits.drivers
            && self.round_depth <= ROUND_MAX
            && self.open_ends.saturating_mul(length) <= limits.scan_work
            && length.saturating_mul(1 << self.ticks_depth.min(32)) <= limits.scan_work
            && self.braces.saturating_mul(self.expansions) <= limits.scan_work
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
