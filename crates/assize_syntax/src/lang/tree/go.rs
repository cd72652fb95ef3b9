//! Go: imports, what a package declares, and the environment.

use std::sync::OnceLock;

use assize_grammars::{Grammar, Node};

use super::calls::go as calls;
use super::environment::{self, Helper, Name, Read};
use super::handlers::go as handlers;
use super::routes::go as routes;
use super::tongue::Tongue;
use super::walk::{Walk, span_of};
use crate::{FactKind, Flags, Role};

pub(super) static TONGUE: Tongue = Tongue {
    grammar: Grammar::Go,
    comments: &["comment"],
    literals: &[
        "interpreted_string_literal",
        "raw_string_literal",
        "rune_literal",
        "int_literal",
        "float_literal",
        "imaginary_literal",
    ],
    names: &[
        "identifier",
        "field_identifier",
        "type_identifier",
        "package_identifier",
        "label_name",
        "blank_identifier",
    ],
    decisions: &[
        "if", "for", "switch", "select", "go", "defer", "<-", "&&", "||", "!", "+", "-", "/", "%",
        "==", "!=", "<", ">",
    ],
    dots: &["."],
    wanted: &[
        "import_spec",
        "function_declaration",
        "method_declaration",
        "type_spec",
        "type_alias",
        "func_literal",
        "short_var_declaration",
        "const_spec",
        "var_spec",
        "call_expression",
        "composite_literal",
        "assignment_statement",
        "binary_expression",
        "if_statement",
        "field_declaration",
        "interpreted_string_literal",
    ],
    enter,
    is_gap,
    sorts: OnceLock::new(),
};

/// `new` takes a value since Go 1.26, which the grammar does not know.
fn is_gap(text: &str, fault: Node<'_>, paired: bool) -> bool {
    let start = text.get(..fault.start_byte()).and_then(|before| before.rfind('\n')).unwrap_or(0);
    let rest = text.get(start..).unwrap_or("").trim_start_matches('\n');
    paired && rest.lines().next().is_some_and(|line| line.contains("new("))
}

fn enter(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    match node.kind() {
        "import_spec" => import(walk, node),
        "function_declaration" => {
            declare(walk, node);
            let name = walk.field(node, "name");
            walk.open(node, name, true);
            routes::function(walk, node);
            walk.body(node, node.child_by_field_name("parameters"));
        }
        "method_declaration" => {
            let receiver = receiver(walk.field(node, "receiver"));
            let name = format!("{receiver}.{}", walk.field(node, "name"));
            walk.open(node, name, true);
            routes::function(walk, node);
            walk.body(node, node.child_by_field_name("parameters"));
        }
        "type_spec" | "type_alias" => declare(walk, node),
        "func_literal" => routes::function(walk, node),
        "short_var_declaration" => routes::declared(walk, node),
        "const_spec" | "var_spec" => {
            routes::declared(walk, node);
            constant(walk, node);
            declare(walk, node);
        }
        "call_expression" => {
            calls::call(walk, node);
            handlers::of_call(walk, node);
            routes::call(walk, node);
            call(walk, node);
        }
        "composite_literal" => calls::literal(walk, node),
        "assignment_statement" => {
            calls::assignment(walk, node);
            routes::assigned(walk, node);
        }
        "binary_expression" => comparison(walk, node),
        "if_statement" => {
            handlers::of_if(walk, node);
            gives_up(walk, node);
        }
        "field_declaration" => tag(walk, node),
        _ => text(walk, node),
    }
}

fn import(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    let Some(path) = node.child_by_field_name("path") else { return };
    let key = unquoted(walk.text_of(path));
    // Such a file is run by itself, and the module need not hold what it takes.
    let aside = walk.text.lines().take(LINES_OF_HEAD).any(|line| line == "//go:build ignore");
    let flags = if aside { Flags::OPTIONAL } else { Flags::NONE };
    let fact = walk.sheet.fact(FactKind::Import, Role::Reference, key, span_of(path));
    fact.flags(flags).done();
    let alias = walk.field(node, "name");
    calls::import(walk, alias, key);
    walk.routers.import(alias, key);
}

/// Build constraints stand above the package, below a licence.
const LINES_OF_HEAD: usize = 40;

/// Keeps the names that a node declares, where it stands outside of all functions.
fn declare(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    if !walk.is_outermost() {
        return;
    }
    let item = if node.kind().starts_with("type_") { "" } else { "value" };
    let mut cursor = node.walk();
    let names: Vec<Node<'_>> = node.children_by_field_name("name", &mut cursor).collect();
    for name in names.into_iter().filter(|name| name.is_named()) {
        if !matches!(walk.text_of(name), "_" | "init" | "main") {
            walk.symbol(name, item);
        }
    }
}

/// The type of a receiver as it is written in `(s *Store[T])`.
fn receiver(written: &str) -> &str {
    let inner = written.trim_matches(['(', ')']).trim();
    let last = inner.rsplit([' ', '*']).next().unwrap_or(inner);
    last.split('[').next().unwrap_or(last)
}

/// A name that stands for a text.
fn constant(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    let values = node.child_by_field_name("value").filter(|list| list.named_child_count() == 1);
    let Some(value) = values.and_then(|list| list.named_child(0)) else { return };
    if value.kind().ends_with("string_literal") {
        let text = unquoted(walk.text_of(value));
        let name = walk.field(node, "name");
        walk.reads.constant(name, text);
    }
}

fn call(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    if walk.reads.is_full() {
        return;
    }
    let function = walk.field(node, "function");
    let last = function.rsplit('.').next().unwrap_or(function);
    let Some(arguments) = node.child_by_field_name("arguments") else { return };
    let Some(first) = arguments.named_child(0) else { return };
    match function {
        "os.Getenv" | "syscall.Getenv" => {
            let flags = if in_condition(node) { Flags::PROBE } else { Flags::NONE };
            read(walk, node, first, flags.with(Flags::OPTIONAL));
        }
        "os.LookupEnv" => read(walk, node, first, Flags::PROBE.with(Flags::OPTIONAL)),
        "os.Setenv" => define(walk, first, Flags::DYNAMIC),
        _ if last == "BindEnv" => {
            let names = 1..arguments.named_child_count();
            for name in names.filter_map(|at| arguments.named_child(u32::try_from(at).ok()?)) {
                define(walk, name, Flags::NONE);
            }
        }
        _ if last == "Setenv" => define(walk, first, Flags::DYNAMIC),
        _ => {
            let flags = match environment::helper(last) {
                Some(Helper::Demands) => Flags::NONE,
                Some(Helper::Asks) if arguments.named_child_count() > 1 => Flags::DEFAULTED,
                Some(Helper::Asks) => Flags::OPTIONAL,
                None => return,
            };
            // Such a name may be that of anything: only texts in capitals name variables.
            if literal(walk, first).is_some_and(|text| !text.contains(char::is_lowercase)) {
                read(walk, node, first, flags);
            }
        }
    }
}

fn read(walk: &mut Walk<'_, '_>, call: Node<'_>, named: Node<'_>, flags: Flags) {
    let name = match named.kind() {
        "identifier" => Name::Constant(walk.text_of(named).to_owned()),
        _ => match literal(walk, named) {
            Some(text) => Name::Text(text.to_owned()),
            None => return,
        },
    };
    let nested = if walk.in_function() { Flags::NESTED } else { Flags::NONE };
    let item = walk.item();
    let variable = assigned(walk, call).map(|name| format!("{item}/{name}"));
    let flags = flags.with(nested);
    walk.reads.add(Read { name, span: span_of(call), item, flags, variable });
}

fn define(walk: &mut Walk<'_, '_>, named: Node<'_>, flags: Flags) {
    let Some(name) = literal(walk, named).filter(|name| environment::is_variable(name)) else {
        return;
    };
    let item = walk.item();
    let span = span_of(named);
    walk.sheet.fact(FactKind::Env, Role::Definition, name, span).item(item).flags(flags).done();
}

/// The variable to which an expression is assigned by itself.
fn assigned<'f>(walk: &Walk<'_, 'f>, node: Node<'_>) -> Option<&'f str> {
    let list = node.parent().filter(|parent| parent.kind() == "expression_list")?;
    let statement = list.parent()?;
    let names = statement
        .child_by_field_name("left")
        .or_else(|| statement.child_by_field_name("name"))
        .filter(|_| list.named_child_count() == 1)?;
    Some(walk.text_of(names))
}

/// Whether an expression is compared at once.
fn in_condition(node: Node<'_>) -> bool {
    node.parent().is_some_and(|parent| {
        parent.kind() == "binary_expression"
            || parent.kind() == "argument_list"
                && parent.parent().and_then(|call| call.parent()).is_some_and(|around| {
                    matches!(around.kind(), "binary_expression" | "if_statement")
                })
    })
}

/// `value == ""` asks whether a variable was set.
fn comparison(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    if let Some(name) = emptied(walk, node) {
        let variable = format!("{}/{name}", walk.item());
        walk.reads.test(variable);
    }
}

/// The variable that a comparison holds against the empty text, or whose length it takes.
fn emptied<'f>(walk: &Walk<'_, 'f>, node: Node<'_>) -> Option<&'f str> {
    if !matches!(walk.field(node, "operator"), "==" | "!=") {
        return None;
    }
    let (left, right) = (walk.field(node, "left"), walk.field(node, "right"));
    match right {
        "\"\"" => Some(left),
        "0" => left.strip_prefix("len(")?.strip_suffix(')'),
        _ => None,
    }
}

/// `if value == "" { log.Fatal(..) }`: without the variable the program ends.
fn gives_up(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    const LAST_WORDS: [&str; 5] = ["log.Fatal", "panic(", "os.Exit(", ".Fatal(", ".Fatalf("];
    let Some(condition) = node.child_by_field_name("condition") else { return };
    if condition.kind() != "binary_expression" || walk.field(condition, "operator") != "==" {
        return;
    }
    let Some(name) = emptied(walk, condition) else { return };
    let consequence = walk.field(node, "consequence");
    if LAST_WORDS.iter().any(|word| consequence.contains(word)) {
        let variable = format!("{}/{name}", walk.item());
        walk.reads.require(variable);
    }
}

/// A field's tag that names a variable: `env:"PORT"` of the settings libraries.
fn tag(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    let Some(tag) = node.child_by_field_name("tag") else { return };
    let written = walk.text_of(tag);
    for mark in ["env:\"", "envconfig:\""] {
        let Some((before, rest)) = written.split_once(mark) else { continue };
        let name = rest.split(['"', ',']).next().unwrap_or("");
        let begins = before.ends_with(['`', ' ', '"']);
        if begins && environment::is_variable(name) {
            let item = walk.item();
            let span = span_of(tag);
            walk.sheet.fact(FactKind::Env, Role::Definition, name, span).item(item).done();
        }
    }
}

fn text(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    let written = unquoted(walk.text_of(node));
    walk.reads.text(written, span_of(node));
}

pub(super) fn literal<'f>(walk: &Walk<'_, 'f>, node: Node<'_>) -> Option<&'f str> {
    let written = walk.text_of(node);
    node.kind().ends_with("string_literal").then(|| unquoted(written))
}

fn unquoted(written: &str) -> &str {
    written.trim_matches(['"', '`'])
}
