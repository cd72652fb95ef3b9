//! Go: the clients of `net/http`, and what `fmt` prints.

use assize_grammars::Node;

use super::super::walk::{Walk, span_of};
use super::{Said, counts, mentions, print, write};
use crate::{FactKind, Role};

const HTTP: &str = "net/http";

/// Functions of the package, and methods of a client, that send a request.
const SENDS: [&str; 4] = ["Get", "Head", "Post", "PostForm"];

/// What says that a request may end with its context.
const CONTEXTS: [&str; 3] = ["WithContext(", "WithTimeout(", "WithDeadline("];

pub(in super::super) fn import(walk: &mut Walk<'_, '_>, alias: &str, path: &str) {
    let last = path.rsplit('/').next().unwrap_or(path);
    if matches!(path, HTTP | "fmt") {
        walk.libraries.learn(if alias.is_empty() { last } else { alias }, path);
    }
}

pub(in super::super) fn call(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    if !counts(walk, node) {
        return;
    }
    let Some((owner, function)) = walk.field(node, "function").rsplit_once('.') else { return };
    let (package, client) = owner.split_once('.').unwrap_or((owner, ""));
    let Some(library) = walk.libraries.full(package) else { return };
    match (library, client) {
        ("fmt", "") if matches!(function, "Print" | "Printf" | "Println") => {
            print(walk, node, &format!("go:fmt.{function}"));
        }
        (HTTP, "") if SENDS.contains(&function) => {
            write(walk, node, &format!("go:{HTTP}.{function}"), Said::default());
        }
        (HTTP, "DefaultClient") => {
            let key = format!("go:{HTTP}.DefaultClient.{function}");
            if SENDS.contains(&function) {
                write(walk, node, &key, Said::default());
            } else if function == "Do" {
                let open = mentions(walk, &CONTEXTS) || !mentions(walk, &["NewRequest("]);
                write(walk, node, &key, Said { names: String::new(), open });
            }
        }
        _ => {}
    }
}

/// `http.Client{..}`: a client without a limit, unless its requests bring one.
pub(in super::super) fn literal(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    let Some((package, "Client")) = walk.field(node, "type").split_once('.') else { return };
    if walk.libraries.full(package) != Some(HTTP) || !counts(walk, node) {
        return;
    }
    let Some(body) = node.child_by_field_name("body") else { return };
    let mut said = fields(walk, body);
    said.open |= said.names.contains("Transport")
        || mentions(walk, &CONTEXTS)
        || mentions(walk, &[".Timeout ="])
        || !sends(walk, node);
    write(walk, node, &format!("go:{HTTP}.Client"), said);
}

fn fields(walk: &Walk<'_, '_>, body: Node<'_>) -> Said {
    let mut said = Said::default();
    let mut cursor = body.walk();
    for element in body.named_children(&mut cursor) {
        match element.kind() {
            "comment" => {}
            // Nought is what stands there when nothing is said.
            "keyed_element" if walk.field(element, "value") == "0" => {}
            "keyed_element" => {
                if !said.names.is_empty() {
                    said.names.push(' ');
                }
                said.names.push_str(walk.field(element, "key"));
            }
            _ => said.open = true,
        }
    }
    said
}

/// Whether this file sends requests through the client, by the name that it is given at once.
fn sends(walk: &Walk<'_, '_>, node: Node<'_>) -> bool {
    let Some(name) = name(walk, node) else { return false };
    let called = |function: &str| walk.text.contains(&format!("{name}.{function}("));
    SENDS.iter().any(|function| called(function))
        || called("Do") && mentions(walk, &["NewRequest("])
}

/// The variable or the field that a value, or a pointer to it, is given to.
fn name<'f>(walk: &Walk<'_, 'f>, node: Node<'_>) -> Option<&'f str> {
    let mut around = node.parent()?;
    if around.kind() == "unary_expression" {
        around = around.parent()?;
    }
    match around.kind() {
        "literal_element" => {
            let element = around.parent().filter(|one| one.kind() == "keyed_element")?;
            Some(walk.field(element, "key"))
        }
        "expression_list" if around.named_child_count() == 1 => {
            let statement = around.parent()?;
            let left = statement.child_by_field_name("left");
            let name = left.or_else(|| statement.child_by_field_name("name"))?;
            Some(walk.text_of(name))
        }
        _ => None,
    }
}

/// `http.DefaultClient.Timeout = ..`, `http.DefaultClient = ..`: it holds for every call.
pub(in super::super) fn assignment(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    let left = walk.field(node, "left");
    let Some((package, rest)) = left.split_once('.') else { return };
    let says = matches!(rest, "DefaultClient" | "DefaultClient.Timeout");
    if !says || walk.libraries.full(package) != Some(HTTP) {
        return;
    }
    let span = span_of(node);
    for owner in ["", "DefaultClient."] {
        for function in SENDS.into_iter().chain(["Do"]) {
            let key = format!("go:{HTTP}.{owner}{function}");
            walk.sheet.fact(FactKind::Call, Role::Definition, key, span).value("Timeout").done();
        }
    }
}
