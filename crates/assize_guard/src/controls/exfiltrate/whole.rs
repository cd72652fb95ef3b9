//! Whole projects, folders of a person and databases that leave for a host that nobody knows.
//!
//! One file is not enough, and neither is a build: both leave every day.

use crate::controls::{Case, Standing};
use crate::shell::is_strange;
use crate::{Effect, Place, Program};

/// What leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whole {
    Home,
    Dump,
    History,
    Project,
    /// A folder that git holds.
    Folder,
}

/// Programs by which a person copies to a machine of theirs.
const COPIES: [&str; 5] = ["ssh", "scp", "sftp", "rsync", "lftp"];
/// Programs that publish in a place that they are set up for.
const PUBLISHERS: [&str; 9] =
    ["gh", "glab", "docker", "podman", "gcloud", "gsutil", "az", "vercel", "netlify"];
/// Folders that are published whether or not git holds them.
const PUBLISHED: [&str; 9] =
    ["dist", "build", "target", "out", "public", "site", "docs", "coverage", "htmlcov"];
/// Ports on which stores of data listen.
const STORES: [&str; 9] =
    ["1433", "1521", "3306", "5432", "6379", "9042", "9200", "27017", "11211"];
/// Folders in which engines keep their databases.
const ENGINES: [&str; 3] = ["/var/lib/postgresql", "/var/lib/mysql", "/var/lib/mongodb"];

/// What of the whole leaves, and where to.
pub(super) fn leaves(case: &Case<'_>) -> Option<String> {
    let mut by: Option<&Program> = None;
    let mut remotes: Vec<(&str, &str)> = Vec::new();
    for effect in case.effects.iter() {
        match effect {
            Effect::Run(program) => {
                by = Some(program);
                if opens_store(program) {
                    return Some("a store of data would be open to the world".to_owned());
                }
                remotes.extend(added(program));
                if mirrors(program, &remotes) {
                    return Some("all branches would leave to a host nobody knows".to_owned());
                }
            }
            Effect::Network { host, sends, upload: true } => {
                let host = host.as_deref();
                let leaving = sends.iter().filter_map(|at| whole(at, case));
                if let Some(what) = leaving.into_iter().find(|what| goes_out(*what, host, by)) {
                    let host = host.unwrap_or("a host");
                    return Some(format!("{} would leave to {host}", what.told()));
                }
            }
            _ => {}
        }
    }
    None
}

impl Whole {
    const fn told(self) -> &'static str {
        match self {
            Self::Home => "the home folder",
            Self::Dump => "a whole database",
            Self::History => "the sources with their history",
            Self::Project => "the whole project",
            Self::Folder => "a folder of sources",
        }
    }
}

fn whole(at: &Place, case: &Case<'_>) -> Option<Whole> {
    let (path, below) = match at {
        Place::Known(path) => (path.trim_end_matches('/'), false),
        Place::Below(path) => (path.trim_end_matches('/'), true),
        Place::Unknown => return None,
    };
    let root = case.surroundings.root.trim_end_matches('/');
    let home = case.surroundings.home.trim_end_matches('/');
    let holds = |inner: &str| {
        !inner.is_empty()
            && inner.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    if ENGINES.contains(&path) {
        return Some(Whole::Dump);
    }
    if path == root {
        return Some(Whole::Project);
    }
    let inside = path.strip_prefix(root).and_then(|rest| rest.strip_prefix('/'));
    match inside {
        Some(".git") => Some(Whole::History),
        Some(inside) => {
            let first = inside.split('/').next().unwrap_or(inside);
            // Files that tools leave in a folder change its standing, not what git holds of it.
            let held = || {
                (case.tracked)(&[path]) > 0
                    || matches!((case.standing)(path), Standing::Clean | Standing::Changed)
            };
            (below && !PUBLISHED.contains(&first) && held()).then_some(Whole::Folder)
        }
        None => holds(home).then_some(Whole::Home),
    }
}

fn goes_out(what: Whole, host: Option<&str>, by: Option<&Program>) -> bool {
    let Some(by) = by else { return false };
    let name = by.name.as_str();
    let words = || by.words.iter().flatten().map(String::as_str);
    match name {
        _ if COPIES.contains(&name) => {
            matches!(what, Whole::Dump | Whole::Home) && host.is_some_and(is_bare)
        }
        _ if PUBLISHERS.contains(&name) => false,
        // The remote is described in the word itself: `:s3,provider=..:bucket`.
        "rclone" => words().any(|word| word.starts_with(':') && word.len() > 1),
        "aws" => words().any(|word| word.starts_with("public-read")),
        _ if host.is_none() => name.starts_with("python") && what == Whole::Home,
        _ => host.is_some_and(is_strange),
    }
}

/// An address of the world without a name.
fn is_bare(host: &str) -> bool {
    let parts: Option<Vec<u8>> = host.split('.').map(|part| part.parse().ok()).collect();
    match parts.as_deref() {
        Some([10 | 127, ..] | [192, 168, ..] | [169, 254, ..] | [172, 16..=31, ..]) => false,
        Some(parts) => parts.len() == 4,
        None => false,
    }
}

/// `ngrok tcp 5432`, `cloudflared tunnel --url tcp://localhost:5432`, `lt --port 5432`.
fn opens_store(program: &Program) -> bool {
    let words = || program.words.iter().flatten().map(String::as_str);
    let tunnels = match program.name.as_str() {
        "ngrok" => words().any(|word| word == "tcp"),
        "cloudflared" => words().any(|word| word == "tunnel"),
        "lt" | "localtunnel" | "bore" => true,
        _ => false,
    };
    let port = |word: &str| word.rsplit([':', '=']).next().is_some_and(|p| STORES.contains(&p));
    tunnels && words().any(port)
}

/// The remote that `git remote add NAME URL` makes.
fn added(program: &Program) -> Option<(&str, &str)> {
    match operands(program).as_slice() {
        ["remote", "add" | "set-url", name, url, ..] => Some((name, url)),
        _ => None,
    }
}

/// `git push URL --all`, or the name of a remote that was added in the same command.
fn mirrors(program: &Program, remotes: &[(&str, &str)]) -> bool {
    let all = program.words.iter().flatten().any(|word| word == "--all" || word == "--mirror");
    let operands = operands(program);
    let ["push", target, ..] = operands.as_slice() else { return false };
    let foreign = |url: &str| {
        let far = url.contains("://") && !url.starts_with("file:") || url.contains('@');
        far && is_strange(url)
    };
    let named = |(name, url): &(&str, &str)| {
        name == target && !matches!(*name, "origin" | "upstream") && foreign(url)
    };
    all && (foreign(target) || remotes.iter().any(named))
}

/// The words of a step of git that are no options.
fn operands(program: &Program) -> Vec<&str> {
    if program.name != "git" {
        return Vec::new();
    }
    let words = program.words.iter().flatten().map(String::as_str);
    words.filter(|word| !word.starts_with('-')).take(OPERANDS_MAX).collect()
}

/// How many words of a step of git are looked at.
const OPERANDS_MAX: usize = 8;
