//! The team's own rules, as their files lie in the work tree.
//!
//! What is kept of files holds what these rules found in them, so that every index is bound to the
//! bytes of the rules: another rule is another index. Where one is kept under these bytes, somebody
//! has proven the rules, and they need not be proven again.

use std::borrow::Cow;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use assize_checks::{TEAM_LANGUAGES, TeamRules};
use assize_config::{
    ConfigError, Mistake, RULE_FILE_BYTES_MAX, RULE_FILES_MAX, RULES_FOLDER, RuleFile, Said,
    TeamRule,
};
use assize_repo::read_up_to;
use assize_rulebook::{ClauseId, RuleBook};

use crate::failure::Failure;

/// The files of rules of one repository, in order of their names.
#[derive(Debug, Default)]
pub(crate) struct RuleTexts {
    files: Vec<(String, Vec<u8>)>,
    /// Why not all of them could be read.
    unread: Option<String>,
}

impl RuleTexts {
    /// Reads the files; a folder that is not there holds none.
    pub(crate) fn of(root: &Path) -> Self {
        let folder = root.join(RULES_FOLDER);
        let mut names = match std::fs::read_dir(&folder) {
            Ok(entries) => entries
                .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
                .filter(|name| name.ends_with(".toml"))
                .collect::<Vec<_>>(),
            Err(error) if error.kind() == ErrorKind::NotFound => return Self::default(),
            Err(error) => {
                let unread = Some(format!("cannot read `{RULES_FOLDER}`: {error}"));
                return Self { files: Vec::new(), unread };
            }
        };
        names.sort();
        let mut texts = Self::default();
        // One more than is read, so that the reader says that there are too many.
        for name in names.into_iter().take(RULE_FILES_MAX + 1) {
            let path = format!("{RULES_FOLDER}/{name}");
            match read_up_to(&folder.join(&name), RULE_FILE_BYTES_MAX as u64) {
                Ok(bytes) => texts.files.push((path, bytes)),
                Err(error) => texts.unread = Some(format!("cannot read `{path}`: {error}")),
            }
        }
        texts
    }

    /// Adds what a pass by these rules follows from. No rules add nothing.
    pub(crate) fn add_to(&self, hasher: &mut blake3::Hasher) {
        for part in self.files.iter().flat_map(|(path, bytes)| [path.as_bytes(), bytes]) {
            hasher.update(&(part.len() as u64).to_le_bytes()).update(part);
        }
        if let Some(words) = &self.unread {
            hasher.update(words.as_bytes());
        }
    }

    /// The rules that the files hold.
    pub(crate) fn rules(&self) -> Result<Vec<TeamRule>, Failure> {
        if let Some(words) = &self.unread {
            return Err(Failure::said(words.clone()));
        }
        let mut texts = Vec::with_capacity(self.files.len());
        for (path, bytes) in &self.files {
            let text = std::str::from_utf8(bytes)
                .map_err(|_| Failure::said(format!("{path}:1:1: the text is not UTF-8")))?;
            texts.push(RuleFile { folder: RULES_FOLDER, path, text });
        }
        TeamRule::read(&texts, &TEAM_LANGUAGES).map_err(|error| wrong(&error))
    }
}

/// The rules, each proven by its examples.
pub(crate) fn proven(rules: Arc<[TeamRule]>) -> Result<TeamRules, Failure> {
    TeamRules::proven(rules).map_err(|error| wrong(&error))
}

/// The rules, read; what their examples say is still to be asked.
pub(crate) fn readable(rules: Arc<[TeamRule]>) -> Result<TeamRules, Failure> {
    TeamRules::readable(rules).map_err(|error| wrong(&error))
}

/// The rule book with the rules that serve one of its clauses.
pub(crate) fn book(rules: &[TeamRule]) -> Result<Cow<'static, RuleBook>, Failure> {
    let book = RuleBook::backend().map_err(|error| Failure::tool(error))?;
    let own: Vec<(&TeamRule, &Said, ClauseId)> = rules
        .iter()
        .filter_map(|rule| {
            let said = rule.clause.as_ref()?;
            Some((rule, said, said.text.parse().ok()?))
        })
        .collect();
    if own.is_empty() {
        return Ok(Cow::Borrowed(book));
    }
    let checks = own.iter().map(|(rule, _, clause)| (rule.name.0, rule.severity, *clause));
    book.with_checks(checks).map(Cow::Owned).map_err(|unknown| {
        let wrong = own.iter().filter(|(_, _, clause)| *clause == unknown);
        let what = format!("the rule book has no clause `{unknown}`");
        Failure::list(wrong.map(|(rule, said, _)| rule.mistake(said, what.clone()).to_string()))
            .hint("`assize rules coverage` lists the clauses")
    })
}

fn wrong(error: &ConfigError) -> Failure {
    let more = (error.more() > 0).then(|| format!("and {} more", error.more()));
    Failure::list(error.mistakes().iter().map(Mistake::to_string).chain(more))
}
