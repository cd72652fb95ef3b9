//! The paths of compose files: build contexts, Dockerfiles, mounts, and files read from.
//!
//! They are written down relative to the folder of the file. That a project may be run from
//! another folder is for whoever judges them.

use assize_model::normalise;

use super::paths::{Use, is_windows, refer};
use super::tree::{Fields, NodeId, Tree};
use crate::{Extraction, Flags};

/// Endings of files that somebody writes. A missing mount source with such an ending becomes a
/// folder, and the program that reads it fails.
const FILE_ENDINGS: &[&str] = &[
    "acl",
    "bash",
    "cfg",
    "cnf",
    "conf",
    "config",
    "css",
    "csv",
    "go",
    "graphql",
    "hcl",
    "html",
    "ini",
    "j2",
    "java",
    "jinja",
    "js",
    "json",
    "lua",
    "md",
    "mjs",
    "php",
    "properties",
    "py",
    "rb",
    "rego",
    "rules",
    "sh",
    "sql",
    "template",
    "tmpl",
    "toml",
    "tpl",
    "ts",
    "tsx",
    "txt",
    "vcl",
    "xml",
    "yaml",
    "yml",
];

/// Endings of files that are made where the project runs, and kept out of the repository.
const PRIVATE_ENDINGS: &[&str] =
    &["crt", "env", "jks", "key", "keytab", "p12", "pem", "pfx", "pub", "secret", "token"];

/// What a service builds from, mounts, extends and reads its environment from.
pub(crate) fn service(sheet: &mut Extraction<'_>, tree: &Tree<'_>, fields: &Fields<'_>) {
    if let Some(build) = fields.get("build") {
        build_paths(sheet, tree, build);
    }
    for entry in fields.get("volumes").map(|id| tree.items(id)).unwrap_or_default() {
        mount(sheet, tree, entry);
    }
    for entry in fields.get("env_file").map(|id| tree.items_or_self(id)).unwrap_or_default() {
        env_file(sheet, tree, entry);
    }
    if let Some(file) = fields.get("extends").and_then(|id| tree.get(id, "file")) {
        read(sheet, tree, file, "extends", Flags::NONE);
    }
}

/// What the file itself includes and hands to its services.
pub(crate) fn top_level(sheet: &mut Extraction<'_>, tree: &Tree<'_>, fields: &Fields<'_>) {
    // A secret is not kept in the repository: that its file is missing says nothing.
    for (section, flags) in [("configs", Flags::NONE), ("secrets", Flags::UNRESOLVED)] {
        for field in fields.get(section).map(|id| tree.fields(id)).unwrap_or_default().0 {
            if let Some(file) = tree.get(field.value, "file") {
                read(sheet, tree, file, "config", flags);
            }
        }
    }
    for entry in fields.get("include").map(|id| tree.items_or_self(id)).unwrap_or_default() {
        let list = match tree.get(entry, "path") {
            Some(path) => tree.items_or_self(path),
            None => vec![entry],
        };
        for path in list {
            read(sheet, tree, path, "include", Flags::NONE);
        }
    }
}

fn read(sheet: &mut Extraction<'_>, tree: &Tree<'_>, id: NodeId, item: &str, flags: Flags) {
    let Some(written) = tree.text(id).filter(|text| !is_remote(text)) else { return };
    let base = Some(sheet.path.folder());
    let flags = flags.with(Flags::IN_COMPOSE);
    refer(sheet, written, tree.span(id), &Use { base, item, flags });
}

/// `build: ./x`, or its long form. The Dockerfile is looked up in the context; the usual name is
/// written down with an empty value.
fn build_paths(sheet: &mut Extraction<'_>, tree: &Tree<'_>, build: NodeId) {
    let fields = tree.fields(build);
    let context = if tree.text(build).is_some() { Some(build) } else { fields.get("context") };
    let written = context.and_then(|id| tree.text(id)).unwrap_or(".");
    if is_remote(written) {
        return;
    }
    let folder = sheet.path.folder();
    let flags = Flags::IN_COMPOSE.with(Flags::FOLDER);
    let how = Use { base: Some(folder), item: "build-context", flags };
    let place = tree.span(context.unwrap_or(build));
    refer(sheet, written, place, &how);
    if fields.get("dockerfile_inline").is_some() {
        return;
    }
    let known = !written.contains('$') && !written.starts_with(['~', '/']) && !is_windows(written);
    let base = known.then(|| normalise(folder, written).ok()).flatten();
    let how = Use { base: base.as_deref(), item: "dockerfile", flags: Flags::IN_COMPOSE };
    match fields.get("dockerfile").and_then(|id| Some((id, tree.text(id)?))) {
        Some((id, dockerfile)) => refer(sheet, dockerfile, tree.span(id), &how),
        None => usual_dockerfile(sheet, place, &how),
    }
}

fn usual_dockerfile(sheet: &mut Extraction<'_>, place: assize_model::Span, how: &Use<'_>) {
    let Some(key) = how.base.and_then(|base| normalise(base, "Dockerfile").ok()) else { return };
    sheet
        .fact(crate::FactKind::Path, crate::Role::Reference, key, place)
        .item(how.item)
        .flags(how.flags)
        .done();
}

/// Whether a context or an include is fetched from elsewhere.
fn is_remote(written: &str) -> bool {
    written.contains("://")
        || written.starts_with("git@")
        || written.starts_with("github.com/")
        || written.starts_with("oci:")
        || written.trim_end_matches('/').ends_with(".git")
        || written.contains(".git#")
}

/// One entry of `volumes`. The engine makes a missing folder; a missing file it makes a folder.
fn mount(sheet: &mut Extraction<'_>, tree: &Tree<'_>, entry: NodeId) {
    let (source, place, must_exist) = if let Some(text) = tree.text(entry) {
        let Some((source, _)) = text.split_once(':') else { return };
        (source, tree.span(entry), false)
    } else {
        let fields = tree.fields(entry);
        let kind = fields.get("type").and_then(|id| tree.text(id));
        let Some(id) = fields.get("source").filter(|_| kind == Some("bind")) else { return };
        let bind = fields.get("bind").map(|id| tree.fields(id)).unwrap_or_default();
        let create = bind.get("create_host_path").and_then(|id| tree.text(id));
        (tree.text(id).unwrap_or(""), tree.span(id), create == Some("false"))
    };
    let relative = source == "." || source.starts_with("./") || source.starts_with("../");
    if !relative && !source.starts_with('~') {
        return;
    }
    let flags = if must_exist { Flags::NONE } else { mount_flags(source) };
    let base = Some(sheet.path.folder());
    let flags = flags.with(Flags::IN_COMPOSE);
    refer(sheet, source, place, &Use { base, item: "bind-mount", flags });
}

fn mount_flags(source: &str) -> Flags {
    let name = source.trim_end_matches('/').rsplit('/').next().unwrap_or(source);
    if source.ends_with('/') {
        return Flags::CREATED;
    }
    let lower = name.to_ascii_lowercase();
    match lower.rsplit_once('.') {
        Some(("", _)) | None => Flags::CREATED,
        _ if lower.starts_with(".env") => Flags::UNRESOLVED,
        Some((_, ending)) if PRIVATE_ENDINGS.contains(&ending) => Flags::UNRESOLVED,
        Some((_, ending)) if FILE_ENDINGS.contains(&ending) => Flags::NONE,
        Some(_) => Flags::CREATED,
    }
}

/// One entry of `env_file`. Such files hold secrets, and mostly stay out of the repository.
fn env_file(sheet: &mut Extraction<'_>, tree: &Tree<'_>, entry: NodeId) {
    let (id, required) = if tree.text(entry).is_some() {
        (entry, None)
    } else {
        let fields = tree.fields(entry);
        let Some(id) = fields.get("path") else { return };
        (id, fields.get("required").and_then(|id| tree.text(id)))
    };
    let Some(written) = tree.text(id) else { return };
    let name = written.rsplit('/').next().unwrap_or(written);
    let flags = if required == Some("false") {
        Flags::CREATED
    } else if name.starts_with(".env") || name.ends_with(".env") {
        Flags::UNRESOLVED
    } else {
        Flags::NONE
    };
    read(sheet, tree, id, "env-file", flags);
}
