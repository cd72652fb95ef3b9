//! Chance under the name of a measurement.

use assize_grammars::Node;

use super::walk::{Walk, span_of};
use crate::lang::practice;
use crate::{FactKind, Language, Role};

/// How deep a draw may stand in arithmetic and rounding.
const DEPTH_MAX: usize = 8;

/// What only reshapes the number that it is given.
const SHAPING: [&str; 12] = [
    "abs", "ceil", "ceiling", "clamp", "float32", "float64", "floor", "int", "int64", "max", "min",
    "round",
];

/// Where a value gets a name.
pub(super) fn meet(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    if !walk.notes.draws {
        return;
    }
    match node.kind() {
        "short_var_declaration" | "assignment_statement" => lists(walk, node),
        "assignment_expression" => fields(walk, node, "left", "right"),
        "keyed_element" => fields(walk, node, "key", "value"),
        "let_declaration" => fields(walk, node, "pattern", "value"),
        "field_initializer" => fields(walk, node, "field", "value"),
        "method_invocation" => call(walk, node),
        "anonymous_object_creation_expression" => members(walk, node),
        "var_spec" => lists(walk, node),
        _ => named(walk, node),
    }
}

fn fields(walk: &mut Walk<'_, '_>, node: Node<'_>, name: &str, value: &str) {
    let name = walk.field(node, name);
    if let Some(value) = node.child_by_field_name(value) {
        measured(walk, name, value);
    }
}

/// `a, b := x, y` of Go.
fn lists(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    let (names, values) = match node.kind() {
        "var_spec" => (Some(node), node.child_by_field_name("value")),
        _ => (node.child_by_field_name("left"), node.child_by_field_name("right")),
    };
    let (Some(names), Some(values)) = (names, values) else { return };
    for at in 0..u32::try_from(values.named_child_count()).unwrap_or(0) {
        if let (Some(name), Some(value)) = (names.named_child(at), values.named_child(at)) {
            let name = walk.text_of(name);
            measured(walk, name, value);
        }
    }
}

/// `put("cpu", ..)` and `setCpu(..)` of Java.
fn call(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    let Some(arguments) = node.child_by_field_name("arguments") else { return };
    let name = walk.field(node, "name");
    match arguments.named_child_count() {
        1 if name.starts_with("set") => {
            if let Some(value) = arguments.named_child(0) {
                measured(walk, name.trim_start_matches("set"), value);
            }
        }
        2 if name == "put" => {
            if let (Some(key), Some(value)) = (arguments.named_child(0), arguments.named_child(1)) {
                let key = walk.text_of(key);
                measured(walk, key, value);
            }
        }
        _ => {}
    }
}

/// `new { cpu = .. }` of C#.
fn members(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    let mut cursor = node.walk();
    let parts: Vec<Node<'_>> = node.children(&mut cursor).collect();
    for member in parts.windows(3) {
        if let [name, sign, value] = member
            && sign.kind() == "="
        {
            let name = walk.text_of(*name);
            measured(walk, name, *value);
        }
    }
}

/// A declaration or an argument with a name, whose value stands last.
fn named(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    let name = walk.field(node, "name");
    let value = node.child_by_field_name("value").or_else(|| last(node));
    let value = value.filter(|value| value.kind() != "accessor_list");
    if let Some(value) = value.filter(|_| !name.is_empty()) {
        measured(walk, name, value);
    }
}

fn last(node: Node<'_>) -> Option<Node<'_>> {
    node.named_child(u32::try_from(node.named_child_count()).ok()?.checked_sub(1)?)
}

fn measured(walk: &mut Walk<'_, '_>, written: &str, value: Node<'_>) {
    let name = last_name(written);
    if !practice::is_measure(name) || !is_chance(walk, value, 0) {
        return;
    }
    let item = walk.item();
    walk.sheet
        .fact(FactKind::StandIn, Role::Definition, "random", span_of(value))
        .value(name)
        .item(item)
        .done();
}

/// The last name of what a value is assigned to: `status.Cpu`, `rows["cpu"]`.
fn last_name(written: &str) -> &str {
    let inner = written.trim_end_matches([']', '"', '\'', '`']);
    inner.rsplit(['.', '"', '\'', '`', '[', ':', ' ']).next().unwrap_or(inner)
}

/// Whether a value is drawn by lot, rounded or scaled at most.
fn is_chance(walk: &Walk<'_, '_>, value: Node<'_>, depth: usize) -> bool {
    if depth > DEPTH_MAX {
        return false;
    }
    let inner = |node: Option<Node<'_>>| node.is_some_and(|it| is_chance(walk, it, depth + 1));
    match value.kind() {
        "binary_expression" => {
            matches!(walk.field(value, "operator"), "+" | "-" | "*" | "/" | "%")
                && (inner(value.child_by_field_name("left"))
                    || inner(value.child_by_field_name("right")))
        }
        "parenthesized_expression" | "arrow_expression_clause" | "literal_element" => {
            inner(value.named_child(0))
        }
        "argument" => inner(last(value)),
        "cast_expression" | "type_cast_expression" => inner(value.child_by_field_name("value")),
        "call_expression" | "method_invocation" | "invocation_expression" => {
            draws(walk, value) || shapes(walk, value, depth)
        }
        _ => false,
    }
}

/// Whether a call rounds, converts or bounds a number that is drawn.
fn shapes(walk: &Walk<'_, '_>, call: Node<'_>, depth: usize) -> bool {
    let (of, function) = callee(walk, call);
    let name = function.to_ascii_lowercase();
    if SHAPING.binary_search(&name.as_str()).is_err() {
        return false;
    }
    let within = |node: Node<'_>| is_chance(walk, node, depth + 1);
    // `(draw() * 100.0).round()` of Rust.
    if of.is_some_and(within) {
        return true;
    }
    let Some(arguments) = call.child_by_field_name("arguments") else { return false };
    let mut cursor = arguments.walk();
    arguments.named_children(&mut cursor).any(within)
}

/// Whether a call draws a number.
fn draws(walk: &Walk<'_, '_>, call: Node<'_>) -> bool {
    let (of, name) = callee(walk, call);
    let of = of.map_or("", |of| walk.text_of(of));
    let source = || {
        let lower = of.to_ascii_lowercase();
        let last = lower.rsplit(['.', ':']).find(|part| !part.is_empty()).unwrap_or("");
        ["rand", "rnd", "rng"].iter().any(|word| last.contains(word)) || lower.contains("random")
    };
    match walk.sheet.dialect.language() {
        Language::Go => of == "rand" && (name.starts_with("Float") || name.contains("Int")),
        Language::Java => {
            of == "Math" && name == "random"
                || matches!(
                    name,
                    "nextInt" | "nextDouble" | "nextFloat" | "nextLong" | "nextGaussian"
                ) && source()
        }
        Language::Rust => {
            matches!(name, "gen" | "gen_range" | "random" | "random_range" | "f32" | "f64")
                && source()
        }
        Language::CSharp => {
            matches!(name, "Next" | "NextDouble" | "NextSingle" | "NextInt64") && source()
        }
        _ => false,
    }
}

/// Of what a call's function is a member, and its name.
fn callee<'t, 'f>(walk: &Walk<'_, 'f>, call: Node<'t>) -> (Option<Node<'t>>, &'f str) {
    let Some(mut function) = call.child_by_field_name("function") else {
        return (call.child_by_field_name("object"), walk.field(call, "name"));
    };
    if function.kind() == "generic_function" {
        function = function.child_by_field_name("function").unwrap_or(function);
    }
    for (of, name) in
        [("operand", "field"), ("value", "field"), ("path", "name"), ("expression", "name")]
    {
        if let Some(of) = function.child_by_field_name(of) {
            return (Some(of), walk.field(function, name));
        }
    }
    (None, walk.text_of(function))
}
