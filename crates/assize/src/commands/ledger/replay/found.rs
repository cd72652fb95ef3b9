//! Where the contents of a tree are found again, by their hashes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use assize_model::RepoPath;
use assize_repo::{Blob, Git, READ_MAX, Root, read_up_to};

use super::story::Story;
use crate::failure::Failure;

/// The digits of a content hash in the record.
const HASH_DIGITS: usize = 32;
/// So many contents are held at once.
const AT_ONCE: usize = 500;

/// Where a content was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// In the commit that the tree begins with.
    Commit,
    WorkTree,
    /// In git: the history of the path, what is staged or stashed.
    History,
    /// In git, and nothing leads there any more.
    Loose,
}

impl Source {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Commit => "commit",
            Self::WorkTree => "work tree",
            Self::History => "git's history",
            Self::Loose => "git's store",
        }
    }
}

/// A content, as far as it was read.
#[derive(Debug, Clone)]
pub(super) enum Content {
    Bytes(Vec<u8>),
    /// An object of git, not read yet: a commit holds many.
    Object(String),
}

/// One file of the tree.
#[derive(Debug, Clone)]
pub(super) struct Known {
    /// As git and the record write it.
    pub(super) path: Vec<u8>,
    pub(super) mode: u32,
    pub(super) hash: Option<String>,
    pub(super) content: Option<(Source, Content)>,
}

/// All files of the tree, by path; `changed` are those that differ from its commit.
pub(super) struct Tree {
    pub(super) files: BTreeMap<String, Known>,
    pub(super) changed: BTreeSet<String>,
}

const REGULAR: u32 = 0o100_644;
pub(super) const SUBMODULE: u32 = 0o160_000;

impl Tree {
    pub(super) fn of(story: &Story, root: &Root) -> Result<Self, Failure> {
        let mut files = committed(story, root)?;
        let was = read(&files, story.files.keys(), root)?;
        let changed: BTreeSet<String> = story.files.keys().cloned().collect();
        let mut sought: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (path, hash) in &story.files {
            let known = files.remove(path);
            let Some(hash) = hash else { continue };
            let content = match was.get(path) {
                Some(bytes) if is(bytes, hash) => Some((Source::Commit, bytes.clone())),
                _ => disk(&root.folder, path, hash).map(|bytes| (Source::WorkTree, bytes)),
            };
            let content = content.map(|(source, bytes)| (source, Content::Bytes(bytes)));
            if content.is_none() {
                sought.entry(hash.clone()).or_default().push(path.clone());
            }
            let (path_bytes, mode) = known
                .map_or_else(|| (path.clone().into_bytes(), REGULAR), |one| (one.path, one.mode));
            let hash = Some(hash.clone());
            give_way(path, &mut files);
            files.insert(path.clone(), Known { path: path_bytes, mode, hash, content });
        }
        if let Some(git) = root.git.as_ref().filter(|_| !sought.is_empty()) {
            from_git(git, &root.folder, sought, &mut files)?;
        }
        Ok(Self { files, changed })
    }

    /// Files whose content is not there any more.
    pub(super) fn missing(&self) -> impl Iterator<Item = (&String, &Known)> {
        self.files.iter().filter(|(_, file)| file.content.is_none() && file.mode != SUBMODULE)
    }
}

/// Where a file stands, nothing stands below it, and nothing above it is a file: a link that a
/// folder took the place of is gone, although nobody says so.
fn give_way(path: &str, files: &mut BTreeMap<String, Known>) {
    let mut above = path;
    while let Some((folder, _)) = above.rsplit_once('/') {
        files.remove(folder);
        above = folder;
    }
    let start = format!("{path}/");
    let below = files.range(start.clone()..).map(|(path, _)| path);
    let below: Vec<String> = below.take_while(|path| path.starts_with(&start)).cloned().collect();
    below.iter().for_each(|path| drop(files.remove(path)));
}

/// The files of the commit that the tree begins with.
fn committed(story: &Story, root: &Root) -> Result<BTreeMap<String, Known>, Failure> {
    let Some(git) = root.git.as_ref().filter(|_| !story.head.is_empty()) else {
        return Ok(BTreeMap::new());
    };
    let listed = git.tree(&story.head, &root.folder).map_err(|error| {
        let head = &story.head;
        Failure::tool(&error).hint(format!("the tree begins with commit {head}: fetch it"))
    })?;
    let mut files = BTreeMap::new();
    for (bytes, mode, object) in listed {
        let Ok(path) = RepoPath::from_bytes(&bytes) else { continue };
        let content = Some((Source::Commit, Content::Object(object)));
        let known = Known { path: bytes, mode, hash: None, content };
        files.insert(path.as_str().to_owned(), known);
    }
    Ok(files)
}

/// What some files of a commit hold.
fn read<'p>(
    files: &BTreeMap<String, Known>,
    paths: impl Iterator<Item = &'p String>,
    root: &Root,
) -> Result<BTreeMap<String, Vec<u8>>, Failure> {
    let objects: BTreeMap<String, String> = paths
        .filter_map(|path| match &files.get(path)?.content {
            Some((_, Content::Object(object))) => Some((path.clone(), object.clone())),
            _ => None,
        })
        .collect();
    let Some(git) = &root.git else { return Ok(BTreeMap::new()) };
    let names: Vec<String> = objects.values().cloned().collect();
    let blobs = git.blobs(&names).map_err(|error| Failure::tool(&error))?;
    let bytes = |object: &String| match blobs.get(object) {
        Some(Blob::Bytes(bytes)) => Some(bytes.clone()),
        Some(Blob::TooLarge) | None => None,
    };
    Ok(objects.iter().filter_map(|(path, object)| Some((path.clone(), bytes(object)?))).collect())
}

/// Looks for contents by their hashes in what git holds.
fn from_git(
    git: &Git,
    folder: &Path,
    mut sought: BTreeMap<String, Vec<String>>,
    files: &mut BTreeMap<String, Known>,
) -> Result<(), Failure> {
    let failed = |error| Failure::tool(&error);
    let paths: Vec<Vec<u8>> =
        sought.values().flatten().filter_map(|path| Some(files.get(path)?.path.clone())).collect();
    let named: Vec<String> = git.ever(folder, &paths).map_err(failed)?.into_iter().collect();
    search(git, &named, Source::History, &mut sought, files)?;
    if sought.is_empty() {
        return Ok(());
    }
    match git.stored().map_err(failed)? {
        Some(all) => search(git, &all, Source::Loose, &mut sought, files),
        None => Ok(()),
    }
}

fn search(
    git: &Git,
    objects: &[String],
    source: Source,
    sought: &mut BTreeMap<String, Vec<String>>,
    files: &mut BTreeMap<String, Known>,
) -> Result<(), Failure> {
    for some in objects.chunks(AT_ONCE) {
        if sought.is_empty() {
            return Ok(());
        }
        for blob in git.blobs(some).map_err(|error| Failure::tool(&error))?.into_values() {
            let Blob::Bytes(bytes) = blob else { continue };
            for path in sought.remove(&hash(&bytes)).unwrap_or_default() {
                if let Some(file) = files.get_mut(&path) {
                    file.content = Some((source, Content::Bytes(bytes.clone())));
                }
            }
        }
    }
    Ok(())
}

/// What stands there now, if that is it.
fn disk(root: &Path, path: &str, hash: &str) -> Option<Vec<u8>> {
    let path = root.join(path);
    let bytes = if path.symlink_metadata().ok()?.is_symlink() {
        std::fs::read_link(&path).ok()?.into_os_string().into_encoded_bytes()
    } else {
        read_up_to(&path, READ_MAX).ok()?
    };
    is(&bytes, hash).then_some(bytes)
}

fn is(bytes: &[u8], sought: &str) -> bool {
    hash(bytes) == sought
}

fn hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().chars().take(HASH_DIGITS).collect()
}
