//! Scopes, as CPython's compiler sees them: what may stand where.

use std::cell::RefCell;

use ruff_python_ast::{self as ast, PythonVersion, Stmt};
use ruff_python_parser::semantic_errors::{
    LazyImportContext, SemanticSyntaxContext, SemanticSyntaxError,
};
use ruff_text_size::TextRange;

/// One scope of the walk.
#[derive(Debug)]
pub(super) enum Scope {
    Module,
    Class,
    Function {
        is_async: bool,
        parameters: Vec<String>,
        globals: Vec<(String, TextRange)>,
    },
    Lambda,
    /// A comprehension, or a generator expression where `generator` is set.
    Comprehension {
        is_async: bool,
        generator: bool,
    },
}

/// The scopes around the place that the walk has reached.
#[derive(Debug)]
pub(super) struct Scopes<'a> {
    source: &'a str,
    pub(super) stack: Vec<Scope>,
    /// Loops around the place, counted anew in each function and class.
    pub(super) loops: Vec<u32>,
    pub(super) errors: RefCell<Vec<SemanticSyntaxError>>,
}

impl<'a> Scopes<'a> {
    pub(super) fn new(source: &'a str) -> Self {
        Self {
            source,
            stack: vec![Scope::Module],
            loops: vec![0],
            errors: RefCell::new(Vec::new()),
        }
    }

    /// Whether names bound here are names of the module: no function or class is open.
    pub(super) fn at_module(&self) -> bool {
        self.stack.iter().all(|scope| matches!(scope, Scope::Module | Scope::Comprehension { .. }))
    }

    /// Whether the place is reached by a call alone, not when the module is loaded.
    pub(super) fn runs_later(&self) -> bool {
        self.stack.iter().any(|scope| matches!(scope, Scope::Function { .. } | Scope::Lambda))
    }

    /// Whether an enclosing function has a parameter of this name.
    pub(super) fn is_parameter(&self, name: &str) -> bool {
        self.stack.iter().any(|scope| match scope {
            Scope::Function { parameters, .. } => parameters.iter().any(|one| one == name),
            _ => false,
        })
    }

    pub(super) fn in_function(&self) -> bool {
        self.stack.iter().any(|scope| matches!(scope, Scope::Function { .. }))
    }

    pub(super) fn function(definition: &ast::StmtFunctionDef) -> Scope {
        let parameters =
            definition.parameters.iter().map(|one| one.name().as_str().to_owned()).collect();
        let mut globals = Vec::new();
        collect_globals(&definition.body, &mut globals);
        Scope::Function { is_async: definition.is_async, parameters, globals }
    }

    fn innermost(&self) -> &Scope {
        self.stack.last().unwrap_or(&Scope::Module)
    }
}

/// The names that statements of one function declare `global`, in order.
fn collect_globals(body: &[Stmt], found: &mut Vec<(String, TextRange)>) {
    for stmt in body {
        match stmt {
            Stmt::Global(global) => {
                for name in &global.names {
                    if !found.iter().any(|known| known.0 == name.as_str()) {
                        found.push((name.as_str().to_owned(), global.range));
                    }
                }
            }
            Stmt::If(stmt) => {
                collect_globals(&stmt.body, found);
                for clause in &stmt.elif_else_clauses {
                    collect_globals(&clause.body, found);
                }
            }
            Stmt::For(stmt) => {
                collect_globals(&stmt.body, found);
                collect_globals(&stmt.orelse, found);
            }
            Stmt::While(stmt) => {
                collect_globals(&stmt.body, found);
                collect_globals(&stmt.orelse, found);
            }
            Stmt::With(stmt) => collect_globals(&stmt.body, found),
            Stmt::Try(stmt) => {
                collect_globals(&stmt.body, found);
                for ast::ExceptHandler::ExceptHandler(handler) in &stmt.handlers {
                    collect_globals(&handler.body, found);
                }
                collect_globals(&stmt.orelse, found);
                collect_globals(&stmt.finalbody, found);
            }
            Stmt::Match(stmt) => {
                for case in &stmt.cases {
                    collect_globals(&case.body, found);
                }
            }
            _ => {}
        }
    }
}

impl SemanticSyntaxContext for Scopes<'_> {
    fn future_annotations_or_stub(&self) -> bool {
        false
    }

    fn lazy_import_context(&self) -> Option<LazyImportContext> {
        None
    }

    fn python_version(&self) -> PythonVersion {
        PythonVersion::latest()
    }

    fn source(&self) -> &str {
        self.source
    }

    fn global(&self, name: &str) -> Option<TextRange> {
        match self.innermost() {
            Scope::Function { globals, .. } => {
                globals.iter().find(|global| global.0 == name).map(|global| global.1)
            }
            _ => None,
        }
    }

    /// Which enclosing function binds a name is not followed: a `nonlocal` without a binding is
    /// the one error of the compiler that is let through.
    fn has_nonlocal_binding(&self, _name: &str) -> bool {
        true
    }

    fn in_async_context(&self) -> bool {
        for scope in self.stack.iter().rev() {
            match scope {
                Scope::Class | Scope::Lambda => return false,
                Scope::Function { is_async, .. } => return *is_async,
                Scope::Module | Scope::Comprehension { .. } => {}
            }
        }
        false
    }

    fn in_await_allowed_context(&self) -> bool {
        for scope in self.stack.iter().rev() {
            match scope {
                Scope::Class => return false,
                Scope::Function { .. } | Scope::Lambda => return true,
                Scope::Module | Scope::Comprehension { .. } => {}
            }
        }
        false
    }

    fn in_yield_allowed_context(&self) -> bool {
        for scope in self.stack.iter().rev() {
            match scope {
                Scope::Class | Scope::Comprehension { .. } => return false,
                Scope::Function { .. } | Scope::Lambda => return true,
                Scope::Module => {}
            }
        }
        false
    }

    fn in_sync_comprehension(&self) -> bool {
        self.stack.iter().any(|scope| {
            matches!(scope, Scope::Comprehension { is_async: false, generator: false })
        })
    }

    fn in_class_body_comprehension(&self) -> bool {
        for scope in self.stack.iter().rev() {
            match scope {
                Scope::Comprehension { .. } => {}
                Scope::Class => return true,
                Scope::Module | Scope::Function { .. } | Scope::Lambda => return false,
            }
        }
        false
    }

    fn in_module_scope(&self) -> bool {
        matches!(self.innermost(), Scope::Module)
    }

    fn in_function_scope(&self) -> bool {
        matches!(self.innermost(), Scope::Function { .. } | Scope::Lambda)
    }

    fn in_generator_context(&self) -> bool {
        self.stack.iter().any(|scope| matches!(scope, Scope::Comprehension { generator: true, .. }))
    }

    fn in_notebook(&self) -> bool {
        false
    }

    fn report_semantic_error(&self, error: SemanticSyntaxError) {
        self.errors.borrow_mut().push(error);
    }

    fn in_loop_context(&self) -> bool {
        self.loops.last().is_some_and(|loops| *loops > 0)
    }

    fn is_bound_parameter(&self, name: &str) -> bool {
        match self.innermost() {
            Scope::Function { parameters, .. } => parameters.iter().any(|one| one == name),
            _ => false,
        }
    }
}
