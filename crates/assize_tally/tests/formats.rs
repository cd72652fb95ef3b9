//! What runners print, and how many tests that is.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use assize_tally::{Counts, tallies};
use proptest::prelude::*;

/// Blocks of `tests/outputs.txt`: a line `>>> NAME: FORMAT PASSED FAILED SKIPPED`, one triple for
/// each format, or `none`, then the text.
fn blocks() -> Vec<(&'static str, String, &'static str)> {
    let text = include_str!("outputs.txt");
    text.split("\n>>> ")
        .skip(1)
        .map(|block| {
            let (head, body) = block.split_once('\n').unwrap();
            let (name, expected) = head.split_once(": ").unwrap();
            (name, expected.to_owned(), body)
        })
        .collect()
}

fn told(text: &str) -> String {
    let all: Vec<String> = tallies(text)
        .iter()
        .map(|tally| {
            let Counts { passed, failed, skipped } = tally.counts;
            format!("{} {passed} {failed} {skipped}", tally.format.word())
        })
        .collect();
    if all.is_empty() { "none".to_owned() } else { all.join(", ") }
}

#[test]
fn outputs_are_counted() {
    let blocks = blocks();
    assert!(blocks.len() > 30);
    for (name, expected, text) in blocks {
        assert_eq!(told(text), expected, "{name}");
        // As a terminal has it.
        assert_eq!(told(&text.replace('\n', "\r\n")), expected, "{name}, with carriage returns");
        assert_eq!(told(&format!("\u{1b}[1m\u{1b}[0m{text}")), expected, "{name}, coloured");
    }
}

/// A report that breaks off counts no more than the whole one, and mostly nothing.
#[test]
fn a_report_that_breaks_off_is_not_believed() {
    for (name, expected, text) in blocks() {
        let whole = |word: &str| expected.starts_with(word);
        if !whole("junit-xml") && !whole("jest-json") {
            continue;
        }
        let end = text.trim_end().len() - 1;
        for cut in (0..end).filter(|at| text.is_char_boundary(*at)) {
            assert_eq!(told(&text[..cut]), "none", "{name}, {cut} bytes");
        }
    }
}

proptest! {
    #[test]
    fn any_text_has_an_answer(text in "(?s).{0,400}") {
        tallies(&text);
    }

    /// Pieces of the formats in any order.
    #[test]
    fn any_mixture_has_an_answer(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "<testsuite>", "<testcase", "/>", "</testcase>", "<failure>", "<![CDATA[", "]]>", "\"",
            "<!--", "-->", "'", ">", "1..", "9", "\nok 1", "\nnot ok", " # SKIP", "\n", "test result: ok. ",
            "1 passed; ", "0 failed; ", "1 ignored;", "== ", "1 passed", ", ", " in 0.1s", "Tests: ",
            "1 total", "{\"Action\":\"pass\",", "\"Package\":\"a\"}", "{\"numTotalTests\":", "}",
            "99999999999999999999", "\u{1b}[", "\r", "ä",
        ]), 0..40),
    ) {
        tallies(&pieces.concat());
    }

    /// The counts of generated suites are those that were generated, however they are nested.
    #[test]
    fn suites_are_counted_at_any_depth(cases in prop::collection::vec((0..3u8, 0..4usize), 0..30)) {
        let mut text = "<?xml version=\"1.0\"?>\n<testsuites>".to_owned();
        let mut counts = [0_u64; 3];
        for (outcome, depth) in cases {
            let inner = ["", "<failure message=\"a &gt; > b\">x</failure>", "<skipped/>"];
            let outcome = usize::from(outcome);
            counts[outcome] += 1;
            text += &"<testsuite name='s'>".repeat(depth);
            text += &format!("<testcase name=\"t\">{}</testcase>", inner[outcome]);
            text += &"</testsuite>".repeat(depth);
        }
        text += "</testsuites>\n";
        let [passed, failed, skipped] = counts;
        prop_assert_eq!(told(&text), format!("junit-xml {passed} {failed} {skipped}"));
    }
}
