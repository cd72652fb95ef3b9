//! Tests whose outcome nobody hears of, and chance under the name of a measurement.

use assize_model::{FileClass, Span};
use rable::{Node, NodeKind};

use super::survey::raw;
use super::walk::Walk;
use crate::lang::practice;
use crate::{FactKind, Flags, Role};

/// Options by which a run of tests writes down what it found, for somebody to read.
const REPORTS: [&str; 8] =
    ["collect-only", "cov", "json", "junit", "list", "output", "report", "tap"];

impl Walk<'_, '_> {
    /// Takes notice of tests whose failure is declared no failure: `pytest || true`.
    pub(super) fn excused(&mut self, tests: &Node, otherwise: &Node, at: Span) {
        let surface = self.site.surface.has(Flags::IN_SCRIPT);
        if !surface || self.depth > 0 || !self.site.exact || !runs_tests(tests) {
            return;
        }
        let NodeKind::Command { words, .. } = &otherwise.kind else { return };
        let nothing = match words.as_slice() {
            [only] => matches!(raw(only), "true" | ":"),
            _ => false,
        };
        if !nothing {
            return;
        }
        let flags = if self.is_remarked(at) { Flags::MENTIONED } else { Flags::NONE };
        self.sheet
            .fact(FactKind::Catch, Role::Definition, "*", at)
            .value("nothing")
            .item(self.function.as_str())
            .number(1)
            .flags(flags)
            .done();
    }

    /// Whether a comment stands on the line, or alone above it.
    fn is_remarked(&self, at: Span) -> bool {
        let text = self.sheet.text;
        let line = self.sheet.lines.line(at.start);
        let lines = |number: u32| {
            let span = self.sheet.lines.line_span(number, text);
            text.get(span.start..span.end).unwrap_or("")
        };
        let above = line.checked_sub(1).filter(|above| *above > 0).map_or("", lines);
        lines(line).contains(" #") || above.trim_start().starts_with('#')
    }

    /// Takes notice of a value that is drawn by lot.
    pub(super) fn drawn(&mut self, name: &str, value: &str, span: Span) {
        let random = value.contains("$((") && value.contains("RANDOM");
        let production = self.sheet.class == FileClass::Production && self.site.exact;
        if random && production && practice::is_measure(name) {
            self.sheet
                .fact(FactKind::StandIn, Role::Definition, "random", span)
                .value(name)
                .item(self.function.as_str())
                .done();
        }
    }
}

/// Whether a command runs the tests of a project, and does nothing with the outcome but fail.
fn runs_tests(node: &Node) -> bool {
    let NodeKind::Command { words, redirects, .. } = &node.kind else { return false };
    let words: Vec<&str> = words.iter().map(raw).collect();
    let written = words
        .iter()
        .any(|word| word.starts_with("--") && REPORTS.iter().any(|report| word.contains(report)));
    redirects.is_empty()
        && !written
        && match words.as_slice() {
            ["pytest" | "tox" | "jest" | "vitest" | "phpunit", ..]
            | ["python" | "python3", "-m", "pytest" | "unittest", ..]
            | ["npm" | "yarn" | "pnpm" | "cargo" | "go" | "dotnet" | "mvn" | "make", "test", ..] => {
                true
            }
            ["npm" | "yarn" | "pnpm", "run", script, ..] => script.starts_with("test"),
            _ => false,
        }
}
