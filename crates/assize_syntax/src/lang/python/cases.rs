//! Test cases, as pytest and unittest find them.

use assize_model::FileClass;
use ruff_python_ast::{self as ast, Expr, Stmt};

use super::modules::dotted;
use super::walk::{Walk, span_of};
use crate::{FactKind, Flags, Role};

/// Decorators after which a second definition of a name is not in the way of the first.
const GATHERING: [&str; 8] =
    ["dispatch", "getter", "overload", "register", "setter", "deleter", "property", "fixture"];

/// The cases that stand directly in a block: those of branches are alternatives.
pub(super) fn of_block(walk: &mut Walk<'_, '_>, body: &[Stmt]) {
    if walk.sheet.class != FileClass::Test {
        return;
    }
    walk.blocks = walk.blocks.saturating_add(1);
    for stmt in body {
        match stmt {
            Stmt::FunctionDef(it) if it.name.starts_with("test") => {
                let decorated =
                    if it.decorator_list.is_empty() { Flags::NONE } else { Flags::DYNAMIC };
                let open = it.decorator_list.iter().any(|one| gathers(&one.expression))
                    || is_rebound(body, it.name.as_str());
                let open = if open { Flags::UNRESOLVED } else { Flags::NONE };
                let parameters = parameters(walk, it);
                write(walk, &it.name, open.with(decorated), &parameters);
            }
            Stmt::ClassDef(it) if is_suite(it) => {
                let open = is_rebound(body, it.name.as_str());
                let open = if open { Flags::UNRESOLVED } else { Flags::NONE };
                write(walk, &it.name, open, "class");
            }
            _ => {}
        }
    }
}

fn write(walk: &mut Walk<'_, '_>, name: &ast::Identifier, flags: Flags, parameters: &str) {
    let (item, block) = (walk.item(), walk.blocks);
    walk.sheet
        .fact(FactKind::Test, Role::Definition, name.as_str(), span_of(name))
        .value(parameters)
        .item(item)
        .number(block)
        .flags(flags)
        .done();
}

fn gathers(decorator: &Expr) -> bool {
    let function = match decorator {
        Expr::Call(call) => &*call.func,
        other => other,
    };
    let name = dotted(function);
    let last = name.as_deref().and_then(|name| name.rsplit('.').next());
    // A decorator that is computed, or that is called like a registry, may keep each definition.
    last.is_none_or(|last| GATHERING.contains(&last) || last.starts_with("add") || last == "case")
}

/// Whether the block keeps the earlier definition under another name, or drops it on purpose.
fn is_rebound(body: &[Stmt], name: &str) -> bool {
    let means = |expr: &Expr| matches!(expr, Expr::Name(it) if it.id.as_str() == name);
    body.iter().any(|stmt| match stmt {
        Stmt::Assign(it) => it.targets.iter().any(means) || means(&it.value),
        Stmt::Delete(it) => it.targets.iter().any(means),
        _ => false,
    })
}

/// A class whose members a runner collects.
fn is_suite(class: &ast::StmtClassDef) -> bool {
    let tests = class.name.starts_with("Test")
        || class.name.ends_with("Test")
        || class.name.ends_with("Tests");
    tests
        && class
            .body
            .iter()
            .any(|stmt| matches!(stmt, Stmt::FunctionDef(it) if it.name.starts_with("test")))
}

fn parameters(walk: &Walk<'_, '_>, function: &ast::StmtFunctionDef) -> String {
    let range = span_of(&*function.parameters);
    walk.sheet.text.get(range.start..range.end).unwrap_or("").to_owned()
}
