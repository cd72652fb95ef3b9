//! Values that are bound before an attempt and stay where it fails.

use oxc_ast::ast::{AssignmentTarget, Expression, Statement, TryStatement};

use super::span;
use crate::{Extraction, Flags};

/// What the lines before an attempt say of it: that what it brings has a value already, or why it
/// may bring none.
pub(super) fn bound_before(sheet: &Extraction<'_>, it: &TryStatement<'_>) -> Flags {
    let Some(target) = it.block.body.last().and_then(assigned) else {
        return Flags::NONE;
    };
    let before = sheet.text.get(..it.span.start as usize).unwrap_or("");
    let mut lines = before.lines().rev().map(str::trim).skip_while(|line| line.is_empty());
    let bound = lines.next().is_some_and(|line| binds(line, target));
    let said = lines.next().is_some_and(|line| line.starts_with("//") || line.ends_with("*/"));
    match (bound, said) {
        (true, true) => Flags::MENTIONED,
        (true, false) if !waits(sheet, it) => Flags::OPTIONAL,
        _ => Flags::NONE,
    }
}

/// The variable to which a statement gives a value at last.
fn assigned<'a>(statement: &'a Statement<'_>) -> Option<&'a str> {
    match statement {
        Statement::ExpressionStatement(it) => match &it.expression {
            Expression::AssignmentExpression(it) => match &it.left {
                AssignmentTarget::AssignmentTargetIdentifier(name) => Some(name.name.as_str()),
                _ => None,
            },
            _ => None,
        },
        Statement::IfStatement(it) => assigned(&it.consequent),
        Statement::BlockStatement(it) => it.body.last().and_then(assigned),
        _ => None,
    }
}

/// Whether a line gives a variable its value and ends there.
fn binds(line: &str, name: &str) -> bool {
    let plain = ["let ", "var "].iter().find_map(|word| line.strip_prefix(word)).unwrap_or(line);
    let Some(rest) = plain.strip_prefix(name) else { return false };
    let typed = rest.starts_with([' ', ':']);
    typed && rest.contains(" = ") && !rest.contains(" await ") && line.ends_with(';')
}

/// Whether the attempt asks something outside of the program: that it failed is to be known.
fn waits(sheet: &Extraction<'_>, it: &TryStatement<'_>) -> bool {
    let block = span(it.block.span);
    sheet.text.get(block.start..block.end).is_none_or(|text| text.contains("await "))
}
