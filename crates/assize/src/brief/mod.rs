//! What bears on a file, before it is written: the clauses that apply, what is there already, who
//! uses it, who owns it.
//!
//! Everything is a question to the index as it was last kept. A brief holds at most
//! [`TOKENS_MAX`] tokens, and is none where nothing but general rules could be said.

mod budget;
mod clauses;
mod facts;
mod like;
mod neighbours;
mod numbers;
mod sections;
mod subject;
mod task;

use std::path::Path;

use assize_config::Settings;
use assize_index::View;
use assize_repo::{READ_MAX, read_up_to};
use assize_report::{CODEOWNERS, Owners};

pub(crate) use budget::{TOKENS_MAX, tokens};
pub(crate) use subject::Subject;
pub(crate) use task::of_task;

/// What one line of a brief is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    /// What is taken, and what is free.
    Fact,
    /// What is there already under another name.
    Like,
    UsedBy,
    Uses,
    Tests,
    Owners,
    /// Where a team's own documents speak of it.
    Sections,
    /// A clause of the rule book.
    Clause,
}

impl What {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Fact => "fact",
            Self::Like => "like",
            Self::UsedBy => "used-by",
            Self::Uses => "uses",
            Self::Tests => "tests",
            Self::Owners => "owners",
            Self::Sections => "sections",
            Self::Clause => "clause",
        }
    }
}

/// One line of a brief.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) what: What,
    /// On one line, without a mark at its beginning.
    pub(crate) text: String,
}

/// What is said of one file or task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Brief {
    pub(crate) head: String,
    /// The most telling first.
    pub(crate) lines: Vec<Line>,
}

impl Brief {
    /// The text, within so many tokens. Lines that no longer fit are left out.
    pub(crate) fn text(&self, tokens_max: usize) -> String {
        budget::fit(&self.head, &self.lines, tokens_max)
    }
}

/// A brief of a path below the root; nothing where nothing bears on it in particular.
pub(crate) fn of_path(
    path: &str,
    view: View<'_>,
    settings: &Settings,
    root: &Path,
) -> Option<Brief> {
    let file = view.file(path);
    let subject = Subject::of(path, file);
    let mut lines = facts::of(subject, path, view);
    lines.extend(like::of(path, file, view));
    lines.extend(neighbours::of(path, file, view));
    lines.extend(sections::of(path, view, settings, root));
    lines.extend(owners(path, view, root));
    if lines.is_empty() {
        return None;
    }
    lines.extend(clauses::of(subject, file));
    Some(Brief { head: format!("`{path}` ({}):", subject.word()), lines })
}

/// Who owns a file, by the first CODEOWNERS file that the repository has.
fn owners(path: &str, view: View<'_>, root: &Path) -> Option<Line> {
    let file = CODEOWNERS.into_iter().find(|file| view.is_file(file))?;
    let bytes = read_up_to(&root.join(file), READ_MAX).ok()?;
    let owners = Owners::parse(&String::from_utf8_lossy(&bytes));
    let named = owners.of(path);
    let text = format!("owned by {} (`{file}`)", named.join(" "));
    (!named.is_empty()).then_some(Line { what: What::Owners, text })
}

/// A list of places in words, the first of them.
fn listed(places: &[String], most: usize) -> String {
    let shown: Vec<String> = places.iter().take(most).map(|place| format!("`{place}`")).collect();
    let more = places.len().saturating_sub(most);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    shown.join(", ") + &rest
}
