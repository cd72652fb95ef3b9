//! Rust: imports and modules, what a module declares, and the environment.

use std::sync::OnceLock;

use assize_grammars::{Grammar, Node};

use super::calls::rust as calls;
use super::environment;
use super::handlers::rust as handlers;
use super::literal::{constant, read, unquoted};
use super::routes::rust as routes;
use super::tongue::Tongue;
use super::walk::{Walk, span_of};
use crate::{FactKind, Flags, Role};

pub(super) static TONGUE: Tongue = Tongue {
    grammar: Grammar::Rust,
    comments: &["line_comment", "block_comment"],
    literals: &[
        "string_literal",
        "raw_string_literal",
        "char_literal",
        "integer_literal",
        "float_literal",
    ],
    names: &[
        "identifier",
        "field_identifier",
        "type_identifier",
        "shorthand_field_identifier",
        "primitive_type",
        "metavariable",
    ],
    decisions: &[
        "if", "for", "while", "loop", "match", "await", "?", "&&", "||", "!", "+", "-", "/", "%",
        "==", "!=", "<", ">", "|",
    ],
    dots: &[".", "::"],
    wanted: &[
        "use_declaration",
        "mod_item",
        "function_item",
        "impl_item",
        "trait_item",
        "struct_item",
        "enum_item",
        "union_item",
        "type_item",
        "const_item",
        "static_item",
        "macro_definition",
        "call_expression",
        "macro_invocation",
        "match_expression",
        "string_literal",
        "attribute_item",
        "let_declaration",
        "assignment_expression",
    ],
    enter,
    is_gap,
    sorts: OnceLock::new(),
};

/// How far up a macro is looked for: each step begins at the root.
const LEVELS_MAX: usize = 64;

/// What is new in the language stands behind these words, or inside macros, whose rules are their
/// own. The grammar does not know a second attribute of a parameter, a type without a definition in
/// an `extern` block, and a bound with `for` that is not the first.
fn is_gap(text: &str, fault: Node<'_>, paired: bool) -> bool {
    if !paired {
        return false;
    }
    let start = text.get(..fault.start_byte()).and_then(|before| before.rfind('\n')).unwrap_or(0);
    let rest = text.get(start..).unwrap_or("").trim_start_matches('\n');
    let line = rest.lines().next().unwrap_or("");
    let mut around = fault.parent();
    for _ in 0..LEVELS_MAX {
        let Some(one) = around else { break };
        if one.kind() == "macro_invocation" || one.kind() == "macro_definition" {
            return true;
        }
        around = one.parent();
    }
    let declared = line.trim_start().trim_start_matches("pub ").strip_prefix("type ");
    let bare = declared.is_some_and(|name| name.trim_end().ends_with(';') && !name.contains('='));
    let attribute = line.trim_start().starts_with("#[");
    bare || attribute || WORDS_OF_GAPS.iter().any(|word| line.contains(word))
}

/// What marks a keyword as a name: it is no part of the name, nor of the file's.
const RAW: &str = "r#";

/// Words on a line by which it may hold notation that the grammar does not know.
const WORDS_OF_GAPS: [&str; 9] = [
    "gen ",
    "unsafe<",
    "impl const",
    "const trait",
    "~const",
    "default ",
    "pin ",
    "dyn*",
    "+ for<",
];

fn enter(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    match node.kind() {
        "use_declaration" => {
            if let Some(argument) = node.child_by_field_name("argument") {
                let nested = if walk.is_outermost() { Flags::NONE } else { Flags::NESTED };
                let flags = visibility(node).with(nested).with(for_tests(walk, node));
                imports(walk, argument, flags);
            }
        }
        "mod_item" => module(walk, node),
        "function_item" => {
            declare(walk, node);
            let name = walk.field(node, "name");
            walk.open(node, name, true);
            routes::function(walk, node);
            walk.body(node, node.child_by_field_name("parameters"));
        }
        "impl_item" => {
            let name = walk.field(node, "type").split('<').next().unwrap_or("");
            walk.open(node, name, false);
        }
        "trait_item" => {
            declare(walk, node);
            let name = walk.field(node, "name");
            walk.open(node, name, false);
        }
        "const_item" | "static_item" => {
            constant(walk, node);
            declare(walk, node);
        }
        "call_expression" => {
            calls::call(walk, node);
            routes::call(walk, node);
            call(walk, node);
        }
        "macro_invocation" => calls::macro_call(walk, node),
        "match_expression" => handlers::of_match(walk, node),
        "string_literal" => {
            let written = unquoted(walk.text_of(node));
            walk.reads.text(written, span_of(node));
        }
        "attribute_item" => {
            attribute(walk, node);
            routes::attribute(walk, node);
        }
        "let_declaration" => routes::declared(walk, node),
        "assignment_expression" => routes::assigned(walk, node),
        _ => declare(walk, node),
    }
}

fn visibility(node: Node<'_>) -> Flags {
    let mut cursor = node.walk();
    let public = node.named_children(&mut cursor).any(|one| one.kind() == "visibility_modifier");
    if public { Flags::REEXPORT } else { Flags::NONE }
}

/// What only tests compile is no use of the product.
fn for_tests(walk: &mut Walk<'_, '_>, node: Node<'_>) -> Flags {
    if !walk.is_aside(node) && !walk.notes.may_look() {
        return Flags::NONE;
    }
    let around = || {
        let ancestors = std::iter::successors(node.parent(), |one| one.parent());
        !walk.is_outermost() && ancestors.take(LEVELS_MAX).any(|it| is_marked(walk, it, "test"))
    };
    if walk.is_aside(node) || is_marked(walk, node, "test") || around() {
        Flags::DEV
    } else {
        Flags::NONE
    }
}

/// The paths of a `use`, one fact for each name. Its groups nest a few levels deep at most. The
/// item is the name that the file gives to what it imports, where it gives one.
fn imports(walk: &mut Walk<'_, '_>, argument: Node<'_>, flags: Flags) {
    let mut open = vec![(String::new(), argument)];
    let mut alias = "";
    while let Some((prefix, node)) = open.pop() {
        match node.kind() {
            "scoped_use_list" => {
                let path = joined(&prefix, walk.field(node, "path"));
                open.extend(node.child_by_field_name("list").map(|list| (path, list)));
            }
            "use_list" => {
                let mut cursor = node.walk();
                open.extend(node.named_children(&mut cursor).map(|one| (prefix.clone(), one)));
            }
            "use_as_clause" => {
                alias = walk.field(node, "alias");
                open.extend(node.child_by_field_name("path").map(|path| (prefix, path)));
            }
            "line_comment" | "block_comment" => {}
            _ => {
                let whole = joined(&prefix, walk.text_of(node)).replace(RAW, "");
                let (key, value) = whole.rsplit_once("::").unwrap_or((whole.as_str(), ""));
                let span = span_of(node);
                let fact = walk.sheet.fact(FactKind::Import, Role::Reference, key, span);
                fact.value(value).item(std::mem::take(&mut alias)).flags(flags).done();
                calls::import(walk, &whole);
            }
        }
    }
}

fn joined(prefix: &str, rest: &str) -> String {
    match (prefix, rest) {
        ("", rest) => rest.to_owned(),
        (prefix, "self" | "") => prefix.to_owned(),
        (prefix, rest) => format!("{prefix}::{rest}"),
    }
}

/// `mod name;` takes in a file, `mod name { .. }` is one of its own.
fn module(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    declare(walk, node);
    let name = walk.field(node, "name");
    if is_marked(walk, node, "cfg(test)") || is_marked(walk, node, "cfg(all(test") {
        walk.set_aside(node);
    }
    if node.child_by_field_name("body").is_some() {
        walk.open(node, name, false);
        return;
    }
    // Elsewhere the manifest decides in which folder the file lies.
    let beside = matches!(walk.sheet.path.name(), "lib.rs" | "main.rs" | "mod.rs" | "build.rs");
    if beside && walk.is_outermost() && !is_placed(walk, node) {
        let key = format!("./{}", name.trim_start_matches(RAW));
        let flags = if is_marked(walk, node, "cfg") { Flags::OPTIONAL } else { Flags::NONE };
        let fact = walk.sheet.fact(FactKind::Import, Role::Reference, key, span_of(node));
        fact.flags(flags).done();
    }
}

/// Whether an attribute says where the file of a module lies.
fn is_placed(walk: &Walk<'_, '_>, node: Node<'_>) -> bool {
    is_marked(walk, node, "path")
}

/// Whether an attribute before a node holds this word.
fn is_marked(walk: &Walk<'_, '_>, node: Node<'_>, word: &str) -> bool {
    let mut before = node.prev_named_sibling();
    while let Some(one) = before {
        match one.kind() {
            "attribute_item" if walk.text_of(one).contains(word) => return true,
            "attribute_item" | "line_comment" | "block_comment" => {}
            _ => return false,
        }
        before = one.prev_named_sibling();
    }
    false
}

/// Keeps the name of what stands at the top of the file.
fn declare(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    let name = node.child_by_field_name("name").filter(|_| walk.is_outermost());
    if let Some(name) = name.filter(|name| !matches!(walk.text_of(*name), "_" | "main" | "tests")) {
        walk.symbol(name, "");
    }
}

fn call(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    if walk.reads.is_full() || walk.is_aside(node) {
        return;
    }
    let function = walk.field(node, "function");
    let first = node.child_by_field_name("arguments").and_then(|all| all.named_child(0));
    let Some(first) = first else { return };
    match function {
        "std::env::var" | "env::var" | "std::env::var_os" | "env::var_os" => {
            let flags = bears(walk, node);
            read(walk, node, first, flags);
        }
        "std::env::set_var" | "env::set_var" => {
            let name = unquoted(walk.text_of(first));
            if first.kind() == "string_literal" && environment::is_variable(name) {
                let span = span_of(first);
                let fact = walk.sheet.fact(FactKind::Env, Role::Definition, name, span);
                fact.flags(Flags::DYNAMIC).done();
            }
        }
        _ => {}
    }
}

/// How the code bears that the variable is not set, by what it does with the result at once.
fn bears(walk: &Walk<'_, '_>, node: Node<'_>) -> Flags {
    let Some(around) = node.parent() else { return Flags::OPTIONAL };
    match around.kind() {
        "try_expression" => Flags::NONE,
        "field_expression" => match walk.field(around, "field") {
            "unwrap" | "expect" => Flags::NONE,
            "unwrap_or" | "unwrap_or_else" | "unwrap_or_default" | "map_or" | "map_or_else" => {
                Flags::DEFAULTED
            }
            "is_ok" | "is_err" | "is_some" | "is_none" | "is_ok_and" | "is_some_and" => {
                Flags::PROBE.with(Flags::OPTIONAL)
            }
            _ => Flags::OPTIONAL,
        },
        "let_condition" | "match_expression" => Flags::PROBE.with(Flags::OPTIONAL),
        _ => Flags::OPTIONAL,
    }
}

/// `#[arg(env = "NAME")]` declares a variable, with an argument that documents it.
fn attribute(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    let written = walk.text_of(node);
    let Some((before, rest)) = written.split_once("env = \"") else { return };
    let name = rest.split('"').next().unwrap_or("");
    if before.ends_with([' ', '(', ',']) && environment::is_variable(name) {
        let span = span_of(node);
        walk.sheet.fact(FactKind::Env, Role::Definition, name, span).done();
    }
}
