//! Compose files: services, ports, variables, and the paths that they build from and mount.

use assize_model::Span;

use super::compose_command;
use super::compose_parts as parts;
use super::compose_paths as paths;
use super::compose_settings as settings;
use super::interpolation::interpolate;
use super::ports;
use super::scalar::Locator;
use super::tree::{Fields, NodeId, Tree};
use crate::{Extraction, FactKind, Flags, Role};

/// The number of a port fact that is taken for UDP alone.
pub(super) const UDP: u32 = 17;

pub(crate) fn extract(sheet: &mut Extraction<'_>, tree: &Tree<'_>) {
    for document in tree.documents() {
        let fields = tree.fields(document);
        for service in fields.get("services").map(|id| tree.fields(id)).unwrap_or_default().0 {
            let place = tree.span(service.key);
            extract_service(sheet, tree, service.name, place, service.value);
        }
        paths::top_level(sheet, tree, &fields);
        parts::top_level(sheet, tree, &fields);
    }
    variables(sheet, tree);
}

fn extract_service(
    sheet: &mut Extraction<'_>,
    tree: &Tree<'_>,
    name: &str,
    place: Span,
    service: NodeId,
) {
    let fields = tree.fields(service);
    let image = fields.get("image").and_then(|id| tree.text(id)).unwrap_or("");
    sheet.fact(FactKind::Service, Role::Definition, name, place).value(image).done();
    parts::declare(sheet, name, place);
    if let Some(list) = fields.get("ports") {
        let meeting = meeting_point(sheet, tree, &fields);
        for entry in tree.items(list) {
            publish(sheet, tree, entry, name, &meeting);
        }
    }
    if let Some(environment) = fields.get("environment") {
        define(sheet, tree, name, environment);
    }
    settings::extract(sheet, tree, name, &fields);
    paths::service(sheet, tree, &fields);
    compose_command::extract(sheet, tree, name, &fields);
}

/// Where two publications of one port would meet: the profiles that start the service, or the
/// file.
fn meeting_point(sheet: &Extraction<'_>, tree: &Tree<'_>, service: &Fields<'_>) -> String {
    let list = service.get("profiles").map(|id| tree.items(id)).unwrap_or_default();
    let mut profiles: Vec<&str> = list.iter().filter_map(|id| tree.text(*id)).collect();
    if profiles.is_empty() {
        return sheet.path.as_str().to_owned();
    }
    profiles.sort_unstable();
    profiles.dedup();
    profiles.join(",")
}

/// One entry of `ports`, in the short or the long syntax.
fn publish(
    sheet: &mut Extraction<'_>,
    tree: &Tree<'_>,
    entry: NodeId,
    service: &str,
    meeting: &str,
) {
    let (place, taken) = if let Some(text) = tree.text(entry) {
        let taken = interpolate(text).value.and_then(|text| ports::short(&text));
        (tree.span(entry), taken)
    } else {
        let fields = tree.fields(entry);
        let Some(published) = fields.get("published") else { return };
        let Some(text) = tree.text(published) else { return };
        let udp = fields.get("protocol").and_then(|id| tree.text(id)) == Some("udp");
        let several = fields
            .get("target")
            .and_then(|id| tree.text(id))
            .is_some_and(|target| target.contains('-'));
        let ports = interpolate(text)
            .value
            .and_then(|text| ports::range(&text))
            .filter(|ports| ports.len() == 1 || several);
        (tree.span(published), ports.map(|ports| ports::Published { ports, udp }))
    };
    let Some(taken) = taken else { return };
    for port in taken.ports {
        sheet
            .fact(FactKind::Port, Role::Reference, port.to_string(), place)
            .value(service)
            .item(meeting)
            .flags(Flags::IN_COMPOSE)
            .number(if taken.udp { UDP } else { 0 })
            .done();
    }
}

/// The names of an `environment`, written as a mapping or as a list.
fn define(sheet: &mut Extraction<'_>, tree: &Tree<'_>, service: &str, environment: NodeId) {
    for field in tree.fields(environment).0 {
        let value = tree.text(field.value).unwrap_or("");
        define_one(sheet, field.name, value, tree.span(field.key));
        parts::variable(sheet, service, field.name, value, tree.span(field.value));
    }
    for entry in tree.items(environment) {
        let Some(text) = tree.text(entry) else { continue };
        let (name, value) = text.split_once('=').unwrap_or((text, ""));
        define_one(sheet, name, value, tree.span(entry));
        parts::variable(sheet, service, name, value, tree.span(entry));
    }
}

fn define_one(sheet: &mut Extraction<'_>, name: &str, value: &str, place: Span) {
    if super::is_env_name(name) {
        sheet
            .fact(FactKind::Env, Role::Definition, name, place)
            .value(value)
            .flags(Flags::IN_COMPOSE)
            .done();
    }
}

/// The variables in all values of the file; keys are not interpolated.
fn variables(sheet: &mut Extraction<'_>, tree: &Tree<'_>) {
    for id in tree.all().filter(|id| !tree.is_key(*id)) {
        let Some(text) = tree.text(id).filter(|text| text.contains('$')) else { continue };
        let locator = Locator::new(tree, id);
        for variable in interpolate(text).variables {
            let mut flags = Flags::IN_COMPOSE;
            if variable.defaulted {
                flags = flags.with(Flags::DEFAULTED);
            }
            if variable.probe {
                flags = flags.with(Flags::PROBE);
            }
            let span = locator.span(variable.at, variable.name.len());
            sheet.fact(FactKind::Env, Role::Reference, variable.name, span).flags(flags).done();
        }
    }
}
