//! `[authority]`: the folder whose documents decide, and that what stands below the root may only
//! add to what the root demands.

use assize_model::{Span, normalise};

use crate::MistakeKind;
use crate::load::reader::{Entry, Reader, value_span};

/// The folder that decides questions of policy.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Authority {
    /// As it is written: relative to the root, or absolute, as rule books of one machine have it.
    pub root: String,
    /// Documents that must be there, relative to the folder.
    pub required: Vec<String>,
}

impl Authority {
    /// The paths relative to the root that the folder may have, the likeliest first. Of an absolute
    /// path nobody knows how much of it names where the repository once lay.
    pub fn places(&self) -> Vec<&str> {
        let inside = self.root.trim_matches('/');
        if !self.root.starts_with('/') {
            return vec![inside];
        }
        let tails = inside.match_indices('/').filter_map(|(at, _)| inside.get(at + 1..));
        std::iter::once(inside).chain(tails).collect()
    }
}

/// Something that a file below the root says and that does not count.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ignored {
    /// The file, as the caller named it.
    pub file: String,
    /// 1-based.
    pub line: u32,
    /// The key, and why it does not count, without a full stop.
    pub what: String,
}

/// The folder of `root`; nothing where it is no path.
pub(crate) fn root(reader: &mut Reader<'_>, entry: &Entry<'_>) -> Option<String> {
    let text = reader.text(entry)?;
    if text.starts_with('/') && text.trim_matches('/').split('/').all(is_plain) {
        return Some(text.trim_end_matches('/').to_owned());
    }
    reader.paths(entry).into_iter().next()
}

/// The documents of `required`, relative to the folder.
pub(crate) fn required(reader: &mut Reader<'_>, entry: &Entry<'_>) -> Vec<String> {
    let mut found = Vec::new();
    for (text, span) in reader.texts(entry) {
        match normalise("", text) {
            Ok(path) if !path.is_empty() => found.push(path),
            _ => bad_path(reader, entry, (text, span)),
        }
    }
    found
}

fn bad_path(reader: &mut Reader<'_>, entry: &Entry<'_>, (text, span): (&str, Span)) {
    let what = format!("`{text}` in `{}` is no path below the folder", entry.key);
    reader.mistake(MistakeKind::BadPath, &entry.key, span, what);
}

/// A table without a folder says nothing.
pub(crate) fn nameless(reader: &mut Reader<'_>, section: &Entry<'_>) {
    let what = "`authority.root` is missing: it names the folder whose documents decide".to_owned();
    reader.mistake(MistakeKind::BadText, &section.key, value_span(section), what);
}

fn is_plain(part: &str) -> bool {
    !matches!(part, "" | "." | "..")
}

#[cfg(test)]
mod tests {
    use super::Authority;

    #[test]
    fn an_absolute_folder_is_sought_by_its_end() {
        let places = |root: &str| {
            let authority = Authority { root: root.to_owned(), required: Vec::new() };
            authority.places().into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(places("docs/rules"), ["docs/rules"]);
        let all = ["opt/shop/IMPORTANT", "shop/IMPORTANT", "IMPORTANT"];
        assert_eq!(places("/opt/shop/IMPORTANT"), all);
    }
}
