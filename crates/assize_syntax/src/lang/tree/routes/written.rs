//! What is common to routes that annotations and attributes declare.

use assize_grammars::Node;
use assize_model::FileClass;

use super::super::walk::{Walk, span_of};
use crate::lang::routes::{self, Mounted, Route, Syntax, WHOLE};
use crate::{FactKind, Flags, Role};

/// How many paths one declaration may have.
pub(super) const PATHS_MAX: usize = 16;

/// An annotation or an attribute.
#[derive(Debug, Clone, Copy)]
pub(super) struct Note<'t, 'f> {
    /// Without the names in front of it.
    pub(super) name: &'f str,
    pub(super) node: Node<'t>,
    pub(super) arguments: Option<Node<'t>>,
}

/// All that the routes of a class share.
#[derive(Debug)]
pub(super) struct Class {
    /// Before each path, `None` where it cannot be told.
    pub(super) prefixes: Vec<Option<String>>,
    pub(super) flags: Flags,
}

pub(super) fn is_product(walk: &Walk<'_, '_>) -> bool {
    walk.sheet.class == FileClass::Production
}

pub(super) fn children(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).collect()
}

/// Writes down a route whose path is whole.
pub(super) fn serve(
    walk: &mut Walk<'_, '_>,
    at: Node<'_>,
    method: &str,
    path: Option<String>,
    flags: Flags,
) {
    // What is written elsewhere may differ under one name.
    let elsewhere = path.as_deref().is_some_and(|path| path.contains('<'));
    let flags = if elsewhere { flags.with(Flags::CONDITIONAL) } else { flags };
    Route { router: WHOLE, method, path, flags }.write(walk.sheet, span_of(at));
}

/// Says that there are routes that nobody can read here.
pub(super) fn unknown(walk: &mut Walk<'_, '_>, at: Node<'_>) {
    serve(walk, at, "*", None, Flags::NONE);
}

/// Says that the program puts prefixes before routes, by rules of its own.
pub(super) fn prefixed(walk: &mut Walk<'_, '_>, at: Node<'_>) {
    let flags = Flags::UNRESOLVED;
    let mount = Mounted { router: WHOLE, on: "", prefix: "", replaces: false, flags };
    mount.write(walk.sheet, span_of(at));
}

/// Says that an application starts here.
pub(super) fn started(walk: &mut Walk<'_, '_>, name: &str, at: Node<'_>) {
    let fact = walk.sheet.fact(FactKind::Mount, Role::Definition, name, span_of(at));
    fact.item("spring app").done();
}

/// Two parts of a path; the first slash is taken for granted.
pub(super) fn below(prefix: &str, path: &str) -> String {
    let whole = match path.trim_start_matches('/') {
        "" if path.is_empty() || prefix.ends_with('/') => prefix.to_owned(),
        rest => format!("{}/{rest}", prefix.trim_end_matches('/')),
    };
    if whole.starts_with(['/', '<']) { whole } else { format!("/{whole}") }
}

/// The form of a path with parameters in braces; `None` for patterns of another kind.
pub(super) fn form(written: &str) -> Option<String> {
    let path = routes::path(written, Syntax::Braces)?;
    let parts = path.split('/').map(|part| match part {
        "**" => Some("{*}"),
        "*" => Some("{}"),
        _ if part.contains(['*', '?', '}', '\\']) && !part.contains('{') => None,
        _ if part.matches('{').count() != part.matches('}').count() => None,
        _ => Some(part),
    });
    Some(parts.collect::<Option<Vec<_>>>()?.join("/"))
}

/// Whether an annotation tells by its name that the path alone does not choose the handler.
pub(super) fn is_condition(name: &str) -> bool {
    const WORDS: [&str; 12] = [
        "Accept",
        "Area",
        "Condition",
        "Constraint",
        "Consumes",
        "Enable",
        "Feature",
        "Header",
        "Host",
        "Profile",
        "Query",
        "Version",
    ];
    WORDS.iter().any(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use super::{below, form};

    #[test]
    fn paths_of_a_class_and_a_method_are_put_together() {
        for (prefix, path, whole) in [
            ("", "", "/"),
            ("api", "", "/api"),
            ("/api/", "/x", "/api/x"),
            ("/api", "x/", "/api/x/"),
            ("/api", "/", "/api/"),
            ("<Paths.V1>", "x", "<Paths.V1>/x"),
        ] {
            assert_eq!(below(prefix, path), whole, "{prefix} {path}");
        }
    }

    #[test]
    fn patterns_take_one_form_or_none() {
        for (written, expected) in [
            ("/x/{id}", Some("/x/{}")),
            ("/x/{id:int}", Some("/x/{int}")),
            ("/x/**", Some("/x/{*}")),
            ("/x/*", Some("/x/{}")),
            ("/x/*.do", None),
            ("/x/{id:[0-9]{3}}", Some("/x/{[0-9]{3}}")),
            ("/x/{id:[^}]+}", None),
        ] {
            assert_eq!(form(written).as_deref(), expected, "{written}");
        }
    }
}
