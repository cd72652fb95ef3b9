//! Calls of library functions that controls ask about, by their full names.
//!
//! A name means a library only where an import of this file says so.

use std::collections::HashMap;

use assize_model::FileClass;
use oxc_ast::ast::{
    Argument, AssignmentExpression, AssignmentTarget, BindingPattern, CallExpression, Expression,
    ImportDeclarationSpecifier, ObjectPropertyKind, Program, PropertyKind, Statement,
};

use super::{imports, span};
use crate::{Extraction, FactKind, Flags, Role};

/// What the names of a file mean.
#[derive(Debug, Default)]
pub(super) struct Libraries {
    names: HashMap<String, &'static str>,
}

/// Functions of axios, and which of their arguments holds the options.
const AXIOS: [(&str, usize); 10] = [
    ("", 0),
    ("create", 0),
    ("delete", 1),
    ("get", 1),
    ("head", 1),
    ("options", 1),
    ("patch", 2),
    ("post", 2),
    ("put", 2),
    ("request", 0),
];

/// Functions of got, whose options come second.
const GOT: [&str; 7] = ["", "delete", "get", "head", "patch", "post", "put"];

const CONSOLE: [&str; 4] = ["debug", "dir", "info", "log"];

impl Libraries {
    pub(super) fn of_program(program: &Program<'_>) -> Self {
        let mut names = HashMap::new();
        for statement in &program.body {
            match statement {
                Statement::ImportDeclaration(it) => {
                    let Some(library) = library(it.source.value.as_str()) else { continue };
                    for specifier in it.specifiers.iter().flatten() {
                        let whole = match specifier {
                            ImportDeclarationSpecifier::ImportDefaultSpecifier(_) => true,
                            ImportDeclarationSpecifier::ImportSpecifier(it) => {
                                imports::exported_name(&it.imported) == library
                            }
                            ImportDeclarationSpecifier::ImportNamespaceSpecifier(_) => false,
                        };
                        if whole {
                            names.insert(specifier.local().name.to_string(), library);
                        }
                    }
                }
                Statement::VariableDeclaration(it) => {
                    for one in &it.declarations {
                        if let (BindingPattern::BindingIdentifier(id), Some(init)) =
                            (&one.id, &one.init)
                            && let Expression::CallExpression(call) = init
                            && let Some(library) = imports::required(call).and_then(library)
                        {
                            names.insert(id.name.to_string(), library);
                        }
                    }
                }
                _ => {}
            }
        }
        Self { names }
    }

    pub(super) fn call(
        &self,
        sheet: &mut Extraction<'_>,
        it: &CallExpression<'_>,
        item: impl FnOnce() -> String,
    ) {
        if sheet.class != FileClass::Production {
            return;
        }
        let Some((key, options)) = self.asked_for(&it.callee) else { return };
        let (said, open) = match options {
            Some(position) => said(it, position),
            None => (String::new(), false),
        };
        sheet
            .fact(FactKind::Call, Role::Reference, key, span(it.span))
            .value(said)
            .item(item())
            .number(u32::try_from(it.arguments.len()).unwrap_or(u32::MAX))
            .flags(if open { Flags::UNRESOLVED } else { Flags::NONE })
            .done();
    }

    /// The key of a function that is asked for, and which argument holds its options.
    fn asked_for(&self, callee: &Expression<'_>) -> Option<(String, Option<usize>)> {
        let (object, function) = match callee {
            Expression::Identifier(id) => (id.name.as_str(), ""),
            Expression::StaticMemberExpression(member) => {
                let Expression::Identifier(object) = &member.object else { return None };
                (object.name.as_str(), member.property.name.as_str())
            }
            _ => return None,
        };
        if object == "console" && CONSOLE.contains(&function) {
            return Some((format!("js:console.{function}"), None));
        }
        let library = self.names.get(object)?;
        let position = match *library {
            "axios" => AXIOS.iter().find(|(name, _)| *name == function)?.1,
            "got" => GOT.contains(&function).then_some(1)?,
            _ => function.is_empty().then_some(1)?,
        };
        let dot = if function.is_empty() { "" } else { "." };
        Some((format!("js:{library}{dot}{function}"), Some(position)))
    }

    /// `axios.defaults.timeout = 5000` says it for every call.
    pub(super) fn assignment(&self, sheet: &mut Extraction<'_>, it: &AssignmentExpression<'_>) {
        let AssignmentTarget::StaticMemberExpression(member) = &it.left else { return };
        let Expression::StaticMemberExpression(defaults) = &member.object else { return };
        if member.property.name != "timeout" || defaults.property.name != "defaults" {
            return;
        }
        for (function, _) in AXIOS {
            let dot = if function.is_empty() { "" } else { "." };
            sheet
                .fact(
                    FactKind::Call,
                    Role::Definition,
                    format!("js:axios{dot}{function}"),
                    span(it.span),
                )
                .value("timeout")
                .done();
        }
    }
}

fn library(module: &str) -> Option<&'static str> {
    ["axios", "got", "node-fetch"].into_iter().find(|one| *one == module)
}

/// The names that the options of a call say, and whether they may say more.
fn said(call: &CallExpression<'_>, position: usize) -> (String, bool) {
    if call.arguments.iter().take(position + 1).any(Argument::is_spread) {
        return (String::new(), true);
    }
    let Some(options) = call.arguments.get(position).and_then(|it| it.as_expression()) else {
        // `axios(options)` and `got(options)`: the only argument may hold them.
        let first = call.arguments.first().and_then(|it| it.as_expression());
        let object = matches!(first, Some(Expression::ObjectExpression(_)));
        return (String::new(), position > 0 && object && call.arguments.len() == 1);
    };
    let Expression::ObjectExpression(object) = options else {
        // An address that is given alone to `axios(address)` says nothing else.
        let address = position == 0 && imports::literal(options).is_some();
        let open = !address || call.arguments.len() > 1;
        return (String::new(), open);
    };
    let mut names: Vec<String> = Vec::new();
    let mut open = false;
    for property in &object.properties {
        match property {
            ObjectPropertyKind::ObjectProperty(it) if it.kind == PropertyKind::Init => {
                match it.key.static_name() {
                    Some(name) => names.push(name.into_owned()),
                    None => open = true,
                }
            }
            _ => open = true,
        }
    }
    (names.join(" "), open)
}
