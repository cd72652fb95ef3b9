//! The valid word that someone probably meant.

use similar::get_close_matches;

/// Longer words are no slips of the pen.
const WORD_BYTES_MAX: usize = 64;

/// How alike two words must be, from 0 to 1: one slip in three letters still counts.
const LIKENESS_MIN: f32 = 0.6;

/// The candidate that is most like a word, if one is like it at all.
pub(crate) fn nearest<'a>(word: &str, candidates: &[&'a str]) -> Option<&'a str> {
    if word.len() > WORD_BYTES_MAX {
        return None;
    }
    let folded = folded(word);
    let same = candidates.iter().copied().find(|one| self::folded(one) == folded);
    same.or_else(|| get_close_matches(folded.as_str(), candidates, 1, LIKENESS_MIN).pop())
}

fn folded(word: &str) -> String {
    word.trim().to_ascii_lowercase().replace('_', "-")
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn slips_find_their_word() {
        let words = ["severity", "phantom-env", "phantom-path"];
        assert_eq!(nearest("sevrity", &words), Some("severity"));
        assert_eq!(nearest("Phantom_Env", &words), Some("phantom-env"));
        assert_eq!(nearest("phantom-paths", &words), Some("phantom-path"));
        assert_eq!(nearest("colour", &words), None);
        assert_eq!(nearest(&"severity".repeat(9_000), &words), None);
    }
}
