//! Test support: fixtures, scratch trees in memory, and the door that runs a control on them.
//!
//! A fixture is one text file that holds a small tree:
//!
//! ```text
//! Any words before the first header say what the fixture is about.
//! -- backend/app.py --
//! import nothing_declares_this
//! -- raw.py (escaped) --
//! a line with \r\n and \xFF bytes
//! -- current (link) --
//! releases/7
//! -- run.sh (executable) --
//! #!/bin/sh
//! -- expect --
//! backend/app.py:1 undeclared
//! ```
//!
//! Each line of `expect` is `path:line code`: exactly these findings of the control, no others.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use assize_checks::{CONTROLS, Hints, Intake, Pass, TeamRules, check_all, index_text_by};
use assize_config::{ConfigFile, ControlEntry, ControlTable, Date, Settings, TeamRule};
use assize_index::{
    Classifier, FileStamp, Head, IndexedFile, Overlay, Snapshot, SnapshotWriter, View,
};
use assize_model::RepoPath;
use assize_syntax::FileFlags;

/// The day on which all tests take place.
pub const TODAY: Date = Date { year: 2026, month: 11, day: 23 };

/// The tag under which test snapshots are written.
pub const TAG: [u8; 32] = [7; 32];

/// A tree of files in memory.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    pub files: BTreeMap<String, Vec<u8>>,
    /// Which of them are symbolic links; their bytes are where they lead.
    pub links: BTreeSet<String>,
    /// Which of them may be run.
    pub executables: BTreeSet<String>,
    /// What a fixture expects: path, line, code.
    pub expected: Vec<(String, u32, String)>,
    /// A team's own rules, by which the tree is read.
    pub team: Arc<[TeamRule]>,
}

impl Tree {
    /// Reads the fixture format.
    ///
    /// # Panics
    /// The text is no fixture.
    pub fn parse(text: &str) -> Self {
        let mut tree = Self::default();
        let mut current: Option<(String, bool)> = None;
        let mut body = String::new();
        for line in text.split_inclusive('\n') {
            if let Some(name) = header(line) {
                tree.close(current.take(), &body);
                body.clear();
                current = Some(match name.strip_suffix(" (escaped)") {
                    Some(name) => (name.to_owned(), true),
                    None => (name.to_owned(), false),
                });
            } else {
                body.push_str(line);
            }
        }
        tree.close(current, &body);
        tree
    }

    fn close(&mut self, open: Option<(String, bool)>, body: &str) {
        match open {
            None => {}
            Some((name, _)) if name == "expect" => {
                self.expected =
                    body.lines().filter(|l| !l.trim().is_empty()).map(expected).collect();
                self.expected.sort();
            }
            Some((name, escaped)) => {
                let name = match name.strip_suffix(" (executable)") {
                    Some(name) => {
                        self.executables.insert(name.to_owned());
                        name.to_owned()
                    }
                    None => name,
                };
                let (name, body) = match name.strip_suffix(" (link)") {
                    Some(link) => {
                        self.links.insert(link.to_owned());
                        (link.to_owned(), body.trim_end())
                    }
                    None => (name, body),
                };
                let bytes = if escaped { unescape(body) } else { body.as_bytes().to_vec() };
                self.files.insert(name, bytes);
            }
        }
    }

    /// The files as the index takes them in.
    pub fn indexed(&self) -> Vec<IndexedFile> {
        let paths: Vec<RepoPath> = self.files.keys().map(|p| RepoPath::new(p).unwrap()).collect();
        let mentions: Vec<String> = paths
            .iter()
            .filter(|path| Classifier::mentions_folders(path))
            .map(|path| String::from_utf8_lossy(&self.files[path.as_str()]).into_owned())
            .collect();
        let mentions: Vec<&str> = mentions.iter().map(String::as_str).collect();
        let attributes = self.files.get(Classifier::ATTRIBUTES);
        let attributes = attributes.map(|bytes| String::from_utf8_lossy(bytes).into_owned());
        let classifier = Classifier::new(paths.iter(), || mentions, attributes.as_deref());
        let settings = self.settings();
        let rules = TeamRules::known(Arc::clone(&self.team));
        let intake = Intake { meter: None, rules: Some(&rules) };
        self.files
            .iter()
            .map(|(path, bytes)| {
                let path = RepoPath::new(path).unwrap();
                let head = String::from_utf8_lossy(&bytes[..bytes.len().min(2048)]).into_owned();
                let class = settings
                    .classes
                    .class(path.as_str())
                    .unwrap_or_else(|| classifier.class(&path, Head::of(&head), true));
                let link = if self.links.contains(path.as_str()) { FileFlags::LINK } else { 0 };
                let can_run = self.executables.contains(path.as_str());
                let can_run = if can_run { FileFlags::EXECUTABLE } else { 0 };
                let flags = FileFlags::TRACKED | link | can_run;
                index_text_by(&intake, &path, class, bytes, FileStamp::default(), flags)
            })
            .collect()
    }

    /// A snapshot of the whole tree.
    pub fn snapshot(&self) -> Snapshot {
        let files = self.indexed();
        let bytes = SnapshotWriter::write(files.iter().map(Into::into).collect(), &TAG).unwrap();
        Snapshot::open(Box::new(bytes), &TAG).unwrap()
    }

    /// The settings: what the tree's `assize.toml` says, or none.
    ///
    /// # Panics
    /// A configuration of the tree is wrong.
    pub fn settings(&self) -> Settings {
        let texts: Vec<(RepoPath, String)> = self
            .files
            .iter()
            .filter(|(path, _)| path.rsplit('/').next() == Some("assize.toml"))
            .map(|(path, bytes)| {
                (RepoPath::new(path).unwrap(), String::from_utf8(bytes.clone()).unwrap())
            })
            .collect();
        let files: Vec<ConfigFile<'_>> = texts
            .iter()
            .map(|(path, text)| ConfigFile { folder: path.folder(), path: path.as_str(), text })
            .collect();
        let controls = ControlTable::new(CONTROLS.iter().map(|control| ControlEntry {
            name: control.name.0,
            severity: control.severity,
            options: control.options,
        }));
        let mut settings = Settings::load(&files, &controls, TODAY).unwrap();
        settings.team = Arc::clone(&self.team);
        settings
    }

    /// The result of a whole pass over the tree.
    pub fn check(&self) -> Pass {
        let snapshot = self.snapshot();
        let overlay = Overlay::new();
        check_all(View::new(&snapshot, &overlay), &self.settings(), Hints::Given)
    }
}

fn header(line: &str) -> Option<&str> {
    line.trim_end().strip_prefix("-- ")?.strip_suffix(" --")
}

fn expected(line: &str) -> (String, u32, String) {
    let (place, code) = line.trim().split_once(' ').expect("`path:line code`");
    let (path, line) = place.rsplit_once(':').expect("`path:line code`");
    (path.to_owned(), line.parse().expect("a line number"), code.trim().to_owned())
}

fn unescape(body: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut bytes = body.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        match bytes.next() {
            Some(b'r') => out.push(b'\r'),
            Some(b'n') => out.push(b'\n'),
            Some(b't') => out.push(b'\t'),
            Some(b'x') => {
                let hex: String = bytes.by_ref().take(2).map(char::from).collect();
                out.push(u8::from_str_radix(&hex, 16).expect("two hexadecimal digits"));
            }
            Some(other) => out.push(other),
            None => {}
        }
    }
    out
}

/// Runs one control over one fixture and describes what differs from its expectation.
///
/// # Errors
/// The findings of the control differ from the expected ones.
pub fn compare(control: &str, tree: &Tree) -> Result<(), String> {
    let pass = tree.check();
    let mut found: Vec<(String, u32, String)> = pass
        .findings
        .iter()
        .filter(|finding| finding.control.0 == control)
        .map(|f| (f.path.as_str().to_owned(), f.place.line, f.code.clone()))
        .collect();
    found.sort();
    if found == tree.expected {
        return Ok(());
    }
    let mut out = String::new();
    for missing in tree.expected.iter().filter(|one| !found.contains(one)) {
        let _ = writeln!(out, "  missing    {}:{} {}", missing.0, missing.1, missing.2);
    }
    for extra in found.iter().filter(|one| !tree.expected.contains(one)) {
        let words = pass
            .findings
            .iter()
            .find(|f| f.path.as_str() == extra.0 && f.place.line == extra.1 && f.code == extra.2)
            .map_or("", |finding| finding.message.as_str());
        let _ = writeln!(out, "  unexpected {}:{} {}: {words}", extra.0, extra.1, extra.2);
    }
    if out.is_empty() {
        let _ = writeln!(out, "  the counts differ: expected {:?}, found {found:?}", tree.expected);
    }
    Err(out)
}

/// The fixtures below a control's folder: (file, language folder, whether it is a bad one, tree).
pub fn fixtures(folder: &Path) -> Vec<(String, String, bool, Tree)> {
    let mut found = Vec::new();
    for (side, bad) in [("bad", true), ("good", false)] {
        let Ok(languages) = std::fs::read_dir(folder.join("fixtures").join(side)) else { continue };
        for language in languages.flatten() {
            let name = language.file_name().to_string_lossy().into_owned();
            let Ok(files) = std::fs::read_dir(language.path()) else { continue };
            for file in files.flatten() {
                let text = std::fs::read_to_string(file.path()).expect("a fixture is UTF-8");
                let shown = format!("{side}/{name}/{}", file.file_name().to_string_lossy());
                found.push((shown, name.clone(), bad, Tree::parse(&text)));
            }
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}
