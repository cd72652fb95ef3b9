//! Errors that end the program: what happened, why, and what to do.

use std::process::ExitCode;

use crate::output;

/// An error on its way to the user.
#[derive(Debug)]
pub(crate) struct Failure {
    kind: Kind,
    message: String,
    /// Further messages of the same weight.
    more: Vec<String>,
    causes: Vec<String>,
    hint: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Wrong usage or configuration, or a tool that failed: exit status 2.
    Tool,
    /// The reader of our output went away: nothing to say.
    BrokenPipe,
}

impl Failure {
    /// An error of the surroundings, with its chain of causes.
    pub(crate) fn tool(error: &dyn std::error::Error) -> Self {
        let message = error.to_string();
        let mut causes: Vec<String> = Vec::new();
        let mut source = error.source();
        while let Some(cause) = source {
            let words = cause.to_string();
            // Many errors name their cause themselves.
            if !causes.last().unwrap_or(&message).contains(&words) {
                causes.push(words);
            }
            source = cause.source();
        }
        Self { kind: Kind::Tool, message, more: Vec::new(), causes, hint: None }
    }

    /// Several mistakes of one kind, one a line.
    pub(crate) fn list(lines: impl IntoIterator<Item = String>) -> Self {
        let mut lines = lines.into_iter();
        let message = lines.next().unwrap_or_default();
        Self { kind: Kind::Tool, message, more: lines.collect(), causes: Vec::new(), hint: None }
    }

    /// A plain sentence about what is wrong.
    pub(crate) fn said(message: impl Into<String>) -> Self {
        Self::list([message.into()])
    }

    /// What the user can do about it.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The error in one line, with what can be done about it.
    pub(crate) fn words(&self) -> String {
        let all = std::iter::once(&self.message).chain(&self.more).chain(&self.causes);
        let all = all.map(String::as_str).collect::<Vec<_>>().join("; ");
        self.hint.as_ref().map_or(all.clone(), |hint| format!("{all}: {hint}"))
    }

    /// Prints the error and gives the exit status.
    pub(crate) fn end(self, colour: output::Colour) -> ExitCode {
        if self.kind == Kind::BrokenPipe {
            return ExitCode::SUCCESS;
        }
        output::opened(&colour.error("error: "), &self.message);
        for message in &self.more {
            output::status(message);
        }
        for cause in &self.causes {
            output::status(&format!("  because: {cause}"));
        }
        if let Some(hint) = &self.hint {
            output::status(&format!("  help: {hint}"));
        }
        ExitCode::from(2)
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.message)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        let mut failure = Self::tool(&error);
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            failure.kind = Kind::BrokenPipe;
        }
        failure
    }
}
