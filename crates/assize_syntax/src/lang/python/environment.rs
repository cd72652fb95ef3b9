//! Which environment variables a module reads, and how it bears their absence.
//!
//! A read is one of: required (`os.environ["X"]`, or a value on which the code at once relies),
//! nullable (`os.getenv("X")`, or any read on a branch that need not be taken, `OPTIONAL`), with a
//! fallback (`DEFAULTED`), or a question whether it is set (`PROBE`). A nullable read whose
//! variable is tested anywhere in the file is such a question too.

use std::collections::{HashMap, HashSet};

use assize_model::Span;
use ruff_python_ast::{self as ast, Expr, Stmt};
use ruff_text_size::Ranged;

use super::modules::{dotted, literal};
use super::walk::{Walk, span_of};
use crate::lang::names::is_variable;
use crate::{Extraction, FactKind, Flags, Role};

/// Reads that were met, kept until the whole file is known.
#[derive(Debug, Default)]
pub(super) struct Reads {
    found: Vec<Read>,
    /// What an enclosing expression says of the expression that starts here.
    marks: HashMap<(u32, u32), Flags>,
    /// Variables that some condition asks about.
    tested: HashSet<String>,
    /// Environment variables of which some place asks whether they are set.
    asked: HashSet<String>,
    /// Variables to which the expression at these bytes is assigned.
    assigned: HashMap<(u32, u32), String>,
    /// Local names of `decouple.config` and of `environ.Env` objects.
    readers: HashSet<String>,
    /// What local names stand for, of the module `os` and its members.
    names: HashMap<String, &'static str>,
    /// How many branches are open that need not be taken.
    pub(super) branches: u32,
    /// Texts that are written like names of variables.
    texts: Vec<(String, Span)>,
}

#[derive(Debug)]
struct Read {
    name: String,
    span: Span,
    item: String,
    flags: Flags,
    variable: Option<String>,
}

pub(super) fn finish(mut reads: Reads, sheet: &mut Extraction<'_>) {
    named_elsewhere(&mut reads, sheet);
    for read in reads.found {
        let tested = read.variable.is_some_and(|name| reads.tested.contains(&name));
        let mut flags = read.flags;
        if flags.has(Flags::OPTIONAL) && tested || reads.asked.contains(&read.name) {
            flags = flags.with(Flags::PROBE);
        }
        sheet
            .fact(FactKind::Env, Role::Reference, read.name, read.span)
            .item(read.item)
            .flags(flags)
            .done();
    }
}

/// A name that stands on its own is handed on: in a list of what must be set, or to a child that
/// gets it in its environment.
fn named_elsewhere(reads: &mut Reads, sheet: &mut Extraction<'_>) {
    for (name, span) in std::mem::take(&mut reads.texts) {
        let is_read = reads.found.iter().any(|read| {
            read.name == name && read.span.start <= span.start && span.end <= read.span.end
        });
        if !is_read {
            sheet.fact(FactKind::Env, Role::Definition, name, span).flags(Flags::MENTIONED).done();
        }
    }
}

fn bytes_of(expr: &Expr) -> (u32, u32) {
    (expr.start().to_u32(), expr.end().to_u32())
}

pub(super) fn statement(walk: &mut Walk<'_, '_>, stmt: &Stmt) {
    match stmt {
        Stmt::Assign(assign) => {
            if let [target] = assign.targets.as_slice() {
                assignment(walk, target, &assign.value);
            }
            for target in &assign.targets {
                define_by_store(walk, target);
            }
        }
        Stmt::AnnAssign(assign) => {
            if let Some(value) = &assign.value {
                assignment(walk, &assign.target, value);
            }
        }
        Stmt::Import(import) => {
            for alias in import.names.iter().filter(|alias| alias.name.as_str() == "os") {
                if let Some(name) = &alias.asname {
                    walk.environment.names.insert(name.to_string(), "os");
                }
            }
        }
        // Its value is not asked for: the variable is taken away.
        Stmt::Expr(one) => {
            if let Expr::Call(call) = &*one.value
                && known(walk, &call.func).as_deref() == Some("os.environ.pop")
            {
                walk.environment.marks.insert(bytes_of(&one.value), Flags::PROBE);
            }
        }
        Stmt::ImportFrom(import)
            if import.module.as_ref().is_some_and(|module| module.as_str() == "os") =>
        {
            for alias in &import.names {
                let full = match alias.name.as_str() {
                    "environ" => "os.environ",
                    "environb" => "os.environb",
                    "getenv" => "os.getenv",
                    "putenv" => "os.putenv",
                    _ => continue,
                };
                let name = alias.asname.as_ref().unwrap_or(&alias.name);
                walk.environment.names.insert(name.to_string(), full);
            }
        }
        Stmt::ImportFrom(import)
            if import.module.as_ref().is_some_and(|module| module.as_str() == "decouple") =>
        {
            for alias in &import.names {
                let name = alias.asname.as_ref().unwrap_or(&alias.name);
                walk.environment.readers.insert(name.as_str().to_owned());
            }
        }
        _ => {}
    }
}

fn assignment(walk: &mut Walk<'_, '_>, target: &Expr, value: &Expr) {
    let Some(name) = last_name(target) else { return };
    if let Expr::Call(call) = value
        && dotted(&call.func).is_some_and(|name| name == "environ.Env" || name == "Env")
    {
        walk.environment.readers.insert(name.clone());
    }
    if target.is_name_expr() && is_environ(walk, value) {
        walk.environment.names.insert(name.clone(), "os.environ");
    }
    walk.environment.assigned.insert(bytes_of(value), name);
}

/// A dotted name with what its first part stands for.
fn known(walk: &Walk<'_, '_>, expr: &Expr) -> Option<String> {
    let written = dotted(expr)?;
    let (first, rest) = written.split_at(written.find('.').unwrap_or(written.len()));
    match walk.environment.names.get(first) {
        Some(full) => Some(format!("{full}{rest}")),
        None => Some(written),
    }
}

/// `os.environ["X"] = ..` brings the variable into being for everything that runs later.
fn define_by_store(walk: &mut Walk<'_, '_>, target: &Expr) {
    if let Expr::Subscript(subscript) = target
        && is_environ(walk, &subscript.value)
        && let Some(name) = literal(&subscript.slice)
    {
        define(walk, name, span_of(subscript), Flags::DYNAMIC);
    }
}

fn define(walk: &mut Walk<'_, '_>, name: &str, span: Span, flags: Flags) {
    if is_variable(name) {
        let item = walk.item();
        walk.sheet.fact(FactKind::Env, Role::Definition, name, span).item(item).flags(flags).done();
    }
}

fn last_name(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Name(name) => Some(name.id.to_string()),
        Expr::Attribute(attribute) => Some(attribute.attr.to_string()),
        _ => None,
    }
}

fn is_environ(walk: &Walk<'_, '_>, expr: &Expr) -> bool {
    matches!(known(walk, expr).as_deref(), Some("os.environ" | "os.environb"))
}

/// How many texts of one file are kept that are written like variables.
const TEXTS_MAX: usize = 512;

/// How deep a condition is looked into. Each `not` begins anew, so that a chain of them would
/// otherwise cost the square of its length.
const CONDITION_DEPTH_MAX: u32 = 24;

/// Notes what a condition asks about.
pub(super) fn test(walk: &mut Walk<'_, '_>, expr: &Expr) {
    asks(walk, expr, CONDITION_DEPTH_MAX);
}

fn asks(walk: &mut Walk<'_, '_>, expr: &Expr, depth: u32) {
    let Some(depth) = depth.checked_sub(1) else { return };
    walk.environment.marks.insert(bytes_of(expr), Flags::PROBE);
    match expr {
        Expr::Name(_) | Expr::Attribute(_) => {
            walk.environment.tested.extend(last_name(expr));
        }
        Expr::BoolOp(both) => both.values.iter().for_each(|one| asks(walk, one, depth)),
        Expr::UnaryOp(not) => asks(walk, &not.operand, depth),
        Expr::Compare(compare) => {
            asks(walk, &compare.left, depth);
            compare.comparators.iter().for_each(|one| asks(walk, one, depth));
        }
        Expr::Call(call) => call.arguments.args.iter().for_each(|one| asks(walk, one, depth)),
        Expr::Named(named) => asks(walk, &named.value, depth),
        _ => {}
    }
}

pub(super) fn expression(walk: &mut Walk<'_, '_>, expr: &Expr) {
    match expr {
        Expr::BoolOp(both) => {
            let mark = match both.op {
                ast::BoolOp::Or => Flags::DEFAULTED,
                ast::BoolOp::And => Flags::PROBE,
            };
            let last = both.values.len().saturating_sub(1);
            for value in both.values.iter().take(last) {
                walk.environment.marks.insert(bytes_of(value), mark);
                walk.environment.tested.extend(last_name(value));
            }
        }
        Expr::Compare(compare) => comparison(walk, compare),
        Expr::StringLiteral(text) => {
            let name = text.value.to_str();
            let constant =
                name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
            if constant
                && name.trim_matches('_').contains('_')
                && walk.environment.texts.len() < TEXTS_MAX
            {
                walk.environment.texts.push((name.to_owned(), span_of(text)));
            }
        }
        Expr::UnaryOp(not) if not.op == ast::UnaryOp::Not => test(walk, &not.operand),
        Expr::If(choice) => test(walk, &choice.test),
        Expr::Subscript(subscript) if is_environ(walk, &subscript.value) => {
            if let (Some(name), true) = (literal(&subscript.slice), subscript.ctx.is_load()) {
                read(walk, name, expr, Flags::NONE);
            }
        }
        Expr::Attribute(attribute) => relied_on(walk, &attribute.value),
        // A format string takes anything.
        Expr::BinOp(binary) if binary.op != ast::Operator::Mod => {
            relied_on(walk, &binary.left);
            relied_on(walk, &binary.right);
        }
        Expr::Call(call) => called(walk, call, expr),
        _ => {}
    }
}

/// The code at once relies on the value: without the variable it fails.
fn relied_on(walk: &mut Walk<'_, '_>, expr: &Expr) {
    if expr.is_call_expr() {
        walk.environment.marks.entry(bytes_of(expr)).or_insert(Flags::NONE);
    }
}

fn comparison(walk: &mut Walk<'_, '_>, compare: &ast::ExprCompare) {
    test(walk, &compare.left);
    for (operator, right) in compare.ops.iter().zip(&compare.comparators) {
        test(walk, right);
        if matches!(operator, ast::CmpOp::In | ast::CmpOp::NotIn)
            && is_environ(walk, right)
            && let Some(name) = literal(&compare.left)
        {
            read(walk, name, &compare.left, Flags::PROBE);
            walk.environment.asked.insert(name.to_owned());
        }
    }
}

fn called(walk: &mut Walk<'_, '_>, call: &ast::ExprCall, expr: &Expr) {
    if let Some(field) = call.arguments.find_keyword("envvar").and_then(|kw| literal(&kw.value)) {
        let span = span_of(call);
        define(walk, field, span, Flags::NONE);
    }
    let Some(function) = known(walk, &call.func) else { return };
    let first = call.arguments.args.first();
    let has_default = call.arguments.args.len() > 1
        || call.arguments.keywords.iter().any(|keyword| keyword.arg.is_some());
    match function.as_str() {
        "os.getenv" | "os.environ.get" | "os.environ.pop" => {
            if let Some(name) = first.and_then(literal) {
                let null = first_default(call).is_some_and(Expr::is_none_literal_expr);
                let flags = match (has_default, null) {
                    (true, false) => Flags::DEFAULTED,
                    _ => Flags::OPTIONAL,
                };
                read(walk, name, expr, flags);
            }
        }
        "os.environ.update" => updated(walk, call),
        "os.environ.setdefault" | "os.putenv" => {
            if let Some(name) = first.and_then(literal) {
                define(walk, name, span_of(call), Flags::DYNAMIC);
            }
        }
        "int" | "float" | "Path" | "json.loads" => first.into_iter().for_each(|one| {
            relied_on(walk, one);
        }),
        "bool" => first.into_iter().for_each(|one| test(walk, one)),
        _ if function.ends_with(".setenv") => {
            if let Some(name) = first.and_then(literal) {
                define(walk, name, span_of(call), Flags::DYNAMIC);
            }
        }
        _ => {
            let base = function.split('.').next().unwrap_or("");
            if walk.environment.readers.contains(base)
                && let Some(name) = first.and_then(literal)
            {
                let flags = if has_default { Flags::DEFAULTED } else { Flags::NONE };
                read(walk, name, expr, flags);
            }
        }
    }
}

/// `os.environ.update({"NAME": value}, OTHER=value)`
fn updated(walk: &mut Walk<'_, '_>, call: &ast::ExprCall) {
    let span = span_of(call);
    for keyword in &call.arguments.keywords {
        if let Some(name) = &keyword.arg {
            define(walk, name.as_str(), span, Flags::DYNAMIC);
        }
    }
    for argument in &call.arguments.args {
        let Expr::Dict(given) = argument else { continue };
        for name in given.items.iter().filter_map(|item| item.key.as_ref().and_then(literal)) {
            define(walk, name, span, Flags::DYNAMIC);
        }
    }
}

fn first_default(call: &ast::ExprCall) -> Option<&Expr> {
    call.arguments
        .args
        .get(1)
        .or_else(|| call.arguments.keywords.first().map(|keyword| &keyword.value))
}

fn read(walk: &mut Walk<'_, '_>, name: &str, expr: &Expr, own: Flags) {
    if !is_variable(name) {
        return;
    }
    let bytes = bytes_of(expr);
    let mark = walk.environment.marks.get(&bytes).copied();
    let flags = match mark {
        // Code that relies on a nullable value makes it required.
        Some(Flags::NONE) if own.has(Flags::OPTIONAL) => Flags::NONE,
        Some(mark) => own.with(mark),
        None => own,
    };
    let nested = if walk.scopes.runs_later() { Flags::NESTED } else { Flags::NONE };
    let branch = if walk.environment.branches > 0 { Flags::OPTIONAL } else { Flags::NONE };
    let flags = flags.with(nested).with(branch);
    let variable = walk.environment.assigned.get(&bytes).cloned();
    let item = walk.item();
    let read = Read { name: name.to_owned(), span: span_of(expr), item, flags, variable };
    walk.environment.found.push(read);
}

/// Classes of pydantic settings: each field is a variable that is declared and validated.
pub(super) fn settings_class(walk: &mut Walk<'_, '_>, class: &ast::StmtClassDef) {
    let settings = class.arguments.as_ref().is_some_and(|arguments| {
        arguments.args.iter().any(|base| {
            last_name(base)
                .is_some_and(|name| name.ends_with("Settings") || name.ends_with("SettingsBase"))
        })
    });
    if !settings {
        return;
    }
    let prefix = settings_prefix(&class.body).unwrap_or_default();
    for stmt in &class.body {
        let Stmt::AnnAssign(field) = stmt else { continue };
        let Some(name) = last_name(&field.target).filter(|name| name != "model_config") else {
            continue;
        };
        let span = span_of(&*field.target);
        let aliases = field.value.as_deref().map(aliases).unwrap_or_default();
        if aliases.is_empty() {
            define(walk, &format!("{prefix}{name}").to_ascii_uppercase(), span, Flags::NONE);
        }
        for alias in aliases {
            define(walk, alias, span, Flags::NONE);
        }
    }
}

fn settings_prefix(body: &[Stmt]) -> Option<String> {
    body.iter().find_map(|stmt| match stmt {
        Stmt::Assign(assign) => match &*assign.value {
            Expr::Call(call) => call
                .arguments
                .find_keyword("env_prefix")
                .and_then(|keyword| literal(&keyword.value))
                .map(str::to_owned),
            value => assign
                .targets
                .iter()
                .any(|target| last_name(target).as_deref() == Some("env_prefix"))
                .then(|| literal(value).map(str::to_owned))
                .flatten(),
        },
        Stmt::ClassDef(config) if config.name.as_str() == "Config" => settings_prefix(&config.body),
        _ => None,
    })
}

/// The names that a field's `Field(..)` gives to the variable.
fn aliases(value: &Expr) -> Vec<&str> {
    let Expr::Call(call) = value else { return Vec::new() };
    let named = ["env", "alias", "validation_alias"]
        .iter()
        .filter_map(|name| call.arguments.find_keyword(name))
        .map(|keyword| &keyword.value);
    named
        .flat_map(|value| match value {
            Expr::List(list) => list.elts.iter().filter_map(literal).collect(),
            Expr::Call(choices) => choices.arguments.args.iter().filter_map(literal).collect(),
            other => literal(other).into_iter().collect::<Vec<_>>(),
        })
        .collect()
}
