//! What stands in for what is not there: functions without a body, doubles, remarks that put the
//! real thing off, chance under the name of a measurement.

use assize_model::FileClass;
use ruff_python_ast::token::{TokenKind, Tokens};
use ruff_python_ast::{self as ast, Expr, Stmt};
use ruff_text_size::Ranged as _;

use super::handlers::is_constant;
use super::modules::dotted;
use super::span;
use super::walk::{Walk, span_of};
use crate::lang::practice;
use crate::{Extraction, FactKind, Flags, Role};

/// The remarks of a file that defer something.
pub(super) fn of_comments(sheet: &mut Extraction<'_>, tokens: &Tokens) {
    if sheet.class != FileClass::Production || !practice::may_defer(sheet.text) {
        return;
    }
    for token in tokens.iter().filter(|token| token.kind() == TokenKind::Comment) {
        let at = span(token.range());
        let Some(words) = sheet.text.get(at.start..at.end).and_then(practice::deferring) else {
            continue;
        };
        sheet.fact(FactKind::StandIn, Role::Definition, "remark", at).value(words).done();
    }
}

/// A function whose body does nothing. Decorated ones are another's business.
pub(super) fn of_function(walk: &mut Walk<'_, '_>, function: &ast::StmtFunctionDef) {
    if walk.sheet.class != FileClass::Production || walk.scopes.in_function() {
        return;
    }
    let conditional = Flags::CONDITIONAL.with(Flags::OPTIONAL).with(Flags::TYPE_ONLY);
    if walk.guards.any(conditional) || !function.decorator_list.iter().all(is_plain) {
        return;
    }
    let Some(how) = how(&function.body) else { return };
    let promised = function.returns.as_deref().is_some_and(promises);
    let member = !walk.scopes.at_module();
    let parameters = function.parameters.iter().count();
    let own = usize::from(member && parameters > 0);
    let mut item = walk.item();
    if !item.is_empty() {
        item.push('.');
    }
    item.push_str(function.name.as_str());
    walk.sheet
        .fact(FactKind::StandIn, Role::Definition, "body", span_of(&function.name))
        .value(if promised { format!("{how} promised") } else { how.to_owned() })
        .item(item)
        .number(u32::try_from(parameters - own).unwrap_or(u32::MAX))
        .flags(if member { Flags::NESTED } else { Flags::NONE })
        .done();
}

fn is_plain(decorator: &ast::Decorator) -> bool {
    matches!(&decorator.expression, Expr::Name(name)
        if matches!(name.id.as_str(), "staticmethod" | "classmethod"))
}

/// How a body does nothing; `None` where it does something.
fn how(body: &[Stmt]) -> Option<&'static str> {
    let is_text = |stmt: &Stmt| matches!(stmt, Stmt::Expr(it) if it.value.is_string_literal_expr());
    let rest = match body.first() {
        Some(first) if is_text(first) => body.get(1..).unwrap_or(&[]),
        _ => body,
    };
    match rest {
        [Stmt::Raise(it)] => {
            let raised = match it.exc.as_deref() {
                Some(Expr::Call(call)) => dotted(&call.func),
                Some(other) => dotted(other),
                None => None,
            };
            (raised.as_deref() == Some("NotImplementedError")).then_some("unwritten")
        }
        [Stmt::Return(it)] => match it.value.as_deref() {
            None => Some("empty"),
            Some(value) => is_constant(value).then_some("constant"),
        },
        _ => rest
            .iter()
            .all(|stmt| {
                matches!(stmt, Stmt::Pass(_))
                    || matches!(stmt, Stmt::Expr(it) if it.value.is_ellipsis_literal_expr())
            })
            .then_some("empty"),
    }
}

/// Whether an annotation says that a value comes back.
fn promises(returns: &Expr) -> bool {
    let name = match returns {
        Expr::NoneLiteral(_) | Expr::StringLiteral(_) => return false,
        Expr::Subscript(it) => dotted(&it.value),
        // Where nothing may come back, nothing is promised.
        Expr::BinOp(_) => return false,
        other => dotted(other),
    };
    name.is_some_and(|name| {
        !matches!(
            name.rsplit('.').next().unwrap_or(&name),
            "Any" | "Never" | "NoReturn" | "Optional" | "Union" | "object" | "None"
        )
    })
}

/// A class or a constant of the module that is called like a test's.
pub(super) fn statement(walk: &mut Walk<'_, '_>, stmt: &Stmt) {
    if walk.sheet.class != FileClass::Production {
        return;
    }
    match stmt {
        Stmt::ClassDef(class) if walk.scopes.at_module() => double(walk, &class.name, &class.name),
        Stmt::Assign(assign) => {
            if let [target] = assign.targets.as_slice() {
                assigned(walk, target, &assign.value);
            }
        }
        Stmt::AnnAssign(assign) => {
            if let Some(value) = &assign.value {
                assigned(walk, &assign.target, value);
            }
        }
        _ => {}
    }
}

fn assigned(walk: &mut Walk<'_, '_>, target: &Expr, value: &Expr) {
    match target {
        Expr::Name(name) => {
            let data = match value {
                Expr::List(list) => !list.elts.is_empty(),
                Expr::Dict(dict) => !dict.items.is_empty(),
                _ => false,
            };
            if data && walk.scopes.at_module() {
                double(walk, &name.id, target);
            }
            measured(walk, &name.id, value);
        }
        Expr::Attribute(attribute) => measured(walk, attribute.attr.as_str(), value),
        Expr::Subscript(it) => {
            if let Expr::StringLiteral(key) = &*it.slice {
                measured(walk, key.value.to_str(), value);
            }
        }
        _ => {}
    }
}

fn double(walk: &mut Walk<'_, '_>, name: &str, at: &impl ruff_text_size::Ranged) {
    if practice::is_double(name) {
        walk.sheet
            .fact(FactKind::StandIn, Role::Definition, "double", span_of(at))
            .value(name)
            .item(name)
            .done();
    }
}

/// Values that are given a name in a dictionary or a call.
pub(super) fn expression(walk: &mut Walk<'_, '_>, expr: &Expr) {
    if walk.sheet.class != FileClass::Production {
        return;
    }
    match expr {
        Expr::Dict(dict) => {
            for item in &dict.items {
                if let Some(Expr::StringLiteral(key)) = &item.key {
                    measured(walk, key.value.to_str(), &item.value);
                }
            }
        }
        Expr::Call(call) => {
            for keyword in &call.arguments.keywords {
                if let Some(name) = &keyword.arg {
                    measured(walk, name.as_str(), &keyword.value);
                }
            }
        }
        _ => {}
    }
}

fn measured(walk: &mut Walk<'_, '_>, name: &str, value: &Expr) {
    if is_chance(value) && practice::is_measure(name) {
        let item = walk.item();
        walk.sheet
            .fact(FactKind::StandIn, Role::Definition, "random", span_of(value))
            .value(name)
            .item(item)
            .done();
    }
}

/// Whether a value is drawn by lot, rounded or scaled at most.
fn is_chance(value: &Expr) -> bool {
    match value {
        Expr::BinOp(both) => is_chance(&both.left) || is_chance(&both.right),
        Expr::Call(call) => {
            let Some(name) = dotted(&call.func) else { return false };
            let mut parts = name.rsplit('.');
            let (last, owner) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
            if owner == "random" {
                return matches!(last, "gauss" | "normal" | "randint" | "random" | "uniform");
            }
            matches!(name.as_str(), "abs" | "float" | "int" | "max" | "min" | "round")
                && call.arguments.args.iter().any(is_chance)
        }
        _ => false,
    }
}
