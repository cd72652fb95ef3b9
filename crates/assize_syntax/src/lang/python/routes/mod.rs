//! Routes of `FastAPI`, Flask, Quart, aiohttp and Django, and how their routers are mounted.

mod django;
mod names;

use ruff_python_ast::{self as ast, Expr, Stmt};
use ruff_text_size::Ranged as _;

pub(super) use self::names::Names;
use super::modules::dotted;
use super::walk::{Walk, span_of};
use crate::Flags;
use crate::lang::routes::{self, HANDED, Mounted, Route, Syntax};
use assize_model::FileClass;

const VERBS: [&str; 8] = ["delete", "get", "head", "options", "patch", "post", "put", "websocket"];

/// What makes a router: its full name, what it is, and the argument with its prefix.
const MAKERS: [(&str, &str, &str); 10] = [
    ("fastapi.FastAPI", "fastapi app", ""),
    ("fastapi.applications.FastAPI", "fastapi app", ""),
    ("fastapi.APIRouter", "fastapi router", "prefix"),
    ("fastapi.routing.APIRouter", "fastapi router", "prefix"),
    ("flask.Flask", "flask app", ""),
    ("flask.Blueprint", "flask router", "url_prefix"),
    ("quart.Quart", "flask app", ""),
    ("quart.Blueprint", "flask router", "url_prefix"),
    ("aiohttp.web.Application", "aiohttp app", ""),
    ("aiohttp.web.RouteTableDef", "aiohttp router", ""),
];

pub(super) fn statement(walk: &mut Walk<'_, '_>, stmt: &Stmt) {
    if walk.sheet.class != FileClass::Production {
        return;
    }
    walk.routes.learn(stmt);
    match stmt {
        Stmt::ImportFrom(import) => imported(walk, import),
        Stmt::Assign(assign) => {
            for target in &assign.targets {
                assigned(walk, target, &assign.value);
            }
        }
        Stmt::AnnAssign(assign) => {
            if let Some(value) = &assign.value {
                assigned(walk, &assign.target, value);
            }
        }
        Stmt::AugAssign(assign) => django::added(walk, &assign.target, &assign.value),
        Stmt::For(block) => listed(walk, block),
        Stmt::FunctionDef(function) => decorated(walk, &function.decorator_list),
        Stmt::ClassDef(class) => decorated(walk, &class.decorator_list),
        _ => {}
    }
}

pub(super) fn expression(walk: &mut Walk<'_, '_>, expr: &Expr) {
    if walk.sheet.class != FileClass::Production {
        return;
    }
    match expr {
        Expr::Call(call) => called(walk, call),
        Expr::Attribute(attribute) if routes::is_router_name(attribute.attr.as_str()) => {
            mentioned(walk, expr);
        }
        Expr::Attribute(attribute) => follow(walk, &attribute.value),
        Expr::Name(name) if name.ctx.is_load() && routes::is_router_name(name.id.as_str()) => {
            mentioned(walk, expr);
        }
        _ => {}
    }
}

/// A router that is imported by name may be passed on.
fn imported(walk: &mut Walk<'_, '_>, import: &ast::StmtImportFrom) {
    for alias in &import.names {
        let bound = alias.asname.as_ref().unwrap_or(&alias.name);
        if routes::is_router_name(&alias.name) || &alias.name == "*" {
            let Some(router) = walk.routes.imported(bound.as_str()) else { continue };
            // Under another kind of name its uses are not seen.
            if !routes::is_router_name(bound.as_str()) {
                routes::mentioned(walk.sheet, &router, span_of(alias));
            }
            if walk.scopes.at_module() && &alias.name != "*" {
                routes::passed_on(walk.sheet, bound.as_str(), &router, span_of(alias));
            }
        }
    }
}

fn assigned(walk: &mut Walk<'_, '_>, target: &Expr, value: &Expr) {
    if let Expr::Call(call) = value
        && let Some(full) = walk.routes.full_name(&call.func)
        && let Some((_, sort, key)) = MAKERS.iter().find(|maker| maker.0 == full)
        && let Some(name) = dotted(target)
    {
        let name = walk.router_name(&name);
        let prefix = match keyword(call, key) {
            Some(given) => walk.routes.text(given),
            None => Some(String::new()),
        };
        let prefix = prefix
            .as_deref()
            .map_or(Some("<?>".to_owned()), |prefix| routes::path(prefix, syntax(sort)));
        routes::made(walk.sheet, &name, &prefix.unwrap_or_default(), sort, span_of(call));
        walk.routes.own.insert(name);
        return;
    }
    django::assigned(walk, target, value);
}

/// What the paths of a framework look like.
fn syntax(sort: &str) -> Syntax {
    if sort.starts_with("flask") { Syntax::Angles } else { Syntax::Braces }
}

fn keyword<'a>(call: &'a ast::ExprCall, name: &str) -> Option<&'a Expr> {
    call.arguments.find_keyword(name).map(|keyword| &keyword.value)
}

/// `for router in (a.router, b.router)`.
fn listed(walk: &mut Walk<'_, '_>, block: &ast::StmtFor) {
    let Expr::Name(name) = &*block.target else { return };
    let written = match &*block.iter {
        Expr::List(list) => &list.elts,
        Expr::Tuple(tuple) => &tuple.elts,
        _ => {
            walk.routes.lists.remove(name.id.as_str());
            return;
        }
    };
    let routers = written.iter().map(|one| walk.router(one)).collect();
    walk.routes.lists.insert(name.id.to_string(), routers);
}

fn decorated(walk: &mut Walk<'_, '_>, decorators: &[ast::Decorator]) {
    for decorator in decorators {
        let Expr::Call(call) = &decorator.expression else { continue };
        let Expr::Attribute(attribute) = &*call.func else { continue };
        let verb = attribute.attr.as_str();
        if VERBS.contains(&verb) || matches!(verb, "route" | "api_route") {
            serve(walk, call, &attribute.value, verb, 0);
        }
    }
}

/// Writes down a route whose path is the argument at `position`.
fn serve(
    walk: &mut Walk<'_, '_>,
    call: &ast::ExprCall,
    router: &Expr,
    verb: &str,
    position: usize,
) {
    let given = call.arguments.args.get(position);
    let Some(given) = given.or_else(|| keyword(call, "path")).or_else(|| keyword(call, "rule"))
    else {
        return;
    };
    let name = walk.router(router);
    let text = walk.routes.text(given);
    let rooted = text.as_deref().is_some_and(|text| text.starts_with(['/', '<']));
    if !rooted && (name == HANDED || text.as_deref().is_some_and(|text| !text.is_empty())) {
        return;
    }
    // The decorators of Flask alone are called `route` without more.
    let syntax = if verb == "route" { Syntax::Angles } else { Syntax::Braces };
    let path = text.and_then(|text| routes::path(&text, syntax));
    let flags =
        if walk.is_branch() || bound_to_host(call) { Flags::CONDITIONAL } else { Flags::NONE };
    for method in methods(call, verb) {
        let route = Route { router: &name, method: &method, path: path.clone(), flags };
        route.write(walk.sheet, span_of(call));
    }
    follow(walk, router);
}

/// Whether something beside the path decides which route is meant. An endpoint of its own is a
/// second name of the address, by which others are to find it.
fn bound_to_host(call: &ast::ExprCall) -> bool {
    ["host", "subdomain", "defaults", "dependencies_by", "strict_slashes", "endpoint"]
        .iter()
        .any(|name| keyword(call, name).is_some())
}

fn methods(call: &ast::ExprCall, verb: &str) -> Vec<String> {
    if !matches!(verb, "route" | "api_route") {
        return vec![verb.to_ascii_uppercase()];
    }
    let listed = match keyword(call, "methods") {
        None => return vec!["GET".to_owned()],
        Some(Expr::List(list)) => &list.elts,
        Some(Expr::Tuple(list)) => &list.elts,
        Some(_) => return vec!["*".to_owned()],
    };
    let written = |one: &Expr| match one {
        Expr::StringLiteral(text) => text.value.to_str().to_ascii_uppercase(),
        _ => "*".to_owned(),
    };
    listed.iter().map(written).collect()
}

/// `call_api("/api/x", method="POST")`: a helper of our own, or of whoever serves the pages.
fn asked(walk: &mut Walk<'_, '_>, call: &ast::ExprCall) {
    let Some(first) = call.arguments.args.first() else { return };
    if !matches!(first, Expr::StringLiteral(_) | Expr::FString(_)) {
        return;
    }
    let Expr::Name(name) = &*call.func else { return };
    let words = ["api", "fetch", "request"];
    if !name.id.split('_').any(|word| words.contains(&word)) {
        return;
    }
    let Some(path) = names::address(first).filter(|path| path.starts_with(routes::API)) else {
        return;
    };
    let method = match keyword(call, "method") {
        Some(Expr::StringLiteral(text)) => text.value.to_str().to_ascii_uppercase(),
        _ => "*".to_owned(),
    };
    let item = walk.item();
    routes::asked(walk.sheet, &path, &method, &item, span_of(call));
}

fn called(walk: &mut Walk<'_, '_>, call: &ast::ExprCall) {
    asked(walk, call);
    let Expr::Attribute(attribute) = &*call.func else { return };
    let on = &*attribute.value;
    let verb = attribute.attr.as_str();
    match verb {
        "include_router" => mount(walk, call, on, 0, ("prefix", None)),
        "register_blueprint" => mount(walk, call, on, 0, ("url_prefix", None)),
        "add_subapp" => mount(walk, call, on, 1, ("prefix", Some(0))),
        "mount" if call.arguments.args.len() > 1 || keyword(call, "app").is_some() => {
            mount(walk, call, on, 1, ("path", Some(0)));
        }
        "add_routes" => mount(walk, call, on, 0, ("", None)),
        "add_api_route" | "add_url_rule" | "add_api_websocket_route" => {
            let verb = if verb == "add_url_rule" { "route" } else { "api_route" };
            serve(walk, call, on, verb, 0);
        }
        _ => {
            // `app.router.add_get("/", handler)` of aiohttp.
            if let (Some(verb), Expr::Attribute(router)) = (verb.strip_prefix("add_"), on)
                && VERBS.contains(&verb)
                && router.attr.as_str() == "router"
            {
                serve(walk, call, &router.value, verb, 0);
                follow(walk, on);
            }
        }
    }
}

/// Writes down that the argument at `position` is mounted. `under` says where its prefix stands.
fn mount(
    walk: &mut Walk<'_, '_>,
    call: &ast::ExprCall,
    on: &Expr,
    position: usize,
    under: (&str, Option<usize>),
) {
    let by_name =
        ["router", "blueprint", "app", "subapp"].iter().find_map(|one| keyword(call, one));
    let Some(mounted) = call.arguments.args.get(position).or(by_name) else { return };
    let given =
        under.1.and_then(|at| call.arguments.args.get(at)).or_else(|| keyword(call, under.0));
    let prefix = match given {
        Some(given) => walk.routes.text(given).unwrap_or_else(|| "<?>".to_owned()),
        None => String::new(),
    };
    let parent = walk.router(on);
    follow(walk, on);
    let replaces = under.0 == "url_prefix" && given.is_some();
    let syntax = if replaces { Syntax::Angles } else { Syntax::Braces };
    let prefix = if prefix.starts_with('<') && syntax == Syntax::Angles {
        prefix
    } else {
        routes::path(&prefix, syntax).unwrap_or_else(|| "<?>".to_owned())
    };
    let names = match mounted {
        Expr::Name(name) => walk.routes.lists.get(name.id.as_str()).cloned(),
        _ => None,
    };
    let known = names.or_else(|| {
        let name = walk.router(mounted);
        if name == HANDED && is_anything(mounted) { None } else { Some(vec![name]) }
    });
    let Some(routers) = known else {
        return answers_below(walk, call, &parent, &prefix);
    };
    follow(walk, mounted);
    for router in routers {
        let flags = if router == HANDED { Flags::UNRESOLVED } else { Flags::NONE };
        let one = Mounted { router: &router, on: &parent, prefix: &prefix, replaces, flags };
        one.write(walk.sheet, span_of(call));
    }
}

/// Something that is no router of ours answers all that is asked below a prefix.
fn answers_below(walk: &mut Walk<'_, '_>, call: &ast::ExprCall, parent: &str, prefix: &str) {
    let computed = prefix.is_empty() || prefix.contains("<?>");
    let path = (!computed).then(|| format!("{}/{{*}}", prefix.trim_end_matches('/')));
    let route = Route { router: parent, method: "*", path, flags: Flags::CONDITIONAL };
    route.write(walk.sheet, span_of(call));
}

/// Whether what is mounted is made in place: static files, a server of another kind.
fn is_anything(mounted: &Expr) -> bool {
    matches!(mounted, Expr::Call(_) | Expr::List(_))
}

/// Takes note that the use of a name is followed.
fn follow(walk: &mut Walk<'_, '_>, expr: &Expr) {
    walk.routes.followed.insert(expr.start().to_u32());
}

/// A router that is used in a way that is not followed.
fn mentioned(walk: &mut Walk<'_, '_>, expr: &Expr) {
    let at = expr.start().to_u32();
    let fresh = walk.routes.followed.insert(at);
    if fresh {
        let router = walk.router(expr);
        if router != HANDED {
            routes::mentioned(walk.sheet, &router, span_of(expr));
        }
    }
}
