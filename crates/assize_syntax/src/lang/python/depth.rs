//! Enough stack for whatever recurses over a tree: the walk, the reader of conditions, and the
//! taking apart of the tree itself.
//!
//! The parser grows its own stack, so that a chain of operators without a single bracket gives a
//! tree that is as deep as the chain is long. A stack overflow is no panic: the depth is measured
//! first, by a visitor that grows its stack as well.

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{Expr, ModModule, Pattern, Stmt};
use ruff_python_parser::Parsed;

/// How deep a tree may be. The deepest of people's own code have some hundred levels.
pub(super) const DEPTH_MAX: usize = 100_000;

/// Bytes of stack per level: three times what was measured.
const LEVEL: usize = if cfg!(debug_assertions) { 8 * 1_024 } else { 2 * 1_024 };

/// What the work needs before the first level.
const BASE: usize = 128 * 1_024;

/// How much the measuring visitor grows its stack by, and what must be left before it does.
const SEGMENT: usize = 2 * 1_024 * 1_024;
const RED_ZONE: usize = 128 * 1_024;

/// Runs `work` on a stack that suffices for the tree. True: the tree is too deep, and nothing ran.
pub(super) fn with_room(parsed: Parsed<ModModule>, work: impl FnOnce(Parsed<ModModule>)) -> bool {
    let mut measure = Measure::default();
    measure.visit_body(&parsed.syntax().body);
    if measure.deepest > DEPTH_MAX {
        // Taking it apart recurses too: the few such trees stay until the process ends.
        std::mem::forget(parsed);
        return true;
    }
    let needed = BASE.saturating_add(measure.deepest.saturating_mul(LEVEL));
    stacker::maybe_grow(needed, needed, || work(parsed));
    false
}

/// Measures how deep a tree is, as far as anyone wants to know.
#[derive(Debug, Default)]
struct Measure {
    depth: usize,
    deepest: usize,
}

impl Measure {
    fn level(&mut self, below: impl FnOnce(&mut Self)) {
        if self.deepest > DEPTH_MAX {
            return;
        }
        self.depth += 1;
        self.deepest = self.deepest.max(self.depth);
        stacker::maybe_grow(RED_ZONE, SEGMENT, || below(self));
        self.depth -= 1;
    }
}

impl<'t> Visitor<'t> for Measure {
    fn visit_stmt(&mut self, stmt: &'t Stmt) {
        self.level(|measure| visitor::walk_stmt(measure, stmt));
    }

    fn visit_expr(&mut self, expr: &'t Expr) {
        self.level(|measure| visitor::walk_expr(measure, expr));
    }

    fn visit_pattern(&mut self, pattern: &'t Pattern) {
        self.level(|measure| visitor::walk_pattern(measure, pattern));
    }
}

#[cfg(test)]
mod tests {
    use assize_model::{FileClass, LineIndex, RepoPath};

    use super::DEPTH_MAX;
    use crate::{Parsed, extract};

    fn parsed(text: &str) -> Parsed {
        let path = RepoPath::new("pkg/a.py").unwrap();
        extract(&path, FileClass::Production, text, &LineIndex::new(text)).parsed
    }

    /// Chains that nest without a bracket: start, link, end.
    const CHAINS: [(&str, &str, &str); 10] = [
        ("x = ", "a + ", "a"),
        ("x = a", ".b", ""),
        ("x = a", "()", ""),
        ("x = a", "[0]", ""),
        ("x = a", ".b()", ""),
        ("x = [", "a + ", "a for a in b]"),
        ("x = (", "-\n", "1)"),
        ("x = (", "not\n", "1)"),
        ("x = (", "lambda:\n", "1)"),
        ("x = (", "a if b else\n", "c)"),
    ];

    #[test]
    fn long_chains_without_brackets_are_read() {
        for (start, link, end) in CHAINS {
            let text = format!("{start}{}{end}\n", link.repeat(5_000));
            assert_eq!(parsed(&text), Parsed::Valid, "{start}{link}{end}");
        }
    }

    #[test]
    fn chains_without_end_are_refused() {
        for (start, link, end) in CHAINS {
            let text = format!("{start}{}{end}\n", link.repeat(DEPTH_MAX + 1));
            assert_eq!(parsed(&text), Parsed::Refused, "{start}{link}{end}");
        }
    }
}
