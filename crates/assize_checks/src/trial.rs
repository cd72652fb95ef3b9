//! Code that is made for trying things out, by what its path says.

/// Words of folders and files in which nothing is meant to be real.
const WORDS: [&str; 33] = [
    "bench",
    "benchmark",
    "benchmarks",
    "conftest",
    "demo",
    "demos",
    "dev",
    "e2e",
    "example",
    "examples",
    "fake",
    "fakes",
    "fixture",
    "fixtures",
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
    "test",
    "testing",
    "tests",
];

/// Whether a path says that its code is for tests, demonstrations or load.
pub(crate) fn is_trial(path: &str) -> bool {
    words(path).any(|word| WORDS.binary_search(&word.as_str()).is_ok())
}

/// The words of a path or a name in any spelling, in lower case.
pub(crate) fn words(text: &str) -> impl Iterator<Item = String> {
    let mut out: Vec<String> = Vec::new();
    let (mut fresh, mut before_lower) = (true, false);
    for character in text.chars() {
        if !character.is_ascii_alphanumeric() {
            fresh = true;
            continue;
        }
        let upper = character.is_ascii_uppercase();
        if fresh || upper && before_lower {
            out.push(String::new());
        }
        (fresh, before_lower) = (false, !upper);
        if let Some(last) = out.last_mut() {
            last.push(character.to_ascii_lowercase());
        }
    }
    out.into_iter()
}

#[cfg(test)]
mod tests {
    use super::{WORDS, is_trial};

    #[test]
    fn paths_say_what_they_are_for() {
        assert!(WORDS.is_sorted());
        for path in ["app/mock_store.py", "src/mockServer.ts", "tools/load/bench.py", "e2e/a.ts"] {
            assert!(is_trial(path), "{path}");
        }
        for path in ["app/store.py", "src/contest.ts", "app/attestation.py", ""] {
            assert!(!is_trial(path), "{path}");
        }
    }
}
