//! The static gates on the tree that would be committed.
//!
//! Both sides, what would be committed and what it is held against, are laid over the index of the
//! work tree: what is the same in all three is read once, and often not at all.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use assize_checks::{
    Hints, Intake, Pass, TeamRules, bare, check_all, difference, index_text, index_text_by,
    recheck, says_broken, speaks_of_changes,
};
use assize_config::ConfigFile;
use assize_index::{Classifier, FileRef, FileStamp, Head, IndexedFile, Overlay, View};
use assize_model::{FileClass, Finding, Problem, RepoPath, Severity};
use assize_repo::{Blob, CONFIG_NAME, Git, GitError, Index, Staged, Tree};
use assize_syntax::{FileFlags, Parsed};

use super::moved::{self, Moves};
use crate::baseline::Baseline;
use crate::failure::Failure;
use crate::gates::bundle;
use crate::project::Project;
use crate::team::RuleTexts;

/// What is generated says so in its first lines.
const HEAD_BYTES: usize = 4096;

/// A file that the commit changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) path: RepoPath,
    /// As git has it.
    pub(super) bytes: Vec<u8>,
    /// BLAKE3 of the new content, in hexadecimal; nothing where there is none to hash.
    pub(super) hash: Option<String>,
    /// The object that it becomes; nothing where the file goes.
    pub(super) object: Option<String>,
    /// The object that it was; nothing where the file is new.
    pub(super) before: Option<String>,
}

/// Whose configuration rules the commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rules {
    /// The one that would be committed: a person says with it what is to hold from now on.
    Staged,
    /// The one that the commit is held against: what an agent commits does not loosen what the
    /// commit is judged by.
    Base,
}

/// What the static gates say.
pub(super) struct Judged {
    pub(super) changes: Vec<Change>,
    /// New against what the commit is held against.
    pub(super) findings: Vec<Finding>,
    /// Of the files that the commit changes.
    pub(super) problems: Vec<Problem>,
    pub(super) pass: Pass,
    /// The hash of the configuration that ruled.
    pub(super) rules: String,
}

/// All sides of the comparison, and the contents of what differs anywhere.
struct Sides {
    staged: Tree,
    base: Tree,
    /// The other side of a merge.
    merged: Option<Tree>,
    moves: Moves,
    /// Paths that are not the same on all sides and in the work tree.
    differing: BTreeSet<Vec<u8>>,
    blobs: BTreeMap<String, Blob>,
    /// The team's rules that count here are not those of the work tree, by which the index was
    /// made.
    other_rules: bool,
}

/// Judges what is staged against a commit; against nothing, where there is none yet. What stands
/// in a commit that is being merged is not new either.
pub(super) fn judge(
    project: &mut Project,
    git: &Git,
    index: &Index,
    base: Option<&str>,
    rules: Rules,
) -> Result<Judged, Failure> {
    let mut sides = Sides::read(git, index, &project.root.folder, base)
        .map_err(|error| Failure::tool(&error))?;
    let ruled = settings_of(project, &mut sides, rules)?;
    let before = sides.overlay(&sides.base, project);
    let now = sides.overlay(&sides.staged, project);
    let (pass, mut findings) = compare(project, &sides, &now, &before)?;
    if let Some(merged) = &sides.merged {
        let other = project.indexed.layers.with(&sides.overlay(merged, project));
        let view = View::new(project.indexed.layers.base(), &other);
        let known = check_all(view, &project.settings, Hints::Omitted).findings;
        findings = difference(&known, findings);
    }
    let changed = unlike(&sides.staged, &sides.base);
    let changes: Vec<Change> = changed.iter().filter_map(|path| sides.change(path)).collect();
    let paths: BTreeSet<&RepoPath> = changes.iter().map(|change| &change.path).collect();
    let mut problems: Vec<Problem> =
        pass.problems.iter().filter(|problem| paths.contains(&problem.path)).cloned().collect();
    let before = project.indexed.layers.with(&before);
    let view = View::new(project.indexed.layers.base(), &before);
    problems.retain(|problem| is_new(problem, view));
    Ok(Judged { changes, findings, problems, pass, rules: ruled })
}

/// The paths that two trees do not have in common as they are, in order.
fn unlike(one: &Tree, other: &Tree) -> BTreeSet<Vec<u8>> {
    let both = one.keys().chain(other.keys());
    both.filter(|path| one.get(*path) != other.get(*path)).cloned().collect()
}

/// Sets the settings that rule, and gives the hash of their files.
fn settings_of(project: &mut Project, sides: &mut Sides, rules: Rules) -> Result<String, Failure> {
    // Before the first commit there is only one.
    let side = match rules {
        Rules::Base if !sides.base.is_empty() => &sides.base,
        Rules::Base | Rules::Staged => &sides.staged,
    };
    let files = side.iter().filter(|(path, _)| bundle::is_rules(path));
    let hash = bundle::rules_hash(files.map(|(path, staged)| (&path[..], &*staged.object)));
    let mut texts = Vec::new();
    let mut rule_files = Vec::new();
    for (bytes, staged) in side {
        let Ok(path) = RepoPath::from_bytes(bytes) else { continue };
        if RuleTexts::is_file(&path) {
            let bytes = match sides.blobs.get(&staged.object) {
                Some(Blob::Bytes(bytes)) => Some(bytes.clone()),
                _ => project.bytes(&path),
            };
            rule_files.extend(bytes.map(|bytes| (path.as_str().to_owned(), bytes)));
            continue;
        }
        if path.name() != CONFIG_NAME {
            continue;
        }
        // What is everywhere as it lies in the work tree was read already.
        let Some(Blob::Bytes(text)) = sides.blobs.get(&staged.object) else {
            texts.extend(project.text(&path).map(|text| (path, text)));
            continue;
        };
        texts.push((path, String::from_utf8_lossy(text).into_owned()));
    }
    let configs: Vec<ConfigFile<'_>> = texts
        .iter()
        .map(|(path, text)| ConfigFile { folder: path.folder(), path: path.as_str(), text })
        .collect();
    let rules = RuleTexts::from_files(rule_files);
    sides.other_rules = rules != RuleTexts::of(&project.root.folder);
    if sides.other_rules {
        project.rules = crate::team::proven(rules.rules()?.into())?;
    }
    let rules = Arc::clone(project.rules.rules());
    project.settings = crate::settings::merged(&configs, rules)?;
    Ok(hash)
}

fn is_file(staged: &Staged) -> bool {
    staged.mode & 0o170_000 == 0o100_000
}

/// Whether the index has a file as it would be laid over it.
fn is_as(there: FileRef<'_>, file: &IndexedFile) -> bool {
    let record = &file.record;
    there.hash() == record.hash && there.class() == record.class && there.flags() == record.flags
}

impl Sides {
    fn read(git: &Git, index: &Index, folder: &Path, base: Option<&str>) -> Result<Self, GitError> {
        let tree = |commit: &str| git.committed(commit, folder);
        let mut staged = git.staged(index, folder)?;
        let unstaged = git.unstaged(index, folder)?;
        staged.retain(|path, _| !unstaged.intended.contains(path));
        let merged = git.commit_named("MERGE_HEAD").filter(|_| base == Some("HEAD"));
        let merged = merged.as_deref().map(tree).transpose()?;
        let named = base;
        let base = base.map(tree).transpose()?.unwrap_or_default();
        let mut moves = Moves::new();
        if let Some(named) = named.filter(|_| moved::is_likely(&staged, &base)) {
            for (from, to) in git.moves(index, named, folder)? {
                if let (Ok(from), Ok(to)) = (RepoPath::from_bytes(&from), RepoPath::from_bytes(&to))
                {
                    moves.insert(to, from);
                }
            }
        }
        let mut differing: BTreeSet<Vec<u8>> = unstaged.other.into_iter().collect();
        let others = [Some(&base), merged.as_ref()];
        for other in others.into_iter().flatten() {
            differing.extend(unlike(&staged, other));
        }
        let sides = [Some(&staged), Some(&base), merged.as_ref()];
        let wanted = differing
            .iter()
            .flat_map(|path| sides.into_iter().flatten().map(|side| side.get(path)));
        let objects: BTreeSet<String> =
            wanted.flatten().filter(|one| is_file(one)).map(|one| one.object.clone()).collect();
        let blobs = git.blobs(&objects.into_iter().collect::<Vec<_>>())?;
        Ok(Self { staged, base, merged, moves, differing, blobs, other_rules: false })
    }

    /// What makes the index of the work tree that of a tree.
    fn overlay(&self, tree: &Tree, project: &Project) -> Overlay {
        let here = project.view();
        let mut overlay = Overlay::new();
        let known: BTreeSet<RepoPath> =
            tree.keys().filter_map(|path| RepoPath::from_bytes(path).ok()).collect();
        for file in here.files().filter(|file| !known.contains(&file.repo_path())) {
            overlay.delete(file.path());
        }
        for bytes in &self.differing {
            let (Ok(path), Some(staged)) = (RepoPath::from_bytes(bytes), tree.get(bytes)) else {
                continue;
            };
            let named = project.settings.classes.class(path.as_str());
            let there = here.file(path.as_str());
            let class = named.or_else(|| there.map(|file| file.class()));
            let file = self.file(path, class, staged, &project.rules);
            // What the work tree has as well, the index knows already.
            if self.other_rules || there.is_none_or(|there| !is_as(there, &file)) {
                overlay.put(file);
            }
        }
        if self.other_rules {
            self.judge_again(tree, project, &mut overlay);
        }
        overlay
    }

    /// Lays what is the same everywhere once more, as other rules see it.
    fn judge_again(&self, tree: &Tree, project: &Project, overlay: &mut Overlay) {
        let intake = Intake { meter: None, rules: Some(&project.rules) };
        let same = tree.keys().filter(|path| !self.differing.contains(*path));
        for path in same.filter_map(|bytes| RepoPath::from_bytes(bytes).ok()) {
            // What was not read for what it is says nothing by any rule of its text.
            let read = |file: &FileRef<'_>| {
                let links = FileFlags::LINK | FileFlags::GIT_LINK;
                file.problem().is_none() && file.flags().0 & links == 0
            };
            let view = project.view();
            let file = view.file(path.as_str()).filter(read);
            if let (Some(file), Some(bytes)) = (file, project.bytes(&path)) {
                let (class, flags, stamp) = (file.class(), file.flags().0, FileStamp::default());
                overlay.put(index_text_by(&intake, &path, class, &bytes, stamp, flags));
            }
        }
    }

    /// The class is the one of the configuration or of the work tree, else it follows from the
    /// path and the first lines.
    fn file(
        &self,
        path: RepoPath,
        class: Option<FileClass>,
        staged: &Staged,
        rules: &TeamRules,
    ) -> IndexedFile {
        let intake = Intake { meter: None, rules: Some(rules) };
        let flags = match staged.mode & 0o170_000 {
            0o100_000 => 0,
            0o120_000 => FileFlags::LINK,
            _ => FileFlags::GIT_LINK,
        };
        match self.blobs.get(&staged.object).filter(|_| flags == 0) {
            Some(Blob::Bytes(bytes)) => {
                let class = class.unwrap_or_else(|| class_of(&path, bytes));
                let can_run = if staged.mode & 0o111 != 0 { FileFlags::EXECUTABLE } else { 0 };
                let flags = FileFlags::TRACKED | can_run;
                index_text_by(&intake, &path, class, bytes, FileStamp::default(), flags)
            }
            None if flags == FileFlags::LINK => match self.blobs.get(&staged.object) {
                Some(Blob::Bytes(target)) => {
                    let class = class.unwrap_or(FileClass::Production);
                    let flags = FileFlags::TRACKED | FileFlags::LINK;
                    index_text(&path, class, target, FileStamp::default(), flags)
                }
                _ => crate::before::bare(path, class.unwrap_or(FileClass::Production), flags),
            },
            _ => crate::before::bare(path, class.unwrap_or(FileClass::Production), flags),
        }
    }

    fn configuration_differs(&self) -> bool {
        let configures = |path: &Vec<u8>| {
            RepoPath::from_bytes(path)
                .is_ok_and(|path| path.name() == CONFIG_NAME || RuleTexts::is_file(&path))
        };
        self.other_rules || self.differing.iter().any(configures)
    }

    /// The files that the commit changes, as the index names them; nothing where it cannot.
    fn changed(&self) -> Option<Vec<String>> {
        let paths = unlike(&self.staged, &self.base);
        let name = |path: &Vec<u8>| Some(RepoPath::from_bytes(path).ok()?.as_str().to_owned());
        paths.iter().map(name).collect()
    }

    fn change(&self, bytes: &[u8]) -> Option<Change> {
        let path = RepoPath::from_bytes(bytes).ok()?;
        let staged = self.staged.get(bytes);
        let hash = staged.and_then(|staged| match self.blobs.get(&staged.object)? {
            Blob::Bytes(content) => Some(blake3::hash(content).to_hex().to_string()),
            Blob::TooLarge => None,
        });
        let object = staged.map(|staged| staged.object.clone());
        let before = self.base.get(bytes).map(|staged| staged.object.clone());
        Some(Change { path, bytes: bytes.to_vec(), hash, object, before })
    }
}

fn class_of(path: &RepoPath, bytes: &[u8]) -> FileClass {
    let head = String::from_utf8_lossy(bytes.get(..HEAD_BYTES).unwrap_or(bytes)).into_owned();
    Classifier::default().class(path, Head::of(&head), true)
}

/// All findings of the tree, and those of them that are new.
fn compare(
    project: &Project,
    sides: &Sides,
    now: &Overlay,
    before: &Overlay,
) -> Result<(Pass, Vec<Finding>), Failure> {
    let layers = &project.indexed.layers;
    let (with_now, with_before) = (layers.with(now), layers.with(before));
    let new = View::new(layers.base(), &with_now);
    let old = View::new(layers.base(), &with_before);
    // All of it is mostly known from the last look at the work tree.
    let pass = if now.is_empty() && !sides.configuration_differs() {
        crate::pass::run(project)
    } else {
        check_all(new, &project.settings, Hints::Given)
    };
    // Nobody reads what was known.
    let settings = &project.settings;
    let known = sides
        .changed()
        .and_then(|paths| recheck(new, old, &bare(pass.clone()), &paths, settings, Hints::Omitted))
        .unwrap_or_else(|| check_all(old, settings, Hints::Omitted));
    let told = pass.findings.iter().filter(|finding| speaks_of_changes(finding.control));
    let new = difference(&known.findings, told.cloned().collect());
    let mut new = moved::difference(new, &known.findings, &sides.moves);
    for finding in &mut new {
        let parsed =
            old.file(finding.path.as_str()).is_some_and(|file| file.parsed() == Parsed::Valid);
        if says_broken(finding) && parsed {
            finding.severity = Severity::Block;
        }
    }
    // The first commit holds what was there when Assize was taken up.
    if old.files().next().is_none()
        && let Some(mut baseline) = Baseline::load(&project.root.folder)?
    {
        baseline.mark(&mut new);
    }
    Ok((pass, new))
}

/// Whether the file had no such problem before.
fn is_new(problem: &Problem, before: View<'_>) -> bool {
    let known = before.file(problem.path.as_str()).and_then(|file| file.problem());
    known.is_none_or(|(kind, _)| kind != problem.kind)
}
