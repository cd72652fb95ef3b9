//! Whether a change of what is released is told in the changelog that lies nearest above it.
//!
//! A changelog that nobody keeps demands nothing: it must have a part for what is not released yet,
//! or the history must show that commits change it.

use std::collections::BTreeMap;

use assize_guard::Reason;
use assize_model::FileClass;

use super::infer::{folders, join};
use super::runner::Family;
use super::work::{Touched, Work};

pub(super) const NAME: &str = "changelog-touch";
const NAMES: [&str; 8] = [
    "CHANGELOG.md",
    "CHANGELOG",
    "CHANGELOG.rst",
    "CHANGELOG.txt",
    "Changelog.md",
    "changelog.md",
    "CHANGES.md",
    "CHANGES.rst",
];
/// Folders of fragments from which a changelog is made at a release.
const FRAGMENTS: [&str; 6] =
    [".changeset/", "changelog.d/", "newsfragments/", "changes/", ".changes/", "changelogs/"];
/// Files of tools that write the changelog from the messages of commits.
const WRITERS: [&str; 11] = [
    "cliff.toml",
    ".cliff.toml",
    "release-please-config.json",
    ".release-please-manifest.json",
    ".releaserc",
    ".releaserc.json",
    ".releaserc.yml",
    ".releaserc.yaml",
    "release.config.js",
    "release.config.cjs",
    ".versionrc",
];
/// Of so many commits, at least one in three must have changed it.
const COMMITS_MIN: usize = 6;

/// One reason for each changelog that is silent about what changed.
pub(super) fn missing(work: &Work<'_>) -> Vec<Reason> {
    if WRITERS.iter().any(|name| work.view.is_file(name)) || has_fragment(work.touched) {
        return Vec::new();
    }
    let mut silent: BTreeMap<String, Vec<&Touched>> = BTreeMap::new();
    for one in work.touched.iter().filter(|one| tells(one)) {
        let nearest = folders(&one.path).find_map(|folder| {
            let paths = NAMES.iter().map(|name| join(folder, name));
            paths.into_iter().find(|path| work.view.is_file(path))
        });
        if let Some(path) = nearest {
            silent.entry(path).or_default().push(one);
        }
    }
    silent.retain(|path, changed| {
        let is_told = work.touched.iter().any(|one| one.path == *path && one.object.is_some());
        !is_told && is_kept(path, work) && changed.iter().any(|one| !is_format_only(one, work))
    });
    silent.iter().map(|(path, changed)| reason(path, changed)).collect()
}

fn reason(path: &str, changed: &[&Touched]) -> Reason {
    let first = changed.first().map_or("", |one| one.path.as_str());
    let more = match changed.len() {
        0 | 1 => String::new(),
        count => format!(" and {} more", count - 1),
    };
    Reason {
        control: NAME,
        message: format!("`{first}`{more} changed, and `{path}` does not tell it"),
        help: format!("add a line to `{path}` under what is not released yet"),
    }
}

/// Whether a change of this file is of interest to who uses what is released.
fn tells(one: &Touched) -> bool {
    one.class == FileClass::Production && Family::of_path(&one.path).is_some()
}

fn has_fragment(touched: &[Touched]) -> bool {
    let is_one = |path: &str| {
        FRAGMENTS
            .iter()
            .any(|folder| path.starts_with(folder) || path.contains(&format!("/{folder}")))
    };
    touched.iter().any(|one| one.object.is_some() && is_one(&one.path))
}

/// Whether somebody keeps a changelog.
fn is_kept(path: &str, work: &Work<'_>) -> bool {
    let text = (work.text)(path).unwrap_or_default();
    if has_unreleased(&text) {
        return true;
    }
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let history = (work.history)(folder, path);
    history.is_some_and(|(commits, touched)| commits >= COMMITS_MIN && touched * 3 >= commits)
}

/// A heading that names what is not released, in Markdown or in reStructuredText.
fn has_unreleased(text: &str) -> bool {
    text.lines().take(200).any(|line| {
        let title = line.trim_start_matches(['#', ' ', '[']).to_ascii_lowercase();
        let is_heading = line.starts_with('#') || line.trim_end().len() == title.trim_end().len();
        is_heading && (title.starts_with("unreleased") || title.starts_with("next release"))
    })
}

/// Whether nothing but space changed. In Python space has a meaning, but hardly one to tell.
fn is_format_only(one: &Touched, work: &Work<'_>) -> bool {
    let letters = |text: String| text.split_whitespace().collect::<String>();
    match ((work.text_before)(one), (work.text)(&one.path)) {
        (Some(before), Some(after)) if one.object.is_some() => letters(before) == letters(after),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_of_what_is_not_released_are_known() {
        for text in
            ["# Changelog\n\n## [Unreleased]\n", "Unreleased\n----------\n", "## Unreleased - x"]
        {
            assert!(has_unreleased(text), "{text}");
        }
        for text in ["# Changelog\n\n## 1.0\n", "We keep an unreleased part.\n", ""] {
            assert!(!has_unreleased(text), "{text}");
        }
    }

    #[test]
    fn only_code_that_is_released_is_told() {
        let touched = |path: &str, class| Touched {
            path: path.to_owned(),
            class,
            object: Some("1".to_owned()),
            before: None,
        };
        assert!(tells(&touched("a.py", FileClass::Production)));
        assert!(!tells(&touched("test_a.py", FileClass::Test)));
        assert!(!tells(&touched("README.md", FileClass::Doc)));
        assert!(!tells(&touched("ci.yml", FileClass::Production)));
        assert!(has_fragment(&[touched("pkg/changelog.d/1.md", FileClass::Doc)]));
        assert!(!has_fragment(&[touched("pkg/exchanges/1.md", FileClass::Doc)]));
    }
}
