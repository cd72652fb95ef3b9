//! What a module imports, and which names it offers to its importers.

use assize_model::Span;
use ruff_python_ast::{self as ast, Expr, Stmt};

use super::paths;
use super::walk::{Walk, span_of};
use crate::lang::names::top_segment;
use crate::lang::requirements::manifest::{Section, declare};
use crate::lang::said;
use crate::{FactKind, FileFlags, Flags, Role};

pub(super) fn statement(walk: &mut Walk<'_, '_>, stmt: &Stmt) {
    match stmt {
        Stmt::Import(import) => {
            for alias in &import.names {
                reference(walk, alias.name.as_str(), "", span_of(alias));
                let bound = match &alias.asname {
                    Some(name) => name.as_str(),
                    None => top_segment(alias.name.as_str()),
                };
                bind(walk, bound, span_of(alias));
            }
        }
        Stmt::ImportFrom(import) => import_from(walk, import),
        Stmt::FunctionDef(function) => {
            bind(walk, function.name.as_str(), span_of(&function.name));
        }
        Stmt::ClassDef(class) => bind(walk, class.name.as_str(), span_of(&class.name)),
        Stmt::Assign(assign) => {
            for target in &assign.targets {
                computed(walk, target);
                bind_target(walk, target);
            }
        }
        Stmt::AnnAssign(assign) => bind_target(walk, &assign.target),
        Stmt::AugAssign(assign) => bind_target(walk, &assign.target),
        Stmt::For(block) => bind_target(walk, &block.target),
        Stmt::With(block) => {
            for item in &block.items {
                if let Some(target) = &item.optional_vars {
                    bind_target(walk, target);
                }
            }
        }
        Stmt::TypeAlias(alias) => bind_target(walk, &alias.name),
        Stmt::Global(global) => {
            for name in &global.names {
                offer(walk, name.as_str(), span_of(name));
            }
        }
        // Patterns bind names in many shapes; a module that does this stays open.
        Stmt::Match(block)
            if walk.scopes.at_module()
                && block.cases.iter().any(|case| !case.pattern.is_match_value()) =>
        {
            walk.sheet.mark(FileFlags::OPEN_EXPORTS);
        }
        _ => {}
    }
}

fn import_from(walk: &mut Walk<'_, '_>, import: &ast::StmtImportFrom) {
    let mut module = ".".repeat(import.level as usize);
    module.push_str(import.module.as_ref().map_or("", ast::Identifier::as_str));
    for alias in &import.names {
        let name = alias.name.as_str();
        reference(walk, &module, name, span_of(alias));
        if name != "*" {
            let bound = alias.asname.as_ref().unwrap_or(&alias.name).as_str();
            bind(walk, bound, span_of(alias));
        }
    }
}

fn reference(walk: &mut Walk<'_, '_>, module: &str, name: &str, span: Span) {
    let mut flags = walk.guards;
    let at_module = walk.scopes.at_module();
    if !at_module {
        flags = flags.with(Flags::NESTED);
    }
    if name == "*" && at_module {
        flags = flags.with(Flags::REEXPORT);
    }
    // What some module can do without is optional for the project.
    if flags.has(Flags::OPTIONAL) && !module.starts_with('.') {
        said::known(walk.sheet, top_segment(module), span);
    }
    let item = walk.item();
    walk.sheet
        .fact(FactKind::Import, Role::Reference, module, span)
        .value(name)
        .item(item)
        .flags(flags)
        .done();
}

/// Binds a name if the place is at module level.
fn bind(walk: &mut Walk<'_, '_>, name: &str, span: Span) {
    if walk.scopes.at_module() {
        offer(walk, name, span);
    }
}

fn offer(walk: &mut Walk<'_, '_>, name: &str, span: Span) {
    // However it is made: `__getattr__, __dir__, __all__ = lazy_loader.attach(..)`. A package that
    // sets its path lets others put modules into it.
    if matches!(name, "__getattr__" | "__path__") {
        walk.sheet.mark(FileFlags::OPEN_EXPORTS);
    }
    if walk.bound.insert(name.to_owned()) {
        walk.sheet.fact(FactKind::Symbol, Role::Definition, name, span).done();
    }
}

fn bind_target(walk: &mut Walk<'_, '_>, target: &Expr) {
    match target {
        Expr::Name(name) => bind(walk, name.id.as_str(), span_of(name)),
        Expr::Tuple(tuple) => tuple.elts.iter().for_each(|one| bind_target(walk, one)),
        Expr::List(list) => list.elts.iter().for_each(|one| bind_target(walk, one)),
        Expr::Starred(starred) => bind_target(walk, &starred.value),
        _ => {}
    }
}

/// `globals()[..] = ..` and `sys.modules[..] = ..` bind names that no reader can list.
fn computed(walk: &mut Walk<'_, '_>, target: &Expr) {
    let Expr::Subscript(subscript) = target else { return };
    let of_modules = is_loaded_modules(&subscript.value);
    if is_globals_call(&subscript.value) || of_modules {
        walk.sheet.mark(FileFlags::OPEN_EXPORTS);
    }
    if of_modules && literal(&subscript.slice).is_some() {
        unknown_root(walk, subscript);
    }
}

/// `sys.modules`, in which a test puts stand-ins for what is not installed.
fn is_loaded_modules(expr: &Expr) -> bool {
    dotted(expr).is_some_and(|name| name == "sys.modules") || literal(expr) == Some("sys.modules")
}

fn is_globals_call(expr: &Expr) -> bool {
    let Expr::Call(call) = expr else { return false };
    matches!(dotted(&call.func).as_deref(), Some("globals" | "vars"))
}

/// `a.b.c` as text.
pub(super) fn dotted(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Name(name) => Some(name.id.to_string()),
        Expr::Attribute(attribute) => {
            let mut base = dotted(&attribute.value)?;
            base.push('.');
            base.push_str(attribute.attr.as_str());
            Some(base)
        }
        _ => None,
    }
}

pub(super) fn literal(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::StringLiteral(string) => Some(string.value.to_str()),
        _ => None,
    }
}

pub(super) fn expression(walk: &mut Walk<'_, '_>, expr: &Expr) {
    match expr {
        Expr::Call(call) => called(walk, call),
        Expr::Named(named) => bind_target(walk, &named.target),
        Expr::List(list) if walk.sheet.path.name() == "setup.py" => requirements(walk, &list.elts),
        _ => {}
    }
}

/// Requirements in `setup.py` stand in lists, under whatever name they reach `setup()`: each list
/// of texts that read as requirements declares packages.
fn requirements(walk: &mut Walk<'_, '_>, elements: &[Expr]) {
    let section = Section::new("setup.py", Flags::OPTIONAL);
    for element in elements {
        if let Some(text) = literal(element) {
            declare(walk.sheet, text, span_of(element), section);
        }
    }
}

fn called(walk: &mut Walk<'_, '_>, call: &ast::ExprCall) {
    if let Expr::Attribute(attribute) = &*call.func
        && attribute.attr.as_str() == "update"
        && is_globals_call(&attribute.value)
    {
        walk.sheet.mark(FileFlags::OPEN_EXPORTS);
        return;
    }
    if call.arguments.args.first().is_some_and(is_loaded_modules)
        || matches!(&*call.func, Expr::Attribute(method) if is_loaded_modules(&method.value)
            && matches!(method.attr.as_str(), "setdefault" | "update"))
    {
        unknown_root(walk, call);
    }
    let Some(name) = dotted(&call.func) else { return };
    // Who asks for all names at module level means to set some: protocol stubs do.
    if name == "globals" && walk.scopes.at_module() {
        walk.sheet.mark(FileFlags::OPEN_EXPORTS);
    }
    if asks_for_modules(&name) {
        let named =
            |text: &&str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
        for module in call.arguments.args.iter().filter_map(literal).filter(named) {
            said::known(walk.sheet, top_segment(module), span_of(call));
        }
    }
    match name.as_str() {
        "importlib.import_module" | "import_module" | "__import__" => {
            if let Some(module) = call.arguments.args.first().and_then(literal) {
                let before = walk.guards;
                walk.guards = before.with(Flags::DYNAMIC);
                reference(walk, module, "", span_of(call));
                walk.guards = before;
            }
        }
        "sys.path.insert" => search_path(walk, call, 1),
        "sys.path.append" | "site.addsitedir" => search_path(walk, call, 0),
        "sys.path.extend" => unknown_root(walk, call),
        _ => {}
    }
}

/// Whether a function by its name asks for modules that may be absent: `find_spec("x")`,
/// `importorskip("x")`, `_check_pkg("x")`, `requires("x")`, `lazy_import("x")`.
fn asks_for_modules(name: &str) -> bool {
    const WORDS: [&str; 12] = [
        "check",
        "require",
        "ensure",
        "install",
        "optional",
        "available",
        "lazy",
        "find_spec",
        "importorskip",
        "import_or",
        "try_import",
        "has_module",
    ];
    let last = name.rsplit('.').next().unwrap_or(name).to_ascii_lowercase();
    WORDS.iter().any(|word| last.contains(word))
}

/// A folder that the module adds to its search path.
fn search_path(walk: &mut Walk<'_, '_>, call: &ast::ExprCall, position: usize) {
    let folder =
        call.arguments.args.get(position).and_then(|arg| paths::folder(walk.sheet.path, arg));
    match folder {
        Some(folder) => {
            walk.sheet
                .fact(FactKind::SourceRoot, Role::Definition, folder, span_of(call))
                .value("sys.path")
                .done();
        }
        None => unknown_root(walk, call),
    }
}

/// The module adds a folder that cannot be read off: its own imports stay unresolved.
fn unknown_root(walk: &mut Walk<'_, '_>, place: &impl ruff_text_size::Ranged) {
    walk.sheet
        .fact(FactKind::SourceRoot, Role::Definition, "*", span_of(place))
        .value("sys.path")
        .flags(Flags::UNRESOLVED)
        .done();
}

/// Whether a `try` goes on when an import fails.
pub(super) fn catches_import_error(block: &ast::StmtTry) -> bool {
    block.handlers.iter().any(|ast::ExceptHandler::ExceptHandler(handler)| {
        handler.type_.as_deref().is_none_or(names_import_error)
    })
}

/// Whether a missing key, or the use of a missing value, is caught.
pub(super) fn catches_absence(block: &ast::StmtTry) -> bool {
    const FAULTS: [&str; 7] = [
        "AttributeError",
        "BaseException",
        "Exception",
        "KeyError",
        "LookupError",
        "TypeError",
        "ValueError",
    ];
    block.handlers.iter().any(|ast::ExceptHandler::ExceptHandler(handler)| {
        handler.type_.as_deref().is_none_or(|kind| names_one_of(kind, &FAULTS))
    })
}

fn names_one_of(expr: &Expr, faults: &[&str]) -> bool {
    match expr {
        Expr::Tuple(tuple) => tuple.elts.iter().any(|one| names_one_of(one, faults)),
        _ => {
            dotted(expr).is_some_and(|name| faults.contains(&name.rsplit('.').next().unwrap_or("")))
        }
    }
}

fn names_import_error(expr: &Expr) -> bool {
    names_one_of(expr, &["ImportError", "ModuleNotFoundError", "Exception", "BaseException"])
}

/// `with suppress(..):`
pub(super) fn suppresses(block: &ast::StmtWith) -> bool {
    block.items.iter().any(|item| {
        let Expr::Call(call) = &item.context_expr else { return false };
        dotted(&call.func).is_some_and(|name| name.ends_with("suppress"))
    })
}

/// `with suppress(ImportError):`
pub(super) fn suppresses_import_error(block: &ast::StmtWith) -> bool {
    block.items.iter().any(|item| {
        let Expr::Call(call) = &item.context_expr else { return false };
        dotted(&call.func).is_some_and(|name| name.ends_with("suppress"))
            && call.arguments.args.iter().any(names_import_error)
    })
}

/// What a condition says of the imports under it.
pub(super) fn guard_of(test: &Expr) -> Flags {
    match test {
        Expr::Name(_) | Expr::Attribute(_) => match dotted(test).as_deref() {
            Some("TYPE_CHECKING" | "typing.TYPE_CHECKING" | "t.TYPE_CHECKING") => Flags::TYPE_ONLY,
            // A flag such as HAS_REDIS: the module knows that it may be absent.
            Some(_) => Flags::OPTIONAL,
            None => Flags::NONE,
        },
        Expr::Compare(compare) => {
            let left = dotted(&compare.left).unwrap_or_default();
            if left.starts_with("sys.") || left.starts_with("os.name") {
                Flags::OPTIONAL
            } else {
                Flags::NONE
            }
        }
        Expr::Call(call) => match dotted(&call.func).as_deref() {
            Some(name) if name.ends_with("find_spec") || name.starts_with("platform.") => {
                Flags::OPTIONAL
            }
            _ => Flags::NONE,
        },
        Expr::UnaryOp(not) => guard_of(&not.operand),
        Expr::BoolOp(both) => {
            both.values.iter().map(guard_of).fold(Flags::NONE, |all, one| all.with(one))
        }
        _ => Flags::NONE,
    }
}
