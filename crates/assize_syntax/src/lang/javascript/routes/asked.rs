//! Requests that a file sends to the server from which it came, and what a file serves by its path.

use oxc_ast::ast::{Argument, CallExpression, Expression};

use super::super::frames::Frames;
use super::super::span;
use super::{Names, option};
use crate::lang::routes::{self, API};
use crate::{Extraction, Flags};

const VERBS: [&str; 7] = ["delete", "get", "head", "options", "patch", "post", "put"];

/// `fetch("/api/x")`, `axios.post("/api/x", body)`.
pub(super) fn call(
    sheet: &mut Extraction<'_>,
    names: &Names,
    it: &CallExpression<'_>,
    frames: &Frames,
) {
    let Some(path) = it.arguments.first().and_then(Argument::as_expression).and_then(address)
    else {
        return;
    };
    let method = match &it.callee {
        Expression::Identifier(id) if id.name == "fetch" => fetched(it),
        Expression::StaticMemberExpression(member) => {
            let verb = member.property.name.as_str();
            let axios = names.full(&member.object).is_some_and(|full| full == "axios#default");
            if !axios || !VERBS.contains(&verb) {
                return;
            }
            verb.to_ascii_uppercase()
        }
        _ => return,
    };
    routes::asked(sheet, &path, &method, &frames.item(), span(it.span));
}

/// The method that the options of `fetch` name.
fn fetched(it: &CallExpression<'_>) -> String {
    match it.arguments.get(1).map(Argument::as_expression) {
        None => "GET".to_owned(),
        Some(Some(given)) => option(given, "method").unwrap_or("*").to_ascii_uppercase(),
        Some(None) => "*".to_owned(),
    }
}

/// The path of a request, with `{}` for each part that is put in.
fn address(given: &Expression<'_>) -> Option<String> {
    let text = match given {
        Expression::StringLiteral(text) => text.value.to_string(),
        Expression::TemplateLiteral(it) => {
            let mut out = String::new();
            for (at, part) in it.quasis.iter().enumerate() {
                out.push_str(part.value.cooked.as_ref()?.as_str());
                if at < it.expressions.len() {
                    out.push_str("{}");
                }
            }
            out
        }
        _ => return None,
    };
    text.starts_with(API).then_some(text)
}

/// Frameworks serve what lies in some folders by its path: `pages/api`, `app/**/route.ts`.
pub(super) fn by_path(sheet: &mut Extraction<'_>) {
    const HOMES: [&str; 4] = ["app", "pages", "routes", "server"];
    let path = sheet.path.as_str().to_owned();
    let parts: Vec<&str> = path.split('/').collect();
    let Some(at) = parts.iter().position(|part| *part == "api") else { return };
    if !parts.iter().take(at).any(|part| HOMES.contains(part)) {
        return;
    }
    let mut served = String::new();
    for part in parts.iter().skip(at) {
        let stem = part.split('.').next().unwrap_or(part);
        if matches!(stem, "route" | "+server" | "index") || stem.starts_with('(') {
            continue;
        }
        served.push('/');
        served.push_str(if part.starts_with("[...") || part.starts_with("[[") {
            "{*}"
        } else if part.starts_with('[') {
            "{}"
        } else {
            stem
        });
    }
    let route = routes::Route {
        router: routes::WHOLE,
        method: "*",
        path: Some(served),
        flags: Flags::NONE,
    };
    route.write(sheet, assize_model::Span::new(0, 0));
}
