//! The routers that expressions make or mean.

use assize_grammars::Node;

use super::super::super::walk::{Walk, span_of};
use super::names::{Kind, Known};
use super::{arguments, paths};
use crate::Flags;
use crate::lang::routes::{self, Mounted};

/// How many calls of one chain are followed.
const CHAIN_MAX: u32 = 12;

/// The functions that make a router, and whether what they make is what requests come in by.
const MAKERS: [(Kind, &str, bool); 8] = [
    (Kind::Gin, "Default", true),
    (Kind::Gin, "New", true),
    (Kind::Echo, "New", true),
    (Kind::Fiber, "New", true),
    (Kind::Chi, "NewRouter", false),
    (Kind::Chi, "NewMux", false),
    (Kind::Gorilla, "NewRouter", false),
    (Kind::Std, "NewServeMux", false),
];

/// The router that an expression means, if it is surely one.
pub(super) fn of(walk: &mut Walk<'_, '_>, node: Node<'_>) -> Option<Known> {
    followed(walk, node, CHAIN_MAX)
}

fn followed(walk: &mut Walk<'_, '_>, node: Node<'_>, left: u32) -> Option<Known> {
    let left = left.checked_sub(1)?;
    match node.kind() {
        "identifier" => {
            let name = walk.text_of(node);
            let known = walk.routers.bound(name, node.start_byte());
            known.or_else(|| default_mux(walk, node))
        }
        "selector_expression" => {
            let key = key(walk, walk.text_of(node));
            let mut members = walk.routers.members.iter().rev();
            members.find(|(known, _)| *known == key).map(|(_, known)| known.clone())
        }
        "call_expression" => {
            let known = walk.routers.made.iter().find(|(end, _)| *end == node.end_byte());
            if let Some((_, known)) = known {
                return Some(known.clone());
            }
            let known = called(walk, node, left)?;
            walk.routers.made.push((node.end_byte(), known.clone()));
            Some(known)
        }
        _ => None,
    }
}

fn called(walk: &mut Walk<'_, '_>, node: Node<'_>, left: u32) -> Option<Known> {
    let function = node.child_by_field_name("function")?;
    let on = function.child_by_field_name("operand")?;
    let name = walk.field(function, "field");
    if let Some(kind) = walk.routers.package(walk.text_of(on)) {
        let maker = MAKERS.iter().find(|maker| maker.0 == kind && maker.1 == name)?;
        let served = maker.2 || walk.item() == "main";
        return Some(make(walk, node, kind, "", served));
    }
    match name {
        "Group" => {
            let path = arguments(node).first().copied()?;
            let parent = followed(walk, on, left)?;
            let groups = matches!(parent.kind, Kind::Gin | Kind::Echo | Kind::Fiber);
            (groups && path.kind() != "func_literal")
                .then(|| child(walk, node, &parent, Some(path)))
        }
        "Subrouter" => sub(walk, node, on, left),
        "With" | "StrictSlash" | "UseEncodedPath" | "SkipClean" => followed(walk, on, left),
        _ => None,
    }
}

/// `r.PathPrefix("/v1").Subrouter()`; one that is for a host or a method is a router of its own.
fn sub(walk: &mut Walk<'_, '_>, node: Node<'_>, on: Node<'_>, left: u32) -> Option<Known> {
    let function = on.child_by_field_name("function")?;
    let parent = function.child_by_field_name("operand")?;
    match walk.field(function, "field") {
        "PathPrefix" => {
            let path = arguments(on).first().copied()?;
            match followed(walk, parent, left) {
                Some(parent) => Some(child(walk, node, &parent, Some(path))),
                None => Some(make(walk, node, Kind::Gorilla, "<?>", false)),
            }
        }
        "NewRoute" => {
            let parent = followed(walk, parent, left)?;
            Some(child(walk, node, &parent, None))
        }
        _ => Some(make(walk, node, Kind::Gorilla, "<?>", false)),
    }
}

/// Whether the call is a part of one that makes a router.
pub(super) fn makes_sub(walk: &Walk<'_, '_>, node: Node<'_>) -> bool {
    let around = std::iter::successors(node.parent(), |one| one.parent());
    around
        .take_while(|one| matches!(one.kind(), "selector_expression" | "call_expression"))
        .take(CHAIN_MAX as usize)
        .any(|one| walk.field(one, "field") == "Subrouter")
}

/// A router below another.
pub(super) fn child(
    walk: &mut Walk<'_, '_>,
    at: Node<'_>,
    parent: &Known,
    path: Option<Node<'_>>,
) -> Known {
    let prefix = path.map_or(Some(String::new()), |path| {
        super::literal(walk, path).and_then(|path| paths::prefix(path, parent.kind))
    });
    let prefix = prefix.unwrap_or_else(|| "<?>".to_owned());
    let known = make(walk, at, parent.kind, &prefix, false);
    let one = Mounted {
        router: &known.router(),
        on: &parent.router(),
        prefix: "",
        replaces: false,
        flags: Flags::NONE,
    };
    one.write(walk.sheet, span_of(at));
    known
}

fn make(walk: &mut Walk<'_, '_>, at: Node<'_>, kind: Kind, prefix: &str, app: bool) -> Known {
    walk.routers.count += 1;
    let id = format!("{}.{}", walk.item(), walk.routers.count);
    let sort = format!("{} {}", kind.name(), if app { "app" } else { "router" });
    routes::made(walk.sheet, &id, prefix, &sort, span_of(at));
    Known { id: Some(id), kind }
}

/// A router that a function is handed: where it is mounted, only the caller knows.
pub(super) fn handed_in(walk: &mut Walk<'_, '_>, at: Node<'_>, kind: Kind) -> Known {
    make(walk, at, kind, "", false)
}

/// By what a function knows a field.
pub(super) fn key(walk: &Walk<'_, '_>, written: &str) -> String {
    format!("{}/{written}", walk.item())
}

/// The router in a field: the same one throughout a function.
pub(super) fn member(walk: &mut Walk<'_, '_>, node: Node<'_>, kind: Kind) -> Known {
    let key = key(walk, walk.text_of(node));
    kept(walk, node, (key, kind, false))
}

/// `http.HandleFunc(..)` registers on the mux of the package.
fn default_mux(walk: &mut Walk<'_, '_>, node: Node<'_>) -> Option<Known> {
    let name = walk.text_of(node);
    (walk.routers.package(name) == Some(Kind::Std)).then(|| {
        let key = key(walk, name);
        kept(walk, node, (key, Kind::Std, true))
    })
}

fn kept(walk: &mut Walk<'_, '_>, node: Node<'_>, (key, kind, app): (String, Kind, bool)) -> Known {
    if let Some((_, known)) = walk.routers.members.iter().rev().find(|(known, _)| *known == key) {
        return known.clone();
    }
    let known = make(walk, node, kind, "", app);
    walk.routers.members.push((key, known.clone()));
    known
}
