//! Patterns of the frameworks of Go in the one form in which paths are compared.

use super::names::Kind;
use crate::lang::routes::{self, Syntax};

/// What a pattern says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Form {
    pub(super) method: Option<String>,
    pub(super) path: String,
    /// It is for one host only.
    pub(super) host: bool,
}

/// What a pattern says; nothing where it is of a form that is not compared.
pub(super) fn form(written: &str, kind: Kind) -> Option<Form> {
    if kind != Kind::Std {
        return Some(Form { method: None, path: prefix(written, kind)?, host: false });
    }
    let (method, rest) = written.split_once([' ', '\t']).unwrap_or(("", written));
    let rest = rest.trim_start();
    let at = rest.find('/')?;
    let path = of_mux(rest.get(at..)?)?;
    Some(Form { method: (!method.is_empty()).then(|| method.to_owned()), path, host: at > 0 })
}

/// `/x/` of a `ServeMux` stands for all below it, `/x/{$}` for itself.
fn of_mux(path: &str) -> Option<String> {
    if let Some(exact) = path.strip_suffix("{$}") {
        return routes::path(exact, Syntax::Braces);
    }
    let path = routes::path(path, Syntax::Braces)?;
    let subtree = path.ends_with('/') && path != "/";
    Some(if subtree { format!("{path}{{*}}") } else { path })
}

/// A path of a framework.
pub(super) fn prefix(written: &str, kind: Kind) -> Option<String> {
    match kind {
        Kind::Std | Kind::Gorilla => routes::path(written, Syntax::Braces),
        Kind::Chi => {
            let path = routes::path(written, Syntax::Braces)?;
            Some(path.strip_suffix("/*").map_or(path.clone(), |above| format!("{above}/{{*}}")))
        }
        Kind::Gin | Kind::Echo | Kind::Fiber => {
            let rest = written.rfind("/*").and_then(|at| written.get(..at));
            let path = routes::path(rest.unwrap_or(written), Syntax::Colons)?;
            Some(if rest.is_some() { format!("{path}/{{*}}") } else { path })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::names::Kind;
    use super::{Form, form};

    #[test]
    fn patterns_of_a_mux_say_method_host_and_path() {
        for (written, method, path, host) in [
            ("/x", None, "/x", false),
            ("GET /x/{id}", Some("GET"), "/x/{}", false),
            ("POST  shop.example/x", Some("POST"), "/x", true),
            ("/x/", None, "/x/{*}", false),
            ("/x/{$}", None, "/x/", false),
            ("/x/{rest...}", None, "/x/{*}", false),
            ("/", None, "/", false),
        ] {
            let method = method.map(str::to_owned);
            let expected = Form { method, path: path.to_owned(), host };
            assert_eq!(form(written, Kind::Std), Some(expected), "{written}");
        }
    }

    #[test]
    fn paths_of_the_frameworks_take_one_form() {
        for (written, kind, path) in [
            ("/x/:id", Kind::Gin, Some("/x/{}")),
            ("/files/*path", Kind::Gin, Some("/files/{*}")),
            ("/x/:id?", Kind::Fiber, None),
            ("/x/*", Kind::Chi, Some("/x/{*}")),
            ("/x/{id}", Kind::Chi, Some("/x/{}")),
            ("/x/{id:[0-9]+}", Kind::Gorilla, Some("/x/{[0-9]+}")),
        ] {
            let found = form(written, kind).map(|form| form.path);
            assert_eq!(found.as_deref(), path, "{written}");
        }
    }
}
