//! The rows of `assize agents list`.

use crate::{Reading, Status, read};

/// One file of a folder of agents.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row {
    /// The name in the definition; without one, the stem of the file.
    pub name: String,
    pub path: String,
    /// `valid`, `rescued`, `broken` or `not-agent`.
    pub status: &'static str,
    /// `moved`, `requoted` or `scanned`, for what is rescued.
    pub pass: Option<&'static str>,
    pub description: Option<String>,
    pub model: Option<String>,
    /// `None`: the agent inherits every tool.
    pub tools: Option<Vec<String>>,
    /// The codes of the defects, in order of place.
    pub defects: Vec<&'static str>,
}

/// The rows of these files, in order of name, then path. Files that are no agents are left out
/// unless `all` is wanted.
pub fn rows<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>, all: bool) -> Vec<Row> {
    let mut rows: Vec<Row> = files
        .into_iter()
        .map(|(path, text)| row(path, read(path, text)))
        .filter(|row| all || row.status != Status::NotAgent.word())
        .collect();
    rows.sort();
    rows
}

fn row(path: &str, reading: Reading) -> Row {
    let pass = match reading.status {
        Status::Rescued(pass) => Some(pass.word()),
        Status::Valid | Status::Broken | Status::NotAgent => None,
    };
    Row {
        name: reading.name.unwrap_or_else(|| stem(path).to_owned()),
        path: path.to_owned(),
        status: reading.status.word(),
        pass,
        description: reading.description,
        model: reading.model,
        tools: reading.tools,
        defects: reading.defects.iter().map(|defect| defect.code).collect(),
    }
}

/// The file's name without its extension.
fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}
