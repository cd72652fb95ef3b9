//! `go test -json`: one event a line.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::Counts;

/// Tests are counted as Go counts them: one that holds others is one as well.
pub(crate) fn read(text: &str) -> Option<Counts> {
    let mut all: Option<Counts> = None;
    let mut failed_in: BTreeSet<String> = BTreeSet::new();
    for line in text.lines().filter(|line| line.starts_with('{') && line.contains("\"Action\"")) {
        let Ok(event) = serde_json::from_str::<Value>(line) else { continue };
        let text = |key: &str| event.get(key).and_then(Value::as_str);
        let (Some(action), Some(package)) = (text("Action"), text("Package")) else { continue };
        let test = text("Test");
        let counts = match (action, test) {
            ("pass", Some(_)) => Counts { passed: 1, ..Counts::default() },
            ("skip", Some(_)) => Counts { skipped: 1, ..Counts::default() },
            ("fail", Some(_)) => {
                failed_in.insert(package.to_owned());
                Counts { failed: 1, ..Counts::default() }
            }
            // A package that fails without a failing test did not build, or died.
            ("fail", None) if !failed_in.contains(package) => {
                Counts { failed: 1, ..Counts::default() }
            }
            ("pass" | "skip" | "fail", None) => Counts::default(),
            _ => continue,
        };
        all.get_or_insert_default().add(counts);
    }
    all
}
