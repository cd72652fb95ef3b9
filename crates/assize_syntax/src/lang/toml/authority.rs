//! Our own configuration: the folder whose documents decide, and the documents that must be in it.

use assize_model::normalise;
use toml_edit::TableLike;

use crate::{Extraction, FactKind, Role};

use super::reading::{text_at, texts_at};

/// The use of the folder, and of a document in it.
const FOLDER: &str = "authority";
const DOCUMENT: &str = "authority-document";

pub(super) fn read(sheet: &mut Extraction<'_>, table: &dyn TableLike) {
    let Some((folder, at)) = text_at(table, &["authority", "root"]) else { return };
    // Of an absolute path only its end says something here; the control knows which end.
    let inside = folder.trim_matches('/');
    let root = normalise("", inside).unwrap_or_else(|_| inside.to_owned());
    sheet
        .fact(FactKind::Path, Role::Reference, root.as_str(), at)
        .value(folder)
        .item(FOLDER)
        .done();
    for (document, at) in texts_at(table, &["authority", "required"]) {
        let path = format!("{root}/{document}");
        sheet.fact(FactKind::Path, Role::Reference, path, at).value(document).item(DOCUMENT).done();
    }
}
