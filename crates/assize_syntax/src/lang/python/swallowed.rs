//! Imports that stand inside the module's docstring, and therefore never run.
//!
//! A docstring may show imports as an example. One of them was meant to run where the module uses
//! a name that only those lines would bind.

use std::collections::HashSet;

use assize_model::Span;
use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{self as ast, Expr, ExprContext, ModModule, Pattern, Stmt};
use ruff_text_size::Ranged as _;

use crate::Extraction;
use crate::extraction::SWALLOWED_IMPORT;

/// Reports the first import that the docstring has swallowed.
pub(super) fn find(sheet: &mut Extraction<'_>, module: &ModModule) {
    let Some(Stmt::Expr(first)) = module.body.first() else { return };
    if !first.value.is_string_literal_expr() {
        return;
    }
    let (start, end) = (first.start().to_usize(), first.end().to_usize());
    let lines = lines(sheet.text, start, end);
    if !lines.iter().any(|line| line.import) {
        return;
    }
    let mut names = Names::default();
    names.visit_body(&module.body);
    if names.open {
        return;
    }
    let missing = |name: &str| names.used.contains(name) && !names.bound.contains(name);
    let lost = lines.iter().find_map(|line| line.names.iter().find(|name| missing(name)));
    let import = lines
        .iter()
        .find(|line| line.import && line.names.iter().any(|name| missing(name)))
        .or_else(|| lines.iter().find(|line| line.import));
    if let (Some(name), Some(import)) = (lost, import) {
        let message = format!("an import stands inside the docstring, so `{name}` is not defined");
        sheet.error_with_code(import.span, message, SWALLOWED_IMPORT);
    }
}

/// A line of the docstring that would bind names as code.
struct Line<'t> {
    span: Span,
    import: bool,
    names: Vec<&'t str>,
}

/// The lines at the margin that are imports or assignments.
fn lines(text: &str, start: usize, end: usize) -> Vec<Line<'_>> {
    let mut found = Vec::new();
    let mut at = start;
    for line in text.get(start..end).unwrap_or("").split_inclusive('\n') {
        let offset = at;
        at += line.len();
        let line = line.trim_end();
        let import = imported(line);
        let names = import.clone().or_else(|| assigned(line).map(|name| vec![name]));
        if let Some(names) = names {
            let span = Span::new(offset, offset + line.len());
            found.push(Line { span, import: import.is_some(), names });
        }
    }
    found
}

fn imported(line: &str) -> Option<Vec<&str>> {
    let clauses = if let Some(rest) = line.strip_prefix("import ") {
        rest
    } else {
        let (module, clauses) = line.strip_prefix("from ")?.split_once(" import ")?;
        (!module.contains(' ')).then_some(clauses)?
    };
    let clauses = clauses.split(" #").next()?.trim_matches(['(', ')', ' ']);
    clauses
        .split(',')
        .map(str::trim)
        .filter(|clause| !clause.is_empty())
        .map(|clause| {
            let name = match clause.split_once(" as ") {
                Some((_, name)) => name.trim(),
                None => clause.split('.').next().unwrap_or(clause),
            };
            is_name(name).then_some(name)
        })
        .collect()
}

fn assigned(line: &str) -> Option<&str> {
    let (name, value) = line.split_once(" = ")?;
    (is_name(name) && !value.trim().is_empty()).then_some(name)
}

fn is_name(text: &str) -> bool {
    text.bytes().next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Names that a module reads, and those that it binds anywhere.
#[derive(Debug, Default)]
struct Names {
    used: HashSet<String>,
    bound: HashSet<String>,
    /// It takes names from elsewhere, or makes them up.
    open: bool,
}

impl Names {
    fn bind(&mut self, name: &str) {
        self.bound.insert(name.to_owned());
    }
}

impl Visitor<'_> for Names {
    fn visit_stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::FunctionDef(it) => self.bind(&it.name),
            Stmt::ClassDef(it) => self.bind(&it.name),
            Stmt::Import(it) => {
                for alias in &it.names {
                    let first = alias.name.split('.').next().unwrap_or("");
                    self.bind(alias.asname.as_deref().unwrap_or(first));
                }
            }
            Stmt::ImportFrom(it) => {
                for alias in &it.names {
                    self.open |= alias.name.as_str() == "*";
                    self.bind(alias.asname.as_deref().unwrap_or(&alias.name));
                }
            }
            _ => {}
        }
        visitor::walk_stmt(self, stmt);
    }

    fn visit_expr(&mut self, expr: &Expr) {
        if let Expr::Name(name) = expr {
            if name.ctx == ExprContext::Load {
                self.open |= matches!(name.id.as_str(), "globals" | "exec" | "eval");
                self.used.insert(name.id.to_string());
            } else {
                self.bind(&name.id);
            }
        }
        visitor::walk_expr(self, expr);
    }

    fn visit_parameter(&mut self, parameter: &ast::Parameter) {
        self.bind(&parameter.name);
        visitor::walk_parameter(self, parameter);
    }

    fn visit_except_handler(&mut self, handler: &ast::ExceptHandler) {
        let ast::ExceptHandler::ExceptHandler(it) = handler;
        if let Some(name) = &it.name {
            self.bind(name);
        }
        visitor::walk_except_handler(self, handler);
    }

    fn visit_pattern(&mut self, pattern: &Pattern) {
        let name = match pattern {
            Pattern::MatchAs(it) => it.name.as_ref(),
            Pattern::MatchStar(it) => it.name.as_ref(),
            Pattern::MatchMapping(it) => it.rest.as_ref(),
            _ => None,
        };
        if let Some(name) = name {
            self.bind(name);
        }
        visitor::walk_pattern(self, pattern);
    }
}

#[cfg(test)]
mod tests {
    use assize_model::{FileClass, LineIndex, RepoPath};

    use crate::{Parsed, extract};

    fn lost(text: &str) -> Vec<(u32, &'static str)> {
        let path = RepoPath::new("pkg/a.py").unwrap();
        let facts = extract(&path, FileClass::Production, text, &LineIndex::new(text));
        assert_eq!(facts.parsed, Parsed::Valid);
        facts.errors.iter().map(|error| (error.place.line, error.code)).collect()
    }

    #[test]
    fn imports_that_were_meant_to_run() {
        for (text, line) in [
            ("\"\"\"\nimport os\nText.\n\"\"\"\nos.getcwd()\n", 2),
            ("\"\"\"Text.\nfrom a import (b, c as d)\n\"\"\"\n\ndef f():\n    return d()\n", 2),
            ("\"\"\"Text.\n\nimport logging\nlog = logging.x()\n\"\"\"\nlog.info(1)\n", 3),
        ] {
            assert_eq!(lost(text), [(line, "swallowed-import")], "{text}");
        }
    }

    #[test]
    fn imports_that_are_shown() {
        for text in [
            "\"\"\"Use it so:\n\nimport os\n\"\"\"\nimport os\nos.getcwd()\n",
            "\"\"\"Use it so:\n\nfrom pkg.a import f\nx = f(1)\n\"\"\"\n\ndef f(x):\n    return x\n",
            "\"\"\"Use it so:\n\n    import os\n\"\"\"\nos.getcwd()\n",
            "\"\"\"\nimport os\n\"\"\"\nfrom b import *\nos.getcwd()\n",
            "\"\"\"\nimport the other table first\n\"\"\"\nthe = 1\n",
            "\"\"\"\nimport os\n\"\"\"\ntry:\n    pass\nexcept X as os:\n    os.x()\n",
            "x = 1\n\"\"\"\nimport os\n\"\"\"\nos.getcwd()\n",
        ] {
            assert_eq!(lost(text), [], "{text}");
        }
    }
}
