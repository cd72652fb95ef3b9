//! Anchors that only some renderers know, and texts that a renderer takes from elsewhere.

use assize_model::Span;

use crate::{Extraction, FactKind, FileFlags, Role};

/// Openings of what stands for the text of another file, whose headings are not seen here.
const INCLUDES: [&str; 13] = [
    "--8<--",
    "{{#include",
    "{{< include",
    "{{% include",
    "{{% readfile",
    "{% include",
    "{!",
    "[!INCLUDE",
    "```{include}",
    ":::{include}",
    "<!--@include",
    "<!-- @include",
    ".. include::",
];

/// Reads the lines that are a notation of their own.
pub(super) fn extract(sheet: &mut Extraction<'_>, body: &str, base: usize) {
    let mut at = base;
    for line in body.split_inclusive('\n') {
        let offset = at;
        at += line.len();
        let line = line.trim();
        if INCLUDES.iter().any(|opening| line.starts_with(opening)) {
            sheet.mark(FileFlags::OPEN_EXPORTS);
        }
        if let Some(id) = attribute_list(line).or_else(|| label(line)) {
            let span = Span::new(offset, offset + line.len());
            sheet.fact(FactKind::Anchor, Role::Definition, id, span).done();
        }
    }
}

/// Whether an address is one that a generator of lists of contributors writes beside each name,
/// and that leads nowhere: `#translation-somebody`.
pub(super) fn is_of_contributor(text: &str, address: &str) -> bool {
    let kind = address.strip_prefix('#').and_then(|rest| rest.split_once('-'));
    kind.is_some_and(|(kind, _)| CONTRIBUTIONS.contains(&kind)) && text.contains("ALL-CONTRIBUTORS")
}

#[rustfmt::skip]
const CONTRIBUTIONS: &[&str] = &[
    "a11y", "audio", "blog", "bug", "business", "code", "content", "data", "design", "doc", "eventOrganizing",
    "example", "financial", "fundingFinding", "ideas", "infra", "maintenance", "mentoring",
    "platform", "plugin", "projectManagement", "promotion", "question", "research", "review",
    "security", "talk", "test", "tool", "translation", "tutorial", "userTesting", "video",
];

/// `{: #id }` or `{#id}` on a line of its own names the block above it.
fn attribute_list(line: &str) -> Option<&str> {
    let inner = line.strip_prefix('{')?.strip_suffix('}')?;
    inner
        .trim_start_matches(':')
        .split_whitespace()
        .find_map(|word| word.strip_prefix('#'))
        .filter(|id| !id.is_empty())
}

/// `(id)=` names what follows it.
fn label(line: &str) -> Option<&str> {
    let id = line.strip_prefix('(')?.strip_suffix(")=")?;
    (!id.is_empty() && !id.contains(['(', ')', ' '])).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::{attribute_list, is_of_contributor, label};

    #[test]
    fn blocks_are_named() {
        assert_eq!(attribute_list("{: .note #first }"), Some("first"));
        assert_eq!(attribute_list("{#first}"), Some("first"));
        assert_eq!(attribute_list("{: .note }"), None);
        assert_eq!(label("(first)="), Some("first"));
        assert_eq!(label("(a b)="), None);
    }

    #[test]
    fn contributors_are_linked_to_nowhere() {
        let list = "<!-- ALL-CONTRIBUTORS-LIST:START -->";
        assert!(is_of_contributor(list, "#infra-somebody"));
        assert!(!is_of_contributor(list, "#setup-guide") && !is_of_contributor("", "#infra-x"));
    }
}
