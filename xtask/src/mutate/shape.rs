//! Breach shapes as `xtask/shapes/*.toml` states them; `xtask/shapes/README.md` describes the
//! fields.
//!
//! The tables of the agent controls use shorter fields: `variants` for `texts`, `path` for the path
//! or the files, `line` for the first line to replace whole. Both are read into one form.

use std::fs;

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;

use crate::workspace;

/// What is expected of the control.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Expect {
    Breach,
    Silent,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Operation {
    InsertLine,
    NewFile,
    AppendToFile,
    DeleteFile,
    CopyFile,
    EditLine,
    Truncate,
    DeleteChar,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Where {
    #[default]
    Module,
    Function,
    End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Rename {
    #[default]
    None,
    Identifiers,
    Whitespace,
    Half,
}

/// A step before the reference run.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Step {
    pub(crate) op: Operation,
    pub(crate) path: String,
    pub(crate) text: String,
}

/// One shape.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Shape {
    pub(crate) id: String,
    pub(crate) control: String,
    pub(crate) language: String,
    pub(crate) source: String,
    pub(crate) expect: Expect,
    pub(crate) op: Operation,
    #[serde(default)]
    pub(crate) files: Vec<String>,
    #[serde(default = "production")]
    pub(crate) class: String,
    #[serde(default)]
    pub(crate) paths: Vec<String>,
    #[serde(default)]
    pub(crate) texts: Vec<String>,
    #[serde(default, rename = "where")]
    pub(crate) place: Where,
    #[serde(default, rename = "match")]
    pub(crate) matching: Option<String>,
    #[serde(default)]
    pub(crate) replace: Option<String>,
    #[serde(default)]
    pub(crate) rename: Rename,
    #[serde(default)]
    pub(crate) chars: String,
    #[serde(default)]
    pub(crate) needs: Vec<String>,
    #[serde(default)]
    pub(crate) setup: Vec<Step>,
    /// A path that `setup` makes, for `delete-file` and `copy-file`.
    #[serde(default)]
    pub(crate) path: Option<String>,
    #[serde(default)]
    variants: Vec<String>,
    #[serde(default)]
    line: Option<String>,
    /// The sub-case that the author had in mind; findings are counted by control alone.
    #[serde(default, rename = "code")]
    _code: Option<String>,
    /// It comes from a table of the shorter form: names are single words, silent means above info.
    #[serde(skip)]
    pub(crate) short: bool,
}

fn production() -> String {
    "production".to_owned()
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    shape: Vec<Shape>,
}

impl Shape {
    pub(crate) fn name(&self) -> String {
        format!("{}/{}", self.control, self.id)
    }

    /// Whether a near miss is one that the catalogue names.
    pub(crate) fn is_exception(&self) -> bool {
        self.expect == Expect::Silent && self.source.starts_with("exception")
    }

    /// The one form of both.
    fn settled(mut self) -> Result<Self> {
        if !self.variants.is_empty() || self.line.is_some() {
            self.short = true;
            self.texts = std::mem::take(&mut self.variants);
            self.matching = self.line.take();
            let path = self.path.take().with_context(|| format!("{}: no path", self.id))?;
            match self.op {
                Operation::NewFile => self.paths = vec![path],
                _ => self.files = vec![path],
            }
            "any".clone_into(&mut self.class);
        }
        let needs_text =
            matches!(self.op, Operation::InsertLine | Operation::NewFile | Operation::AppendToFile);
        ensure!(!needs_text || !self.texts.is_empty(), "{}: no texts", self.id);
        let needs_path = matches!(self.op, Operation::NewFile | Operation::CopyFile);
        ensure!(!needs_path || !self.paths.is_empty(), "{}: no paths", self.id);
        let needs_line = matches!(self.op, Operation::EditLine | Operation::Truncate);
        ensure!(!needs_line || self.matching.is_some(), "{}: no line to match", self.id);
        Ok(self)
    }
}

/// All shapes, in order of control and place in their table.
pub(crate) fn all() -> Result<Vec<Shape>> {
    let mut shapes = Vec::new();
    let root = workspace::root();
    for path in workspace::files()? {
        if !path.starts_with("xtask/shapes/") || !path.ends_with(".toml") {
            continue;
        }
        let text = fs::read_to_string(root.join(&path))?;
        let table: Table = toml::from_str(&text).with_context(|| format!("{path} is wrong"))?;
        for shape in table.shape {
            shapes.push(shape.settled().with_context(|| format!("{path} is wrong"))?);
        }
    }
    Ok(shapes)
}
