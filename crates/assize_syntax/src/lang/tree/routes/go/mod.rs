//! Go: `net/http`, gin, echo, fiber, chi and gorilla/mux.
//!
//! A router is followed within its function: by the variable that holds it, by the groups that are
//! made of it and by the parameters of closures. What a function is handed is a router of its own,
//! of which nobody knows where it is mounted.

mod names;
mod paths;
mod routers;

use assize_grammars::Node;
use assize_model::FileClass;

use self::names::{Kind, Known};
pub(in super::super) use self::names::{Names, assigned, declared, function};
use super::super::go::literal;
use super::super::walk::{Walk, span_of};
use crate::Flags;
use crate::lang::routes::{HANDED, Mounted, Route};

/// How far above a call a branch is looked for: each step begins at the root.
const LEVELS_MAX: usize = 48;

/// Whether the file is one of the product that imports a framework.
fn counts(walk: &Walk<'_, '_>) -> bool {
    walk.sheet.class == FileClass::Production && walk.routers.any()
}

/// A method that is called on something.
struct Call<'t> {
    node: Node<'t>,
    on: Node<'t>,
    arguments: Vec<Node<'t>>,
}

pub(in super::super) fn call(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    if !counts(walk) {
        return;
    }
    let Some(function) = node.child_by_field_name("function") else { return };
    let Some(on) = function.child_by_field_name("operand") else { return };
    let name = walk.field(function, "field");
    let call = Call { node, on, arguments: arguments(node) };
    match name {
        "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS" | "Any" => {
            verb(walk, &call, name, &[Kind::Gin, Kind::Echo]);
        }
        "Get" | "Post" | "Put" | "Patch" | "Delete" | "Head" | "Options" | "All" => {
            verb(walk, &call, name, &[Kind::Chi, Kind::Fiber]);
        }
        "HandleFunc" | "Handle" | "Method" | "MethodFunc" | "Add" => handle(walk, &call),
        "Route" | "Group" => below(walk, &call),
        "Mount" => mount(walk, &call),
        "Path" | "PathPrefix" => of_gorilla(walk, &call, name),
        "Static" | "StaticFS" => statics(walk, &call),
        _ => hand_over(walk, &call),
    }
}

fn arguments<'t>(node: Node<'t>) -> Vec<Node<'t>> {
    let Some(list) = node.child_by_field_name("arguments") else { return Vec::new() };
    let mut cursor = list.walk();
    list.named_children(&mut cursor).filter(|one| one.kind() != "comment").collect()
}

/// `r.GET("/orders/:id", show)`
fn verb(walk: &mut Walk<'_, '_>, call: &Call<'_>, name: &str, kinds: &[Kind]) {
    let [path, .., handler] = call.arguments.as_slice() else { return };
    let Some(known) = registered_on(walk, call, *path, kinds) else { return };
    let method = match name {
        "Any" | "All" => "*".to_owned(),
        name => name.to_ascii_uppercase(),
    };
    let yields = known.kind == Kind::Fiber && may_yield(walk, *handler);
    serve(walk, call, &known, (&method, *path), yields);
}

/// Whether a handler of fiber may leave the answer to the next one.
fn may_yield(walk: &Walk<'_, '_>, handler: Node<'_>) -> bool {
    handler.kind() != "func_literal" || walk.text_of(handler).contains(".Next(")
}

/// The router of a call, if it is one of some frameworks; without a known router only a path that
/// is written out tells a route from other calls of the same name.
fn registered_on(
    walk: &mut Walk<'_, '_>,
    call: &Call<'_>,
    path: Node<'_>,
    kinds: &[Kind],
) -> Option<Known> {
    let found = routers::of(walk, call.on);
    let found = found.or_else(|| {
        let kind = *kinds.iter().find(|kind| walk.routers.imports(**kind))?;
        literal(walk, path).filter(|written| written.starts_with('/'))?;
        let member = call.on.kind() == "selector_expression" && names::is_telling(walk, call.on);
        Some(if member { routers::member(walk, call.on, kind) } else { Known { id: None, kind } })
    });
    found.filter(|known| kinds.contains(&known.kind))
}

/// `mux.HandleFunc("GET /x", show)`, `r.Handle("GET", "/x", show)`
fn handle(walk: &mut Walk<'_, '_>, call: &Call<'_>) {
    const PATH_FIRST: [Kind; 3] = [Kind::Gorilla, Kind::Chi, Kind::Std];
    const METHOD_FIRST: [Kind; 4] = [Kind::Gin, Kind::Echo, Kind::Fiber, Kind::Chi];
    match call.arguments.as_slice() {
        [path, _] => {
            let Some(known) = registered_on(walk, call, *path, &PATH_FIRST) else { return };
            if known.kind == Kind::Gorilla {
                return chained(walk, call, &known, *path);
            }
            serve(walk, call, &known, ("*", *path), false);
        }
        [method, path, ..] => {
            let Some(known) = registered_on(walk, call, *path, &METHOD_FIRST) else { return };
            let named = method_of(walk, *method);
            let yields = named.is_none() || known.kind == Kind::Fiber;
            serve(walk, call, &known, (named.as_deref().unwrap_or("*"), *path), yields);
        }
        _ => {}
    }
}

/// `"GET"` or `http.MethodGet`
fn method_of(walk: &Walk<'_, '_>, node: Node<'_>) -> Option<String> {
    let constant = || walk.text_of(node).strip_prefix("http.Method");
    literal(walk, node).or_else(constant).map(str::to_ascii_uppercase)
}

/// `r.HandleFunc("/x", show).Methods("GET")`: what follows says when the route is meant.
fn chained(walk: &mut Walk<'_, '_>, call: &Call<'_>, known: &Known, path: Node<'_>) {
    let mut methods: Vec<Option<String>> = Vec::new();
    let mut yields = false;
    let mut inner = call.node;
    for _ in 0..LEVELS_MAX {
        let Some(member) = inner.parent().filter(|it| it.kind() == "selector_expression") else {
            break;
        };
        let Some(outer) = member.parent().filter(|it| it.kind() == "call_expression") else {
            break;
        };
        match walk.field(member, "field") {
            "Methods" => {
                methods.extend(arguments(outer).into_iter().map(|one| method_of(walk, one)));
            }
            "Name" => {}
            _ => yields = true,
        }
        inner = outer;
    }
    if methods.is_empty() {
        methods.push(Some("*".to_owned()));
    }
    for method in methods {
        let yields = yields || method.is_none();
        serve(walk, call, known, (method.as_deref().unwrap_or("*"), path), yields);
    }
}

fn serve(
    walk: &mut Walk<'_, '_>,
    call: &Call<'_>,
    known: &Known,
    (method, path): (&str, Node<'_>),
    yields: bool,
) {
    let written = literal(walk, path);
    let form = written.and_then(|path| paths::form(path, known.kind));
    let router = known.router();
    let yields = yields || form.as_ref().is_some_and(|form| form.host) || in_branch(call.node);
    let flags = if yields { Flags::CONDITIONAL } else { Flags::NONE };
    let named = form.as_ref().and_then(|form| form.method.clone());
    let whole = known.kind == Kind::Std && form.as_ref().is_some_and(|form| form.path == "/");
    let route = Route {
        router: &router,
        method: named.as_deref().unwrap_or(method),
        path: form.map(|form| form.path),
        flags,
    };
    route.write(walk.sheet, span_of(call.node));
    if whole {
        // Whatever stands behind it answers what no other pattern takes.
        open(walk, call.node, &router);
    }
}

/// Says that there may be routes on a router that cannot be read.
fn open(walk: &mut Walk<'_, '_>, at: Node<'_>, router: &str) {
    let route = Route { router, method: "*", path: None, flags: Flags::CONDITIONAL };
    route.write(walk.sheet, span_of(at));
}

/// Whether a call is made only in some cases, or several times.
fn in_branch(node: Node<'_>) -> bool {
    const BRANCHES: [&str; 6] = [
        "if_statement",
        "for_statement",
        "expression_switch_statement",
        "type_switch_statement",
        "select_statement",
        "labeled_statement",
    ];
    let mut around = node.parent();
    for _ in 0..LEVELS_MAX {
        let Some(one) = around else { return false };
        if BRANCHES.contains(&one.kind()) {
            return true;
        }
        around = one.parent();
    }
    true
}

/// `r.Route("/orders", func(r chi.Router) { .. })`: the closure gets a router of its own.
fn below(walk: &mut Walk<'_, '_>, call: &Call<'_>) {
    let Some(closure) = call.arguments.last().filter(|it| it.kind() == "func_literal") else {
        return;
    };
    let Some(known) = routers::of(walk, call.on) else { return };
    let child = match call.arguments.as_slice() {
        [_] if known.kind == Kind::Chi => known,
        [path, ..] => routers::child(walk, call.node, &known, Some(*path)),
        [] => return,
    };
    names::bind_parameter(walk, *closure, child);
}

/// `r.Mount("/orders", orders)`
fn mount(walk: &mut Walk<'_, '_>, call: &Call<'_>) {
    let [path, given] = call.arguments.as_slice() else { return };
    let Some(known) = registered_on(walk, call, *path, &[Kind::Chi, Kind::Fiber]) else { return };
    let prefix = literal(walk, *path).and_then(|path| paths::prefix(path, known.kind));
    let router = known.router();
    let mounted = routers::of(walk, *given).and_then(|mounted| mounted.id);
    if let Some(mounted) = mounted {
        let one = Mounted {
            router: &format!("#{mounted}"),
            on: &router,
            prefix: prefix.as_deref().unwrap_or("<?>"),
            replaces: false,
            flags: Flags::NONE,
        };
        return one.write(walk.sheet, span_of(call.node));
    }
    answers_below(walk, call.node, &router, prefix);
}

/// Something that is not followed answers all that is asked below a prefix.
fn answers_below(walk: &mut Walk<'_, '_>, at: Node<'_>, router: &str, prefix: Option<String>) {
    let path = prefix.map(|prefix| format!("{}/{{*}}", prefix.trim_end_matches('/')));
    let path = path.filter(|path| path != "/{*}");
    let route = Route { router, method: "*", path, flags: Flags::CONDITIONAL };
    route.write(walk.sheet, span_of(at));
}

/// `r.PathPrefix("/x").Handler(files)`, `r.Path("/x").Methods("GET").Handler(show)`
fn of_gorilla(walk: &mut Walk<'_, '_>, call: &Call<'_>, name: &str) {
    let Some(path) = call.arguments.first() else { return };
    if !walk.routers.imports(Kind::Gorilla) || routers::makes_sub(walk, call.node) {
        return;
    }
    let found = routers::of(walk, call.on).filter(|known| known.kind == Kind::Gorilla);
    let router = found.map_or_else(|| HANDED.to_owned(), |known| known.router());
    let prefix = literal(walk, *path).and_then(|path| paths::prefix(path, Kind::Gorilla));
    if name == "PathPrefix" {
        return answers_below(walk, call.node, &router, prefix);
    }
    let route = Route { router: &router, method: "*", path: prefix, flags: Flags::CONDITIONAL };
    route.write(walk.sheet, span_of(call.node));
}

/// `r.Static("/assets", "./assets")`
fn statics(walk: &mut Walk<'_, '_>, call: &Call<'_>) {
    let Some(path) = call.arguments.first() else { return };
    let Some(known) = routers::of(walk, call.on) else { return };
    let prefix = literal(walk, *path).and_then(|path| paths::prefix(path, known.kind));
    answers_below(walk, call.node, &known.router(), prefix);
}

/// `routes.Register(r)`: what another package does with a router is seen only where it is ours.
fn hand_over(walk: &mut Walk<'_, '_>, call: &Call<'_>) {
    let packaged = call.on.kind() == "identifier" && walk.text_of(call.on) != "http";
    if !packaged || routers::of(walk, call.on).is_some() {
        return;
    }
    for given in call.arguments.iter().filter(|given| given.kind() == "identifier") {
        if let Some(known) = walk.routers.bound(walk.text_of(*given), given.start_byte()) {
            open(walk, call.node, &known.router());
        }
    }
}
