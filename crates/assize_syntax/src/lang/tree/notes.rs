//! What controls on conduct ask of a tree: what stands in for what is not there, and tests.
//!
//! The walk hands over the kinds that are listed here, after the language has seen them, so that
//! the scopes of a function are open when it is judged.

use assize_grammars::{Grammar, Node};
use assize_model::FileClass;

use super::walk::{Walk, span_of};
use super::{cases, chance, stubs};
use crate::lang::practice;
use crate::{Extraction, FactKind, Language, Role};

/// What is known of a file before its tree is walked.
#[derive(Debug)]
pub(super) struct Notes {
    /// Some comment may put the real thing off.
    pub(super) defers: bool,
    /// Some value may be drawn by lot.
    pub(super) draws: bool,
    /// Some table of cases may be run by the names of its rows.
    pub(super) runs_rows: bool,
    lookups_left: usize,
}

/// How many nodes of one file are asked what stands around them: the tree answers from its root.
const LOOKUPS_MAX: usize = 512;

impl Notes {
    pub(super) fn of(sheet: &Extraction<'_>) -> Self {
        let production = sheet.class == FileClass::Production;
        let draws = || ["rand", "Rand"].iter().any(|word| sheet.text.contains(word));
        Self {
            defers: production && practice::may_defer(sheet.text),
            draws: production && draws(),
            runs_rows: sheet.class == FileClass::Test && sheet.text.contains(cases::ROWS_RUN),
            lookups_left: LOOKUPS_MAX,
        }
    }

    /// Whether one more node may be asked what stands around it.
    pub(super) fn may_look(&mut self) -> bool {
        let may = self.lookups_left > 0;
        self.lookups_left = self.lookups_left.saturating_sub(1);
        may
    }
}

/// The kinds of nodes that are judged.
pub(super) fn kinds(grammar: Grammar) -> &'static [&'static str] {
    match grammar {
        Grammar::Go => &[
            "function_declaration",
            "method_declaration",
            "type_spec",
            "short_var_declaration",
            "assignment_statement",
            "var_spec",
            "keyed_element",
            "call_expression",
            "composite_literal",
        ],
        Grammar::Java => &[
            "method_declaration",
            "class_declaration",
            "record_declaration",
            "variable_declarator",
            "assignment_expression",
            "method_invocation",
        ],
        Grammar::Rust => &[
            "function_item",
            "struct_item",
            "let_declaration",
            "assignment_expression",
            "field_initializer",
        ],
        Grammar::CSharp => &[
            "method_declaration",
            "class_declaration",
            "record_declaration",
            "variable_declarator",
            "assignment_expression",
            "property_declaration",
            "argument",
            "anonymous_object_creation_expression",
        ],
        // These are read by parsers of their own; the grammar serves patterns alone.
        Grammar::Bash
        | Grammar::JavaScript
        | Grammar::Python
        | Grammar::Tsx
        | Grammar::TypeScript => &[],
    }
}

pub(super) fn meet(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    match walk.sheet.class {
        FileClass::Production if !walk.is_aside(node) => product(walk, node),
        FileClass::Test => cases::meet(walk, node),
        _ => {}
    }
}

fn product(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    match node.kind() {
        "function_declaration" | "method_declaration" | "function_item" => stubs::meet(walk, node),
        "type_spec" | "class_declaration" | "record_declaration" | "struct_item" => {
            double(walk, node);
        }
        _ => chance::meet(walk, node),
    }
}

/// A type that is called like a test's. One of a function or a private one is its owner's affair.
fn double(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    let Some(name) = node.child_by_field_name("name") else { return };
    let written = walk.text_of(name);
    if !practice::is_double(written) || walk.in_function() || !walk.notes.may_look() {
        return;
    }
    // A library may hand out a double to those who test with it, and says so.
    if is_kept_in(walk, node) || says(walk, node, " test") {
        return;
    }
    walk.sheet
        .fact(FactKind::StandIn, Role::Definition, "double", span_of(name))
        .value(written)
        .item(written)
        .done();
}

fn is_kept_in(walk: &Walk<'_, '_>, node: Node<'_>) -> bool {
    match walk.sheet.dialect.language() {
        Language::Go => {
            node.child_by_field_name("type").is_none_or(|it| it.kind() != "struct_type")
        }
        Language::Rust => marked(walk, node, "cfg"),
        _ => modifiers(walk, node).any(|word| word == "private"),
    }
}

/// Whether an attribute that stands before a node holds this word.
pub(super) fn marked(walk: &Walk<'_, '_>, node: Node<'_>, word: &str) -> bool {
    attributes(walk, node).any(|written| written.contains(word))
}

/// The attributes before a node of Rust, the nearest first.
pub(super) fn attributes<'f>(walk: &Walk<'_, 'f>, node: Node<'_>) -> impl Iterator<Item = &'f str> {
    let before = std::iter::successors(node.prev_sibling(), |one| one.prev_sibling());
    let before = before.take_while(|one| one.kind() == "attribute_item" || is_comment(*one));
    before.filter(|one| !is_comment(*one)).map(|one| walk.text_of(one))
}

/// The words before a declaration of Java or C#, annotations and attributes among them.
pub(super) fn modifiers<'f>(walk: &Walk<'_, 'f>, node: Node<'_>) -> impl Iterator<Item = &'f str> {
    let mut cursor = node.walk();
    let found: Vec<Node<'_>> = node
        .children(&mut cursor)
        .filter(|one| matches!(one.kind(), "modifiers" | "modifier" | "attribute_list"))
        .collect();
    found.into_iter().flat_map(|one| walk.text_of(one).split_whitespace())
}

/// Whether a remark right above a node holds this word.
pub(super) fn says(walk: &Walk<'_, '_>, node: Node<'_>, word: &str) -> bool {
    let above = std::iter::successors(node.prev_sibling(), |one| one.prev_sibling());
    above
        .take_while(|one| is_comment(*one) || one.kind() == "attribute_item")
        .any(|one| is_comment(one) && walk.text_of(one).contains(word))
}

pub(super) fn is_comment(node: Node<'_>) -> bool {
    node.kind().ends_with("comment")
}
