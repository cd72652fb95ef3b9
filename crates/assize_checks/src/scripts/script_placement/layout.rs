//! Where the scripts of a kind belong: what the configuration says, what the repository itself
//! keeps to, or the letter of the rules.

use std::collections::BTreeSet;

use assize_config::{Profile, Settings};
use assize_index::FactRef;

use crate::purpose;

/// One kind of scripts.
#[derive(Debug)]
pub(super) struct Duty {
    word: &'static str,
    /// What such a script does, for messages.
    pub(super) does: &'static str,
    /// Names of folders that are for nothing else.
    folders: &'static [&'static str],
    /// The folder by the letter of the rules.
    letter: &'static str,
}

const DUTIES: [Duty; 6] = [
    Duty {
        word: "deploy",
        does: "deploys",
        folders: &["deploy", "deployment", "deployments"],
        letter: "scripts/backend/deployment",
    },
    Duty {
        word: "validation",
        does: "validates",
        folders: &["validation", "validate", "validators", "checks", "lint", "linting"],
        letter: "scripts/backend/validation",
    },
    Duty {
        word: "monitoring",
        does: "monitors",
        folders: &["monitoring", "monitor", "healthchecks", "observability"],
        letter: "monitoring",
    },
    Duty {
        word: "orchestration",
        does: "starts and stops services",
        folders: &["orchestration", "orchestrate", "services"],
        letter: "scripts/backend/orchestration",
    },
    Duty {
        word: "testing",
        does: "runs tests",
        folders: &["test", "tests", "testing"],
        letter: "testing",
    },
    Duty {
        word: "management",
        does: "administers",
        folders: &["management", "manage", "admin", "maintenance", "database", "db", "backup"],
        letter: "scripts/backend/management",
    },
];

/// Names of the folder that holds the folders of scripts.
const ABOVE: [&str; 2] = ["scripts", "script"];

/// Folders whose tool or image decides what stands in them.
const SET: [&str; 7] = ["bin", "ci", "docker", "entrypoints", "hooks", "packaging", "templates"];

/// Names that tools and images look for where they are.
const NAMED: [&str; 3] = ["gradlew", "mvnw", "entrypoint"];

/// Where the scripts of a kind belong.
#[derive(Debug)]
pub(super) enum Layout {
    /// In these folders and nowhere else.
    Said(Vec<String>),
    /// In the folder at the second place, where they stand in that at the first.
    Kept(BTreeSet<(String, String)>),
}

/// The kind with this word.
pub(super) fn duty(word: &str) -> Option<&'static Duty> {
    DUTIES.iter().find(|duty| duty.word == word)
}

impl Layout {
    pub(super) fn of(duty: &Duty, scripts: &[&FactRef<'_>], settings: &Settings) -> Self {
        match settings.script_folders.get(duty.word) {
            Some(folders) if !folders.is_empty() => Self::Said(folders.clone()),
            _ if settings.profile == Profile::Strict => Self::Said(vec![duty.letter.to_owned()]),
            _ => {
                let kept = scripts.iter().filter_map(|script| kept(duty, script.file.path()));
                Self::Kept(kept.map(|(above, home)| (above.into(), home.into())).collect())
            }
        }
    }

    /// Where a script belongs that stands elsewhere.
    pub(super) fn home_of(&self, duty: &Duty, path: &str) -> Option<String> {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        if is_set(folder, name) || duty.word == "deploy" && purpose::is_aside(path) {
            return None;
        }
        match self {
            Self::Said(folders) => {
                let at_home = folders.iter().any(|home| is_in(path, home));
                folders.first().filter(|_| !at_home).cloned()
            }
            Self::Kept(homes) => {
                let stem = name.split('.').next().unwrap_or(name);
                // `scripts/deploy.sh` beside `scripts/deploy` is the way into it.
                let entry = duty.folders.contains(&stem);
                let strays = |above: &str| folder == above || is_of_another(duty, folder, above);
                let mut homes = homes.iter().filter(|(above, _)| !entry && strays(above));
                homes.next().map(|(_, home)| home.clone())
            }
        }
    }
}

/// The folder of scripts and that for a kind in it, where the path goes through both.
fn kept<'p>(duty: &Duty, path: &'p str) -> Option<(&'p str, &'p str)> {
    let (folder, _) = path.rsplit_once('/')?;
    let mut at = 0;
    let mut above = None;
    for part in folder.split('/') {
        let end = at + part.len();
        if above.is_some() && duty.folders.contains(&part) {
            return Some((above?, folder.get(..end)?));
        }
        above = ABOVE.contains(&part).then_some(folder.get(..end)?);
        at = end + 1;
    }
    None
}

/// Whether a folder is that of another kind in the same folder of scripts.
fn is_of_another(duty: &Duty, folder: &str, above: &str) -> bool {
    let Some((parent, last)) = folder.rsplit_once('/') else { return false };
    let other = DUTIES.iter().find(|other| other.folders.contains(&last));
    parent == above && other.is_some_and(|other| other.word != duty.word)
}

fn is_in(path: &str, folder: &str) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// Whether something else than its kind decides where a script stands.
fn is_set(folder: &str, name: &str) -> bool {
    let placed = folder.split('/').any(|part| part.starts_with('.') || SET.contains(&part));
    let at_root = folder.is_empty() && name == "deploy.sh";
    let named = NAMED.iter().any(|one| name.contains(one));
    placed || at_root || named
}
