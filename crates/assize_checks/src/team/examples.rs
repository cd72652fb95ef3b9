//! The examples of a rule: it finds what it must, and nothing in what it must not.

use assize_config::{Mistake, Said, TeamRule, Wanted};
use assize_model::{FileClass, LineIndex, RepoPath};
use assize_syntax::Dialect;

use super::ready::Ready;
use super::{Page, files, in_tree, needs_tree, text};

/// What an example comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Holds,
    /// It must be found and is not.
    NotFound,
    /// It must not be found and is.
    Found,
    /// It could not be read.
    Unread,
}

/// One example of one rule.
#[derive(Debug, Clone, Copy)]
pub struct Example<'a> {
    pub rule: &'a TeamRule,
    pub said: &'a Said,
    /// Whether the rule must find something in it.
    pub must: bool,
    pub verdict: Verdict,
}

/// The examples of a rule with what they come to.
pub(super) fn of<'a>(rule: &'a TeamRule, ready: &Ready) -> Vec<Example<'a>> {
    let must = rule.matches.iter().map(|said| (said, true));
    let all = must.chain(rule.no_matches.iter().map(|said| (said, false)));
    all.map(|(said, must)| Example { rule, said, must, verdict: verdict(rule, ready, said, must) })
        .collect()
}

/// The mistakes that failing examples are.
pub(super) fn failing(rule: &TeamRule, ready: &Ready) -> Vec<Mistake> {
    let failing = of(rule, ready).into_iter().filter_map(|example| {
        let why = match example.verdict {
            Verdict::Holds => return None,
            Verdict::NotFound => "finds nothing in this example, and must",
            Verdict::Found => "finds something in this example, and must not",
            Verdict::Unread => "cannot read this example",
        };
        Some(rule.mistake(example.said, format!("the rule `{}` {why}", rule.own_name())))
    });
    failing.collect()
}

fn verdict(rule: &TeamRule, ready: &Ready, said: &Said, must: bool) -> Verdict {
    match (finds(rule, ready, &said.text), must) {
        (None, _) => Verdict::Unread,
        (Some(true), true) | (Some(false), false) => Verdict::Holds,
        (Some(false), true) => Verdict::NotFound,
        (Some(true), false) => Verdict::Found,
    }
}

/// Whether a rule finds something in an example; nothing where it cannot be read.
///
/// An example of a rule for files is a path; of one for texts, a text in its first language.
fn finds(rule: &TeamRule, ready: &Ready, example: &str) -> Option<bool> {
    let class = rule.classes.first().copied().unwrap_or(FileClass::Production);
    if matches!(rule.wanted, Wanted::NoFile | Wanted::Named(_)) {
        return Some(files::says(rule, example, class).is_some());
    }
    let lines = LineIndex::new(example);
    let path = RepoPath::new("example").ok()?;
    let dialect = rule.languages.first().map_or(Dialect::Other, |language| dialect(language));
    let page = Page { path: &path, class, dialect, text: example, lines: &lines };
    let asked = [(rule, ready)];
    let found = if needs_tree(rule) { in_tree(&asked, &page) } else { text::lines(&asked, &page) };
    let unread = found.iter().any(|one| one.unresolved);
    (!unread).then_some(!found.is_empty())
}

/// The usual dialect of a language.
fn dialect(language: &str) -> Dialect {
    match language {
        "csharp" => Dialect::CSharp,
        "go" => Dialect::Go,
        "java" => Dialect::Java,
        "javascript" => Dialect::JavaScript,
        "python" => Dialect::Python,
        "rust" => Dialect::Rust,
        "shell" => Dialect::Shell,
        "typescript" => Dialect::TypeScript,
        _ => Dialect::Other,
    }
}
