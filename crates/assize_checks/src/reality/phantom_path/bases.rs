//! The folders from which the paths of one file may be meant.
//!
//! A compose file may be run from another folder, a script called from the root, and a Dockerfile
//! does not know its context at all. So a path that exists under some other base is doubtful, not
//! missing.

use std::collections::BTreeSet;

use assize_index::resolve::ignored::Ignored;
use assize_index::{FactRef, FileRef, View};
use assize_model::normalise;
use assize_syntax::{Dialect, FactKind, FileFlags, Flags, Role};

use crate::unseen::{is_fetched, runs_in_image};
use crate::{Context, glob};

/// How many contexts of one Dockerfile are tried.
const CONTEXTS_MAX: usize = 64;

/// What is known of the paths of one file.
#[derive(Debug)]
pub(super) struct Bases<'a> {
    view: View<'a>,
    ignored: &'a Ignored,
    file: FileRef<'a>,
    /// The folder of the file and all above it, and for Dockerfiles the contexts that name them.
    folders: Vec<String>,
    /// What the file itself makes.
    made: BTreeSet<&'a str>,
    /// A command in the file may have brought in anything.
    unpacks: bool,
    /// Not all sources of the Dockerfile are under these folders, but all are under another one.
    elsewhere: bool,
    /// Something in the repository tells the context of the Dockerfile.
    told: bool,
}

impl<'a> Bases<'a> {
    pub(super) fn new(file: FileRef<'a>, paths: &[FactRef<'a>], context: &Context<'a>) -> Self {
        let view = &context.view;
        let path = file.repo_path();
        let mut folders: Vec<String> = path.ancestors().map(str::to_owned).collect();
        let is_dockerfile = file.dialect() == Dialect::Dockerfile;
        let contexts = if is_dockerfile { contexts(file, view) } else { Vec::new() };
        let told = !contexts.is_empty() || file.folder().is_empty();
        folders.extend(contexts);
        let created = || paths.iter().filter(|path| path.flags.has(Flags::CREATED));
        let named = created().filter(|path| !path.key.is_empty() && !is_mounted(path.item));
        let made = named.map(|path| path.key).collect();
        let unpacks = created().any(|path| path.key.is_empty());
        let mut bases = Self {
            view: *view,
            ignored: context.world.ignored(view),
            file,
            folders,
            made,
            unpacks,
            elsewhere: false,
            told,
        };
        bases.elsewhere =
            is_dockerfile && (bases.lie_elsewhere(paths) || !told && bases.is_assembled());
        bases
    }

    /// Whether a build of Maven or Gradle puts the context of the Dockerfile together.
    fn is_assembled(&self) -> bool {
        let path = self.file.repo_path();
        path.ancestors().any(|folder| {
            let holds = |name: &str| normalise(folder, name).is_ok_and(|p| self.view.is_file(&p));
            holds("build.gradle")
                || holds("build.gradle.kts")
                || folder != self.file.folder() && holds("pom.xml")
        })
    }

    /// Whether it is certain enough what a path is relative to: for a source to copy, something
    /// tells the context, or the context is the root.
    pub(super) fn is_sure(&self, path: &FactRef<'_>) -> bool {
        path.item != "copy-source" || self.told
    }

    /// Whether the file is laid over compose files of another folder: the first of them decides
    /// what paths are relative to.
    fn is_overlay(&self) -> bool {
        let folder = self.file.folder();
        self.file.dialect() == Dialect::Compose
            && self.file.name().contains("override")
            && !["docker-compose.yml", "docker-compose.yaml", "compose.yml", "compose.yaml"]
                .iter()
                .any(|name| normalise(folder, name).is_ok_and(|path| self.view.is_file(&path)))
    }

    /// Whether the path exists where the file says.
    pub(super) fn exists(&self, path: &FactRef<'_>) -> bool {
        match path.item {
            "copy-source" => self.folders.iter().any(|base| self.copies_from(base, path)),
            "action" => self.is_action(path.key),
            "dockerfile" => self.is_dockerfile(path),
            _ => self.has(path.key, path.flags),
        }
    }

    /// Whether the path may exist after all: made by the file itself, under another base, or
    /// behind a link.
    pub(super) fn is_doubtful(&self, path: &FactRef<'_>) -> bool {
        if path.item == "copy-source" {
            return self.elsewhere
                || path.flags.has(Flags::GLOB)
                || self.is_program(path.value)
                || self.is_of_root(path.value)
                || self.under(path.value).any(|key| self.ignored.tells_of(&key, &self.view));
        }
        let key = path.key;
        path.value.starts_with('/')
            || self.is_overlay()
            || self.is_made(key)
            || self.unpacks && path.item == "working-directory"
            || behind_link(key, &self.view)
            || self.ignored.tells_of(key, &self.view)
            || is_fetched(key, &self.view)
            || path.flags.has(Flags::DYNAMIC) && self.started_elsewhere(path)
            || self.is_elsewhere(path) && !self.is_own_context(path)
    }

    /// Whether the path exists under another base.
    pub(super) fn is_elsewhere(&self, path: &FactRef<'_>) -> bool {
        self.shifted(path).any(|other| self.has(&other, path.flags))
    }

    /// Whether a path of a script may be there from where the script is started, or was copied
    /// there before.
    fn started_elsewhere(&self, path: &FactRef<'_>) -> bool {
        path.item == "working-directory"
            || !self.view.files_named(path.key.rsplit('/').next().unwrap_or("")).is_empty()
            || self.under(path.key).any(|key| self.has(&key, path.flags))
            || runs_in_image(self.file, &self.view)
    }

    /// Whether a compose file's context repeats the file's own folder, as if it was relative to the
    /// root, and nothing in the repository gives the project another folder, or reads the file
    /// together with others.
    fn is_own_context(&self, path: &FactRef<'_>) -> bool {
        let doubled = relative(path.value.trim_start_matches("./"), self.file.folder());
        let at_root = self.file.folder().is_empty();
        let compose = self.file.dialect() == Dialect::Compose;
        if path.item != "build-context" || !compose || at_root || doubled.is_none() {
            return false;
        }
        let users = self.view.lookup(FactKind::Path, Role::Reference, self.file.path());
        users.iter().all(|user| {
            let mut composed = BTreeSet::new();
            user.item == "compose-file"
                && user.file.facts_of(FactKind::Path, Role::Reference).all(|other| {
                    let first = other.item == "compose-file" && composed.insert(other.key);
                    other.item != "project-directory" && (!first || composed.len() < 2)
                })
        })
    }

    /// Whether the file makes the path, something above it, or something below it.
    fn is_made(&self, key: &str) -> bool {
        let below = format!("{key}/");
        let ends = key.match_indices('/').map(|(at, _)| at).chain([key.len()]);
        ends.filter_map(|end| key.get(..end)).any(|above| self.made.contains(above))
            || self.made.range(below.as_str()..).next().is_some_and(|made| made.starts_with(&below))
    }

    /// The places that the path would name if the file were used from a folder above its own.
    fn shifted(&self, path: &FactRef<'_>) -> impl Iterator<Item = String> {
        let below = relative(path.key, self.file.folder());
        // A Dockerfile is written relative to its context, all else relative to the file.
        let written = match (path.item, below) {
            ("dockerfile", Some(below)) => below,
            _ => path.value,
        }
        .to_owned();
        self.folders.iter().filter_map(move |base| normalise(base, &written).ok())
    }

    fn has(&self, key: &str, flags: Flags) -> bool {
        if flags.has(Flags::GLOB) { glob::any(&self.view, key) } else { self.view.exists(key) }
    }

    /// A folder with an action in it, or a workflow.
    fn is_action(&self, key: &str) -> bool {
        let inside = |name: &str| normalise(key, name).is_ok_and(|path| self.view.is_file(&path));
        self.view.is_file(key)
            || ["action.yml", "action.yaml", "Dockerfile"].into_iter().any(inside)
    }

    /// A Dockerfile; the usual names where none is written. A missing context is a finding of its
    /// own, which this one would only repeat.
    fn is_dockerfile(&self, path: &FactRef<'_>) -> bool {
        if self.view.is_file(path.key) {
            return true;
        }
        let written = if path.value.is_empty() { "Dockerfile" } else { path.value };
        let Ok(tail) = normalise("", written) else { return false };
        let Some(context) = path.key.strip_suffix(tail.as_str()) else { return false };
        let context = context.trim_end_matches('/');
        if path.flags.has(Flags::IN_COMPOSE) && !self.is_context(context) {
            return true;
        }
        let usual =
            |name: &&str| normalise(context, name).is_ok_and(|path| self.view.is_file(&path));
        path.value.is_empty() && ["dockerfile", "Containerfile"].iter().any(usual)
    }

    /// Whether a build context is there, from whichever folder the file is used.
    fn is_context(&self, folder: &str) -> bool {
        let below = relative(folder, self.file.folder()).unwrap_or(folder);
        self.view.exists(folder)
            || self
                .folders
                .iter()
                .any(|base| normalise(base, below).is_ok_and(|other| self.view.exists(&other)))
    }

    /// What a source to copy would name under each base.
    fn under(&self, written: &str) -> impl Iterator<Item = String> {
        let written = written.trim_start_matches('/').to_owned();
        self.folders.iter().filter_map(move |base| normalise(base, &written).ok())
    }

    /// Whether a source is most likely a program that is built before the image: a name without an
    /// ending, alone or in a folder that is there.
    fn is_program(&self, written: &str) -> bool {
        let written = written.trim_start_matches("./").trim_matches('/');
        match written.rsplit_once('/') {
            None => is_bare(written),
            Some((folder, name)) => {
                is_bare(name) && self.under(folder).any(|key| self.view.is_folder(&key))
            }
        }
    }

    /// Whether a source to copy is in the context; a leading slash means the context itself.
    fn copies_from(&self, base: &str, path: &FactRef<'_>) -> bool {
        let written = path.value.trim_start_matches('/');
        normalise(base, written).is_ok_and(|key| self.has(&key, path.flags))
    }

    /// Whether a source that is written from the root of the system ends like a path of the tree:
    /// an image built there has that root as its context.
    fn is_of_root(&self, written: &str) -> bool {
        let Some(mut rest) = written.strip_prefix('/') else { return false };
        while let Some((_, tail)) = rest.split_once('/') {
            if !tail.is_empty() && self.view.exists(tail.trim_end_matches('/')) {
                return true;
            }
            rest = tail;
        }
        false
    }

    /// Whether the sources of a Dockerfile, none of which is under a known base, are all together
    /// under some other folder: then that folder is its context.
    fn lie_elsewhere(&self, paths: &[FactRef<'_>]) -> bool {
        let plain = Flags::GLOB.with(Flags::UNRESOLVED).with(Flags::CREATED);
        let sources: Vec<&FactRef<'_>> = paths
            .iter()
            .filter(|path| path.item == "copy-source" && !path.flags.any(plain))
            .filter(|path| normalise("", path.value.trim_start_matches('/')) != Ok(String::new()))
            .collect();
        let Some(first) = sources.first() else { return false };
        if sources.iter().all(|source| self.exists(source)) {
            return false;
        }
        let Ok(wanted) = normalise("", first.value.trim_start_matches('/')) else { return false };
        let (inside, at_end) = (format!("/{wanted}/"), format!("/{wanted}"));
        let mut tried: Vec<&str> = Vec::new();
        for file in self.view.files() {
            let path = file.path();
            let end = path.find(&inside).or_else(|| path.strip_suffix(&at_end).map(str::len));
            let Some(folder) = end.and_then(|end| path.get(..end)) else { continue };
            if tried.last() == Some(&folder) || tried.len() >= CONTEXTS_MAX {
                continue;
            }
            tried.push(folder);
            if sources.iter().all(|source| self.copies_from(folder, source)) {
                return true;
            }
        }
        false
    }
}

/// The contexts with which other files build this Dockerfile.
fn contexts(file: FileRef<'_>, view: &View<'_>) -> Vec<String> {
    let mut found = Vec::new();
    for reference in view.lookup(FactKind::Path, Role::Reference, file.path()) {
        if reference.item != "dockerfile" {
            continue;
        }
        let others = reference.file.facts_of(FactKind::Path, Role::Reference);
        let contexts = others.filter(|other| other.item == "build-context");
        found.extend(contexts.map(|other| other.key.to_owned()).take(CONTEXTS_MAX));
        if found.len() >= CONTEXTS_MAX {
            break;
        }
    }
    found.sort();
    found.dedup();
    found
}

/// A mount makes its source when the project runs, but nothing inside it.
fn is_mounted(item: &str) -> bool {
    matches!(item, "bind-mount" | "env-file")
}

/// A name without an ending is most often a program; the names that folders of sources and
/// well-known files have are not.
fn is_bare(name: &str) -> bool {
    const KNOWN: &[&str] = &[
        "api",
        "app",
        "backend",
        "client",
        "cmd",
        "conf",
        "config",
        "configs",
        "docker",
        "frontend",
        "internal",
        "lib",
        "migrations",
        "pkg",
        "public",
        "scripts",
        "server",
        "services",
        "shared",
        "sql",
        "src",
        "static",
        "templates",
        "test",
        "tests",
        "utils",
        "web",
        "Gemfile",
        "LICENSE",
        "Makefile",
        "Pipfile",
        "Procfile",
        "README",
        "VERSION",
    ];
    !name.contains('.') && !KNOWN.contains(&name)
}

/// Whether a part of the path is a link, or another repository.
fn behind_link(key: &str, view: &View<'_>) -> bool {
    let ends = key.match_indices('/').map(|(at, _)| at).chain([key.len()]);
    ends.filter_map(|end| view.file(key.get(..end)?))
        .any(|file| file.flags().0 & (FileFlags::LINK | FileFlags::GIT_LINK) != 0)
}

/// What of a path lies below a folder.
fn relative<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    let rest = path.strip_prefix(folder)?;
    if folder.is_empty() || rest.is_empty() { Some(rest) } else { rest.strip_prefix('/') }
}
