//! Whether what answers a request may hand it on to the next route.

use oxc_ast::ast::{Argument, Expression, FormalParameters};

/// Whether a handler may leave the answer to others: one that takes `next`, or of which nothing can
/// be seen here.
pub(super) fn may_yield(handler: &Expression<'_>, sort: &str) -> bool {
    // Fastify refuses a second route, whatever the first one does.
    if sort.starts_with("fastify") {
        return false;
    }
    let takes = if sort.starts_with("express") { 2 } else { 1 };
    match handler {
        Expression::ArrowFunctionExpression(it) => hands_on(&it.params, takes),
        Expression::FunctionExpression(it) => hands_on(&it.params, takes),
        // `controller.list`: named for what it does, not for what it lets through.
        Expression::StaticMemberExpression(it) => {
            let Expression::Identifier(object) = &it.object else { return true };
            let name = object.name.to_ascii_lowercase();
            !["controller", "ctrl", "handler"].iter().any(|word| name.contains(word))
        }
        // `wrapped(async (request, response) => ..)`.
        Expression::CallExpression(it) => {
            let mut given = it.arguments.iter().filter_map(Argument::as_expression);
            given.all(|one| may_yield(one, sort))
        }
        _ => true,
    }
}

fn hands_on(params: &FormalParameters<'_>, takes: usize) -> bool {
    params.items.len() > takes || params.rest.is_some()
}
