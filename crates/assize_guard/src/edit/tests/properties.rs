//! What holds for every text.

use proptest::prelude::*;

use super::surroundings;
use crate::edit::{After, FILE_BYTES_MAX, HUNKS_MAX, Simulation, after};
use crate::{Action, Change, Place};

const PATH: &str = "/repo/sub/a";

/// What `action` leaves where [`PATH`] holds `text`.
fn on(text: &str, action: &Action) -> Simulation {
    after(action, &surroundings(), &|path| (path == PATH).then(|| text.as_bytes().to_vec()))
}

fn written(simulation: &Simulation) -> Option<&str> {
    match simulation.files.get(PATH) {
        Some(After::Written(bytes)) => std::str::from_utf8(bytes).ok(),
        _ => None,
    }
}

/// Texts of few different lines, so that lines stand there more than once.
fn lines() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec("[abc]{0,2}", 1..12)
}

fn joined(lines: &[String]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// The lines of a hunk that makes `new` out of `old`: equal lines at both ends stay.
fn hunk_lines(old: &[String], new: &[String]) -> String {
    let head = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let (old_rest, new_rest) = (&old[head..], &new[head..]);
    let same = old_rest.iter().rev().zip(new_rest.iter().rev());
    let tail = same.take_while(|(old, new)| old == new).count();
    let mut text = String::new();
    let mut push = |mark: char, lines: &[String]| {
        for line in lines {
            text.push_str(&format!("{mark}{line}\n"));
        }
    };
    push(' ', &old[..head]);
    push('-', &old_rest[..old_rest.len() - tail]);
    push('+', &new_rest[..new_rest.len() - tail]);
    push(' ', &old_rest[old_rest.len() - tail..]);
    text
}

proptest! {
    #[test]
    fn an_edit_to_the_same_text_changes_nothing(
        text in "[ab\r\n]{1,40}", start in 0usize..40, length in 1usize..9,
    ) {
        let start = start.min(text.len() - 1);
        let old = text[start..(start + length).min(text.len())].to_owned();
        let changes = vec![Change { old: old.clone(), new: old, all: true }];
        let simulation = on(&text, &Action::Edit { path: PATH.to_owned(), changes });
        // Half of a line end is not in the text as the client sees it.
        if simulation.failed.is_empty() && written(&simulation).is_some() {
            prop_assert_eq!(written(&simulation), Some(text.as_str()));
        }
    }

    #[test]
    fn an_edit_replaces_like_the_standard_library(
        text in "[ab\n]{1,40}", old in "[ab]{1,3}", new in "[abc\n]{0,4}",
    ) {
        let changes = vec![Change { old: old.clone(), new: new.clone(), all: true }];
        let simulation = on(&text, &Action::Edit { path: PATH.to_owned(), changes });
        if text.contains(&old) {
            let expected = text.replace(&old, &new);
            prop_assert_eq!(written(&simulation), Some(expected.as_str()));
        } else {
            prop_assert_eq!(written(&simulation), None);
        }
    }

    #[test]
    fn a_patch_made_from_two_texts_yields_the_second(old in lines(), new in lines()) {
        let hunk = hunk_lines(&old, &new);
        let text = format!("*** Begin Patch\n*** Update File: a\n@@\n{hunk}*** End Patch");
        let simulation = on(&joined(&old), &Action::Patch { text });
        prop_assert_eq!(&simulation.failed, &vec![]);
        prop_assert_eq!(written(&simulation).map(str::to_owned), Some(joined(&new)));
    }

    #[test]
    fn a_diff_made_from_two_texts_yields_the_second(
        old in lines(), new in lines(), open in any::<bool>(),
    ) {
        let mut text = format!("--- a/a\n+++ b/a\n@@ -1,{} +1,{} @@\n", old.len(), new.len());
        old.iter().for_each(|line| text.push_str(&format!("-{line}\n")));
        new.iter().for_each(|line| text.push_str(&format!("+{line}\n")));
        let mut expected = joined(&new);
        if open {
            text.push_str("\\ No newline at end of file\n");
            expected.pop();
        }
        let simulation = on(&joined(&old), &Action::Patch { text: text.clone() });
        prop_assert_eq!(written(&simulation).map(str::to_owned), Some(expected.clone()));
        let hunk = hunk_lines(&old, &new);
        let head = format!("--- a/a\n+++ b/a\n@@ -1,{} +1,{} @@\n", old.len(), new.len());
        let simulation = on(&joined(&old), &Action::Patch { text: format!("{head}{hunk}") });
        prop_assert_eq!(written(&simulation).map(str::to_owned), Some(joined(&new)));
    }

    #[test]
    fn no_diff_panics(
        file in any::<String>(),
        text in "(diff --git a/a b/a\n|--- a/a\n\\+\\+\\+ b/a\n\
                  |@@ -[0-9]{1,3},[0-3] \\+1(,[0-3])? @@\n|\
                  rename (from|to) \\PC{0,3}\n|copy from a\n|[-+ \\\\]a{0,2}\n|\\PC{0,9}\n){0,20}",
    ) {
        on(&file, &Action::Patch { text: format!("--- a/a\n+++ b/a\n{text}") });
        on(&file, &Action::Patch { text });
    }

    #[test]
    fn one_patch_of_many_hunks_replaces_each_line(
        changes in prop::collection::vec(("[a-c]{0,3}", any::<bool>()), 1..20),
    ) {
        let line = |at: usize, word: &str| format!("{at} {word}");
        let (mut old, mut new, mut hunks) = (Vec::new(), Vec::new(), String::new());
        for (at, (word, changed)) in changes.iter().enumerate() {
            old.push(line(at, word));
            if *changed {
                new.push(line(at, "new"));
                hunks.push_str(&format!("@@\n-{}\n+{}\n", line(at, word), line(at, "new")));
            } else {
                new.push(line(at, word));
            }
        }
        prop_assume!(!hunks.is_empty());
        let text = format!("*** Begin Patch\n*** Update File: a\n{hunks}*** End Patch");
        let simulation = on(&joined(&old), &Action::Patch { text });
        prop_assert_eq!(written(&simulation).map(str::to_owned), Some(joined(&new)));
    }

    #[test]
    fn no_text_panics(
        file in any::<String>(),
        text in "(\\*\\*\\* (Begin Patch|End Patch|Add File: a|Update File: a|Move to: b|\
                  Delete File: a|End of File)\n|[-+ @a\u{2014}]{0,4}\n|\\PC{0,9}\n){0,20}",
        old in any::<String>(), new in any::<String>(), all in any::<bool>(),
    ) {
        on(&file, &Action::Patch { text: text.clone() });
        let whole = format!("*** Begin Patch\n*** Update File: a\n{text}*** End Patch");
        on(&file, &Action::Patch { text: whole });
        on(&file, &Action::Shell { command: text, background: false });
        let source = Some(new.clone());
        let cell = Action::Notebook { path: PATH.to_owned(), cell: None, source };
        on(&file, &cell);
        on(&format!("{{\"cells\":[{file}]}}"), &cell);
        let changes = vec![Change { old, new, all }];
        on(&file, &Action::Edit { path: PATH.to_owned(), changes });
    }
}

#[test]
fn a_file_at_the_limit_is_read_and_one_beyond_is_not() {
    let change = Change { old: "b".to_owned(), new: "c".to_owned(), all: false };
    let action = Action::Edit { path: PATH.to_owned(), changes: vec![change] };
    let mut text = "a".repeat(FILE_BYTES_MAX - 1);
    text.push('b');
    assert!(matches!(on(&text, &action).files.get(PATH), Some(After::Written(_))));
    text.push('a');
    assert!(matches!(on(&text, &action).files.get(PATH), Some(After::Unknown(_))));
}

#[test]
fn a_file_that_would_grow_beyond_the_limit_is_unknown() {
    let change = Change { old: "a".to_owned(), new: "b".repeat(1 << 20), all: true };
    let action = Action::Edit { path: PATH.to_owned(), changes: vec![change] };
    assert!(matches!(on(&"a".repeat(16), &action).files.get(PATH), Some(After::Written(_))));
    assert!(matches!(on(&"a".repeat(17), &action).files.get(PATH), Some(After::Unknown(_))));
}

#[test]
fn hunks_have_a_limit() {
    let patch = |count: usize| {
        let hunks = "@@\n+a\n".repeat(count);
        Action::Patch { text: format!("*** Begin Patch\n*** Update File: a\n{hunks}*** End Patch") }
    };
    assert!(on("", &patch(HUNKS_MAX - 1)).failed.is_empty());
    assert_eq!(on("", &patch(HUNKS_MAX)).failed.len(), 1);
}

#[test]
fn a_search_has_a_limit() {
    let text = "a\n".repeat(200_000);
    let old = "-a\n".repeat(50_000);
    let patch = format!("*** Begin Patch\n*** Update File: a\n@@\n{old}-b\n*** End Patch");
    let simulation = on(&text, &Action::Patch { text: patch });
    assert!(matches!(simulation.files.get(PATH), Some(After::Unknown(_))));
}

#[test]
fn values_of_a_notebook_have_a_limit() {
    let action =
        Action::Notebook { path: PATH.to_owned(), cell: None, source: Some("1".to_owned()) };
    let nested = |depth: usize| {
        let (open, close) = ("[".repeat(depth), "]".repeat(depth));
        format!("{{\"cells\": [], \"metadata\": {open}{close}}}")
    };
    assert!(matches!(on(&nested(128), &action).files.get(PATH), Some(After::Written(_))));
    assert!(matches!(on(&nested(129), &action).files.get(PATH), Some(After::Unknown(_))));
    // The notebook and the two lists are values, too.
    let wide =
        |count: usize| format!("{{\"cells\": [], \"metadata\": [{}1]}}", "1,".repeat(count - 1));
    assert!(matches!(on(&wide(499_997), &action).files.get(PATH), Some(After::Written(_))));
    assert!(matches!(on(&wide(499_998), &action).files.get(PATH), Some(After::Unknown(_))));
}

#[test]
fn a_patch_beyond_the_limit_may_change_anything() {
    for head in ["*** Begin Patch\n", "--- a/a\n+++ b/a\n"] {
        let text = format!("{head}{}", "+".repeat(FILE_BYTES_MAX));
        assert_eq!(on("", &Action::Patch { text }).unplaced, [Place::Unknown]);
    }
}
