//! Fuzzes what a client sends: whatever it is, there is an answer that the client can read.

#![no_main]
//! The first byte picks the client, the rest is its payload.

use assize_fuzz::judged;
use assize_guard::Verdict;
use assize_harness::{Beside, Client, answer, parse, refuse};
use assize_model::Severity;
use libfuzzer_sys::fuzz_target;

/// What a denial may say at most, in letters.
const LETTERS_MAX: usize = 600;

fuzz_target!(|data: &[u8]| {
    let Some((first, rest)) = data.split_first() else { return };
    let client = Client::ALL[usize::from(*first) % Client::ALL.len()];
    let event = match parse(client, rest) {
        Ok(event) => event,
        Err(refusal) => {
            let refused = refuse(client, &refusal);
            assert!(refused.status == 2 && !refused.stderr.is_empty());
            return;
        }
    };
    let (_, found) = judged(&event.action);
    let verdict = Verdict::of(&found, Severity::Error);
    let asked = Verdict::Ask(verdict.reasons().to_vec());
    for verdict in [verdict, asked] {
        let rule = |_: &str| Some(("R01".into(), "R01.1".into()));
        let said = answer(&event, &verdict, &rule, Beside::default());
        assert!(said.stderr.chars().count() <= LETTERS_MAX, "{}", said.stderr);
        if !said.stdout.is_empty() {
            let value: serde_json::Value =
                serde_json::from_str(&said.stdout).expect("an answer is JSON");
            assert!(value.is_object());
        }
        assert!(said.status != 2 || !said.stderr.is_empty(), "a denial without a reason");
    }
});
