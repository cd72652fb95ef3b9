//! Routes of the minimal interfaces of ASP.NET: calls on an application, on a group of it, or on
//! what a function is handed.

use std::collections::HashMap;

use assize_grammars::Node;

use super::super::literal::unquoted;
use super::super::walk::{Walk, span_of};
use super::written::{below, children, form, is_product};
use crate::Flags;
use crate::lang::routes::{self, Route, WHOLE};

/// How many calls of a chain are followed.
const CHAIN_MAX: usize = 16;
/// How far after a route is looked for what else chooses it.
const TAIL_MAX: usize = 600;

/// What the variables of a file stand for, each with the function in which it stands.
#[derive(Debug, Default)]
pub(in crate::lang::tree) struct Groups {
    known: HashMap<String, Group>,
}

/// Something on which routes are registered.
#[derive(Debug, Clone)]
struct Group {
    router: String,
    /// `None` where it is computed.
    prefix: Option<String>,
    flags: Flags,
}

/// Takes in what a function is handed.
pub(in crate::lang::tree) fn function(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    let Some(parameters) = node.child_by_field_name("parameters") else { return };
    if !is_product(walk) || !walk.text_of(parameters).contains("Builder ") && !is_app(walk, node) {
        return;
    }
    let item = walk.item();
    for one in children(parameters) {
        let name = walk.field(one, "name");
        let router = match walk.field(one, "type") {
            "WebApplication" => WHOLE.to_owned(),
            "IEndpointRouteBuilder" | "RouteGroupBuilder" => format!("{item}.{name}"),
            _ => continue,
        };
        if router != WHOLE {
            routes::made(walk.sheet, &router, "", "aspnet router", span_of(one));
        }
        let router = if router == WHOLE { router } else { routes::own(&router) };
        let group = Group { router, prefix: Some(String::new()), flags: Flags::NONE };
        walk.groups.known.insert(format!("{item}/{name}"), group);
    }
}

fn is_app(walk: &Walk<'_, '_>, function: Node<'_>) -> bool {
    walk.field(function, "parameters").contains("WebApplication ")
}

/// Takes in what a variable stands for.
pub(in crate::lang::tree) fn variable(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    if !is_product(walk) {
        return;
    }
    let Some(value) = children(node).into_iter().next_back() else { return };
    if value.kind() != "invocation_expression" {
        return;
    }
    let written = walk.text_of(value);
    let app = written == "builder.Build()" || written.starts_with("WebApplication.Create(");
    let group = if app {
        Some(Group { router: WHOLE.to_owned(), prefix: Some(String::new()), flags: Flags::NONE })
    } else {
        group(walk, value)
    };
    if let Some(group) = group {
        let key = format!("{}/{}", walk.item(), walk.field(node, "name"));
        walk.groups.known.insert(key, group);
    }
}

/// What an expression stands for: a variable, or a chain of calls on one.
fn group(walk: &Walk<'_, '_>, expression: Node<'_>) -> Option<Group> {
    let mut prefixes: Vec<Option<String>> = Vec::new();
    let mut flags = Flags::NONE;
    let mut node = expression;
    for _ in 0..CHAIN_MAX {
        match node.kind() {
            "identifier" => {
                let mut found = variable_of(walk, walk.text_of(node))?.clone();
                for prefix in prefixes.iter().rev() {
                    found.prefix = match (found.prefix, prefix) {
                        (Some(before), Some(own)) => Some(below(&before, own)),
                        _ => None,
                    };
                }
                found.flags = found.flags.with(flags);
                return Some(found);
            }
            "invocation_expression" => {
                let (on, name) = callee(walk, node)?;
                match name {
                    "MapGroup" => prefixes.push(first_text(walk, node)),
                    name if name.starts_with("Map") && name != "MapToApiVersion" => return None,
                    name if chooses(name) => flags = Flags::CONDITIONAL,
                    _ => {}
                }
                node = on;
            }
            _ => return None,
        }
    }
    None
}

/// A variable of the function in which the walk stands, or of those around it.
fn variable_of<'w>(walk: &'w Walk<'_, '_>, name: &str) -> Option<&'w Group> {
    let mut item = walk.item();
    loop {
        if let Some(found) = walk.groups.known.get(&format!("{item}/{name}")) {
            return Some(found);
        }
        let cut = item.rfind('.').unwrap_or(0);
        if item.is_empty() {
            return None;
        }
        item.truncate(cut);
    }
}

fn callee<'t, 'f>(walk: &Walk<'_, 'f>, call: Node<'t>) -> Option<(Node<'t>, &'f str)> {
    let function = call.child_by_field_name("function")?;
    let on = function.child_by_field_name("expression")?;
    let name = walk.field(function, "name");
    Some((on, name.split('<').next().unwrap_or(name)))
}

fn first_argument(call: Node<'_>) -> Option<Node<'_>> {
    call.child_by_field_name("arguments")?.named_child(0)?.named_child(0)
}

fn first_text(walk: &Walk<'_, '_>, call: Node<'_>) -> Option<String> {
    let first = first_argument(call).filter(|one| one.kind() == "string_literal")?;
    Some(unquoted(walk.text_of(first)).to_ascii_lowercase())
}

/// Whether what is said of a route or a group chooses who answers.
fn chooses(said: &str) -> bool {
    ["Version", "RequireHost", "WithOrder", "WithMetadata", "Accepts"]
        .iter()
        .any(|word| said.contains(word))
}

pub(in crate::lang::tree) fn call(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    let Some((on, name)) = callee(walk, node) else { return };
    if !name.starts_with("Map") || name == "MapGroup" || !is_product(walk) {
        return;
    }
    let Some(group) = group(walk, on) else { return };
    let (verb, whole) = match name {
        "MapGet" => ("GET", true),
        "MapPost" => ("POST", true),
        "MapPut" => ("PUT", true),
        "MapDelete" => ("DELETE", true),
        "MapPatch" => ("PATCH", true),
        "Map" | "MapMethods" => ("*", true),
        _ => ("*", false),
    };
    let own = first_text(walk, node);
    let own = if whole { own } else { Some(below(own.as_deref().unwrap_or(""), "{*}")) };
    let prefix = group.prefix.as_deref();
    // What is not read says nothing of where all of it lies.
    if !whole && first_argument(node).is_none_or(|it| it.kind() != "string_literal") {
        let Some("" | "/") = prefix else { return answer(walk, node, &group, verb, own) };
        return;
    }
    answer(walk, node, &group, verb, own);
}

/// Writes down a route, with `own` below the prefix of its group.
fn answer(walk: &mut Walk<'_, '_>, node: Node<'_>, group: &Group, verb: &str, own: Option<String>) {
    let whole = group.prefix.as_deref().zip(own.as_deref()).map(|(prefix, own)| below(prefix, own));
    let optional = whole.as_deref().is_some_and(|it| it.contains("?}") || it.contains('='));
    let rest = walk.text.get(node.end_byte()..).unwrap_or("");
    let tail = rest.split(';').next().unwrap_or("");
    let chosen = tail.len() > TAIL_MAX || chooses(tail) || optional || verb == "*";
    let chosen = chosen || in_branch(walk, node);
    let flags = if chosen { group.flags.with(Flags::CONDITIONAL) } else { group.flags };
    let path = whole.as_deref().and_then(form);
    let shorter = whole.as_deref().filter(|_| optional).and_then(|it| it.rsplit_once('/'));
    for path in [Some(path), shorter.map(|(before, _)| form(before))].into_iter().flatten() {
        let route = Route { router: &group.router, method: verb, path, flags };
        route.write(walk.sheet, span_of(node));
    }
}

/// Whether a call stands on a branch, or cannot be looked around any more.
fn in_branch(walk: &mut Walk<'_, '_>, node: Node<'_>) -> bool {
    if !walk.notes.may_look() {
        return true;
    }
    let mut around = node.parent();
    while let Some(one) = around {
        match one.kind() {
            "method_declaration" | "local_function_statement" => return false,
            "if_statement" | "switch_section" | "foreach_statement" | "for_statement"
            | "preproc_if" | "preproc_else" | "lambda_expression" => return true,
            _ => around = one.parent(),
        }
    }
    false
}
