//! The clients of this machine: where their settings lie, how our hooks stand in them, and which
//! version is installed.

mod installed;
mod places;

use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use assize_harness::{
    Client, SETTINGS_BYTES_MAX, SettingsFile, Standing, handlers, program_of, standing,
};
use assize_repo::read_up_to;

use crate::cli::Scope;
pub(crate) use installed::{in_use, is_installed, measured, unhooked, version, versions};
use places::silencing;
pub(crate) use places::{Place, places};

/// A version of Claude Code for which the shell around the hook is right.
pub(crate) const BEFORE_THE_SWITCH: &str = "0.0.0";

/// The hook's command line.
pub(crate) fn hook_command(client: Client, program: &Path) -> String {
    format!("'{}' hook {}", program.display(), client.name())
}

/// How our hooks stand in one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Hooks {
    /// The client does not ask us from this file.
    Absent,
    Live,
    /// Something stands in the way.
    Dead(String),
}

/// How our hooks stand in a scope, for each client that has files there. A client with a file for
/// each event is one; its first file stands for all.
pub(crate) fn stands(scope: Scope, root: &Path, machine: &Path) -> Vec<(Place, Hooks)> {
    let all: Vec<(Place, Hooks)> = places(scope, root, machine)
        .into_iter()
        .map(|place| (place.clone(), hooks(&place, root)))
        .collect();
    let of_one = all.chunk_by(|(one, _), (next, _)| one.client() == next.client());
    of_one.filter_map(|group| Some((group.first()?.0.clone(), together(group)))).collect()
}

fn together(group: &[(Place, Hooks)]) -> Hooks {
    let dead = group.iter().find(|(_, hooks)| matches!(hooks, Hooks::Dead(_)));
    if let Some((place, Hooks::Dead(why))) = dead {
        let one = group.len() == 1;
        let name = place.path.file_name().unwrap_or_default().display().to_string();
        return Hooks::Dead(if one { why.clone() } else { format!("{name}: {why}") });
    }
    let absent: Vec<String> = group
        .iter()
        .filter(|(_, hooks)| *hooks == Hooks::Absent)
        .map(|(place, _)| place.path.file_name().unwrap_or_default().display().to_string())
        .collect();
    match absent.len() {
        0 => Hooks::Live,
        all if all == group.len() => Hooks::Absent,
        _ => Hooks::Dead(format!("the client does not ask at {}", absent.join(", "))),
    }
}

/// Reads one file, and those that may switch it off; it runs nothing.
pub(crate) fn hooks(place: &Place, root: &Path) -> Hooks {
    match own_hooks(place) {
        Hooks::Live => silenced(place, root).map_or(Hooks::Live, |path| {
            Hooks::Dead(format!("`{}` switches all hooks off", path.display()))
        }),
        hooks @ (Hooks::Absent | Hooks::Dead(_)) => hooks,
    }
}

/// Another file that switches the hooks off.
fn silenced(place: &Place, root: &Path) -> Option<PathBuf> {
    let (kind, names) = silencing(place)?;
    let home = PathBuf::from(std::env::var_os("HOME").unwrap_or_default());
    let all = names.iter().flat_map(|name| [root.join(name), home.join(name)]);
    let off = |path: &PathBuf| {
        let text = read_up_to(path, SETTINGS_BYTES_MAX as u64).ok()?;
        let text = String::from_utf8(text).ok()?;
        standing(kind, &text, "", None).ok().map(|standing| standing.disabled)
    };
    all.into_iter().find(|path| off(path) == Some(true))
}

fn own_hooks(place: &Place) -> Hooks {
    if place.taken_by().is_some() {
        return Hooks::Absent;
    }
    let text = match read_up_to(&place.path, SETTINGS_BYTES_MAX as u64) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) if error.kind() == ErrorKind::NotFound => return Hooks::Absent,
        Err(error) => return Hooks::Dead(format!("cannot be read: {error}")),
    };
    let handlers = match handlers(place.file, &text) {
        Ok(handlers) => handlers,
        // Without a word of ours it is somebody else's file.
        Err(_) if !text.contains("assize") => return Hooks::Absent,
        Err(error) => return Hooks::Dead(error.to_string()),
    };
    let Some(program) = handlers.iter().find_map(|handler| program_of(&handler.command)) else {
        return Hooks::Absent;
    };
    if let Err(why) = runs(Path::new(&program)).and_then(|()| is_run(place)) {
        return Hooks::Dead(why);
    }
    let command = hook_command(place.client(), Path::new(&program));
    let standing = |version| standing(place.file, &text, &command, version);
    match (standing(None), standing(Some(BEFORE_THE_SWITCH))) {
        (Ok(new), Ok(old)) if new.is_right() || old.is_right() => Hooks::Live,
        (Ok(standing), _) => Hooks::Dead(obstacle(&standing)),
        (Err(error), _) => Hooks::Dead(error.to_string()),
    }
}

fn runs(program: &Path) -> Result<(), String> {
    let shown = program.display();
    match std::fs::metadata(program) {
        Ok(found) if found.is_file() && found.permissions().mode() & 0o111 != 0 => Ok(()),
        Ok(_) => Err(format!("`{shown}` cannot be run")),
        Err(error) => Err(format!("`{shown}`: {error}")),
    }
}

/// Whether the client can run the file itself, where it does.
fn is_run(place: &Place) -> Result<(), String> {
    match place.file {
        SettingsFile::ClineScript(_) if place.path.is_symlink() => {
            Err("the script is a link, which the client passes over".to_owned())
        }
        SettingsFile::ClineScript(_) => runs(&place.path),
        _ => Ok(()),
    }
}

fn obstacle(standing: &Standing) -> String {
    if standing.disabled {
        return "the file switches all hooks off".to_owned();
    }
    if standing.yields {
        return "the settings of a project can switch them off: the file does not say that hooks are \
                on"
            .to_owned();
    }
    if !standing.missing.is_empty() {
        return format!("the client does not ask at {}", standing.missing.join(", "));
    }
    if !standing.asynchronous.is_empty() {
        return format!("the client does not wait at {}", standing.asynchronous.join(", "));
    }
    format!("the entry for {} is not the one that `init` writes", standing.wrong.join(", "))
}
