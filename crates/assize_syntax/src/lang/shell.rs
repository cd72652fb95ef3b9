//! Shell scripts, and the shell text in other files.

use assize_model::Span;

use crate::{Extraction, Flags};

/// Shell text that stands in a file of another language.
#[expect(dead_code, reason = "read once shell text is understood")]
#[derive(Debug, Clone, Copy)]
pub(crate) struct Script<'a> {
    pub text: &'a str,
    /// The text in the file; the place of findings when offsets are not exact.
    pub span: Span,
    /// The text is a verbatim slice of the file at `span.start`.
    pub exact: bool,
    /// Working directory relative to the root; `None` when unknown.
    pub folder: Option<&'a str>,
    pub surface: Flags,
    /// Job or step.
    pub item: &'a str,
}

pub(crate) fn commands(_sheet: &mut Extraction<'_>, _script: &Script<'_>) {}

pub(crate) fn extract(_sheet: &mut Extraction<'_>) {}
