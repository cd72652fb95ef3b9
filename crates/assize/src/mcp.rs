//! MCP servers on the disk: the locks, the files of clients, and the scripts that servers run.

pub(crate) mod ask;

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use assize_mcp::{
    Drift, HOME_FILES, LOCAL, LOCK, Lock, Locked, PROJECT_FILES, Server, Tools, compare,
    content_hash, plain_name, scripts, start,
};
use assize_repo::read_up_to;

use crate::state;

/// A lock above this size is none.
const LOCK_BYTES_MAX: u64 = 1 << 20;
/// A larger file is no script that somebody reads.
const SCRIPT_BYTES_MAX: u64 = 8 << 20;

/// Where a repository and its person are.
#[derive(Debug, Clone)]
pub(crate) struct Ground {
    /// Absolute, without a slash at their ends.
    pub(crate) root: String,
    pub(crate) home: String,
}

/// What people agreed to: the lock in the tree, and the one of this person beside the ledger.
#[derive(Debug, Clone, Default)]
pub(crate) struct Locks {
    pub(crate) servers: Vec<Locked>,
}

/// What a file of a client says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reading {
    Absent,
    Servers(Vec<Server>),
    /// It is no JSON or TOML, or too large.
    Unreadable,
}

impl Ground {
    pub(crate) fn new(root: &Path) -> Self {
        let text = |text: &str| text.trim_end_matches('/').to_owned();
        let home = std::env::var("HOME").unwrap_or_default();
        Self { root: text(&root.to_string_lossy()), home: text(&home) }
    }

    /// The names of all files in which clients keep servers, as locks have them.
    pub(crate) fn files() -> impl Iterator<Item = String> {
        let of_home = HOME_FILES.iter().map(|file| format!("~/{file}"));
        PROJECT_FILES.iter().map(|file| (*file).to_owned()).chain(of_home)
    }

    /// A file or script on the disk, from its name in a lock.
    pub(crate) fn path(&self, name: &str) -> String {
        let name = name.strip_suffix(LOCAL).unwrap_or(name);
        match name.strip_prefix("~/") {
            Some(rest) => format!("{}/{rest}", self.home),
            None if name.starts_with('/') => name.to_owned(),
            None => format!("{}/{name}", self.root),
        }
    }

    pub(crate) fn servers(&self, file: &str) -> Reading {
        self.servers_of(file, None)
    }

    /// The servers of a file, or of those only the one with this name. Files of a person may be
    /// large: a text without the name is not parsed.
    fn servers_of(&self, file: &str, only: Option<&str>) -> Reading {
        let bytes = match read_up_to(Path::new(&self.path(file)), assize_mcp::FILE_BYTES_MAX) {
            Ok(bytes) => bytes,
            Err(error) if is_absence(&error) => return Reading::Absent,
            Err(_) => return Reading::Unreadable,
        };
        let Ok(text) = String::from_utf8(bytes) else { return Reading::Unreadable };
        // In names of tools `_` stands for other letters as well.
        let part = only.and_then(|name| name.split('_').max_by_key(|part| part.len()));
        if part.is_some_and(|part| !text.contains(part)) {
            return Reading::Servers(Vec::new());
        }
        match assize_mcp::servers(file, &text, &self.root) {
            Some(mut found) => {
                found.retain(|server| only.is_none_or(|name| is_named(&server.name, name)));
                Reading::Servers(found)
            }
            None => Reading::Unreadable,
        }
    }

    /// The content hash of a script.
    pub(crate) fn hash(&self, name: &str) -> Option<String> {
        let path = self.path(name);
        let metadata = std::fs::metadata(&path).ok()?;
        if !metadata.is_file() || metadata.len() > SCRIPT_BYTES_MAX {
            return None;
        }
        Some(content_hash(&read_up_to(Path::new(&path), SCRIPT_BYTES_MAX).ok()?))
    }

    /// A server as it is now, to be locked. `kept` says which paths below the root everybody has.
    pub(crate) fn locked(&self, server: &Server, kept: Option<&dyn Fn(&str) -> bool>) -> Locked {
        let name = |path: String| match path.strip_prefix(&format!("{}/", self.root)) {
            Some(inside) => kept.is_none_or(|kept| kept(inside)).then(|| inside.to_owned()),
            // What lies elsewhere is another file for everybody else.
            None => kept.is_none().then_some(path),
        };
        let names = scripts(&server.definition, &self.root, &self.home);
        let names = names.into_iter().filter_map(name);
        Locked {
            file: server.file.clone(),
            name: server.name.clone(),
            definition: server.definition.clone(),
            scripts: names.filter_map(|name| Some((name.clone(), self.hash(&name)?))).collect(),
            tools: Tools::new(),
            at: 0..0,
        }
    }

    /// What a server tells of its tools, or why it does not. It is started for that.
    pub(crate) fn ask(&self, file: &str, name: &str) -> Result<Vec<ask::Told>, String> {
        let path = self.path(file);
        let bytes = read_up_to(Path::new(&path), assize_mcp::FILE_BYTES_MAX)
            .map_err(|error| format!("`{path}`: {error}"))?;
        let text = String::from_utf8_lossy(&bytes);
        let start = start(file, name, &text, &self.root)
            .ok_or_else(|| format!("`{path}` does not name it"))?;
        let root = self.root.clone();
        let value = move |name: &str| match name {
            "workspaceFolder" | "CLAUDE_PROJECT_DIR" | "PWD" => Some(root.clone()),
            other => std::env::var(other).ok(),
        };
        ask::tools(&start.with(&value), Path::new(&self.root), ask::LIMIT)
    }

    /// What differs among these files of clients, or of those only the server with this name.
    pub(crate) fn drifts(&self, locks: &Locks, files: &[String], only: Option<&str>) -> Vec<Drift> {
        let mut servers = Vec::new();
        for file in files {
            if let Reading::Servers(found) = self.servers_of(file, only) {
                servers.extend(found);
            }
        }
        let meant = |one: &&Locked| {
            only.is_none_or(|name| is_named(&one.name, name)) && is_among(&one.file, files)
        };
        let locked: Vec<Locked> = locks.servers.iter().filter(meant).cloned().collect();
        compare(&locked, &servers, &|name| self.hash(name))
    }
}

/// Whether the file of a lock's entry is one of these.
pub(crate) fn is_among(file: &str, files: &[String]) -> bool {
    let file = file.strip_suffix(LOCAL).unwrap_or(file);
    files.iter().any(|known| known == file)
}

/// Whether a client calls the server of this name so.
pub(crate) fn is_named(name: &str, called: &str) -> bool {
    plain_name(name) == plain_name(called)
}

fn is_absence(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

impl Locks {
    /// Both locks; nothing where there is none.
    ///
    /// # Errors
    /// One of them is damaged or cannot be read.
    pub(crate) fn read(root: &Path) -> Result<Option<Self>, String> {
        let mut found = None;
        let personal = personal_path(root).map_err(|error| error.to_string())?;
        for path in [root.join(LOCK), personal] {
            if let Some(lock) = read(&path)? {
                let all: &mut Self = found.get_or_insert_default();
                all.servers.extend(lock.servers().iter().cloned());
            }
        }
        Ok(found)
    }
}

/// Where the lock of this person's own servers lies.
pub(crate) fn personal_path(root: &Path) -> std::io::Result<PathBuf> {
    Ok(state::folder(root)?.join("mcp.lock"))
}

/// A lock; nothing where there is none.
pub(crate) fn read(path: &Path) -> Result<Option<Lock>, String> {
    let said = |error: &dyn std::fmt::Display| format!("`{}`: {error}", path.display());
    match read_up_to(path, LOCK_BYTES_MAX) {
        Ok(bytes) => {
            let text = String::from_utf8(bytes).map_err(|error| said(&error))?;
            Lock::parse(&text).map(Some).map_err(|error| said(&error))
        }
        Err(error) if is_absence(&error) => Ok(None),
        Err(error) => Err(said(&error)),
    }
}
