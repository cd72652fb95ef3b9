//! Words by which all languages tell what a piece of code is about.

use crate::lang::names::words;

/// What ends something, or what nobody waits for.
const ENDING: [&str; 36] = [
    "abort",
    "blur",
    "cancel",
    "chmod",
    "cleanup",
    "clear",
    "close",
    "destroy",
    "detach",
    "disconnect",
    "dispose",
    "end",
    "exit",
    "flush",
    "focus",
    "join",
    "kill",
    "killpg",
    "pause",
    "play",
    "quit",
    "release",
    "remove",
    "rm",
    "rmtree",
    "rollback",
    "shutdown",
    "stop",
    "teardown",
    "terminate",
    "unlink",
    "unregister",
    "unsubscribe",
    "utime",
    "wait",
    "warmup",
];

/// Whether a call of this name may fail without harm: it closes, stops or removes what is done
/// with anyway.
pub(crate) fn is_harmless(function: &str) -> bool {
    let lower = function.trim_matches('_').to_ascii_lowercase();
    ENDING.binary_search(&lower.as_str()).is_ok()
        || words(function).next().is_some_and(|first| {
            ENDING.binary_search(&first.as_str()).is_ok()
                || matches!(first.as_str(), "delete" | "try")
        })
}

/// Whether a function of this name runs when all is over.
pub(crate) fn is_ending(function: &str) -> bool {
    matches!(function, "__del__" | "__exit__" | "__aexit__") || is_harmless(function)
}

/// Words without which no remark defers anything: a text without them need not be read.
const TELLTALE: [&str; 8] =
    ["eal ", "roduction", "for now", "For now", "laceholder", "mplement", "ummy ", "ock "];

/// What a remark says where the thing beside it is not the real one.
const DEFERRING: [&str; 41] = [
    "actual implementation would",
    "dummy implementation",
    "for now, just return",
    "for now, return",
    "for now just return",
    "for now return",
    "for now, we return",
    "for now we return",
    "for now, simulate",
    "for now we simulate",
    "hardcoded for now",
    "hard-coded for now",
    "implementation would go here",
    "implementation goes here",
    "in a full implementation",
    "in a production environment, this would",
    "in a production environment, you would",
    "in a production system",
    "in a real app",
    "in a real implementation",
    "in a real scenario",
    "in a real system",
    "in a real-world",
    "in production, this would",
    "in production this would",
    "in production, you would",
    "in production you would",
    "in production, you'd",
    "in real implementation",
    "mock implementation",
    "placeholder for actual",
    "placeholder for real",
    "placeholder for the actual",
    "placeholder implementation",
    "real implementation would",
    "replace with actual",
    "replace with real",
    "replace with your actual",
    "stub implementation",
    "this is a placeholder",
    "would be implemented",
];

/// So many words may lead to what a remark is about, its mark among them.
const LEAD_WORDS: usize = 4;

/// Whether a whole text can hold a remark that defers.
pub(crate) fn may_defer(text: &str) -> bool {
    TELLTALE.iter().any(|word| text.contains(word))
}

/// The words of a remark that defer what stands beside it.
pub(crate) fn deferring(remark: &str) -> Option<&'static str> {
    if !may_defer(remark) {
        return None;
    }
    let lower = remark.to_ascii_lowercase();
    DEFERRING.into_iter().find(|phrase| {
        // Where the sentence goes on, it says whose place is held: that of a field, of a row.
        lower.match_indices(phrase).any(|(at, found)| {
            let rest = lower.get(at + found.len()..).unwrap_or("");
            let rest = rest.trim_start_matches([' ', '\t', '\r', '\n', '*']);
            let before = lower.get(..at).unwrap_or("").split_whitespace().count();
            match found {
                // Late in a sentence it is said to be there beside the real one.
                "mock implementation" => before <= LEAD_WORDS,
                // A number that cannot be set yet is the real one.
                "hardcoded for now" | "hard-coded for now" => {
                    !lower.get(..at).is_some_and(names_setting)
                }
                _ => !found.ends_with("a placeholder") || !rest.starts_with(char::is_alphabetic),
            }
        })
    })
}

/// Whether the words before end with one setting: `the timeout is`.
fn names_setting(before: &str) -> bool {
    const SETTINGS: [&str; 10] = [
        "count",
        "delay",
        "interval",
        "limit",
        "port",
        "region",
        "retries",
        "size",
        "threshold",
        "timeout",
    ];
    before.split_whitespace().rev().take(2).any(|word| SETTINGS.contains(&word))
}

/// Whether a text says that a thing is not written. Where it goes on to say on what system, or for
/// what, the thing is there for the others.
pub(crate) fn says_unwritten(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let says = ["not implemented", "unimplemented", "not been implemented", "implement me"]
        .iter()
        .any(|words| lower.contains(words));
    let bounded = [" on ", " for ", " by ", " in ", "platform", "support", "should", "must"]
        .iter()
        .any(|words| lower.contains(words));
    (says && !bounded) || says_owed(text)
}

/// Whether a text says that a thing is to be written yet.
pub(crate) fn says_owed(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    ["not yet implemented", "not implemented yet", "implement me", "yet to be implemented"]
        .iter()
        .any(|words| lower.contains(words))
        || words(text).any(|word| word == "todo")
}

/// Whether a value of this name is something that is measured.
pub(crate) fn is_measure(name: &str) -> bool {
    const MEASURES: [&str; 13] = [
        "accuracy",
        "confidence",
        "cpu",
        "cpuusage",
        "efficiency",
        "health",
        "latency",
        "memory",
        "qps",
        "throughput",
        "uptime",
        "usage",
        "utilization",
    ];
    const BOUNDS: [&str; 8] =
        ["budget", "limit", "max", "min", "required", "size", "target", "threshold"];
    let words: Vec<String> = words(name).collect();
    if words.iter().any(|word| BOUNDS.contains(&word.as_str())) {
        return false;
    }
    let pair = |first: &str, second: &str| {
        words.windows(2).any(|two| matches!(two, [a, b] if a == first && b == second))
    };
    words.iter().any(|word| MEASURES.contains(&word.as_str()))
        || pair("error", "rate")
        || pair("success", "rate")
        || pair("response", "time")
}

/// Whether a class or a constant of this name is made for tests.
pub(crate) fn is_double(name: &str) -> bool {
    let lower = |character: char| character.is_ascii_lowercase();
    ["Mock", "mock", "MOCK"].iter().any(|word| {
        name.strip_prefix(word).is_some_and(|rest| {
            rest.strip_prefix('_').unwrap_or(rest).starts_with(|c: char| c.is_ascii_alphabetic())
                && !rest.starts_with(lower)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::{deferring, is_double, is_harmless, is_measure, says_owed, says_unwritten};

    #[test]
    fn remarks_defer_in_their_own_words() {
        for (remark, found) in [
            ("# In a real implementation, this would query the ledger", true),
            ("// For now, return an empty list", true),
            ("# This is a placeholder", true),
            ("# the placeholder of the search field", false),
            ("# Warning: this is a placeholder for a setting of the database", false),
            ("/* this is a placeholder\n * used to render the form */", false),
            ("# This is a placeholder - measure it", true),
            ("# in production the limit is 5", false),
            ("# implements the real thing", false),
            ("// A mock implementation", true),
            ("/// there is also a mock implementation available", false),
            ("// not shown, since paging is not yet implemented there", false),
        ] {
            assert_eq!(deferring(remark).is_some(), found, "{remark}");
        }
    }

    #[test]
    fn texts_say_that_something_is_owed() {
        for (text, unwritten, owed) in [
            ("(\"not implemented\")", true, false),
            ("\"TODO: read the ledger\"", true, true),
            ("order is not yet implemented", true, true),
            ("not implemented on windows", false, false),
            ("the todoist account is gone", false, false),
            ("not found", false, false),
        ] {
            assert_eq!(says_unwritten(text), unwritten, "{text}");
            assert_eq!(says_owed(text), owed, "{text}");
        }
    }

    #[test]
    fn names_tell_doubles_and_measures() {
        for name in ["MockAuth", "mockUsers", "MOCK_USERS", "mock_users"] {
            assert!(is_double(name), "{name}");
        }
        for name in ["Mockingbird", "mocks", "FakeTokenizer", "Mock", "Smock"] {
            assert!(!is_double(name), "{name}");
        }
        for name in ["cpu_usage", "CPUUsage", "errorRate", "accuracy", "avgResponseTime"] {
            assert!(is_measure(name), "{name}");
        }
        for name in ["rate", "delay", "response", "id", "max_cpu", "required_memory_mb"] {
            assert!(!is_measure(name), "{name}");
        }
    }

    #[test]
    fn what_ends_things_is_harmless() {
        assert!(super::ENDING.is_sorted());
        for name in ["close", "rmtree", "_cleanup", "stopServer", "warmup"] {
            assert!(is_harmless(name), "{name}");
        }
        for name in ["closer", "save", "charge_card", "restop", ""] {
            assert!(!is_harmless(name), "{name}");
        }
    }
}
