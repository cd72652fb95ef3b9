//! The clauses that apply to a file: through the controls that judge such files.

use assize_checks::{CONTROLS, Control};
use assize_index::FileRef;
use assize_rulebook::RuleBook;

use super::{Line, Subject, What};

/// So many clauses are told.
const CLAUSES_MAX: usize = 4;

/// The controls that a file of this kind is judged by first, besides those that are written for its
/// language.
const fn first(subject: Subject) -> &'static [&'static str] {
    match subject {
        Subject::Migration => &["search-before-create", "human-approval"],
        Subject::Route => &["duplicate-route", "unmounted-handler", "phantom-route-call"],
        Subject::Dockerfile => &["docker-user", "image-pin", "docker-path", "healthcheck-real"],
        Subject::Compose => {
            &["port-registry", "image-pin", "container-hardening", "phantom-service"]
        }
        Subject::Agent => &["agent-lint", "agent-duplicate", "agent-ref", "mcp-preserve"],
        Subject::Workflow => &["phantom-command", "phantom-path", "image-pin"],
        Subject::Manifest => &["deps-pinned", "version-conflict", "unused-dependency"],
        Subject::Script => &["script-safety", "script-placement", "deploy-entry"],
        Subject::Other => &[],
    }
}

pub(super) fn of(subject: Subject, file: Option<FileRef<'_>>) -> Vec<Line> {
    let Ok(book) = RuleBook::backend() else { return Vec::new() };
    let named = first(subject).iter().copied();
    let own = file.map(own).unwrap_or_default();
    let mut told = Vec::new();
    for control in named.chain(own) {
        let Some(id) = book.clauses_of(control).first() else { continue };
        let Some(clause) = book.clause(*id) else { continue };
        let text = format!("{id} {} ({control})", clause.text);
        if !told.iter().any(|line: &Line| line.text.starts_with(&format!("{id} "))) {
            told.push(Line { what: What::Clause, text });
        }
        if told.len() == CLAUSES_MAX {
            break;
        }
    }
    told
}

/// The controls that are written for a file's language, the most particular first.
fn own(file: FileRef<'_>) -> Vec<&'static str> {
    let (language, class) = (file.dialect().language(), file.class());
    let judges = |control: &&&Control| {
        control.languages.contains(&language) && control.classes.contains(&class)
    };
    let mut found: Vec<&Control> = CONTROLS.iter().filter(judges).copied().collect();
    found.sort_by_key(|control| (control.languages.len(), std::cmp::Reverse(control.severity)));
    found.into_iter().map(|control| control.name.0).collect()
}

#[cfg(test)]
mod tests {
    use assize_rulebook::RuleBook;

    use super::first;
    use crate::brief::Subject;

    #[test]
    fn every_named_control_serves_a_clause() {
        let book = RuleBook::backend().unwrap();
        for subject in [
            Subject::Migration,
            Subject::Route,
            Subject::Dockerfile,
            Subject::Compose,
            Subject::Agent,
            Subject::Workflow,
            Subject::Manifest,
            Subject::Script,
        ] {
            assert!(!first(subject).is_empty());
            for control in first(subject) {
                assert!(!book.clauses_of(control).is_empty(), "{control}");
            }
        }
    }
}
