//! Environment variables: reads in every spelling, and what declares them.
//!
//! A read tolerates absence in many ways that stand around it: a fallback, a comparison, a guard.
//! The walk meets the surroundings first and leaves a verdict on the reads within; the read looks
//! it up. A variable whose absence is handled without giving up anywhere in the file is optional
//! in the whole file.

use std::collections::{BTreeMap, BTreeSet};

use oxc_ast::ast::{
    BinaryOperator, BindingPattern, CallExpression, ChainElement, ComputedMemberExpression,
    Expression, LogicalOperator, ObjectExpression, ObjectPattern, ObjectPropertyKind, Statement,
    StaticMemberExpression, TSInterfaceDeclaration, TSSignature, UnaryOperator,
};
use oxc_span::{GetSpan as _, Span};

use super::{imports, span};
use crate::{Extraction, FactKind, Flags, Role};

/// How many wrappers (casts, calls, operators) a verdict looks through.
const WRAPPERS_MAX: u32 = 8;

/// Given by the bundler, not by the environment.
const BUNDLER_NAMES: [&str; 10] = [
    "MODE",
    "DEV",
    "PROD",
    "SSR",
    "BASE_URL",
    "SITE",
    "ASSETS_PREFIX",
    "LEGACY",
    "VITEST",
    "STORYBOOK",
];

/// Roots of call chains that describe one value of a schema.
const SCHEMAS: [&str; 9] = ["z", "zod", "v", "Joi", "joi", "yup", "Yup", "t", "Type"];

/// Functions that describe one value of an environment, in files that name `envalid`.
const ENVALID: [&str; 9] =
    ["str", "num", "bool", "url", "port", "email", "json", "host", "makeValidator"];

/// Functions that pass a value on.
const CONVERSIONS: [&str; 7] =
    ["Number", "parseInt", "parseFloat", "String", "Boolean", "BigInt", "toNumber"];

#[derive(Debug)]
struct Read {
    name: String,
    at: Span,
    flags: Flags,
    item: String,
}

/// What the walk saw of the environment.
#[derive(Debug, Default)]
pub(super) struct Env {
    reads: Vec<Read>,
    definitions: Vec<(String, Span, String)>,
    verdicts: BTreeMap<(u32, u32), Flags>,
    /// Variables whose absence the file handles without giving up.
    tolerated: BTreeSet<String>,
    /// Variables without which the module gives up while it is loaded.
    demanded: BTreeSet<String>,
    /// Reads on whose value the code at once relies.
    relied: BTreeSet<(u32, u32)>,
    /// Local names that hold a variable's value.
    values: BTreeMap<String, String>,
    /// Local names that hold the whole environment.
    objects: BTreeSet<String>,
    envalid: bool,
}

impl Env {
    pub(super) fn new(text: &str) -> Self {
        Self { envalid: text.contains("envalid"), ..Self::default() }
    }

    /// A local name that stands for the whole environment.
    pub(super) fn object(&mut self, local: &str) {
        self.objects.insert(local.to_owned());
    }

    pub(super) fn read(&mut self, name: &str, at: Span, flags: Flags, item: String) {
        if is_name(name) {
            let verdict = self.verdicts.get(&(at.start, at.end)).copied().unwrap_or(Flags::NONE);
            self.reads.push(Read { name: name.to_owned(), at, flags: flags.with(verdict), item });
        }
    }

    pub(super) fn define(&mut self, name: &str, at: Span, value: &str) {
        if is_name(name) {
            self.definitions.push((name.to_owned(), at, value.to_owned()));
        }
    }

    /// Whether the expression is the environment as an object.
    pub(super) fn is_object(&self, expression: &Expression<'_>) -> bool {
        match expression.get_inner_expression() {
            Expression::Identifier(it) => self.objects.contains(it.name.as_str()),
            Expression::StaticMemberExpression(it) => {
                it.property.name == "env" && holds_env(it.object.get_inner_expression())
            }
            Expression::ChainExpression(it) => match &it.expression {
                ChainElement::StaticMemberExpression(it) => {
                    it.property.name == "env" && holds_env(it.object.get_inner_expression())
                }
                _ => false,
            },
            _ => false,
        }
    }

    /// The variable that `env.NAME` reads.
    pub(super) fn named<'n>(&self, it: &'n StaticMemberExpression<'_>) -> Option<&'n str> {
        let name = it.property.name.as_str();
        let known = self.is_object(&it.object) && !(of_bundler(&it.object, name));
        known.then_some(name)
    }

    /// The variable that `env["NAME"]` reads.
    pub(super) fn indexed<'n>(&self, it: &'n ComputedMemberExpression<'_>) -> Option<&'n str> {
        let name = imports::literal(&it.expression)?;
        (self.is_object(&it.object) && !of_bundler(&it.object, name)).then_some(name)
    }

    /// The variable that `Deno.env.get("NAME")` reads, and whether it only asks for it.
    pub(super) fn called<'n>(it: &'n CallExpression<'_>) -> Option<(&'n str, Flags)> {
        let Expression::StaticMemberExpression(callee) = &it.callee else { return None };
        if !callee.object.is_specific_member_access("Deno", "env") {
            return None;
        }
        let flags = match callee.property.name.as_str() {
            "get" => Flags::NONE,
            "has" => Flags::PROBE,
            _ => return None,
        };
        Some((imports::literal_argument(it.arguments.first()?)?, flags))
    }

    /// `envOr(process.env.NAME, "fallback")`
    pub(super) fn fallback(&mut self, it: &CallExpression<'_>) {
        let mut given = it.arguments.iter().filter_map(|argument| argument.as_expression());
        if let Expression::Identifier(callee) = &it.callee
            && let (Some(first), Some(second), None) = (given.next(), given.next(), given.next())
            && !matches!(callee.name.as_str(), "parseInt" | "Number")
            && is_constant(second)
        {
            self.judge(first, Flags::DEFAULTED);
        }
    }

    /// Puts a verdict on the reads within an expression; gives the variables that it met.
    pub(super) fn judge(&mut self, expression: &Expression<'_>, flags: Flags) -> Vec<String> {
        let mut met = Vec::new();
        self.look_into(expression, flags, WRAPPERS_MAX, &mut met);
        met
    }

    /// Says that the file handles the absence of these variables.
    pub(super) fn tolerate(&mut self, names: Vec<String>) {
        self.tolerated.extend(names);
    }

    /// Says that the module does not load without these variables.
    pub(super) fn demand(&mut self, names: Vec<String>) {
        self.demanded.extend(names);
    }

    /// Says that the code cannot do without the value of this expression, if it is a variable's.
    pub(super) fn rely(&mut self, expression: &Expression<'_>) {
        let at = match expression.get_inner_expression() {
            Expression::StaticMemberExpression(it) => self.named(it).map(|_| it.span),
            Expression::ComputedMemberExpression(it) => self.indexed(it).map(|_| it.span),
            Expression::CallExpression(it) => Self::called(it).map(|_| it.span),
            _ => None,
        };
        self.relied.extend(at.map(|at| (at.start, at.end)));
    }

    fn look_into(
        &mut self,
        expression: &Expression<'_>,
        flags: Flags,
        left: u32,
        met: &mut Vec<String>,
    ) {
        let Some(left) = left.checked_sub(1) else { return };
        match expression.get_inner_expression() {
            Expression::Identifier(it) => met.extend(self.values.get(it.name.as_str()).cloned()),
            Expression::StaticMemberExpression(it) => {
                let name = self.named(it);
                self.met(name, it.span, flags, met);
            }
            Expression::ComputedMemberExpression(it) => {
                let name = self.indexed(it);
                self.met(name, it.span, flags, met);
            }
            Expression::ChainExpression(it) => self.look_into_chain(&it.expression, flags, met),
            Expression::UnaryExpression(it) if it.operator != UnaryOperator::Delete => {
                self.look_into(&it.argument, flags, left, met);
            }
            Expression::LogicalExpression(it) => {
                self.look_into(&it.left, flags, left, met);
                self.look_into(&it.right, flags, left, met);
            }
            Expression::BinaryExpression(it) => {
                self.look_into(&it.left, flags, left, met);
                self.look_into(&it.right, flags, left, met);
            }
            Expression::ConditionalExpression(it) => {
                self.look_into(&it.consequent, flags, left, met);
                self.look_into(&it.alternate, flags, left, met);
            }
            Expression::CallExpression(it) => {
                if let Some((name, _)) = Self::called(it) {
                    self.met(Some(name), it.span, flags, met);
                } else if is_conversion(&it.callee)
                    && let Some(first) = it.arguments.first().and_then(|a| a.as_expression())
                {
                    self.look_into(first, flags, left, met);
                }
            }
            _ => {}
        }
    }

    /// `env.NAME?.trim()` and the like: the chain gives up by itself.
    fn look_into_chain(&mut self, it: &ChainElement<'_>, flags: Flags, met: &mut Vec<String>) {
        let mut object = match it {
            ChainElement::CallExpression(it) => Some(&it.callee),
            ChainElement::StaticMemberExpression(it) => {
                let name = self.named(it);
                self.met(name, it.span, flags, met);
                Some(&it.object)
            }
            ChainElement::ComputedMemberExpression(it) => {
                let name = self.indexed(it);
                self.met(name, it.span, flags, met);
                Some(&it.object)
            }
            ChainElement::TSNonNullExpression(it) => Some(&it.expression),
            ChainElement::PrivateFieldExpression(it) => Some(&it.object),
        };
        for _ in 0..WRAPPERS_MAX {
            object = match object {
                Some(Expression::CallExpression(it)) => Some(&it.callee),
                Some(Expression::StaticMemberExpression(it)) => {
                    let name = self.named(it);
                    self.met(name, it.span, flags, met);
                    Some(&it.object)
                }
                Some(Expression::ComputedMemberExpression(it)) => {
                    let name = self.indexed(it);
                    self.met(name, it.span, flags, met);
                    Some(&it.object)
                }
                _ => return,
            };
        }
    }

    fn met(&mut self, name: Option<&str>, at: Span, flags: Flags, met: &mut Vec<String>) {
        if let Some(name) = name {
            let verdict = self.verdicts.entry((at.start, at.end)).or_default();
            *verdict = verdict.with(flags);
            met.push(name.to_owned());
        }
    }

    /// `const NAME = <expression>`: the name may hold a variable's value or the environment.
    pub(super) fn declared(&mut self, id: &BindingPattern<'_>, init: &Expression<'_>) {
        let BindingPattern::BindingIdentifier(id) = id else { return };
        if self.is_object(init) {
            self.object(id.name.as_str());
            return;
        }
        let name = match init.get_inner_expression() {
            Expression::StaticMemberExpression(it) => self.named(it),
            Expression::ComputedMemberExpression(it) => self.indexed(it),
            Expression::CallExpression(it) => Self::called(it).map(|(name, _)| name),
            _ => None,
        };
        if let Some(name) = name {
            self.values.insert(id.name.to_string(), name.to_owned());
        }
    }

    /// `const { NAME, OTHER = "x" } = process.env`.
    pub(super) fn destructured(&mut self, pattern: &ObjectPattern<'_>, more: Flags, item: &str) {
        for property in &pattern.properties {
            let Some(name) = property.key.static_name() else { continue };
            let flags = match &property.value {
                BindingPattern::AssignmentPattern(_) => Flags::DEFAULTED,
                _ => Flags::NONE,
            };
            if let BindingPattern::BindingIdentifier(local) = &property.value {
                self.values.insert(local.name.to_string(), name.to_string());
            }
            self.read(&name, property.key.span(), flags.with(more), item.to_owned());
        }
    }

    /// An object's property as a definition: a value of a schema, a replaced expression, the
    /// environment of a child.
    pub(super) fn property(&mut self, key: &str, at: Span, value: &Expression<'_>) {
        if matches!(key, "env" | "environment" | "environmentVariables") {
            if let Expression::ObjectExpression(object) = value {
                self.child(object);
            }
        } else if let Some(name) =
            key.strip_prefix("process.env.").or_else(|| key.strip_prefix("import.meta.env."))
        {
            self.define(name, at, "");
        } else if is_constant_name(key) && self.is_schema(value) {
            self.define(key, at, "");
        }
    }

    fn child(&mut self, object: &ObjectExpression<'_>) {
        for property in &object.properties {
            let ObjectPropertyKind::ObjectProperty(property) = property else { continue };
            let Some(name) = property.key.static_name() else { continue };
            if is_name(&name) {
                let value = imports::literal(&property.value).unwrap_or("");
                self.define(&name, property.key.span(), value);
            }
        }
    }

    /// Whether the value is `z.string().url()` or `str({ .. })`.
    fn is_schema(&self, value: &Expression<'_>) -> bool {
        let mut part = value;
        let mut direct = true;
        while let Expression::CallExpression(call) = part {
            part = &call.callee;
            while let Expression::StaticMemberExpression(member) = part {
                part = &member.object;
                direct = false;
            }
        }
        let Expression::Identifier(root) = part else { return false };
        let called = matches!(value, Expression::CallExpression(_));
        let name = root.name.as_str();
        called
            && (!direct && SCHEMAS.contains(&name)
                || direct && self.envalid && ENVALID.contains(&name))
    }

    /// `interface ProcessEnv { NAME: string }`: the names that the types declare.
    pub(super) fn interface(&mut self, it: &TSInterfaceDeclaration<'_>) {
        if !matches!(it.id.name.as_str(), "ProcessEnv" | "ImportMetaEnv") {
            return;
        }
        for signature in &it.body.body {
            if let TSSignature::TSPropertySignature(property) = signature
                && let Some(name) = property.key.static_name()
            {
                self.define(&name, property.key.span(), "");
            }
        }
    }

    pub(super) fn write(self, sheet: &mut Extraction<'_>) {
        for (name, at, value) in self.definitions {
            sheet.fact(FactKind::Env, Role::Definition, name, span(at)).value(value).done();
        }
        for read in self.reads {
            // A missing variable is `undefined`, with which a program goes on: only what says
            // more makes it required.
            let more = if self.tolerated.contains(&read.name) {
                Flags::DEFAULTED
            } else if read.flags.any(Flags::DEFAULTED.with(Flags::PROBE))
                || self.demanded.contains(&read.name)
                || self.relied.contains(&(read.at.start, read.at.end))
            {
                Flags::NONE
            } else {
                Flags::OPTIONAL
            };
            sheet
                .fact(FactKind::Env, Role::Reference, read.name, span(read.at))
                .item(read.item)
                .flags(read.flags.with(more))
                .done();
        }
    }
}

/// Whether the expression is a constant against which a value is compared.
pub(super) fn is_constant(expression: &Expression<'_>) -> bool {
    imports::literal(expression).is_some()
        || matches!(
            expression,
            Expression::NumericLiteral(_)
                | Expression::BooleanLiteral(_)
                | Expression::NullLiteral(_)
        )
        || expression.is_specific_id("undefined")
}

/// Whether a test asks for what is missing, and for nothing else: `!X`, `X === undefined`, and
/// several of them.
pub(super) fn asks_for_absence(test: &Expression<'_>) -> bool {
    match test.get_inner_expression() {
        Expression::UnaryExpression(it) => it.operator == UnaryOperator::LogicalNot,
        Expression::BinaryExpression(it) => {
            let nothing =
                |side: &Expression<'_>| side.is_null() || side.is_specific_id("undefined");
            matches!(it.operator, BinaryOperator::Equality | BinaryOperator::StrictEquality)
                && (nothing(&it.left) || nothing(&it.right))
        }
        Expression::LogicalExpression(it) => {
            it.operator == LogicalOperator::Or
                && asks_for_absence(&it.left)
                && asks_for_absence(&it.right)
        }
        _ => false,
    }
}

/// Whether a branch ends by giving up: an exception, or the end of the process.
pub(super) fn gives_up(statement: &Statement<'_>) -> bool {
    match statement {
        Statement::BlockStatement(block) => block.body.iter().any(|inner| match inner {
            Statement::BlockStatement(_) => false,
            inner => gives_up(inner),
        }),
        Statement::ThrowStatement(_) => true,
        Statement::ExpressionStatement(it) => ends_process(&it.expression),
        Statement::ReturnStatement(it) => it.argument.as_ref().is_some_and(ends_process),
        _ => false,
    }
}

fn ends_process(expression: &Expression<'_>) -> bool {
    let Expression::CallExpression(call) = expression else { return false };
    call.callee.is_specific_member_access("process", "exit")
        || call.callee.is_specific_member_access("Deno", "exit")
        || call.callee.is_specific_member_access("Promise", "reject")
}

/// Whether `.env` of this expression is the environment.
fn holds_env(expression: &Expression<'_>) -> bool {
    match expression {
        Expression::ImportMeta(_) => true,
        Expression::Identifier(it) => matches!(it.name.as_str(), "process" | "Bun"),
        Expression::StaticMemberExpression(it) => {
            it.property.name == "process"
                && (it.object.is_specific_id("globalThis") || it.object.is_specific_id("global"))
        }
        _ => false,
    }
}

/// Whether the bundler itself sets this name on `import.meta.env`.
fn of_bundler(object: &Expression<'_>, name: &str) -> bool {
    let Expression::StaticMemberExpression(it) = object.get_inner_expression() else {
        return false;
    };
    matches!(it.object.get_inner_expression(), Expression::ImportMeta(_))
        && BUNDLER_NAMES.contains(&name)
}

fn is_conversion(callee: &Expression<'_>) -> bool {
    match callee {
        Expression::Identifier(it) => CONVERSIONS.contains(&it.name.as_str()),
        Expression::StaticMemberExpression(it) => {
            it.object.is_specific_id("Number") || it.object.is_specific_id("JSON")
        }
        _ => false,
    }
}

/// Whether the text can be a variable's name, and not a method of the object or a value that the
/// package manager sets.
fn is_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
        && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && !name.starts_with("npm_")
        && !matches!(name, "hasOwnProperty" | "toString" | "constructor" | "valueOf")
}

/// Whether the text is written as constants and variables are.
pub(super) fn is_constant_name(name: &str) -> bool {
    name.len() > 1
        && name.starts_with(|c: char| c.is_ascii_uppercase() || c == '_')
        && name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
}
