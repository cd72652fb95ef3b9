//! The functions and classes around a node, and what they are called.

use oxc_ast::ast::{BindingPattern, Expression, FormalParameters};
use oxc_span::{GetSpan as _, Span};

use crate::Flags;

/// A function that encloses the current node.
#[derive(Debug)]
struct Frame {
    name: String,
    /// It has a parameter called `require`: what it requires is another loader's business.
    own_require: bool,
}

/// The enclosing functions, outermost first, and the names that are about to be given.
#[derive(Debug, Default)]
pub(super) struct Frames {
    open: Vec<Frame>,
    classes: Vec<String>,
    /// The name that the function at this offset gets from where it stands.
    pending: Option<(u32, String)>,
}

impl Frames {
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    /// The names of the enclosing functions.
    pub(super) fn item(&self) -> String {
        let names: Vec<&str> = self.open.iter().map(|frame| frame.name.as_str()).collect();
        names.join(".")
    }

    pub(super) fn nesting(&self) -> Flags {
        if self.open.is_empty() { Flags::NONE } else { Flags::NESTED }
    }

    /// Whether `require` is the one that the runtime gives.
    pub(super) fn knows_require(&self) -> bool {
        !self.open.iter().any(|frame| frame.own_require)
    }

    pub(super) fn enter(&mut self, at: Span, own: Option<&str>, params: &FormalParameters<'_>) {
        let given = self.pending.take_if(|(start, _)| *start == at.start);
        let name = match (own, given) {
            (Some(name), _) => name.to_owned(),
            (None, Some((_, name))) => name,
            (None, None) => "<anonymous>".to_owned(),
        };
        let own_require = params.items.iter().any(|parameter| match &parameter.pattern {
            BindingPattern::BindingIdentifier(id) => id.name == "require",
            _ => false,
        });
        self.open.push(Frame { name, own_require });
    }

    pub(super) fn leave(&mut self) {
        self.open.pop();
    }

    pub(super) fn enter_class(&mut self, name: &str) {
        self.classes.push(name.to_owned());
    }

    pub(super) fn leave_class(&mut self) {
        self.classes.pop();
    }

    /// A member's name after that of its class.
    pub(super) fn in_class(&self, name: &str) -> String {
        match self.classes.last() {
            Some(class) if !class.is_empty() => format!("{class}.{name}"),
            _ => name.to_owned(),
        }
    }

    /// Names the function at an offset.
    pub(super) fn name_at(&mut self, start: u32, name: String) {
        self.pending = Some((start, name));
    }

    /// Names the function that this expression is, or that it wraps as `memo(() => ..)` does.
    pub(super) fn name_function(&mut self, expression: &Expression<'_>, name: &str) {
        let function = match expression {
            Expression::CallExpression(call) => {
                call.arguments.iter().filter_map(|it| it.as_expression()).find(|it| is_function(it))
            }
            other => Some(other),
        };
        if let Some(function) = function.filter(|it| is_function(it)) {
            self.name_at(function.span().start, name.to_owned());
        }
    }
}

fn is_function(expression: &Expression<'_>) -> bool {
    matches!(expression, Expression::FunctionExpression(_) | Expression::ArrowFunctionExpression(_))
}
