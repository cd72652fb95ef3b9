//! Colours. They repeat what words say and never carry meaning alone.

use std::fmt;

use anstyle::{AnsiColor, Style};
use assize_model::Severity;

/// Whether to colour; decided by the caller, who knows the terminal and `NO_COLOR`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Palette {
    pub(crate) colour: bool,
}

/// A text in a style.
#[derive(Debug)]
pub(crate) struct Painted<'a> {
    style: Style,
    text: &'a str,
}

impl fmt::Display for Painted<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Both are empty for a plain style.
        write!(out, "{}{}{}", self.style.render(), self.text, self.style.render_reset())
    }
}

impl Palette {
    fn paint(self, style: Style, text: &str) -> Painted<'_> {
        Painted { style: if self.colour { style } else { Style::new() }, text }
    }

    pub(crate) fn strong(self, text: &str) -> Painted<'_> {
        self.paint(Style::new().bold(), text)
    }

    pub(crate) fn faint(self, text: &str) -> Painted<'_> {
        self.paint(Style::new().dimmed(), text)
    }

    /// The style of a severity's word.
    pub(crate) fn severity(self, severity: Severity, text: &str) -> Painted<'_> {
        let colour = match severity {
            Severity::Block => AnsiColor::Magenta,
            Severity::Error => AnsiColor::Red,
            Severity::Warn => AnsiColor::Yellow,
            Severity::Info => AnsiColor::Cyan,
        };
        self.paint(colour.on_default().bold(), text)
    }
}
