//! `search_before_create`: what there is already under a name, or under one like it.
//!
//! The guard compares a whole file with the tree; here only a name is known, so that everything
//! that has one is asked: symbols, files, tables, routes, variables, packages, commands.

use std::collections::BTreeSet;

use assize_guard::controls::search_before_create::{likeness, terms};
use assize_index::View;
use assize_index::resolve::World;
use assize_serve::Answer;
use assize_syntax::{FactKind, Role};
use serde_json::{Value, json};

use super::Asked;
use super::arguments::Arguments;
use super::bounds;
use super::ground::Ground;

const LIMIT: usize = 20;
const LIMIT_MAX: usize = 100;
/// From here on two names are alike, of 1: as the guard has it.
const ALIKE_MIN: f64 = 0.7;
/// Kinds of which a key is a name.
const NAMED: [FactKind; 8] = [
    FactKind::Symbol,
    FactKind::Table,
    FactKind::Env,
    FactKind::Package,
    FactKind::Target,
    FactKind::Service,
    FactKind::Agent,
    FactKind::Image,
];
const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

/// Something that is there.
#[derive(Debug, PartialEq)]
struct Found {
    kind: &'static str,
    name: String,
    path: String,
    line: u32,
    /// Of 1; 1 is the same name.
    likeness: f64,
}

pub(super) fn input() -> Value {
    json!({
        "name": {
            "type": "string",
            "description": "A name (`OrderService`, `order_items`, `DATABASE_URL`), a path of a \
                            file, or a route such as `GET /orders/{id}`.",
        },
        "limit": {
            "type": "integer", "minimum": 0, "maximum": LIMIT_MAX,
            "description": "How many to show; 20 where it is not given.",
        },
    })
}

pub(super) fn search(ground: &Ground, arguments: &Arguments<'_>) -> Asked {
    let name = arguments.text("name")?;
    let limit = arguments.number("limit", LIMIT, LIMIT_MAX)?;
    let project = ground.project()?;
    let view = project.view();
    let mut found = match route(name) {
        Some((method, path)) => routes(method, path, &view),
        None => named(name, &view),
    };
    found.sort_by(|a, b| {
        let by_name = (a.kind, &a.path, a.line).cmp(&(b.kind, &b.path, b.line));
        b.likeness.total_cmp(&a.likeness).then(by_name)
    });
    Ok(answer(name, &found, limit))
}

fn answer(name: &str, found: &[Found], limit: usize) -> Answer {
    let shown = found.get(..limit).unwrap_or(found);
    let mut text = match found.first() {
        None => format!("nothing is called `{name}` or like it\n"),
        Some(first) if first.likeness < 1.0 => {
            format!("nothing is called `{name}`; these are like it\n")
        }
        Some(_) => format!("`{name}` is there: extend it, do not make another\n"),
    };
    for one in shown {
        let line = format!("{} {}  {}:{}", one.kind, one.name, one.path, one.line);
        text.push_str(&format!("{}\n", assize_report::inline(&line)));
    }
    text.push_str(&bounds::rest(shown.len(), found.len(), "name it more exactly"));
    let one = |one: &Found| {
        json!({
            "kind": one.kind,
            "name": bounds::value(&one.name),
            "path": one.path,
            "line": one.line,
            "same": one.likeness >= 1.0,
        })
    };
    let data = json!({
        "all": found.len(),
        "cut": found.len() > shown.len(),
        "found": shown.iter().map(one).collect::<Vec<_>>(),
    });
    Answer::good(text, data)
}

/// The method and the path of a route; `*` where no method is said.
fn route(name: &str) -> Option<(&str, &str)> {
    if let Some((method, path)) = name.split_once(char::is_whitespace) {
        let known = METHODS.into_iter().find(|known| known.eq_ignore_ascii_case(method))?;
        let path = path.trim();
        return path.starts_with('/').then_some((known, path));
    }
    // A path that begins at the root is none of the repository.
    name.starts_with('/').then_some(("*", name))
}

fn routes(method: &str, path: &str, view: &View<'_>) -> Vec<Found> {
    let world = World::new();
    let wanted = shape(path);
    let mut found = Vec::new();
    for served in &world.routes(view).served {
        let (own, likeness) = (shape(&served.path), likeness(&served.path, path));
        let same_method = method == "*" || served.method == "*" || served.method == method;
        let likeness = match (own == wanted, same_method) {
            (true, true) => 1.0,
            (true, false) => 0.99,
            (false, _) if likeness >= ALIKE_MIN => likeness.min(0.98),
            (false, _) => continue,
        };
        found.push(Found {
            kind: "route",
            name: format!("{} {}", served.method, served.path),
            path: served.file.clone(),
            line: served.place.line,
            likeness,
        });
    }
    found
}

/// A path with all parameters alike, in whatever way a framework writes them.
fn shape(path: &str) -> String {
    let part = |part: &str| {
        let written = part.starts_with([':', '{', '<', '[', '$', '*']);
        if written { "{}".to_owned() } else { part.to_owned() }
    };
    let parts: Vec<String> = path.split('/').filter(|part| !part.is_empty()).map(part).collect();
    parts.join("/")
}

fn named(name: &str, view: &View<'_>) -> Vec<Found> {
    let mut found = files(name, view);
    let begins = begins(name);
    for kind in NAMED {
        let mut last: Option<(&str, f64)> = None;
        for fact in view.facts(kind, Role::Definition) {
            let known = last.filter(|(key, _)| *key == fact.key);
            let likeness = match known {
                Some((_, likeness)) => likeness,
                None => alike(bare(kind, fact.key), name, &begins),
            };
            last = Some((fact.key, likeness));
            if likeness >= ALIKE_MIN {
                found.push(Found {
                    kind: kind.word(),
                    name: fact.key.to_owned(),
                    path: fact.file.path().to_owned(),
                    line: fact.place.line,
                    likeness,
                });
            }
        }
    }
    let mut seen = BTreeSet::new();
    found.retain(|one| seen.insert((one.kind, one.name.clone(), one.path.clone())));
    found
}

/// A key without the prefix that says of what it is.
fn bare(kind: FactKind, key: &str) -> &str {
    match kind {
        FactKind::Package | FactKind::Target => key.split_once(':').map_or(key, |(_, name)| name),
        _ => key,
    }
}

/// The beginnings of the words of a name: what shares none of them is not alike.
fn begins(name: &str) -> Vec<String> {
    let begin = |term: String| term.chars().take(4).collect::<String>();
    terms(name).into_iter().map(begin).collect()
}

fn alike(other: &str, name: &str, begins: &[String]) -> f64 {
    if other.eq_ignore_ascii_case(name) {
        return 1.0;
    }
    let near = other.len().abs_diff(name.len()) * 2 <= name.len().max(4);
    let lower = || other.to_lowercase();
    if !near || !begins.iter().any(|begin| lower().contains(begin.as_str())) {
        return 0.0;
    }
    likeness(other, name).min(0.98)
}

fn files(name: &str, view: &View<'_>) -> Vec<Found> {
    let base = name.rsplit('/').next().unwrap_or(name);
    let stem = base.split_once('.').map_or(base, |(stem, _)| stem);
    let begins = begins(stem);
    let mut found = Vec::new();
    for file in view.files() {
        let own = file.name();
        let own_stem = own.split_once('.').map_or(own, |(stem, _)| stem);
        let likeness = match file.path() == name || own == base {
            true => 1.0,
            false => alike(own_stem, stem, &begins).min(0.98),
        };
        if likeness >= ALIKE_MIN {
            let (path, name) = (file.path().to_owned(), own.to_owned());
            found.push(Found { kind: "file", name, path, line: 1, likeness });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{alike, begins, route, shape};

    #[test]
    fn a_route_is_told_from_a_name() {
        assert_eq!(route("get /orders"), Some(("GET", "/orders")));
        assert_eq!(route("/orders/{id}"), Some(("*", "/orders/{id}")));
        for name in ["orders", "Order Service", "GET orders", "src/orders.py"] {
            assert_eq!(route(name), None, "{name}");
        }
        let same = ["/a/{}/b", "/a/:id/b/", "a/<int:id>/b", "/a/[id]/b", "/a/{id}/b"];
        assert!(same.iter().all(|path| shape(path) == "a/{}/b"));
        assert_ne!(shape("/a/b"), shape("/a/{}"));
    }

    #[test]
    fn names_are_alike_as_for_the_guard() {
        for (other, name, expected) in [
            ("OrderService", "orderservice", 1.0),
            ("order_service", "OrderService", 0.98),
            ("billing", "OrderService", 0.0),
            ("Order", "OrderServiceFactoryProvider", 0.0),
        ] {
            let found = alike(other, name, &begins(name));
            assert!((found - expected).abs() < 0.01, "{other} {name}: {found}");
        }
    }
}
