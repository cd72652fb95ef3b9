//! Calls that go on with something else while the session has a breach to repair.
//!
//! Which violations are open is the front's to know; it asks [`purpose`] what a call is for. Only
//! what is known to change something else is held: whatever cannot be told may be the repair.

use assize_model::Severity;

use super::{Case, Guard};
use crate::{Action, Effect, Effects, Place, Program, Reach, Reason};

/// The control.
pub const GUARD: Guard = Guard {
    name: "violation-stop",
    summary: "writes and commits beside a breach that the session has to repair first",
    severity: Severity::Error,
    judge,
    doc: include_str!("doc.md"),
};

/// Effects alone tell nothing.
fn judge(_: &Case<'_>, _: &mut Vec<Reason>) {}

/// Folders that builds, tests and package managers fill.
const MADE_FOLDERS: [&str; 19] = [
    "target",
    "node_modules",
    "dist",
    "build",
    "out",
    "coverage",
    "htmlcov",
    "__pycache__",
    ".git",
    ".venv",
    "venv",
    ".tox",
    ".nox",
    ".cache",
    ".next",
    ".gradle",
    ".pytest_cache",
    ".mypy_cache",
    ".ruff_cache",
];
/// Ends of files that keep what a command printed.
const PRINTED: [&str; 3] = [".log", ".out", ".tmp"];

/// What a call is for, seen from the open violations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purpose {
    /// It touches a file of a violation, or nothing that is known.
    Passes,
    /// It changes this path below the root, and no file of a violation.
    Elsewhere(String),
    /// It keeps or sends the work as it is, by this step of git.
    Keeps(&'static str),
}

/// What a call is for. `about` says whether a path below the root is one of a violation; one with a
/// slash at its end is a folder of which nobody knows what in it changes.
pub fn purpose(
    action: &Action,
    effects: &Effects,
    root: &str,
    about: &dyn Fn(&str) -> bool,
) -> Purpose {
    if let Action::Shell { .. } = action
        && let Some(step) = effects.iter().find_map(keeps)
    {
        return Purpose::Keeps(step);
    }
    let inside = |place: &Place| match place {
        Place::Known(path) | Place::Below(path) => {
            let path = path.strip_prefix(root)?.strip_prefix('/')?;
            (!is_made(path)).then(|| path.to_owned())
        }
        Place::Unknown => None,
    };
    let paths: Vec<String> = effects.iter().flat_map(changed).filter_map(inside).collect();
    if paths.iter().any(|path| about(path)) {
        return Purpose::Passes;
    }
    paths.into_iter().next().map_or(Purpose::Passes, Purpose::Elsewhere)
}

/// The places that an effect changes.
fn changed(effect: &Effect) -> Vec<&Place> {
    match effect {
        Effect::Write { reach: Reach::Made, .. } | Effect::Delete { reach: Reach::Made, .. } => {
            Vec::new()
        }
        Effect::Write { at, .. } | Effect::Delete { at, .. } | Effect::MassRewrite { at, .. } => {
            vec![at]
        }
        Effect::Move { from, to } => vec![from, to],
        _ => Vec::new(),
    }
}

fn is_made(path: &str) -> bool {
    path.split('/').any(|part| MADE_FOLDERS.contains(&part))
        || PRINTED.iter().any(|end| path.ends_with(end))
}

/// The step of git by which the work as it is would be kept or sent.
fn keeps(effect: &Effect) -> Option<&'static str> {
    let Effect::Run(Program { name, words, .. }) = effect else { return None };
    if name != "git" {
        return None;
    }
    let mut words = words.iter();
    loop {
        match words.next()?.as_deref()? {
            "commit" => return Some("git commit"),
            "push" => return Some("git push"),
            // Options before the step that take a word.
            "-C" | "-c" | "--git-dir" | "--work-tree" | "--namespace" | "--config-env" => {
                words.next()?;
            }
            option if option.starts_with('-') => {}
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Purpose, purpose};
    use crate::{Action, Surroundings, derive, effects_of, normalise};

    fn of(text: &str) -> Purpose {
        let around = Surroundings {
            root: "/repo".into(),
            folder: "/repo".into(),
            home: "/home/dev".into(),
            ..Surroundings::default()
        };
        let action = match text.strip_prefix("write:") {
            Some(path) => Action::Write { path: path.to_owned(), content: "x\n".to_owned() },
            None => Action::Shell { command: text.to_owned(), background: false },
        };
        let shell = |command: &str, around: &Surroundings| effects_of(command, around);
        let place = |text: &str, around: &Surroundings| normalise(text, around);
        let effects = derive::effects_of(&action, &around, &shell, &place);
        let about = |path: &str| path == "shop/a.py" || (path.is_empty() || path == "shop/");
        purpose(&action, &effects, "/repo", &about)
    }

    #[test]
    fn what_may_repair_passes() {
        for text in [
            "write:/repo/shop/a.py",
            "write:/tmp/plan.md",
            "write:/home/dev/.claude/plans/x.md",
            "sed -i s/a/b/ shop/a.py",
            "sed -i s/a/b/ shop/a.py shop/b.py",
            "echo 'x = 1' > shop/a.py",
            "rm shop/a.py",
            "mv shop/a.py shop/b.py",
            "git restore shop/a.py",
            "git checkout -- shop/a.py",
            "git checkout main",
            "git stash",
            "git stash pop",
            "git revert HEAD",
            "git status",
            "git -C shop log -n 1",
            "git log --grep commit",
            "git diff",
            "pytest -q",
            "pytest -q > out/report.txt",
            "cargo test 2>&1 | tee build.log",
            "cargo build --release",
            "ruff format .",
            "npm run lint -- --fix",
            "make code",
            "python3 scripts/generate.py",
            "assize check .",
            "cat shop/b.py",
            "rm -rf target",
            "find . -name '*.pyc' -delete",
            "pip install requests",
            "gh pr view",
        ] {
            assert_eq!(of(text), Purpose::Passes, "{text}");
        }
    }

    #[test]
    fn what_goes_on_with_something_else_is_named() {
        for (text, path) in [
            ("write:/repo/shop/b.py", "shop/b.py"),
            ("echo x > notes.md", "notes.md"),
            ("sed -i s/a/b/ docs/x.md", "docs/x.md"),
            ("rm shop/b.py", "shop/b.py"),
            ("mv shop/b.py shop/c.py", "shop/b.py"),
            ("pytest -q && echo x > docs/x.md", "docs/x.md"),
        ] {
            assert_eq!(of(text), Purpose::Elsewhere(path.to_owned()), "{text}");
        }
        for (text, step) in [
            ("git commit -m x", "git commit"),
            ("git -C /repo -c user.name=x commit -am x", "git commit"),
            ("git add -A && git commit --amend --no-edit", "git commit"),
            ("sed -i s/a/b/ shop/a.py && git commit -am x", "git commit"),
            ("git push", "git push"),
            ("git --no-pager push origin main", "git push"),
        ] {
            assert_eq!(of(text), Purpose::Keeps(step), "{text}");
        }
    }
}
