//! What git is asked about its list, apart from the list itself.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io::Write as _;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};

use crate::git::Git;

/// Files of git's own folder on which a list rests.
const OWN: [&str; 5] =
    ["index", "info/exclude", "config", "config.worktree", "info/sparse-checkout"];

/// Settings with which names alone do not decide.
const INTRICATE: [&str; 3] = ["core.ignorecase", "core.precomposeunicode", "core.sparsecheckout"];

/// On what a list rests apart from the tree's own folders.
#[derive(Debug)]
pub(super) struct Ground {
    pub(super) paths: Vec<PathBuf>,
    /// Names that differ are the same to git, or what lies on disk decides what it tracks.
    pub(super) intricate: bool,
}

impl Git {
    /// Which of these names git's rules ignore, whether it tracks them or not.
    ///
    /// A folder is not asked about with a slash behind it: then the rules in it would count.
    pub(super) fn ignored(&self, folder: &Path, paths: &[PathBuf]) -> Option<BTreeSet<PathBuf>> {
        if paths.is_empty() {
            return Some(BTreeSet::new());
        }
        let mut asked = Vec::new();
        for path in paths {
            // No name is taken for a pattern then.
            asked.extend_from_slice(b"./");
            asked.extend_from_slice(path.as_os_str().as_bytes());
            asked.push(0);
        }
        let mut input = tempfile::tempfile().ok()?;
        input.write_all(&asked).ok()?;
        std::io::Seek::rewind(&mut input).ok()?;
        let mut command = self.at(folder).bare();
        // With the pattern, for some versions call a name ignored that a pattern lets in.
        command.args(["check-ignore", "--no-index", "--verbose", "-z", "--stdin"]).stdin(input);
        let output = command.output().ok()?;
        // 1: none of them.
        if !matches!(output.status.code(), Some(0 | 1)) || !output.stderr.is_empty() {
            return None;
        }
        Some(ruled_out(&output.stdout))
    }

    /// The files apart from the tree's own on which the list below a folder rests.
    pub(super) fn ground(&self, folder: &Path) -> Option<Ground> {
        let home = PathBuf::from(std::env::var_os("HOME")?);
        let named = std::env::var_os("XDG_CONFIG_HOME").filter(|name| !name.is_empty());
        let user = named.map_or_else(|| home.join(".config"), PathBuf::from).join("git");
        let mut paths = vec![
            PathBuf::from("/etc/gitconfig"),
            home.join(".gitconfig"),
            user.join("config"),
            user.join("ignore"),
        ];
        paths.extend(self.own_paths()?);
        let mut intricate = false;
        let listed = self.run(&["config", "--list", "--show-origin", "-z"]).ok()?.stdout;
        for part in listed.split(|byte| *byte == 0) {
            intricate |= INTRICATE.iter().any(|name| is_on(part, name.as_bytes()));
            if let Some(origin) = part.strip_prefix(b"file:") {
                paths.push(self.top().join(OsString::from_vec(origin.to_vec())));
            } else if let Some(excludes) = part.strip_prefix(b"core.excludesfile\n") {
                let path = match excludes.strip_prefix(b"~/") {
                    Some(rest) => home.join(OsString::from_vec(rest.to_vec())),
                    None => self.top().join(OsString::from_vec(excludes.to_vec())),
                };
                paths.push(path);
            }
        }
        let above = folder.ancestors().skip(1).take_while(|above| above.starts_with(self.top()));
        paths.extend(above.map(|above| above.join(".gitignore")));
        Some(Ground { paths, intricate })
    }

    /// Where this work tree's own files lie; asked at once, unless a name has more than one line.
    fn own_paths(&self) -> Option<Vec<PathBuf>> {
        let path = |line: &[u8]| self.top().join(OsString::from_vec(line.to_vec()));
        let ask = |names: &[&str]| {
            let mut arguments = vec!["rev-parse"];
            arguments.extend(names.iter().flat_map(|name| ["--git-path", name]));
            Some(self.run(&arguments).ok()?.stdout)
        };
        let all = ask(&OWN)?;
        let lines: Vec<&[u8]> = all.strip_suffix(b"\n")?.split(|byte| *byte == b'\n').collect();
        if lines.len() == OWN.len() {
            return Some(lines.into_iter().map(path).collect());
        }
        OWN.iter().map(|name| Some(path(ask(&[name])?.strip_suffix(b"\n")?))).collect()
    }
}

/// Whether a part of git's settings, `name`, line break, value, switches a setting on.
fn is_on(part: &[u8], name: &[u8]) -> bool {
    match part.strip_prefix(name) {
        Some([]) => true,
        Some([b'\n', value @ ..]) => {
            let off = ["false", "no", "off", "0", ""];
            !off.iter().any(|off| value.eq_ignore_ascii_case(off.as_bytes()))
        }
        _ => false,
    }
}

/// The names in git's answer whose last fitting pattern does not let them in again.
fn ruled_out(answer: &[u8]) -> BTreeSet<PathBuf> {
    let parts: Vec<&[u8]> = answer.split(|byte| *byte == 0).collect();
    let mut names = BTreeSet::new();
    for record in parts.chunks_exact(4) {
        let [_source, _line, pattern, name] = record else { continue };
        if !pattern.starts_with(b"!") {
            let name = name.strip_prefix(b"./").unwrap_or(name);
            names.insert(PathBuf::from(OsString::from_vec(name.to_vec())));
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{is_on, ruled_out};

    #[test]
    fn a_pattern_that_lets_in_rules_nothing_out() {
        let answer = b".gitignore\x001\0*.log\0./a b.log\0.gitignore\x002\0!x\0./x\0";
        let names = ruled_out(answer);
        assert!(names.len() == 1 && names.contains(Path::new("a b.log")));
    }

    #[test]
    fn a_setting_is_on_unless_it_says_otherwise() {
        let on: [&[u8]; 3] = [b"core.x", b"core.x\ntrue", b"core.x\n1"];
        assert!(on.iter().all(|part| is_on(part, b"core.x")));
        let off: [&[u8]; 4] = [b"core.x\nFalse", b"core.x\n", b"core.xy\ntrue", b"file:core.x"];
        assert!(!off.iter().any(|part| is_on(part, b"core.x")));
    }
}
