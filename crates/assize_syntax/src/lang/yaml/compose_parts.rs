//! The parts of the system that a compose file declares, and those that its services name.

use assize_model::Span;

use super::tree::{Fields, Tree};
use crate::{Extraction, FactKind, Flags, Role};

/// Ends of the names of variables that hold nothing but a host, and programs whose they are.
const HOSTED: [&str; 13] = [
    "DB",
    "POSTGRES",
    "POSTGRESQL",
    "PG",
    "MYSQL",
    "REDIS",
    "MONGO",
    "MONGODB",
    "RABBITMQ",
    "KAFKA",
    "ELASTICSEARCH",
    "DATABASE",
    "MEMCACHED",
];

/// Names by which a container reaches itself or its host.
const BUILT_IN: [&str; 5] = ["localhost", "host", "host-gateway", "gateway", "metadata"];

/// Longer values are no addresses.
const VALUE_MAX: usize = 512;

/// What stands at the top of the file beside the services.
pub(super) fn top_level(sheet: &mut Extraction<'_>, tree: &Tree<'_>, fields: &Fields<'_>) {
    for (section, sort) in SECTIONS {
        for field in fields.get(section).map(|id| tree.fields(id)).unwrap_or_default().0 {
            let external = match tree.get_text(field.value, "external") {
                Some(text) => text == "true",
                None => tree.get(field.value, "external").is_some(),
            };
            let value = if external { "external" } else { "" };
            define(sheet, &format!("{sort}:{}", field.name), value, tree.span(field.key));
        }
    }
}

const SECTIONS: [(&str, &str); 4] =
    [("volumes", "volume"), ("networks", "network"), ("secrets", "secret"), ("configs", "config")];

pub(super) fn service(
    sheet: &mut Extraction<'_>,
    tree: &Tree<'_>,
    service: &str,
    fields: &Fields<'_>,
) {
    names(sheet, tree, fields);
    services(sheet, tree, service, fields);
    for (section, sort) in SECTIONS {
        let Some(id) = fields.get(section) else { continue };
        for entry in tree.items(id) {
            let source = tree.text(entry).or_else(|| tree.get_text(entry, "source"));
            let Some(source) = source else { continue };
            let kind = tree.get_text(entry, "type").unwrap_or("volume");
            if let Some(name) = named(source, sort).filter(|_| kind == "volume") {
                let item = format!("{service} {section}");
                refer(sheet, &format!("{sort}:{name}"), source, &item, tree.span(entry));
            }
        }
        for field in tree.fields(id).0 {
            if sort == "network" && field.name != "default" {
                let key = format!("network:{}", field.name);
                let item = format!("{service} {section}");
                refer(sheet, &key, field.name, &item, tree.span(field.key));
            }
        }
    }
}

/// The name of a volume, network, secret or configuration; `None` for paths and the like.
fn named<'s>(source: &'s str, sort: &str) -> Option<&'s str> {
    let name = match (sort, source.split_once(':')) {
        ("volume", None) => return None,
        ("volume", Some((name, _))) => name,
        _ => source,
    };
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte);
    let first = name.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric());
    // A drive of Windows.
    let drive = name.len() == 1;
    (first && !drive && name.bytes().all(plain) && (sort, name) != ("network", "default"))
        .then_some(name)
}

/// The names by which a service answers beside its own.
fn names(sheet: &mut Extraction<'_>, tree: &Tree<'_>, fields: &Fields<'_>) {
    for name in ["container_name", "hostname"] {
        if let Some((id, text)) = fields.get(name).and_then(|id| Some((id, tree.text(id)?))) {
            define(sheet, &format!("service:{text}"), name, tree.span(id));
        }
    }
    for network in fields.get("networks").map(|id| tree.fields(id)).unwrap_or_default().0 {
        let aliases = tree.get(network.value, "aliases").map(|id| tree.items(id));
        for id in aliases.unwrap_or_default() {
            if let Some(text) = tree.text(id) {
                define(sheet, &format!("service:{text}"), "alias", tree.span(id));
            }
        }
    }
    let Some(hosts) = fields.get("extra_hosts") else { return };
    for entry in tree.items(hosts) {
        let name = tree.text(entry).and_then(|text| text.split([':', '=']).next());
        if let Some(name) = name {
            define(sheet, &format!("service:{name}"), "host", tree.span(entry));
        }
    }
    for field in tree.fields(hosts).0 {
        define(sheet, &format!("service:{}", field.name), "host", tree.span(field.key));
    }
}

/// The other services that a service names.
fn services(sheet: &mut Extraction<'_>, tree: &Tree<'_>, own: &str, fields: &Fields<'_>) {
    let mut name = |text: &str, by: &str, span: Span| {
        if !text.is_empty() && !text.contains('$') {
            refer(sheet, &format!("service:{text}"), text, &format!("{own} {by}"), span);
        }
    };
    if let Some(list) = fields.get("depends_on") {
        for id in tree.items(list) {
            name(tree.text(id).unwrap_or(""), "depends_on", tree.span(id));
        }
        for field in tree.fields(list).0 {
            if tree.get_text(field.value, "required") != Some("false") {
                name(field.name, "depends_on", tree.span(field.key));
            }
        }
    }
    for id in fields.get("volumes_from").map(|id| tree.items(id)).unwrap_or_default() {
        let text = tree.text(id).filter(|text| !text.starts_with("container:")).unwrap_or("");
        name(text.split(':').next().unwrap_or(""), "volumes_from", tree.span(id));
    }
    for mode in ["network_mode", "pid", "ipc"] {
        let Some(id) = fields.get(mode) else { continue };
        let other = tree.text(id).and_then(|text| text.strip_prefix("service:"));
        name(other.unwrap_or(""), mode, tree.span(id));
    }
    if let Some(id) = fields.get("extends") {
        let here = tree.get(id, "file").is_none();
        let other = tree.text(id).or_else(|| tree.get_text(id, "service"));
        name(other.filter(|_| here).unwrap_or(""), "extends", tree.span(id));
    }
    links(sheet, tree, own, fields);
}

/// `links: [db:database]`: a service, and a name for it.
fn links(sheet: &mut Extraction<'_>, tree: &Tree<'_>, own: &str, fields: &Fields<'_>) {
    for id in fields.get("links").map(|id| tree.items(id)).unwrap_or_default() {
        let Some(text) = tree.text(id).filter(|text| !text.contains('$')) else { continue };
        let (service, alias) = text.split_once(':').unwrap_or((text, ""));
        let span = tree.span(id);
        refer(sheet, &format!("service:{service}"), service, &format!("{own} links"), span);
        if !alias.is_empty() {
            define(sheet, &format!("service:{alias}"), "alias", span);
        }
    }
    for id in fields.get("external_links").map(|id| tree.items(id)).unwrap_or_default() {
        let name = tree.text(id).and_then(|text| text.rsplit(':').next()).unwrap_or("");
        define(sheet, &format!("service:{name}"), "alias", tree.span(id));
    }
}

/// The service that the value of a variable names as a host.
pub(super) fn variable(
    sheet: &mut Extraction<'_>,
    service: &str,
    name: &str,
    value: &str,
    at: Span,
) {
    if let Some(host) = host(name, value) {
        let item = format!("{service} {name}");
        refer(sheet, &format!("service:{host}"), value, &item, at);
    }
}

/// The host in an address, or what is one by the name of the variable. Only names without a dot:
/// others are looked up outside of the project.
fn host<'v>(name: &str, value: &'v str) -> Option<&'v str> {
    if value.len() > VALUE_MAX || value.contains([' ', ',']) {
        return None;
    }
    let found = match value.split_once("://") {
        Some((scheme, rest)) => {
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
            let known = !scheme.is_empty() && scheme.bytes().all(plain);
            if !known || matches!(scheme, "file" | "sqlite" | "unix" | "jdbc" | "data") {
                return None;
            }
            let authority = rest.split(['/', '?', '#']).next()?;
            let host = authority.rsplit('@').next()?;
            host.split(':').next()?
        }
        None => {
            let owner = name.strip_suffix("_HOST").or_else(|| name.strip_suffix("_HOSTNAME"))?;
            let owner = owner.rsplit('_').next()?;
            HOSTED.contains(&owner).then_some(value)?
        }
    };
    let plain =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte);
    let starts = found.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase());
    let named = found.len() > 1 && starts && found.bytes().all(plain);
    (named && !BUILT_IN.contains(&found)).then_some(found)
}

pub(super) fn define(sheet: &mut Extraction<'_>, key: &str, value: &str, span: Span) {
    sheet
        .fact(FactKind::Component, Role::Definition, key, span)
        .value(value)
        .flags(Flags::IN_COMPOSE)
        .done();
}

fn refer(sheet: &mut Extraction<'_>, key: &str, written: &str, item: &str, span: Span) {
    sheet
        .fact(FactKind::Component, Role::Reference, key, span)
        .value(written)
        .item(item)
        .flags(Flags::IN_COMPOSE)
        .done();
}

/// Names a service by which it is reached.
pub(super) fn declare(sheet: &mut Extraction<'_>, name: &str, span: Span) {
    define(sheet, &format!("service:{name}"), "service", span);
}
