//! Error handlers that drop what they catch.

use assize_model::{FileClass, Span};
use oxc_ast::ast::{
    ArrowFunctionBody, CallExpression, Expression, FunctionBody, Statement, TryStatement,
};

use super::{fallback, span};
use crate::lang::practice;
use crate::{Extraction, FactKind, Flags, Role};

pub(super) fn of_try(sheet: &mut Extraction<'_>, it: &TryStatement<'_>, item: String) {
    let Some(handler) = &it.handler else { return };
    if sheet.class != FileClass::Production || !handler.body.body.is_empty() {
        return;
    }
    let said = explained(sheet, span(handler.span));
    let mut flags = said.with(fallback::bound_before(sheet, it));
    let over = item.split('.').any(practice::is_ending);
    if it.block.body.last().is_some_and(leaves) || over || it.block.body.iter().all(is_harmless) {
        flags = flags.with(Flags::OPTIONAL);
    }
    let start = handler.span.start as usize;
    let at = Span::new(start, start + "catch".len());
    let count = u32::try_from(it.block.body.len()).unwrap_or(u32::MAX);
    write(sheet, at, item, count, flags);
}

/// Whether a statement leaves, always or under a condition: the handler leads to another way.
fn leaves(statement: &Statement<'_>) -> bool {
    match statement {
        Statement::ReturnStatement(_)
        | Statement::ContinueStatement(_)
        | Statement::BreakStatement(_)
        | Statement::ThrowStatement(_) => true,
        Statement::IfStatement(it) => leaves(&it.consequent),
        Statement::BlockStatement(it) => it.body.last().is_some_and(leaves),
        Statement::ForOfStatement(it) => returns(&it.body),
        Statement::ForInStatement(it) => returns(&it.body),
        Statement::ForStatement(it) => returns(&it.body),
        Statement::WhileStatement(it) => returns(&it.body),
        _ => false,
    }
}

/// Whether a statement in a loop leaves the function, and not the loop alone.
fn returns(statement: &Statement<'_>) -> bool {
    match statement {
        Statement::ReturnStatement(_) | Statement::ThrowStatement(_) => true,
        Statement::IfStatement(it) => returns(&it.consequent),
        Statement::BlockStatement(it) => it.body.last().is_some_and(returns),
        _ => false,
    }
}

/// `promise.catch(() => {})`
pub(super) fn of_call(
    sheet: &mut Extraction<'_>,
    it: &CallExpression<'_>,
    item: impl FnOnce() -> String,
) {
    let Expression::StaticMemberExpression(member) = &it.callee else { return };
    if member.property.name != "catch"
        || it.arguments.len() != 1
        || sheet.class != FileClass::Production
    {
        return;
    }
    let handler = it.arguments.first().and_then(|argument| argument.as_expression());
    let body: &FunctionBody<'_> = match handler {
        Some(Expression::ArrowFunctionExpression(it)) => match &it.body {
            ArrowFunctionBody::FunctionBody(body) => body,
            _ => return,
        },
        Some(Expression::FunctionExpression(it)) => match &it.body {
            Some(body) => body,
            None => return,
        },
        _ => return,
    };
    if !body.statements.is_empty() {
        return;
    }
    let mut flags = explained(sheet, span(body.span));
    if ends_something(&member.object) {
        flags = flags.with(Flags::OPTIONAL);
    }
    let at = span(member.property.span);
    let item = item();
    write(sheet, at, item, 1, flags);
}

fn write(sheet: &mut Extraction<'_>, at: Span, item: String, count: u32, flags: Flags) {
    sheet
        .fact(FactKind::Catch, Role::Definition, "*", at)
        .value("nothing")
        .item(item)
        .number(count)
        .flags(flags)
        .done();
}

/// Whether a comment stands in an empty handler, or behind it on its last line.
fn explained(sheet: &Extraction<'_>, handler: Span) -> Flags {
    let rest = sheet.text.get(handler.end..).unwrap_or("");
    let line = rest.find('\n').unwrap_or(rest.len());
    let text = sheet.text.get(handler.start..handler.end + line).unwrap_or("");
    if text.contains("//") || text.contains("/*") { Flags::MENTIONED } else { Flags::NONE }
}

/// Whether a statement may fail without harm: it closes something, asks whether a text can be
/// read, or speaks to what a browser may refuse.
fn is_harmless(statement: &Statement<'_>) -> bool {
    match statement {
        Statement::ExpressionStatement(it) => match &it.expression {
            Expression::AssignmentExpression(it) => ends_something(&it.right),
            other => ends_something(other),
        },
        Statement::VariableDeclaration(it) => {
            it.declarations.iter().all(|one| one.init.as_ref().is_none_or(ends_something))
        }
        Statement::IfStatement(it) => it.alternate.is_none() && is_harmless(&it.consequent),
        Statement::BlockStatement(it) => it.body.iter().all(is_harmless),
        _ => false,
    }
}

fn ends_something(expression: &Expression<'_>) -> bool {
    match expression {
        Expression::AwaitExpression(it) => ends_something(&it.argument),
        Expression::UnaryExpression(it) => ends_something(&it.argument),
        Expression::ChainExpression(it) => match &it.expression {
            oxc_ast::ast::ChainElement::CallExpression(call) => call_ends(call),
            _ => false,
        },
        Expression::CallExpression(call) => call_ends(call),
        Expression::NewExpression(it) => it.callee.is_specific_id("URL"),
        Expression::StringLiteral(_) | Expression::BooleanLiteral(_) => true,
        _ => false,
    }
}

fn call_ends(call: &CallExpression<'_>) -> bool {
    const TRIED: [&str; 16] = [
        "access",
        "copyText",
        "decodeURIComponent",
        "getItem",
        "import",
        "parse",
        "postMessage",
        "releasePointerCapture",
        "removeItem",
        "require",
        "resolve",
        "scrollIntoView",
        "setItem",
        "setPointerCapture",
        "share",
        "writeText",
    ];
    let name = match &call.callee {
        Expression::Identifier(id) => id.name.as_str(),
        Expression::StaticMemberExpression(member) => member.property.name.as_str(),
        _ => return false,
    };
    let name = name.strip_suffix("Sync").unwrap_or(name);
    practice::is_harmless(name) || TRIED.contains(&name)
}
