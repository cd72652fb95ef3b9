//! The file set: what git tracks, and what it does not ignore; without git, the ignore-aware walk.

use std::collections::BTreeMap;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use assize_model::{Problem, ProblemKind, RepoPath};

use crate::Root;
use crate::watch::Watch;

/// What lies at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    File,
    Link,
    /// Another repository, of which git keeps only the commit.
    GitLink,
    /// Tracked, but a sparse checkout need not hold it on disk.
    Sparse,
}

/// One file of the set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub path: RepoPath,
    /// Where it lies on disk; its bytes may differ from `path`, which is always text.
    pub disk: PathBuf,
    pub kind: EntryKind,
    pub tracked: bool,
}

/// All files of a repository.
#[derive(Debug, Default)]
pub struct FileSet {
    /// In order of path, each path once.
    pub entries: Vec<Entry>,
    pub problems: Vec<Problem>,
    /// The root.
    pub(crate) folder: PathBuf,
    /// What the list rests on, where it is known.
    pub(crate) watch: Option<Watch>,
}

impl FileSet {
    /// Lists the files below a root.
    pub fn list(root: &Root) -> Self {
        let mut set = Self { folder: root.folder.clone(), ..Self::default() };
        if let Some(words) = &root.git_failure {
            set.problem("", ProblemKind::Git, format!("{words}; files were found without git"));
        }
        let listed = match &root.git {
            Some(git) => match git.list(&root.folder) {
                Ok(listed) => Some(listed),
                Err(error) => {
                    let words = format!("{error}; files were found without git");
                    set.problem("", ProblemKind::Git, words);
                    None
                }
            },
            None => None,
        };
        match listed {
            Some((listed, complaints)) => {
                set.take_listed(&root.folder, listed);
                set.take_complaints(&complaints);
            }
            None => set.walk(&root.folder),
        }
        set.entries.sort_by(|a, b| (&a.path, &a.disk).cmp(&(&b.path, &b.disk)));
        set.drop_namesakes();
        set.problems.sort();
        set.problems.dedup();
        set
    }

    fn problem(&mut self, path: &str, kind: ProblemKind, message: String) {
        let path = RepoPath::new(path).unwrap_or_else(|_| RepoPath::root());
        self.problems.push(Problem { path, kind, message });
    }

    /// Two names on disk can be the same text, once their bytes are written as `%XX`.
    fn drop_namesakes(&mut self) {
        let mut hidden = Vec::new();
        self.entries.dedup_by(|later, first| {
            let same = later.path == first.path;
            if same {
                hidden.push(later.path.clone());
            }
            same
        });
        self.problems.extend(hidden.into_iter().map(|path| Problem {
            path,
            kind: ProblemKind::Unreadable,
            message: "another file's name is written the same: only one of them was read".into(),
        }));
    }

    fn take_listed(&mut self, folder: &Path, listed: Vec<crate::git::Listed>) {
        let mut known: BTreeMap<Vec<u8>, (u32, bool)> = BTreeMap::new();
        for file in listed {
            // A conflicted path stands there once per stage.
            known.entry(file.path).or_insert((file.mode, file.sparse));
        }
        for (bytes, (mode, sparse)) in known {
            // git ends the name of an untracked repository below this one with a slash.
            let nested = bytes.ends_with(b"/");
            let Ok(path) = RepoPath::from_bytes(&bytes) else { continue };
            let kind = match mode {
                0o160_000 => EntryKind::GitLink,
                0o120_000 => EntryKind::Link,
                _ if nested => EntryKind::GitLink,
                _ if sparse => EntryKind::Sparse,
                _ => EntryKind::File,
            };
            let disk = folder.join(std::ffi::OsString::from_vec(bytes));
            self.entries.push(Entry { path, disk, kind, tracked: mode != 0 });
        }
    }

    /// git warns of folders that it could not open; their content is missing from the set.
    fn take_complaints(&mut self, complaints: &[String]) {
        for line in complaints {
            let folder = line
                .strip_prefix("warning: could not open directory '")
                .and_then(|rest| rest.split_once('\''))
                .map(|(folder, _)| folder.trim_end_matches('/'));
            match folder {
                Some(folder) => {
                    let words = "the folder cannot be opened: untracked files in it are unknown";
                    self.problem(folder, ProblemKind::Unreadable, words.to_owned());
                }
                None => self.problem("", ProblemKind::Git, line.clone()),
            }
        }
    }

    fn walk(&mut self, folder: &Path) {
        let walk = ignore::WalkBuilder::new(folder)
            .hidden(false)
            .parents(false)
            .git_global(false)
            .require_git(false)
            .follow_links(false)
            .filter_entry(|entry| entry.file_name() != ".git")
            .build();
        for entry in walk {
            match entry {
                Ok(entry) => self.take_walked(folder, &entry),
                Err(error) => {
                    let path = failed_path(&error, folder);
                    let words = error.io_error().map_or_else(
                        || error.to_string(),
                        |cause| format!("the folder cannot be opened: {}", cause.kind()),
                    );
                    self.problem(&path, ProblemKind::Unreadable, words);
                }
            }
        }
    }

    fn take_walked(&mut self, folder: &Path, entry: &ignore::DirEntry) {
        let Some(file_type) = entry.file_type().filter(|kind| !kind.is_dir()) else { return };
        let Ok(relative) = entry.path().strip_prefix(folder) else { return };
        let Ok(path) = RepoPath::from_bytes(relative.as_os_str().as_bytes()) else { return };
        let kind = if file_type.is_symlink() { EntryKind::Link } else { EntryKind::File };
        self.entries.push(Entry { path, disk: entry.path().to_path_buf(), kind, tracked: false });
    }
}

/// The path that a failed step of the walk was about, relative to the root.
fn failed_path(error: &ignore::Error, folder: &Path) -> String {
    match error {
        ignore::Error::WithPath { path, .. } => {
            let relative = path.strip_prefix(folder).unwrap_or(path);
            RepoPath::from_bytes(relative.as_os_str().as_bytes())
                .map_or_else(|_| String::new(), |path| path.as_str().to_owned())
        }
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            failed_path(err, folder)
        }
        ignore::Error::Partial(errors) => {
            errors.first().map_or_else(String::new, |error| failed_path(error, folder))
        }
        _ => String::new(),
    }
}
