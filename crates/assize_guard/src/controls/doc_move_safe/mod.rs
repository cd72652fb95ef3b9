//! Documents that go while others still link to them.
//!
//! Effects alone tell nothing: the front asks the index what would be left dangling, as for every
//! other file that goes, and answers under this name where the file is a document.

use assize_index::View;
use assize_model::{FileClass, Severity};
use assize_syntax::Dialect;

use super::{Case, Guard};
use crate::Reason;

/// The control.
pub const GUARD: Guard = Guard {
    name: "doc-move-safe",
    summary: "documents that are moved or deleted while others still link to them",
    severity: Severity::Error,
    judge,
    doc: include_str!("doc.md"),
};

fn judge(_: &Case<'_>, _: &mut Vec<Reason>) {}

/// Endings of texts that people read.
const ENDINGS: [&str; 5] = [".md", ".markdown", ".mdx", ".rst", ".adoc"];

/// Whether a file is a document, by what the index knows of it, else by its name.
pub fn is_document(path: &str, view: View<'_>) -> bool {
    let named = ENDINGS.iter().any(|end| path.to_ascii_lowercase().ends_with(end));
    match view.file(path) {
        Some(file) => {
            let read = matches!(file.dialect(), Dialect::Markdown | Dialect::TextDoc);
            named || read && file.class() == FileClass::Doc
        }
        None => named,
    }
}
