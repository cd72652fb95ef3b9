//! Routes, as all languages write them down: one form of paths, and how a router is named.

use assize_model::Span;

use crate::{Extraction, FactKind, Flags, Role};

/// A router that nobody in the file makes or imports: it is handed in.
pub(crate) const HANDED: &str = "?";
/// In place of a router where the path is whole.
pub(crate) const WHOLE: &str = "@";

/// What the braces, colons and angles of a framework's paths mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Syntax {
    /// `/users/{id}`, `{id:int}`, `{rest:path}`, `{*rest}`.
    Braces,
    /// `/users/<id>`, `<int:id>`.
    Angles,
    /// `/users/:id`, `*`.
    Colons,
}

/// A path in the form in which paths are compared; `None` where it is a pattern of another kind.
pub(crate) fn path(written: &str, syntax: Syntax) -> Option<String> {
    let parts: Option<Vec<String>> = written.split('/').map(|part| of_part(part, syntax)).collect();
    Some(parts?.join("/"))
}

fn of_part(part: &str, syntax: Syntax) -> Option<String> {
    match syntax {
        Syntax::Braces => folded(part, '{', '}'),
        Syntax::Angles => folded(part, '<', '>'),
        Syntax::Colons => match part.strip_prefix(':') {
            Some(name) if name.bytes().all(is_of_name) => Some("{}".to_owned()),
            None if part == "*" => Some("{*}".to_owned()),
            None if !part.contains([':', '*', '(', '?', '+', '[', '{']) => Some(part.to_owned()),
            _ => None,
        },
    }
}

const fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// A part with each parameter as `{}`, or by its type.
fn folded(part: &str, open: char, close: char) -> Option<String> {
    let mut out = String::new();
    let mut rest = part;
    while let Some((before, after)) = rest.split_once(open) {
        let (inside, left) = after.split_once(close)?;
        out.push_str(before);
        out.push_str(&parameter(inside, open == '<'));
        rest = left;
    }
    out.push_str(rest);
    Some(out)
}

/// `{id}`, `{id:int}` of Starlette, `<int:id>` of Flask and Django, `{*rest}` of axum.
fn parameter(inside: &str, type_first: bool) -> String {
    let inside = inside.trim();
    if inside.starts_with('*') || inside.ends_with("...") {
        return "{*}".to_owned();
    }
    let typed = inside.split_once(':');
    let kind = typed.map_or("", |(a, b)| if type_first { a } else { b });
    match kind.trim() {
        "path" => "{*}".to_owned(),
        "" | "str" | "string" => "{}".to_owned(),
        kind => format!("{{{kind}}}"),
    }
}

/// The name of a router of this file.
pub(crate) fn own(name: &str) -> String {
    format!("#{name}")
}

/// A route that is served.
#[derive(Debug, Clone)]
pub(crate) struct Route<'a> {
    pub(crate) router: &'a str,
    pub(crate) method: &'a str,
    /// `None`: the path is computed.
    pub(crate) path: Option<String>,
    pub(crate) flags: Flags,
}

impl Route<'_> {
    pub(crate) fn write(self, sheet: &mut Extraction<'_>, at: Span) {
        let open = if self.path.is_none() { Flags::UNRESOLVED } else { Flags::NONE };
        sheet
            .fact(FactKind::Route, Role::Definition, self.path.unwrap_or_default(), at)
            .value(self.method)
            .item(self.router)
            .flags(self.flags.with(open))
            .done();
    }
}

/// Says that a router is made.
pub(crate) fn made(sheet: &mut Extraction<'_>, name: &str, prefix: &str, sort: &str, at: Span) {
    sheet.fact(FactKind::Mount, Role::Definition, name, at).value(prefix).item(sort).done();
}

/// Says that importers of the file can have a router under a name.
pub(crate) fn passed_on(sheet: &mut Extraction<'_>, name: &str, router: &str, at: Span) {
    sheet.fact(FactKind::Mount, Role::Definition, name, at).value(router).item("export").done();
}

/// A router that is mounted on another.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mounted<'a> {
    pub(crate) router: &'a str,
    pub(crate) on: &'a str,
    pub(crate) prefix: &'a str,
    /// The prefix takes the place of the router's own.
    pub(crate) replaces: bool,
    pub(crate) flags: Flags,
}

impl Mounted<'_> {
    pub(crate) fn write(self, sheet: &mut Extraction<'_>, at: Span) {
        sheet
            .fact(FactKind::Mount, Role::Reference, self.router, at)
            .value(self.prefix)
            .item(self.on)
            .number(u32::from(self.replaces))
            .flags(self.flags)
            .done();
    }
}

/// Says that a router is named for a use that is not followed.
pub(crate) fn mentioned(sheet: &mut Extraction<'_>, router: &str, at: Span) {
    let mention = Mounted { router, on: "", prefix: "", replaces: false, flags: Flags::MENTIONED };
    mention.write(sheet, at);
}

/// With what the paths begin that an application of the same repository may serve.
pub(crate) const API: &str = "/api/";

/// Says that a path is asked for. Behind a part that is put into the middle of another, nothing is
/// certain.
pub(crate) fn asked(sheet: &mut Extraction<'_>, path: &str, method: &str, item: &str, at: Span) {
    let plain = path.split(['?', '#']).next().unwrap_or(path);
    let mixed = |part: &str| part.contains('{') && part != "{}";
    let flags = if plain.split('/').any(mixed) { Flags::UNRESOLVED } else { Flags::NONE };
    sheet
        .fact(FactKind::Route, Role::Reference, plain, at)
        .value(method)
        .item(item)
        .flags(flags)
        .done();
}

/// Whether a name is one that people give to routers: only of such can be told that nobody uses
/// them.
pub fn is_router_name(name: &str) -> bool {
    const NAMES: [&str; 6] = ["router", "bp", "blueprint", "routes", "api", "urlpatterns"];
    let last = name.rsplit(['.', '_']).next().unwrap_or(name);
    NAMES.contains(&last)
}

#[cfg(test)]
mod tests {
    use super::{Syntax, path};

    #[test]
    fn paths_take_one_form() {
        for (written, syntax, form) in [
            ("/users/{id}", Syntax::Braces, Some("/users/{}")),
            ("/files/{rest:path}", Syntax::Braces, Some("/files/{*}")),
            ("/v{n:int}/x.{ending}", Syntax::Braces, Some("/v{int}/x.{}")),
            ("/{*rest}", Syntax::Braces, Some("/{*}")),
            ("/users/<int:id>/", Syntax::Angles, Some("/users/{int}/")),
            ("/users/<id>", Syntax::Angles, Some("/users/{}")),
            ("/users/:id", Syntax::Colons, Some("/users/{}")),
            ("/users/:id?", Syntax::Colons, None),
            ("/(.*)", Syntax::Colons, None),
            ("/*", Syntax::Colons, Some("/{*}")),
            ("/broken/{id", Syntax::Braces, None),
            ("", Syntax::Braces, Some("")),
        ] {
            assert_eq!(path(written, syntax).as_deref(), form, "{written}");
        }
    }
}
