//! Test cases, as the runners of each language find them.
//!
//! A compiler refuses two functions of one name, so what is left are titles: of subtests and rows
//! in Go, of display names in Java and C#. A case stands where its body does, by which cases that
//! do the same are found.

use std::collections::HashMap;

use assize_grammars::Node;
use assize_model::Span;

use super::literal::unquoted;
use super::notes::{attributes, modifiers};
use super::walk::{Walk, span_of};
use crate::{FactKind, Flags, Language, Role};

pub(super) fn meet(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    match (walk.sheet.dialect.language(), node.kind()) {
        (Language::Go, "function_declaration") => go_function(walk, node),
        (Language::Go, "call_expression") => go_subtest(walk, node),
        (Language::Go, "composite_literal") => go_rows(walk, node),
        (Language::Java, "method_declaration") => java_method(walk, node),
        (Language::Rust, "function_item") => rust_function(walk, node),
        (Language::CSharp, "method_declaration") => csharp_method(walk, node),
        _ => {}
    }
}

/// A case that is about to be written down.
struct Case<'a> {
    key: &'a str,
    parameters: &'a str,
    block: usize,
    span: Span,
    flags: Flags,
}

fn write(walk: &mut Walk<'_, '_>, case: &Case<'_>) {
    let item = walk.item();
    walk.sheet
        .fact(FactKind::Test, Role::Definition, case.key, case.span)
        .value(case.parameters)
        .item(item)
        .number(u32::try_from(case.block).unwrap_or(u32::MAX))
        .flags(case.flags)
        .done();
}

/// A function, at the place of its body's fact.
fn function(walk: &mut Walk<'_, '_>, node: Node<'_>, key: &str, block: usize, flags: Flags) {
    let Some(body) = node.child_by_field_name("body") else { return };
    let span = Span::new(node.start_byte(), body.start_byte());
    let parameters = walk.field(node, "parameters");
    write(walk, &Case { key, parameters, block, span, flags });
}

fn go_function(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    let name = walk.field(node, "name");
    let rest = name.strip_prefix("Test").unwrap_or("a");
    if !rest.starts_with(char::is_lowercase) && walk.field(node, "parameters").contains("testing.T")
    {
        function(walk, node, name, 0, Flags::NONE);
    }
}

/// `t.Run("title", func(t *testing.T) { .. })` in the block of a function: in a loop the title is
/// given out more than once by intention.
fn go_subtest(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    if !walk.field(node, "function").ends_with(".Run") {
        return;
    }
    let Some(arguments) = node.child_by_field_name("arguments") else { return };
    let (Some(title), Some(run)) = (arguments.named_child(0), arguments.named_child(1)) else {
        return;
    };
    if title.kind() != "interpreted_string_literal" || run.kind() != "func_literal" {
        return;
    }
    let Some(block) = walk.notes.may_look().then(|| go_block(node)).flatten() else { return };
    let key = unquoted(walk.text_of(title));
    let span = span_of(title);
    write(walk, &Case { key, parameters: "", block, span, flags: Flags::DYNAMIC });
}

/// Where the block of a function begins in which a statement stands directly.
fn go_block(call: Node<'_>) -> Option<usize> {
    let statement = call.parent().filter(|it| it.kind() == "expression_statement")?;
    let block = statement.parent()?.parent()?;
    let around = block.parent()?;
    matches!(around.kind(), "function_declaration" | "method_declaration" | "func_literal")
        .then(|| block.start_byte())
}

/// How a loop over rows that have a name runs them.
pub(super) const ROWS_RUN: &str = ".name, func(";

/// The rows of a table of cases which have a title that another has too.
fn go_rows(walk: &mut Walk<'_, '_>, table: Node<'_>) {
    let list = table.child_by_field_name("type").filter(|it| it.kind() == "slice_type");
    let rows = list.and_then(|list| list.child_by_field_name("element"));
    let anonymous = rows.is_some_and(|rows| rows.kind() == "struct_type");
    let Some(body) = table.child_by_field_name("body") else { return };
    if !anonymous || !walk.in_function() || !walk.notes.runs_rows {
        return;
    }
    let mut cursor = body.walk();
    let titles: Vec<(&str, Span)> =
        body.named_children(&mut cursor).filter_map(|row| title(walk, row)).collect();
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for (title, _) in &titles {
        *counts.entry(title).or_default() += 1;
    }
    for (key, span) in titles.into_iter().filter(|(title, _)| counts.get(title) > Some(&1)) {
        let block = body.start_byte();
        write(walk, &Case { key, parameters: "", block, span, flags: Flags::DYNAMIC });
    }
}

/// `{name: "title", ..}`
fn title<'f>(walk: &Walk<'_, 'f>, row: Node<'_>) -> Option<(&'f str, Span)> {
    let row = row.named_child(0).filter(|row| row.kind() == "literal_value")?;
    let mut cursor = row.walk();
    let named = row.named_children(&mut cursor).find(|it| walk.field(*it, "key") == "name")?;
    let value = named.child_by_field_name("value")?.named_child(0)?;
    (value.kind() == "interpreted_string_literal")
        .then(|| (unquoted(walk.text_of(value)), span_of(value)))
}

fn java_method(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    let is_case = |word: &str| matches!(word, "@Test" | "@org.junit.Test");
    let words: Vec<&str> = modifiers(walk, node).collect();
    if !words.iter().any(|word| is_case(word) || word.starts_with("@Test(")) {
        return;
    }
    let plain = words.iter().all(|word| !word.starts_with('@') || is_case(word));
    let name = walk.field(node, "name");
    let shown = shown(walk, node, "@DisplayName(\"", "\")");
    // Overloads are told apart by their parameters.
    let key = match shown {
        Some(shown) => shown.to_owned(),
        None => format!("{name}{}", walk.field(node, "parameters").trim_end_matches("()")),
    };
    member(walk, node, &key, plain || only_named(&words));
}

/// Whether all that is said of a case is that it is one, and what it is called.
fn only_named(words: &[&str]) -> bool {
    words.iter().filter(|word| word.starts_with('@')).all(|word| {
        matches!(*word, "@Test" | "@org.junit.Test") || word.starts_with("@DisplayName(")
    })
}

/// The text between two marks of what stands before a member.
fn shown<'f>(walk: &Walk<'_, 'f>, node: Node<'_>, start: &str, end: &str) -> Option<&'f str> {
    let body = node.child_by_field_name("body")?;
    let head = walk.text.get(node.start_byte()..body.start_byte())?;
    let (_, rest) = head.split_once(start)?;
    let (shown, _) = rest.split_once(end)?;
    (!shown.is_empty() && !shown.contains('\n')).then_some(shown)
}

/// A case that is a member of a class.
fn member(walk: &mut Walk<'_, '_>, node: Node<'_>, key: &str, plain: bool) {
    if !walk.notes.may_look() {
        return;
    }
    // Beyond a directive, another build has the other of the two.
    let Some(class) = node.parent().filter(|it| !it.kind().starts_with("preproc")) else { return };
    let flags = if plain { Flags::NONE } else { Flags::DYNAMIC };
    function(walk, node, key, class.start_byte(), flags);
}

fn rust_function(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    let is_case = |written: &str| matches!(written, "#[test]" | "#[tokio::test]");
    let before = walk.text.get(..node.start_byte()).unwrap_or("");
    if !before.trim_end().ends_with(']') || !walk.notes.may_look() {
        return;
    }
    let said: Vec<&str> = attributes(walk, node).collect();
    if !said.iter().any(|one| is_case(one)) || said.iter().any(|one| one.contains("cfg")) {
        return;
    }
    let plain = said.iter().all(|one| is_case(one));
    let name = walk.field(node, "name");
    let block = node.parent().map_or(0, |around| around.start_byte());
    function(walk, node, name, block, if plain { Flags::NONE } else { Flags::DYNAMIC });
}

fn csharp_method(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    let lists = attribute_lists(node);
    let lists: Vec<(&str, Span)> =
        lists.into_iter().map(|list| (walk.text_of(list), span_of(list))).collect();
    let is_case = |list: &str| matches!(list, "[Fact]" | "[Test]" | "[TestMethod]");
    let starts = ["[Fact", "[Theory", "[Test", "[DataTestMethod", "[RetryFact"];
    if !lists.iter().any(|(list, _)| starts.iter().any(|start| list.starts_with(start))) {
        return;
    }
    let plain = lists.iter().all(|(list, _)| is_case(list));
    let name = walk.field(node, "name");
    let key = match shown(walk, node, "(DisplayName = \"", "\")") {
        Some(shown) => shown.to_owned(),
        None => format!("{name}{}", walk.field(node, "parameters").trim_end_matches("()")),
    };
    member(walk, node, &key, plain);
    for (list, span) in lists {
        let key = list.trim_matches(['[', ']']);
        if key.starts_with("InlineData(") {
            let block = node.start_byte();
            write(walk, &Case { key, parameters: "row", block, span, flags: Flags::DYNAMIC });
        }
    }
}

fn attribute_lists(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.children(&mut cursor).filter(|one| one.kind() == "attribute_list").collect()
}
