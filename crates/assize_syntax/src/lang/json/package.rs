//! `package.json`: the project, its packages, its scripts.

use std::collections::BTreeSet;

use super::tsconfig;
use super::value::{Member, Value, ValueKind};
use crate::lang::shell;
use crate::{Extraction, FactKind, Flags, Role};

const SECTIONS: [(&str, Flags); 4] = [
    ("dependencies", Flags::NONE),
    ("devDependencies", Flags::DEV),
    ("peerDependencies", Flags::NONE),
    ("optionalDependencies", Flags::OPTIONAL),
];

pub(super) fn extract(sheet: &mut Extraction<'_>, value: &Value<'_>) {
    let folder = sheet.path.folder().to_owned();
    project(sheet, value, &folder);
    let optional = optional_peers(value);
    for (section, flags) in SECTIONS {
        for member in value.get(section).map_or(&[][..], Value::members) {
            let peer = section == "peerDependencies" && optional.contains(member.key.as_ref());
            let flags = if peer { flags.with(Flags::OPTIONAL) } else { flags };
            package(sheet, member, section, flags);
        }
    }
    for section in ["bundleDependencies", "bundledDependencies"] {
        for name in value.get(section).map_or(&[][..], Value::elements) {
            if let Some(text) = name.text() {
                sheet
                    .fact(FactKind::Package, Role::Definition, format!("npm:{text}"), name.span)
                    .item(section)
                    .done();
            }
        }
    }
    for script in value.get("scripts").map_or(&[][..], Value::members) {
        let key = format!("npm:{}", script.key);
        sheet
            .fact(FactKind::Target, Role::Definition, key, script.at)
            .value(folder.as_str())
            .done();
        if let Some(text) = script.value.text() {
            shell::package_script(sheet, text, script.value.span, &script.key);
        }
    }
    for member in value.get("imports").map_or(&[][..], Value::members) {
        let target = first_text(&member.value).unwrap_or("");
        tsconfig::alias(sheet, &member.key, &folder, target, member.at);
    }
    let jest = value.get("jest").and_then(|jest| jest.get("moduleNameMapper"));
    let named = [value.get("alias"), value.get("_moduleAliases"), jest];
    for member in named.into_iter().flatten().flat_map(Value::members) {
        tsconfig::named_alias(sheet, &member.key, member.at);
    }
}

fn project(sheet: &mut Extraction<'_>, value: &Value<'_>, folder: &str) {
    let Some(member) = value.members().iter().find(|member| member.key == "name") else { return };
    if let Some(name) = member.value.text().filter(|name| !name.is_empty()) {
        let key = format!("npm:{name}");
        sheet
            .fact(FactKind::Project, Role::Definition, key, member.value.span)
            .value(folder)
            .done();
    }
}

fn package(sheet: &mut Extraction<'_>, member: &Member<'_>, section: &str, flags: Flags) {
    sheet
        .fact(FactKind::Package, Role::Definition, format!("npm:{}", member.key), member.at)
        .value(member.value.text().unwrap_or(""))
        .item(section)
        .flags(flags)
        .done();
}

fn optional_peers<'v>(value: &'v Value<'_>) -> BTreeSet<&'v str> {
    value
        .get("peerDependenciesMeta")
        .map_or(&[][..], Value::members)
        .iter()
        .filter(|member| member.value.get("optional").is_some_and(Value::is_true))
        .map(|member| member.key.as_ref())
        .collect()
}

/// The first target of a conditional one: `{ "types": .., "default": "./x.js" }`.
fn first_text<'v>(value: &'v Value<'_>) -> Option<&'v str> {
    match &value.kind {
        ValueKind::String(text) => Some(text),
        ValueKind::Object(members) => members.iter().find_map(|member| first_text(&member.value)),
        ValueKind::Array(elements) => elements.iter().find_map(first_text),
        ValueKind::Other(_) => None,
    }
}
