//! Module aliases that bundlers and test runners declare in code.
//!
//! The targets are computed more often than not, so an alias says only that the name is known:
//! its value is empty, and what is imported through it stays undecided.

use assize_model::normalise;
use oxc_ast::ast::{ArrayExpressionElement, Expression, ObjectExpression, ObjectPropertyKind};
use oxc_span::{GetSpan as _, Span};

use super::{imports, span};
use crate::{Extraction, FactKind, Role};

/// Whether the file's name says that it configures a bundler, a compiler or a test runner.
pub(super) fn is_configuration(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.contains("config")
        || ["webpack", "rollup", "vite", "babel", "jest", "craco", "next", "metro", "rspack"]
            .iter()
            .any(|tool| name.starts_with(tool))
        || name.contains("alias")
        || name.starts_with('.')
}

/// A property of a configuration that can declare aliases.
pub(super) fn property(sheet: &mut Extraction<'_>, key: &str, value: &Expression<'_>) {
    match (key, value) {
        ("alias" | "moduleNameMapper" | "aliases", Expression::ObjectExpression(object)) => {
            names(sheet, object);
        }
        ("alias", Expression::ArrayExpression(array)) => {
            for element in &array.elements {
                if let ArrayExpressionElement::ObjectExpression(object) = element {
                    found(sheet, object);
                }
            }
        }
        ("alias" | "moduleNameMapper", other) if is_computed(other) => any(sheet, other.span()),
        ("modules" | "modulePaths" | "moduleDirectories", Expression::ArrayExpression(array)) => {
            for element in &array.elements {
                let Some(element) = element.as_expression() else { continue };
                match imports::literal(element) {
                    Some("node_modules") => {}
                    Some(folder) => base(sheet, folder, element.span()),
                    None if is_computed(element) => any(sheet, element.span()),
                    None => {}
                }
            }
        }
        _ => {}
    }
}

/// Whether what stands here is known only when the configuration runs.
fn is_computed(value: &Expression<'_>) -> bool {
    matches!(
        value,
        Expression::CallExpression(_)
            | Expression::Identifier(_)
            | Expression::StaticMemberExpression(_)
    )
}

/// `{ "@": .., "components": .. }`
fn names(sheet: &mut Extraction<'_>, object: &ObjectExpression<'_>) {
    for property in &object.properties {
        match property {
            ObjectPropertyKind::ObjectProperty(it) => match it.key.static_name() {
                Some(name) => alias(sheet, &name, it.key.span()),
                None => any(sheet, it.key.span()),
            },
            ObjectPropertyKind::SpreadProperty(it) => any(sheet, it.span),
        }
    }
}

/// `{ find: "@", replacement: .. }`
fn found(sheet: &mut Extraction<'_>, object: &ObjectExpression<'_>) {
    for property in &object.properties {
        if let ObjectPropertyKind::ObjectProperty(it) = property
            && it.key.is_specific_static_name("find")
        {
            match imports::literal(&it.value) {
                Some(name) => alias(sheet, name, it.span),
                None => any(sheet, it.span),
            }
        }
    }
}

fn alias(sheet: &mut Extraction<'_>, name: &str, at: Span) {
    if let Some(plain) = plain(name) {
        declare(sheet, plain, "", at);
        declare(sheet, &format!("{plain}/*"), "", at);
    }
}

/// The fixed beginning of an alias, which test runners write as a pattern: `^@/(.*)$`.
pub(crate) fn plain(name: &str) -> Option<&str> {
    let name = name.trim_start_matches('^').trim_end_matches('$');
    let end = name.find(['(', '\\', '[', '.', '*', '+']).unwrap_or(name.len());
    name.get(..end).map(|plain| plain.trim_end_matches('/')).filter(|plain| !plain.is_empty())
}

fn any(sheet: &mut Extraction<'_>, at: Span) {
    declare(sheet, "*", "", at);
}

/// A folder from which modules are found without a dot.
fn base(sheet: &mut Extraction<'_>, folder: &str, at: Span) {
    let folder = folder.trim_start_matches("<rootDir>").trim_start_matches('/');
    match normalise(sheet.path.folder(), folder) {
        Ok(folder) => {
            let target = if folder.is_empty() { "*".to_owned() } else { format!("{folder}/*") };
            declare(sheet, "*", &target, at);
        }
        Err(_) => any(sheet, at),
    }
}

fn declare(sheet: &mut Extraction<'_>, pattern: &str, target: &str, at: Span) {
    let folder = sheet.path.folder().to_owned();
    sheet
        .fact(FactKind::ModuleAlias, Role::Definition, pattern, span(at))
        .value(target)
        .item(folder)
        .done();
}
