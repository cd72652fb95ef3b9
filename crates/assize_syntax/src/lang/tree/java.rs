//! Java: imports, types, and the environment.

use std::sync::OnceLock;

use assize_grammars::{Grammar, Node};

use super::calls::java as calls;
use super::environment::{Name, Read};
use super::handlers::braces;
use super::literal::{constant, other, unquoted};
use super::routes;
use super::tongue::Tongue;
use super::walk::{Walk, span_of};
use crate::{FactKind, Flags, Role};

pub(super) static TONGUE: Tongue = Tongue {
    grammar: Grammar::Java,
    comments: &["line_comment", "block_comment"],
    literals: &[
        "string_literal",
        "character_literal",
        "decimal_integer_literal",
        "hex_integer_literal",
        "octal_integer_literal",
        "binary_integer_literal",
        "decimal_floating_point_literal",
        "hex_floating_point_literal",
    ],
    names: &["identifier", "type_identifier"],
    decisions: &[
        "if", "for", "while", "do", "switch", "try", "throw", "->", "?", "&&", "||", "!", "+", "-",
        "/", "%", "==", "!=", "<", ">",
    ],
    dots: &[".", "::"],
    wanted: &[
        "import_declaration",
        "class_declaration",
        "interface_declaration",
        "enum_declaration",
        "record_declaration",
        "annotation_type_declaration",
        "method_declaration",
        "constructor_declaration",
        "method_invocation",
        "object_creation_expression",
        "try_statement",
        "try_with_resources_statement",
        "variable_declarator",
        "binary_expression",
        "if_statement",
        "string_literal",
    ],
    enter,
    is_gap,
    sorts: OnceLock::new(),
};

/// The grammar follows the language closely; patterns of later versions stand behind these words.
/// It does not know the annotation between a type and the dots behind it.
fn is_gap(text: &str, fault: Node<'_>, paired: bool) -> bool {
    let start = text.get(..fault.start_byte()).and_then(|before| before.rfind('\n')).unwrap_or(0);
    let rest = text.get(start..).unwrap_or("").trim_start_matches('\n');
    let line = rest.lines().next().unwrap_or("");
    let annotated_dots = line.contains("...") && line.contains('@');
    let words = ["case ", "instanceof", "import module", "STR.", "yield"];
    paired && (annotated_dots || words.iter().any(|word| line.contains(word)))
}

fn enter(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    match node.kind() {
        "import_declaration" => import(walk, node),
        "method_declaration" | "constructor_declaration" => {
            let name = walk.field(node, "name");
            walk.open(node, name, true);
            walk.body(node, node.child_by_field_name("parameters"));
        }
        "method_invocation" => {
            calls::call(walk, node);
            call(walk, node);
            routes::java_call(walk, node);
        }
        "object_creation_expression" => calls::creation(walk, node),
        "try_statement" | "try_with_resources_statement" => braces::of_try(walk, node),
        "variable_declarator" => constant(walk, node),
        "binary_expression" => {
            if let Some(name) = nulled(walk, node) {
                let variable = format!("{}/{name}", walk.item());
                walk.reads.test(variable);
            }
        }
        "if_statement" => gives_up(walk, node),
        "class_declaration" => {
            routes::java(walk, node);
            other(walk, node);
        }
        _ => other(walk, node),
    }
}

/// `import a.b.C`, `import a.b.*`, `import static a.b.C.member`.
fn import(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    let Some(path) = node.named_child(0) else { return };
    let whole = walk.text_of(path);
    let all = node.named_child_count() > 1;
    let (key, value) = match whole.rsplit_once('.') {
        Some(parts) if !all => parts,
        _ => (whole, if all { "*" } else { "" }),
    };
    walk.sheet.fact(FactKind::Import, Role::Reference, key, span_of(path)).value(value).done();
    calls::import(walk, whole, all);
    routes::java_import(walk, node, whole);
}

fn call(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    if walk.reads.is_full() {
        return;
    }
    let (object, name) = (walk.field(node, "object"), walk.field(node, "name"));
    let Some(arguments) = node.child_by_field_name("arguments") else { return };
    let Some(first) = arguments.named_child(0) else { return };
    let flags = match (object, name) {
        ("System" | "java.lang.System", "getenv") => bears(walk, node),
        ("System.getenv()", "get") => bears(walk, node),
        ("System.getenv()", "getOrDefault") => Flags::DEFAULTED,
        ("System.getenv()", "containsKey") => Flags::PROBE,
        _ => return,
    };
    read(walk, node, first, flags);
}

/// How the code bears that the variable is not set.
fn bears(walk: &Walk<'_, '_>, node: Node<'_>) -> Flags {
    let Some(around) = node.parent() else { return Flags::OPTIONAL };
    let outer = around.parent();
    let called = outer.map_or("", |outer| walk.field(outer, "name"));
    match (around.kind(), called) {
        ("binary_expression", _) => Flags::OPTIONAL.with(Flags::PROBE),
        ("argument_list", "requireNonNull") => Flags::NONE,
        ("argument_list", "ofNullable" | "isNull" | "nonNull" | "requireNonNullElse") => {
            Flags::OPTIONAL.with(Flags::PROBE)
        }
        _ => Flags::OPTIONAL,
    }
}

fn read(walk: &mut Walk<'_, '_>, call: Node<'_>, named: Node<'_>, flags: Flags) {
    let written = walk.text_of(named);
    let name = match named.kind() {
        "identifier" => Name::Constant(written.to_owned()),
        "string_literal" => Name::Text(unquoted(written).to_owned()),
        _ => return,
    };
    let nested = if walk.in_function() { Flags::NESTED } else { Flags::NONE };
    let item = walk.item();
    let declared = call.parent().filter(|parent| parent.kind() == "variable_declarator");
    let variable = declared.map(|one| format!("{item}/{}", walk.field(one, "name")));
    let flags = flags.with(nested);
    walk.reads.add(Read { name, span: span_of(call), item, flags, variable });
}

/// The variable that a comparison holds against `null`.
fn nulled<'f>(walk: &Walk<'_, 'f>, node: Node<'_>) -> Option<&'f str> {
    let asks = matches!(walk.field(node, "operator"), "==" | "!=");
    let null = walk.field(node, "right") == "null";
    (asks && null).then(|| walk.field(node, "left"))
}

/// `if (value == null) { throw .. }`: without the variable the call fails.
fn gives_up(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    let condition = node.child_by_field_name("condition").and_then(|whole| whole.named_child(0));
    let Some(condition) = condition.filter(|one| one.kind() == "binary_expression") else { return };
    if walk.field(condition, "operator") != "==" {
        return;
    }
    let Some(name) = nulled(walk, condition) else { return };
    let consequence = walk.field(node, "consequence");
    let ends = consequence.trim_start_matches(['{', ' ', '\n', '\r', '\t']).starts_with("throw ")
        || consequence.contains("System.exit(");
    if ends {
        let variable = format!("{}/{name}", walk.item());
        walk.reads.require(variable);
    }
}
