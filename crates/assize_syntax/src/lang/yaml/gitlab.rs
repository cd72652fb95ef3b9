//! GitLab pipelines: scripts, variables, included files.

use assize_model::Span;

use super::ci_images;
use super::paths::{Use, is_glob, refer};
use super::scalar::passage;
use super::tree::{Fields, NodeId, Tree};
use crate::lang::shell::{self, Script};
use crate::{Extraction, FactKind, Flags, Role};

/// Top-level keys that are no jobs.
const GLOBAL: &[&str] = &[
    "after_script",
    "before_script",
    "cache",
    "image",
    "include",
    "services",
    "spec",
    "stages",
    "types",
    "variables",
    "workflow",
];

pub(crate) fn extract(sheet: &mut Extraction<'_>, tree: &Tree<'_>) {
    for document in tree.documents() {
        let fields = tree.fields(document);
        variables(sheet, tree, &fields);
        if let Some(include) = fields.get("include") {
            includes(sheet, tree, include);
        }
        let defaults = fields.get("default").map(|id| tree.fields(id)).unwrap_or_default();
        let common = Common {
            moves: moves(tree, defaults.get("before_script"))
                || moves(tree, fields.get("before_script")),
        };
        scripts(sheet, tree, "default", &fields, &common);
        ci_images::of_job(sheet, tree, "default", &fields);
        ci_images::of_job(sheet, tree, "default", &defaults);
        for job in fields.0.iter().filter(|job| !GLOBAL.contains(&job.name)) {
            let inner = tree.fields(job.value);
            variables(sheet, tree, &inner);
            scripts(sheet, tree, job.name, &inner, &common);
            ci_images::of_job(sheet, tree, job.name, &inner);
        }
    }
}

/// What all jobs share.
struct Common {
    /// The common preparation changes the folder.
    moves: bool,
}

/// Whether a list of commands changes the folder in which the next list runs.
fn moves(tree: &Tree<'_>, list: Option<NodeId>) -> bool {
    let Some(list) = list else { return false };
    commands_of(tree, list).iter().filter_map(|id| tree.text(*id)).any(|text| {
        text.split([';', '\n', '&', '|'])
            .any(|part| matches!(part.split_whitespace().next(), Some("cd" | "pushd" | "popd")))
    })
}

/// The commands of a script, which may hold lists of lists.
fn commands_of(tree: &Tree<'_>, list: NodeId) -> Vec<NodeId> {
    let mut found = Vec::new();
    for item in tree.items_or_self(list) {
        found.extend(tree.items_or_self(item));
    }
    found
}

fn scripts(
    sheet: &mut Extraction<'_>,
    tree: &Tree<'_>,
    job: &str,
    fields: &Fields<'_>,
    common: &Common,
) {
    let before = fields.get("before_script");
    let moved = match before {
        Some(_) => moves(tree, before),
        // A job without its own preparation takes the common one, or that of what it extends.
        None => common.moves || fields.get("extends").is_some(),
    };
    let parts = [("before_script", false), ("script", moved), ("after_script", false)];
    for (name, moved) in parts {
        let Some(list) = fields.get(name) else { continue };
        let Some(found) = passage(tree, &commands_of(tree, list)) else { continue };
        let folder = (!moved).then_some("");
        shell::commands(
            sheet,
            &Script {
                text: &found.text,
                span: found.span,
                exact: found.exact,
                folder,
                surface: Flags::IN_CI,
                item: job,
            },
        );
    }
}

fn variables(sheet: &mut Extraction<'_>, tree: &Tree<'_>, fields: &Fields<'_>) {
    let Some(variables) = fields.get("variables") else { return };
    for field in tree.fields(variables).0 {
        let long = tree.get(field.value, "value").and_then(|id| tree.text(id));
        let value = tree.text(field.value).or(long).unwrap_or("");
        if super::is_env_name(field.name) {
            sheet
                .fact(FactKind::Env, Role::Definition, field.name, tree.span(field.key))
                .value(value)
                .flags(Flags::IN_CI)
                .done();
        }
    }
}

/// Included files of this repository; a leading slash means its root.
fn includes(sheet: &mut Extraction<'_>, tree: &Tree<'_>, include: NodeId) {
    let single = if tree.is_mapping(include) { vec![include] } else { Vec::new() };
    for entry in tree.items_or_self(include).into_iter().chain(single) {
        if let Some(written) = tree.text(entry) {
            local(sheet, written, tree.span(entry));
        } else if let Some(id) = tree.get(entry, "local") {
            for path in tree.items_or_self(id) {
                local(sheet, tree.text(path).unwrap_or(""), tree.span(path));
            }
        }
    }
}

fn local(sheet: &mut Extraction<'_>, written: &str, span: Span) {
    if written.contains("://") {
        return;
    }
    let pattern = if is_glob(written) { Flags::GLOB } else { Flags::NONE };
    let flags = Flags::IN_CI.with(pattern);
    let relative = written.trim_start_matches('/');
    refer(sheet, relative, span, &Use { base: Some(""), item: "include", flags });
}
