//! Exports: the names that importers of a file can have.
//!
//! Declarations of ES modules are read from the top level. `CommonJS` has no declarations: the
//! assignments that everybody writes are read, and any other use of `module` or `exports` says
//! that the names are not all known.

use oxc_ast::ast::{
    AssignmentExpression, AssignmentTarget, BindingPattern, CallExpression, Declaration,
    ExportDefaultDeclarationKind, Expression, ObjectExpression, ObjectPropertyKind, Program,
    Statement,
};
use oxc_span::{GetSpan as _, Span};

use super::{imports, span};
use crate::{Dialect, Extraction, FactKind, FileFlags, Role};

/// The exported declarations of a module.
pub(super) fn of_program(sheet: &mut Extraction<'_>, program: &Program<'_>) {
    if sheet.dialect == Dialect::Declarations {
        // Without a word, everything in a declaration file is exported.
        sheet.mark(FileFlags::OPEN_EXPORTS);
    }
    for statement in &program.body {
        match statement {
            Statement::ExportDeclaration(it) => declared(sheet, &it.declaration),
            Statement::ExportNamedDeclaration(it) => {
                for specifier in &it.specifiers {
                    let name = imports::exported_name(&specifier.exported);
                    symbol(sheet, name, specifier.span);
                }
            }
            Statement::ExportFromDeclaration(it) => {
                for specifier in &it.specifiers {
                    let name = imports::exported_name(&specifier.exported);
                    symbol(sheet, name, specifier.span);
                }
            }
            Statement::ExportAllDeclaration(it) => {
                if let Some(name) = &it.exported {
                    symbol(sheet, imports::exported_name(name), it.span);
                }
            }
            Statement::ExportDefaultDeclaration(it) => {
                symbol(sheet, "default", default_span(&it.declaration));
            }
            Statement::TSExportAssignment(it) => {
                symbol(sheet, "default", it.span);
                sheet.mark(FileFlags::OPEN_EXPORTS);
            }
            _ => {}
        }
    }
}

fn symbol(sheet: &mut Extraction<'_>, name: &str, at: Span) {
    sheet.fact(FactKind::Symbol, Role::Definition, name, span(at)).done();
}

/// The name of the default export if it has one, else its beginning.
fn default_span(kind: &ExportDefaultDeclarationKind<'_>) -> Span {
    let named = match kind {
        ExportDefaultDeclarationKind::FunctionDeclaration(it) => it.id.as_ref().map(|id| id.span),
        ExportDefaultDeclarationKind::ClassDeclaration(it) => it.id.as_ref().map(|id| id.span),
        _ => None,
    };
    named.unwrap_or_else(|| Span::sized(kind.span().start, 0))
}

fn declared(sheet: &mut Extraction<'_>, declaration: &Declaration<'_>) {
    let id = match declaration {
        Declaration::VariableDeclaration(it) => {
            for declarator in &it.declarations {
                bound(sheet, &declarator.id);
            }
            return;
        }
        Declaration::FunctionDeclaration(it) => it.id.as_ref(),
        Declaration::ClassDeclaration(it) => it.id.as_ref(),
        Declaration::TSTypeAliasDeclaration(it) => Some(&it.id),
        Declaration::TSInterfaceDeclaration(it) => Some(&it.id),
        Declaration::TSEnumDeclaration(it) => Some(&it.id),
        Declaration::TSNamespaceDeclaration(it) => Some(&it.id),
        Declaration::TSImportEqualsDeclaration(it) => Some(&it.id),
        Declaration::TSExternalModuleDeclaration(_) | Declaration::TSGlobalDeclaration(_) => None,
    };
    if let Some(id) = id {
        symbol(sheet, id.name.as_str(), id.span);
    }
}

/// The names that a pattern binds.
fn bound(sheet: &mut Extraction<'_>, pattern: &BindingPattern<'_>) {
    match pattern {
        BindingPattern::BindingIdentifier(it) => symbol(sheet, it.name.as_str(), it.span),
        BindingPattern::ObjectPattern(it) => {
            for property in &it.properties {
                bound(sheet, &property.value);
            }
            if let Some(rest) = &it.rest {
                bound(sheet, &rest.argument);
            }
        }
        BindingPattern::ArrayPattern(it) => {
            for element in it.elements.iter().flatten() {
                bound(sheet, element);
            }
            if let Some(rest) = &it.rest {
                bound(sheet, &rest.argument);
            }
        }
        BindingPattern::AssignmentPattern(it) => bound(sheet, &it.left),
    }
}

/// What the walk saw of `CommonJS`.
#[derive(Debug, Default)]
pub(super) struct CommonJs {
    symbols: Vec<(String, Span)>,
    /// `module` or `exports` is used in another way than by a plain assignment.
    open: bool,
}

impl CommonJs {
    /// Says that a name of `CommonJS` is used in a way that is not followed.
    pub(super) fn open(&mut self) {
        self.open = true;
    }

    /// Reads `Object.defineProperty(module.exports, "name", ..)`.
    pub(super) fn definition(&mut self, it: &CallExpression<'_>) {
        let mut given = it.arguments.iter().filter_map(|argument| argument.as_expression());
        if it.callee.is_specific_member_access("Object", "defineProperty")
            && given.next().is_some_and(is_exports)
            && let Some(Expression::StringLiteral(name)) = given.next()
        {
            self.symbols.push((name.value.to_string(), name.span));
        }
    }

    /// Reads an assignment; true if its left side is an export and was read.
    pub(super) fn assignment(&mut self, it: &AssignmentExpression<'_>) -> bool {
        if is_whole(&it.left) {
            self.whole(it);
            return true;
        }
        let AssignmentTarget::StaticMemberExpression(member) = &it.left else { return false };
        if is_exports(&member.object) {
            self.symbols.push((member.property.name.to_string(), member.property.span));
            return true;
        }
        false
    }

    /// `module.exports = ...`
    fn whole(&mut self, it: &AssignmentExpression<'_>) {
        self.symbols.push(("default".to_owned(), it.left.span()));
        match &it.right {
            Expression::ObjectExpression(object) => self.object(object),
            // `module.exports = exports = ...` is read at the inner assignment.
            Expression::AssignmentExpression(_) => {}
            _ => self.open = true,
        }
    }

    fn object(&mut self, object: &ObjectExpression<'_>) {
        for property in &object.properties {
            let name = match property {
                ObjectPropertyKind::ObjectProperty(it) => it.key.static_name(),
                ObjectPropertyKind::SpreadProperty(_) => None,
            };
            match name {
                Some(name) => self.symbols.push((name.into_owned(), property.span())),
                None => self.open = true,
            }
        }
    }

    /// Writes down what counts. In a file with module syntax, `module` is only a name to the
    /// standard; bundlers and configuration loaders take both, so such a file stays open.
    pub(super) fn write(self, sheet: &mut Extraction<'_>, module_syntax: bool) {
        if module_syntax {
            if !self.symbols.is_empty() {
                sheet.mark(FileFlags::OPEN_EXPORTS);
            }
            return;
        }
        // A script without exports can be a module of any kind to a bundler.
        let script = matches!(sheet.dialect, Dialect::JavaScript | Dialect::Jsx);
        if self.open || (self.symbols.is_empty() && script) {
            sheet.mark(FileFlags::OPEN_EXPORTS);
        }
        let default = !self.symbols.is_empty() && self.symbols.iter().all(|s| s.0 != "default");
        if default && let Some((_, at)) = self.symbols.first() {
            symbol(sheet, "default", *at);
        }
        for (name, at) in self.symbols {
            symbol(sheet, &name, at);
        }
    }
}

/// Whether the target is `module.exports` or `exports` itself.
fn is_whole(target: &AssignmentTarget<'_>) -> bool {
    match target {
        AssignmentTarget::StaticMemberExpression(it) => {
            it.property.name == "exports" && it.object.is_specific_id("module")
        }
        AssignmentTarget::AssignmentTargetIdentifier(it) => it.name == "exports",
        _ => false,
    }
}

/// Whether the expression is `exports` or `module.exports`.
fn is_exports(expression: &Expression<'_>) -> bool {
    expression.is_specific_id("exports")
        || expression.is_specific_member_access("module", "exports")
}
