//! What the files say: documents that changed, work that was left, names that occur.

use assize_index::FileRef;
use assize_model::FileClass;

use super::{Evidence, Judged};

/// Names of files that tell the history of a project.
const CHANGELOGS: [&str; 5] = ["changelog", "changes", "history", "news", "releases"];
/// Folders of fragments of which one is made.
const FRAGMENTS: [&str; 4] = [".changeset", "changelog.d", "newsfragments", "changes"];
/// Words that say that work is left.
const LEFT: [&str; 2] = ["TODO", "FIXME"];
/// What begins a comment in one language or another.
const COMMENTS: [&str; 6] = ["//", "#", "/*", "--", "<!--", ";"];

pub(super) fn documentation(evidence: &Evidence<'_>) -> Result<Judged, String> {
    let is = |path: &str| is_document(path, evidence) && !is_changelog(path);
    updated(evidence, &is, "no document")
}

pub(super) fn changelog(evidence: &Evidence<'_>) -> Result<Judged, String> {
    let view = evidence.project.view();
    if !view.files().any(|file| is_changelog(file.path())) {
        return Ok(Judged::fails("there is no changelog"));
    }
    updated(evidence, &is_changelog, "no changelog")
}

fn updated(
    evidence: &Evidence<'_>,
    wanted: &dyn Fn(&str) -> bool,
    none: &str,
) -> Result<Judged, String> {
    let changed = evidence.changed()?;
    let base = Evidence::base_name(evidence.past()?);
    if let Some(path) = changed.iter().find(|path| wanted(path)) {
        return Ok(Judged::holds(format!("{path} differs from {base}")));
    }
    Ok(if changed.is_empty() {
        Judged::open(format!("nothing differs from {base}: name `--base`"))
    } else if evidence.base_is_sure() {
        Judged::fails(format!(
            "{none} is among the {} files that differ from {base}",
            changed.len()
        ))
    } else {
        Judged::open(format!("{none} differs from {base}: name `--base`"))
    })
}

fn is_document(path: &str, evidence: &Evidence<'_>) -> bool {
    let file = evidence.project.view().file(path);
    let ends = [".md", ".mdx", ".rst", ".adoc"];
    file.is_some_and(|file| file.class() == FileClass::Doc)
        || ends.iter().any(|end| path.ends_with(end))
        || path.starts_with("docs/")
}

fn is_changelog(path: &str) -> bool {
    let lower = path.to_lowercase();
    let (folder, name) = lower.rsplit_once('/').unwrap_or(("", &lower));
    let stem = name.split('.').next().unwrap_or(name);
    CHANGELOGS.contains(&stem)
        || folder.split('/').any(|part| FRAGMENTS.contains(&part)) && stem != "readme"
}

/// Whether no comment in code says that work is left.
pub(super) fn no_todo(evidence: &Evidence<'_>) -> Judged {
    let mut read = 0_usize;
    let view = evidence.project.view();
    let own = |file: &FileRef<'_>| {
        let class = matches!(file.class(), FileClass::Production | FileClass::Test);
        class && file.dialect().language().is_code()
    };
    for file in view.files().filter(own) {
        let Some(text) = evidence.project.text(&file.repo_path()) else { continue };
        read += 1;
        let line = text.lines().position(says_left);
        if let Some(line) = line {
            return Judged::fails(format!("{}:{} says so", file.path(), line + 1));
        }
    }
    Judged::holds(format!("no comment in {read} files of code says that work is left"))
}

fn says_left(line: &str) -> bool {
    let begins = COMMENTS.iter().filter_map(|mark| line.find(mark)).min();
    let Some(comment) = begins.and_then(|at| line.get(at..)) else { return false };
    let is_edge = |letter: Option<char>| letter.is_none_or(|c| !c.is_alphanumeric() && c != '_');
    LEFT.iter().any(|word| {
        comment.match_indices(word).any(|(at, _)| {
            let before = comment.get(..at).and_then(|text| text.chars().next_back());
            let behind = comment.get(at + word.len()..).and_then(|text| text.chars().next());
            // A name that holds the word, and a text in quotes, are none.
            is_edge(before) && is_edge(behind) && !matches!(before, Some('"' | '\'' | '`'))
        })
    })
}

/// The first place in code and settings that holds a text; documents do not count, for they may
/// repeat the claim.
pub(super) fn mentioned(needle: &str, evidence: &Evidence<'_>) -> Option<(String, usize)> {
    let project = evidence.project;
    let skipped = |path: &str| {
        Some(path) == evidence.report.as_deref()
            || is_document(path, evidence)
            || is_changelog(path)
    };
    for file in project.view().files().filter(|file| !skipped(file.path())) {
        let Some(text) = project.text(&file.repo_path()) else { continue };
        if let Some(line) = text.lines().position(|line| line.contains(needle)) {
            return Some((file.path().to_owned(), line + 1));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{is_changelog, says_left};

    #[test]
    fn comments_that_leave_work_are_told_from_names() {
        for line in
            ["# TODO: later", "x = 1  // FIXME", "/* TODO(me) mend */", "-- TODO", "# a TODO"]
        {
            assert!(says_left(line), "{line}");
        }
        for line in ["TODO = 1", "list = todo()", "# a TODO_LIST", "print('TODO')", "# \"TODO\" is"]
        {
            assert!(!says_left(line), "{line}");
        }
    }

    #[test]
    fn changelogs_are_known_by_name() {
        for path in ["CHANGELOG.md", "a/changes.rst", "HISTORY", ".changeset/brave-cat.md"] {
            assert!(is_changelog(path), "{path}");
        }
        for path in ["README.md", "src/changelog_parser.py", ".changeset/README.md"] {
            assert!(!is_changelog(path), "{path}");
        }
    }
}
