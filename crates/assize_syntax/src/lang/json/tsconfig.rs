//! Module aliases: `tsconfig.json`, `jsconfig.json`, and import maps.
//!
//! Nothing is followed here: what a configuration extends is written down for the index.

use assize_model::{Span, normalise};

use super::value::Value;
use crate::lang::javascript::plain_alias;
use crate::{Extraction, FactKind, Role};

pub(super) fn extract(sheet: &mut Extraction<'_>, value: &Value<'_>) {
    let folder = sheet.path.folder().to_owned();
    if let Some(extends) = value.get("extends") {
        let listed = extends.elements().iter().chain(std::iter::once(extends));
        for (target, at) in listed.filter_map(|one| Some((one.text()?, one.span))) {
            extend(sheet, &folder, target, at);
        }
    }
    let Some(options) = value.get("compilerOptions") else { return };
    let base_url = options.get("baseUrl").and_then(|base| Some((base.text()?, base.span)));
    let base = match base_url {
        None => folder.clone(),
        Some((written, at)) => {
            let Ok(base) = normalise(&folder, own_folder(written)) else { return };
            let target = if base.is_empty() { "*".to_owned() } else { format!("{base}/*") };
            declare(sheet, "*", &target, at);
            base
        }
    };
    for member in options.get("paths").map_or(&[][..], Value::members) {
        for target in member.value.elements() {
            if let Some(text) = target.text() {
                alias(sheet, &member.key, &base, own_folder(text), member.at);
            }
        }
    }
    for root in options.get("rootDirs").map_or(&[][..], Value::elements) {
        if let Some(text) = root.text() {
            alias(sheet, "rootDirs", &folder, own_folder(text), root.span);
        }
    }
}

/// `${configDir}` is the folder of the configuration that is in use.
fn own_folder(written: &str) -> &str {
    match written.strip_prefix("${configDir}") {
        Some(rest) => rest.trim_start_matches('/'),
        None => written,
    }
}

fn extend(sheet: &mut Extraction<'_>, folder: &str, target: &str, at: Span) {
    let relative = target.starts_with("./") || target.starts_with("../") || target == "..";
    let path = if relative { normalise(folder, target).ok() } else { None };
    declare(sheet, "extends", path.as_deref().unwrap_or(target), at);
}

/// One pattern and its target, which is relative to `base`. What lies outside the repository, or
/// in another package, is an alias without a target.
pub(super) fn alias(sheet: &mut Extraction<'_>, pattern: &str, base: &str, target: &str, at: Span) {
    let target = normalise(base, target).unwrap_or_default();
    declare(sheet, pattern, &target, at);
}

/// A pattern of a bundler or a test runner, whose target is not followed.
pub(super) fn named_alias(sheet: &mut Extraction<'_>, pattern: &str, at: Span) {
    if let Some(plain) = plain_alias(pattern) {
        declare(sheet, plain, "", at);
        declare(sheet, &format!("{plain}/*"), "", at);
    }
}

/// Whether the file is an import map of a browser or of Deno.
pub(super) fn is_import_map(name: &str) -> bool {
    matches!(
        name,
        "deno.json" | "deno.jsonc" | "import_map.json" | "importmap.json" | "import-map.json"
    )
}

pub(super) fn import_map(sheet: &mut Extraction<'_>, value: &Value<'_>) {
    for member in value.get("imports").map_or(&[][..], Value::members) {
        let pattern = match member.key.strip_suffix('/') {
            Some(folder) => format!("{folder}/*"),
            None => member.key.to_string(),
        };
        declare(sheet, &pattern, "", member.at);
        if !pattern.ends_with("/*") {
            declare(sheet, &format!("{pattern}/*"), "", member.at);
        }
    }
}

fn declare(sheet: &mut Extraction<'_>, pattern: &str, target: &str, at: Span) {
    let folder = sheet.path.folder().to_owned();
    sheet
        .fact(FactKind::ModuleAlias, Role::Definition, pattern, at)
        .value(target)
        .item(folder)
        .done();
}
