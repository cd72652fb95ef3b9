//! Routes of Express, Koa, Fastify, Hono and NestJS, and how their routers are mounted.

mod asked;
mod handlers;
mod names;

use assize_model::FileClass;
use oxc_ast::ast::{
    Argument, CallExpression, Class, Expression, ImportExpression, MethodDefinition,
    VariableDeclarator,
};
use oxc_span::GetSpan as _;

pub(super) use self::names::Names;
use super::frames::Frames;
use super::{imports, span};
use crate::lang::routes::{self, HANDED, Mounted, Route, Syntax};
use crate::{Extraction, Flags};

const VERBS: [&str; 9] = ["all", "delete", "get", "head", "options", "patch", "post", "put", "del"];

/// What makes a router: the module and the name in it, and what it is.
const MAKERS: [(&str, &str); 14] = [
    ("express#default", "express app"),
    ("express#", "express app"),
    ("express#Router", "express router"),
    ("express#default.Router", "express router"),
    ("koa#default", "koa app"),
    ("koa-router#default", "koa router"),
    ("@koa/router#default", "koa router"),
    ("fastify#default", "fastify app"),
    ("fastify#fastify", "fastify app"),
    ("hono#Hono", "hono app"),
    ("hono/tiny#Hono", "hono app"),
    ("hono/quick#Hono", "hono app"),
    ("express-promise-router#default", "express router"),
    ("find-my-way#default", "fastify router"),
];

/// Names that people give to what is handed to a function for its routes.
const HANDED_NAMES: [&str; 7] = ["app", "router", "server", "fastify", "api", "route", "routes"];

pub(super) fn declared(
    sheet: &mut Extraction<'_>,
    names: &mut Names,
    it: &VariableDeclarator<'_>,
    frames: &Frames,
) {
    let (Some(name), Some(init)) = (it.id.get_identifier_name(), &it.init) else { return };
    if sheet.class != FileClass::Production {
        return;
    }
    let (callee, arguments) = match init {
        Expression::CallExpression(call) => (&call.callee, &call.arguments),
        Expression::NewExpression(made) => (&made.callee, &made.arguments),
        _ => return,
    };
    let Some(full) = names.full(callee) else { return };
    let Some((_, sort)) = MAKERS.iter().find(|maker| maker.0 == full) else { return };
    let given = arguments.first().and_then(|one| one.as_expression());
    let prefix = match given.map(|given| option(given, "prefix")) {
        Some(Some(prefix)) => routes::path(prefix, Syntax::Colons),
        _ => Some(String::new()),
    };
    let id = names.make(&frames.item(), name.as_str(), sort);
    let prefix = prefix.unwrap_or_else(|| "<?>".to_owned());
    routes::made(sheet, &id, &prefix, sort, span(init.span()));
}

/// The text of an option in an object.
fn option<'a>(given: &'a Expression<'_>, name: &str) -> Option<&'a str> {
    let Expression::ObjectExpression(object) = given else { return None };
    object.properties.iter().find_map(|one| {
        let property = one.as_property()?;
        if property.key.is_specific_static_name(name) {
            imports::literal(&property.value)
        } else {
            None
        }
    })
}

pub(super) fn call(
    sheet: &mut Extraction<'_>,
    names: &Names,
    it: &CallExpression<'_>,
    frames: &Frames,
    branch: bool,
) {
    if sheet.class != FileClass::Production {
        return;
    }
    if it.callee.is_specific_id("require") && imports::required(it).is_none() {
        return computed(sheet, it.span);
    }
    asked::call(sheet, names, it, frames);
    let Expression::StaticMemberExpression(member) = &it.callee else { return };
    let verb = member.property.name.as_str();
    match verb {
        "use" => mount(sheet, names, it, &member.object, &frames.item()),
        "route" if it.arguments.len() == 2 => {
            mount(sheet, names, it, &member.object, &frames.item());
        }
        _ if VERBS.contains(&verb) => {
            serve(sheet, names, it, verb, Standing { item: &frames.item(), branch });
        }
        _ => {}
    }
}

pub(super) fn import(sheet: &mut Extraction<'_>, it: &ImportExpression<'_>) {
    if sheet.class == FileClass::Production && imports::literal(&it.source).is_none() {
        computed(sheet, it.span);
    }
}

/// A module whose name is computed may be a router.
fn computed(sheet: &mut Extraction<'_>, at: oxc_span::Span) {
    let one = Mounted {
        router: HANDED,
        on: HANDED,
        prefix: "",
        replaces: false,
        flags: Flags::UNRESOLVED,
    };
    one.write(sheet, span(at));
}

/// Where a call stands.
#[derive(Debug, Clone, Copy)]
struct Standing<'i> {
    /// The functions around it.
    item: &'i str,
    branch: bool,
}

fn serve(
    sheet: &mut Extraction<'_>,
    names: &Names,
    it: &CallExpression<'_>,
    verb: &str,
    at: Standing<'_>,
) {
    let Expression::StaticMemberExpression(member) = &it.callee else { return };
    let object = &member.object;
    // `router.route("/x").get(handler)` says the path before the method.
    let (router, path, handlers) = match chained(object) {
        Some((router, path)) => (router, path, it.arguments.as_slice()),
        None => {
            let Some((path, handlers)) = it.arguments.split_first() else { return };
            let Some(path) = path.as_expression() else { return };
            (object, path, handlers)
        }
    };
    let Some(last) = handlers.last().and_then(Argument::as_expression) else { return };
    let Some((name, sort)) = names.router(router, at.item) else { return };
    let written = imports::literal(path);
    if name == HANDED
        && !(handed(router)
            && written.is_some_and(|path| path.starts_with('/'))
            && !matches!(last, Expression::ObjectExpression(_)))
    {
        return;
    }
    if !name.starts_with('#') && written.is_none_or(|path| !path.starts_with('/')) {
        return;
    }
    let yields = at.branch || verb == "all" || handlers::may_yield(last, sort);
    let method = match verb {
        "all" => "*".to_owned(),
        "del" => "DELETE".to_owned(),
        verb => verb.to_ascii_uppercase(),
    };
    let route = Route {
        router: &name,
        method: &method,
        path: written.and_then(|path| routes::path(path, Syntax::Colons)),
        flags: if yields { Flags::CONDITIONAL } else { Flags::NONE },
    };
    route.write(sheet, span(it.span));
}

/// The router and the path of `router.route("/x")`, behind whatever calls follow it.
fn chained<'a, 'b>(object: &'b Expression<'a>) -> Option<(&'b Expression<'a>, &'b Expression<'a>)> {
    let mut object = object;
    loop {
        let Expression::CallExpression(call) = object else { return None };
        let Expression::StaticMemberExpression(member) = &call.callee else { return None };
        let name = member.property.name.as_str();
        if name == "route" && call.arguments.len() == 1 {
            return Some((&member.object, call.arguments.first()?.as_expression()?));
        }
        if !VERBS.contains(&name) {
            return None;
        }
        object = &member.object;
    }
}

fn handed(router: &Expression<'_>) -> bool {
    let Expression::Identifier(id) = router else { return false };
    HANDED_NAMES.contains(&id.name.as_str())
}

fn mount(
    sheet: &mut Extraction<'_>,
    names: &Names,
    it: &CallExpression<'_>,
    on: &Expression<'_>,
    item: &str,
) {
    let first = it.arguments.first().and_then(Argument::as_expression);
    let prefix = match first {
        Some(Expression::StringLiteral(_) | Expression::TemplateLiteral(_)) => {
            let written = first.and_then(imports::literal);
            written.and_then(|prefix| routes::path(prefix, Syntax::Colons))
        }
        Some(Expression::ArrayExpression(_)) => None,
        _ => Some(String::new()),
    };
    let prefix = prefix.unwrap_or_else(|| "<?>".to_owned());
    let parent = names.router(on, item).map_or_else(|| HANDED.to_owned(), |found| found.0);
    let mut any = false;
    for given in it.arguments.iter().filter_map(Argument::as_expression) {
        let Some(router) = names.mounted(given, item) else { continue };
        any = true;
        let one = Mounted {
            router: &router,
            on: &parent,
            prefix: &prefix,
            replaces: false,
            flags: Flags::NONE,
        };
        one.write(sheet, span(it.span));
    }
    if !any && prefix.len() > 1 {
        answers_below(sheet, it, &parent, &prefix);
    }
}

/// Something that is no router of ours answers all that is asked below a prefix.
fn answers_below(sheet: &mut Extraction<'_>, it: &CallExpression<'_>, parent: &str, prefix: &str) {
    let path = Some(format!("{}/{{*}}", prefix.trim_end_matches('/')));
    let route = Route { router: parent, method: "*", path, flags: Flags::CONDITIONAL };
    route.write(sheet, span(it.span));
}

/// `@Controller("orders")` of a class.
pub(super) fn controller(sheet: &mut Extraction<'_>, names: &mut Names, it: &Class<'_>) {
    names.controller = None;
    let Some(id) = it.id.as_ref().filter(|_| sheet.class == FileClass::Production) else { return };
    let decorator = it.decorators.iter().find_map(|one| match &one.expression {
        Expression::CallExpression(call) if call.callee.is_specific_id("Controller") => Some(call),
        _ => None,
    });
    let Some(call) = decorator else { return };
    let given = call.arguments.first().and_then(Argument::as_expression);
    let versioned = it.decorators.len() > 1
        && it.decorators.iter().any(|one| {
            matches!(&one.expression,
            Expression::CallExpression(call) if call.callee.is_specific_id("Version"))
        });
    let prefix = match given {
        None => Some(String::new()),
        Some(given) => imports::literal(given)
            .or_else(|| option(given, "path"))
            .and_then(|path| routes::path(path, Syntax::Colons)),
    };
    if versioned || matches!(given, Some(Expression::ObjectExpression(_))) {
        return;
    }
    let name = id.name.to_string();
    let prefix = prefix.map_or_else(|| "<?>".to_owned(), |prefix| rooted(&prefix));
    routes::made(sheet, &name, &prefix, "nest controller", span(id.span));
    names.controller = Some(name);
}

fn rooted(path: &str) -> String {
    let path = path.trim_matches('/');
    if path.is_empty() { String::new() } else { format!("/{path}") }
}

/// `@Get(":id")` of a method.
pub(super) fn method(sheet: &mut Extraction<'_>, names: &Names, it: &MethodDefinition<'_>) {
    let Some(class) = &names.controller else { return };
    let plain = it.decorators.iter().all(|one| match &one.expression {
        Expression::CallExpression(call) => !call.callee.is_specific_id("Version"),
        _ => true,
    });
    for decorator in &it.decorators {
        let Expression::CallExpression(call) = &decorator.expression else { continue };
        let Expression::Identifier(verb) = &call.callee else { continue };
        let verb = verb.name.as_str().to_ascii_lowercase();
        if !VERBS.contains(&verb.as_str()) {
            continue;
        }
        let path = match call.arguments.first().and_then(Argument::as_expression) {
            None => Some(String::new()),
            Some(given) => {
                imports::literal(given).and_then(|path| routes::path(path, Syntax::Colons))
            }
        };
        let method = if verb == "all" { "*".to_owned() } else { verb.to_ascii_uppercase() };
        let route = Route {
            router: &routes::own(class),
            method: &method,
            path: path.map(|path| rooted(&path)),
            flags: if plain && verb != "all" { Flags::NONE } else { Flags::CONDITIONAL },
        };
        route.write(sheet, span(call.span));
    }
}
