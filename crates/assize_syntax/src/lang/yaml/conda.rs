//! Environments of conda: packages, and those that its `pip` section hands on.

use super::paths::{Use, refer};
use super::tree::{NodeId, Tree};
use crate::lang::names::normalise_python_name;
use crate::{Extraction, FactKind, Flags, Role};

/// Packages whose name in conda's channels differs from the Python index.
const RENAMED: &[(&str, &str)] = &[
    ("matplotlib-base", "matplotlib"),
    ("opencv", "opencv-python"),
    ("py-opencv", "opencv-python"),
    ("pytables", "tables"),
    ("pytorch", "torch"),
    ("pytorch-cpu", "torch"),
    ("pytorch-gpu", "torch"),
    ("python-kubernetes", "kubernetes"),
    ("tensorflow-gpu", "tensorflow"),
];

pub(crate) fn extract(sheet: &mut Extraction<'_>, tree: &Tree<'_>) {
    for document in tree.documents() {
        let Some(list) = tree.get(document, "dependencies") else { continue };
        for entry in tree.items(list) {
            if let Some(text) = tree.text(entry) {
                let text = text.rsplit("::").next().unwrap_or(text);
                declare(sheet, tree, entry, text, "dependencies");
            } else if let Some(pip) = tree.get(entry, "pip") {
                for line in tree.items_or_self(pip) {
                    pip_line(sheet, tree, line);
                }
            }
        }
    }
}

fn pip_line(sheet: &mut Extraction<'_>, tree: &Tree<'_>, id: NodeId) {
    let Some(text) = tree.text(id).map(str::trim) else { return };
    let file = ["-r", "--requirement", "-c", "--constraint"]
        .iter()
        .find_map(|flag| text.strip_prefix(flag))
        .map(|rest| rest.trim_start_matches([' ', '=']));
    if let Some(file) = file {
        let base = Some(sheet.path.folder());
        let how = Use { base, item: "requirements", flags: Flags::NONE };
        if !file.contains("://") {
            refer(sheet, file, tree.span(id), &how);
        }
        return;
    }
    if let Some((_, name)) = text.split_once("#egg=") {
        declare(sheet, tree, id, name, "pip");
    } else if !text.starts_with('-') && !text.contains("://") || text.contains(" @ ") {
        declare(sheet, tree, id, text, "pip");
    }
}

fn declare(sheet: &mut Extraction<'_>, tree: &Tree<'_>, id: NodeId, text: &str, item: &str) {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let end = text.find(|c| !is_name(c)).unwrap_or(text.len());
    let (name, constraint) = text.split_at_checked(end).unwrap_or((text, ""));
    let name = normalise_python_name(name);
    if name.is_empty() || name == "python" {
        return;
    }
    let renamed = RENAMED.iter().filter(|(conda, _)| *conda == name && item != "pip");
    let index: Vec<&str> = renamed.map(|(_, index)| *index).collect();
    for name in std::iter::once(name.as_str()).chain(index) {
        sheet
            .fact(FactKind::Package, Role::Definition, format!("py:{name}"), tree.span(id))
            .value(constraint.trim())
            .item(item)
            .done();
    }
}
