//! How much one answer holds. A model pays for every word, and what is cut says so.

use assize_serve::Answer;

/// The text of an answer, in characters.
const TEXT_CHARS_MAX: usize = 12_000;
/// One value in an answer: a message, a default, a line of a file.
const VALUE_CHARS_MAX: usize = 400;

/// Cuts a value; what is cut ends with an ellipsis. Credentials are masked before.
pub(super) fn value(text: &str) -> String {
    cut(&assize_checks::redacted(text), VALUE_CHARS_MAX)
}

/// Cuts the text of an answer.
pub(super) fn whole(answer: Answer) -> Answer {
    let text = cut(&answer.text, TEXT_CHARS_MAX);
    let text = if text.len() < answer.text.len() {
        format!("{text}\n(cut: ask for less at once)")
    } else {
        text
    };
    Answer { text, ..answer }
}

fn cut(text: &str, chars_max: usize) -> String {
    match text.char_indices().nth(chars_max) {
        None => text.to_owned(),
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
    }
}

/// The last line of a list of which only a part is shown; nothing where all of it is.
pub(super) fn rest(shown: usize, all: usize, how: &str) -> String {
    match all.saturating_sub(shown) {
        0 => String::new(),
        more => format!("… and {more} more: {how}\n"),
    }
}

#[cfg(test)]
mod tests {
    use assize_serve::Answer;

    use super::{rest, value, whole};

    #[test]
    fn what_is_cut_says_so() {
        assert_eq!(value("short"), "short");
        let cut = value(&"é".repeat(500));
        assert_eq!(cut.chars().count(), 401);
        assert!(cut.ends_with('…'));
        let long = whole(Answer::error("x".repeat(20_000)));
        assert!(long.text.len() < 13_000 && long.text.ends_with("(cut: ask for less at once)"));
        assert_eq!(whole(Answer::error("x".to_owned())).text, "x");
        assert_eq!(rest(3, 3, "x"), "");
        assert_eq!(rest(3, 5, "name a key"), "… and 2 more: name a key\n");
    }
}
