//! Code that is made for trying things out, by what its path says.

use assize_syntax::words;

/// Words of folders and files in which nothing is meant to be real.
const WORDS: [&str; 46] = [
    "bench",
    "benchmark",
    "benchmarks",
    "conftest",
    "demo",
    "demos",
    "dev",
    "dummy",
    "e2e",
    "example",
    "examples",
    "fake",
    "fakes",
    "fixture",
    "fixtures",
    "fuzz",
    "fuzzing",
    "integrationtests",
    "jest",
    "jmh",
    "mock",
    "mocking",
    "mocks",
    "playground",
    "sample",
    "samples",
    "seed",
    "seeds",
    "simulation",
    "simulator",
    "spec",
    "stories",
    "storybook",
    "stub",
    "stubs",
    "synthetic",
    "t",
    "test",
    "testhelper",
    "testhelpers",
    "testing",
    "tests",
    "testutil",
    "testutils",
    "unittest",
    "vitest",
];

/// Whether a path says that its code is for tests, demonstrations or load.
pub(crate) fn is_trial(path: &str) -> bool {
    words(path).any(|word| WORDS.binary_search(&word.as_str()).is_ok())
}

#[cfg(test)]
mod tests {
    use super::{WORDS, is_trial};

    #[test]
    fn paths_say_what_they_are_for() {
        assert!(WORDS.is_sorted());
        for path in [
            "app/mock_store.py",
            "src/mockServer.ts",
            "core/llm.vitest.ts",
            "tools/load/bench.py",
            "e2e/a.ts",
            "server/integrationtests/a.go",
            "src/testutils.rs",
        ] {
            assert!(is_trial(path), "{path}");
        }
        for path in ["app/store.py", "src/contest.ts", "app/attestation.py", ""] {
            assert!(!is_trial(path), "{path}");
        }
    }
}
