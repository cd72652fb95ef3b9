//! Data to standard output, status to standard error.

use std::io::{IsTerminal as _, Write as _};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Whether each stream is coloured.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Colour {
    pub(crate) data: bool,
    status: bool,
}

impl Colour {
    /// The word that opens an error.
    pub(crate) fn error(self, word: &str) -> String {
        if self.status { format!("\u{1b}[1;31m{word}\u{1b}[0m") } else { word.to_owned() }
    }
}

/// Colours are for terminals, and only where nobody asked for none.
pub(crate) fn decide_colour() -> Colour {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let wanted = !set("NO_COLOR") && std::env::var_os("TERM").is_none_or(|term| term != "dumb");
    let forced = set("FORCE_COLOR") || set("CLICOLOR_FORCE");
    Colour {
        data: wanted && (forced || std::io::stdout().is_terminal()),
        status: wanted && (forced || std::io::stderr().is_terminal()),
    }
}

/// Says one line to the person who waits, with nothing hidden in it. A standard error that is
/// gone is no reason to fail.
pub(crate) fn status(line: &str) {
    opened("", line);
}

/// Says one line behind a word that may be coloured.
pub(crate) fn opened(word: &str, line: &str) {
    drop(writeln!(std::io::stderr().lock(), "{word}{}", assize_report::inline(line)));
}

/// A bar that shows itself only on a terminal, and only when the work takes a while.
pub(crate) fn progress() -> ProgressBar {
    let target = if std::io::stderr().is_terminal() {
        ProgressDrawTarget::stderr_with_hz(8)
    } else {
        ProgressDrawTarget::hidden()
    };
    let bar = ProgressBar::with_draw_target(None, target);
    if let Ok(style) = ProgressStyle::with_template("reading {pos}/{len} files {bar:30} {elapsed}")
    {
        bar.set_style(style);
    }
    bar
}
