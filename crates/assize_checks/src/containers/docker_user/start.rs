//! By which command an image starts, and whether that goes on as root.

use assize_index::FactRef;
use assize_syntax::{FactKind, Role};

use crate::Context;

/// Programs that start others as whom they are told, or that need root and are the purpose of the
/// image.
const MANAGERS: [&str; 14] = [
    "/init",
    "cron",
    "crond",
    "dockerd",
    "sshd",
    "supervisord",
    "systemd",
    "/sbin/init",
    "s6-svscan",
    "runit",
    "runsvdir",
    "apache2-foreground",
    "php-fpm",
    "monit",
];

/// What becomes of the rights with which a container begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Goes {
    AsItIs,
    /// A program or a script that cannot be seen decides.
    Unknown,
    /// A script of ours gives them up.
    Lower,
}

/// What the commands do by which an image starts.
pub(super) fn of(starts: &[&FactRef<'_>], context: &Context<'_>) -> Goes {
    let mut goes = Goes::AsItIs;
    for fact in starts {
        for word in words(fact.value) {
            if MANAGERS.iter().any(|one| word == *one || word.ends_with(&format!("/{one}"))) {
                return Goes::Unknown;
            }
            let name = word.rsplit('/').next().unwrap_or(word);
            let script = name.ends_with(".sh") || name.contains("entrypoint");
            if !script {
                continue;
            }
            let files = context.view.files_named(name);
            let lowers = files.iter().any(|file| {
                file.facts_of(FactKind::Setting, Role::Definition).any(|fact| fact.item == "drops")
            });
            if lowers {
                return Goes::Lower;
            }
            if files.is_empty() {
                goes = Goes::Unknown;
            }
        }
    }
    goes
}

pub(super) fn words(command: &str) -> impl Iterator<Item = &str> {
    command.split(|c: char| c.is_whitespace() || "[]\",;&|'".contains(c)).filter(|w| !w.is_empty())
}
