//! Where the state of a repository lies: outside of the work tree, under an id that its git keeps.

use std::io::{ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

/// The file with the repository's id, in git's own folder.
const ID: &str = "assize-id";

/// The folder of a repository's ledger, outside of the work tree.
pub(crate) fn folder(root: &Path) -> std::io::Result<PathBuf> {
    Ok(home()?.join(id(root)?))
}

/// The same, where there is one: who only looks leaves no trace.
pub(crate) fn known_folder(root: &Path) -> std::io::Result<Option<PathBuf>> {
    let named = common(root).is_none_or(|common| common.join(ID).exists());
    let folder = if named { folder(root)? } else { return Ok(None) };
    Ok(folder.is_dir().then_some(folder))
}

/// Where everything lies that must outlive a work tree.
pub(crate) fn home() -> std::io::Result<PathBuf> {
    let named =
        |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let state = named("XDG_STATE_HOME")
        .or_else(|| named("HOME").map(|home| home.join(".local/state")))
        .ok_or_else(|| std::io::Error::other("neither HOME nor XDG_STATE_HOME is set"))?;
    Ok(state.join("assize"))
}

/// The repository's id: random, kept in git's common folder, so that all work trees share it; the
/// hash of the path where there is no git.
fn id(root: &Path) -> std::io::Result<String> {
    let Some(common) = common(root) else {
        let whole = blake3::hash(root.as_os_str().as_encoded_bytes()).to_hex();
        return Ok(whole.chars().take(32).collect());
    };
    let path = common.join(ID);
    match std::fs::read_to_string(&path) {
        Ok(text) if is_id(text.trim()) => return Ok(text.trim().to_owned()),
        Ok(_) => return Err(std::io::Error::other("the repository's id is damaged")),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let mut bytes = [0; 16];
    std::fs::File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    let fresh: String = blake3::hash(&bytes).to_hex().chars().take(32).collect();
    let mut file = tempfile::Builder::new().tempfile_in(&common)?;
    writeln!(file, "{fresh}")?;
    match file.persist_noclobber(&path) {
        Ok(_) => Ok(fresh),
        // Another process was first.
        Err(_) => Ok(std::fs::read_to_string(&path)?.trim().to_owned()),
    }
}

fn is_id(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Git's common folder, read from its files: asking git costs more than the rest of a decision.
fn common(root: &Path) -> Option<PathBuf> {
    let own = own_git(root)?;
    match std::fs::read_to_string(own.join("commondir")) {
        Ok(shared) => own.join(shared.trim()).canonicalize().ok(),
        // The main work tree's own folder is the common one; without either there is no git.
        Err(_) => root.join(".git").is_dir().then_some(own),
    }
}

/// A text for the record: without credentials, and not longer than a screen.
pub(crate) fn redacted(text: &str) -> String {
    const CHARS_MAX: usize = 2_000;
    // Masking first: a cut could halve a credential, so that nobody knows it any more.
    let text = assize_checks::redacted(text);
    if text.chars().count() <= CHARS_MAX {
        return text;
    }
    text.chars().take(CHARS_MAX).chain(std::iter::once('…')).collect()
}

/// The commit that HEAD names, read from git's files: asking git costs more than the rest of a
/// decision. Empty where there is none, or where refs are kept in another way.
pub(crate) fn head(root: &Path) -> String {
    let Some(common) = common(root) else { return String::new() };
    let own = own_git(root).unwrap_or_else(|| common.clone());
    let Ok(text) = std::fs::read_to_string(own.join("HEAD")) else { return String::new() };
    let Some(name) = text.trim().strip_prefix("ref: ") else { return text.trim().to_owned() };
    if let Ok(id) = std::fs::read_to_string(common.join(name)) {
        return id.trim().to_owned();
    }
    let packed = std::fs::read_to_string(common.join("packed-refs")).unwrap_or_default();
    let line = packed.lines().find_map(|line| line.strip_suffix(name)?.strip_suffix(' '));
    line.unwrap_or_default().to_owned()
}

/// The commits of the stashes that there are, the latest first, read from git's files.
pub(crate) fn stashes(root: &Path) -> Vec<String> {
    const STASHES_MAX: usize = 32;
    const BYTES_MAX: u64 = 1 << 20;
    let Some(common) = common(root) else { return Vec::new() };
    let log = assize_repo::read_up_to(&common.join("logs/refs/stash"), BYTES_MAX);
    let log = String::from_utf8_lossy(&log.unwrap_or_default()).into_owned();
    let commits = log.lines().rev().filter_map(|line| line.split(' ').nth(1));
    let is_commit = |id: &&str| id.len() >= 40 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    commits.filter(is_commit).take(STASHES_MAX).map(str::to_owned).collect()
}

/// The folder of git that belongs to this work tree alone.
fn own_git(root: &Path) -> Option<PathBuf> {
    let git = root.join(".git");
    if git.is_dir() {
        return Some(git);
    }
    let text = std::fs::read_to_string(&git).ok()?;
    Some(root.join(text.trim().strip_prefix("gitdir:")?.trim()))
}
