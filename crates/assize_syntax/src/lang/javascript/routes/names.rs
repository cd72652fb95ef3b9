//! What the names of a file mean, as far as routers are concerned.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use assize_model::{FileClass, normalise};
use oxc_ast::ast::{
    AssignmentTarget, BindingPattern, CallExpression, Declaration, ExportDefaultDeclarationKind,
    Expression, ImportDeclarationSpecifier, ObjectPropertyKind, Program, Statement,
    VariableDeclaration,
};
use oxc_span::Span;

use super::super::{imports, span};
use crate::Extraction;
use crate::lang::routes::{self, HANDED};

/// Parts of paths under which people keep routers.
const PLACES: [&str; 5] = ["rout", "controller", "api", "endpoint", "handler"];

/// Imports and routers of the file.
#[derive(Debug, Default)]
pub(in super::super) struct Names {
    imported: HashMap<String, String>,
    /// The routers that the file makes, with the functions around them, and what they are.
    own: BTreeMap<String, String>,
    /// Those of which there are several of one name.
    blurred: BTreeSet<String>,
    /// The controller in whose class the walk stands.
    pub(super) controller: Option<String>,
}

impl Names {
    pub(in super::super) fn of_program(sheet: &mut Extraction<'_>, program: &Program<'_>) -> Self {
        let mut names = Self::default();
        if sheet.class != FileClass::Production {
            return names;
        }
        super::asked::by_path(sheet);
        for statement in &program.body {
            names.statement(sheet, statement);
        }
        names
    }

    fn statement(&mut self, sheet: &mut Extraction<'_>, statement: &Statement<'_>) {
        match statement {
            Statement::ImportDeclaration(it) if !it.import_kind.is_type() => {
                for specifier in it.specifiers.iter().flatten() {
                    let name = match specifier {
                        ImportDeclarationSpecifier::ImportSpecifier(one) => {
                            imports::exported_name(&one.imported)
                        }
                        ImportDeclarationSpecifier::ImportDefaultSpecifier(_) => "default",
                        ImportDeclarationSpecifier::ImportNamespaceSpecifier(_) => "",
                    };
                    let local = specifier.local().name.as_str();
                    self.learn(sheet, local, it.source.value.as_str(), name, it.span);
                }
            }
            Statement::VariableDeclaration(it) => self.required(sheet, it),
            Statement::ExportFromDeclaration(it) => {
                for one in &it.specifiers {
                    let name = imports::exported_name(&one.local);
                    let router = format!("{}#{name}", it.source.value);
                    let own = imports::exported_name(&one.exported);
                    routes::passed_on(sheet, own, &router, span(one.span));
                }
            }
            Statement::ExportAllDeclaration(it) if it.exported.is_none() => {
                let router = format!("{}#*", it.source.value);
                routes::mentioned(sheet, &router, span(it.span));
            }
            Statement::ExportNamedDeclaration(it) => {
                for one in &it.specifiers {
                    let name = imports::exported_name(&one.local);
                    let own = imports::exported_name(&one.exported);
                    self.export(sheet, own, name, one.span);
                }
            }
            Statement::ExportDeclaration(it) => {
                if let Declaration::VariableDeclaration(declaration) = &it.declaration {
                    for name in declaration
                        .declarations
                        .iter()
                        .filter_map(|one| one.id.get_identifier_name())
                    {
                        if routes::is_router_name(&decamelled(name.as_str())) {
                            let router = routes::own(name.as_str());
                            routes::passed_on(sheet, name.as_str(), &router, span(it.span));
                        }
                    }
                }
            }
            Statement::ExportDefaultDeclaration(it) => {
                if let ExportDefaultDeclarationKind::Identifier(id) = &it.declaration {
                    self.export(sheet, "default", id.name.as_str(), id.span);
                }
            }
            Statement::ExpressionStatement(it) => self.common(sheet, &it.expression),
            _ => {}
        }
    }

    /// `const users = require("./users")`, `const { router } = require("./users")`.
    fn required(&mut self, sheet: &mut Extraction<'_>, it: &VariableDeclaration<'_>) {
        for one in &it.declarations {
            let Some(Expression::CallExpression(call)) = &one.init else { continue };
            let Some(module) = imports::required(call) else { continue };
            match &one.id {
                BindingPattern::BindingIdentifier(id) => {
                    self.learn(sheet, id.name.as_str(), module, "default", call.span);
                }
                BindingPattern::ObjectPattern(pattern) => {
                    for property in &pattern.properties {
                        if let (Some(name), BindingPattern::BindingIdentifier(id)) =
                            (property.key.static_name(), &property.value)
                        {
                            self.learn(sheet, id.name.as_str(), module, &name, call.span);
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn learn(
        &mut self,
        sheet: &mut Extraction<'_>,
        local: &str,
        module: &str,
        name: &str,
        at: Span,
    ) {
        let router = format!("{module}#{name}");
        mention(sheet, module, &router, at);
        self.imported.insert(local.to_owned(), router);
    }

    fn export(&self, sheet: &mut Extraction<'_>, name: &str, local: &str, at: Span) {
        let router = self.imported.get(local).cloned().unwrap_or_else(|| routes::own(local));
        routes::passed_on(sheet, name, &router, span(at));
    }

    /// `module.exports = router`, `module.exports = { router }`, `exports.router = router`.
    fn common(&self, sheet: &mut Extraction<'_>, expression: &Expression<'_>) {
        let Expression::AssignmentExpression(it) = expression else { return };
        let AssignmentTarget::StaticMemberExpression(target) = &it.left else { return };
        let whole = target.object.is_specific_id("module") && target.property.name == "exports";
        let member = target.object.is_specific_id("exports")
            || target.object.is_specific_member_access("module", "exports");
        match &it.right {
            Expression::Identifier(id) if whole => {
                self.export(sheet, "default", id.name.as_str(), id.span);
            }
            Expression::Identifier(id) if member => {
                self.export(sheet, target.property.name.as_str(), id.name.as_str(), id.span);
            }
            Expression::ObjectExpression(object) if whole => {
                for property in &object.properties {
                    if let ObjectPropertyKind::ObjectProperty(one) = property
                        && let (Some(name), Expression::Identifier(id)) =
                            (one.key.static_name(), &one.value)
                    {
                        self.export(sheet, &name, id.name.as_str(), id.span);
                    }
                }
            }
            _ => {}
        }
    }

    /// Takes in a router; its name in the file.
    pub(super) fn make(&mut self, item: &str, name: &str, sort: &str) -> String {
        let id = if item.is_empty() { name.to_owned() } else { format!("{item}.{name}") };
        if self.own.insert(id.clone(), sort.to_owned()).is_some() {
            self.blurred.insert(id.clone());
        }
        id
    }

    /// What an expression means of what is imported.
    pub(super) fn full(&self, expression: &Expression<'_>) -> Option<String> {
        match expression {
            Expression::Identifier(id) => self.imported.get(id.name.as_str()).cloned(),
            Expression::StaticMemberExpression(it) => {
                let full = self.full(&it.object)?;
                let dot = if full.ends_with('#') { "" } else { "." };
                Some(format!("{full}{dot}{}", it.property.name))
            }
            Expression::CallExpression(call) => {
                imports::required(call).map(|module| format!("{module}#default"))
            }
            _ => None,
        }
    }

    /// The router that an expression means, and what it is; nothing where it is surely none.
    pub(super) fn router(&self, expression: &Expression<'_>, item: &str) -> Option<(String, &str)> {
        let Expression::Identifier(id) = expression else {
            let full = self.full(expression).filter(|full| is_ours(full));
            return full.map(|full| (full, "express"));
        };
        let name = id.name.as_str();
        let mut around = item;
        loop {
            let own = if around.is_empty() { name.to_owned() } else { format!("{around}.{name}") };
            if let Some(sort) = self.own.get(&own) {
                let blurred = self.blurred.contains(&own);
                let router = if blurred { HANDED.to_owned() } else { routes::own(&own) };
                return Some((router, sort));
            }
            if around.is_empty() {
                break;
            }
            around = around.rsplit_once('.').map_or("", |(above, _)| above);
        }
        match self.imported.get(name) {
            Some(full) if is_ours(full) => Some((full.clone(), "express")),
            Some(_) => None,
            None => Some((HANDED.to_owned(), "express")),
        }
    }

    /// The router that is given to be mounted: `router`, `router.routes()`, `require("./x")`.
    pub(super) fn mounted(&self, given: &Expression<'_>, item: &str) -> Option<String> {
        let given = match given {
            Expression::CallExpression(call) => of_koa(call).unwrap_or(given),
            _ => given,
        };
        let (router, _) = self.router(given, item)?;
        (router != HANDED).then_some(router)
    }
}

/// The router of `router.routes()`.
fn of_koa<'b, 'a>(call: &'b CallExpression<'a>) -> Option<&'b Expression<'a>> {
    let Expression::StaticMemberExpression(member) = &call.callee else { return None };
    (member.property.name == "routes" && call.arguments.is_empty()).then_some(&member.object)
}

/// Whether what is imported may be a module of ours: a relative one, one behind an alias, or one
/// below the name of a package.
fn is_ours(full: &str) -> bool {
    let module = full.split('#').next().unwrap_or(full);
    full.starts_with(['.', '~', '#'])
        || full.starts_with("@/")
        || !full.starts_with('@') && module.contains('/')
}

/// A module that may hold a router is imported: what is done with it is not followed.
fn mention(sheet: &mut Extraction<'_>, module: &str, router: &str, at: Span) {
    if !is_ours(module) {
        return;
    }
    let path = normalise(sheet.path.folder(), module).unwrap_or_else(|_| module.to_owned());
    let path = path.to_ascii_lowercase();
    if PLACES.iter().any(|place| path.contains(place)) {
        routes::mentioned(sheet, router, span(at));
    }
}

/// `usersRouter` as `users_router`.
fn decamelled(name: &str) -> String {
    let mut out = String::new();
    for (at, one) in name.chars().enumerate() {
        if one.is_ascii_uppercase() && at > 0 {
            out.push('_');
        }
        out.push(one.to_ascii_lowercase());
    }
    out
}
