//! The digest of a tree's rules and documents.

use std::collections::BTreeSet;
use std::path::Path;

use assize_checks::CONTROLS;
use assize_config::Settings;
use assize_documents::{Digest, Wanted, digest as of};
use assize_guard::controls::GUARDS;
use assize_model::{RepoPath, Severity};
use assize_syntax::Dialect;

use super::documents::{Documents, SECTION_DIGITS, section_hashes, text};

/// A document with its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Text {
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Text {
    /// The texts of all documents; the same text under two names is there once.
    pub(crate) fn of(root: &Path, documents: &Documents) -> Vec<Self> {
        let mut seen = BTreeSet::new();
        let own = documents.all.iter().filter(|one| seen.insert(one.hash.as_str()));
        let read = own.filter_map(|one| {
            let text = text(root, &one.path).ok()?;
            Some(Self { path: one.path.clone(), text })
        });
        read.collect()
    }

    /// A document that rules one folder, such as an `AGENTS.md` below the root, if it is there.
    pub(crate) fn inner(root: &Path, path: &str) -> Option<Self> {
        let text = text(root, path).ok()?;
        Some(Self { path: path.to_owned(), text })
    }
}

/// The digest for paths below the root, or for a session that begins.
pub(crate) fn digest(
    texts: &[Text],
    settings: &Settings,
    paths: &[&str],
    tokens_max: usize,
    rules_hash: &str,
) -> Digest {
    let documents: Vec<assize_documents::Document<'_>> = texts
        .iter()
        .map(|one| assize_documents::Document { path: &one.path, text: &one.text })
        .collect();
    let rules = rules(settings, paths);
    let head = head(texts, paths, rules_hash);
    of(&Wanted { head: &head, rules: &rules, documents: &documents, paths, tokens_max })
}

/// How a digest names the state of the rules that it gives.
pub(crate) fn state_words(rules_hash: &str) -> String {
    format!("state {}", rules_hash.get(..8).unwrap_or(rules_hash))
}

fn head(texts: &[Text], paths: &[&str], rules_hash: &str) -> Vec<String> {
    /// Names beyond these are counted.
    const NAMED: usize = 8;
    let mut names: Vec<&str> = texts.iter().take(NAMED).map(|one| one.path.as_str()).collect();
    let more = format!("{} more", texts.len().saturating_sub(NAMED));
    if texts.len() > NAMED {
        names.push(&more);
    }
    let documents = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    let mut head = vec![
        format!(
            "Assize: the rules of this repository ({}; documents: {documents}).",
            state_words(rules_hash)
        ),
        "Calls and changes are held to them: `assize explain NAME` says what one means.".to_owned(),
    ];
    if paths.is_empty() {
        let more =
            "Before you work on files, `assize preflight PATH..` gives what belongs to them.";
        head.push(more.to_owned());
    } else {
        head.push(format!("For: {}", paths.join(" ")));
    }
    head
}

/// The rules that are active, in one line each: what belongs to the paths first, then the gravest.
fn rules(settings: &Settings, paths: &[&str]) -> Vec<String> {
    let languages: BTreeSet<&str> = paths.iter().filter_map(|path| language(path)).collect();
    let mut found: Vec<(bool, Severity, String)> = Vec::new();
    let path = paths.first().copied().unwrap_or("");
    for control in CONTROLS {
        let Some(severity) = settings.severity(control.name.0, path, control.severity) else {
            continue;
        };
        let close = control.languages.iter().any(|one| languages.contains(one.word()));
        found.push((close, severity, line(control.name.0, severity, control.summary)));
    }
    for guard in GUARDS {
        found.push((false, guard.severity, line(guard.name, guard.severity, guard.summary)));
    }
    for rule in settings.team.iter() {
        let words = rule.languages.iter().any(|one| languages.contains(one.as_str()));
        found.push((
            words || !paths.is_empty(),
            rule.severity,
            line(rule.name.0, rule.severity, &rule.message),
        ));
    }
    // A warning that has nothing to do with what is touched is told when it comes up.
    found.retain(|(close, severity, _)| *close || *severity >= Severity::Error);
    found.sort_by_key(|(close, severity, _)| (!*close, std::cmp::Reverse(*severity)));
    found.into_iter().map(|(_, _, line)| line).collect()
}

fn line(name: &str, severity: Severity, summary: &str) -> String {
    format!("- {name} ({}): {}", severity.word(), summary.replace('\n', " "))
}

fn language(path: &str) -> Option<&'static str> {
    let path = RepoPath::new(path).ok()?;
    Some(Dialect::of(&path, "").language().word())
}

/// The lines of a document's sections that are not among those that somebody knows, each with its
/// place, up to a bound in bytes.
pub(crate) fn passage_lines(text: &Text, known: &str, bytes_max: usize) -> Vec<String> {
    let known: BTreeSet<&str> = (0..known.len() / SECTION_DIGITS)
        .filter_map(|at| known.get(at * SECTION_DIGITS..(at + 1) * SECTION_DIGITS))
        .collect();
    let sections = assize_documents::outline(&text.text);
    let hashes = section_hashes(&text.text);
    let mut found = Vec::new();
    let mut left = bytes_max;
    for (section, _) in sections.iter().zip(&hashes).filter(|(_, it)| !known.contains(it.as_str()))
    {
        for (number, line) in (1_u32..).zip(text.text.lines()) {
            let within = (section.first..=section.last).contains(&number);
            if !within || line.trim().is_empty() {
                continue;
            }
            let line = format!("{}:{number} {}", text.path, line.trim_end());
            let Some(rest) = left.checked_sub(line.len() + 1) else { return found };
            left = rest;
            found.push(line);
        }
    }
    found
}
