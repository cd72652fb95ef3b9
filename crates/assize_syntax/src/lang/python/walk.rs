//! The one walk over a module.

use std::collections::HashSet;

use assize_model::Span;
use ruff_python_ast::token::Tokens;
use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{self as ast, Expr, ModModule, Stmt};
use ruff_python_parser::semantic_errors::SemanticSyntaxChecker;

use super::scope::{Scope, Scopes};
use super::{bodies, calls, cases, environment, handlers, modules, routes, span, stand_ins};
use crate::{Extraction, Flags, Parsed};

/// What the walk knows at the place that it has reached.
pub(super) struct Walk<'s, 'a> {
    pub(super) sheet: &'s mut Extraction<'a>,
    pub(super) scopes: Scopes<'a>,
    tokens: &'s Tokens,
    checker: SemanticSyntaxChecker,
    /// Marks that the enclosing blocks put on imports.
    pub(super) guards: Flags,
    /// Names of the enclosing classes and functions.
    pub(super) names: Vec<String>,
    pub(super) environment: environment::Reads,
    /// Names that the module binds, each once.
    pub(super) bound: HashSet<String>,
    pub(super) libraries: calls::Libraries,
    pub(super) routes: routes::Names,
    /// Blocks of tests so far.
    pub(super) blocks: u32,
}

pub(super) fn walk(sheet: &mut Extraction<'_>, module: &ModModule, tokens: &Tokens) {
    let mut walk = Walk {
        scopes: Scopes::new(sheet.text),
        sheet,
        tokens,
        checker: SemanticSyntaxChecker::new(),
        guards: Flags::NONE,
        names: Vec::new(),
        environment: environment::Reads::default(),
        bound: HashSet::new(),
        libraries: calls::Libraries::default(),
        routes: routes::Names::default(),
        blocks: 0,
    };
    stand_ins::of_comments(walk.sheet, tokens);
    cases::of_block(&mut walk, &module.body);
    walk.visit_body(&module.body);
    let errors = walk.scopes.errors.take();
    environment::finish(walk.environment, walk.sheet);
    for error in &errors {
        sheet.error(span(error.range), error.to_string());
    }
    if !errors.is_empty() {
        sheet.set_parsed(Parsed::Invalid);
    }
}

impl Walk<'_, '_> {
    /// The enclosing class and function, for fingerprints.
    pub(super) fn item(&self) -> String {
        self.names.join(".")
    }

    fn inside(&mut self, scope: Scope, name: Option<&str>, body: impl FnOnce(&mut Self)) {
        self.scopes.stack.push(scope);
        self.scopes.loops.push(0);
        if let Some(name) = name {
            self.names.push(name.to_owned());
        }
        body(self);
        if name.is_some() {
            self.names.pop();
        }
        self.scopes.loops.pop();
        self.scopes.stack.pop();
    }

    /// Whether the place need not be reached when what is around it is.
    pub(super) fn is_branch(&self) -> bool {
        self.environment.branches > 0 || self.guards.any(Flags::CONDITIONAL.with(Flags::OPTIONAL))
    }

    fn guarded(&mut self, flags: Flags, body: impl FnOnce(&mut Self)) {
        let before = self.guards;
        self.guards = before.with(flags);
        body(self);
        self.guards = before;
    }

    /// What need not run, or may fail.
    fn branch(&mut self, body: impl FnOnce(&mut Self)) {
        self.environment.branches += 1;
        body(self);
        self.environment.branches -= 1;
    }

    fn in_loop(&mut self, body: impl FnOnce(&mut Self)) {
        if let Some(loops) = self.scopes.loops.last_mut() {
            *loops += 1;
        }
        body(self);
        if let Some(loops) = self.scopes.loops.last_mut() {
            *loops = loops.saturating_sub(1);
        }
    }

    fn class(&mut self, class: &ast::StmtClassDef) {
        for decorator in &class.decorator_list {
            self.visit_decorator(decorator);
        }
        if let Some(parameters) = &class.type_params {
            self.visit_type_params(parameters);
        }
        if let Some(arguments) = &class.arguments {
            self.visit_arguments(arguments);
        }
        environment::settings_class(self, class);
        self.inside(Scope::Class, Some(class.name.as_str()), |walk| {
            cases::of_block(walk, &class.body);
            walk.visit_body(&class.body);
        });
    }

    fn function(&mut self, function: &ast::StmtFunctionDef) {
        for decorator in &function.decorator_list {
            self.visit_decorator(decorator);
        }
        if let Some(parameters) = &function.type_params {
            self.visit_type_params(parameters);
        }
        self.visit_parameters(&function.parameters);
        if let Some(returns) = &function.returns {
            self.visit_annotation(returns);
        }
        if !self.scopes.in_function() {
            let mut item = self.item();
            if !item.is_empty() {
                item.push('.');
            }
            item.push_str(function.name.as_str());
            bodies::record(self.sheet, function, item, self.tokens);
        }
        stand_ins::of_function(self, function);
        let scope = Scopes::function(function);
        self.inside(scope, Some(function.name.as_str()), |walk| walk.visit_body(&function.body));
    }

    fn comprehension(
        &mut self,
        generators: &[ast::Comprehension],
        generator: bool,
        parts: &[Option<&Expr>],
    ) {
        for one in generators {
            self.visit_comprehension(one);
        }
        let is_async = generators.iter().any(|one| one.is_async);
        self.scopes.stack.push(Scope::Comprehension { is_async, generator });
        for part in parts.iter().flatten() {
            self.visit_expr(part);
        }
        self.scopes.stack.pop();
    }

    fn try_block(&mut self, block: &ast::StmtTry) {
        handlers::of_try(self, block);
        let guard =
            if modules::catches_import_error(block) { Flags::OPTIONAL } else { Flags::NONE };
        self.guarded(guard, |walk| {
            if modules::catches_absence(block) {
                walk.branch(|walk| walk.visit_body(&block.body));
            } else {
                walk.visit_body(&block.body);
            }
            for handler in &block.handlers {
                walk.visit_except_handler(handler);
            }
            walk.visit_body(&block.orelse);
        });
        self.visit_body(&block.finalbody);
    }

    fn if_block(&mut self, block: &ast::StmtIf) {
        environment::test(self, &block.test);
        self.visit_expr(&block.test);
        let guard = modules::guard_of(&block.test).with(Flags::CONDITIONAL);
        self.guarded(guard, |walk| {
            walk.branch(|walk| walk.visit_body(&block.body));
        });
        for clause in &block.elif_else_clauses {
            // The branch that is taken without the guard's condition is guarded by its opposite.
            let mut guard = modules::guard_of(&block.test);
            if guard.has(Flags::TYPE_ONLY) {
                guard = Flags::NONE;
            }
            guard = guard.with(Flags::CONDITIONAL);
            if let Some(test) = &clause.test {
                environment::test(self, test);
                self.visit_expr(test);
                guard = guard.with(modules::guard_of(test));
            }
            self.guarded(guard, |walk| walk.branch(|walk| walk.visit_body(&clause.body)));
        }
    }
}

impl<'b> Visitor<'b> for Walk<'_, '_> {
    fn visit_stmt(&mut self, stmt: &'b Stmt) {
        self.checker.visit_stmt(stmt, &self.scopes);
        modules::statement(self, stmt);
        environment::statement(self, stmt);
        calls::statement(self, stmt);
        routes::statement(self, stmt);
        stand_ins::statement(self, stmt);
        match stmt {
            Stmt::ClassDef(class) => self.class(class),
            Stmt::FunctionDef(function) => self.function(function),
            Stmt::Try(block) => self.try_block(block),
            Stmt::If(block) => self.if_block(block),
            Stmt::With(block) if modules::suppresses_import_error(block) => {
                self.guarded(Flags::OPTIONAL, |walk| visitor::walk_stmt(walk, stmt));
            }
            Stmt::Match(_) => {
                self.guarded(Flags::CONDITIONAL, |walk| {
                    walk.branch(|walk| visitor::walk_stmt(walk, stmt));
                });
            }
            Stmt::For(block) => {
                self.visit_expr(&block.iter);
                self.visit_expr(&block.target);
                self.in_loop(|walk| walk.visit_body(&block.body));
                self.visit_body(&block.orelse);
            }
            Stmt::While(block) => {
                environment::test(self, &block.test);
                self.visit_expr(&block.test);
                self.in_loop(|walk| walk.branch(|walk| walk.visit_body(&block.body)));
                self.visit_body(&block.orelse);
            }
            Stmt::With(block) if modules::suppresses(block) => {
                self.branch(|walk| visitor::walk_stmt(walk, stmt));
            }
            Stmt::Assert(assert) => {
                environment::test(self, &assert.test);
                visitor::walk_stmt(self, stmt);
            }
            _ => visitor::walk_stmt(self, stmt),
        }
    }

    fn visit_expr(&mut self, expr: &'b Expr) {
        self.checker.visit_expr(expr, &self.scopes);
        modules::expression(self, expr);
        environment::expression(self, expr);
        calls::expression(self, expr);
        routes::expression(self, expr);
        stand_ins::expression(self, expr);
        match expr {
            Expr::Lambda(_) => {
                self.inside(Scope::Lambda, None, |walk| visitor::walk_expr(walk, expr));
            }
            Expr::ListComp(list) => self.comprehension(&list.generators, false, &[Some(&list.elt)]),
            Expr::SetComp(set) => self.comprehension(&set.generators, false, &[Some(&set.elt)]),
            Expr::Generator(one) => self.comprehension(&one.generators, true, &[Some(&one.elt)]),
            Expr::DictComp(dict) => {
                self.comprehension(
                    &dict.generators,
                    false,
                    &[dict.key.as_deref(), Some(&dict.value)],
                );
            }
            Expr::If(choice) => {
                self.visit_expr(&choice.test);
                self.branch(|walk| {
                    walk.visit_expr(&choice.body);
                    walk.visit_expr(&choice.orelse);
                });
            }
            Expr::BoolOp(both) => {
                let Some((first, rest)) = both.values.split_first() else { return };
                self.visit_expr(first);
                self.branch(|walk| rest.iter().for_each(|one| walk.visit_expr(one)));
            }
            _ => visitor::walk_expr(self, expr),
        }
    }
}

/// The byte span of a syntax node.
pub(super) fn span_of(node: &impl ruff_text_size::Ranged) -> Span {
    span(node.range())
}
