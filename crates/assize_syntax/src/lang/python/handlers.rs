//! Error handlers that drop what they catch.

use assize_model::{FileClass, Span};
use ruff_python_ast::{self as ast, ExceptHandler, Expr, Stmt};
use ruff_text_size::Ranged as _;

use super::modules::dotted;
use super::walk::Walk;
use crate::lang::practice;
use crate::{FactKind, Flags, Role};

pub(super) fn of_try(walk: &mut Walk<'_, '_>, block: &ast::StmtTry) {
    if walk.sheet.class != FileClass::Production {
        return;
    }
    for ExceptHandler::ExceptHandler(handler) in &block.handlers {
        let Some(does) = instead(&handler.body) else { continue };
        let mut flags = Flags::NONE;
        if explains(walk, block, handler) {
            flags = flags.with(Flags::MENTIONED);
        }
        if goes_on(block)
            || is_harmless(&block.body)
            || walk.names.iter().any(|name| practice::is_ending(name))
        {
            flags = flags.with(Flags::OPTIONAL);
        }
        let item = walk.item();
        let start = handler.start().to_usize();
        let end = handler.type_.as_ref().map_or(start + "except".len(), |it| it.end().to_usize());
        walk.sheet
            .fact(FactKind::Catch, Role::Definition, caught(handler), Span::new(start, end))
            .value(does)
            .item(item)
            .number(u32::try_from(block.body.len()).unwrap_or(u32::MAX))
            .flags(flags)
            .done();
    }
}

/// What a handler does instead of handling; `None` where it does something.
fn instead(body: &[Stmt]) -> Option<&'static str> {
    match body {
        [Stmt::Continue(_)] => Some("next"),
        [Stmt::Return(it)] => match it.value.as_deref() {
            None => Some("nothing"),
            Some(value) => is_constant(value).then_some("default"),
        },
        _ => body.iter().all(does_nothing).then_some("nothing"),
    }
}

fn does_nothing(stmt: &Stmt) -> bool {
    match stmt {
        Stmt::Pass(_) => true,
        Stmt::Expr(it) => it.value.is_ellipsis_literal_expr(),
        _ => false,
    }
}

/// A value that is written out, or an empty collection.
pub(super) fn is_constant(expr: &Expr) -> bool {
    match expr {
        Expr::NoneLiteral(_)
        | Expr::BooleanLiteral(_)
        | Expr::NumberLiteral(_)
        | Expr::StringLiteral(_) => true,
        Expr::List(list) => list.elts.is_empty(),
        Expr::Tuple(tuple) => tuple.elts.is_empty(),
        Expr::Dict(dict) => dict.items.is_empty(),
        _ => false,
    }
}

fn caught(handler: &ast::ExceptHandlerExceptHandler) -> String {
    let name = |expr: &Expr| {
        let name = dotted(expr).unwrap_or_else(|| "?".to_owned());
        name.rsplit('.').next().unwrap_or("?").to_owned()
    };
    match handler.type_.as_deref() {
        None => "*".to_owned(),
        Some(Expr::Tuple(tuple)) => tuple.elts.iter().map(name).collect::<Vec<_>>().join("|"),
        Some(one) => name(one),
    }
}

/// Whether a comment stands in the handler or right above it.
fn explains(
    walk: &Walk<'_, '_>,
    block: &ast::StmtTry,
    handler: &ast::ExceptHandlerExceptHandler,
) -> bool {
    let from = block.body.last().map_or(handler.start(), |last| last.end()).to_usize();
    let rest = walk.sheet.text.get(handler.end().to_usize()..).unwrap_or("");
    let line = rest.find('\n').unwrap_or(rest.len());
    let text = walk.sheet.text.get(from..handler.end().to_usize() + line).unwrap_or("");
    let below = rest.get(line..).unwrap_or("").trim_start();
    text.contains('#') || below.starts_with('#')
}

/// Whether what follows runs because the attempt failed: the handler leads to another way.
fn goes_on(block: &ast::StmtTry) -> bool {
    leaves(&block.body) || !block.orelse.is_empty()
}

/// Whether a body ends by leaving, always or under a condition.
fn leaves(body: &[Stmt]) -> bool {
    match body.last() {
        Some(Stmt::Return(_) | Stmt::Continue(_) | Stmt::Break(_) | Stmt::Raise(_)) => true,
        Some(Stmt::If(it)) => leaves(&it.body),
        Some(Stmt::With(it)) => leaves(&it.body),
        _ => false,
    }
}

/// Whether all that is tried may fail without harm: it closes or removes, or only imports.
fn is_harmless(body: &[Stmt]) -> bool {
    body.iter().all(|stmt| match stmt {
        Stmt::Import(_) | Stmt::ImportFrom(_) | Stmt::Pass(_) | Stmt::Delete(_) => true,
        Stmt::Expr(it) => ends_something(&it.value),
        Stmt::Assign(it) => it.value.is_none_literal_expr() || ends_something(&it.value),
        Stmt::If(it) => is_harmless(&it.body) && it.elif_else_clauses.is_empty(),
        _ => false,
    }) || body.iter().any(|stmt| matches!(stmt, Stmt::Import(_) | Stmt::ImportFrom(_)))
}

fn ends_something(expr: &Expr) -> bool {
    match expr {
        // Who waits for a task that is over wants its end, not what came of it.
        Expr::Await(it) => it.value.is_name_expr() || ends_something(&it.value),
        Expr::Call(call) => match &*call.func {
            Expr::Attribute(it) => practice::is_harmless(it.attr.as_str()),
            Expr::Name(it) => practice::is_harmless(it.id.as_str()),
            _ => false,
        },
        _ => false,
    }
}
