//! Commits and pushes that pass hooks over.

use assize_model::Severity;

use super::{Case, Guard, reason};
use crate::{Effect, GitStep, Place, Reason};

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
    let hooks = format!("{}/.git/hooks", case.surroundings.root);
    for effect in case.effects.iter() {
        let said = match effect {
            Effect::Git(GitStep::SkipHooks) => "the command passes git's hooks over",
            Effect::Delete { at, .. } | Effect::Mode { at, .. } | Effect::Write { at, .. }
                if is_below(at, &hooks) =>
            {
                "a hook of git would change"
            }
            Effect::Run(program)
                if KEEPERS.contains(&program.name.as_str())
                    && program.words.iter().flatten().any(|word| word == "uninstall") =>
            {
                "the command removes git's hooks"
            }
            Effect::Move { from, .. } if is_below(from, &hooks) => "a hook of git would move",
            _ => continue,
        };
        out.push(reason(&GUARD, said, HELP));
    }
}

fn is_below(place: &Place, folder: &str) -> bool {
    let (Place::Known(path) | Place::Below(path)) = place else { return false };
    path.trim_end_matches('/')
        .strip_prefix(folder)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
