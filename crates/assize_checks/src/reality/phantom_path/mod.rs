//! Literal paths that name nothing: build contexts, COPY sources, mounts, local actions, included
//! and configuration files.
//!
//! A path is a finding only when it exists under no base from which it could be meant, and nothing
//! says that it comes to be later.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use assize_index::{FactRef, FileRef};
use assize_model::{ControlName, Severity};
use assize_syntax::{FactKind, FileFlags, Flags, Language, Role};

use crate::{Context, Control, Report, Scope, Sink};

mod bases;
mod convention;
mod nearest;

use bases::Bases;

pub(crate) const CONTROL: Control = Control {
    name: ControlName("phantom-path"),
    summary: "paths in pipelines, compose files, Dockerfiles and scripts that name nothing",
    version: 2,
    // From where a path counts, the file itself seldom says: `docs/precision.md`.
    severity: Severity::Warn,
    languages: &[
        Language::Yaml,
        Language::Dockerfile,
        Language::Shell,
        Language::Json,
        Language::Sql,
    ],
    classes: Control::USUAL,
    scope: Scope::References { reads: &[FactKind::Path], refers: &[FactKind::Path], run: check },
    options: &[],
    applies: Control::always,
    doc: include_str!("doc.md"),
};

/// Where a missing path stops work; elsewhere it may never be reached.
const STRICT: Flags =
    Flags::IN_CI.with(Flags::IN_COMPOSE).with(Flags::IN_DOCKERFILE).with(Flags::IN_PACKAGE);

/// For how many missing paths of one file the whole tree is searched.
const SUGGESTED_MAX: usize = 32;

/// What need not be there: made when it is missing, or only asked for.
const FREE: Flags = Flags::CREATED.with(Flags::OPTIONAL).with(Flags::PROBE);

fn check(file: FileRef<'_>, context: &Context<'_>, sink: &mut Sink) {
    let paths: Vec<FactRef<'_>> = file.facts_of(FactKind::Path, Role::Reference).collect();
    if paths.is_empty() {
        return;
    }
    let bases = Bases::new(file, &paths, context);
    // A script names the same file again and again: one finding for all places.
    let mut known: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let mut missing: Vec<(&FactRef<'_>, usize)> = Vec::new();
    for path in paths.iter().filter(|path| !path.flags.any(FREE)) {
        if path.flags.has(Flags::UNRESOLVED) || file.flags().has(FileFlags::TEMPLATE) {
            sink.unresolved();
        } else if !bases.exists(path) {
            if bases.is_doubtful(path) || convention::comes_later(path) {
                sink.unresolved();
                continue;
            }
            match known.entry((path.key, path.item)) {
                Entry::Occupied(known) => {
                    if let Some((_, times)) = missing.get_mut(*known.get()) {
                        *times += 1;
                    }
                }
                Entry::Vacant(free) => {
                    free.insert(missing.len());
                    missing.push((path, 1));
                }
            }
        }
    }
    for (position, (path, times)) in missing.into_iter().enumerate() {
        let seek =
            || (position < SUGGESTED_MAX).then(|| nearest::to(path, &context.view)).flatten();
        let near = context.hint(seek);
        let strict = path.flags.any(STRICT) && bases.is_sure(path) && !bases.is_elsewhere(path);
        sink.report(report(path, strict, times, near));
    }
}

fn report(path: &FactRef<'_>, strict: bool, times: usize, near: Option<String>) -> Report {
    let written = if path.value.is_empty() { path.key } else { path.value };
    let place =
        if written == path.key { "the repository".to_owned() } else { format!("`{}`", path.key) };
    let found = if place.starts_with('`') { "nothing is at" } else { "it is not in" };
    let again = match times {
        1 => String::new(),
        _ => format!(" ({times} times in this file)"),
    };
    let help = match near {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => "add what is missing to the repository, or remove the reference".to_owned(),
    };
    Report {
        code: "missing",
        severity: (!strict).then_some(Severity::Info),
        path: None,
        place: path.place,
        message: format!(
            "the {} `{written}` does not exist: {found} {place}{again}",
            words(path.item)
        ),
        help,
        item: path.item.to_owned(),
        subject: path.key.to_owned(),
    }
}

/// What a reader calls a use.
fn words(item: &str) -> &str {
    match item {
        "action" => "local action",
        "bind-mount" => "mounted file",
        "build-context" => "build context",
        "chart" => "chart",
        "compose-file" => "compose file",
        "config" => "configuration file",
        "copy-source" => "source to copy",
        "dockerfile" => "Dockerfile",
        "env-file" => "environment file",
        "extends" => "extended file",
        "include" => "included file",
        "manifest" => "manifest",
        "requirements" => "requirements file",
        "sql" => "SQL file",
        "working-directory" => "working directory",
        _ => "path",
    }
}
