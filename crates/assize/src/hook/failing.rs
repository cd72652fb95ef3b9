//! What is answered when Assize itself fails.

use assize_guard::{Action, Reason, Verdict};
use assize_harness::{Event, Moment};

/// Why no decision could be made.
#[derive(Debug, Clone)]
pub(super) enum Cause {
    /// A configuration is wrong or cannot be read.
    Settings(String),
    /// The index could not be opened or built.
    Index(String),
    /// The record could not be written: locked, damaged, no room.
    Ledger(String),
    Deadline,
    Panic,
    /// The machine refused a thread or a process.
    Machine(String),
}

impl Cause {
    fn message(&self) -> String {
        match self {
            Self::Settings(why) => format!("the configuration cannot be used: {why}"),
            Self::Index(why) => format!("the index cannot be used: {why}"),
            Self::Ledger(why) => format!("the ledger cannot be written: {why}"),
            Self::Deadline => "the decision took too long".to_owned(),
            Self::Panic => "the guard failed: a bug".to_owned(),
            Self::Machine(why) => format!("the machine refused: {why}"),
        }
    }

    const fn help(&self) -> &'static str {
        match self {
            Self::Settings(_) => "a person mends `assize.toml`; reads and `git restore` still run",
            Self::Index(_) => "run `assize check .` to build it anew; reads still run",
            Self::Ledger(_) => "run `assize ledger verify`; reads and `git restore` still run",
            Self::Deadline => "try again; `assize check .` brings the index up to date",
            Self::Panic | Self::Machine(_) => "reads and `git restore` still run; tell a person",
        }
    }
}

/// The answer where no decision was made: what could change something is denied before it happens,
/// everything else runs and is told.
pub(super) fn verdict(event: &Event, cause: &Cause) -> Verdict {
    let reason = Reason {
        control: "edit-simulate",
        message: cause.message(),
        help: cause.help().to_owned(),
    };
    let before = matches!(event.moment, Moment::PreTool | Moment::PermissionRequest);
    if !before {
        return Verdict::Warn(vec![reason]);
    }
    if event.action.only_looks() || recovers(&event.action) {
        return Verdict::Allow;
    }
    Verdict::Deny(vec![reason])
}

/// Commands that only look, or that take something back, in their plainest form: one command,
/// nothing to expand.
fn recovers(action: &Action) -> bool {
    let Action::Shell { command, background: false } = action else { return false };
    let plain = |c: char| c.is_ascii_alphanumeric() || " ./_-=:@^~".contains(c);
    if !command.chars().all(plain) {
        return false;
    }
    let words: Vec<&str> = command.split_whitespace().collect();
    match words.as_slice() {
        ["git", "status" | "diff" | "log" | "show" | "restore" | "revert" | "stash", ..]
        | ["assize", "check" | "ledger" | "explain", ..]
        | ["ls" | "pwd" | "cat" | "head" | "tail" | "wc", ..] => {
            !words.iter().any(|word| matches!(*word, "drop" | "clear" | "--output" | "-o"))
        }
        _ => false,
    }
}
