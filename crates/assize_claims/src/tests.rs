//! The table of sentences, and what no text may do.

use proptest::prelude::*;

use crate::claims;

/// `claims <TAB> sentence`; the claims are joined by `; `, `-` stands for none.
const TABLE: &str = include_str!("sentences.tsv");

fn found(text: &str) -> Vec<String> {
    let is_control = |name: &str| matches!(name, "phantom-env" | "text-erasure");
    claims(text, &is_control).iter().map(|claim| claim.what.to_string()).collect()
}

#[test]
fn each_sentence_of_the_table_claims_what_it_says() {
    let mut wrong = Vec::new();
    let mut rows = 0;
    for line in TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (expected, sentence) = line.split_once('\t').unwrap();
        let expected = if expected == "-" { "" } else { expected };
        let claimed = found(&sentence.replace("\\n", "\n")).join("; ");
        rows += 1;
        if claimed != expected {
            wrong.push(format!("{sentence}\n  expected: {expected}\n  claimed:  {claimed}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {rows}\n{}", wrong.len(), wrong.join("\n"));
    assert!(rows >= 120, "{rows}");
}

#[test]
fn claims_know_their_lines() {
    let text = "# Report\n\nSome words.\nAll tests pass.\n\n- [x] Changelog updated\n";
    let found: Vec<(u32, String)> =
        claims(text, &|_| false).into_iter().map(|claim| (claim.line, claim.sentence)).collect();
    assert_eq!(found, [(4, "All tests pass".to_owned()), (6, "Changelog updated".to_owned())]);
}

proptest! {
    #[test]
    fn no_text_is_too_odd(text in "(\\PC|\n){0,200}") {
        claims(&text, &|_| true);
    }

    #[test]
    fn words_of_claims_in_any_order_end_well(
        words in prop::collection::vec(
            prop::sample::select(vec![
                "all", "tests", "pass", "no", "TODO", "left", "added", "table", "`orders`", "GET",
                "/a", "and", ",", "(", ")", "\"", "100", "%", "coverage", "is", "12/12", "removed",
                "`f()`", "function", "breaking", "changes", ":", "rules", "0", "\n\n", "- ", "?",
            ]),
            0..24,
        ),
    ) {
        for claim in claims(&words.join(" "), &|_| false) {
            prop_assert!(claim.line > 0 && !claim.sentence.is_empty());
        }
    }

    #[test]
    fn a_fence_hides_everything(text in "[a-zA-Z0-9 ./`]{0,80}") {
        let fenced = format!("~~~\nAll tests pass.\n{text}\n~~~\n");
        prop_assert!(found(&fenced).is_empty());
    }

    #[test]
    fn a_condition_takes_every_claim_away(word in "if|unless|until|except") {
        for claim in ["All tests pass", "Added table `orders`", "No breaking changes"] {
            let claimed = found(&format!("{claim} {word} asked."));
            prop_assert!(claimed.is_empty());
        }
    }
}
