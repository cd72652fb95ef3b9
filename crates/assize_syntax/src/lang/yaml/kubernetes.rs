//! Kubernetes manifests: services, variables of containers, and ports of the nodes.
//!
//! Every mapping is looked at, wherever it stands, so that lists, templates and custom resources
//! that embed pods need no list of kinds.

use super::compose_parts as parts;
use super::kubernetes_settings as settings;
use super::ports;
use super::tree::{Fields, NodeId, Tree};
use crate::{Extraction, FactKind, Flags, Role};

pub(crate) fn extract(sheet: &mut Extraction<'_>, tree: &Tree<'_>) {
    let mut owner = String::new();
    for id in tree.all().filter(|id| tree.is_mapping(*id)) {
        let fields = tree.fields(id);
        if let (Some(kind), Some(metadata)) = (fields.get("kind"), fields.get("metadata")) {
            tree.get_text(metadata, "name").unwrap_or("").clone_into(&mut owner);
            resource(sheet, tree, tree.text(kind).unwrap_or(""), metadata, &fields);
        }
        settings::extract(sheet, tree, &fields, &owner);
        if let Some(list) = fields.get("env") {
            for entry in tree.items(list) {
                let inner = tree.fields(entry);
                let value = inner.get("value").and_then(|id| tree.text(id)).unwrap_or("");
                if let Some(name) = inner.get("name") {
                    define(sheet, tree, name, value);
                }
            }
        }
        for name in ["nodePort", "hostPort"] {
            if let Some(port) = fields.get(name) {
                publish(sheet, tree, port, &fields, &owner);
            }
        }
    }
}

fn resource(
    sheet: &mut Extraction<'_>,
    tree: &Tree<'_>,
    kind: &str,
    metadata: NodeId,
    fields: &Fields<'_>,
) {
    match kind {
        "Service" => {
            let Some(id) = tree.get(metadata, "name") else { return };
            let Some(name) = tree.text(id).filter(|name| !name.contains(['$', '{'])) else {
                return;
            };
            sheet
                .fact(FactKind::Service, Role::Definition, name, tree.span(id))
                .flags(Flags::IN_KUBERNETES)
                .done();
            parts::declare(sheet, name, tree.span(id));
        }
        "ConfigMap" | "Secret" => {
            for section in ["data", "stringData"] {
                let Some(data) = fields.get(section) else { continue };
                for field in tree.fields(data).0 {
                    // What stands in a secret is nobody's default.
                    let value = tree.text(field.value).filter(|_| kind == "ConfigMap");
                    let value = value.filter(|value| !value.contains('\n')).unwrap_or("");
                    if is_variable(field.name) {
                        define(sheet, tree, field.key, value);
                    }
                }
            }
        }
        _ => {}
    }
}

/// Whether a key of a configuration map is meant as a variable: files have dots or small letters.
fn is_variable(name: &str) -> bool {
    super::is_env_name(name) && !name.bytes().any(|byte| byte.is_ascii_lowercase())
}

fn define(sheet: &mut Extraction<'_>, tree: &Tree<'_>, name: NodeId, value: &str) {
    let Some(text) = tree.text(name).filter(|name| super::is_env_name(name)) else { return };
    sheet
        .fact(FactKind::Env, Role::Definition, text, tree.span(name))
        .value(value)
        .flags(Flags::IN_KUBERNETES)
        .done();
}

/// A port of the nodes. Manifests of one folder are taken to be applied to one cluster.
fn publish(
    sheet: &mut Extraction<'_>,
    tree: &Tree<'_>,
    port: NodeId,
    fields: &Fields<'_>,
    owner: &str,
) {
    let found = tree.text(port).and_then(ports::range).unwrap_or_default();
    let [number] = found.as_slice() else { return };
    let cluster = cluster(sheet);
    let udp = fields.get("protocol").and_then(|id| tree.text(id)) == Some("UDP");
    sheet
        .fact(FactKind::Port, Role::Reference, number.to_string(), tree.span(port))
        .value(owner)
        .item(cluster)
        .flags(Flags::IN_KUBERNETES)
        .number(if udp { super::compose::UDP } else { 0 })
        .done();
}

fn cluster(sheet: &Extraction<'_>) -> String {
    let folder = sheet.path.folder();
    if folder.is_empty() { ".".to_owned() } else { folder.to_owned() }
}
