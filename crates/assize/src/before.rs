//! What was there before: at HEAD, for files that no longer parse; at a base, for `--changed`.

use std::collections::{BTreeMap, BTreeSet};

use assize_checks::{Pass, check_all, index_text};
use assize_index::{FileStamp, Overlay, View};
use assize_model::{FileClass, Finding, Problem, ProblemKind, RepoPath, Severity};
use assize_repo::Git;
use assize_syntax::{FileFlags, Parsed};

use crate::failure::Failure;
use crate::project::Project;

/// Raises the findings of syntax-parse to `block` for files whose version at HEAD parses.
pub(crate) fn raise_broken_files(project: &Project, pass: &mut Pass) {
    let Some(git) = &project.root.git else { return };
    let broken: BTreeSet<&str> = pass
        .findings
        .iter()
        .filter(|finding| finding.control.0 == "syntax-parse")
        .map(|finding| finding.path.as_str())
        .collect();
    if broken.is_empty() {
        return;
    }
    let paths: Vec<&str> = broken.into_iter().collect();
    // A repository without a commit has no version before.
    let Ok(changed) = git.changed("HEAD", &project.root.folder, &paths) else { return };
    let changed: BTreeSet<Vec<u8>> = changed.into_iter().collect();
    let Ok(versions) = contents(git, project, "HEAD", &changed, &mut pass.problems) else { return };
    let parsed_before: BTreeSet<&RepoPath> = versions
        .iter()
        .filter(|(path, bytes)| {
            let class = FileClass::Production;
            let file = index_text(path, class, bytes, FileStamp::default(), 0);
            file.record.parsed == Parsed::Valid
        })
        .map(|(path, _)| path)
        .collect();
    for finding in &mut pass.findings {
        if finding.control.0 == "syntax-parse" && parsed_before.contains(&finding.path) {
            finding.severity = Severity::Block;
        }
    }
}

/// The findings of the tree at the point where the current branch left a base.
pub(crate) fn findings_at(
    project: &Project,
    base: &str,
    problems: &mut Vec<Problem>,
) -> Result<Vec<Finding>, Failure> {
    let no_git = || {
        Failure::said("`--changed` needs git, and this is no git work tree")
            .hint("run `assize check` without it")
    };
    let git = project.root.git.as_ref().ok_or_else(no_git)?;
    let named = if base.is_empty() { git.default_base() } else { base.to_owned() };
    let commit = git.merge_base(&named).map_err(|error| {
        Failure::tool(&error).hint(format!("name a commit or branch that exists, not `{named}`"))
    })?;
    let folder = &project.root.folder;
    let mut changed: BTreeSet<Vec<u8>> = git
        .changed(&commit, folder, &[])
        .map_err(|error| Failure::tool(&error))?
        .into_iter()
        .collect();
    let untracked = project.files.entries.iter().filter(|entry| !entry.tracked);
    changed.extend(untracked.map(|entry| entry.path.as_str().as_bytes().to_vec()));
    let versions = contents(git, project, &commit, &changed, problems)?;
    let mut overlay = Overlay::new();
    let none = Overlay::new();
    let now = View::new(&project.indexed.snapshot, &none);
    for bytes in &changed {
        let Ok(path) = RepoPath::from_bytes(bytes) else { continue };
        match versions.get(&path) {
            Some(content) => {
                let class =
                    now.file(path.as_str()).map_or(FileClass::Production, |file| file.class());
                let flags = FileFlags::TRACKED;
                overlay.put(index_text(&path, class, content, FileStamp::default(), flags));
            }
            None => overlay.delete(path.as_str()),
        }
    }
    let view = View::new(&project.indexed.snapshot, &overlay);
    Ok(check_all(view, &project.settings).findings)
}

/// The contents of these files at a commit; a file that was not there is left out.
fn contents(
    git: &Git,
    project: &Project,
    commit: &str,
    wanted: &BTreeSet<Vec<u8>>,
    problems: &mut Vec<Problem>,
) -> Result<BTreeMap<RepoPath, Vec<u8>>, Failure> {
    let tree = git.tree(commit, &project.root.folder).map_err(|error| Failure::tool(&error))?;
    let mut objects = BTreeMap::new();
    for (path, mode, object) in tree {
        // Links to other repositories have no content of ours; symbolic links are not read.
        if wanted.contains(&path) && mode & 0o170_000 == 0o100_000 {
            if let Ok(path) = RepoPath::from_bytes(&path) {
                objects.insert(path, object);
            }
        }
    }
    let names: Vec<String> = objects.values().cloned().collect();
    let blobs = git.blobs(&names).map_err(|error| Failure::tool(&error))?;
    let mut found = BTreeMap::new();
    for (path, object) in objects {
        match blobs.get(&object) {
            Some(bytes) => {
                found.insert(path, bytes.clone());
            }
            None => problems.push(Problem {
                path,
                kind: ProblemKind::MissingBlob,
                message: format!("git has no object {object} for the version at {commit}"),
            }),
        }
    }
    Ok(found)
}
