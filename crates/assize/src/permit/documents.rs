//! The rule documents of a tree, as they are now.
//!
//! Before each change it is asked whether they are what the session knows: a document whose stamps
//! are those of the last look is not read again.

use std::collections::BTreeMap;
use std::path::Path;

use assize_config::PermitSettings;
use assize_documents::{DOCUMENT_BYTES_MAX, outline};
use assize_repo::read_up_to;

use super::expand::expand;
use super::kept;
use crate::hook::content_hash;

/// What clients read by themselves, where the configuration names no documents.
const FOUND: [&str; 6] = [
    "AGENTS.md",
    "CLAUDE.md",
    "GEMINI.md",
    ".github/copilot-instructions.md",
    ".cursor/rules/*.md",
    ".cursor/rules/*.mdc",
];
/// Documents that are asked for before a change.
const DOCUMENTS_MAX: usize = 200;
/// Sections that are told apart in one document.
const SECTIONS_MAX: usize = 250;
/// Digits by which a section is known again.
pub(super) const SECTION_DIGITS: usize = 8;

/// A document that can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Document {
    /// Below the root.
    pub(crate) path: String,
    pub(crate) hash: String,
    /// A digest does not stand for it.
    pub(crate) is_full: bool,
    pub(crate) lines: i64,
    /// Short hashes of its sections in their order, joined.
    pub(crate) sections: String,
}

/// A required document that cannot be read, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    /// As the configuration names it.
    pub(crate) name: String,
    pub(crate) why: String,
}

/// The documents of a tree.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Documents {
    /// In order of their paths.
    pub(crate) all: Vec<Document>,
    pub(crate) faults: Vec<Fault>,
}

impl Documents {
    /// The documents of a root. `folder` keeps what was seen between looks; without one each look
    /// reads them all.
    pub(crate) fn of(root: &Path, settings: &PermitSettings, folder: Option<&Path>) -> Self {
        let key = key(settings);
        if let Some(known) = folder.and_then(|folder| kept::still(folder, root, &key)) {
            return known;
        }
        let (documents, watched) = look(root, settings);
        if let Some(folder) = folder.filter(|_| !documents.is_empty()) {
            kept::keep(folder, root, &key, &documents, &watched);
        }
        documents
    }

    /// Whether there is nothing that a session would have to know.
    pub(crate) const fn is_empty(&self) -> bool {
        self.all.is_empty() && self.faults.is_empty()
    }

    /// By what one state of all documents is told from another.
    pub(crate) fn state(&self) -> String {
        let text: String =
            self.all.iter().map(|one| format!("{} {}\n", one.hash, one.path)).collect();
        content_hash(text.as_bytes())
    }

    pub(crate) fn get(&self, path: &str) -> Option<&Document> {
        self.all.iter().find(|one| one.path == path)
    }
}

/// What is kept belongs to one configuration.
fn key(settings: &PermitSettings) -> String {
    let PermitSettings { documents, required, full } = settings;
    content_hash(format!("{documents:?}{required:?}{full:?}").as_bytes())
}

/// Reads everything, and says on what the answer hangs.
fn look(root: &Path, settings: &PermitSettings) -> (Documents, Vec<String>) {
    let (mut documents, mut watched) = (Documents::default(), Vec::new());
    let mut all: BTreeMap<String, Document> = BTreeMap::new();
    let named: Vec<&str> = match settings.documents.as_slice() {
        [] => FOUND.to_vec(),
        named => named.iter().map(String::as_str).collect(),
    };
    let asked = named.iter().map(|name| (*name, false, false));
    let full = settings.full.iter().map(|name| (name.as_str(), true, false));
    let required = settings.required.iter().map(|name| (name.as_str(), false, true));
    for (pattern, is_full, is_required) in asked.chain(full).chain(required) {
        let found = expand(root, pattern);
        if is_required && found.files.is_empty() {
            let why = "nothing is there".to_owned();
            documents.faults.push(Fault { name: pattern.to_owned(), why });
        }
        for path in found.files {
            match read(root, &path) {
                Ok(document) if all.len() < DOCUMENTS_MAX => {
                    all.entry(path.clone()).or_insert(document).is_full |= is_full;
                }
                Ok(_) => {}
                Err(why) if is_required => {
                    documents.faults.push(Fault { name: path.clone(), why });
                }
                // What nobody requires is not held against anybody.
                Err(_) => {}
            }
            watched.push(path);
        }
        watched.extend(found.watched);
    }
    watched.sort_unstable();
    watched.dedup();
    documents.all = all.into_values().collect();
    (documents, watched)
}

/// A document's text, or why it has none.
pub(super) fn text(root: &Path, path: &str) -> Result<String, String> {
    let file = root.join(path);
    let leads = file.canonicalize().map_err(|error| error.to_string())?;
    let inside = root.canonicalize().is_ok_and(|root| leads.starts_with(root));
    if !inside {
        return Err("it leads out of the repository".to_owned());
    }
    if leads.is_dir() {
        return Err("it is a folder".to_owned());
    }
    let most = u64::try_from(DOCUMENT_BYTES_MAX).unwrap_or(u64::MAX);
    let bytes = read_up_to(&file, most).map_err(|error| error.to_string())?;
    String::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())
}

fn read(root: &Path, path: &str) -> Result<Document, String> {
    let text = text(root, path)?;
    Ok(Document {
        path: path.to_owned(),
        hash: content_hash(text.as_bytes()),
        is_full: false,
        lines: i64::try_from(text.lines().count()).unwrap_or(i64::MAX),
        sections: section_hashes(&text).concat(),
    })
}

/// A short hash for each section of a text.
pub(super) fn section_hashes(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let of = |(first, last): (u32, u32)| {
        let from = usize::try_from(first).unwrap_or(0).saturating_sub(1);
        let to = usize::try_from(last).unwrap_or(0);
        let own = lines.get(from..to).unwrap_or_default().join("\n");
        content_hash(own.as_bytes()).chars().take(SECTION_DIGITS).collect()
    };
    let sections = outline(text);
    sections.iter().take(SECTIONS_MAX).map(|one| of((one.first, one.last))).collect()
}
