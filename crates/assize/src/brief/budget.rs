//! How much a brief may cost.
//!
//! Models count differently, and none of their tables is here. The estimate errs upwards: a run of
//! letters costs a token for each four of them, a run of digits one for each two, every other
//! character one, and what is not ASCII one for each byte.

use super::Line;

/// What one brief costs at most, in tokens.
pub(crate) const TOKENS_MAX: usize = 400;

/// What a text costs at most, in tokens.
pub(crate) fn tokens(text: &str) -> usize {
    let (mut sum, mut letters, mut digits) = (0_usize, 0_usize, 0_usize);
    let close = |letters: &mut usize, digits: &mut usize| {
        let cost = letters.div_ceil(4) + digits.div_ceil(2);
        (*letters, *digits) = (0, 0);
        cost
    };
    for letter in text.chars() {
        if letter.is_ascii_alphabetic() && digits == 0 {
            letters += 1;
        } else if letter.is_ascii_digit() && letters == 0 {
            digits += 1;
        } else {
            sum += close(&mut letters, &mut digits);
            match letter {
                letter if letter.is_ascii_alphabetic() => letters = 1,
                letter if letter.is_ascii_digit() => digits = 1,
                // A space goes with the word behind it.
                ' ' => {}
                letter => sum += letter.len_utf8(),
            }
        }
    }
    sum + close(&mut letters, &mut digits)
}

/// A head and as many of the lines as the budget holds, in their order. Where one does not fit, a
/// shorter one behind it may.
pub(super) fn fit(head: &str, lines: &[Line], tokens_max: usize) -> String {
    let mut out = head.to_owned();
    let mut left = tokens_max.saturating_sub(tokens(head));
    let mut any = false;
    for line in lines {
        let line = format!("\n- {}", line.text);
        let cost = tokens(&line);
        if cost <= left {
            left -= cost;
            out.push_str(&line);
            any = true;
        }
    }
    if any { out } else { String::new() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{TOKENS_MAX, fit, tokens};
    use crate::brief::{Line, What};

    #[test]
    fn the_estimate_errs_upwards() {
        // What the tables of three makers of models count, the largest of them.
        let counted = [
            ("", 0),
            ("The next free number is 0004.", 8),
            ("`db/migrations/0003_add_total.sql`", 12),
            ("- used by `shop/orders.py:12`, `docs/guide.md:3`", 18),
            ("R04.1 Nothing is built that is there already.", 11),
        ];
        for (text, most) in counted {
            assert!(tokens(text) >= most, "{text}: {}", tokens(text));
        }
        assert_eq!(tokens("äö"), 4);
        assert_eq!(tokens("abcd12"), 2);
    }

    proptest! {
        #[test]
        fn no_brief_costs_more_than_it_may(
            head in "\\PC{0,300}",
            texts in proptest::collection::vec("\\PC{0,400}", 0..40),
            most in 0..TOKENS_MAX,
        ) {
            let line = |text: String| Line { what: What::Fact, text };
            let lines: Vec<Line> = texts.into_iter().map(line).collect();
            prop_assert!(tokens(&fit(&head, &lines, most)) <= most.max(tokens(&head)));
            let text = fit("head:", &lines, TOKENS_MAX);
            prop_assert!(tokens(&text) <= TOKENS_MAX);
        }

        #[test]
        fn two_texts_together_cost_no_more_than_apart(one in "\\PC{0,60}", other in "\\PC{0,60}") {
            let both = tokens(&[one.as_str(), other.as_str()].concat());
            prop_assert!(both <= tokens(&one) + tokens(&other));
        }
    }
}
