//! Commits and pushes that pass hooks over.

use assize_model::Severity;

use super::{Case, Guard, Standing, reason};
use crate::{Effect, GitStep, Place, Program, Reason};

pub(crate) const GUARD: Guard = Guard {
    name: "git-hook-bypass",
    summary: "git hooks that are passed over, redirected or removed",
    severity: Severity::Block,
    judge,
    doc: include_str!("doc.md"),
};

/// Programs that keep the hooks of a clone.
const KEEPERS: [&str; 4] = ["pre-commit", "husky", "lefthook", "overcommit"];
const HELP: &str = "let the hooks run, and mend what they refuse";

fn judge(case: &Case<'_>, out: &mut Vec<Reason>) {
    let root = case.surroundings.root.as_str();
    let hooks: Vec<String> = HOOKS.iter().map(|folder| format!("{root}/{folder}")).collect();
    let settings = format!("{}/.config/husky", case.surroundings.home);
    let is_hook = |place: &Place| {
        is_below(place, &settings)
            || hooks.iter().any(|folder| is_below(place, folder))
                && !matches!(place, Place::Known(path) if is_new(path, case))
    };
    for effect in case.effects.iter() {
        let said = match effect {
            Effect::Git(GitStep::SkipHooks) => "the command passes git's hooks or gates over",
            Effect::Delete { at, .. } | Effect::Mode { at, .. } | Effect::Write { at, .. }
                if is_hook(at) =>
            {
                "a hook of git would change"
            }
            Effect::Run(program)
                if KEEPERS.contains(&program.name.as_str())
                    && program.words.iter().flatten().any(|word| word == "uninstall")
                    || removes_keeper(program)
                    || cuts_settings(program) =>
            {
                "the command removes git's hooks"
            }
            Effect::Move { from, .. } if is_hook(from) => "a hook of git would move",
            _ => continue,
        };
        out.push(reason(&GUARD, said, HELP));
    }
}

/// Folders of hooks in a clone. A new hook in the tree's own folders is no bypass.
const HOOKS: [&str; 3] = [".git/hooks", ".husky", ".githooks"];

fn is_new(path: &str, case: &Case<'_>) -> bool {
    !path.contains("/.git/") && (case.standing)(path) == Standing::Absent
}

/// `npm pkg delete husky`, `npm pkg delete scripts.precommit`.
fn removes_keeper(program: &Program) -> bool {
    let words: Vec<&str> = program.words.iter().flatten().map(String::as_str).collect();
    let keeps = |word: &&str| {
        let name = word.rsplit('.').next().unwrap_or(word);
        KEEPERS.contains(&name)
            || matches!(name, "lint-staged" | "prepare" | "precommit" | "simple-git-hooks")
    };
    matches!(words.as_slice(), ["pkg", "delete", ..]) && words.iter().any(keeps)
}

/// Settings in which hooks stand.
const SETTINGS: [&str; 5] = [
    ".pre-commit-config.yaml",
    ".pre-commit-config.yml",
    "lefthook.yml",
    ".lefthook.yml",
    ".lintstagedrc",
];

/// `sed -i '/id: x/d' .pre-commit-config.yaml`.
fn cuts_settings(program: &Program) -> bool {
    let words: Vec<&str> = program.words.iter().flatten().map(String::as_str).collect();
    let in_place = words.iter().any(|word| word.starts_with("-i") || *word == "--in-place");
    let cuts =
        |word: &&str| word.split(';').any(|part| part.ends_with("/d") || part.ends_with(",$d"));
    program.name == "sed"
        && in_place
        && words.iter().any(cuts)
        && words.iter().any(|word| SETTINGS.iter().any(|file| word.ends_with(file)))
}

fn is_below(place: &Place, folder: &str) -> bool {
    let (Place::Known(path) | Place::Below(path)) = place else { return false };
    path.trim_end_matches('/')
        .strip_prefix(folder)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
