//! Rust: axum, actix-web, and the attributes of rocket.
//!
//! A router is followed along the chain of calls that builds it up, and by the variables that hold
//! it within a function. An attribute says nothing of where its function is mounted.

mod builders;
mod paths;

use assize_grammars::Node;

pub(in super::super) use self::builders::{Builders, assigned, declared, function};
use self::builders::{Known, counts};
use super::super::walk::{Walk, span_of};
use crate::Flags;
use crate::lang::routes::{HANDED, Mounted, Route};

/// How far above a call a branch is looked for: each step begins at the root.
const LEVELS_MAX: usize = 64;
const VERBS: [&str; 7] = ["delete", "get", "head", "options", "patch", "post", "put"];

pub(in super::super) fn call(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    let Some(function) = node.child_by_field_name("function") else { return };
    if function.kind() != "field_expression" {
        return;
    }
    let name = walk.field(function, "field");
    if !matches!(name, "route" | "route_service" | "routes" | "nest" | "nest_service" | "merge")
        && name != "service"
        || !counts(walk, node)
    {
        return;
    }
    let Some(on) = function.child_by_field_name("value") else { return };
    let given = arguments(node);
    let known = builders::of(walk, on);
    match (name, given.as_slice()) {
        ("route", [path, handler]) => route(walk, known, *path, *handler),
        ("route_service", [path, _]) => serve(walk, known, *path, (&["*".to_owned()], true)),
        ("nest" | "nest_service", [path, router]) => nest(walk, known, Some(*path), *router),
        ("merge", [router]) => nest(walk, known, None, *router),
        ("service", [given]) => service(walk, known, *given),
        ("routes", [_]) => {
            if let Some(known) = known {
                open(walk, node, &known.router());
            }
        }
        _ => {}
    }
}

fn arguments<'t>(node: Node<'t>) -> Vec<Node<'t>> {
    let Some(list) = node.child_by_field_name("arguments") else { return Vec::new() };
    let mut cursor = list.walk();
    let comments = ["line_comment", "block_comment", "attribute_item"];
    list.named_children(&mut cursor).filter(|one| !comments.contains(&one.kind())).collect()
}

/// `.route("/x", get(show).post(add))`, `.route("/x", web::get().to(show))`
fn route(walk: &mut Walk<'_, '_>, known: Option<Known>, path: Node<'_>, handler: Node<'_>) {
    let methods = methods(walk, handler);
    let named = !methods.is_empty();
    if !named && known.is_none() {
        return;
    }
    let yields = !named || walk.text_of(handler).contains("guard");
    let any = ["*".to_owned()];
    serve(walk, known, path, (if named { &methods } else { &any }, yields));
}

/// The methods of a chain such as `get(show).post(add)`.
fn methods(walk: &Walk<'_, '_>, handler: Node<'_>) -> Vec<String> {
    let mut found = Vec::new();
    let mut inner = handler;
    for _ in 0..LEVELS_MAX {
        if inner.kind() != "call_expression" {
            break;
        }
        let Some(function) = inner.child_by_field_name("function") else { break };
        let next = function.child_by_field_name("value");
        let name = match next {
            Some(_) => walk.field(function, "field"),
            None => walk.text_of(function).rsplit("::").next().unwrap_or(""),
        };
        let verb = name.strip_suffix("_service").unwrap_or(name);
        if VERBS.contains(&verb) {
            found.push(verb.to_ascii_uppercase());
        } else if verb == "any" && next.is_none() {
            found.push("*".to_owned());
        }
        let Some(next) = next else { break };
        inner = next;
    }
    found.reverse();
    found
}

fn serve(
    walk: &mut Walk<'_, '_>,
    known: Option<Known>,
    path: Node<'_>,
    (methods, yields): (&[String], bool),
) {
    let form = paths::of(walk, path);
    if known.is_none() && form.as_ref().is_none_or(|form| !form.starts_with('/')) {
        return;
    }
    let yields = yields || known.as_ref().is_none_or(|known| in_branch(walk, path, known.start));
    let router = known.map_or_else(|| HANDED.to_owned(), |known| known.router());
    let flags = if yields { Flags::CONDITIONAL } else { Flags::NONE };
    for method in methods {
        let one = Route { router: &router, method, path: form.clone(), flags };
        one.write(walk.sheet, span_of(path));
    }
}

/// Whether something is done only in some cases, seen from where its router is made.
fn in_branch(walk: &Walk<'_, '_>, node: Node<'_>, made: usize) -> bool {
    const BRANCHES: [&str; 5] = [
        "if_expression",
        "match_expression",
        "for_expression",
        "while_expression",
        "loop_expression",
    ];
    let mut around = Some(node);
    for _ in 0..LEVELS_MAX {
        let Some(one) = around else { return false };
        let chosen = one
            .prev_named_sibling()
            .is_some_and(|it| it.kind() == "attribute_item" && walk.text_of(it).contains("cfg"));
        if chosen {
            return true;
        }
        if one.start_byte() <= made {
            return false;
        }
        if BRANCHES.contains(&one.kind()) {
            return true;
        }
        around = one.parent();
    }
    true
}

/// Says that there may be routes on a router that cannot be read.
fn open(walk: &mut Walk<'_, '_>, at: Node<'_>, router: &str) {
    let route = Route { router, method: "*", path: None, flags: Flags::CONDITIONAL };
    route.write(walk.sheet, span_of(at));
}

/// `.nest("/api", orders)`, `.merge(orders)`
fn nest(walk: &mut Walk<'_, '_>, on: Option<Known>, path: Option<Node<'_>>, given: Node<'_>) {
    let Some(on) = on else { return };
    let prefix = path.map_or(Some(String::new()), |path| paths::of(walk, path));
    if let Some(mounted) = builders::of(walk, given) {
        return mount(walk, &on, &mounted, (prefix.as_deref().unwrap_or("<?>"), given));
    }
    // What is not followed answers all that is asked below the prefix.
    let below = prefix.filter(|prefix| !matches!(prefix.as_str(), "" | "/"));
    let path = below.map(|prefix| format!("{}/{{*}}", prefix.trim_end_matches('/')));
    let router = on.router();
    let route = Route { router: &router, method: "*", path, flags: Flags::CONDITIONAL };
    route.write(walk.sheet, span_of(given));
}

fn mount(walk: &mut Walk<'_, '_>, on: &Known, mounted: &Known, (prefix, at): (&str, Node<'_>)) {
    if on.id == mounted.id {
        return;
    }
    // One that is mounted in some cases only may stand for another.
    let prefix = if in_branch(walk, at, on.start) { "<?>" } else { prefix };
    let one = Mounted {
        router: &mounted.router(),
        on: &on.router(),
        prefix,
        replaces: false,
        flags: Flags::NONE,
    };
    one.write(walk.sheet, span_of(at));
}

/// `.service(web::scope("/x"))`, `.service(web::resource("/x").route(web::get().to(show)))`
fn service(walk: &mut Walk<'_, '_>, known: Option<Known>, given: Node<'_>) {
    if let Some(mounted) = builders::of(walk, given) {
        if let Some(on) = known.filter(|on| on.kind == mounted.kind) {
            mount(walk, &on, &mounted, ("", given));
        }
        return;
    }
    let mut inner = given;
    let mut found = Vec::new();
    let mut yields = false;
    for _ in 0..LEVELS_MAX {
        let Some(function) = inner.child_by_field_name("function") else { return };
        let Some(next) = function.child_by_field_name("value") else {
            break;
        };
        let name = walk.field(function, "field");
        match (name, arguments(inner).as_slice()) {
            ("route", [handler]) => {
                let named = methods(walk, *handler);
                yields |= named.is_empty() || walk.text_of(*handler).contains("guard");
                found.extend(named);
            }
            ("name" | "wrap" | "app_data", _) => {}
            (verb, _) if VERBS.contains(&verb) => found.push(verb.to_ascii_uppercase()),
            _ => yields = true,
        }
        inner = next;
    }
    let named = walk.field(inner, "function");
    let [path] = arguments(inner)[..] else { return };
    let imported = named == "resource" && walk.text.contains("actix_web");
    if !imported && !named.ends_with("web::resource") {
        return;
    }
    if found.is_empty() {
        found.push("*".to_owned());
    }
    serve(walk, known, path, (&found, yields));
}

/// `#[get("/x")]` of actix-web and rocket.
pub(in super::super) fn attribute(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    let written = walk.text_of(node).trim_start_matches("#[").trim_start();
    let Some((name, rest)) = written.split_once('(') else { return };
    let verb = name.rsplit("::").next().unwrap_or(name).trim();
    let Some(path) = rest.trim_start().strip_prefix('"').and_then(|it| it.split('"').next()) else {
        return;
    };
    if !VERBS.contains(&verb) || !path.starts_with('/') || !counts(walk, node) {
        return;
    }
    let method = verb.to_ascii_uppercase();
    let path = paths::form(path);
    let route = Route { router: HANDED, method: &method, path, flags: Flags::CONDITIONAL };
    route.write(walk.sheet, span_of(node));
}
