//! Paths inside a repository: relative to its root, separated by `/`.

use std::fmt;

/// A path relative to the root, with `/`, without `.`, `..` or empty parts.
///
/// The root itself is the empty path. Bytes that are not UTF-8 are written as `%XX`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RepoPath(String);

/// Why a text is no path inside the repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathError {
    Absolute,
    OutsideRoot,
}

impl fmt::Display for PathError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Absolute => "an absolute path",
            Self::OutsideRoot => "a path that leaves the root",
        })
    }
}

impl std::error::Error for PathError {}

/// Joins `path` to the folder `base` and removes `.`, `..` and empty parts.
///
/// # Errors
/// The path is absolute, or leaves the root.
pub fn normalise(base: &str, path: &str) -> Result<String, PathError> {
    if path.starts_with('/') {
        return Err(PathError::Absolute);
    }
    if base.is_empty() && !path.split('/').any(|part| matches!(part, "" | "." | "..")) {
        return Ok(path.to_owned());
    }
    let mut parts: Vec<&str> = base.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop().ok_or(PathError::OutsideRoot)?;
            }
            other => parts.push(other),
        }
    }
    Ok(parts.join("/"))
}

impl RepoPath {
    /// A path below the root.
    ///
    /// # Errors
    /// The path is absolute, or leaves the root.
    pub fn new(path: &str) -> Result<Self, PathError> {
        normalise("", path).map(Self)
    }

    /// The path made of the bytes that git or the system gave.
    ///
    /// # Errors
    /// The path is absolute, or leaves the root.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, PathError> {
        let mut text = String::with_capacity(bytes.len());
        for chunk in bytes.utf8_chunks() {
            text.push_str(chunk.valid());
            for byte in chunk.invalid() {
                text.push_str(&format!("%{byte:02X}"));
            }
        }
        Self::new(&text)
    }

    /// The root itself.
    pub const fn root() -> Self {
        Self(String::new())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The folder that holds this path; the root for a top-level path.
    pub fn folder(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// The last part.
    pub fn name(&self) -> &str {
        self.0.rsplit_once('/').map_or(self.0.as_str(), |(_, name)| name)
    }

    /// What stands after the last dot of the name, if the dot is not its first character.
    pub fn extension(&self) -> Option<&str> {
        self.name().rsplit_once('.').filter(|(stem, _)| !stem.is_empty()).map(|(_, ext)| ext)
    }

    /// A path relative to the folder that holds this one.
    ///
    /// # Errors
    /// The path is absolute, or leaves the root.
    pub fn sibling(&self, relative: &str) -> Result<Self, PathError> {
        normalise(self.folder(), relative).map(Self)
    }

    /// The folders above, nearest first, ending with the root (the empty text).
    pub fn ancestors(&self) -> impl Iterator<Item = &str> {
        let mut rest = Some(self.0.as_str());
        std::iter::from_fn(move || {
            let current = rest?;
            if current.is_empty() {
                rest = None;
                return None;
            }
            let folder = current.rsplit_once('/').map_or("", |(folder, _)| folder);
            rest = Some(folder);
            Some(folder)
        })
    }

    /// Whether this path is `folder` or lies below it; everything lies below the root.
    pub fn is_under(&self, folder: &str) -> bool {
        folder.is_empty()
            || self.0.strip_prefix(folder).is_some_and(|r| r.is_empty() || r.starts_with('/'))
    }
}

impl fmt::Display for RepoPath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{PathError, RepoPath, normalise};

    #[test]
    fn normalises_and_refuses_to_leave() {
        assert_eq!(normalise("a/b", "../c/./d//e").unwrap(), "a/c/d/e");
        assert_eq!(normalise("a", "../.."), Err(PathError::OutsideRoot));
        assert_eq!(normalise("a", "/etc"), Err(PathError::Absolute));
        assert_eq!(RepoPath::from_bytes(b"a/\xff.py").unwrap().as_str(), "a/%FF.py");
    }

    #[test]
    fn ancestors_end_with_the_root() {
        let path = RepoPath::new("a/b/c.py").unwrap();
        assert_eq!(path.ancestors().collect::<Vec<_>>(), ["a/b", "a", ""]);
        assert!(path.is_under("a/b") && !path.is_under("a/bc") && path.is_under(""));
    }
}
