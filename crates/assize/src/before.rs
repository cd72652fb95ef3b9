//! What was there before: at HEAD, for files that no longer parse; at a base, for `--changed`.

use std::collections::{BTreeMap, BTreeSet};

use assize_checks::{Hints, Intake, Pass, check_all, index_text, index_text_by, says_broken};
use assize_index::{FileRecord, FileStamp, IndexedFile, Overlay, View};
use assize_model::{FileClass, Finding, Problem, ProblemKind, RepoPath, Severity};
use assize_repo::{Blob, Git};
use assize_syntax::{Dialect, FileFlags, Parsed};

use crate::failure::Failure;
use crate::project::Project;

/// What a path was in a commit.
enum Version {
    Bytes(Vec<u8>),
    /// A link, another repository, or a file too large to be read: it was there, no more.
    Bare(u32),
    /// A symbolic link, and where it leads.
    Link(Vec<u8>),
}

/// Raises the findings of syntax-parse to `block` for files whose version at HEAD parses.
pub(crate) fn raise_broken_files(project: &Project, pass: &mut Pass) {
    let Some(git) = &project.root.git else { return };
    let mut broken: BTreeSet<RepoPath> = BTreeSet::new();
    for finding in pass.findings.iter().filter(|finding| says_broken(finding)) {
        broken.insert(finding.path.clone());
    }
    if broken.is_empty() || !git.has_commit() {
        return;
    }
    let versions = git
        .changed("HEAD", &project.root.folder)
        .map_err(|error| Failure::tool(&error))
        .map(|changed| {
            let is_broken = |path: &Vec<u8>| {
                RepoPath::from_bytes(path).is_ok_and(|path| broken.contains(&path))
            };
            changed.into_iter().filter(is_broken).collect::<BTreeSet<_>>()
        })
        .and_then(|changed| contents(git, project, "HEAD", &changed, &mut pass.problems));
    let versions = match versions {
        Ok(versions) => versions,
        Err(failure) => {
            let message = format!("{failure}; whether broken files parsed before is unknown");
            let path = RepoPath::root();
            pass.problems.push(Problem { path, kind: ProblemKind::Git, message });
            return;
        }
    };
    let parsed_before: BTreeSet<&RepoPath> = versions
        .iter()
        .filter(|(path, version)| match version {
            Version::Bytes(bytes) => {
                let class = FileClass::Production;
                let file = index_text(path, class, bytes, FileStamp::default(), 0);
                file.record.parsed == Parsed::Valid
            }
            Version::Bare(_) | Version::Link(_) => false,
        })
        .map(|(path, _)| path)
        .collect();
    for finding in &mut pass.findings {
        if says_broken(finding) && parsed_before.contains(&finding.path) {
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
    let Past { overlay, .. } = past(project, base, problems)?;
    let view = View::new(project.indexed.layers.base(), &overlay);
    Ok(check_all(view, &project.settings, Hints::Given).findings)
}

/// The tree as it was at a base.
pub(crate) struct Past {
    /// The base, as it was named.
    pub(crate) named: String,
    pub(crate) commit: String,
    /// To be laid over the snapshot of the project's index.
    pub(crate) overlay: Overlay,
    /// The paths that may differ, new files among them.
    pub(crate) changed: BTreeSet<Vec<u8>>,
}

/// The tree at the point where the current branch left a base.
pub(crate) fn past(
    project: &Project,
    base: &str,
    problems: &mut Vec<Problem>,
) -> Result<Past, Failure> {
    let git = project.root.git.as_ref().ok_or_else(|| no_git(project))?;
    let named = if base.is_empty() { git.default_base() } else { base.to_owned() };
    let commit = git.merge_base(&named).map_err(|error| {
        Failure::tool(&error).hint(format!("name a commit or branch that exists, not `{named}`"))
    })?;
    let folder = &project.root.folder;
    let mut changed: BTreeSet<Vec<u8>> =
        git.changed(&commit, folder).map_err(|error| Failure::tool(&error))?.into_iter().collect();
    let untracked = project.files.entries.iter().filter(|entry| !entry.tracked);
    changed.extend(untracked.map(|entry| entry.path.as_str().as_bytes().to_vec()));
    let mut versions = contents(git, project, &commit, &changed, problems)?;
    let now = project.view();
    let intake = Intake { meter: None, rules: Some(&project.rules) };
    let mut overlay = project.indexed.layers.changes().clone();
    for bytes in &changed {
        let Ok(path) = RepoPath::from_bytes(bytes) else { continue };
        let class = now.file(path.as_str()).map_or(FileClass::Production, |file| file.class());
        match versions.remove(&path) {
            Some(Version::Bytes(content)) => {
                let flags = FileFlags::TRACKED;
                let stamp = FileStamp::default();
                overlay.put(index_text_by(&intake, &path, class, &content, stamp, flags));
            }
            Some(Version::Link(target)) => {
                let flags = FileFlags::TRACKED | FileFlags::LINK;
                overlay.put(index_text(&path, class, &target, FileStamp::default(), flags));
            }
            Some(Version::Bare(flags)) => overlay.put(bare(path, class, flags)),
            None => overlay.delete(path.as_str()),
        }
    }
    Ok(Past { named, commit, overlay, changed })
}

fn no_git(project: &Project) -> Failure {
    match &project.root.git_failure {
        Some(words) => Failure::said(format!("`--changed` needs git: {words}")),
        None => Failure::said("`--changed` needs git, and this is no git work tree")
            .hint("run `assize check` without it"),
    }
}

pub(crate) fn bare(path: RepoPath, class: FileClass, flags: u32) -> IndexedFile {
    let record = FileRecord {
        path,
        class,
        dialect: Dialect::Other,
        parsed: Parsed::NotParsed,
        flags: FileFlags(FileFlags::TRACKED | flags),
        stamp: FileStamp::default(),
        hash: [0; 16],
        problem: None,
    };
    IndexedFile { record, facts: Vec::new(), findings: Vec::new() }
}

/// What these paths were in a commit; a path that was not there is left out.
fn contents(
    git: &Git,
    project: &Project,
    commit: &str,
    wanted: &BTreeSet<Vec<u8>>,
    problems: &mut Vec<Problem>,
) -> Result<BTreeMap<RepoPath, Version>, Failure> {
    let tree = git.tree(commit, &project.root.folder).map_err(|error| Failure::tool(&error))?;
    let mut objects = BTreeMap::new();
    let mut links = BTreeSet::new();
    let mut found = BTreeMap::new();
    for (path, mode, object) in tree.into_iter().filter(|(path, ..)| wanted.contains(path)) {
        let Ok(path) = RepoPath::from_bytes(&path) else { continue };
        let bare = match mode & 0o170_000 {
            0o100_000 => {
                objects.insert(path, object);
                continue;
            }
            0o120_000 => {
                links.insert(path.clone());
                objects.insert(path, object);
                continue;
            }
            _ => FileFlags::GIT_LINK,
        };
        found.insert(path, Version::Bare(bare));
    }
    let names: Vec<String> = objects.values().cloned().collect();
    let blobs = git.blobs(&names).map_err(|error| Failure::tool(&error))?;
    for (path, object) in objects {
        match blobs.get(&object) {
            Some(Blob::Bytes(target)) if links.contains(&path) => {
                found.insert(path, Version::Link(target.clone()));
            }
            Some(Blob::Bytes(bytes)) => {
                found.insert(path, Version::Bytes(bytes.clone()));
            }
            Some(Blob::TooLarge) => {
                found.insert(path, Version::Bare(0));
            }
            None => problems.push(Problem {
                path,
                kind: ProblemKind::MissingBlob,
                message: format!("git cannot give object {object}, the version at {commit}"),
            }),
        }
    }
    Ok(found)
}
