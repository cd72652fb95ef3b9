//! From which folder of the repository Python in an image imports: the folder that is copied to
//! where Python looks.

use std::collections::BTreeSet;

use assize_model::{Place, normalise};

use crate::{Extraction, FactKind, Role};

/// Copies and places of one file.
#[derive(Debug)]
pub(super) struct Roots {
    python: bool,
    folder: String,
    searched: BTreeSet<String>,
    copies: Vec<(String, String)>,
}

impl Roots {
    pub(super) fn new(text: &str) -> Self {
        let python = ["python", "uvicorn", "gunicorn", "pip install", "PYTHONPATH"]
            .iter()
            .any(|word| text.contains(word));
        Self { python, folder: "/".to_owned(), searched: BTreeSet::new(), copies: Vec::new() }
    }

    pub(super) fn stage(&mut self, _from: &str) {
        "/".clone_into(&mut self.folder);
    }

    pub(super) fn enter(&mut self, folder: &str) {
        self.folder = self.absolute(folder.trim_matches('"'));
        self.searched.insert(self.folder.clone());
    }

    pub(super) fn variable(&mut self, name: &str, value: &str) {
        if name == "PYTHONPATH" {
            for part in value.split(':').filter(|part| !part.is_empty()) {
                let folder = self.absolute(part);
                self.searched.insert(folder);
            }
        }
    }

    /// A path inside the image; variables stay as they are and meet nothing.
    fn absolute(&self, path: &str) -> String {
        let joined =
            if path.starts_with('/') { path.to_owned() } else { format!("{}/{path}", self.folder) };
        let inside = joined.trim_start_matches('/');
        normalise("", inside).map_or(joined, |path| format!("/{path}"))
    }

    /// Notes a copied folder. What has an extension is a file.
    pub(super) fn copy(&mut self, source: &str, target: &str, sources: usize) {
        let folder = source.trim_end_matches('/');
        let name = folder.rsplit('/').next().unwrap_or(folder);
        let is_file = name.contains('.') && !matches!(name, "." | "..");
        if is_file || sources > 1 || folder.contains(['*', '?', '[', '$']) || target.contains('$') {
            return;
        }
        let folder = if folder == "." { "" } else { folder };
        self.copies.push((folder.to_owned(), self.absolute(target)));
    }

    pub(super) fn finish(self, sheet: &mut Extraction<'_>) {
        if !self.python {
            return;
        }
        let mut found = BTreeSet::new();
        for (source, target) in &self.copies {
            for searched in &self.searched {
                if let Some(folder) = counterpart(source, target, searched) {
                    // The build starts in the Dockerfile's folder, or in the root.
                    found.extend(normalise(sheet.path.folder(), &folder).ok());
                    found.extend(normalise("", &folder).ok());
                }
            }
        }
        for folder in found {
            sheet
                .fact_at(FactKind::SourceRoot, Role::Definition, folder, Place::START)
                .value("Dockerfile")
                .done();
        }
    }
}

/// The folder of the repository that stands where the image is searched.
fn counterpart(source: &str, target: &str, searched: &str) -> Option<String> {
    if let Some(below) = searched.strip_prefix(target) {
        if below.is_empty() || below.starts_with('/') || target == "/" {
            let below = below.trim_start_matches('/');
            return Some(format!("{source}/{below}").trim_matches('/').to_owned());
        }
        return None;
    }
    // `COPY backend /app/backend` with /app searched: the folder that holds `backend`.
    let below = target.strip_prefix(searched)?;
    let below = if searched == "/" { below } else { below.strip_prefix('/')? };
    let above = source.strip_suffix(below)?;
    (above.is_empty() || above.ends_with('/')).then(|| above.trim_end_matches('/').to_owned())
}
