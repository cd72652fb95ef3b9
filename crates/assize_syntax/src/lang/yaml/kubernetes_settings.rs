//! What the containers of a manifest run, and with which rights.

use assize_model::Span;

use super::tree::{Fields, NodeId, Tree};
use crate::lang::image;
use crate::{Extraction, FactKind, Flags, Role};

/// Keys beside `image` in the configuration of a tool that builds it.
const BUILDS: [&str; 8] =
    ["context", "docker", "jib", "buildpacks", "bazel", "ko", "kaniko", "newTag"];

/// How much of a command is kept.
const COMMAND_MAX: usize = 400;

/// Looks at one mapping, whatever it is.
pub(super) fn extract(
    sheet: &mut Extraction<'_>,
    tree: &Tree<'_>,
    fields: &Fields<'_>,
    owner: &str,
) {
    let text = |name: &str| fields.get(name).and_then(|id| tree.text(id));
    if let (Some(id), Some(written)) = (fields.get("image"), text("image")) {
        if BUILDS.iter().any(|name| fields.get(name).is_some()) {
            image::built(sheet, written, tree.span(id), Flags::IN_KUBERNETES);
        } else if let Some(name) = text("name") {
            let by = (name, Flags::IN_KUBERNETES);
            image::used(sheet, written, Some(written), tree.span(id), by);
        }
    }
    // What runs before the others, to prepare for them, is not among these.
    for id in fields.get("containers").map(|id| tree.items(id)).unwrap_or_default() {
        let inner = tree.fields(id);
        let name = inner.get("name").and_then(|id| tree.text(id)).unwrap_or(owner).to_owned();
        container(sheet, tree, &inner, &name);
    }
    // An entry of `images` in a kustomization says which tag is taken.
    if let (Some(id), Some(name)) = (fields.get("name"), text("name"))
        && (fields.get("newTag").is_some() || fields.get("newName").is_some())
    {
        image::built(sheet, name, tree.span(id), Flags::IN_KUBERNETES);
    }
    for (name, item) in
        [("hostNetwork", "host-network"), ("hostPID", "host-pid"), ("hostIPC", "host-ipc")]
    {
        // A policy says the same words of what it allows.
        let wanted = text(name) == Some("true") && fields.get("containers").is_some();
        if let Some(id) = fields.get(name).filter(|_| wanted) {
            say(sheet, owner, item, "host", tree.span(id));
        }
    }
    if let Some(id) = fields.get("hostPath").and_then(|id| tree.get(id, "path")) {
        let path = tree.text(id).unwrap_or("").to_owned();
        say(sheet, owner, "mount", &path, tree.span(id));
    }
}

fn container(sheet: &mut Extraction<'_>, tree: &Tree<'_>, fields: &Fields<'_>, name: &str) {
    if let Some(context) = fields.get("securityContext") {
        rights(sheet, tree, &tree.fields(context), name);
    }
    for probe in ["livenessProbe", "readinessProbe"] {
        let command = fields
            .get(probe)
            .and_then(|id| tree.get(id, "exec"))
            .and_then(|id| tree.get(id, "command"));
        if let Some(id) = command {
            let words = words(tree, id);
            say(sheet, name, "healthcheck", &words, tree.span(id));
        }
    }
}

fn rights(sheet: &mut Extraction<'_>, tree: &Tree<'_>, context: &Fields<'_>, name: &str) {
    let wanted = [
        ("privileged", "true", "privileged"),
        ("allowPrivilegeEscalation", "true", "escalation"),
        ("runAsUser", "0", "user"),
        ("runAsNonRoot", "false", "user"),
    ];
    for (key, value, item) in wanted {
        let Some(id) = context.get(key).filter(|id| tree.text(*id) == Some(value)) else {
            continue;
        };
        let value = if item == "user" { "0" } else { value };
        say(sheet, name, item, value, tree.span(id));
    }
    let added = context.get("capabilities").and_then(|id| tree.get(id, "add"));
    for id in added.map(|id| tree.items(id)).unwrap_or_default() {
        let text = tree.text(id).unwrap_or("").to_owned();
        say(sheet, name, "capability", &text, tree.span(id));
    }
}

fn words(tree: &Tree<'_>, id: NodeId) -> String {
    let words: Vec<&str> = tree.items(id).into_iter().filter_map(|id| tree.text(id)).collect();
    words.join(" ").chars().take(COMMAND_MAX).collect()
}

fn say(sheet: &mut Extraction<'_>, name: &str, item: &str, value: &str, span: Span) {
    sheet
        .fact(FactKind::Setting, Role::Definition, format!("service:{name}"), span)
        .value(value)
        .item(item)
        .flags(Flags::IN_KUBERNETES)
        .done();
}
