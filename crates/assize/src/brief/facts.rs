//! What is taken and what there is, by what a file is for.

use std::collections::{BTreeMap, BTreeSet};

use assize_index::{FactRef, View};
use assize_syntax::{FactKind, Flags, Role};

use super::{Line, Subject, What, listed, numbers};

/// How many things of one sort are named.
const NAMED_MAX: usize = 10;
const PLACES_MAX: usize = 4;
/// Lock files, and the manifests that they belong to.
#[rustfmt::skip]
const LOCKS: [(&str, &[&str]); 6] = [
    ("package.json", &["package-lock.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock"]),
    ("pyproject.toml", &["poetry.lock", "uv.lock", "pdm.lock"]),
    ("Pipfile", &["Pipfile.lock"]),
    ("Cargo.toml", &["Cargo.lock"]),
    ("go.mod", &["go.sum"]),
    ("requirements.txt", &["requirements.lock"]),
];

pub(super) fn of(subject: Subject, path: &str, view: View<'_>) -> Vec<Line> {
    let texts: Vec<String> = match subject {
        Subject::Migration => return numbers::of(path, view),
        Subject::Compose => ports(view).into_iter().chain(services(path, view)).collect(),
        Subject::Dockerfile => bases(view).into_iter().collect(),
        Subject::Route => routes(path, view).into_iter().collect(),
        Subject::Agent => agents(path, view).into_iter().collect(),
        Subject::Workflow => workflows(path, view).into_iter().collect(),
        Subject::Manifest => locks(path, view),
        Subject::Script | Subject::Other => Vec::new(),
    };
    texts.into_iter().map(|text| Line { what: What::Fact, text }).collect()
}

/// The ports that are taken, by registries and by what publishes them.
fn ports(view: View<'_>) -> Option<String> {
    let mut taken: BTreeMap<u32, String> = BTreeMap::new();
    let mut registries = BTreeSet::new();
    for role in [Role::Definition, Role::Reference] {
        for fact in view.facts(FactKind::Port, role) {
            if role == Role::Definition {
                registries.insert(fact.file.path().to_owned());
            }
            if let Ok(port) = fact.key.parse() {
                taken.entry(port).or_insert_with(|| fact.value.to_owned());
            }
        }
    }
    if taken.is_empty() {
        return None;
    }
    let count = taken.len();
    let name = |(port, service): (u32, String)| format!("{port} {service}").trim_end().to_owned();
    let named: Vec<String> = taken.into_iter().map(name).take(NAMED_MAX * 2).collect();
    let more = count.saturating_sub(named.len());
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    let registry = match registries.is_empty() {
        true => String::new(),
        false => format!("; the registry is {}", listed(&Vec::from_iter(registries), PLACES_MAX)),
    };
    Some(format!("ports that are taken: {}{rest}{registry}", named.join(", ")))
}

/// Services of other files.
fn services(path: &str, view: View<'_>) -> Option<String> {
    let all = view.facts(FactKind::Service, Role::Definition);
    let others = all.iter().filter(|fact| fact.file.path() != path);
    let names: BTreeMap<&str, &str> = others.map(|fact| (fact.key, fact.file.path())).collect();
    let named: Vec<String> = names.iter().map(|(name, file)| format!("{name} in {file}")).collect();
    (!named.is_empty()).then(|| format!("services of other files: {}", listed(&named, NAMED_MAX)))
}

/// The base images that Dockerfiles use, the most used first.
fn bases(view: View<'_>) -> Option<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let all = view.facts(FactKind::Image, Role::Reference);
    for fact in all.iter().filter(|fact| fact.flags.has(Flags::IN_DOCKERFILE)) {
        *counts.entry(fact.value).or_insert(0) += 1;
    }
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    let named: Vec<String> = counts.iter().map(|(image, _)| (*image).to_owned()).collect();
    (!named.is_empty()).then(|| format!("base images in use: {}", listed(&named, PLACES_MAX)))
}

/// Routes of other files that begin as this file's do, else those beside it.
fn routes(path: &str, view: View<'_>) -> Option<String> {
    let own: BTreeSet<&str> = view
        .file(path)
        .into_iter()
        .flat_map(|file| file.facts_of(FactKind::Route, Role::Definition))
        .map(|fact| head(fact.key))
        .collect();
    let stem = path.rsplit('/').next().and_then(|name| name.split('.').next()).unwrap_or("");
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let alike = |fact: &&FactRef<'_>| {
        let head = head(fact.key);
        fact.file.path() != path
            && !fact.flags.has(Flags::UNRESOLVED)
            && (own.contains(head) && !head.is_empty()
                || head == stem
                || own.is_empty() && fact.file.folder() == folder)
    };
    let all = view.facts(FactKind::Route, Role::Definition);
    let shown = |fact: &FactRef<'_>| {
        format!("{} {} {}:{}", fact.value, fact.key, fact.file.path(), fact.place.line)
    };
    let named: Vec<String> = all.iter().filter(alike).map(shown).collect();
    (!named.is_empty()).then(|| format!("routes that are served: {}", listed(&named, NAMED_MAX)))
}

/// The first part of a route's path.
fn head(key: &str) -> &str {
    key.trim_start_matches('/').split('/').next().unwrap_or("")
}

/// The names of other agents: one name is one agent's.
fn agents(path: &str, view: View<'_>) -> Option<String> {
    let all = view.facts(FactKind::Agent, Role::Definition);
    let others = all.iter().filter(|fact| fact.file.path() != path);
    let names: BTreeSet<String> = others.map(|fact| fact.key.to_owned()).collect();
    let named = Vec::from_iter(names);
    (!named.is_empty()).then(|| format!("names of agents: {}", listed(&named, NAMED_MAX)))
}

/// The other pipelines.
fn workflows(path: &str, view: View<'_>) -> Option<String> {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    if folder.is_empty() {
        return None;
    }
    let beside = view.files_under(folder).filter(|file| file.path() != path);
    let named: Vec<String> = beside.map(|file| file.name().to_owned()).collect();
    (!named.is_empty()).then(|| format!("other workflows: {}", listed(&named, NAMED_MAX)))
}

/// The lock that follows a manifest, and manifests of the same name elsewhere.
fn locks(path: &str, view: View<'_>) -> Vec<String> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let names = LOCKS.iter().find(|(of, _)| *of == name).map_or(&[][..], |(_, locks)| locks);
    // A workspace has one lock at its top.
    let place = |lock: &&str| {
        let mut above = Some(folder);
        while let Some(folder) = above {
            let path =
                if folder.is_empty() { (*lock).to_owned() } else { format!("{folder}/{lock}") };
            if view.is_file(&path) {
                return Some(path);
            }
            above = match folder {
                "" => None,
                folder => Some(folder.rsplit_once('/').map_or("", |(above, _)| above)),
            };
        }
        None
    };
    let mut told: Vec<String> = names
        .iter()
        .find_map(place)
        .map(|lock| format!("`{lock}` follows it: change both, with the package manager"))
        .into_iter()
        .collect();
    let others = view.files_named(name);
    let others: Vec<String> =
        others.iter().map(|file| file.path().to_owned()).filter(|other| other != path).collect();
    if !others.is_empty() {
        told.push(format!("manifests of that name: {}", listed(&others, PLACES_MAX)));
    }
    told
}
