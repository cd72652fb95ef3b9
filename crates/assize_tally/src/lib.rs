//! How many tests passed, failed and were skipped, by what a test runner printed or wrote.
//!
//! Pure and total: any text goes in, and what is not recognised yields nothing. Nothing is never
//! zero: a run of which nobody knows how many tests it had is not a run without tests. A format
//! is recognised by its own closing lines, so that other output around them does no harm.

mod formats;
mod plain;

use formats::{cargo, go, jest, junit, pytest, summary, tap};

/// Longer texts are not searched: no runner's report is that long.
pub const TEXT_BYTES_MAX: usize = 64 << 20;

/// How the tests of one run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    pub passed: u64,
    /// Failures, and errors that kept tests from running.
    pub failed: u64,
    /// Skipped, ignored, and failures that were expected.
    pub skipped: u64,
}

impl Counts {
    pub(crate) fn add(&mut self, other: Self) {
        self.passed = self.passed.saturating_add(other.passed);
        self.failed = self.failed.saturating_add(other.failed);
        self.skipped = self.skipped.saturating_add(other.skipped);
    }
}

/// The form in which counts were found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    JunitXml,
    Tap,
    CargoTest,
    Pytest,
    GoTestJson,
    JestText,
    JestJson,
    Unittest,
    Vitest,
    Mocha,
    Node,
    Nextest,
    Maven,
    DotNet,
}

impl Format {
    /// The word in records.
    pub const fn word(self) -> &'static str {
        match self {
            Self::JunitXml => "junit-xml",
            Self::Tap => "tap",
            Self::CargoTest => "cargo-test",
            Self::Pytest => "pytest",
            Self::GoTestJson => "go-test-json",
            Self::JestText => "jest",
            Self::JestJson => "jest-json",
            Self::Unittest => "unittest",
            Self::Vitest => "vitest",
            Self::Mocha => "mocha",
            Self::Node => "node",
            Self::Nextest => "nextest",
            Self::Maven => "maven",
            Self::DotNet => "dotnet",
        }
    }
}

/// What one format says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    pub format: Format,
    pub counts: Counts,
}

/// What each reader makes of a text.
type Reader = fn(&str) -> Option<Counts>;

const READERS: [(Format, Reader); 14] = [
    (Format::JunitXml, junit::read),
    (Format::Tap, tap::read),
    (Format::CargoTest, cargo::read),
    (Format::Pytest, pytest::read),
    (Format::GoTestJson, go::read),
    (Format::JestText, jest::text),
    (Format::JestJson, jest::json),
    (Format::Unittest, summary::unittest),
    (Format::Vitest, summary::vitest),
    (Format::Mocha, summary::mocha),
    (Format::Node, summary::node),
    (Format::Nextest, summary::nextest),
    (Format::Maven, summary::maven),
    (Format::DotNet, summary::dotnet),
];

/// The counts of every format that the text holds; none where nobody knows.
///
/// A command that runs the tests of two languages prints two formats, and both are told.
pub fn tallies(text: &str) -> Vec<Tally> {
    if text.len() > TEXT_BYTES_MAX {
        return Vec::new();
    }
    let text = plain::without_escapes(text);
    let read = |(format, reader): &(Format, Reader)| {
        reader(&text).map(|counts| Tally { format: *format, counts })
    };
    READERS.iter().filter_map(read).collect()
}
