//! C#: namespaces in use, types, and the environment.

use std::sync::OnceLock;

use assize_grammars::{Grammar, Node};

use super::calls::csharp as calls;
use super::handlers::braces;
use super::literal::{other, read, unquoted};
use super::routes;
use super::tongue::Tongue;
use super::walk::{Walk, span_of};
use crate::{FactKind, Flags, Role};

pub(super) static TONGUE: Tongue = Tongue {
    grammar: Grammar::CSharp,
    comments: &["comment", "preproc_region", "preproc_endregion", "preproc_pragma"],
    literals: &[
        "string_literal",
        "verbatim_string_literal",
        "raw_string_literal",
        "character_literal",
        "integer_literal",
        "real_literal",
    ],
    names: &["identifier"],
    decisions: &[
        "if", "for", "foreach", "while", "do", "switch", "try", "throw", "await", "yield", "=>",
        "?", "??", "&&", "||", "!", "+", "-", "/", "%", "==", "!=", "<", ">",
    ],
    dots: &[".", "?."],
    wanted: &[
        "using_directive",
        "namespace_declaration",
        "file_scoped_namespace_declaration",
        "class_declaration",
        "interface_declaration",
        "struct_declaration",
        "record_declaration",
        "enum_declaration",
        "delegate_declaration",
        "method_declaration",
        "constructor_declaration",
        "local_function_statement",
        "invocation_expression",
        "assignment_expression",
        "try_statement",
        "variable_declarator",
        "string_literal",
    ],
    enter,
    is_gap,
    sorts: OnceLock::new(),
};

/// How far up a namespace is looked for: each step begins at the root.
const NAMESPACES_MAX: usize = 8;

/// The grammar trails the language by some notations, and what a directive leaves out need not fit
/// what it leaves in: that a text is broken is certain only where its brackets do not match.
fn is_gap(text: &str, _: Node<'_>, _: bool) -> bool {
    text.contains("\n#if") || text.starts_with("#if") || is_balanced(text)
}

/// Whether brackets match, strings, characters and comments aside.
fn is_balanced(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut open = Vec::new();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let rest = bytes.get(at..).unwrap_or(&[]);
        let skipped = skipped(rest, at.checked_sub(1).and_then(|at| bytes.get(at)));
        // A string of a kind whose end is not found here: nothing is certain.
        let Some(skipped) = skipped else { return true };
        at += skipped;
        if skipped > 1 {
            continue;
        }
        match byte {
            b'(' | b'[' | b'{' => open.push(*byte),
            b')' | b']' | b'}' => {
                let wanted = match byte {
                    b')' => b'(',
                    b']' => b'[',
                    _ => b'{',
                };
                if open.pop() != Some(wanted) {
                    return false;
                }
            }
            _ => {}
        }
    }
    open.is_empty()
}

/// How many bytes the token at the start takes, as far as it may hold brackets of no meaning; none
/// for strings that are taken apart by rules of their own.
fn skipped(rest: &[u8], before: Option<&u8>) -> Option<usize> {
    let line = || rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
    match rest {
        [b'/', b'/', ..] => Some(line().max(2)),
        [b'/', b'*', ..] => {
            let end = rest.windows(2).skip(2).position(|pair| pair == b"*/");
            Some(end.map_or(rest.len(), |end| end + 4))
        }
        [b'"', b'"', b'"', ..] => None,
        [b'"', ..] if matches!(before, Some(b'@' | b'$')) => None,
        [b'\'', b'\\', ..] => Some(3 + rest.iter().skip(3).position(|byte| *byte == b'\'')?),
        [b'\'', _, b'\'', ..] => Some(3),
        [b'"', ..] => {
            let mut escaped = false;
            let end = rest.iter().skip(1).position(|byte| {
                let ends = !escaped && matches!(byte, b'"' | b'\n');
                escaped = !escaped && *byte == b'\\';
                ends
            })?;
            Some(end + 2)
        }
        _ => Some(1),
    }
}

fn enter(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    match node.kind() {
        "using_directive" => import(walk, node),
        "namespace_declaration" | "file_scoped_namespace_declaration" => namespace(walk, node),
        "method_declaration" | "constructor_declaration" | "local_function_statement" => {
            let name = walk.field(node, "name");
            walk.open(node, name, true);
            walk.body(node, node.child_by_field_name("parameters"));
            routes::csharp_function(walk, node);
        }
        "invocation_expression" => {
            calls::call(walk, node);
            call(walk, node);
            routes::csharp_call(walk, node);
        }
        "assignment_expression" => calls::assignment(walk, node),
        "try_statement" => braces::of_try(walk, node),
        "variable_declarator" => {
            constant(walk, node);
            routes::csharp_variable(walk, node);
        }
        "class_declaration" => {
            routes::csharp(walk, node);
            other(walk, node);
        }
        _ => other(walk, node),
    }
}

/// A namespace, by its whole name: those in others are named from the outermost on.
fn namespace(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    let Some(name) = node.child_by_field_name("name") else { return };
    let mut whole = walk.text_of(name).to_owned();
    let mut around = node.parent();
    for _ in 0..NAMESPACES_MAX {
        let Some(outer) = around else { break };
        if outer.kind() == "namespace_declaration" {
            whole = format!("{}.{whole}", walk.field(outer, "name"));
        }
        around = outer.parent();
    }
    let key = format!("namespace:{whole}");
    let fact = walk.sheet.fact(FactKind::Symbol, Role::Definition, key, span_of(name));
    fact.item("namespace").done();
}

/// `using A.B;`, `using static A.B.C;`, `using X = A.B.C;`: the last two name a type, mostly.
fn import(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    let count = u32::try_from(node.named_child_count()).unwrap_or(0);
    let Some(path) = count.checked_sub(1).and_then(|last| node.named_child(last)) else { return };
    let whole = walk.text_of(path);
    let of_type = count > 1 || walk.text_of(node).contains(" static ");
    let (key, value) = match whole.rsplit_once('.') {
        Some(parts) if of_type => parts,
        _ => (whole, if of_type { whole } else { "" }),
    };
    // What a directive leaves out, no compiler may ever see.
    let left_out = walk.text.contains("#if") || walk.text.contains("#else");
    let flags = if left_out { Flags::CONDITIONAL } else { Flags::NONE };
    let fact = walk.sheet.fact(FactKind::Import, Role::Reference, key, span_of(path));
    fact.value(value).flags(flags).done();
}

/// A name that stands for a text.
fn constant(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    let count = u32::try_from(node.named_child_count()).unwrap_or(0);
    let value = count.checked_sub(1).and_then(|last| node.named_child(last));
    if let Some(value) = value.filter(|value| value.kind() == "string_literal") {
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
    let Some(arguments) = node.child_by_field_name("arguments") else { return };
    let first = arguments.named_child(0).and_then(|argument| argument.named_child(0));
    let Some(first) = first else { return };
    match function {
        "Environment.GetEnvironmentVariable" | "System.Environment.GetEnvironmentVariable" => {
            let flags = bears(walk, node);
            read(walk, node, first, flags);
        }
        "Environment.SetEnvironmentVariable" | "System.Environment.SetEnvironmentVariable" => {
            let name = unquoted(walk.text_of(first));
            if first.kind() == "string_literal" && super::environment::is_variable(name) {
                let span = span_of(first);
                let fact = walk.sheet.fact(FactKind::Env, Role::Definition, name, span);
                fact.flags(Flags::DYNAMIC).done();
            }
        }
        _ => {}
    }
}

/// How the code bears that the variable is not set, by what it does with the value at once.
fn bears(walk: &Walk<'_, '_>, node: Node<'_>) -> Flags {
    let Some(around) = node.parent() else { return Flags::OPTIONAL };
    match around.kind() {
        "binary_expression" if walk.field(around, "operator") == "??" => {
            let other = around.child_by_field_name("right");
            match other.map(|other| other.kind()) {
                Some("throw_expression") => Flags::NONE,
                _ => Flags::DEFAULTED,
            }
        }
        "binary_expression" | "is_pattern_expression" => Flags::OPTIONAL.with(Flags::PROBE),
        "argument" => Flags::OPTIONAL.with(Flags::PROBE),
        _ => Flags::OPTIONAL,
    }
}
