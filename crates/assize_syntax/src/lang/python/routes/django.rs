//! Django: lists of patterns that include each other, and the one from which they start.

use ruff_python_ast::{self as ast, Expr};

use super::super::modules::{dotted, literal};
use super::super::walk::{Walk, span_of};
use super::{follow, keyword};
use crate::Flags;
use crate::lang::routes::{self, Mounted, Route, Syntax};

const PATTERNS: &str = "urlpatterns";
const START: &str = "ROOT_URLCONF";

pub(super) fn assigned(walk: &mut Walk<'_, '_>, target: &Expr, value: &Expr) {
    let Expr::Name(name) = target else { return };
    if !walk.scopes.at_module() {
        return;
    }
    match name.id.as_str() {
        PATTERNS => {
            routes::made(walk.sheet, PATTERNS, "/", "django router", span_of(target));
            walk.routes.own.insert(PATTERNS.to_owned());
            listed(walk, value);
        }
        START => {
            let Some(module) = literal(value) else { return };
            routes::made(walk.sheet, START, "", "django app", span_of(target));
            let (router, on) = (format!("{module}#{PATTERNS}"), routes::own(START));
            let one = Mounted {
                router: &router,
                on: &on,
                prefix: "",
                replaces: false,
                flags: Flags::NONE,
            };
            one.write(walk.sheet, span_of(value));
        }
        _ => {}
    }
}

/// `urlpatterns += [..]`.
pub(super) fn added(walk: &mut Walk<'_, '_>, target: &Expr, value: &Expr) {
    if matches!(target, Expr::Name(name) if name.id.as_str() == PATTERNS) {
        follow(walk, target);
        listed(walk, value);
    }
}

fn listed(walk: &mut Walk<'_, '_>, value: &Expr) {
    match value {
        Expr::List(list) => list.elts.iter().for_each(|one| pattern(walk, one)),
        Expr::Tuple(list) => list.elts.iter().for_each(|one| pattern(walk, one)),
        Expr::BinOp(sum) => {
            listed(walk, &sum.left);
            listed(walk, &sum.right);
        }
        // What a function or another name holds is not known.
        _ => open(walk, value),
    }
}

/// Says that there are patterns that are not followed.
fn open(walk: &mut Walk<'_, '_>, at: &Expr) {
    let router = routes::own(PATTERNS);
    let route = Route { router: &router, method: "*", path: None, flags: Flags::NONE };
    route.write(walk.sheet, span_of(at));
}

fn pattern(walk: &mut Walk<'_, '_>, one: &Expr) {
    let Expr::Call(call) = one else { return open(walk, one) };
    let name = dotted(&call.func).unwrap_or_default();
    let plain = name == "path" || name.ends_with(".path");
    let (Some(written), true) = (call.arguments.args.first().and_then(literal), plain) else {
        return open(walk, one);
    };
    let path = routes::path(written, Syntax::Angles);
    match call.arguments.args.get(1) {
        Some(Expr::Call(view)) if is_include(view) => include(walk, view, path),
        Some(view) if is_mounted(walk, view) => open(walk, one),
        _ => {
            let router = routes::own(PATTERNS);
            let flags = if walk.is_branch() { Flags::CONDITIONAL } else { Flags::NONE };
            let route = Route { router: &router, method: "*", path, flags };
            route.write(walk.sheet, span_of(call));
        }
    }
}

/// `include(..)`, also by the name of its module.
fn is_include(view: &ast::ExprCall) -> bool {
    dotted(&view.func).is_some_and(|name| name.rsplit('.').next() == Some("include"))
}

/// Whether a view is none but a set of addresses below the path: `api.urls`, or a name for it.
fn is_mounted(walk: &Walk<'_, '_>, view: &Expr) -> bool {
    let Some(name) = dotted(view) else { return false };
    let ends = |name: &str| name.rsplit(['.', '#', '_']).next() == Some("urls");
    ends(&name) || walk.routes.imported(&name).is_some_and(|full| ends(&full))
}

fn include(walk: &mut Walk<'_, '_>, view: &ast::ExprCall, prefix: Option<String>) {
    let given = view.arguments.args.first().or_else(|| keyword(view, "arg"));
    let Some(given) = given else { return };
    let first = match given {
        Expr::Tuple(pair) => pair.elts.first(),
        one => Some(one),
    };
    let router = match first {
        Some(Expr::StringLiteral(module)) => Some(format!("{}#{PATTERNS}", module.value.to_str())),
        Some(name @ (Expr::Name(_) | Expr::Attribute(_))) => {
            let named = dotted(name).and_then(|name| walk.routes.imported(&name));
            named.map(|name| match name.strip_suffix('#') {
                Some(_) => format!("{name}{PATTERNS}"),
                None => format!("{name}.{PATTERNS}"),
            })
        }
        _ => None,
    };
    let on = routes::own(PATTERNS);
    let flags = if router.is_some() { Flags::NONE } else { Flags::UNRESOLVED };
    let prefix = prefix.unwrap_or_else(|| "<?>".to_owned());
    // Below the slash with which every path of Django begins.
    let one = Mounted {
        router: router.as_deref().unwrap_or(routes::HANDED),
        on: &on,
        prefix: &prefix,
        replaces: true,
        flags,
    };
    one.write(walk.sheet, span_of(view));
}
