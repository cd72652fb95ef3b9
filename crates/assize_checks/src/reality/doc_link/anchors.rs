//! The anchors of the documents that one document links to.

use std::collections::{BTreeMap, BTreeSet};

use assize_index::FileRef;
use assize_syntax::{FactKind, FileFlags, Language, Parsed, Role};

/// Anchors by document, gathered when the first link asks for them.
#[derive(Debug, Default)]
pub(super) struct Anchors<'a> {
    documents: BTreeMap<&'a str, BTreeMap<String, &'a str>>,
}

impl<'a> Anchors<'a> {
    /// Whether a document has an anchor; `None` where its anchors are not known.
    pub(super) fn has(&mut self, document: FileRef<'a>, anchor: &str) -> Option<bool> {
        let known = document.dialect().language() == Language::Markdown
            && document.parsed() == Parsed::Valid
            && !document.flags().has(FileFlags::OPEN_EXPORTS)
            && !is_of_footnote(anchor);
        // The code host puts the readme of a folder below a list of its files.
        let of_page = anchor == "top" || anchor == "readme";
        known.then(|| of_page || self.of(document).contains_key(&loose(anchor)))
    }

    /// An anchor of the document that was probably meant.
    pub(super) fn nearest(&mut self, document: FileRef<'a>, anchor: &str) -> Option<&'a str> {
        let wanted = letters(anchor);
        if wanted.len() < 3 {
            return None;
        }
        let candidates: BTreeSet<&'a str> = self
            .of(document)
            .values()
            .copied()
            .filter(|name| {
                let name = letters(name);
                name == wanted || name.ends_with(&wanted) || name.starts_with(&wanted)
            })
            .collect();
        candidates.first().copied().filter(|_| candidates.len() == 1)
    }

    fn of(&mut self, document: FileRef<'a>) -> &BTreeMap<String, &'a str> {
        self.documents.entry(document.path()).or_insert_with(|| {
            document
                .facts_of(FactKind::Anchor, Role::Definition)
                .map(|fact| (loose(fact.key), fact.key))
                .collect()
        })
    }
}

/// An anchor as all renderers would agree on it: they differ in how they treat symbols between
/// words, and in case.
fn loose(anchor: &str) -> String {
    let mut out = String::with_capacity(anchor.len());
    for letter in anchor.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_')) {
        if letter != '-' || !(out.is_empty() || out.ends_with('-')) {
            out.extend(letter.to_lowercase());
        }
    }
    out.truncate(out.trim_end_matches('-').len());
    out
}

/// Footnotes are numbered by each renderer in a way of its own.
fn is_of_footnote(anchor: &str) -> bool {
    let anchor = anchor.strip_prefix("user-content-").unwrap_or(anchor);
    ["fn-", "fn:", "fnref"].iter().any(|start| anchor.starts_with(start))
}

fn letters(anchor: &str) -> String {
    anchor.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
