//! What the services of a compose file run, how they are set up, and on which other parts of the
//! system they rely.

use assize_model::{Span, normalise};

use super::compose_parts as parts;
use super::interpolation::interpolate;
use super::tree::{Fields, NodeId, Tree};
use crate::lang::image;
use crate::{Extraction, FactKind, Flags, Role};

/// How much of a command is kept.
const COMMAND_MAX: usize = 400;

pub(super) fn extract(
    sheet: &mut Extraction<'_>,
    tree: &Tree<'_>,
    service: &str,
    fields: &Fields<'_>,
) {
    images(sheet, tree, service, fields);
    built(sheet, tree, service, fields);
    let mut say = |item: &str, value: &str, span: Span| say(sheet, service, item, value, span);
    if let Some((text, id)) = text(tree, fields, "user") {
        say("user", text, tree.span(id));
    }
    if let Some((command, span)) = health(tree, fields) {
        say("healthcheck", &command, span);
    }
    rights(tree, fields, &mut say);
    mounts(tree, fields, &mut say);
    parts::service(sheet, tree, service, fields);
}

fn say(sheet: &mut Extraction<'_>, service: &str, item: &str, value: &str, span: Span) {
    let open = value.contains('$') && item != "healthcheck";
    let flags = if open { Flags::IN_COMPOSE.with(Flags::UNRESOLVED) } else { Flags::IN_COMPOSE };
    let value: String = value.chars().take(COMMAND_MAX).collect();
    sheet
        .fact(FactKind::Setting, Role::Definition, format!("service:{service}"), span)
        .value(value)
        .item(item)
        .flags(flags)
        .done();
}

fn text<'t>(tree: &'t Tree<'_>, fields: &Fields<'_>, name: &str) -> Option<(&'t str, NodeId)> {
    let id = fields.get(name)?;
    Some((tree.text(id)?, id))
}

/// The image, as used or, beside a `build`, as made.
fn images(sheet: &mut Extraction<'_>, tree: &Tree<'_>, service: &str, fields: &Fields<'_>) {
    let Some((written, id)) = text(tree, fields, "image") else { return };
    let span = tree.span(id);
    if fields.get("build").is_some() {
        return image::built(sheet, written, span, Flags::IN_COMPOSE);
    }
    let found = interpolate(written);
    // A fallback in the tag is what happens when nobody chooses.
    let chosen = found.variables.iter().any(|variable| variable.defaulted);
    let known = found.value.as_deref().filter(|_| !chosen);
    let how = if fields.get("pull_policy").and_then(|id| tree.text(id)) == Some("never") {
        Flags::IN_COMPOSE.with(Flags::OPTIONAL)
    } else {
        Flags::IN_COMPOSE
    };
    image::used(sheet, written, known, span, (service, how));
}

/// Which Dockerfile a service is built from, and as whom it runs.
fn built(sheet: &mut Extraction<'_>, tree: &Tree<'_>, service: &str, fields: &Fields<'_>) {
    let Some(build) = fields.get("build") else { return };
    say(sheet, service, "built", "", tree.span(build));
    let long = tree.fields(build);
    let context = tree.text(build).or_else(|| text(tree, &long, "context").map(|(text, _)| text));
    let context = context.unwrap_or(".");
    let name = text(tree, &long, "dockerfile").map_or("Dockerfile", |(text, _)| text);
    let Ok(folder) = normalise(sheet.path.folder(), context) else { return };
    let Ok(path) = normalise(&folder, name) else { return };
    let key = format!("image:{path}");
    let mut refer = |item: &str, value: &str, span: Span| {
        sheet
            .fact(FactKind::Setting, Role::Reference, key.as_str(), span)
            .value(value)
            .item(item)
            .flags(Flags::IN_COMPOSE)
            .done();
    };
    let user = text(tree, fields, "user").map_or("", |(user, _)| user);
    refer("user", user, tree.span(build));
    if let Some((command, span)) = health(tree, fields) {
        refer("healthcheck", &command, span);
    }
}

/// The command of the health check, and where it stands.
fn health(tree: &Tree<'_>, fields: &Fields<'_>) -> Option<(String, Span)> {
    let check = fields.get("healthcheck")?;
    let inner = tree.fields(check);
    if inner.get("disable").and_then(|id| tree.text(id)) == Some("true") {
        return Some(("none".to_owned(), tree.span(check)));
    }
    let test = inner.get("test")?;
    let words: Vec<&str> = match tree.text(test) {
        Some(text) => vec![text],
        None => tree.items(test).into_iter().filter_map(|id| tree.text(id)).collect(),
    };
    let command = match words.split_first() {
        Some((&"NONE", _)) => "none".to_owned(),
        Some((&("CMD" | "CMD-SHELL"), rest)) => rest.join(" "),
        _ => words.join(" "),
    };
    Some((command.chars().take(COMMAND_MAX).collect(), tree.span(test)))
}

fn rights(tree: &Tree<'_>, fields: &Fields<'_>, say: &mut impl FnMut(&str, &str, Span)) {
    if let Some(("true", id)) = text(tree, fields, "privileged") {
        say("privileged", "true", tree.span(id));
    }
    for (name, item) in [("network_mode", "host-network"), ("pid", "host-pid"), ("ipc", "host-ipc")]
    {
        if let Some(("host", id)) = text(tree, fields, name) {
            say(item, "host", tree.span(id));
        }
    }
    for (name, item) in [("cap_add", "capability"), ("security_opt", "security")] {
        for id in fields.get(name).map(|id| tree.items(id)).unwrap_or_default() {
            if let Some(text) = tree.text(id) {
                say(item, text, tree.span(id));
            }
        }
    }
}

/// What is mounted from the host by an absolute path: `source:target` and what may be done to it.
fn mounts(tree: &Tree<'_>, fields: &Fields<'_>, say: &mut impl FnMut(&str, &str, Span)) {
    for entry in fields.get("volumes").map(|id| tree.items(id)).unwrap_or_default() {
        let span = tree.span(entry);
        if let Some(written) = tree.text(entry) {
            let value = interpolate(written).value.unwrap_or_else(|| written.to_owned());
            if value.starts_with('/') && value.contains(':') {
                say("mount", &value, span);
            }
            continue;
        }
        let inner = tree.fields(entry);
        let part = |name| inner.get(name).and_then(|id| tree.text(id)).unwrap_or("");
        let source = part("source");
        if source.starts_with('/') {
            let mode = if part("read_only") == "true" { "ro" } else { "rw" };
            say("mount", &format!("{source}:{}:{mode}", part("target")), span);
        }
    }
}
