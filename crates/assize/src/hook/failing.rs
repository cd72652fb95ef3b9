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
    /// There is no index yet; a process builds it.
    Building,
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
            Self::Building => "the index is being built".to_owned(),
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
            Self::Building => "try again in some seconds; reads and `git restore` still run",
            Self::Ledger(_) => "run `assize ledger verify`; reads and `git restore` still run",
            Self::Deadline => "try again; `assize check .` brings the index up to date",
            Self::Panic | Self::Machine(_) => "reads and `git restore` still run; tell a person",
        }
    }
}

/// The answer where no decision was made: what could change something is denied before it happens,
/// everything else runs and is told.
pub(super) fn verdict(event: &Event, cause: &Cause) -> Verdict {
    let reason = reason(cause);
    let before = matches!(event.moment, Moment::PreTool | Moment::PermissionRequest);
    if !before {
        return Verdict::Warn(vec![reason]);
    }
    if runs(&event.action) { Verdict::Allow } else { Verdict::Deny(vec![reason]) }
}

/// Whether a call runs although no decision can be made.
pub(super) fn runs(action: &Action) -> bool {
    action.only_looks() || recovers(action)
}

/// What failed, and what to do.
pub(super) fn reason(cause: &Cause) -> Reason {
    let (message, help) = (cause.message(), cause.help().to_owned());
    Reason { control: "edit-simulate", message, help }
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
        ["git", "stash"]
        | ["git", "stash", "push" | "list" | "pop" | "apply", ..]
        | ["git", "checkout", "--", _, ..] => true,
        ["git", "status" | "diff" | "log" | "show" | "restore" | "revert", options @ ..] => {
            !options.iter().any(|word| runs_or_writes(word))
        }
        ["assize", "check" | "explain" | "preflight", ..]
        | ["assize", "ledger", "log" | "show" | "verify" | "export", ..]
        | ["ls" | "pwd" | "cat" | "head" | "tail" | "wc", ..] => true,
        _ => false,
    }
}

/// Options by which git writes a file of any name, or runs a program; git takes shortened names.
fn runs_or_writes(word: &str) -> bool {
    let name = word.split('=').next().unwrap_or(word);
    let means = |option: &str, least: usize| name.len() >= least && option.starts_with(name);
    means("--output", 5) || means("--ext-diff", 5) || means("--textconv", 5)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recovered(command: &str) -> bool {
        recovers(&Action::Shell { command: command.to_owned(), background: false })
    }

    #[test]
    fn what_takes_back_or_looks_runs_and_nothing_else() {
        for command in [
            "git status",
            "git status --short shop",
            "git diff HEAD~2 -- a.py",
            "git log --oneline -n 5",
            "git show HEAD:a.py",
            "git restore a.py",
            "git restore --source=HEAD~1 shop/a.py",
            "git checkout -- a.py",
            "git revert HEAD",
            "git stash",
            "git stash push a.py",
            "git stash pop",
            "assize check .",
            "assize explain syntax-parse",
            "assize preflight shop/api.py",
            "assize ledger verify",
            "cat assize.toml",
            "ls -la shop",
        ] {
            assert!(recovered(command), "{command}");
        }
        for command in [
            "git status; rm a",
            "git status && rm a",
            "git status\nrm a",
            "git diff > a",
            "git diff --output=a",
            "git log --output a",
            "git show --outp=a",
            "git diff --ext-diff",
            "git log -p --textconv",
            "git -c core.pager=x log",
            "git stash drop",
            "git stash clear",
            "git checkout main",
            "git checkout -f",
            "git checkout -- $(x)",
            "git reset --hard",
            "git commit -m x",
            "git push",
            "assize enforce --off",
            "assize ledger forget",
            "assize uninstall",
            "cat $(rm a)",
            "cat `rm a`",
            "tee a",
            "./git status",
            "make",
            "",
        ] {
            assert!(!recovered(command), "{command}");
        }
        let background = Action::Shell { command: "git status".to_owned(), background: true };
        assert!(!recovers(&background));
    }
}
