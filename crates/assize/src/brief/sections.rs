//! The sections of rule documents that speak of a path.

use std::path::Path;

use assize_config::Settings;
use assize_documents::{DOCUMENT_BYTES_MAX, Document, fits, passages};
use assize_index::View;
use assize_repo::read_up_to;

use super::{Line, What};

/// What clients read by themselves, where the configuration names no documents.
const FOUND: [&str; 6] = [
    "AGENTS.md",
    "CLAUDE.md",
    "GEMINI.md",
    ".github/copilot-instructions.md",
    ".cursor/rules/*.md",
    ".cursor/rules/*.mdc",
];
/// So many documents are looked through.
const DOCUMENTS_MAX: usize = 20;
const NAMED_MAX: usize = 3;
/// A section that shares a word with a path says little; one that names it is meant.
const WEIGHT_MIN: u32 = 30;

pub(super) fn of(path: &str, view: View<'_>, settings: &Settings, root: &Path) -> Option<Line> {
    let read = |path: &String| {
        let bytes = read_up_to(&root.join(path), DOCUMENT_BYTES_MAX as u64).ok()?;
        Some((path.clone(), String::from_utf8(bytes).ok()?))
    };
    let texts: Vec<(String, String)> = documents(view, settings)
        .iter()
        .filter(|document| *document != path)
        .filter_map(read)
        .collect();
    let documents: Vec<Document<'_>> =
        texts.iter().map(|(path, text)| Document { path, text }).collect();
    let found = passages(&documents, &[path]);
    let close = found.iter().filter(|passage| passage.weight >= WEIGHT_MIN);
    let named: Vec<String> = close
        .take(NAMED_MAX)
        .map(|one| format!("`{}:{}-{}` {}", one.path, one.first, one.last, one.heading))
        .map(|text| text.trim_end().to_owned())
        .collect();
    let text = format!("rules of the team: {}", named.join("; "));
    (!named.is_empty()).then_some(Line { what: What::Sections, text })
}

/// The rule documents of the tree, those of the authority among them.
fn documents(view: View<'_>, settings: &Settings) -> Vec<String> {
    let named: Vec<&str> = match settings.permit.documents.as_slice() {
        [] => FOUND.to_vec(),
        named => named.iter().map(String::as_str).collect(),
    };
    let mut found = Vec::new();
    for name in named {
        if !name.contains('*') {
            found.extend(view.is_file(name).then(|| name.to_owned()));
            continue;
        }
        let folder = name.split('*').next().and_then(|start| start.rsplit_once('/'));
        let below = view.files_under(folder.map_or("", |(folder, _)| folder));
        let fitting = below.filter(|file| fits(name, file.path()));
        found.extend(fitting.take(DOCUMENTS_MAX).map(|file| file.path().to_owned()));
    }
    let places = settings.authority_root.iter().flat_map(|authority| authority.places());
    let decides = places.flat_map(|place| view.files_under(place));
    found.extend(decides.take(DOCUMENTS_MAX).map(|file| file.path().to_owned()));
    found.truncate(DOCUMENTS_MAX);
    found
}
