//! Scratch copies of checkouts: which files qualify for a planting, and changes that can be undone.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use globset::GlobBuilder;
use regex::Regex;

use super::shape::Shape;
use super::source::{Scanned, Syntax};
use crate::assize::{self, Finding};
use crate::{process, workspace};

/// Files above this size are not planted into.
const BYTES_MAX: u64 = 200_000;

/// A scratch copy of a checkout.
#[derive(Debug)]
pub(crate) struct Checkout {
    pub(crate) name: String,
    pub(crate) folder: PathBuf,
    /// The texts of its tracked files.
    texts: BTreeMap<String, String>,
    /// What is found in it as it is.
    pub(crate) findings: Vec<Finding>,
    /// Controls that have nothing to speak of in it.
    mute: BTreeSet<String>,
    /// Files that some other file imports by a path that names them.
    imported: BTreeSet<String>,
}

/// What a file held before it was changed; `None`: it was not there.
pub(crate) type Undo = Vec<(String, Option<Vec<u8>>)>;

impl Checkout {
    /// Copies a checkout, its repository and all, and runs the program on it once.
    pub(crate) fn copy(origin: &Path, scratch: &Path, program: &Path) -> Result<Self> {
        let origin = origin.canonicalize().with_context(|| format!("no {}", origin.display()))?;
        let name =
            origin.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        let folder = scratch.join(&name);
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(scratch)?;
        process::run(Command::new("cp").arg("-a").arg(&origin).arg(&folder))?;
        if !folder.join(".git").exists() {
            commit_all(&folder)?;
        }
        let mut texts = BTreeMap::new();
        for path in workspace::listed(&folder, &["ls-files", "-z"])? {
            let file = folder.join(&path);
            let about = fs::symlink_metadata(&file)?;
            if !about.is_file() || about.len() > BYTES_MAX {
                continue;
            }
            if let Ok(text) = fs::read_to_string(&file) {
                texts.insert(path, text);
            }
        }
        let report = assize::check(program, &folder)?;
        let imported = imported(&texts)?;
        Ok(Self { name, folder, texts, findings: report.findings, mute: report.mute, imported })
    }

    /// Whether a control does not apply to it.
    pub(crate) fn is_mute(&self, control: &str) -> bool {
        self.mute.contains(control)
    }

    pub(crate) fn text(&self, path: &str) -> &str {
        self.texts.get(path).map_or("", String::as_str)
    }

    /// The files that a shape can be planted into, in order of path.
    pub(crate) fn qualifying(&self, shape: &Shape) -> Result<Vec<&str>> {
        let mut globs = Vec::new();
        for glob in &shape.files {
            globs.push(GlobBuilder::new(glob).literal_separator(true).build()?.compile_matcher());
        }
        let mut found = Vec::new();
        for (path, text) in &self.texts {
            if globs.iter().any(|glob| glob.is_match(path))
                && (shape.class == "any" || class(path, text) == shape.class)
                && !self.is_spoilt(path, shape)
                && self.has_what_it_needs(path, text, shape)?
            {
                found.push(path.as_str());
            }
        }
        Ok(found)
    }

    /// Whether the file has a finding that would hide or be taken for a planted one.
    fn is_spoilt(&self, path: &str, shape: &Shape) -> bool {
        self.findings.iter().any(|finding| {
            finding.path == path
                && (finding.control == "syntax-parse"
                    || shape.short && finding.control == shape.control)
        })
    }

    fn has_what_it_needs(&self, path: &str, text: &str, shape: &Shape) -> Result<bool> {
        for need in &shape.needs {
            let there = match need.split_once(':') {
                Some(("lines", count)) => text.lines().count() >= count.parse()?,
                _ if need == "function" => has_function(path, text)?,
                _ if need == "imported" => self.imported.contains(path),
                _ => anyhow::bail!("{}: an unknown need `{need}`", shape.id),
            };
            if !there {
                return Ok(false);
            }
        }
        let Some(pattern) = &shape.matching else { return Ok(!text.trim().is_empty()) };
        if shape.short && !text.starts_with("---\n") {
            return Ok(false);
        }
        let pattern = Regex::new(pattern)?;
        Ok(text.lines().any(|line| pattern.is_match(line)))
    }

    /// Whether git would not see a new file at this path.
    pub(crate) fn ignores(&self, path: &str) -> Result<bool> {
        let mut git = Command::new("git");
        git.current_dir(&self.folder).args(["check-ignore", "--quiet", "--", path]);
        Ok(process::finished(&mut git)?.status.code() == Some(0))
    }

    pub(crate) fn holds(&self, path: &str) -> bool {
        self.folder.join(path).exists()
    }

    /// Writes or deletes a file and says how to undo it.
    pub(crate) fn put(&self, path: &str, text: Option<&str>, undo: &mut Undo) -> Result<()> {
        let file = self.folder.join(path);
        undo.push((path.to_owned(), fs::read(&file).ok()));
        match text {
            Some(text) => {
                if let Some(above) = file.parent() {
                    fs::create_dir_all(above)?;
                }
                fs::write(&file, text).with_context(|| format!("cannot write {path}"))
            }
            None => fs::remove_file(&file).with_context(|| format!("cannot delete {path}")),
        }
    }

    pub(crate) fn undo(&self, undo: Undo) -> Result<()> {
        for (path, bytes) in undo.into_iter().rev() {
            let file = self.folder.join(&path);
            match bytes {
                Some(bytes) => {
                    if let Some(above) = file.parent() {
                        fs::create_dir_all(above)?;
                    }
                    fs::write(&file, bytes)?;
                }
                None => {
                    if file.exists() {
                        fs::remove_file(&file)?;
                    }
                    self.remove_empty_folders(&path);
                }
            }
        }
        Ok(())
    }

    fn remove_empty_folders(&self, path: &str) {
        let mut folder = path;
        while let Some((above, _)) = folder.rsplit_once('/') {
            folder = above;
            if fs::remove_dir(self.folder.join(folder)).is_err() {
                return;
            }
        }
    }
}

/// Makes a folder a repository with one commit.
pub(crate) fn commit_all(folder: &Path) -> Result<()> {
    let git = |arguments: &[&str]| {
        let mut git = Command::new("git");
        git.current_dir(folder).args(["-c", "user.name=xtask", "-c", "user.email=xtask@localhost"]);
        process::output(git.args(arguments)).map(|_| ())
    };
    git(&["init", "--quiet"])?;
    git(&["add", "--all"])?;
    git(&["commit", "--quiet", "--no-verify", "--no-gpg-sign", "--message", "as it is"])
}

/// The class of a file, told from its path and head alone, and rather too narrow: what is doubtful
/// is `other`, and nothing is planted there.
fn class(path: &str, text: &str) -> &'static str {
    const NOT_OURS: [&str; 37] = [
        "test",
        "tests",
        "__tests__",
        "spec",
        "specs",
        "e2e",
        "testdata",
        "fixtures",
        "testing",
        "example",
        "examples",
        "sample",
        "samples",
        "demo",
        "demos",
        "vendor",
        "vendored",
        "third_party",
        "node_modules",
        "site-packages",
        "dist",
        "build",
        "out",
        "target",
        "archive",
        "backup",
        "backups",
        "old",
        "generated",
        "gen",
        "migrations",
        "alembic",
        "mocks",
        "__mocks__",
        "templates",
        "validators",
        "enforcement",
    ];
    let lower = path.to_ascii_lowercase();
    let name = lower.rsplit('/').next().unwrap_or(&lower);
    let foreign = lower.split('/').any(|part| {
        NOT_OURS.contains(&part) || part.ends_with("_backup") || part.contains("archive")
    });
    let marked = ["test", "spec.", ".min.", "_pb", ".gen.", "mock", "conftest", "rules"]
        .iter()
        .any(|mark| name.contains(mark));
    let head: String = text.lines().take(10).collect::<Vec<_>>().join("\n").to_ascii_lowercase();
    let made = ["generated", "do not edit"].iter().any(|mark| head.contains(mark));
    let folder_of_tool = lower.starts_with('.') && !lower.starts_with(".github/");
    if foreign || marked || made || folder_of_tool {
        "other"
    } else if name.ends_with(".md") {
        "doc"
    } else if lower.starts_with("docs/") {
        "other"
    } else {
        "production"
    }
}

fn has_function(path: &str, text: &str) -> Result<bool> {
    if path.ends_with(".py") {
        return Ok(!Scanned::new(text, Syntax::Python).bodies().is_empty());
    }
    Ok(Regex::new(r"(?m)^(export )?(default )?(async )?function \w+.*\{$|=> \{$")?.is_match(text))
}

/// The files that another file imports by a path that can mean no other file.
fn imported(texts: &BTreeMap<String, String>) -> Result<BTreeSet<String>> {
    let python = Regex::new(r"(?m)^from (\.?)([\w.]+) import ")?;
    let script = Regex::new(r#"(?m)^import .*from ["'](\.{1,2}/[^"']+)["'];?$"#)?;
    let mut found = BTreeSet::new();
    for (path, text) in texts {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        if path.ends_with(".py") {
            for import in python.captures_iter(text) {
                let module = import[2].replace('.', "/");
                if &import[1] == "." {
                    keep(&mut found, texts, &join(folder, &format!("{module}.py")));
                } else if module.contains('/') {
                    // From any folder above, as long as only one file fits.
                    let tail = format!("/{module}.py");
                    let own = format!("{module}.py");
                    let mut fits =
                        texts.keys().filter(|file| **file == own || file.ends_with(&tail));
                    if let (Some(only), None) = (fits.next(), fits.next()) {
                        found.insert(only.clone());
                    }
                }
            }
        } else if [".ts", ".tsx", ".js", ".jsx"].iter().any(|ending| path.ends_with(ending)) {
            for import in script.captures_iter(text) {
                let base = normal(folder, &import[1]);
                for ending in [".ts", ".tsx"] {
                    keep(&mut found, texts, &format!("{base}{ending}"));
                }
            }
        }
    }
    Ok(found)
}

fn keep(found: &mut BTreeSet<String>, texts: &BTreeMap<String, String>, path: &str) {
    if texts.contains_key(path) {
        found.insert(path.to_owned());
    }
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

fn normal(folder: &str, relative: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in relative.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    parts.join("/")
}
