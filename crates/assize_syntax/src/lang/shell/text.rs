//! The text as rable sees it: offsets in characters, and expressions of CI systems made harmless.

use std::borrow::Cow;

/// From character offsets, in which rable counts, to byte offsets.
#[derive(Debug)]
pub(super) struct Offsets {
    /// Nothing where every character is one byte.
    starts: Vec<u32>,
    length: usize,
}

impl Offsets {
    pub(super) fn of(text: &str) -> Self {
        let starts = if text.is_ascii() {
            Vec::new()
        } else {
            text.char_indices().map(|(at, _)| u32::try_from(at).unwrap_or(u32::MAX)).collect()
        };
        Self { starts, length: text.len() }
    }

    pub(super) fn byte(&self, character: usize) -> usize {
        if self.starts.is_empty() {
            return character.min(self.length);
        }
        self.starts.get(character).map_or(self.length, |start| *start as usize)
    }
}

/// The variable that stands for the folder into which a repository is checked out.
const CHECKOUT: &str = "GITHUB_WORKSPACE";

/// Writes `${{ .. }}` as a variable of the same length, so that all offsets stay: one that holds
/// the checkout folder, or one whose name nothing else has.
pub(super) fn without_expressions(text: &str) -> Cow<'_, str> {
    if !text.contains("${{") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("${{") {
        let (before, from) = rest.split_at(at);
        let Some(end) = from.find("}}").filter(|end| !from[..*end].contains('\n')) else { break };
        let inner = from.get(3..end).unwrap_or("").trim();
        let characters = from[..end + 2].chars().count();
        let name = if inner == "github.workspace" { CHECKOUT } else { "" };
        out.push_str(before);
        out.push_str("${");
        out.push_str(name);
        out.extend(std::iter::repeat_n('_', characters.saturating_sub(3 + name.len())));
        out.push('}');
        rest = &from[end + 2..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Whether a variable holds the folder of the checkout.
pub(super) fn is_checkout(name: &str) -> bool {
    name.trim_end_matches('_') == CHECKOUT
}
