//! The files of a rule book as they are written. The only types here that know TOML.

use serde::Deserialize;
use toml::Spanned;

use crate::error::{At, RuleBookError};

/// `rNN.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleText {
    pub(crate) id: Spanned<String>,
    pub(crate) title: Spanned<String>,
    pub(crate) why: Spanned<String>,
    #[serde(default)]
    pub(crate) clause: Vec<ClauseText>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClauseText {
    pub(crate) id: Spanned<String>,
    pub(crate) text: Spanned<String>,
    pub(crate) controls: Spanned<Vec<Spanned<String>>>,
}

/// `controls.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ControlsText {
    #[serde(default)]
    pub(crate) control: Vec<ControlText>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ControlText {
    pub(crate) name: Spanned<String>,
    pub(crate) kinds: Spanned<Vec<KindText>>,
    pub(crate) group: Spanned<String>,
    pub(crate) severity: Option<SeverityText>,
    pub(crate) note: Option<String>,
    #[serde(default = "yes")]
    pub(crate) body: bool,
    #[serde(default)]
    pub(crate) serves: Vec<String>,
    #[serde(default)]
    pub(crate) wildcard: Vec<Spanned<String>>,
}

fn yes() -> bool {
    true
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum KindText {
    Check,
    Guard,
    Gate,
    Runtime,
    Judge,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum SeverityText {
    Info,
    Warn,
    Error,
    Block,
}

/// One file and its text: reads it, and turns byte offsets into lines.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader<'a> {
    pub(crate) file: &'a str,
    pub(crate) text: &'a str,
}

impl Reader<'_> {
    pub(crate) fn read<T: for<'de> Deserialize<'de>>(&self) -> Result<T, RuleBookError> {
        toml::from_str(self.text).map_err(|error| RuleBookError::Syntax {
            at: self.at(error.span().map_or(0, |span| span.start)),
            message: error.message().trim_end().to_owned(),
        })
    }

    pub(crate) fn at(&self, offset: usize) -> At {
        let before = self.text.as_bytes().iter().take(offset);
        let line = before.filter(|byte| **byte == b'\n').count() + 1;
        At { file: self.file.to_owned(), line }
    }

    pub(crate) fn at_of<T>(&self, value: &Spanned<T>) -> At {
        self.at(value.span().start)
    }

    /// A text of at least one character that is not a space.
    pub(crate) fn filled(
        &self,
        value: &Spanned<String>,
        what: &'static str,
    ) -> Result<String, RuleBookError> {
        let text = value.get_ref().trim();
        if text.is_empty() {
            return Err(RuleBookError::Empty { at: self.at_of(value), what });
        }
        Ok(text.to_owned())
    }
}
