//! Deletions that nothing brings back.

use assize_model::Severity;

use super::{Case, Guard, Standing, reason};
use crate::{Action, Effect, GitStep, Place, Reach, Reason};

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
    // The first effect of a cell is its own file.
    let own = usize::from(matches!(case.action, Action::Notebook { .. }));
    let named = case.effects.iter().skip(own).any(|effect| match effect {
        Effect::Write { at: Place::Known(path), .. } => path.len() > root,
        _ => false,
    });
    for effect in case.effects.iter() {
        match effect {
            Effect::Git(GitStep::DropWork) if named => {}
            Effect::Write { at: Place::Known(path), .. }
            | Effect::Delete { at: Place::Known(path), .. }
            | Effect::Move { from: Place::Known(path), .. }
                if is_history(path, case) =>
            {
                out.push(reason(&GUARD, "the history of the repository would go", KEEP));
            }
            Effect::Delete { at, reach } => deletion(at, *reach, case, out),
            Effect::Write { at: Place::Known(path), .. } if is_device(path) => out.push(reason(
                &GUARD,
                format!("`{path}` is a disk or the kernel itself"),
                "write into a file of the repository or of the temporary folder",
            )),
            Effect::Write { at, content: Some(text), append: false, .. } if text.is_empty() => {
                emptied(at, case, out);
            }
            Effect::Move { from, to } => moved(from, to, case, out),
            // A container comes back from its image; what it kept lies in volumes.
            Effect::DestroyRemote(what) if what == "docker rm" => {}
            Effect::DestroyRemote(what) => out.push(reason(
                &GUARD,
                format!("{what} deletes what lies outside of the work tree"),
                "ask the person; on a database of your own, run it against a scratch copy",
            )),
            Effect::Opaque(why) => out.push(Reason {
                control: GUARD.name,
                message: why.clone(),
                help: "write it plainly, or put it into a script in the repository and run that"
                    .to_owned(),
            }),
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
        out.push(reason(&GUARD, "the history of the repository would go", KEEP));
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

/// A file that is there loses all that it holds.
fn emptied(at: &Place, case: &Case<'_>, out: &mut Vec<Reason>) {
    let (Place::Known(path) | Place::Below(path)) = at else { return };
    let path = path.trim_end_matches('/');
    if is_kept((case.standing)(path)) {
        out.push(reason(
            &GUARD,
            format!("`{path}` would be emptied"),
            "write its new content, or delete it by name if it has to go",
        ));
    }
}

/// A folder that git holds leaves the work tree.
fn moved(from: &Place, to: &Place, case: &Case<'_>, out: &mut Vec<Reason>) {
    let (Place::Known(from) | Place::Below(from), Place::Known(to) | Place::Below(to)) = (from, to)
    else {
        return;
    };
    let from = from.trim_end_matches('/');
    let root = case.surroundings.root.as_str();
    let name = from.rsplit('/').next().unwrap_or(from);
    let folder = !name.trim_start_matches('.').contains('.');
    let leaves = from.starts_with(&format!("{root}/")) && !to.starts_with(root);
    if folder && leaves && is_kept((case.standing)(from)) {
        out.push(reason(
            &GUARD,
            format!("`{from}` would leave the work tree"),
            "copy it, or move it inside of the work tree with `git mv`",
        ));
    }
}

const fn is_kept(standing: Standing) -> bool {
    matches!(standing, Standing::Clean | Standing::Changed | Standing::Untracked)
}

/// Disks, and files by which the kernel is told to stop.
fn is_device(path: &str) -> bool {
    const DISKS: [&str; 9] = [
        "/dev/sd",
        "/dev/nvme",
        "/dev/vd",
        "/dev/hd",
        "/dev/xvd",
        "/dev/mmcblk",
        "/dev/mapper/",
        "/dev/disk",
        "/proc/sysrq-trigger",
    ];
    DISKS.iter().any(|disk| path.starts_with(disk))
}

const KEEP: &str = "leave `.git` alone";

/// What git keeps its state in; locks and logs of its own making may go.
fn is_history(path: &str, case: &Case<'_>) -> bool {
    let git = format!("{}/.git", case.surroundings.root);
    let Some(inside) = path.strip_prefix(&git) else { return false };
    let state = ["/HEAD", "/index", "/packed-refs", "/refs", "/objects"];
    inside.is_empty()
        || !path.ends_with(".lock")
            && state.iter().any(|name| {
                inside
                    .strip_prefix(name)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            })
}

fn is_temporary(path: &str) -> bool {
    let inside = |folder: &&str| path == *folder || path.starts_with(&format!("{folder}/"));
    ["/tmp", "/var/tmp", "/dev/shm"].iter().any(inside)
}
