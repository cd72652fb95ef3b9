//! Paths of the frameworks of Rust in the one form in which paths are compared.

use assize_grammars::Node;

use super::super::super::literal::unquoted;
use super::super::super::walk::Walk;
use crate::lang::routes::{self, Syntax};

/// The path that a text says; nothing where it is computed.
pub(super) fn of(walk: &Walk<'_, '_>, node: Node<'_>) -> Option<String> {
    (node.kind() == "string_literal").then(|| form(unquoted(walk.text_of(node))))?
}

/// A path in whichever of the forms it is: `{id}`, `:id` of axum before 0.8, `<id>` of rocket.
pub(super) fn form(written: &str) -> Option<String> {
    if written.contains('<') {
        let path = written.split('?').next().unwrap_or(written);
        let path = routes::path(path, Syntax::Angles)?;
        return Some(match path.split_once("{..}") {
            Some((above, _)) => format!("{above}{{*}}"),
            None => path,
        });
    }
    if !written.contains("/:") && !written.contains("/*") {
        return routes::path(written, Syntax::Braces);
    }
    let rest = written.rfind("/*").and_then(|at| written.get(..at));
    let path = routes::path(rest.unwrap_or(written), Syntax::Colons)?;
    Some(if rest.is_some() { format!("{path}/{{*}}") } else { path })
}

#[cfg(test)]
mod tests {
    use super::form;

    #[test]
    fn paths_take_one_form() {
        for (written, path) in [
            ("/x/{id}", Some("/x/{}")),
            ("/x/{*rest}", Some("/x/{*}")),
            ("/x/:id/y", Some("/x/{}/y")),
            ("/x/*rest", Some("/x/{*}")),
            ("/x/<id>?<page>", Some("/x/{}")),
            ("/x/{id:\\\\d+}", Some("/x/{\\\\d+}")),
        ] {
            assert_eq!(form(written).as_deref(), path, "{written}");
        }
    }
}
