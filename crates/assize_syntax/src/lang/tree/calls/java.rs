//! Java: the clients of the JDK, of Spring and of Apache, and what is printed.

use assize_grammars::Node;

use super::super::walk::Walk;
use super::{CHAIN_MAX, Said, counts, mentions, print, write};

const REQUEST: &str = "java.net.http.HttpRequest";
const URL: &str = "java.net.URL";
const TEMPLATE: &str = "org.springframework.web.client.RestTemplate";
const CLIENTS: &str = "org.apache.http.impl.client.HttpClients";
const BUILDER: &str = "org.apache.http.impl.client.HttpClientBuilder";

/// Classes that are asked about.
const CLASSES: [&str; 5] = [REQUEST, URL, TEMPLATE, CLIENTS, BUILDER];

pub(in super::super) fn import(walk: &mut Walk<'_, '_>, path: &str, all: bool) {
    for class in CLASSES {
        let Some((package, name)) = class.rsplit_once('.') else { continue };
        if path == class || all && path == package {
            walk.libraries.learn(name, class);
        }
    }
}

pub(in super::super) fn call(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    if !counts(walk, node) {
        return;
    }
    let (object, name) = (walk.field(node, "object"), walk.field(node, "name"));
    match (walk.libraries.full(object), name) {
        (Some(REQUEST), "newBuilder") => {
            let mut said = chain(walk, node);
            // Who waits for the answer may give up by himself.
            said.open |= mentions(walk, &["orTimeout(", "completeOnTimeout(", "TimeUnit."]);
            write(walk, node, &format!("java:{REQUEST}.newBuilder"), said);
        }
        (Some(CLIENTS), "createDefault") => apache(walk, node, "HttpClients.createDefault"),
        (Some(CLIENTS), "custom") => apache(walk, node, "HttpClients.custom"),
        (Some(BUILDER), "create") => apache(walk, node, "HttpClientBuilder.create"),
        _ if object == "System.out" && matches!(name, "print" | "printf" | "println") => {
            print(walk, node, &format!("java:System.out.{name}"));
        }
        _ if name == "openConnection" && walk.libraries.full("URL").is_some() => {
            connection(walk, node);
        }
        _ => {}
    }
}

/// `(HttpURLConnection) url.openConnection()`: what is not cast may be a file.
fn connection(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    let around = node.parent().filter(|around| around.kind() == "cast_expression");
    let cast = around.map_or("", |around| walk.field(around, "type"));
    let open = !matches!(cast, "HttpURLConnection" | "HttpsURLConnection");
    let mut names = vec!["setReadTimeout", "setConnectTimeout"];
    names.retain(|method| walk.text.contains(method));
    let said = Said { names: names.join(" "), open };
    write(walk, node, &format!("java:{URL}.openConnection"), said);
}

/// A client of Apache's fourth generation.
fn apache(walk: &mut Walk<'_, '_>, node: Node<'_>, function: &str) {
    let mut said =
        if function == "HttpClients.createDefault" { Said::default() } else { chain(walk, node) };
    said.open |= mentions(walk, &["RequestConfig", "SocketConfig", "setConnectionManager"]);
    write(walk, node, &format!("java:org.apache.http.{function}"), said);
}

/// `new RestTemplate()`
pub(in super::super) fn creation(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    if walk.libraries.full(walk.field(node, "type")) != Some(TEMPLATE) || !counts(walk, node) {
        return;
    }
    let arguments = node.child_by_field_name("arguments").map_or(0, |all| all.named_child_count());
    let open = mentions(walk, &["RequestFactory", "RestTemplateBuilder", "setReadTimeout("]);
    if arguments == 0 {
        write(walk, node, &format!("java:{TEMPLATE}"), Said { names: String::new(), open });
    }
}

/// The methods that are called on what a call returns; open where the chain does not end in what
/// is built, as the rest is said elsewhere.
fn chain(walk: &Walk<'_, '_>, node: Node<'_>) -> Said {
    let mut names: Vec<&str> = Vec::new();
    let mut inner = node;
    for _ in 0..CHAIN_MAX {
        let Some(outer) = inner.parent().filter(|one| one.kind() == "method_invocation") else {
            break;
        };
        if outer.child_by_field_name("object").map(|one| one.id()) != Some(inner.id()) {
            break;
        }
        names.push(walk.field(outer, "name"));
        inner = outer;
    }
    let open = names.last() != Some(&"build");
    Said { names: names.join(" "), open }
}
