//! Routes of controllers of ASP.NET, by the attributes of a class and its methods.

use assize_grammars::Node;

use super::super::literal::unquoted;
use super::super::walk::Walk;
use super::written::{
    Class, Note, below, children, form, is_condition, is_product, prefixed, serve, unknown,
};
use crate::Flags;

/// Classes of the framework that bring no routes of their own.
const BASES: [&str; 2] = ["Controller", "ControllerBase"];

pub(in crate::lang::tree) fn class(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    if !is_product(walk) {
        return;
    }
    let bases = bases(walk, node);
    if bases.iter().any(|base| base.ends_with("ModelConvention")) {
        prefixed(walk, node);
        return;
    }
    let text = walk.text_of(node);
    if !text.contains("Http") && !text.contains("Route(") {
        return;
    }
    let notes = notes(walk, node);
    let Some(body) = node.child_by_field_name("body") else { return };
    let members = children(body);
    let methods: Vec<Node<'_>> =
        members.iter().filter(|one| one.kind() == "method_declaration").copied().collect();
    let routed = |note: &Note<'_, '_>| verb(note.name).is_some() || note.name == "Route";
    let of_class = notes.iter().any(routed);
    if !of_class && !methods.iter().any(|one| self::notes(walk, *one).iter().any(routed)) {
        return;
    }
    let known = bases.iter().all(|base| BASES.contains(base) || base.starts_with('I'));
    let directives = members.iter().any(|one| one.kind().starts_with("preproc_if"));
    if !known || directives {
        unknown(walk, node);
    }
    let given = notes.iter().filter(|note| note.name == "Route");
    let mut prefixes: Vec<Option<String>> = given.map(|note| template(walk, note)).collect();
    if prefixes.is_empty() {
        prefixes.push(known.then(String::new));
    }
    if is_abstract(walk, node) {
        prefixes = vec![None];
    }
    let class = Class { prefixes, flags: conditions(walk, &notes) };
    let name = walk.field(node, "name");
    for one in methods {
        method(walk, &class, name, one);
    }
}

fn is_abstract(walk: &Walk<'_, '_>, node: Node<'_>) -> bool {
    children(node).into_iter().any(|one| {
        one.kind() == "modifier" && walk.text_of(one) == "abstract"
            || one.kind() == "type_parameter_list"
    })
}

/// What a class extends, by the last names, without type arguments.
fn bases<'f>(walk: &Walk<'_, 'f>, node: Node<'_>) -> Vec<&'f str> {
    let list = children(node).into_iter().find(|one| one.kind() == "base_list");
    let all = list.map(children).unwrap_or_default();
    let types = all.into_iter().filter(|one| one.kind() != "argument_list");
    types
        .map(|one| {
            let written = walk.text_of(one).split(['<', '(']).next().unwrap_or("").trim();
            written.rsplit('.').next().unwrap_or(written)
        })
        .collect()
}

/// The attributes of a class or a method.
fn notes<'t, 'f>(walk: &Walk<'_, 'f>, node: Node<'t>) -> Vec<Note<'t, 'f>> {
    let lists = children(node).into_iter().take_while(|one| one.kind() != "identifier");
    let lists = lists.filter(|one| one.kind() == "attribute_list");
    let all = lists.flat_map(children).filter(|one| one.kind() == "attribute");
    all.map(|node| {
        let name = walk.field(node, "name");
        let name = name.rsplit('.').next().unwrap_or(name);
        let name = name.strip_suffix("Attribute").unwrap_or(name);
        let mut arguments = children(node).into_iter();
        let arguments = arguments.rfind(|one| one.kind() == "attribute_argument_list");
        Note { name, node, arguments }
    })
    .collect()
}

fn verb(name: &str) -> Option<&'static str> {
    Some(match name {
        "HttpGet" => "GET",
        "HttpPost" => "POST",
        "HttpPut" => "PUT",
        "HttpDelete" => "DELETE",
        "HttpPatch" => "PATCH",
        "HttpHead" => "HEAD",
        "HttpOptions" => "OPTIONS",
        _ => return None,
    })
}

/// The template of an attribute: empty where it has none, `None` where it is computed.
fn template(walk: &Walk<'_, '_>, note: &Note<'_, '_>) -> Option<String> {
    let first = note.arguments.map(children).unwrap_or_default().into_iter().next();
    let Some(first) = first.filter(|one| !is_named(walk, *one)) else { return Some(String::new()) };
    let value = first.named_child(0)?;
    let written = walk.text_of(value);
    let plain = value.kind() == "string_literal" && first.named_child_count() == 1;
    plain.then(|| unquoted(written).to_owned())
}

fn is_named(walk: &Walk<'_, '_>, argument: Node<'_>) -> bool {
    let written = walk.text_of(argument);
    let name = written.split('=').next().unwrap_or("").trim_end();
    written.contains('=') && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn conditions(walk: &Walk<'_, '_>, notes: &[Note<'_, '_>]) -> Flags {
    let orders = |note: &Note<'_, '_>| {
        let all = note.arguments.map(children).unwrap_or_default();
        all.into_iter().any(|one| walk.text_of(one).starts_with("Order"))
    };
    let chosen = notes.iter().any(|note| {
        is_condition(note.name)
            || (verb(note.name).is_some() || note.name == "Route") && orders(note)
    });
    if chosen { Flags::CONDITIONAL } else { Flags::NONE }
}

fn method(walk: &mut Walk<'_, '_>, class: &Class, controller: &str, node: Node<'_>) {
    let notes = notes(walk, node);
    let flags = class.flags.with(conditions(walk, &notes));
    if notes.iter().any(|note| matches!(note.name, "NonAction" | "AcceptVerbs")) {
        return;
    }
    let action = walk.field(node, "name");
    let action = action.strip_suffix("Async").unwrap_or(action);
    let named = notes.iter().any(|note| note.name == "ActionName");
    let routes: Vec<_> = notes
        .iter()
        .filter(|note| note.name == "Route")
        .map(|note| (*note, template(walk, note)))
        .collect();
    let verbs = notes.iter().filter_map(|note| Some((*note, verb(note.name)?)));
    let mut served = Vec::new();
    for (note, verb) in verbs {
        match template(walk, &note) {
            Some(own) if own.is_empty() && !routes.is_empty() => {
                served.extend(routes.iter().map(|(_, path)| (note.node, verb, path.clone())));
            }
            own => served.push((note.node, verb, own)),
        }
    }
    let mut flags = flags;
    if served.is_empty() {
        served.extend(routes.into_iter().map(|(note, path)| (note.node, "*", path)));
    }
    let routed = class.prefixes.iter().flatten().any(|prefix| !prefix.is_empty());
    if served.is_empty() && routed && is_public(walk, node) {
        // The path of the class serves it, unless something else about it says otherwise.
        flags = flags.with(Flags::CONDITIONAL);
        served.push((node, "*", Some(String::new())));
    }
    for prefix in &class.prefixes {
        for (at, verb, path) in &served {
            let whole = whole(prefix.as_deref(), path.as_deref());
            let whole = whole.and_then(|it| filled(&it, controller, action, named));
            write(walk, *at, verb, whole, flags);
        }
    }
}

fn is_public(walk: &Walk<'_, '_>, method: Node<'_>) -> bool {
    children(method)
        .into_iter()
        .any(|one| one.kind() == "modifier" && walk.text_of(one) == "public")
}

/// The template of an action: its own alone where it begins at the root, or below the class's.
/// Without either the route is a convention's.
fn whole(prefix: Option<&str>, path: Option<&str>) -> Option<String> {
    let path = path?;
    let rest = path.strip_prefix('~').unwrap_or(path);
    if rest.starts_with('/') {
        return Some(below("", rest));
    }
    let prefix = prefix?.trim_start_matches("~/");
    (!prefix.is_empty() || !path.is_empty()).then(|| below(prefix, rest))
}

/// A template with the names of class and method put in.
fn filled(written: &str, controller: &str, action: &str, renamed: bool) -> Option<String> {
    let lower = written.to_ascii_lowercase();
    if lower.contains("[area]") || renamed && lower.contains("[action]") {
        return None;
    }
    let controller = controller.strip_suffix("Controller").unwrap_or(controller);
    let filled = lower
        .replace("[controller]", &controller.to_ascii_lowercase())
        .replace("[action]", &action.to_ascii_lowercase());
    Some(filled)
}

/// Writes down a route; case makes no difference. What may be left out is served without it too.
pub(super) fn write(
    walk: &mut Walk<'_, '_>,
    at: Node<'_>,
    verb: &str,
    path: Option<String>,
    flags: Flags,
) {
    let whole = path.as_deref().and_then(form);
    let optional = |path: &&str| path.ends_with("?}") || path.contains('=');
    let Some(written) = path.as_deref().filter(optional) else {
        return serve(walk, at, verb, whole, flags);
    };
    let (before, _) = written.rsplit_once('/').unwrap_or(("", ""));
    let flags = flags.with(Flags::CONDITIONAL);
    serve(walk, at, verb, form(before), flags);
    serve(walk, at, verb, whole, flags);
}
