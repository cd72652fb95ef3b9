//! Writing a tree into an empty folder, so that nothing of it leads out.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Component, Path, PathBuf};

use assize_repo::{Blob, Git};

use super::found::{Content, Known, SUBMODULE, Tree};
use crate::failure::Failure;

const LINK: u32 = 0o120_000;
const KIND: u32 = 0o170_000;
const RUNS: u32 = 0o111;
/// So many contents are held at once.
const AT_ONCE: usize = 500;

/// What became of the files.
#[derive(Debug, Default)]
pub(super) struct Written {
    pub(super) files: usize,
    /// The commit names them, and git has not got them, or they are too large.
    pub(super) lost: Vec<String>,
}

/// Writes what was found. Links come last: nothing is ever written through one.
pub(super) fn all(tree: &Tree, git: Option<&Git>, folder: &Path) -> Result<Written, Failure> {
    empty(folder)?;
    let mut written = Written::default();
    let found: Vec<(&String, &Known, &Content)> = tree
        .files
        .iter()
        .filter(|(_, file)| file.mode != SUBMODULE)
        .filter_map(|(path, file)| Some((path, file, &file.content.as_ref()?.1)))
        .collect();
    let (links, plain): (Vec<_>, Vec<_>) =
        found.into_iter().partition(|(_, file, _)| file.mode & KIND == LINK);
    for some in plain.chunks(AT_ONCE).chain(links.chunks(AT_ONCE)) {
        let objects: Vec<String> = some
            .iter()
            .filter_map(|(.., content)| match content {
                Content::Object(object) => Some(object.clone()),
                Content::Bytes(_) => None,
            })
            .collect();
        let blobs = match git {
            Some(git) => git.blobs(&objects).map_err(|error| Failure::tool(&error))?,
            None => BTreeMap::new(),
        };
        for (path, file, content) in some {
            let bytes = match content {
                Content::Bytes(bytes) => Some(bytes),
                Content::Object(object) => match blobs.get(object) {
                    Some(Blob::Bytes(bytes)) => Some(bytes),
                    Some(Blob::TooLarge) | None => None,
                },
            };
            match bytes {
                Some(bytes) => {
                    one(folder, file, bytes)?;
                    written.files = written.files.saturating_add(1);
                }
                None => written.lost.push((*path).clone()),
            }
        }
    }
    Ok(written)
}

fn one(folder: &Path, file: &Known, bytes: &[u8]) -> Result<(), Failure> {
    let path = place(folder, file)?;
    if file.mode & KIND == LINK {
        return Ok(std::os::unix::fs::symlink(OsStr::from_bytes(bytes), path)?);
    }
    let mode = if file.mode & RUNS == 0 { 0o644 } else { 0o755 };
    let mut options = OpenOptions::new();
    let mut to = options.write(true).create_new(true).mode(mode).open(path)?;
    Ok(to.write_all(bytes)?)
}

/// Whose files would be mixed with ours must be asked first.
fn empty(folder: &Path) -> Result<(), Failure> {
    let mut entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Ok(fs::create_dir_all(folder)?);
        }
        Err(error) => {
            return Err(Failure::said(format!("cannot read `{}`: {error}", folder.display())));
        }
    };
    if entries.next().is_none() {
        return Ok(());
    }
    Err(Failure::said(format!("`{}` is not empty", folder.display()))
        .hint("name a folder that is empty or not there"))
}

/// Where a file goes, with the folders above it.
fn place(folder: &Path, file: &Known) -> Result<PathBuf, Failure> {
    let inside = Path::new(OsStr::from_bytes(&file.path));
    let plain = inside.components().all(|part| matches!(part, Component::Normal(_)));
    if !plain {
        return Err(Failure::said(format!("`{}` leads out of the folder", inside.display())));
    }
    let path = folder.join(inside);
    if let Some(above) = path.parent() {
        fs::create_dir_all(above)?;
    }
    Ok(path)
}
