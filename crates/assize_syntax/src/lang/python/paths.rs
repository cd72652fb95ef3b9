//! Folders that Python code computes from its own place: `Path(__file__).parent / "lib"`,
//! `os.path.join(os.path.dirname(__file__), "..")`.

use assize_model::{RepoPath, normalise};
use ruff_python_ast::{self as ast, Expr};

use super::modules::{dotted, literal};

/// How deep such an expression is followed.
const DEPTH_MAX: u32 = 24;

/// The folder, relative to the root, that the expression means; `None` when it cannot be told or
/// lies outside the repository.
pub(super) fn folder(file: &RepoPath, expr: &Expr) -> Option<String> {
    value(file, expr, DEPTH_MAX)
}

fn value(file: &RepoPath, expr: &Expr, depth: u32) -> Option<String> {
    let depth = depth.checked_sub(1)?;
    match expr {
        Expr::Name(name) if name.id.as_str() == "__file__" => Some(file.as_str().to_owned()),
        Expr::StringLiteral(_) => relative_literal(file, literal(expr)?),
        Expr::Call(call) => called(file, call, depth),
        Expr::Attribute(attribute) if attribute.attr.as_str() == "parent" => {
            parent(&value(file, &attribute.value, depth)?)
        }
        Expr::Subscript(subscript) => {
            let Expr::Attribute(parents) = &*subscript.value else { return None };
            if parents.attr.as_str() != "parents" {
                return None;
            }
            let mut path = value(file, &parents.value, depth)?;
            for _ in 0..=small_number(&subscript.slice)? {
                path = parent(&path)?;
            }
            Some(path)
        }
        Expr::BinOp(joined) if joined.op == ast::Operator::Div => {
            normalise(&value(file, &joined.left, depth)?, literal(&joined.right)?).ok()
        }
        _ => None,
    }
}

/// A literal search path is relative to the working directory, which is mostly the root.
fn relative_literal(file: &RepoPath, text: &str) -> Option<String> {
    if text == "." || text.is_empty() {
        return Some(String::new());
    }
    normalise("", text).ok().or_else(|| normalise(file.folder(), text).ok())
}

fn called(file: &RepoPath, call: &ast::ExprCall, depth: u32) -> Option<String> {
    if let Expr::Attribute(method) = &*call.func {
        match method.attr.as_str() {
            "resolve" | "absolute" | "as_posix" => return value(file, &method.value, depth),
            "joinpath" => {
                let mut path = value(file, &method.value, depth)?;
                for part in &call.arguments.args {
                    path = normalise(&path, literal(part)?).ok()?;
                }
                return Some(path);
            }
            _ => {}
        }
    }
    let mut args = call.arguments.args.iter();
    let first = args.next();
    match dotted(&call.func)?.rsplit('.').next()? {
        "str" | "Path" | "PurePath" | "fspath" | "abspath" | "realpath" | "normpath" => {
            value(file, first?, depth)
        }
        "dirname" => parent(&value(file, first?, depth)?),
        "getcwd" | "cwd" => Some(String::new()),
        "join" => {
            let mut path = value(file, first?, depth)?;
            for part in args {
                path = normalise(&path, literal(part)?).ok()?;
            }
            Some(path)
        }
        _ => None,
    }
}

fn parent(path: &str) -> Option<String> {
    if path.is_empty() {
        return None;
    }
    Some(path.rsplit_once('/').map_or(String::new(), |(folder, _)| folder.to_owned()))
}

fn small_number(expr: &Expr) -> Option<u32> {
    match expr {
        Expr::NumberLiteral(number) => match &number.value {
            ast::Number::Int(int) => int
                .as_u64()
                .and_then(|n| u32::try_from(n).ok())
                .filter(|number| *number < DEPTH_MAX),
            _ => None,
        },
        _ => None,
    }
}
