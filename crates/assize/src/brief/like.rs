//! What is there already under another name: what `search-before-create` would ask.

use assize_guard::controls::search_before_create::{Alike, Kind, alike, kind, likeness, terms};
use assize_index::{FileRef, View};
use assize_model::FileClass;

use super::{Line, What};

/// Names of files from here on are alike, of 1.
const NAME_ALIKE_MIN: f64 = 0.7;
const NAMED_MAX: usize = 3;

pub(super) fn of(path: &str, file: Option<FileRef<'_>>, view: View<'_>) -> Option<Line> {
    let found = match file {
        Some(file) if kind(file) == Kind::Searched => {
            alike(file, None, &view).into_iter().map(shown).collect()
        }
        Some(_) => Vec::new(),
        None => namesakes(path, view),
    };
    let text = format!("look at what is there before writing: {}", found.join("; "));
    (!found.is_empty()).then_some(Line { what: What::Like, text })
}

fn shown(one: Alike) -> String {
    format!("`{}:{}` {}", one.path, one.line, one.why)
}

/// Files whose name is like that of one that is not there yet.
fn namesakes(path: &str, view: View<'_>) -> Vec<String> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let Some((stem, ending)) = name.rsplit_once('.') else { return Vec::new() };
    if terms(stem).is_empty() {
        return Vec::new();
    }
    let near = |file: &FileRef<'_>| {
        let (other, of) = file.name().rsplit_once('.').unwrap_or((file.name(), ""));
        let judged = matches!(file.class(), FileClass::Production | FileClass::RuleSelf);
        // Most names fall here, before anything is made of them.
        judged && of == ending && other.len().abs_diff(stem.len()) * 3 <= stem.len()
    };
    let mut found: Vec<(f64, String)> = view
        .files()
        .filter(near)
        .filter_map(|file| {
            let other = file.name().rsplit_once('.').map_or(file.name(), |(stem, _)| stem);
            let alike = likeness(stem, other);
            (alike >= NAME_ALIKE_MIN).then(|| (alike, file.path().to_owned()))
        })
        .collect();
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    found
        .into_iter()
        .take(NAMED_MAX)
        .map(|(_, path)| format!("`{path}` has a name like it"))
        .collect()
}
