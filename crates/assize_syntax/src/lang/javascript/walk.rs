//! The one walk over a file's tree: it keeps what surrounds a node and asks the topics about it.

use assize_model::{FileClass, Span as ByteSpan};
use oxc_ast::AstKind;
use oxc_ast::ast::{
    ArrowFunctionBody, AssignmentExpression, AssignmentOperator, AssignmentTarget,
    BinaryExpression, BindingPattern, CallExpression, Class, ComputedMemberExpression,
    ConditionalExpression, Expression, FormalParameters, IdentifierReference, IfStatement,
    ImportExpression, LogicalExpression, LogicalOperator, MethodDefinition, ObjectProperty,
    PropertyDefinition, StaticMemberExpression, SwitchStatement, TSExternalModuleDeclaration,
    TSImportType, TSInterfaceDeclaration, TSNonNullExpression, TSType, TryStatement,
    UnaryExpression, UnaryOperator, VariableDeclarator, WhileStatement,
};
use oxc_ast_visit::{Visit, walk};
use oxc_span::{GetSpan as _, Span};

use super::bodies::{self, Body};
use super::env::{self, Env};
use super::exports::CommonJs;
use super::frames::Frames;
use super::imports::{self, Import};
use super::{bundler, calls, cases, handlers, routes, stand_ins};
use crate::{Extraction, Flags};

/// Bodies within bodies are hashed again; beyond this depth they are left out, so that the work
/// stays linear.
const BODY_DEPTH_MAX: usize = 4;

/// What the walk leaves for the end, because it depends on the whole file.
#[derive(Debug)]
pub(super) struct Seen {
    pub(super) exports: CommonJs,
    pub(super) env: Env,
    pub(super) bodies: Vec<Body>,
    pub(super) mocked: Vec<String>,
}

#[derive(Debug)]
pub(super) struct Walk<'s, 'x> {
    sheet: &'s mut Extraction<'x>,
    bodies: Vec<Body>,
    exports: CommonJs,
    env: Env,
    frames: Frames,
    tries: u32,
    /// How many branches are open that need not be taken.
    branches: u32,
    /// Within the test of an `if`.
    testing: bool,
    hashes_bodies: bool,
    has_type_imports: bool,
    is_configuration: bool,
    /// Modules that a test puts stand-ins in the place of.
    mocked: Vec<String>,
    libraries: calls::Libraries,
    routes: routes::Names,
    suites: cases::Suites,
}

impl<'s, 'x> Walk<'s, 'x> {
    pub(super) fn new(sheet: &'s mut Extraction<'x>) -> Self {
        let hashes_bodies =
            !matches!(sheet.class, FileClass::Generated | FileClass::Vendored | FileClass::Fixture);
        Self {
            bodies: Vec::new(),
            exports: CommonJs::default(),
            env: Env::new(sheet.text),
            frames: Frames::default(),
            tries: 0,
            mocked: Vec::new(),
            libraries: calls::Libraries::default(),
            routes: routes::Names::default(),
            suites: cases::Suites::default(),
            branches: 0,
            testing: false,
            hashes_bodies,
            has_type_imports: sheet.text.contains("import("),
            is_configuration: bundler::is_configuration(sheet.path.name()),
            sheet,
        }
    }

    pub(super) fn finish(self) -> Seen {
        let Self { exports, env, bodies, mocked, .. } = self;
        Seen { exports, env, bodies, mocked }
    }

    fn item(&self) -> String {
        self.frames.item()
    }

    fn enter_function(
        &mut self,
        at: Span,
        own_name: Option<&str>,
        params: &FormalParameters<'_>,
        body: Option<Span>,
    ) {
        let depth = self.frames.depth();
        self.frames.enter(at, own_name, params);
        if let Some(body) = body
            && self.hashes_bodies
            && depth < BODY_DEPTH_MAX
        {
            self.keep_body(at, params.span, body, depth > 0);
        }
    }

    fn keep_body(&mut self, at: Span, params: Span, body: Span, nested: bool) {
        let whole = ByteSpan::new(params.start as usize, body.end as usize);
        if bodies::may_count(whole) {
            let head = ByteSpan::new(at.start as usize, params.end as usize);
            let item = self.item();
            self.bodies.push(Body { whole, head, item, nested });
        }
    }

    /// A test of presence: reads within are probes, and unless a branch gives up, the variables
    /// are optional.
    fn test(&mut self, test: &Expression<'_>, branch_gives_up: bool) {
        let met = self.env.judge(test, Flags::PROBE);
        if !branch_gives_up {
            self.env.tolerate(met);
        } else if self.branches == 0 && self.frames.depth() == 0 && env::asks_for_absence(test) {
            self.env.demand(met);
        }
    }

    fn branch(&mut self, body: impl FnOnce(&mut Self)) {
        self.branches += 1;
        body(self);
        self.branches -= 1;
    }

    /// A read of a variable, with what the place says of it.
    fn read_env(&mut self, name: &str, at: Span, flags: Flags) {
        let item = self.item();
        let flags = flags.with(self.standing());
        self.env.read(name, at, flags, item);
    }

    fn standing(&self) -> Flags {
        let branch =
            if self.branches > 0 || self.tries > 0 { Flags::OPTIONAL } else { Flags::NONE };
        branch.with(self.frames.nesting())
    }

    fn import(&mut self, module: &str, name: &str, at: Span, more: Flags) {
        let guarded = if self.tries > 0 { Flags::OPTIONAL } else { Flags::NONE };
        let flags = self.frames.nesting().with(guarded).with(more);
        imports::write(self.sheet, Import { module, name, at, flags });
    }
}

impl<'a> Visit<'a> for Walk<'_, '_> {
    fn enter_node(&mut self, kind: AstKind<'a>) {
        match kind {
            AstKind::Function(it) => {
                let name = it.id.as_ref().map(|id| id.name.as_str());
                let body = it.body.as_deref().and_then(bodies::compared);
                if self.frames.depth() == 0 && it.is_declaration() {
                    stand_ins::of_function(self.sheet, it);
                }
                self.enter_function(it.span, name, &it.params, body);
            }
            AstKind::ArrowFunctionExpression(it) => {
                let body = match &it.body {
                    ArrowFunctionBody::FunctionBody(body) => bodies::compared(body),
                    _ => None,
                };
                self.enter_function(it.span, None, &it.params, body);
            }
            AstKind::Program(it) => {
                imports::of_environment(&mut self.env, it);
                self.libraries = calls::Libraries::of_program(it);
                self.routes = routes::Names::of_program(self.sheet, it);
                stand_ins::of_comments(self.sheet, it);
            }
            _ => {}
        }
    }

    fn leave_node(&mut self, kind: AstKind<'a>) {
        if matches!(kind, AstKind::Function(_) | AstKind::ArrowFunctionExpression(_)) {
            self.frames.leave();
        }
    }

    fn visit_class(&mut self, it: &Class<'a>) {
        if self.frames.depth() == 0 {
            stand_ins::of_class(self.sheet, it);
        }
        routes::controller(self.sheet, &mut self.routes, it);
        self.frames.enter_class(it.id.as_ref().map_or("", |id| id.name.as_str()));
        walk::walk_class(self, it);
        self.frames.leave_class();
    }

    fn visit_method_definition(&mut self, it: &MethodDefinition<'a>) {
        let name = self.frames.in_class(&it.key.static_name().unwrap_or_default());
        self.frames.name_at(it.value.span.start, name);
        routes::method(self.sheet, &self.routes, it);
        walk::walk_method_definition(self, it);
    }

    fn visit_property_definition(&mut self, it: &PropertyDefinition<'a>) {
        if let (Some(value), Some(name)) = (&it.value, it.key.static_name()) {
            let name = self.frames.in_class(&name);
            self.frames.name_function(value, &name);
        }
        // The value of a member is asked for when an object is made.
        if it.r#static {
            walk::walk_property_definition(self, it);
        } else {
            self.branch(|walk| walk::walk_property_definition(walk, it));
        }
    }

    fn visit_object_property(&mut self, it: &ObjectProperty<'a>) {
        if let Some(name) = it.key.static_name() {
            self.frames.name_function(&it.value, &name);
            self.env.property(&name, it.key.span(), &it.value);
            stand_ins::measured(self.sheet, &name, &it.value, || self.frames.item());
            if self.is_configuration {
                bundler::property(self.sheet, &name, &it.value);
            }
        }
        walk::walk_object_property(self, it);
    }

    fn visit_variable_declarator(&mut self, it: &VariableDeclarator<'a>) {
        let Some(init) = &it.init else {
            walk::walk_variable_declarator(self, it);
            return;
        };
        if let BindingPattern::BindingIdentifier(id) = &it.id {
            self.frames.name_function(init, id.name.as_str());
            routes::declared(self.sheet, &mut self.routes, it, &self.frames);
            stand_ins::measured(self.sheet, id.name.as_str(), init, || self.frames.item());
            if self.frames.depth() == 0 && stand_ins::is_data(init) {
                stand_ins::double(self.sheet, id.name.as_str(), id.span);
            }
        }
        self.env.declared(&it.id, init);
        if let BindingPattern::ObjectPattern(pattern) = &it.id {
            if self.env.is_object(init) {
                let item = self.item();
                self.env.destructured(pattern, self.standing(), &item);
            } else if init.is_specific_id("process") {
                imports::of_process(&mut self.env, pattern);
            }
        }
        if let Expression::CallExpression(call) = init
            && let Some(module) = imports::required(call)
            && let Some(names) = imports::taken(&it.id)
            && self.frames.knows_require()
        {
            for (name, at) in names {
                self.import(module, &name, at, Flags::REQUIRED);
            }
            self.visit_binding_pattern(&it.id);
            return;
        }
        walk::walk_variable_declarator(self, it);
    }

    fn visit_assignment_expression(&mut self, it: &AssignmentExpression<'a>) {
        self.libraries.assignment(self.sheet, it);
        let defined = match &it.left {
            AssignmentTarget::StaticMemberExpression(member) => {
                self.env.named(member).map(|name| (name, member.span))
            }
            AssignmentTarget::ComputedMemberExpression(member) => {
                self.env.indexed(member).map(|name| (name, member.span))
            }
            _ => None,
        };
        if let Some((name, at)) = defined {
            let value = imports::literal(&it.right).unwrap_or("");
            self.env.define(name, at, value);
            if it.operator != AssignmentOperator::Assign {
                self.read_env(name, at, Flags::DEFAULTED);
            }
            self.visit_expression(&it.right);
            return;
        }
        let name = match &it.left {
            AssignmentTarget::AssignmentTargetIdentifier(id) => Some(id.name.as_str()),
            AssignmentTarget::StaticMemberExpression(member) => Some(member.property.name.as_str()),
            _ => None,
        };
        if let Some(name) = name {
            self.frames.name_function(&it.right, name);
        }
        if self.exports.assignment(it) {
            self.visit_expression(&it.right);
        } else {
            walk::walk_assignment_expression(self, it);
        }
    }

    fn visit_call_expression(&mut self, it: &CallExpression<'a>) {
        if let Some(module) = imports::required(it) {
            if self.frames.knows_require() {
                self.import(module, "", it.span, Flags::REQUIRED);
            }
            return;
        }
        self.mocked.extend(imports::mocked(it).map(str::to_owned));
        self.libraries.call(self.sheet, it, || self.frames.item());
        routes::call(self.sheet, &self.routes, it, &self.frames, self.branches > 0);
        handlers::of_call(self.sheet, it, || self.frames.item());
        self.exports.definition(it);
        if let Some((name, flags)) = Env::called(it) {
            self.read_env(name, it.span, flags);
            return;
        }
        self.env.fallback(it);
        if it.callee.is_specific_id("Boolean")
            && let Some(first) = it.arguments.first().and_then(|it| it.as_expression())
        {
            self.test(first, false);
        }
        let plain = self.branches == 0 && self.frames.depth() == self.suites.depth();
        let suite = self.suites.enter(self.sheet, it, plain);
        walk::walk_call_expression(self, it);
        if suite {
            self.suites.leave();
        }
    }

    fn visit_import_expression(&mut self, it: &ImportExpression<'a>) {
        if let Some(module) = imports::literal(&it.source) {
            self.import(module, "", it.source.span(), Flags::NESTED);
        } else {
            routes::import(self.sheet, it);
            walk::walk_import_expression(self, it);
        }
    }

    fn visit_static_member_expression(&mut self, it: &StaticMemberExpression<'a>) {
        if let Some(name) = self.env.named(it) {
            self.read_env(name, it.span, Flags::NONE);
            return;
        }
        if it.optional {
            self.env.judge(&it.object, Flags::DEFAULTED);
        } else {
            self.env.rely(&it.object);
        }
        // Reading one export, or `module.hot`, hides nothing.
        let of_module = it.object.is_specific_id("module") && it.property.name != "exports";
        let of_exports = it.object.is_specific_id("exports")
            || it.object.is_specific_member_access("module", "exports");
        if !of_module && !of_exports {
            walk::walk_static_member_expression(self, it);
        }
    }

    fn visit_computed_member_expression(&mut self, it: &ComputedMemberExpression<'a>) {
        if let Some(name) = self.env.indexed(it) {
            self.read_env(name, it.span, Flags::NONE);
            return;
        }
        if it.optional {
            self.env.judge(&it.object, Flags::DEFAULTED);
        } else {
            self.env.rely(&it.object);
        }
        walk::walk_computed_member_expression(self, it);
    }

    fn visit_identifier_reference(&mut self, it: &IdentifierReference<'a>) {
        if matches!(it.name.as_str(), "module" | "exports") {
            self.exports.open();
        }
    }

    fn visit_logical_expression(&mut self, it: &LogicalExpression<'a>) {
        if self.testing {
            // The statement around has judged the whole test, and knows what follows from it.
        } else if it.operator == LogicalOperator::And {
            self.test(&it.left, false);
        } else {
            let met = self.env.judge(&it.left, Flags::DEFAULTED);
            if !met.is_empty() {
                self.env.judge(&it.right, Flags::DEFAULTED);
                self.env.tolerate(met);
            }
        }
        self.visit_expression(&it.left);
        self.branch(|walk| walk.visit_expression(&it.right));
    }

    fn visit_if_statement(&mut self, it: &IfStatement<'a>) {
        let gives_up =
            env::gives_up(&it.consequent) || it.alternate.as_ref().is_some_and(env::gives_up);
        self.test(&it.test, gives_up);
        let before = std::mem::replace(&mut self.testing, true);
        self.visit_expression(&it.test);
        self.testing = false;
        let loader = u32::from(imports::asks_for_loader(self.sheet.text, it.test.span()));
        self.tries += loader;
        let branches = std::iter::once(&it.consequent).chain(&it.alternate);
        self.branch(|walk| branches.for_each(|branch| walk.visit_statement(branch)));
        self.tries -= loader;
        self.testing = before;
    }

    fn visit_while_statement(&mut self, it: &WhileStatement<'a>) {
        self.test(&it.test, false);
        self.branch(|walk| walk::walk_while_statement(walk, it));
    }

    fn visit_conditional_expression(&mut self, it: &ConditionalExpression<'a>) {
        self.test(&it.test, false);
        self.branch(|walk| walk::walk_conditional_expression(walk, it));
    }

    fn visit_switch_statement(&mut self, it: &SwitchStatement<'a>) {
        self.env.judge(&it.discriminant, Flags::DEFAULTED);
        self.branch(|walk| walk::walk_switch_statement(walk, it));
    }

    fn visit_unary_expression(&mut self, it: &UnaryExpression<'a>) {
        if matches!(
            it.operator,
            UnaryOperator::LogicalNot | UnaryOperator::Typeof | UnaryOperator::Delete
        ) {
            self.env.judge(&it.argument, Flags::PROBE);
        }
        walk::walk_unary_expression(self, it);
    }

    fn visit_binary_expression(&mut self, it: &BinaryExpression<'a>) {
        if it.operator.is_equality() && (env::is_constant(&it.left) || env::is_constant(&it.right))
        {
            self.env.judge(&it.left, Flags::PROBE);
            self.env.judge(&it.right, Flags::PROBE);
        }
        if it.operator.is_in()
            && let Some(name) = imports::literal(&it.left)
            && self.env.is_object(&it.right)
        {
            self.read_env(name, it.span, Flags::PROBE);
        }
        // `require.main === module` asks how the file was started.
        if it.left.is_specific_member_access("require", "main") {
            return;
        }
        walk::walk_binary_expression(self, it);
    }

    fn visit_try_statement(&mut self, it: &TryStatement<'a>) {
        let handled = it.handler.is_some();
        if handled {
            let item = self.item();
            handlers::of_try(self.sheet, it, item);
        }
        self.tries += u32::from(handled);
        self.visit_block_statement(&it.block);
        self.tries -= u32::from(handled);
        if let Some(handler) = &it.handler {
            self.visit_catch_clause(handler);
        }
        if let Some(finalizer) = &it.finalizer {
            self.visit_block_statement(finalizer);
        }
    }

    fn visit_ts_non_null_expression(&mut self, it: &TSNonNullExpression<'a>) {
        self.env.rely(&it.expression);
        walk::walk_ts_non_null_expression(self, it);
    }

    fn visit_ts_type(&mut self, it: &TSType<'a>) {
        // Types hold nothing else of interest, and they are a large part of the tree.
        if self.has_type_imports {
            walk::walk_ts_type(self, it);
        }
    }

    fn visit_ts_import_type(&mut self, it: &TSImportType<'a>) {
        imports::of_type(self.sheet, it);
        walk::walk_ts_import_type(self, it);
    }

    fn visit_ts_interface_declaration(&mut self, it: &TSInterfaceDeclaration<'a>) {
        self.env.interface(it);
        if self.has_type_imports {
            walk::walk_ts_interface_declaration(self, it);
        }
    }

    fn visit_ts_external_module_declaration(&mut self, it: &TSExternalModuleDeclaration<'a>) {
        imports::declared(self.sheet, it);
    }
}
