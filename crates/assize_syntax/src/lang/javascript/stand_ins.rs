//! What stands in for what is not there: functions without a body, doubles, remarks that put the
//! real thing off, chance under the name of a measurement.

use assize_model::FileClass;
use oxc_ast::ast::{
    Argument, Class, ClassElement, Expression, Function, FunctionBody, MethodDefinitionKind,
    Program, Statement, TSAccessibility,
};
use oxc_span::{GetSpan as _, Span};

use super::span;
use crate::lang::practice;
use crate::{Extraction, FactKind, Role};

/// The remarks of a file that defer something.
pub(super) fn of_comments(sheet: &mut Extraction<'_>, program: &Program<'_>) {
    if sheet.class != FileClass::Production || !practice::may_defer(sheet.text) {
        return;
    }
    for comment in &program.comments {
        let at = span(comment.span);
        let Some(words) = sheet.text.get(at.start..at.end).and_then(practice::deferring) else {
            continue;
        };
        sheet.fact(FactKind::StandIn, Role::Definition, "remark", at).value(words).done();
    }
}

/// A function declaration of the module whose body does nothing.
pub(super) fn of_function(sheet: &mut Extraction<'_>, it: &Function<'_>) {
    if let Some(id) = &it.id {
        hollow(sheet, it, id.span, id.name.as_str());
    }
}

/// A class of the module: its name, and its private methods, which no other class may override.
pub(super) fn of_class(sheet: &mut Extraction<'_>, it: &Class<'_>) {
    let name = it.id.as_ref().map_or("", |id| id.name.as_str());
    if let Some(id) = &it.id {
        double(sheet, name, id.span);
    }
    for element in &it.body.body {
        let ClassElement::MethodDefinition(method) = element else { continue };
        let private = method.key.is_private_identifier()
            || method.accessibility == Some(TSAccessibility::Private);
        let plain = method.kind == MethodDefinitionKind::Method && method.decorators.is_empty();
        let Some(key) = method.key.name().filter(|_| private && plain) else { continue };
        hollow(sheet, &method.value, method.key.span(), &format!("{name}.{key}"));
    }
}

fn hollow(sheet: &mut Extraction<'_>, it: &Function<'_>, at: Span, item: &str) {
    let Some(body) = &it.body else { return };
    if sheet.class != FileClass::Production {
        return;
    }
    let Some(how) = how(body) else { return };
    let promised = it.return_type.as_ref().is_some_and(|returns| {
        let at = span(returns.span);
        let text = sheet.text.get(at.start..at.end).unwrap_or("");
        !["void", "undefined", "null", "any", "unknown", "never", "asserts"]
            .iter()
            .any(|word| text.contains(word))
    });
    sheet
        .fact(FactKind::StandIn, Role::Definition, "body", span(at))
        .value(if promised { format!("{how} promised") } else { how.to_owned() })
        .item(item)
        .number(u32::try_from(it.params.items.len()).unwrap_or(u32::MAX))
        .done();
}

fn how(body: &FunctionBody<'_>) -> Option<&'static str> {
    match body.statements.as_slice() {
        [] => Some("empty"),
        [Statement::ReturnStatement(it)] => match &it.argument {
            None => Some("empty"),
            Some(value) => is_constant(value).then_some("constant"),
        },
        [Statement::ThrowStatement(it)] => says_unwritten(&it.argument).then_some("unwritten"),
        _ => None,
    }
}

fn is_constant(value: &Expression<'_>) -> bool {
    match value {
        Expression::BooleanLiteral(_)
        | Expression::NullLiteral(_)
        | Expression::NumericLiteral(_)
        | Expression::StringLiteral(_) => true,
        Expression::ArrayExpression(it) => it.elements.is_empty(),
        Expression::ObjectExpression(it) => it.properties.is_empty(),
        _ => false,
    }
}

/// `throw new Error("not implemented")`
fn says_unwritten(thrown: &Expression<'_>) -> bool {
    let Expression::NewExpression(it) = thrown else { return false };
    let text = it.arguments.first().and_then(super::imports::literal_argument).unwrap_or("");
    let lower = text.to_ascii_lowercase();
    ["not implemented", "not yet implemented", "unimplemented", "todo"]
        .iter()
        .any(|words| lower.contains(words))
}

/// A class or a constant of the module that is called like a test's.
pub(super) fn double(sheet: &mut Extraction<'_>, name: &str, at: Span) {
    if sheet.class == FileClass::Production && practice::is_double(name) {
        sheet
            .fact(FactKind::StandIn, Role::Definition, "double", span(at))
            .value(name)
            .item(name)
            .done();
    }
}

/// Whether a constant holds data that is written out.
pub(super) fn is_data(value: &Expression<'_>) -> bool {
    match value {
        Expression::ArrayExpression(it) => !it.elements.is_empty(),
        Expression::ObjectExpression(it) => !it.properties.is_empty(),
        Expression::TSAsExpression(it) => is_data(&it.expression),
        Expression::TSSatisfiesExpression(it) => is_data(&it.expression),
        _ => false,
    }
}

/// A value that gets a name.
pub(super) fn measured(
    sheet: &mut Extraction<'_>,
    name: &str,
    value: &Expression<'_>,
    item: impl FnOnce() -> String,
) {
    if sheet.class == FileClass::Production && is_chance(value) && practice::is_measure(name) {
        sheet
            .fact(FactKind::StandIn, Role::Definition, "random", span(value.span()))
            .value(name)
            .item(item())
            .done();
    }
}

/// Whether a value is drawn by lot, rounded or scaled at most.
fn is_chance(value: &Expression<'_>) -> bool {
    match value {
        Expression::BinaryExpression(it) => {
            it.operator.is_arithmetic() && (is_chance(&it.left) || is_chance(&it.right))
        }
        Expression::CallExpression(call) => {
            call.callee.is_specific_member_access("Math", "random")
                || ["abs", "ceil", "floor", "max", "min", "round"]
                    .iter()
                    .any(|name| call.callee.is_specific_member_access("Math", name))
                    && call.arguments.iter().filter_map(Argument::as_expression).any(is_chance)
        }
        _ => false,
    }
}
