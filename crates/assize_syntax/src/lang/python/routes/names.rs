//! What the names of a module mean, as far as routers are concerned.

use std::collections::{HashMap, HashSet};

use ruff_python_ast::{self as ast, Expr, InterpolatedStringElement, Stmt};

use super::super::modules::{dotted, literal};
use super::super::walk::Walk;
use crate::lang::routes;

/// Imports, routers and texts of the file so far.
#[derive(Debug, Default)]
pub(in super::super) struct Names {
    /// Bound names, and what they mean as `module#name`.
    imported: HashMap<String, String>,
    /// The routers that the file makes, with the functions around them.
    pub(super) own: HashSet<String>,
    texts: HashMap<String, String>,
    /// Names that run through a written list.
    pub(super) lists: HashMap<String, Vec<String>>,
    /// Where names stand whose use is followed.
    pub(super) followed: HashSet<u32>,
}

impl Names {
    pub(super) fn learn(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Import(import) => {
                for alias in &import.names {
                    let bound = alias.asname.as_ref().unwrap_or(&alias.name);
                    self.imported.insert(bound.to_string(), format!("{}#", alias.name));
                }
            }
            Stmt::ImportFrom(import) => {
                let mut module = ".".repeat(import.level as usize);
                module.push_str(import.module.as_ref().map_or("", ast::Identifier::as_str));
                for alias in &import.names {
                    let bound = alias.asname.as_ref().unwrap_or(&alias.name);
                    self.imported.insert(bound.to_string(), format!("{module}#{}", alias.name));
                }
            }
            Stmt::Assign(assign) => {
                if let ([Expr::Name(name)], Some(text)) = (&*assign.targets, literal(&assign.value))
                {
                    self.texts.insert(name.id.to_string(), text.to_owned());
                }
            }
            _ => {}
        }
    }

    /// What a dotted name means that begins with an imported one.
    pub(super) fn imported(&self, name: &str) -> Option<String> {
        let mut known = name;
        loop {
            if let Some(full) = self.imported.get(known) {
                let rest = name.get(known.len()..).unwrap_or("");
                let rest = if full.ends_with('#') { rest.trim_start_matches('.') } else { rest };
                return Some(format!("{full}{rest}"));
            }
            known = known.rsplit_once('.')?.0;
        }
    }

    /// The full name of what an expression means in a library.
    pub(super) fn full_name(&self, expr: &Expr) -> Option<String> {
        let full = self.imported(&dotted(expr)?)?;
        Some(full.replacen('#', ".", 1))
    }

    /// The text that an expression is; a part of it that is written elsewhere becomes `<name>`.
    pub(super) fn text(&self, expr: &Expr) -> Option<String> {
        match expr {
            Expr::StringLiteral(text) => Some(text.value.to_str().to_owned()),
            Expr::Name(name) => match self.texts.get(name.id.as_str()) {
                Some(text) => Some(text.clone()),
                None => self.imported.contains_key(name.id.as_str()).then(|| shown(&name.id)),
            },
            Expr::Attribute(_) => {
                let name = dotted(expr)?;
                self.imported(&name).map(|_| shown(&name))
            }
            Expr::FString(text) => {
                let mut out = String::new();
                for part in text.value.elements() {
                    match part {
                        InterpolatedStringElement::Literal(text) => out.push_str(&text.value),
                        InterpolatedStringElement::Interpolation(part) => {
                            out.push_str(&self.text(&part.expression)?);
                        }
                    }
                }
                Some(out)
            }
            Expr::BinOp(sum) if sum.op == ast::Operator::Add => {
                Some(self.text(&sum.left)? + &self.text(&sum.right)?)
            }
            _ => None,
        }
    }
}

/// The path of a request, with `{}` for each part that is put in.
pub(super) fn address(given: &Expr) -> Option<String> {
    match given {
        Expr::StringLiteral(text) => Some(text.value.to_str().to_owned()),
        Expr::FString(text) => {
            let parts = text.value.elements().map(|part| match part {
                InterpolatedStringElement::Literal(text) => &*text.value,
                InterpolatedStringElement::Interpolation(_) => "{}",
            });
            Some(parts.collect())
        }
        _ => None,
    }
}

fn shown(name: &str) -> String {
    format!("<{name}>")
}

impl Walk<'_, '_> {
    /// The name in this file of a router that is made here.
    pub(super) fn router_name(&self, target: &str) -> String {
        let around = match target.split('.').next() {
            Some("self" | "cls") => self.names.first().cloned().unwrap_or_default(),
            _ => self.item(),
        };
        if around.is_empty() { target.to_owned() } else { format!("{around}.{target}") }
    }

    /// The router that an expression means.
    pub(super) fn router(&self, expr: &Expr) -> String {
        let handed = || routes::HANDED.to_owned();
        let Some(name) = dotted(expr) else { return handed() };
        let first = name.split('.').next().unwrap_or(&name);
        if matches!(first, "self" | "cls") {
            let own = self.router_name(&name);
            return if self.routes.own.contains(&own) { routes::own(&own) } else { handed() };
        }
        if self.scopes.is_parameter(first) {
            return handed();
        }
        for depth in (0..=self.names.len()).rev() {
            let mut parts: Vec<&str> = self.names.iter().take(depth).map(String::as_str).collect();
            parts.push(&name);
            let own = parts.join(".");
            if self.routes.own.contains(&own) {
                return routes::own(&own);
            }
        }
        self.routes.imported(&name).unwrap_or_else(handed)
    }
}
