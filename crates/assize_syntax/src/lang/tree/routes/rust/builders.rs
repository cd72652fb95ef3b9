//! The routers that chains of calls build up, and the variables that hold them.

use assize_grammars::Node;
use assize_model::FileClass;

use super::super::super::walk::{Walk, span_of};
use super::{arguments, paths};
use crate::lang::routes::{self, HANDED, own};

/// A framework.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Actix,
    Axum,
}

/// A router, and where what makes it stands.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) id: Option<String>,
    pub(super) kind: Kind,
    pub(super) start: usize,
}

impl Known {
    pub(super) fn router(&self) -> String {
        self.id.as_deref().map_or_else(|| HANDED.to_owned(), own)
    }
}

/// A variable, in the block in which it is known; without a router it hides one.
#[derive(Debug)]
struct Bound {
    name: String,
    router: Option<Known>,
    start: usize,
    end: usize,
}

/// What a file says of its routers so far.
#[derive(Debug, Default)]
pub(in super::super::super) struct Builders {
    /// Whether the file is one of the product that names a framework; not yet asked at first.
    counts: Option<bool>,
    bound: Vec<Bound>,
    /// By where what makes them stands.
    made: Vec<(usize, Known)>,
}

impl Builders {
    fn bound(&self, name: &str, at: usize) -> Option<&Known> {
        let holds = |one: &&Bound| one.start <= at && at < one.end && one.name == name;
        self.bound.iter().rev().find(holds)?.router.as_ref()
    }

    fn bind(&mut self, name: &str, router: Option<Known>, (start, end): (usize, usize)) {
        if router.is_some() || self.bound(name, start).is_some() {
            self.bound.push(Bound { name: name.to_owned(), router, start, end });
        }
    }
}

/// Whether the routes of a node are asked for.
pub(super) fn counts(walk: &mut Walk<'_, '_>, node: Node<'_>) -> bool {
    let product = walk.sheet.class == FileClass::Production;
    let text = walk.text;
    let named = || ["axum", "actix_web", "rocket"].iter().any(|word| text.contains(word));
    *walk.builders.counts.get_or_insert_with(|| product && named()) && !walk.is_aside(node)
}

/// How many calls of one chain are followed.
const CHAIN_MAX: usize = 256;

/// Methods that give back the router on which they are called.
const KEPT: [&str; 18] = [
    "app_data",
    "configure",
    "default_service",
    "external_resource",
    "fallback",
    "fallback_service",
    "into_make_service",
    "layer",
    "merge",
    "method_not_allowed_fallback",
    "nest",
    "nest_service",
    "route",
    "route_layer",
    "route_service",
    "service",
    "with_state",
    "wrap",
];

/// The router that a chain of calls builds up.
pub(super) fn of(walk: &mut Walk<'_, '_>, node: Node<'_>) -> Option<Known> {
    let mut inner = node;
    for _ in 0..CHAIN_MAX {
        match inner.kind() {
            "identifier" => {
                return walk.builders.bound(walk.text_of(inner), inner.start_byte()).cloned();
            }
            "call_expression" => {
                let function = inner.child_by_field_name("function")?;
                if function.kind() != "field_expression" {
                    return made(walk, inner, function);
                }
                if KEPT.binary_search(&walk.field(function, "field")).is_err() {
                    return None;
                }
                inner = function.child_by_field_name("value")?;
            }
            _ => return None,
        }
    }
    None
}

/// `Router::new()`, `App::new()`, `web::scope("/orders")`
fn made(walk: &mut Walk<'_, '_>, node: Node<'_>, function: Node<'_>) -> Option<Known> {
    let known = walk.builders.made.iter().find(|(start, _)| *start == node.start_byte());
    if let Some((_, known)) = known {
        return Some(known.clone());
    }
    let written = walk.text_of(function);
    let known = match written.rsplit_once("::").unwrap_or(("", written)) {
        ("Router" | "axum::Router", "new") if walk.text.contains("axum") => {
            let app = walk.item() == "main";
            make(walk, node, Kind::Axum, ("", app))
        }
        ("App" | "actix_web::App", "new") if walk.text.contains("actix_web") => {
            make(walk, node, Kind::Actix, ("", true))
        }
        ("" | "web" | "actix_web::web", "scope") if walk.text.contains("actix_web") => {
            let path = arguments(node).first().copied()?;
            let prefix = paths::of(walk, path).unwrap_or_else(|| "<?>".to_owned());
            make(walk, node, Kind::Actix, (&prefix, false))
        }
        _ => return None,
    };
    walk.builders.made.push((node.start_byte(), known.clone()));
    Some(known)
}

fn make(walk: &mut Walk<'_, '_>, at: Node<'_>, kind: Kind, (prefix, app): (&str, bool)) -> Known {
    let count = walk.builders.made.len() + walk.builders.bound.len();
    let id = format!("{}.{count}", walk.item());
    let framework = match kind {
        Kind::Actix => "actix",
        Kind::Axum => "axum",
    };
    let sort = format!("{framework} {}", if app { "app" } else { "router" });
    routes::made(walk.sheet, &id, prefix, &sort, span_of(at));
    Known { id: Some(id), kind, start: at.start_byte() }
}

/// `let app = Router::new()`
pub(in super::super::super) fn declared(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    if !counts(walk, node) {
        return;
    }
    let Some(pattern) = node.child_by_field_name("pattern") else { return };
    let value = node.child_by_field_name("value");
    let router = value.and_then(|value| of(walk, value));
    let name = walk.text_of(pattern).trim_start_matches("mut ");
    let end = node.parent().map_or(usize::MAX, |block| block.end_byte());
    walk.builders.bind(name, router, (node.end_byte(), end));
}

/// `app = app.route(..)`: the same router stays in the variable, or nobody knows which.
pub(in super::super::super) fn assigned(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    if !counts(walk, node) {
        return;
    }
    let name = walk.field(node, "left");
    let Some(held) = walk.builders.bound(name, node.start_byte()).map(Known::router) else {
        return;
    };
    let value = node.child_by_field_name("right");
    let router = value.and_then(|value| of(walk, value));
    if router.as_ref().map(Known::router) != Some(held) {
        walk.builders.bind(name, router, (node.end_byte(), usize::MAX));
    }
}

/// `fn orders(config: &mut web::ServiceConfig)`: what a function is handed is a router of its own.
pub(in super::super::super) fn function(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    let Some(list) = node.child_by_field_name("parameters") else { return };
    let within = (list.end_byte(), node.end_byte());
    let mut cursor = list.walk();
    for one in list.named_children(&mut cursor).filter(|one| one.kind() == "parameter") {
        let written = walk.field(one, "type").trim_start_matches(['&', '\'', 'a', ' ']);
        let written = written.trim_start_matches("mut ");
        let kind = match written.rsplit("::").next().unwrap_or(written) {
            "ServiceConfig" => Kind::Actix,
            router if router == "Router" || router.starts_with("Router<") => Kind::Axum,
            _ => continue,
        };
        if !counts(walk, one) {
            return;
        }
        let name = walk.field(one, "pattern").trim_start_matches("mut ");
        let known = make(walk, one, kind, ("", false));
        walk.builders.bind(name, Some(known), within);
    }
}
