//! Lock files in JSON: what is installed, with or without anyone's asking for it.

use std::collections::BTreeMap;

use assize_model::Span;

use super::value::Value;
use crate::lang::names::normalise_python_name;
use crate::lang::node_locks::peer;
use crate::{Extraction, FactKind, Flags, Role};

pub(super) fn extract(sheet: &mut Extraction<'_>, value: &Value<'_>) {
    match sheet.path.name().to_ascii_lowercase().as_str() {
        "package-lock.json" | "npm-shrinkwrap.json" => of_npm(sheet, value),
        "pipfile.lock" => of_pipenv(sheet, value),
        _ => {}
    }
}

fn of_npm(sheet: &mut Extraction<'_>, value: &Value<'_>) {
    let mut found: BTreeMap<String, (Span, String)> = BTreeMap::new();
    for member in value.get("packages").map_or(&[][..], Value::members) {
        if let Some((_, name)) = member.key.rsplit_once("node_modules/") {
            note(&mut found, name, member.at, &member.value);
        }
    }
    peers(sheet, value);
    // The first version of the format nests; a stack instead of recursion.
    let mut open: Vec<&Value<'_>> = value.get("dependencies").into_iter().collect();
    while let Some(dependencies) = open.pop() {
        for member in dependencies.members() {
            note(&mut found, &member.key, member.at, &member.value);
            open.extend(member.value.get("dependencies"));
        }
    }
    for (name, (at, version)) in found {
        sheet
            .fact(FactKind::Package, Role::Definition, format!("npm:{name}"), at)
            .value(version)
            .item("lock")
            .flags(Flags::LOCKED)
            .done();
    }
}

/// What an installed package leaves to others to bring.
fn peers(sheet: &mut Extraction<'_>, value: &Value<'_>) {
    let installed = value.get("packages").map_or(&[][..], Value::members).iter();
    let wanted = installed
        .filter(|member| !member.key.is_empty())
        .filter_map(|member| member.value.get("peerDependencies"))
        .flat_map(Value::members);
    let named: BTreeMap<&str, Span> = wanted.map(|one| (one.key.as_ref(), one.at)).collect();
    for (name, at) in named {
        peer(sheet, name, at);
    }
}

/// The first place of a name stands for all of them.
fn note(found: &mut BTreeMap<String, (Span, String)>, name: &str, at: Span, entry: &Value<'_>) {
    let version = entry.get("version").and_then(Value::text).unwrap_or("");
    found.entry(name.to_owned()).or_insert_with(|| (at, version.to_owned()));
}

fn of_pipenv(sheet: &mut Extraction<'_>, value: &Value<'_>) {
    for (section, flags) in
        [("default", Flags::LOCKED), ("develop", Flags::LOCKED.with(Flags::DEV))]
    {
        for member in value.get(section).map_or(&[][..], Value::members) {
            let key = format!("py:{}", normalise_python_name(&member.key));
            let version = member.value.get("version").and_then(Value::text).unwrap_or("");
            sheet
                .fact(FactKind::Package, Role::Definition, key, member.at)
                .value(version)
                .item(section)
                .flags(flags)
                .done();
        }
    }
}
