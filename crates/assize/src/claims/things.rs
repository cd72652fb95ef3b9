//! Whether a thing came or went, by the index as it is and as it was.

use std::collections::BTreeSet;

use assize_claims::{Thing, ThingKind};
use assize_index::resolve::World;
use assize_index::{FactRef, View};
use assize_model::FileClass;
use assize_syntax::{FactKind, Flags, Role};

use super::tree::mentioned;
use super::{Evidence, Judged};

/// Where a thing is defined: path and line.
type Places = BTreeSet<(String, u32)>;

pub(super) fn added(thing: &Thing, evidence: &Evidence<'_>) -> Result<Judged, String> {
    let now = places(thing, &evidence.project.view());
    if now.is_empty() {
        return Ok(absent(thing, evidence));
    }
    let past = evidence.past()?;
    let old = places(thing, &evidence.view_of(past));
    let base = Evidence::base_name(past);
    let known = paths(&old);
    if let Some(new) = now.iter().find(|(path, _)| !known.contains(path.as_str())) {
        return Ok(Judged::holds(format!("it is at {}, and was not at {base}", place(new))));
    }
    let there = now.first().map(place).unwrap_or_default();
    Ok(if evidence.base_is_sure() {
        Judged::fails(format!("it is at {there}, and was there at {base} already"))
    } else {
        Judged::open(format!("it is at {there}, and at {base} as well: name `--base`"))
    })
}

pub(super) fn removed(thing: &Thing, evidence: &Evidence<'_>) -> Result<Judged, String> {
    let now = places(thing, &evidence.project.view());
    let past = evidence.past()?;
    let old = places(thing, &evidence.view_of(past));
    let base = Evidence::base_name(past);
    let left = paths(&now);
    let gone = old.iter().find(|(path, _)| !left.contains(path.as_str()));
    Ok(match (now.first(), gone) {
        (None, Some(gone)) => Judged::holds(format!("it was at {} at {base}", place(gone))),
        (None, None) => Judged::open(format!("it is not there, and was not at {base} either")),
        (Some(left), Some(gone)) => {
            Judged::open(format!("it is gone from {}, and is at {}", place(gone), place(left)))
        }
        (Some(left), None) if now.len() == 1 => {
            Judged::fails(format!("it is still at {}", place(left)))
        }
        // One of several things of a name may have gone before.
        (Some(left), None) => Judged::open(format!("something of the name is at {}", place(left))),
    })
}

/// What defines nothing of the name may still be there in a way that is not read; what is not even
/// named is not.
fn absent(thing: &Thing, evidence: &Evidence<'_>) -> Judged {
    let Some(needle) = needle(thing) else {
        return Judged::open("nothing of the name is seen");
    };
    match mentioned(&needle, evidence) {
        Some((path, line)) => {
            let kind = thing.kind.word();
            Judged::open(format!("`{needle}` is at {path}:{line}, but no {kind} is seen there"))
        }
        None => Judged::fails(format!("no file of code or settings names `{needle}`")),
    }
}

/// The text by which anything that makes the thing would name it.
fn needle(thing: &Thing) -> Option<String> {
    let name = thing.name.as_str();
    match &thing.kind {
        // The longest part that is no parameter; frameworks join the rest.
        ThingKind::Route { .. } => {
            let fixed =
                |part: &&str| part.chars().all(|c| c.is_alphanumeric() || "-_.".contains(c));
            let parts = name.split('/').filter(|part| part.len() > 1).filter(fixed);
            parts.max_by_key(|part| part.len()).map(str::to_owned)
        }
        ThingKind::Table => Some(name.rsplit('.').next().unwrap_or(name).to_owned()),
        ThingKind::Env | ThingKind::Function | ThingKind::Type => Some(name.to_owned()),
        ThingKind::Package => Some(name.to_owned()),
        // A command may be put together, and a file may be called in another way.
        ThingKind::Command | ThingKind::File => None,
    }
}

/// Whether something that others reach is gone. That nothing breaks is more than can be proven.
pub(super) fn no_breaking(evidence: &Evidence<'_>) -> Result<Judged, String> {
    let past = evidence.past()?;
    let (now, old) = (evidence.project.view(), evidence.view_of(past));
    let kept: BTreeSet<(String, String)> =
        served(&now).into_iter().map(|(method, path, _)| (method, path)).collect();
    let gone = served(&old).into_iter().find(|(method, path, _)| {
        let any = || ("*".to_owned(), path.clone());
        !kept.contains(&(method.clone(), path.clone())) && !kept.contains(&any())
    });
    let base = Evidence::base_name(past);
    Ok(match gone {
        Some((method, path, at)) => Judged::fails(format!(
            "`{method} /{path}` was served at {base}, by {}, and is not any more",
            place(&at)
        )),
        None => Judged::open(format!("no route that was served at {base} is gone; more is unseen")),
    })
}

/// Method, shape of the path and place of each route that production code serves.
fn served(view: &View<'_>) -> Vec<(String, String, (String, u32))> {
    let world = World::new();
    let in_production =
        |path: &str| view.file(path).is_some_and(|file| file.class() == FileClass::Production);
    let routes = world.routes(view).served.iter().filter(|one| in_production(&one.file));
    let told = |one: &assize_index::resolve::routes::Served| {
        (one.method.clone(), shape(&one.path), (one.file.clone(), one.place.line))
    };
    routes.map(told).collect()
}

fn places(thing: &Thing, view: &View<'_>) -> Places {
    let name = thing.name.as_str();
    match &thing.kind {
        ThingKind::Route { method } => routes(method, name, view),
        ThingKind::Table => {
            let key = name.rsplit('.').next().unwrap_or(name).to_lowercase();
            let facts = view.lookup(FactKind::Table, Role::Definition, &key);
            of(facts.into_iter().filter(|fact| matches!(fact.item, "table" | "view")))
        }
        ThingKind::Env => {
            let [defined, read] = [Role::Definition, Role::Reference]
                .map(|role| view.lookup(FactKind::Env, role, name));
            let all = defined.into_iter().chain(read);
            of(all.filter(|fact| !fact.flags.has(Flags::MENTIONED)))
        }
        ThingKind::Function => {
            let bodies = view.facts(FactKind::Body, Role::Definition).into_iter();
            let named = |body: &FactRef<'_>| body.item.rsplit(['.', ':']).next() == Some(name);
            let mut all = symbols(name, view);
            all.extend(of(bodies.filter(named)));
            all
        }
        ThingKind::Type => symbols(name, view),
        ThingKind::Command => commands(name, view),
        ThingKind::File => files(name, view),
        ThingKind::Package => packages(name, view),
    }
}

fn of<'a>(facts: impl Iterator<Item = FactRef<'a>>) -> Places {
    facts.map(|fact| (fact.file.path().to_owned(), fact.place.line)).collect()
}

/// Names that a file has because it defines them, and not because it imports them.
fn symbols(name: &str, view: &View<'_>) -> Places {
    let own = |fact: &FactRef<'_>| {
        let mut imports = fact.file.facts_of(FactKind::Import, Role::Reference);
        !imports.any(|import| import.value == name)
    };
    of(view.lookup(FactKind::Symbol, Role::Definition, name).into_iter().filter(own))
}

fn commands(name: &str, view: &View<'_>) -> Places {
    let words: Vec<&str> = name.split_whitespace().collect();
    let key = match words.as_slice() {
        ["make", target] => format!("make:{target}"),
        ["npm" | "pnpm" | "yarn", "run", script] | ["yarn" | "pnpm", script] => {
            format!("npm:{script}")
        }
        [one] if !files(one, view).is_empty() => return files(one, view),
        [one] => {
            let keys = [format!("make:{one}"), format!("npm:{one}")];
            let found = keys.iter().flat_map(|key| target(key, view));
            return found.collect();
        }
        _ => return Places::new(),
    };
    target(&key, view)
}

fn target(key: &str, view: &View<'_>) -> Places {
    of(view.lookup(FactKind::Target, Role::Definition, key).into_iter())
}

fn files(name: &str, view: &View<'_>) -> Places {
    let path = name.trim_start_matches("./").trim_start_matches('/');
    if view.is_file(path) {
        return Places::from([(path.to_owned(), 1)]);
    }
    let tail = format!("/{path}");
    let base = path.rsplit('/').next().unwrap_or(path);
    let named = view.files_named(base).into_iter().map(|file| file.path().to_owned());
    named.filter(|one| one.ends_with(&tail)).map(|one| (one, 1)).collect()
}

fn packages(name: &str, view: &View<'_>) -> Places {
    let name = name.to_lowercase();
    let plain = name.replace(['_', '.'], "-");
    let keys = ["py", "npm", "go", "cargo", "maven", "nuget"]
        .into_iter()
        .flat_map(|kind| [format!("{kind}:{name}"), format!("{kind}:{plain}")]);
    let keys: BTreeSet<String> = keys.collect();
    let facts = keys.iter().flat_map(|key| view.lookup(FactKind::Package, Role::Definition, key));
    of(facts.filter(|fact| !fact.flags.any(Flags::LOCKED) && !fact.flags.has(Flags::MENTIONED)))
}

fn routes(method: &str, path: &str, view: &View<'_>) -> Places {
    let wanted = shape(path);
    let below = format!("/{wanted}");
    let fits = |own: &str| own == wanted || own.ends_with(&below);
    let world = World::new();
    let served = world.routes(view).served.iter().filter(|one| {
        let same = method == "*" || one.method == "*" || one.method == method;
        same && fits(&shape(&one.path))
    });
    let mut all: Places = served.map(|one| (one.file.clone(), one.place.line)).collect();
    // Routes of which nobody knows the application are facts all the same.
    let facts = view.facts(FactKind::Route, Role::Definition).into_iter();
    all.extend(of(facts.filter(|fact| {
        let same = method == "*" || fact.value == "*" || fact.value == method;
        same && fits(&shape(fact.key)) && !shape(fact.key).is_empty()
    })));
    all
}

/// A path with all parameters alike, in whatever way a framework writes them.
pub(crate) fn shape(path: &str) -> String {
    let part = |part: &str| {
        let written = part.starts_with([':', '{', '<', '[', '$', '*']);
        if written { "{}".to_owned() } else { part.to_owned() }
    };
    let parts: Vec<String> = path.split('/').filter(|part| !part.is_empty()).map(part).collect();
    parts.join("/")
}

fn paths(places: &Places) -> BTreeSet<&str> {
    places.iter().map(|(path, _)| path.as_str()).collect()
}

fn place((path, line): &(String, u32)) -> String {
    format!("{path}:{line}")
}
