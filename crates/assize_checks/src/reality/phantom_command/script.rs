//! Whether a called file is there, or may come to be.

use assize_index::resolve::ignored::Ignored;
use assize_index::{FactRef, FileRef, View};
use assize_model::normalise;
use assize_syntax::{FactKind, FileFlags, Flags, Role};

use super::{Answer, near};
use crate::Context;
use crate::unseen::{ends_a_path, is_fetched, runs_in_image};

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
    pub(super) ignored: &'a Ignored,
    paths: Vec<&'a str>,
    unpacks: bool,
    builds: bool,
}

impl<'a> Made<'a> {
    pub(super) fn of(file: FileRef<'a>, ignored: &'a Ignored) -> Self {
        let mut made = Self { ignored, paths: Vec::new(), unpacks: false, builds: false };
        for path in file.facts_of(FactKind::Path, Role::Reference) {
            // A mount makes its folder, but nothing inside.
            if !path.flags.has(Flags::CREATED) || path.item == "bind-mount" {
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

pub(super) fn answer(
    path: &str,
    fact: &FactRef<'_>,
    made: &Made<'_>,
    context: &Context<'_>,
) -> Answer {
    let view = &context.view;
    // A service is started by a file in a folder that it mounts, if that folder is there.
    if fact.flags.has(Flags::IN_COMPOSE) && !view.is_folder(fact.value) {
        return Answer::Unknown;
    }
    let places = places(path, fact);
    if places.iter().any(|place| exists(place, view)) {
        return Answer::Found;
    }
    let doubtful = |place: &String| {
        made.has(place)
            || is_made(place, view)
            || behind_link(place, view)
            || made.ignored.tells_of(place, view)
            || is_fetched(place, view)
            || is_made_by_framework(place, view)
    };
    if is_lone_manifest(fact, view) {
        return Answer::Unknown;
    }
    if fact.flags.has(Flags::DYNAMIC) && runs_in_image(fact.file, view) {
        return Answer::Unknown;
    }
    // Only pipelines and recipes run in an order that the file does not tell.
    let unpacks = made.unpacks && !fact.flags.has(Flags::IN_SCRIPT);
    let elsewhere = fact.flags.has(Flags::DYNAMIC) && ends_a_path(path, view);
    if unpacks || elsewhere || places.iter().any(doubtful) || !is_judged(path, fact, made) {
        return Answer::Unknown;
    }
    Answer::Missing { place: String::new(), nearest: context.hint(|| near::file(path, view)) }
}

/// `python -m package.module`, where the package lies in the working folder.
pub(super) fn module(name: &str, fact: &FactRef<'_>, made: &Made<'_>, view: &View<'_>) -> Answer {
    const ENDINGS: [&str; 5] = ["py", "pyi", "pyx", "pyd", "so"];
    let Some((package, last)) = name.rsplit_once('.') else { return Answer::Unknown };
    let Ok(folder) = normalise(fact.value, &package.replace('.', "/")) else {
        return Answer::Unknown;
    };
    let path = format!("{folder}/{last}");
    let there = view.exists(&path)
        || ENDINGS.iter().any(|ending| view.is_file(&format!("{path}.{ending}")));
    if there {
        return Answer::Found;
    }
    let file = format!("{path}.py");
    if !view.is_file(&format!("{folder}/__init__.py"))
        || made.unpacks
        || made.has(&file)
        || behind_link(&file, view)
        || made.ignored.tells_of(&file, view)
    {
        return Answer::Unknown;
    }
    Answer::Missing { place: folder, nearest: None }
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

/// `server.js` beside the settings of Next: its build writes one.
fn is_made_by_framework(path: &str, view: &View<'_>) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    name == "server.js"
        && ["next.config.js", "next.config.mjs", "next.config.ts", "next.config.cjs"]
            .iter()
            .any(|config| normalise(folder, config).is_ok_and(|path| view.is_file(&path)))
}

/// Whether a part of the path is a link, or another repository.
fn behind_link(path: &str, view: &View<'_>) -> bool {
    let ends = path.match_indices('/').map(|(at, _)| at);
    ends.filter_map(|end| view.file(path.get(..end)?))
        .any(|file| file.flags().0 & (FileFlags::LINK | FileFlags::GIT_LINK) != 0)
}

/// Whether the reference stands in a manifest that lies alone in a folder of sources: a part from
/// which some generator makes a project.
fn is_lone_manifest(fact: &FactRef<'_>, view: &View<'_>) -> bool {
    let folder = fact.file.folder();
    fact.file.name() == "package.json"
        && folder.split('/').any(|part| part == "src")
        && view.files_under(folder).take(2).count() == 1
}

/// Whether such a file would be in the tree if it existed.
fn is_judged(path: &str, fact: &FactRef<'_>, made: &Made<'_>) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let ending = name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()).map(|(_, end)| end);
    match ending {
        Some(ending) if fact.item == "source" => matches!(ending, "sh" | "bash"),
        Some(ending) => SCRIPT_ENDINGS.contains(&ending) && !name.contains(".local."),
        None if fact.item == "source" || name.starts_with('.') => false,
        // What lies in a folder of programs was built, unless the folder is kept.
        None => {
            let programs = path.rsplit('/').nth(1) == Some("bin");
            WRAPPERS.contains(&name) || !made.builds && !programs && path.contains('/')
        }
    }
}
