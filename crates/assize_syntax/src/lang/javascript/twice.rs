//! Names that one module declares twice, which no engine and no compiler takes.

use std::collections::HashSet;

use oxc_ast::ast::{
    BindingPattern, Class, Declaration, Program, Statement, VariableDeclaration,
    VariableDeclarationKind,
};

use super::span;
use crate::{Dialect, Extraction, Parsed};

/// Reports the first `const`, `let` or `class` at the top level whose name is taken already.
pub(super) fn of_program(sheet: &mut Extraction<'_>, program: &Program<'_>) {
    if matches!(sheet.dialect, Dialect::Declarations | Dialect::Component) {
        return;
    }
    let mut seen: HashSet<&str> = HashSet::new();
    for statement in &program.body {
        let (names, places) = match statement {
            Statement::VariableDeclaration(it) => variables(it),
            Statement::ClassDeclaration(it) => class(it),
            Statement::ExportDeclaration(it) => match &it.declaration {
                Declaration::VariableDeclaration(it) => variables(it),
                Declaration::ClassDeclaration(it) => class(it),
                _ => continue,
            },
            _ => continue,
        };
        for (name, place) in names.into_iter().zip(places) {
            if !seen.insert(name) {
                sheet.set_parsed(Parsed::Invalid);
                sheet.error(span(place), format!("`{name}` is declared twice"));
                return;
            }
        }
    }
}

type Named<'a> = (Vec<&'a str>, Vec<oxc_span::Span>);

fn variables<'a>(declaration: &'a VariableDeclaration<'a>) -> Named<'a> {
    let scoped =
        matches!(declaration.kind, VariableDeclarationKind::Const | VariableDeclarationKind::Let);
    if !scoped || declaration.declare {
        return Named::default();
    }
    declaration
        .declarations
        .iter()
        .filter_map(|one| match &one.id {
            BindingPattern::BindingIdentifier(id) => Some((id.name.as_str(), id.span)),
            _ => None,
        })
        .unzip()
}

fn class<'a>(class: &'a Class<'a>) -> Named<'a> {
    let id = class.id.as_ref().filter(|_| !class.declare);
    id.map(|id| (id.name.as_str(), id.span)).into_iter().unzip()
}
