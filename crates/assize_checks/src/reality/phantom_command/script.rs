//! Whether a called file is there, or may come to be.

use assize_index::{FactRef, FileRef, View};
use assize_model::normalise;
use assize_syntax::{FactKind, FileFlags, Flags, Role};

use super::{Answer, near};

/// Folders of what tools make: their content is not in the tree.
const MADE_FOLDERS: [&str; 27] = [
    ".cache",
    ".next",
    ".nuxt",
    ".output",
    ".tox",
    ".venv",
    ".yarn",
    "__pycache__",
    "_build",
    "artifacts",
    "bazel-bin",
    "build",
    "coverage",
    "dist",
    "dist-packages",
    "env",
    "generated",
    "node_modules",
    "_",
    "obj",
    "out",
    "site-packages",
    "target",
    "temp",
    "tmp",
    "vendor",
    "venv",
];

/// Endings of what people write by hand and call.
const SCRIPT_ENDINGS: [&str; 15] = [
    "bash", "cjs", "cts", "ex", "js", "jsx", "mjs", "mts", "php", "pl", "ps1", "py", "rb", "sh",
    "ts",
];

/// Programs without an ending that are kept in trees.
const WRAPPERS: [&str; 4] = ["gradlew", "mvnw", "manage", "configure"];

/// What a file's own commands bring into being, in whichever step.
#[derive(Debug)]
pub(super) struct Made<'a> {
    paths: Vec<&'a str>,
    unpacks: bool,
    builds: bool,
}

impl<'a> Made<'a> {
    pub(super) fn of(file: FileRef<'a>) -> Self {
        let mut made = Self { paths: Vec::new(), unpacks: false, builds: false };
        for path in file.facts_of(FactKind::Path, Role::Reference) {
            if !path.flags.has(Flags::CREATED) {
                continue;
            }
            match (path.key, path.item) {
                ("", _) => made.unpacks = true,
                (_, "built") => made.builds = true,
                (key, _) => made.paths.push(key),
            }
        }
        made
    }

    fn has(&self, key: &str) -> bool {
        self.paths.iter().any(|made| {
            key.strip_prefix(made).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }
}

pub(super) fn answer(path: &str, fact: &FactRef<'_>, made: &Made<'_>, view: &View<'_>) -> Answer {
    let places = places(path, fact);
    if places.iter().any(|place| exists(place, view)) {
        return Answer::Found;
    }
    let doubtful =
        |place: &String| made.has(place) || is_made(place, view) || behind_link(place, view);
    // Only pipelines and recipes run in an order that the file does not tell.
    let unpacks = made.unpacks && !fact.flags.has(Flags::IN_SCRIPT);
    let elsewhere = fact.flags.has(Flags::DYNAMIC) && ends_a_path(path, view);
    if unpacks || elsewhere || places.iter().any(doubtful) || !is_judged(path, fact, made) {
        return Answer::Unknown;
    }
    Answer::Missing { place: String::new(), nearest: near::file(path, view) }
}

/// The paths that the reference may mean. Who starts a script, or names a Makefile from above,
/// may stand in any folder that holds it; pipelines and package scripts know their folder.
fn places(path: &str, fact: &FactRef<'_>) -> Vec<String> {
    let mut places = vec![path.to_owned()];
    let own = fact.file.repo_path();
    if fact.flags.has(Flags::DYNAMIC) {
        places.extend(own.ancestors().filter_map(|folder| normalise(folder, path).ok()));
    } else if fact.flags.has(Flags::IN_MAKEFILE)
        && let Some(rest) = path.strip_prefix(own.folder())
    {
        let rest = rest.trim_start_matches('/');
        places.extend(own.ancestors().filter_map(|folder| normalise(folder, rest).ok()));
    }
    places.sort();
    places.dedup();
    places
}

/// Whether some file's path ends with this one: its folder may be where the script is started.
fn ends_a_path(path: &str, view: &View<'_>) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    view.files_named(name)
        .iter()
        .any(|file| file.path().strip_suffix(path).is_some_and(|above| above.ends_with('/')))
}

/// Whether the path is there, as a shell, Python or Node would find it.
fn exists(path: &str, view: &View<'_>) -> bool {
    const TAILS: [&str; 9] =
        [".js", ".mjs", ".cjs", ".ts", ".mts", ".tsx", ".json", "/index.js", "/index.ts"];
    if view.is_file(path) || view.is_folder(path) {
        return true;
    }
    let name = path.rsplit('/').next().unwrap_or(path);
    !name.contains('.') && TAILS.iter().any(|tail| view.is_file(&format!("{path}{tail}")))
}

/// Whether the path lies in a folder that tools fill. One that the tree holds is no such folder.
fn is_made(path: &str, view: &View<'_>) -> bool {
    let mut end = 0;
    for part in path.split('/') {
        end += part.len();
        let folder = path.get(..end).unwrap_or(path);
        end += 1;
        if folder.len() < path.len() && MADE_FOLDERS.contains(&part) && !view.is_folder(folder) {
            return true;
        }
    }
    // The first of these are always made, even where something of theirs was committed.
    path.split('/').any(|part| matches!(part, "node_modules" | ".venv" | "venv" | "dist"))
}

/// Whether a part of the path is a link, or another repository.
fn behind_link(path: &str, view: &View<'_>) -> bool {
    let ends = path.match_indices('/').map(|(at, _)| at);
    ends.filter_map(|end| view.file(path.get(..end)?))
        .any(|file| file.flags().0 & (FileFlags::LINK | FileFlags::GIT_LINK) != 0)
}

/// Whether such a file would be in the tree if it existed.
fn is_judged(path: &str, fact: &FactRef<'_>, made: &Made<'_>) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let ending = name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()).map(|(_, end)| end);
    match ending {
        Some(ending) if fact.item == "source" => matches!(ending, "sh" | "bash"),
        Some(ending) => SCRIPT_ENDINGS.contains(&ending) && !name.contains(".local."),
        None if fact.item == "source" || name.starts_with('.') => false,
        None => WRAPPERS.contains(&name) || !made.builds && path.contains('/'),
    }
}
