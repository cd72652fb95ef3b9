//! Deletions that nothing brings back.

use assize_model::Severity;

use super::{Case, Guard, Standing, reason};
use crate::{Effect, GitStep, Place, Reach, Reason};

pub(crate) const GUARD: Guard = Guard {
    name: "shell-destructive",
    summary: "deletions of what neither git nor the session brings back",
    severity: Severity::Block,
    judge,
    doc: include_str!("doc.md"),
};

fn judge(case: &Case<'_>, out: &mut Vec<Reason>) {
    // `git restore FILE` takes one's own change back: recovery is never stopped.
    let root = case.surroundings.root.len() + 1;
    let named = case.effects.iter().any(|effect| match effect {
        Effect::Write { at: Place::Known(path), .. } => path.len() > root,
        _ => false,
    });
    for effect in case.effects.iter() {
        match effect {
            Effect::Git(GitStep::DropWork) if named => {}
            Effect::Delete { at, reach } => deletion(at, *reach, case, out),
            // A container comes back from its image; what it kept lies in volumes.
            Effect::DestroyRemote(what) if what == "docker rm" => {}
            Effect::DestroyRemote(what) => out.push(reason(
                &GUARD,
                format!("{what} deletes what lies outside of the work tree"),
                "ask the person; on a database of your own, run it against a scratch copy",
            )),
            Effect::Git(GitStep::DropWork) => out.push(reason(
                &GUARD,
                "the command throws work away that is not committed",
                "commit or stash it first; `git restore FILE` takes back one file of yours",
            )),
            _ => {}
        }
    }
}

fn deletion(at: &Place, reach: Reach, case: &Case<'_>, out: &mut Vec<Reason>) {
    let root = case.surroundings.root.as_str();
    let home = case.surroundings.home.as_str();
    if reach == Reach::Made {
        return;
    }
    let (path, known) = match at {
        Place::Known(path) => (path.as_str(), true),
        Place::Below(folder) => (folder.trim_end_matches('/'), false),
        Place::Unknown => {
            if reach == Reach::Many {
                out.push(reason(
                    &GUARD,
                    "it cannot be told what the command deletes",
                    "name the files or the folder",
                ));
            }
            return;
        }
    };
    let holds_all = |base: &str| base == path || base.starts_with(&format!("{path}/"));
    if path.is_empty() || holds_all(root) || holds_all(home) {
        out.push(reason(
            &GUARD,
            format!("`{path}/` holds the work tree or the home folder"),
            "name the files or the folder inside",
        ));
        return;
    }
    if path == format!("{root}/.git")
        || path.starts_with(&format!("{root}/.git/")) && reach == Reach::Many
    {
        out.push(reason(&GUARD, "the history of the repository would go", "leave `.git` alone"));
        return;
    }
    if is_temporary(path) || !known && reach != Reach::Many {
        return;
    }
    match (case.standing)(path) {
        // Git brings it back; whether it may go is asked by `delete-dossier`.
        Standing::Absent | Standing::Ignored | Standing::Own | Standing::Clean => {}
        Standing::Changed | Standing::Untracked => out.push(reason(
            &GUARD,
            format!("`{path}` is not as git holds it, and its deletion cannot be undone"),
            "commit or stash it first",
        )),
        Standing::Outside => out.push(reason(
            &GUARD,
            format!("`{path}` lies outside of the work tree"),
            "delete only what is in the repository or in the temporary folder",
        )),
    }
}

fn is_temporary(path: &str) -> bool {
    let inside = |folder: &&str| path == *folder || path.starts_with(&format!("{folder}/"));
    ["/tmp", "/var/tmp", "/dev/shm"].iter().any(inside)
}
