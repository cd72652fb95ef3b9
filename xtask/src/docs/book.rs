//! The rule book as its files say it.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context as _, Result};
use serde::Deserialize;

use crate::workspace;

const FOLDER: &str = "rulebooks/backend/";

#[derive(Deserialize)]
pub(super) struct Rule {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) why: String,
    #[serde(rename = "clause")]
    pub(super) clauses: Vec<Clause>,
}

#[derive(Deserialize)]
pub(super) struct Clause {
    pub(super) id: String,
    pub(super) text: String,
    pub(super) controls: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct Control {
    pub(super) name: String,
    pub(super) kinds: Vec<String>,
    pub(super) group: String,
    pub(super) severity: Option<String>,
    pub(super) note: Option<String>,
}

#[derive(Deserialize)]
struct Controls {
    control: Vec<Control>,
}

pub(super) struct Book {
    pub(super) rules: Vec<Rule>,
    pub(super) controls: Vec<Control>,
}

impl Book {
    pub(super) fn load(tree: &[String]) -> Result<Self> {
        let mut book = Self { rules: Vec::new(), controls: Vec::new() };
        for path in tree.iter().filter(|path| path.starts_with(FOLDER)) {
            let text = fs::read_to_string(workspace::root().join(path))?;
            let wrong = || format!("{path} is wrong");
            if path.ends_with("/controls.toml") {
                book.controls = toml::from_str::<Controls>(&text).with_context(wrong)?.control;
            } else {
                book.rules.push(toml::from_str(&text).with_context(wrong)?);
            }
        }
        book.rules.sort_by(|one, other| one.id.cmp(&other.id));
        Ok(book)
    }

    /// The clauses that each control serves.
    pub(super) fn clauses_of(&self) -> BTreeMap<&str, Vec<&Clause>> {
        let mut clauses: BTreeMap<&str, Vec<&Clause>> = BTreeMap::new();
        for clause in self.rules.iter().flat_map(|rule| &rule.clauses) {
            for control in &clause.controls {
                clauses.entry(control).or_default().push(clause);
            }
        }
        clauses
    }
}
