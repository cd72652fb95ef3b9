//! `try` and `catch` of Java and C#.

use assize_grammars::Node;
use assize_model::Span;

use super::super::walk::Walk;
use super::{Dropped, counts, explained, statements, write};
use crate::Flags;
use crate::lang::names::words;
use crate::lang::practice;

/// What is called to learn whether it works.
const TRIED: [&str; 7] =
    ["Sleep", "forName", "getMethod", "setAccessible", "sleep", "toURL", "valueOf"];

/// Names that say of an error that nothing is done with it.
const UNUSED: [&str; 7] = ["_", "__", "expected", "ignore", "ignored", "swallowed", "unused"];

pub(in super::super) fn of_try(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    if !counts(walk, node) {
        return;
    }
    let Some(tried) = node.child_by_field_name("body") else { return };
    let asked = is_asked_for(walk, node, tried);
    let mut cursor = node.walk();
    for handler in node.named_children(&mut cursor).filter(|one| one.kind() == "catch_clause") {
        of_catch(walk, tried, handler, asked);
    }
}

fn of_catch(walk: &mut Walk<'_, '_>, tried: Node<'_>, handler: Node<'_>, asked: bool) {
    let Some(body) = handler.child_by_field_name("body") else { return };
    let (caught, name) = caught(walk, handler);
    let Some(does) = instead(walk, body, &name) else { return };
    let guarded = statements(tried);
    let mut flags = explained(walk, Span::new(tried.end_byte(), handler.end_byte()));
    if warns(walk, tried) {
        flags = flags.with(Flags::MENTIONED);
    }
    if UNUSED.contains(&name.trim_start_matches("e_").to_ascii_lowercase().as_str()) {
        flags = flags.with(Flags::MENTIONED);
    }
    if guarded.last().is_some_and(|last| leaves(*last)) || is_attempt(walk, &guarded) || asked {
        flags = flags.with(Flags::OPTIONAL);
    }
    let start = handler.start_byte();
    let at = Span::new(start, start + "catch".len());
    write(walk, Dropped { at, caught: &caught, does, guarded: guarded.len(), flags });
}

/// Whether what follows asks at once whether the attempt brought a value.
fn is_asked_for(walk: &Walk<'_, '_>, node: Node<'_>, tried: Node<'_>) -> bool {
    let Some(next) = node.next_named_sibling() else { return false };
    let condition = match next.kind() {
        "if_statement" => walk.field(next, "condition").trim_start_matches('('),
        "expression_statement" if walk.text_of(next).contains(" ??= ") => walk.text_of(next),
        _ => return false,
    };
    let end = condition.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(0);
    let (name, rest) = condition.split_at(end);
    !name.is_empty()
        && ["null", "?.", "??="].iter().any(|word| rest.contains(word))
        && walk.text_of(tried).contains(&format!("{name} = "))
}

/// What a remark in an attempt, or above it, says where a failure is expected.
const WARNINGS: [&str; 10] = [
    "avoid crash",
    "best effort",
    "best-effort",
    "can fail",
    "failure",
    "go wrong",
    "ignore",
    "may fail",
    "might fail",
    "not available",
];

/// Whether a remark at the beginning of an attempt, or right above it, says that it may fail.
fn warns(walk: &Walk<'_, '_>, tried: Node<'_>) -> bool {
    let before = walk.text.get(..tried.start_byte()).unwrap_or("");
    let above = before.lines().rev().skip(1).take_while(|line| !line.trim().is_empty()).take(3);
    let within = walk.text_of(tried).lines().take(3);
    above.chain(within).filter_map(|line| line.split_once("//")).any(|(_, remark)| {
        let remark = remark.to_ascii_lowercase();
        WARNINGS.iter().any(|word| remark.contains(word))
    })
}

/// What a handler catches, joined by `|`, and the name that it gives to it.
fn caught(walk: &Walk<'_, '_>, handler: Node<'_>) -> (String, String) {
    let mut cursor = handler.walk();
    let mut types = "*".to_owned();
    let mut name = String::new();
    for child in handler.named_children(&mut cursor) {
        match child.kind() {
            "catch_formal_parameter" => {
                name = walk.field(child, "name").to_owned();
                let mut cursor = child.walk();
                let list = child.named_children(&mut cursor).find(|one| one.kind() == "catch_type");
                types = list.map_or("*", |list| walk.text_of(list)).to_owned();
            }
            "catch_declaration" => {
                name = walk.field(child, "name").to_owned();
                types = walk.field(child, "type").to_owned();
            }
            // A condition makes one error of many.
            "catch_filter_clause" => return ("?".to_owned(), name),
            _ => {}
        }
    }
    let last = |one: &str| one.trim().rsplit('.').next().unwrap_or("?").to_owned();
    (types.split('|').map(last).collect::<Vec<_>>().join("|"), name)
}

/// What a handler does instead of handling; none where it does something.
fn instead(walk: &Walk<'_, '_>, body: Node<'_>, error: &str) -> Option<&'static str> {
    let statements = statements(body);
    let [only] = statements.as_slice() else {
        return statements.is_empty().then_some("nothing");
    };
    match only.kind() {
        "empty_statement" | ";" => Some("nothing"),
        "continue_statement" => Some("next"),
        "return_statement" => match only.named_child(0) {
            None => Some("nothing"),
            Some(value) => is_constant(walk, value).then_some("default"),
        },
        "expression_statement" => {
            let printed = format!("{error}.printStackTrace();");
            (!error.is_empty() && walk.text_of(*only) == printed).then_some("printed")
        }
        _ => None,
    }
}

/// A value that is written out, or an empty collection.
fn is_constant(walk: &Walk<'_, '_>, value: Node<'_>) -> bool {
    const EMPTY: [&str; 9] = [
        "Collections.emptyList()",
        "Collections.emptyMap()",
        "Collections.emptySet()",
        "List.of()",
        "Map.of()",
        "Optional.empty()",
        "Set.of()",
        "default",
        "string.Empty",
    ];
    let kind = value.kind();
    kind.ends_with("literal")
        || matches!(kind, "true" | "false" | "null" | "default_expression")
        || EMPTY.contains(&walk.text_of(value))
}

/// Whether a statement leaves, always or under a condition: the handler leads to another way.
fn leaves(statement: Node<'_>) -> bool {
    match statement.kind() {
        "return_statement" | "continue_statement" | "break_statement" | "throw_statement"
        | "yield_statement" => true,
        "if_statement" => statement.child_by_field_name("consequence").is_some_and(leaves),
        "block" => statements(statement).last().is_some_and(|last| leaves(*last)),
        _ => false,
    }
}

/// What makes sense of a text, or finds that there is none in it.
const READS: [&str; 5] = ["Decode", "Deserialize", "Parse(", "fromJson(", "parse("];

/// Whether statements are one that makes sense of a text, or end in what may fail without harm and
/// only prepare it before.
fn is_attempt(walk: &Walk<'_, '_>, statements: &[Node<'_>]) -> bool {
    let Some((last, before)) = statements.split_last() else { return true };
    let read = |text: &str| READS.iter().any(|word| text.contains(word));
    if before.is_empty() && last.kind() == "expression_statement" && read(walk.text_of(*last)) {
        return true;
    }
    is_harmless(walk, *last)
        && before.iter().all(|one| one.kind().starts_with("local_") || is_harmless(walk, *one))
}

/// Whether a statement may fail without harm: it closes something, or is there to be tried.
fn is_harmless(walk: &Walk<'_, '_>, statement: Node<'_>) -> bool {
    match statement.kind() {
        "block" => statements(statement).iter().all(|one| is_harmless(walk, *one)),
        "if_statement" => {
            let then = statement.child_by_field_name("consequence");
            statement.child_by_field_name("alternative").is_none()
                && then.is_some_and(|then| is_harmless(walk, then))
        }
        "expression_statement" | "local_variable_declaration" | "local_declaration_statement" => {
            last_call(walk, statement).is_some_and(|name| {
                let name = name.strip_suffix("Async").unwrap_or(name);
                practice::is_harmless(name)
                    || TRIED.binary_search(&name).is_ok()
                    || words(name).next().is_some_and(|first| first == "parse")
            })
        }
        _ => false,
    }
}

/// The name of the outermost call of a statement.
fn last_call<'f>(walk: &Walk<'_, 'f>, statement: Node<'_>) -> Option<&'f str> {
    const DEEP: usize = 6;
    let mut node = statement;
    for _ in 0..DEEP {
        match node.kind() {
            "method_invocation" => return Some(walk.field(node, "name")),
            "invocation_expression" => {
                let function = node.child_by_field_name("function")?;
                let name = walk.text_of(function).rsplit(['.', '?']).next();
                if name != Some("ConfigureAwait") {
                    return name;
                }
                node = function.named_child(0)?;
            }
            "assignment_expression" => node = node.child_by_field_name("right")?,
            "variable_declarator" => {
                let count = u32::try_from(node.named_child_count()).ok()?;
                node = node.named_child(count.checked_sub(1)?)?;
            }
            "local_variable_declaration" => node = node.child_by_field_name("declarator")?,
            "variable_declaration" => node = node.named_child(1)?,
            _ => node = node.named_child(0)?,
        }
    }
    None
}
