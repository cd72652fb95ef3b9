//! Routes of Spring and of JAX-RS, by the annotations of a class and its methods.

use std::collections::HashMap;

use assize_grammars::Node;

use super::super::literal::unquoted;
use super::super::walk::Walk;
use super::written::{
    Class, Note, PATHS_MAX, below, children, form, is_condition, is_product, prefixed, serve,
    started, unknown,
};
use crate::Flags;

/// Annotations of JAX-RS that name a method.
const VERBS: [&str; 7] = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];

/// Modules that serve paths by means that are not read.
const OTHERS: [&str; 5] = [
    "org.springframework.data.rest.",
    "org.springframework.cloud.gateway.",
    "org.springframework.web.reactive.function.server.",
    "org.springframework.web.servlet.function.",
    "org.springframework.web.servlet.handler.SimpleUrlHandlerMapping",
];

/// What tells the framework a path that it answers by itself, filters and sockets among them.
const ANSWERING: [&str; 9] = [
    "addEndpoint",
    "addResourceHandler",
    "addUrlPatterns",
    "addViewController",
    "baseUri",
    "loginProcessingUrl",
    "logoutUrl",
    "setFilterProcessesUrl",
    "setUrlPatterns",
];

/// Texts by the names of the constants of a class.
type Constants<'f> = HashMap<&'f str, String>;

/// What an import tells of the routes of an application.
pub(in crate::lang::tree) fn import(walk: &mut Walk<'_, '_>, node: Node<'_>, name: &str) {
    if !is_product(walk) {
        return;
    }
    if name.ends_with(".PathMatchConfigurer") {
        prefixed(walk, node);
    } else if OTHERS.iter().any(|other| name.starts_with(other)) {
        unknown(walk, node);
    }
}

/// Takes in a path that is answered without a handler of ours.
pub(in crate::lang::tree) fn call(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    if ANSWERING.binary_search(&walk.field(node, "name")).is_err() || !is_product(walk) {
        return;
    }
    let given = node.child_by_field_name("arguments").map(children).unwrap_or_default();
    for text in given.into_iter().filter(|one| one.kind() == "string_literal") {
        let path = below(unquoted(walk.text_of(text)).trim_end_matches("/**"), "{*}");
        serve(walk, text, "*", form(&path), Flags::CONDITIONAL);
    }
}

pub(in crate::lang::tree) fn class(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    if !is_product(walk) {
        return;
    }
    let notes = notes(walk, node);
    let named = |name: &str| notes.iter().find(|note| note.name == name).copied();
    if let Some(note) = named("SpringBootApplication") {
        let name = walk.field(node, "name");
        started(walk, name, note.node);
    }
    let spring = named("RestController").or_else(|| named("Controller"));
    let (given, reader): (_, Reader) = match (spring, named("Path")) {
        (Some(_), _) => (named("RequestMapping"), spring_method),
        (None, Some(path)) => (Some(path), resource_method),
        _ => return,
    };
    let Some(body) = node.child_by_field_name("body") else { return };
    let constants = constants(walk, body);
    let prefixes = given.map_or_else(Vec::new, |note| paths(walk, &constants, &note));
    let mut class = Class { prefixes, flags: conditions(walk, &notes, false) };
    // Parts of it may stand in what it extends.
    let heir = ["superclass", "interfaces"].iter().any(|it| node.child_by_field_name(it).is_some());
    if class.prefixes.is_empty() {
        class.prefixes.push((!heir).then(String::new));
    }
    if is_abstract(walk, node) {
        class.prefixes = vec![None];
    }
    if heir && let Some(at) = given.or(spring) {
        unknown(walk, at.node);
    }
    for method in children(body).into_iter().filter(|one| one.kind() == "method_declaration") {
        reader(walk, &constants, &class, method);
    }
}

type Reader = fn(&mut Walk<'_, '_>, &Constants<'_>, &Class, Node<'_>);

fn is_abstract(walk: &Walk<'_, '_>, node: Node<'_>) -> bool {
    let before = children(node).into_iter().find(|one| one.kind() == "modifiers");
    before.is_some_and(|one| walk.text_of(one).split_whitespace().any(|word| word == "abstract"))
}

/// The annotations of a class or a method.
fn notes<'t, 'f>(walk: &Walk<'_, 'f>, node: Node<'t>) -> Vec<Note<'t, 'f>> {
    let modifiers = node.named_child(0).filter(|one| one.kind() == "modifiers");
    let all = modifiers.map(children).unwrap_or_default();
    let kinds = ["annotation", "marker_annotation"];
    let all = all.into_iter().filter(|one| kinds.contains(&one.kind()));
    all.map(|node| {
        let name = walk.field(node, "name");
        let name = name.rsplit('.').next().unwrap_or(name);
        Note { name, node, arguments: node.child_by_field_name("arguments") }
    })
    .collect()
}

/// The arguments of an annotation with their names.
fn arguments<'t, 'f>(walk: &Walk<'_, 'f>, note: &Note<'t, '_>) -> Vec<(&'f str, Node<'t>)> {
    let all = note.arguments.map(children).unwrap_or_default();
    let named = all.into_iter().filter_map(|one| match one.kind() {
        "element_value_pair" => Some((walk.field(one, "key"), one.child_by_field_name("value")?)),
        kind if kind.ends_with("comment") => None,
        _ => Some(("value", one)),
    });
    named.collect()
}

/// One value, or those of an array.
fn values(node: Node<'_>) -> Vec<Node<'_>> {
    if node.kind() == "element_value_array_initializer" { children(node) } else { vec![node] }
}

/// The paths that an annotation gives; empty where it gives none.
fn paths(
    walk: &Walk<'_, '_>,
    constants: &Constants<'_>,
    note: &Note<'_, '_>,
) -> Vec<Option<String>> {
    let given = arguments(walk, note);
    let given = given.into_iter().filter(|(name, _)| matches!(*name, "value" | "path"));
    let all = given.flat_map(|(_, value)| values(value)).take(PATHS_MAX);
    all.map(|value| text(walk, constants, value).and_then(|text| placed(&text))).collect()
}

fn constants<'f>(walk: &Walk<'_, 'f>, body: Node<'_>) -> Constants<'f> {
    let mut known = Constants::new();
    for field in children(body).into_iter().filter(|one| one.kind() == "field_declaration") {
        let Some(declared) = field.child_by_field_name("declarator") else { continue };
        let value = declared.child_by_field_name("value");
        if let Some(text) = value.and_then(|value| text(walk, &known, value)) {
            known.insert(walk.field(declared, "name"), text);
        }
    }
    known
}

/// A text that is written out, or put together of such; what another class holds goes by its name.
fn text(walk: &Walk<'_, '_>, known: &Constants<'_>, value: Node<'_>) -> Option<String> {
    // Sums lean to the left, as deep as they are long.
    let mut parts = Vec::new();
    let mut left = Some(value);
    while let Some(node) = left {
        left = None;
        if node.kind() == "binary_expression" {
            if walk.field(node, "operator") != "+" || parts.len() >= PATHS_MAX {
                return None;
            }
            left = node.child_by_field_name("left");
            parts.push(single(walk, known, node.child_by_field_name("right")?)?);
        } else {
            parts.push(single(walk, known, node)?);
        }
    }
    parts.reverse();
    Some(parts.concat())
}

fn single(walk: &Walk<'_, '_>, known: &Constants<'_>, value: Node<'_>) -> Option<String> {
    let written = walk.text_of(value);
    match value.kind() {
        "string_literal" if !written.starts_with("\"\"\"") => Some(unquoted(written).to_owned()),
        "identifier" => known.get(written).cloned(),
        "field_access" => Some(format!("<{written}>")),
        _ => None,
    }
}

/// Values of the configuration by their names.
fn placed(written: &str) -> Option<String> {
    if written.contains("#{") {
        return None;
    }
    let mut out = String::new();
    let mut rest = written;
    while let Some((before, after)) = rest.split_once("${") {
        let (name, left) = after.split_once('}')?;
        let name = name.split(':').next().unwrap_or(name);
        out.push_str(before);
        out.push_str(&format!("<{name}>"));
        rest = left;
    }
    out.push_str(rest);
    Some(out)
}

/// Whether something beside path and method chooses who answers. What a whole class says of JSON
/// chooses nothing.
fn conditions(walk: &Walk<'_, '_>, notes: &[Note<'_, '_>], of_method: bool) -> Flags {
    let plain = |value: Node<'_>| {
        let text = walk.text_of(value).to_ascii_lowercase();
        !of_method && text.contains("json") && values(value).len() == 1
    };
    let chosen = notes.iter().any(|note| match note.name {
        "Consumes" | "Produces" => arguments(walk, note).iter().any(|(_, value)| !plain(*value)),
        name if name.ends_with("Mapping") => {
            arguments(walk, note).iter().any(|(name, value)| match *name {
                "consumes" | "produces" => !plain(*value),
                "value" | "path" | "name" => false,
                "method" => !of_method,
                _ => true,
            })
        }
        name => is_condition(name),
    });
    if chosen { Flags::CONDITIONAL } else { Flags::NONE }
}

fn spring_method(
    walk: &mut Walk<'_, '_>,
    constants: &Constants<'_>,
    class: &Class,
    method: Node<'_>,
) {
    let notes = notes(walk, method);
    let flags = class.flags.with(conditions(walk, &notes, true));
    for note in &notes {
        let verbs = match note.name {
            "RequestMapping" => spring_verbs(walk, note),
            "GetMapping" => vec!["GET"],
            "PostMapping" => vec!["POST"],
            "PutMapping" => vec!["PUT"],
            "DeleteMapping" => vec!["DELETE"],
            "PatchMapping" => vec!["PATCH"],
            _ => continue,
        };
        let mut own = paths(walk, constants, note);
        if own.is_empty() {
            own.push(Some(String::new()));
        }
        for verb in verbs {
            all(walk, class, note.node, verb, &own, flags);
        }
    }
}

/// The methods that `@RequestMapping` names.
fn spring_verbs<'f>(walk: &Walk<'_, 'f>, note: &Note<'_, '_>) -> Vec<&'f str> {
    let given = arguments(walk, note).into_iter().find(|(name, _)| *name == "method");
    let Some((_, given)) = given else { return vec!["*"] };
    let verb = |one: Node<'_>| {
        let written = walk.text_of(one);
        written.rsplit('.').next().unwrap_or(written)
    };
    values(given).into_iter().map(verb).collect()
}

fn resource_method(
    walk: &mut Walk<'_, '_>,
    constants: &Constants<'_>,
    class: &Class,
    method: Node<'_>,
) {
    let notes = notes(walk, method);
    let flags = class.flags.with(conditions(walk, &notes, true));
    let path = notes.iter().find(|note| note.name == "Path");
    let mut own = path.map_or_else(Vec::new, |note| paths(walk, constants, note));
    let verbs: Vec<&Note<'_, '_>> =
        notes.iter().filter(|note| VERBS.contains(&note.name)).collect();
    match path {
        // What it returns answers all below.
        Some(path) if verbs.is_empty() => {
            let below_it = own.iter().map(|it| it.as_ref().map(|it| below(it, "{*}")));
            let own: Vec<_> = below_it.collect();
            all(walk, class, path.node, "*", &own, Flags::CONDITIONAL);
        }
        _ => {
            if own.is_empty() {
                own.push(Some(String::new()));
            }
            for note in verbs {
                all(walk, class, note.node, note.name, &own, flags);
            }
        }
    }
}

/// Writes down each path below each prefix.
fn all(
    walk: &mut Walk<'_, '_>,
    class: &Class,
    at: Node<'_>,
    verb: &str,
    paths: &[Option<String>],
    flags: Flags,
) {
    for prefix in &class.prefixes {
        for path in paths {
            let whole = match (prefix, path) {
                (Some(prefix), Some(path)) => form(&below(prefix, path)),
                _ => None,
            };
            serve(walk, at, verb, whole, flags);
        }
    }
}
