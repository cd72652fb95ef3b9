//! Output that is the product of its code, or that its author has answered for.

use assize_syntax::{Fact, Language, words};

use crate::Source;
use crate::person::shows;

/// Whether a call writes what its function or class is there to write.
pub(super) fn is_meant(call: &Fact, source: &Source<'_>) -> bool {
    shows(&call.item)
        || words(&call.item).any(|word| word == "console")
        || function(&call.item).starts_with("export")
        || is_answered_for(call, source)
}

fn function(item: &str) -> &str {
    item.rsplit(['.', ':']).next().unwrap_or(item)
}

/// Whether the line tells a linter of Python that its `print` is meant.
fn is_answered_for(call: &Fact, source: &Source<'_>) -> bool {
    source.facts.dialect.language() == Language::Python
        && source
            .text
            .lines()
            .nth(call.place.line.saturating_sub(1) as usize)
            .and_then(|line| line.split_once("# noqa"))
            .is_some_and(|(_, codes)| codes.contains("T20"))
}
