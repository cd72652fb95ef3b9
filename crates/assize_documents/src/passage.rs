//! Which sections of documents belong to paths.
//!
//! A section belongs to a path because it names it, a folder above it or a pattern that fits it, or
//! because its heading says what the path is: `Database migrations` is about `db/migrations/1.sql`.
//! What belongs to a path by nothing of this is left out: a digest of everything is read by nobody.

use std::collections::BTreeSet;

use crate::glob::fits;
use crate::outline::{Section, lines, outline};

/// Names of paths in one document, of which each is held against each path.
const MENTIONS_MAX: usize = 4_000;
/// One question is about so many paths.
const PATHS_MAX: usize = 64;

/// The weight of a section that names the path itself.
const NAMED: u32 = 100;
/// Of one that names a pattern.
const PATTERN: u32 = 60;
/// Of one that names the folder, and for each further folder that it is deep.
const FOLDER: u32 = 30;
const DEEPER: u32 = 10;
/// Of each word of the heading.
const WORD: u32 = 25;
/// Of a document that is written for such paths as a whole.
const SCOPE: u32 = 40;

/// A document at its place below the root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Document<'a> {
    pub path: &'a str,
    pub text: &'a str,
}

/// A section that belongs to the paths that were asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Passage<'a> {
    /// Of the document.
    pub path: &'a str,
    /// Without its marks; empty for what stands before the first heading.
    pub heading: &'a str,
    /// Its lines, from one on, both ends included.
    pub first: u32,
    pub last: u32,
    /// The larger, the closer.
    pub weight: u32,
}

/// The sections that belong to any of the paths, the closest first. The order is the same for the
/// same texts.
pub fn passages<'a>(documents: &[Document<'a>], paths: &[&str]) -> Vec<Passage<'a>> {
    let mut found = Vec::new();
    for document in documents {
        let subjects: Vec<Subject<'_>> =
            paths.iter().take(PATHS_MAX).map(|path| Subject::of(path)).collect();
        of_document(document, &subjects, &mut found);
    }
    // Sections of the same weight stay in the order of the documents.
    found.sort_by_key(|passage| std::cmp::Reverse(passage.weight));
    found
}

fn of_document<'a>(
    document: &Document<'a>,
    subjects: &[Subject<'_>],
    found: &mut Vec<Passage<'a>>,
) {
    let sections = outline(document.text);
    let scope = scope(document, subjects);
    let Some(scope) = scope else { return };
    let mentions = mentions(document.text, &sections);
    let by_heading: Vec<u32> = sections
        .iter()
        .map(|section| {
            let words = words(section.heading);
            subjects.iter().map(|subject| subject.shares(&words)).max().unwrap_or(0)
        })
        .collect();
    for (at, section) in sections.iter().enumerate() {
        let named = mentions.iter().filter(|(of, _)| *of == at).map(|(_, word)| {
            subjects.iter().map(|subject| subject.named_by(word)).max().unwrap_or(0)
        });
        let heading = by_heading.get(at).copied().unwrap_or(0);
        // What a heading says of its section, it says a little of those within.
        let above = section.parent.and_then(|parent| by_heading.get(parent)).map_or(0, |it| it / 2);
        let weight = named.max().unwrap_or(0) + heading.max(above) + scope;
        if weight > 0 && section.last >= section.first {
            let Section { heading, first, last, .. } = *section;
            found.push(Passage { path: document.path, heading, first, last, weight });
        }
    }
}

/// What a document as a whole has to do with the paths: nothing where it is written for others by
/// its own words.
fn scope(document: &Document<'_>, subjects: &[Subject<'_>]) -> Option<u32> {
    let patterns = patterns(document.text);
    if !patterns.is_empty() {
        let meant = |subject: &Subject<'_>| patterns.iter().any(|one| fits(one, subject.path));
        return subjects.iter().any(meant).then_some(SCOPE);
    }
    let folder = document.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let hidden = folder.is_empty() || folder.starts_with('.') || folder.contains("/.");
    let below = |subject: &Subject<'_>| {
        subject.path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
    };
    let own = !hidden && subjects.iter().any(below);
    Some(if own { SCOPE } else { 0 })
}

/// The patterns of paths for which a document is written, as its front matter says: `globs` of
/// Cursor, `applyTo` of Copilot.
fn patterns(text: &str) -> Vec<&str> {
    let mut front = text.lines();
    if front.next().map(str::trim_end) != Some("---") {
        return Vec::new();
    }
    let mut found = Vec::new();
    for line in front.take(100).take_while(|line| !matches!(line.trim_end(), "---" | "...")) {
        let Some((key, value)) = line.split_once(':') else { continue };
        match key.trim() {
            "globs" | "applyTo" => {
                let whole = value.trim().trim_matches(['[', ']', '"', '\'']);
                let each = whole.split(',').map(|one| one.trim().trim_matches(['"', '\'']));
                found.extend(each.filter(|one| !one.is_empty()));
            }
            "alwaysApply" if value.trim() == "true" => return Vec::new(),
            _ => {}
        }
    }
    found
}

/// A path, with the words that say what it is.
struct Subject<'a> {
    path: &'a str,
    words: BTreeSet<String>,
}

impl<'a> Subject<'a> {
    fn of(path: &'a str) -> Self {
        let path = path.trim_start_matches("./").trim_end_matches('/');
        let mut words = words(path);
        let name = path.rsplit('/').next().unwrap_or(path);
        for (marks, meant) in KINDS {
            if marks.iter().any(|mark| is_marked(path, name, mark)) {
                words.extend(meant.iter().map(|word| (*word).to_owned()));
            }
        }
        Self { path, words }
    }

    fn shares(&self, heading: &BTreeSet<String>) -> u32 {
        let shared = self.words.intersection(heading).count().min(3);
        u32::try_from(shared).unwrap_or(0) * WORD
    }

    /// How closely a word of the text names the path.
    fn named_by(&self, word: &str) -> u32 {
        let word = word.trim_start_matches("./");
        let above = word.strip_prefix('/');
        if word == self.path || above.is_some_and(|word| ends_with(word, self.path)) {
            return NAMED;
        }
        if word.contains('*') {
            return if fits(word, self.path) { PATTERN } else { 0 };
        }
        let folder = word.trim_start_matches('/').trim_end_matches('/');
        let depth = folder.split('/').count();
        let is_folder = word.ends_with('/') || depth > 1;
        if is_folder && self.path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')) {
            return FOLDER + DEEPER * u32::try_from(depth.min(6)).unwrap_or(0);
        }
        let name = self.path.rsplit('/').next();
        let is_name = word.contains('.') || word.starts_with(|it: char| it.is_ascii_uppercase());
        if is_name && name == Some(word) { PATTERN } else { 0 }
    }
}

fn ends_with(word: &str, path: &str) -> bool {
    word == path || word.strip_suffix(path).is_some_and(|before| before.ends_with('/'))
}

/// What the kind of a file is called in headings.
const KINDS: [(&[&str], &[&str]); 16] = [
    (&[".py", ".pyi"], &["python"]),
    (&[".rs"], &["rust"]),
    (&[".go"], &["golang"]),
    (&[".ts", ".tsx"], &["typescript", "javascript"]),
    (&[".js", ".jsx", ".mjs", ".cjs"], &["javascript"]),
    (&[".tsx", ".jsx", ".vue", ".svelte", ".css", ".scss"], &["frontend"]),
    (&[".java"], &["java"]),
    (&[".cs"], &["csharp"]),
    (&[".sh", ".bash"], &["shell", "script"]),
    (&[".sql", "migrations/", "alembic/"], &["sql", "database", "migration"]),
    (&["Dockerfile", ".dockerfile", "docker-compose", "compose."], &["docker", "container"]),
    (&[".github/workflows/", ".gitlab-ci"], &["workflow", "pipeline", "ci"]),
    (&["tests/", "test/", "test_", "_test.", ".test.", ".spec."], &["test", "testing"]),
    (&["routes/", "routers/", "api/", "controllers/"], &["api", "route", "endpoint"]),
    (&[".md", ".rst", ".adoc"], &["documentation"]),
    (&[".mcp.json"], &["mcp"]),
];

/// Whether a path is of a kind: by a folder, by its ending, or by its name.
fn is_marked(path: &str, name: &str, mark: &str) -> bool {
    if mark.ends_with('/') {
        return path.starts_with(mark) || path.contains(&format!("/{mark}"));
    }
    if mark.ends_with('.') && mark.starts_with(['_', '.']) {
        return name.contains(mark);
    }
    if mark.starts_with('.') { name.ends_with(mark) } else { name.starts_with(mark) }
}

/// Words that say nothing of a path.
const PLAIN: [&str; 26] = [
    "and", "app", "apps", "are", "code", "common", "core", "file", "for", "from", "general",
    "index", "init", "lib", "main", "mod", "new", "not", "project", "rule", "src", "the", "use",
    "util", "with", "you",
];

/// The words of a heading or a path, in small letters and the singular.
fn words(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut word = String::new();
    let mut was_small = false;
    for letter in text.chars().chain(std::iter::once(' ')) {
        let starts = letter.is_uppercase() && was_small;
        if (!letter.is_alphanumeric() || starts) && !word.is_empty() {
            take(&mut word, &mut found);
        }
        if letter.is_alphanumeric() {
            word.extend(letter.to_lowercase());
        }
        was_small = letter.is_lowercase();
    }
    found
}

fn take(word: &mut String, found: &mut BTreeSet<String>) {
    let whole = std::mem::take(word);
    let single = match whole.strip_suffix("ies") {
        Some(stem) if stem.len() >= 3 => format!("{stem}y"),
        _ if whole.len() > 3 && !whole.ends_with("ss") => {
            whole.strip_suffix('s').unwrap_or(&whole).to_owned()
        }
        _ => whole,
    };
    let says = single.len() >= 3 || single == "ci";
    let number = single.bytes().all(|byte| byte.is_ascii_digit());
    if says && !number && !PLAIN.contains(&single.as_str()) {
        found.insert(single);
    }
}

/// The words of a text that look like paths, each with its section.
fn mentions<'a>(text: &'a str, sections: &[Section<'_>]) -> Vec<(usize, &'a str)> {
    let mut found = Vec::new();
    let mut at = 0;
    for line in lines(text) {
        while sections.get(at).is_some_and(|section| line.number > section.last)
            && sections.get(at + 1).is_some_and(|next| line.number >= next.first)
        {
            at += 1;
        }
        for word in line.text.split(|letter: char| is_around(letter)) {
            let word = word.trim_end_matches(['.', ':', '!', '?']);
            if is_path(word) && found.len() < MENTIONS_MAX {
                found.push((at, word));
            }
        }
    }
    found
}

fn is_around(letter: char) -> bool {
    letter.is_whitespace() || "()\"'`,;<>|=".contains(letter)
}

/// Whether a word may name a path: it has a slash, a star or an ending, or is a known name.
fn is_path(word: &str) -> bool {
    let plain = |letter: char| letter.is_alphanumeric() || "/._-*@+{}[]~".contains(letter);
    let shaped = word.contains('/') || word.contains("*.") || has_ending(word);
    let known = matches!(word, "Dockerfile" | "Makefile" | "Jenkinsfile" | "Justfile");
    word.len() > 2 && !word.contains("://") && word.chars().all(plain) && (shaped || known)
}

fn has_ending(word: &str) -> bool {
    word.rsplit_once('.').is_some_and(|(stem, ending)| {
        !stem.is_empty()
            && (1..=6).contains(&ending.len())
            && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && ending.bytes().any(|byte| byte.is_ascii_alphabetic())
    })
}

#[cfg(test)]
mod tests;
