//! Names as people read them: split into words, with and without the words that only say that
//! something is another version of it.

use std::collections::BTreeSet;

/// Words that make a name one of a variant, before or after it.
const VARIANT: [&str; 22] = [
    "optimized",
    "optimised",
    "enhanced",
    "improved",
    "refactored",
    "rewritten",
    "reworked",
    "fixed",
    "updated",
    "better",
    "ultra",
    "simplified",
    "consolidated",
    "copy",
    "backup",
    "bak",
    "orig",
    "final",
    "old",
    "new",
    "next",
    "clean",
];
/// Words that say nothing of what a thing is about.
const STOP: [&str; 30] = [
    "a", "an", "and", "the", "of", "for", "to", "in", "on", "with", "by", "is", "get", "set", "do",
    "my", "app", "src", "lib", "main", "index", "base", "common", "core", "util", "utils",
    "helper", "helpers", "init", "py",
];
/// Nouns of things of which a program has one.
const ROLE: [&str; 24] = [
    "service",
    "manager",
    "client",
    "handler",
    "repository",
    "controller",
    "engine",
    "store",
    "provider",
    "factory",
    "processor",
    "router",
    "agent",
    "pool",
    "cache",
    "queue",
    "worker",
    "parser",
    "validator",
    "adapter",
    "gateway",
    "connector",
    "scheduler",
    "monitor",
];

/// The words of a name, in lower case: `apiClientV2`, `api-client_v2`.
pub fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let letters: Vec<char> = name.chars().collect();
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| letters.get(at));
        let next = letters.get(at + 1);
        let begins = letter.is_uppercase()
            && (before.is_some_and(|c| c.is_lowercase() || c.is_numeric())
                || before.is_some_and(|c| c.is_uppercase())
                    && next.is_some_and(|c| c.is_lowercase()));
        if begins || !letter.is_alphanumeric() {
            words.extend((!word.is_empty()).then(|| std::mem::take(&mut word)));
        }
        if letter.is_alphanumeric() {
            word.extend(letter.to_lowercase());
        }
    }
    words.extend((!word.is_empty()).then_some(word));
    words
}

/// The words by which somebody would look for the thing.
pub fn terms(name: &str) -> Vec<String> {
    let told =
        |word: &String| word.len() > 2 && !STOP.contains(&word.as_str()) && !is_variant(word);
    words(name).into_iter().filter(told).collect()
}

fn is_variant(word: &str) -> bool {
    VARIANT.contains(&word)
        || word.strip_prefix('v').is_some_and(|number| {
            !number.is_empty() && number.len() < 3 && number.bytes().all(|c| c.is_ascii_digit())
        })
}

/// The words without a variant word at their beginning or end; nothing where there is none, or
/// where nothing else is left.
fn stripped(words: &[String]) -> Option<&[String]> {
    let rest = match words {
        [rest @ .., last] if is_variant(last) => rest,
        [first, rest @ ..] if is_variant(first) => rest,
        _ => return None,
    };
    (!rest.is_empty()).then_some(rest)
}

/// A name without the words that make it a variant, to be compared with another.
pub(super) fn plain(name: &str) -> String {
    let words = words(name);
    let mut rest = words.as_slice();
    while let Some(less) = stripped(rest) {
        rest = less;
    }
    rest.concat()
}

/// The names of which this one may be a variant, in the ways in which it can be written.
pub fn originals(name: &str) -> BTreeSet<String> {
    let all = words(name);
    let Some(rest) = stripped(&all) else { return BTreeSet::new() };
    let capital = |word: &String| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>())
    };
    let pascal: String = rest.iter().filter_map(capital).collect();
    let mut camel = rest.first().cloned().unwrap_or_default();
    camel.extend(rest.iter().skip(1).filter_map(capital));
    // What was written is kept where words are written together: `APIClient`.
    let length: usize = rest.iter().map(|word| word.len()).sum();
    let cut = if all.first() == rest.first() {
        name.get(..length)
    } else {
        name.len().checked_sub(length).and_then(|start| name.get(start..))
    };
    let cut = cut.map(str::to_owned);
    [
        Some(rest.join("_")),
        Some(rest.join("-")),
        Some(rest.join(".")),
        Some(pascal),
        Some(camel),
        cut,
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Whether a type of this name is one of which a program has one: its last word says so.
pub(super) fn is_role(name: &str) -> bool {
    let words = words(name);
    words.len() > 1 && words.last().is_some_and(|last| ROLE.contains(&last.as_str()))
}

/// How alike two names are, of 1: by the trigrams of their words in order.
pub fn likeness(one: &str, other: &str) -> f64 {
    let grams = |name: &str| -> BTreeSet<[char; 3]> {
        let text = format!("  {} ", words(name).join(" "));
        let letters: Vec<char> = text.chars().collect();
        letters.windows(3).filter_map(|three| three.try_into().ok()).collect()
    };
    let (one, other) = (grams(one), grams(other));
    let shared = one.intersection(&other).count();
    let all = one.len() + other.len() - shared;
    if all == 0 { 0.0 } else { ratio(shared, all) }
}

/// A part of a whole; both are counts of letters or tokens.
pub(super) fn ratio(part: usize, whole: usize) -> f64 {
    let number = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    number(part) / number(whole.max(1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{is_role, likeness, originals, plain, terms, words};

    #[test]
    fn names_are_split_as_people_read_them() {
        for (name, expected) in [
            ("apiClientV2", "api client v2"),
            ("APIClient", "api client"),
            ("api_client-optimized", "api client optimized"),
            ("OAuth2Handler", "o auth2 handler"),
            ("orders", "orders"),
            ("__init__", "init"),
            ("", ""),
        ] {
            assert_eq!(words(name).join(" "), expected, "{name}");
        }
        assert_eq!(terms("get_api_client_v2"), ["api", "client"]);
    }

    #[test]
    fn a_variant_names_its_original() {
        for (name, original) in [
            ("api_client_optimized", "api_client"),
            ("orders_v2", "orders"),
            ("orders-v2", "orders"),
            ("NewOrderService", "OrderService"),
            ("APIClientV2", "APIClient"),
            ("orderServiceCopy", "orderService"),
        ] {
            assert!(originals(name).contains(original), "{name}: {:?}", originals(name));
            assert_eq!(plain(name), plain(original), "{name}");
        }
        for name in ["orders", "order_service", "v2", "news", "renewal", "copyright", "finalize"] {
            assert!(originals(name).is_empty(), "{name}");
        }
        assert!(is_role("OrderService") && !is_role("Service") && !is_role("OrderPage"));
    }

    #[test]
    fn likeness_follows_what_a_reader_would_say() {
        for (one, other, alike) in [
            ("order_service", "orders_service", true),
            ("OrderService", "order_service", true),
            ("user_profile", "user_profiles", true),
            ("connection_pool", "connection_pool_ultra", true),
            ("order_service", "order_client", false),
            ("user_service", "order_service", false),
            ("orders", "border", false),
            ("create_user", "delete_user", false),
        ] {
            assert_eq!(
                likeness(one, other) >= 0.7,
                alike,
                "{one} {other}: {}",
                likeness(one, other)
            );
        }
    }

    proptest! {
        #[test]
        fn likeness_is_a_share_and_symmetric(one in "[a-zA-Z0-9_]{0,20}", other in "\\PC{0,20}") {
            let (there, back) = (likeness(&one, &other), likeness(&other, &one));
            prop_assert!((0.0..=1.0).contains(&there));
            prop_assert!((there - back).abs() < f64::EPSILON);
            prop_assert!((likeness(&one, &one) - 1.0).abs() < f64::EPSILON);
        }

        #[test]
        fn no_name_is_its_own_original(name in "\\PC{0,24}") {
            prop_assert!(!originals(&name).contains(&name));
        }
    }
}
