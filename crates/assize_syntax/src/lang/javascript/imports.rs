//! Imports: declarations at the top of a module, `require` and dynamic imports anywhere.
//!
//! One fact stands for one imported name, at the place of that name. A specifier that is computed
//! yields none, because nothing can be said of it.

use oxc_ast::ast::{
    Argument, BindingPattern, CallExpression, Expression, ImportDeclaration,
    ImportDeclarationSpecifier, ModuleExportName, ObjectPattern, Program, Statement,
    TSExternalModuleDeclaration, TSImportEqualsDeclaration, TSImportType, TSImportTypeQualifier,
    TSModuleReference,
};
use oxc_span::{GetSpan as _, Span};

use super::env::Env;
use super::span;
use crate::{Extraction, FactKind, Flags, Role};

/// One import about to be written down.
#[derive(Debug, Clone, Copy)]
pub(super) struct Import<'n> {
    pub(super) module: &'n str,
    /// Empty: the module itself.
    pub(super) name: &'n str,
    pub(super) at: Span,
    pub(super) flags: Flags,
}

pub(super) fn write(sheet: &mut Extraction<'_>, import: Import<'_>) {
    if import.module.is_empty() {
        return;
    }
    sheet
        .fact(FactKind::Import, Role::Reference, import.module, span(import.at))
        .value(import.name)
        .flags(import.flags)
        .done();
}

/// The import and re-export declarations of a module.
pub(super) fn of_program(sheet: &mut Extraction<'_>, program: &Program<'_>) {
    for statement in &program.body {
        match statement {
            Statement::ImportDeclaration(it) => declaration(sheet, it),
            Statement::TSImportEqualsDeclaration(it) => import_equals(sheet, it),
            Statement::ExportAllDeclaration(it) => {
                let star = it.exported.is_none();
                let passed_on = if star { Flags::REEXPORT } else { Flags::NONE };
                let flags = passed_on.with(type_only(it.export_kind.is_type()));
                let module = it.source.value.as_str();
                write(sheet, Import { module, name: "*", at: it.source.span, flags });
            }
            Statement::ExportFromDeclaration(it) => {
                let module = it.source.value.as_str();
                for specifier in &it.specifiers {
                    let types = it.export_kind.is_type() || specifier.export_kind.is_type();
                    let name = exported_name(&specifier.local);
                    let flags = Flags::REEXPORT.with(type_only(types));
                    write(sheet, Import { module, name, at: specifier.span, flags });
                }
                if it.specifiers.is_empty() {
                    let at = it.source.span;
                    write(sheet, Import { module, name: "", at, flags: Flags::NONE });
                }
            }
            _ => {}
        }
    }
}

fn declaration(sheet: &mut Extraction<'_>, it: &ImportDeclaration<'_>) {
    let module = it.source.value.as_str();
    let whole = type_only(it.import_kind.is_type());
    if it.specifiers.as_ref().is_none_or(|specifiers| specifiers.is_empty()) {
        write(sheet, Import { module, name: "", at: it.source.span, flags: whole });
    }
    for specifier in it.specifiers.iter().flatten() {
        let (name, flags) = match specifier {
            ImportDeclarationSpecifier::ImportSpecifier(it) => {
                (exported_name(&it.imported), whole.with(type_only(it.import_kind.is_type())))
            }
            ImportDeclarationSpecifier::ImportDefaultSpecifier(_) => ("default", whole),
            ImportDeclarationSpecifier::ImportNamespaceSpecifier(_) => ("*", whole),
        };
        write(sheet, Import { module, name, at: specifier.span(), flags });
    }
}

/// `import x = require("m")`.
fn import_equals(sheet: &mut Extraction<'_>, it: &TSImportEqualsDeclaration<'_>) {
    if let TSModuleReference::ExternalModuleReference(reference) = &it.module_reference {
        let module = reference.expression.value.as_str();
        let flags = type_only(it.import_kind.is_type());
        write(sheet, Import { module, name: "", at: it.span, flags });
    }
}

/// `import("m").Name` in a type.
pub(super) fn of_type(sheet: &mut Extraction<'_>, it: &TSImportType<'_>) {
    let mut qualifier = it.qualifier.as_ref();
    let mut name = "";
    while let Some(part) = qualifier {
        match part {
            TSImportTypeQualifier::Identifier(it) => {
                name = it.name.as_str();
                qualifier = None;
            }
            TSImportTypeQualifier::QualifiedName(it) => qualifier = Some(&it.left),
        }
    }
    let flags = Flags::TYPE_ONLY.with(Flags::NESTED);
    write(sheet, Import { module: it.source.value.as_str(), name, at: it.source.span, flags });
}

/// The literal that `require("m")` names.
pub(super) fn required<'n>(call: &'n CallExpression<'_>) -> Option<&'n str> {
    let Expression::Identifier(callee) = &call.callee else { return None };
    if callee.name != "require" || call.arguments.len() != 1 {
        return None;
    }
    literal(call.arguments.first()?.as_expression()?)
}

/// The module that `jest.mock("m", ..)` replaces.
pub(super) fn mocked<'n>(call: &'n CallExpression<'_>) -> Option<&'n str> {
    let Expression::StaticMemberExpression(method) = &call.callee else { return None };
    let Expression::Identifier(tool) = &method.object else { return None };
    let mocks = matches!(tool.name.as_str(), "jest" | "vi" | "vitest" | "mock" | "td")
        && matches!(
            method.property.name.as_str(),
            "mock" | "doMock" | "unstable_mockModule" | "module" | "replace"
        );
    if mocks { literal_argument(call.arguments.first()?) } else { None }
}

/// The names that `const { a, b: c } = require("m")` takes; `None` where it takes the module.
pub(super) fn taken(pattern: &BindingPattern<'_>) -> Option<Vec<(String, Span)>> {
    let BindingPattern::ObjectPattern(object) = pattern else { return None };
    if object.rest.is_some() || object.properties.is_empty() {
        return None;
    }
    object
        .properties
        .iter()
        .map(|property| Some((property.key.static_name()?.into_owned(), property.span)))
        .collect()
}

/// The text of a string or of a template without substitutions.
pub(super) fn literal<'n>(expression: &'n Expression<'_>) -> Option<&'n str> {
    match expression {
        Expression::StringLiteral(it) => Some(it.value.as_str()),
        Expression::TemplateLiteral(it) if it.expressions.is_empty() => {
            it.quasis.first()?.value.cooked.as_ref().map(|text| text.as_str())
        }
        _ => None,
    }
}

/// The text of an argument that is a literal.
pub(super) fn literal_argument<'n>(argument: &'n Argument<'_>) -> Option<&'n str> {
    literal(argument.as_expression()?)
}

pub(super) fn exported_name<'n>(name: &'n ModuleExportName<'_>) -> &'n str {
    match name {
        ModuleExportName::IdentifierName(it) => it.name.as_str(),
        ModuleExportName::IdentifierReference(it) => it.name.as_str(),
        ModuleExportName::StringLiteral(it) => it.value.as_str(),
    }
}

fn type_only(yes: bool) -> Flags {
    if yes { Flags::TYPE_ONLY } else { Flags::NONE }
}

/// `const { env } = process`.
pub(super) fn of_process(env: &mut Env, pattern: &ObjectPattern<'_>) {
    for property in &pattern.properties {
        if property.key.is_specific_static_name("env")
            && let BindingPattern::BindingIdentifier(id) = &property.value
        {
            env.object(id.name.as_str());
        }
    }
}

/// `declare module "x"`.
pub(super) fn declared(sheet: &mut Extraction<'_>, it: &TSExternalModuleDeclaration<'_>) {
    sheet
        .fact(FactKind::ModuleAlias, Role::Definition, it.id.value.as_str(), span(it.id.span))
        .item("declare")
        .done();
}

/// Names under which other modules hand the environment out.
pub(super) fn of_environment(env: &mut Env, program: &Program<'_>) {
    for statement in &program.body {
        let Statement::ImportDeclaration(it) = statement else { continue };
        let module = it.source.value.as_str();
        let runtime = matches!(module, "process" | "node:process");
        let dynamic = module.starts_with("$env/dynamic/");
        let fixed = module.starts_with("$env/static/");
        if !(runtime || dynamic || fixed) || it.import_kind.is_type() {
            continue;
        }
        for specifier in it.specifiers.iter().flatten() {
            let ImportDeclarationSpecifier::ImportSpecifier(specifier) = specifier else {
                continue;
            };
            let imported = exported_name(&specifier.imported);
            if fixed {
                env.demand(vec![imported.to_owned()]);
                env.read(imported, specifier.span, Flags::NONE, String::new());
            } else if imported == "env" {
                env.object(specifier.local.name.as_str());
            }
        }
    }
}

/// Whether a test asks what loads the script: modules of a server, of a page, or nothing. Only one
/// of the branches is meant for a tree that has the modules.
pub(super) fn asks_for_loader(text: &str, test: Span) -> bool {
    let test = text.get(test.start as usize..test.end as usize).unwrap_or("");
    ["module", "exports", "require", "define"]
        .iter()
        .any(|name| test.split("typeof ").skip(1).any(|rest| rest.trim_start().starts_with(name)))
}
